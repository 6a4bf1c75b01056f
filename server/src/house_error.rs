//! How the rooms' errors look at the door: safe to show, logged once, here.

use api::ApiError;
use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// When a program may come again while the database is away, in seconds.
const COME_AGAIN: &str = "5";

/// Logs what lies inside and says only that the database is away.
pub fn unavailable(error: &(dyn std::error::Error + 'static)) -> ApiError {
    tracing::error!(error, "a room failed");
    ApiError::Unavailable
}

/// The one shape of errors under `/api/`: `{"error":{"code":…,"message":…}}`.
pub fn for_programs(status: StatusCode, code: &str, message: &str) -> Response {
    let body = json!({ "error": { "code": code, "message": message } });
    let mut response: Response = (status, Json(body)).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(COME_AGAIN));
    }
    response
}

/// The database is away, said to a program.
pub fn unavailable_for_programs() -> Response {
    for_programs(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "the database can't be reached")
}

/// There is nothing at that address.
pub async fn no_such_call(request: Request) -> Response {
    for_programs(StatusCode::NOT_FOUND, "not_found", &format!("{} was not found", request.uri().path()))
}

/// There is something, but not for that method.
pub async fn wrong_method(request: Request) -> Response {
    let message = format!("{} does not take {}", request.uri().path(), request.method());
    for_programs(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", &message)
}
