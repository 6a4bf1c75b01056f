//! The door for programs: a Bearer token with the right scope, else one JSON error.

use crate::context::Visitor;
use crate::wiring::House;
use axum::Json;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use metrics::quota::Sender;
use model::access::{Action, WriteMetrics};
use model::actor::{Actor, Who};
use serde::Deserialize;
use serde_json::json;

/// Where Datadog's libraries may put their key into the address.
const KEY_IN_ADDRESS: &[&str] = &["/api/v2/series"];

/// The token stood in the address, which every proxy on the way writes down.
#[derive(Clone, Copy, Debug)]
struct FromAddress;

/// Lets programs and people pass that may do `A`, and hands their Grant on.
pub async fn require<A: Action + Clone>(State(()): State<()>, visitor: Visitor, mut request: Request, next: Next) -> Response {
    let Some(actor) = &visitor.actor else {
        return refusal(StatusCode::UNAUTHORIZED, "unauthorized", "a valid Bearer token is needed");
    };
    if request.extensions().get::<FromAddress>().is_some() && !only_writes(actor) {
        return refusal(StatusCode::FORBIDDEN, "forbidden", "a token in an address may write metrics and nothing else");
    }
    match kernel::authorize::<A>(actor, None) {
        Ok(grant) => {
            request.extensions_mut().insert(grant);
            next.run(request).await
        }
        Err(denied) => refusal(StatusCode::FORBIDDEN, "forbidden", &denied.to_string()),
    }
}

/// Whether all that somebody may do is to write metrics.
fn only_writes(actor: &Actor) -> bool {
    let is_writing = |scope: &String| WriteMetrics::SCOPE == Some(scope.as_str());
    matches!(&actor.who, Who::Token { scopes, .. } if !scopes.is_empty() && scopes.iter().all(is_writing))
}

fn refusal(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(json!({ "error": { "code": code, "message": message } }))).into_response()
}

/// Says who sends, and what one token may: the doors of samples count by it.
pub async fn limit(State(house): State<House>, visitor: Visitor, mut request: Request, next: Next) -> Response {
    if let Some(Who::Token { id, name, scopes }) = visitor.actor.as_ref().map(|actor| &actor.who) {
        if scopes.iter().any(|scope| Some(scope.as_str()) == WriteMetrics::SCOPE) {
            house.metrics.senders().meet(id.0, name, house.clock.now());
        }
        let limits = &house.config.samples;
        let max_series = limits.token_max_series.and_then(|series| usize::try_from(series).ok());
        let sender = Sender { id: id.0, max_series, samples_per_second: limits.token_samples_per_second };
        request.extensions_mut().insert(sender);
    }
    next.run(request).await
}

/// Where Datadog's libraries put their key when not into a header.
#[derive(Deserialize)]
pub struct InAddress {
    api_key: Option<String>,
}

/// The door as Datadog's senders know it: the token comes as `DD-API-KEY`, or as `api_key` in the address when it may do nothing else; and
/// refusals are `{"errors": […]}`.
pub async fn datadog(Query(address): Query<InAddress>, mut request: Request, next: Next) -> Response {
    let in_header: Option<String> = request.headers().get("dd-api-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    let may_stand_there: bool = in_header.is_none() && KEY_IN_ADDRESS.contains(&request.uri().path());
    let in_address: Option<String> = address.api_key.filter(|_| may_stand_there);
    if in_address.is_some() {
        request.extensions_mut().insert(FromAddress);
    }
    let key: Option<String> = in_header.or(in_address);
    if let Some(bearer) = key.and_then(|key| HeaderValue::try_from(format!("Bearer {key}")).ok()) {
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
    }
    let answer = next.run(request).await;
    match answer.status() {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            (StatusCode::FORBIDDEN, Json(json!({ "errors": ["Forbidden"] }))).into_response()
        }
        _ => answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::Viewer;
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware::{from_fn, from_fn_with_state};
    use axum::routing::any;
    use model::ids::TokenId;
    use model::{Role, Time};
    use std::sync::Arc;
    use tower::ServiceExt;

    fn token(scopes: &[&str]) -> Actor {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let who = Who::Token { id: TokenId(kernel::ids::new_uuid()), name: "agent".to_owned(), scopes };
        Actor { who, role: Role::Admin, team_roles: Vec::new() }
    }

    async fn shown_token(request: Request) -> String {
        let shown = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        shown.unwrap_or_default().to_owned()
    }

    /// What a program with these scopes is answered, and the token that was seen inside.
    async fn asked(scopes: &[&str], path: &str, key: Option<&str>) -> (StatusCode, String) {
        let visitor = Visitor { actor: Some(token(scopes)), ..Visitor::nobody(Viewer::stranger(Time(0))) };
        let router: Router = Router::new()
            .route("/api/v2/series", any(shown_token))
            .route("/api/v1/other", any(shown_token))
            .layer(from_fn_with_state((), require::<WriteMetrics>))
            .layer(axum::Extension(Arc::new(visitor)))
            .layer(from_fn(datadog));
        let mut request = axum::http::Request::builder().uri(path);
        if let Some(key) = key {
            request = request.header("dd-api-key", key);
        }
        let answer = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = answer.status();
        let body = to_bytes(answer.into_body(), 1_024).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_key_in_the_address_may_write_metrics_and_nothing_else() {
        let (path, forbidden) = ("/api/v2/series?api_key=k1", r#"{"errors":["Forbidden"]}"#);
        assert_eq!(asked(&["metrics:write"], path, None).await, (StatusCode::OK, "Bearer k1".to_owned()));
        for scopes in [&["metrics:write", "read"][..], &["metrics:read"][..], &[][..]] {
            assert_eq!(asked(scopes, path, None).await, (StatusCode::FORBIDDEN, forbidden.to_owned()), "{scopes:?}");
        }
        // In a header the same token may do more.
        let in_header = asked(&["metrics:write", "read"], path, Some("k2")).await;
        assert_eq!(in_header, (StatusCode::OK, "Bearer k2".to_owned()));
    }

    #[tokio::test]
    async fn elsewhere_a_key_in_the_address_is_none() {
        let seen = asked(&["metrics:write"], "/api/v1/other?api_key=k1", None).await;
        assert_eq!(seen, (StatusCode::OK, String::new()));
    }
}
