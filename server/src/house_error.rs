//! How the rooms' errors look at the door: safe to show, logged once, here.

use api::ApiError;
use api::error::Denial;
use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// When a program may come again while the database is away, in seconds.
const COME_AGAIN: &str = "5";

/// Logs what lies inside and says only that the database is away.
pub fn unavailable(error: &(dyn std::error::Error + 'static)) -> ApiError {
    tracing::error!(error = chain(error), "a room failed");
    ApiError::Unavailable
}

/// An error as a script of our own screens reads it, with the status that belongs to it.
#[must_use]
pub fn honest(error: &ApiError) -> Response {
    let mut response = (status_of(error), Json(error)).into_response();
    if let Some(seconds) = come_again(error) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

/// 401 for strangers, 403 for who may not, 409 where things don't stand that way, 422 for input that is wrong.
#[must_use]
pub fn status_of(error: &ApiError) -> StatusCode {
    match error {
        ApiError::SignedOut => StatusCode::UNAUTHORIZED,
        ApiError::Denied { reason } => status_of_denial(reason),
        ApiError::NotFound { .. } => StatusCode::NOT_FOUND,
        ApiError::Invalid { field, .. } if is_conflict(field) => StatusCode::CONFLICT,
        ApiError::Invalid { .. } | ApiError::Mistakes { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        ApiError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ApiError::TryLater { .. } => StatusCode::TOO_MANY_REQUESTS,
        ApiError::Transport { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Somebody else was faster: the screen shows how things stand now.
fn is_conflict(field: &str) -> bool {
    let word: &str = field.split('/').next().unwrap_or_default();
    matches!(
        word,
        "duty.stale"
            | "duty.taken"
            | "duty.not_open"
            | "duty.no_layer"
            | "postmortem.stale"
            | "policy.stale"
            | "policy.taken"
            | "document.stale"
            | "document.base_gone"
            | "dashboard_kept.stale"
            | "dashboard_kept.taken"
    )
}

fn status_of_denial(reason: &Denial) -> StatusCode {
    match reason {
        Denial::PersonTaken | Denial::TeamTaken | Denial::LastAdmin | Denial::NotFiring { .. } => StatusCode::CONFLICT,
        Denial::Role { .. }
        | Denial::Scope { .. }
        | Denial::NoToken { .. }
        | Denial::WrongPassword
        | Denial::RoleTooHigh { .. }
        | Denial::NotAPerson
        | Denial::Other { .. } => StatusCode::FORBIDDEN,
    }
}

fn come_again(error: &ApiError) -> Option<HeaderValue> {
    match error {
        ApiError::Unavailable => Some(HeaderValue::from_static(COME_AGAIN)),
        ApiError::TryLater { seconds } => Some(HeaderValue::from(*seconds)),
        _ => None,
    }
}

/// An error with everything that caused it, for logs and terminals: `can't send: connect to 10.0.0.5: connection refused`. What a
/// message already says of its cause is not said twice.
#[must_use]
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let said = inner.to_string();
        if !text.ends_with(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = inner.source();
    }
    text
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

#[cfg(test)]
mod tests {
    use super::*;
    use api::error::Expected;

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Layer(&'static str, #[source] Option<Box<Layer>>);

    #[test]
    fn an_error_is_told_with_all_its_causes_each_once() {
        let refused = Layer("connection refused", None);
        let connect = Layer("connect: connection refused", Some(Box::new(refused)));
        let send = Layer("can't send", Some(Box::new(connect)));
        assert_eq!(chain(&send), "can't send: connect: connection refused");
        assert_eq!(chain(&Layer("alone", None)), "alone");
    }

    #[test]
    fn every_kind_of_refusal_has_its_own_status() {
        let denied = |reason: Denial| ApiError::Denied { reason };
        let scope = Denial::Scope { action: "a".to_owned(), scope: "read".to_owned() };
        for (error, status) in [
            (ApiError::SignedOut, 401),
            (denied(scope), 403),
            (denied(Denial::WrongPassword), 403),
            (denied(Denial::LastAdmin), 409),
            (denied(Denial::TeamTaken), 409),
            (ApiError::NotFound { what: "alert A-1".to_owned() }, 404),
            (ApiError::Invalid { field: "email".to_owned(), expected: Expected::Email }, 422),
            (ApiError::TryLater { seconds: 7 }, 429),
            (ApiError::Unavailable, 503),
            (ApiError::Transport { reason: "a fault".to_owned() }, 500),
        ] {
            assert_eq!(honest(&error).status().as_u16(), status, "{error}");
        }
        assert_eq!(honest(&ApiError::TryLater { seconds: 7 }).headers()[header::RETRY_AFTER], "7");
    }
}
