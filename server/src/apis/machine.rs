//! The door for programs: a Bearer token with the right scope, else one JSON error.

use crate::context::Visitor;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::access::Action;
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
