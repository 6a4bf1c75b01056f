//! What a pipeline tells: files of a repository changed, or something was released. Documents that are about it have to be looked at.
//!
//! It comes with a token of the scope `documents:write`, and is answered with how many documents that were, not with which: whoever builds may
//! not be allowed to read them. The same report a second time asks nobody again.

use crate::apis::machine;
use crate::house_error::{chain, for_programs, unavailable_for_programs};
use crate::wiring::House;
use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use documents::Error;
use documents::pages::Refused;
use documents::pages::changes::Report;
use kernel::Grant;
use model::access::WriteDocuments;
use serde_json::json;

/// Where it is told.
pub const PATH: &str = "/api/v1/documents/changes";
/// As many paths as a report may name, of two hundred bytes each.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// For programs with a token; who they are was found out before.
pub fn routes(house: &House) -> Router {
    Router::new()
        .route(PATH, post(report))
        .with_state(house.clone())
        .layer(from_fn_with_state((), machine::require::<WriteDocuments>))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
}

async fn report(
    State(house): State<House>,
    Extension(grant): Extension<Grant<WriteDocuments>>,
    sent: Result<Json<Report>, JsonRejection>,
) -> Response {
    let report: Report = match sent {
        Ok(Json(report)) => report,
        Err(rejection) => return unreadable(rejection.status(), &rejection.body_text()),
    };
    match house.documents.paths_changed(&grant, &report).await {
        Ok(asked) => Json(json!({ "documents": asked.len() })).into_response(),
        Err(error) => refused(&error),
    }
}

/// What was sent is no report.
fn unreadable(status: StatusCode, message: &str) -> Response {
    let code: &str = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "too_large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported_media_type",
        _ => "bad_request",
    };
    for_programs(status, code, message)
}

fn refused(error: &Error) -> Response {
    match error {
        Error::Pages(Refused::Empty { .. } | Refused::Large { .. }) => {
            for_programs(StatusCode::UNPROCESSABLE_ENTITY, "invalid", &error.to_string())
        }
        _ => {
            tracing::error!(error = chain(error), "a report of changes could not be taken");
            unavailable_for_programs()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use serde_json::Value;

    async fn told(answer: Response) -> (StatusCode, Value) {
        let status: StatusCode = answer.status();
        let body = to_bytes(answer.into_body(), 1_024).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_program_is_told_what_is_wrong_with_its_report() {
        for (status, code) in [
            (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"),
            (StatusCode::BAD_REQUEST, "bad_request"),
            (StatusCode::UNPROCESSABLE_ENTITY, "bad_request"),
        ] {
            let (answered, body) = told(unreadable(status, "expected an object")).await;
            assert_eq!((answered, &body["error"]["code"]), (status, &json!(code)));
            assert_eq!(body["error"]["message"], "expected an object");
        }
        let (status, body) = told(refused(&Refused::Empty { what: "the list of paths" }.into())).await;
        assert_eq!((status, &body["error"]["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("invalid")));
        assert_eq!(body["error"]["message"], "the list of paths is empty, expected some words");
    }

    #[tokio::test]
    async fn what_failed_inside_is_not_told() {
        let (status, body) = told(refused(&Error::Db(sqlx::Error::PoolClosed))).await;
        assert_eq!((status, &body["error"]["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("unavailable")));
    }
}
