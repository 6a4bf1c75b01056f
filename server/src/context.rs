//! What a request carries: who is asking, from where, and how they want to see things. The only place where an `Actor` is established.

use crate::cookies;
use crate::security::{Rules, has_bearer};
use crate::wiring::House;
use crate::zones;
use api::Viewer;
use api::viewer::ViewerPerson;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;
use ipnet::IpNet;
use model::Actor;
use model::actor::Who;
use model::ids::SessionId;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

/// The asker, established once per request by [`establish`].
#[derive(Clone, Debug)]
pub struct Visitor {
    /// `None`: a stranger.
    pub actor: Option<Actor>,
    /// The session of a signed-in browser.
    pub session: Option<SessionId>,
    pub viewer: Viewer,
    pub address: IpAddr,
    pub agent: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let visitor = parts.extensions.get::<Arc<Self>>().map(|visitor| (**visitor).clone());
        Ok(visitor.unwrap_or_else(|| Self::nobody(Viewer::stranger(model::Time(0)))))
    }
}

impl Visitor {
    /// A stranger.
    #[must_use]
    pub fn nobody(viewer: Viewer) -> Self {
        Self { actor: None, session: None, viewer, address: IpAddr::V4(Ipv4Addr::UNSPECIFIED), agent: String::new() }
    }
}

/// Finds out who is asking and puts a [`Visitor`] into the request. A database that can't be reached answers 503 right here.
pub async fn establish(State(house): State<House>, jar: CookieJar, mut request: Request, next: Next) -> Response {
    let address = client_address(&request, &house.config.trusted_proxies);
    let agent = header_text(request.headers(), header::USER_AGENT.as_str());
    let mut visitor = Visitor { address, agent, ..Visitor::nobody(stranger(&house, &jar, request.headers())) };
    let found = match bearer(request.headers()) {
        Some(token) => of_token(&house, token, &mut visitor).await,
        None => of_session(&house, &jar, &mut visitor).await,
    };
    if let Err(error) = found {
        tracing::warn!(%error, "can't establish who is asking");
        return crate::trouble::no_database(request.uri().path(), visitor.viewer.locale);
    }
    request.extensions_mut().insert(Arc::new(visitor));
    next.run(request).await
}

async fn of_token(house: &House, token: &str, visitor: &mut Visitor) -> Result<(), identity::Error> {
    visitor.actor = house.identity.actor_of_token(token, visitor.address, &visitor.agent).await?;
    Ok(())
}

async fn of_session(house: &House, jar: &CookieJar, visitor: &mut Visitor) -> Result<(), identity::Error> {
    let https = house.rules().https();
    let Some(token) = cookies::read(jar, cookies::session_name(https)) else { return Ok(()) };
    let Some(known) = house.identity.actor_of_session(&token).await? else { return Ok(()) };
    visitor.session = Some(known.session);
    if let Who::Person { id, name } = &known.actor.who {
        visitor.viewer.person =
            Some(ViewerPerson { id: *id, name: name.clone(), email: known.email.clone(), role: known.actor.role });
    }
    visitor.actor = Some(known.actor);
    Ok(())
}

fn stranger(house: &House, jar: &CookieJar, headers: &HeaderMap) -> Viewer {
    let now = house.clock.now();
    let zone = cookies::read(jar, "zone").and_then(|name| name.parse().ok()).unwrap_or(house.config.zone);
    Viewer {
        locale: cookies::locale(jar, headers),
        zone: zones::around(zone, now),
        theme: cookies::theme(jar),
        narrow: cookies::read(jar, "width").is_some_and(|width| width == "narrow") || is_phone(headers),
        shortcuts: cookies::read(jar, "shortcuts").is_none_or(|word| word != "off"),
        ..Viewer::stranger(now)
    }
}

/// A guess for the very first visit, before the width cookie is there.
fn is_phone(headers: &HeaderMap) -> bool {
    header_text(headers, "sec-ch-ua-mobile") == "?1" || header_text(headers, "user-agent").contains("Mobile")
}

fn header_text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    if !has_bearer(headers) {
        return None;
    }
    headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).map(|value| value[7..].trim())
}

/// The client's address: the peer, or behind trusted proxies the right-most address that is not one of them.
fn client_address(request: &Request, trusted: &[IpNet]) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    if !is_trusted(&peer) {
        return peer;
    }
    let forwarded = header_text(request.headers(), "x-forwarded-for");
    let mut chain = forwarded.rsplit(',').map(|part| part.trim().parse::<IpAddr>());
    chain.find_map(|address| address.ok().filter(|address| !is_trusted(address))).unwrap_or(peer)
}

/// Lets only the signed-in pass; sends others to sign-in, and calls and machines get 401.
pub async fn require_person(State(house): State<House>, visitor: Visitor, request: Request, next: Next) -> Response {
    if visitor.actor.is_some() {
        return next.run(request).await;
    }
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    if wants_html(request.headers()) {
        return crate::signin::send_to_sign_in(&house, path).await;
    }
    let body = axum::Json(api::ApiError::SignedOut);
    (StatusCode::UNAUTHORIZED, body).into_response()
}

/// Whether the asker is a browser that wants to show the answer.
#[must_use]
pub fn wants_html(headers: &HeaderMap) -> bool {
    header_text(headers, "accept").contains("text/html")
}

impl House {
    /// The browser rules of this installation.
    #[must_use]
    pub fn rules(&self) -> Rules {
        Rules { public_url: self.config.public_url.as_str().into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn from(peer: &str, forwarded: &str) -> Request {
        let mut request = Request::builder().header("x-forwarded-for", forwarded).body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        request
    }

    #[test]
    fn a_forwarded_address_counts_only_from_a_trusted_proxy() {
        let trusted = vec!["10.0.0.0/8".parse().unwrap()];
        let seen = |peer, forwarded| client_address(&from(peer, forwarded), &trusted).to_string();
        assert_eq!(seen("203.0.113.9", "198.51.100.1"), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(seen("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.2.2.2"), "198.51.100.1");
        assert_eq!(seen("10.0.0.1", "nonsense"), "10.0.0.1");
    }
}
