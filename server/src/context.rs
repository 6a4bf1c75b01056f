//! What a request carries: who is asking, from where, and how they want to see things. The only place where an `Actor` is established.

use crate::house_error::chain;
use crate::security::{Rules, has_bearer};
use crate::trouble::Asker;
use crate::wiring::House;
use crate::{address, cookies, zones};
use api::Viewer;
use api::viewer::ViewerPerson;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::cookie::CookieJar;
use kernel::facts;
use model::Actor;
use model::actor::Who;
use model::ids::SessionId;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// The asker, established once per request by [`establish`] or [`establish_program`].
#[derive(Clone, Debug)]
pub struct Visitor {
    /// `None`: a stranger.
    pub actor: Option<Actor>,
    /// The session of a signed-in browser.
    pub session: Option<SessionId>,
    /// A browser came with a session that is over.
    pub expired: bool,
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
        Self {
            actor: None,
            session: None,
            expired: false,
            viewer,
            address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            agent: String::new(),
        }
    }
}

/// A request of a screen by itself (a refetch, the pulse), not of the person in front of it: does not keep a session alive.
const BACKGROUND: &str = "x-mimamori-background";

/// Finds out who is asking and puts a [`Visitor`] into the request. A database that can't be reached answers 503 right here.
pub async fn establish(State(house): State<House>, jar: CookieJar, mut request: Request, next: Next) -> Response {
    let asker = Asker::of(request.uri().path(), request.headers());
    let is_stream = request.uri().path() == api::live::PATH;
    let shows_a_screen = request.method() == Method::GET && !is_stream && wants_html(request.headers());
    let viewer = if is_stream { Viewer::stranger(house.clock.now()) } else { stranger(&house, &jar, request.headers()) };
    let mut visitor = arriving(&house, &request, viewer);
    let is_use = !is_stream && header_text(request.headers(), BACKGROUND) != "1";
    let mut found = match bearer(request.headers()) {
        Some(token) if !may_show(&house, token, &visitor) => return too_many_guesses(),
        Some(token) => of_token(&house, token, &mut visitor).await,
        None => of_session(&house, &jar, is_use, &mut visitor).await,
    };
    if found.is_ok() && shows_a_screen {
        found = place(&house, &mut visitor).await;
    }
    if let Err(error) = found {
        tracing::warn!(error = chain(&error), "can't establish who is asking");
        return crate::trouble::no_database(asker);
    }
    request.extensions_mut().insert(Arc::new(visitor));
    next.run(request).await
}

/// Finds out which program is asking: by its Bearer token alone. Cookies are ignored, so that no page can make a browser do what a
/// program may.
pub async fn establish_program(State(house): State<House>, mut request: Request, next: Next) -> Response {
    let mut visitor = arriving(&house, &request, Viewer::stranger(house.clock.now()));
    let found = match bearer(request.headers()) {
        Some(token) if !may_show(&house, token, &visitor) => return too_many_guesses(),
        Some(token) => of_token(&house, token, &mut visitor).await,
        None => Ok(()),
    };
    if let Err(error) = found {
        tracing::warn!(error = chain(&error), "can't establish which program is asking");
        return crate::house_error::unavailable_for_programs();
    }
    request.extensions_mut().insert(Arc::new(visitor));
    next.run(request).await
}

fn arriving(house: &House, request: &Request, viewer: Viewer) -> Visitor {
    let address = address::client(request, &house.config.trusted_proxies);
    let agent = header_text(request.headers(), header::USER_AGENT.as_str());
    Visitor { address, agent, ..Visitor::nobody(viewer) }
}

/// Notes the newest Fact before any data is read, so that the screen's live stream begins where its data ends.
async fn place(house: &House, visitor: &mut Visitor) -> Result<(), identity::Error> {
    if visitor.session.is_some() {
        visitor.viewer.cursor = crate::live::cursor_text(facts::newest(&house.db).await?);
    }
    Ok(())
}

/// Whether a token may be looked at: who guesses is stopped before the database is asked (`hooks/knocks.rs`).
fn may_show(house: &House, token: &str, visitor: &Visitor) -> bool {
    house.knocks.may_show(visitor.address, token, house.clock.now())
}

fn too_many_guesses() -> Response {
    let said: &str = "too many tokens from this address were not valid: try again later";
    crate::house_error::for_programs(StatusCode::SERVICE_UNAVAILABLE, "too_many_guesses", said)
}

async fn of_token(house: &House, token: &str, visitor: &mut Visitor) -> Result<(), identity::Error> {
    let found = house.identity.actor_of_token(token, visitor.address, &visitor.agent).await;
    match &found {
        Ok(Some(_)) => house.knocks.was_good(visitor.address, token, house.clock.now()),
        Ok(None) => house.knocks.was_bad(token),
        Err(_) => house.knocks.was_asked_in_vain(visitor.address, house.clock.now()),
    }
    visitor.actor = found?;
    Ok(())
}

async fn of_session(house: &House, jar: &CookieJar, is_use: bool, visitor: &mut Visitor) -> Result<(), identity::Error> {
    let https = house.rules().https();
    let Some(token) = cookies::read(jar, cookies::session_name(https)) else { return Ok(()) };
    let Some(known) = house.identity.actor_of_session(&token, is_use).await? else {
        visitor.expired = true;
        return Ok(());
    };
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

/// The Bearer token that a request shows.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    if !has_bearer(headers) {
        return None;
    }
    headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).map(|value| value[7..].trim())
}

/// Lets only the signed-in pass; sends people to sign-in and back to where they were, and gives calls 401.
pub async fn require_person(State(house): State<House>, visitor: Visitor, request: Request, next: Next) -> Response {
    if visitor.actor.is_some() {
        return next.run(request).await;
    }
    if wants_html(request.headers()) {
        let back = back_to(request.method(), request.uri(), request.headers());
        return crate::signin::send_to_sign_in(&house, &visitor, &back).await;
    }
    crate::house_error::honest(&api::ApiError::SignedOut)
}

/// The screen somebody was on: the one asked for, or the one whose form was sent. What a form is sent to can't be shown.
fn back_to(method: &Method, uri: &Uri, headers: &HeaderMap) -> String {
    if matches!(*method, Method::GET | Method::HEAD) {
        return uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    }
    crate::signin::referer_path(headers)
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
        Rules::of(&self.config.public_url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_form_one_comes_back_to_the_screen_it_stood_on() {
        let headers: HeaderMap =
            [(header::REFERER, "https://watch.example.jp/alerts/A-1?x=y".parse().unwrap())].into_iter().collect();
        let uri = Uri::from_static("/call/alert_acknowledge?z");
        assert_eq!(back_to(&Method::GET, &uri, &headers), "/call/alert_acknowledge?z");
        assert_eq!(back_to(&Method::POST, &uri, &headers), "/alerts/A-1?x=y");
        assert_eq!(back_to(&Method::POST, &uri, &HeaderMap::new()), "");
    }
}
