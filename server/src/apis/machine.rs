//! The door for programs: a Bearer token with the right scope, else one JSON error.

use crate::context::Visitor;
use crate::wiring::House;
use axum::Json;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use metrics::quota::Sender;
use model::access::Action;
use model::actor::Who;
use serde::Deserialize;
use serde_json::json;

/// Lets programs and people pass that may do `A`, and hands their Grant on.
pub async fn require<A: Action + Clone>(State(()): State<()>, visitor: Visitor, mut request: Request, next: Next) -> Response {
    let Some(actor) = &visitor.actor else {
        return refusal(StatusCode::UNAUTHORIZED, "unauthorized", "a valid Bearer token is needed");
    };
    match kernel::authorize::<A>(actor, None) {
        Ok(grant) => {
            request.extensions_mut().insert(grant);
            next.run(request).await
        }
        Err(denied) => refusal(StatusCode::FORBIDDEN, "forbidden", &denied.to_string()),
    }
}

fn refusal(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(json!({ "error": { "code": code, "message": message } }))).into_response()
}

/// Says who sends, and what one token may: the doors of samples count by it.
pub async fn limit(State(house): State<House>, visitor: Visitor, mut request: Request, next: Next) -> Response {
    if let Some(Who::Token { id, .. }) = visitor.actor.as_ref().map(|actor| &actor.who) {
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

/// The door as Datadog's senders know it: the token comes as `DD-API-KEY`, and refusals are `{"errors": […]}`.
pub async fn datadog(Query(address): Query<InAddress>, mut request: Request, next: Next) -> Response {
    let key = request.headers().get("dd-api-key").and_then(|key| key.to_str().ok()).map(str::to_owned).or(address.api_key);
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
