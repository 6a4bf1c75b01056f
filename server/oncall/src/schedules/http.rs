//! The door at which calendars fetch. The key in the address is all that is asked; nothing else can be done with it.

use super::Schedules;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// Calendars ask every quarter of an hour or less often; in between nobody need be asked. Never by a cache that others share.
const CACHE: &str = "private, max-age=300";

/// `GET /calendar/<key>.ics`, for requests of anybody: the key is asked for inside.
pub fn routes(schedules: Schedules) -> Router {
    Router::new().route("/calendar/{file}", get(fetch)).with_state(schedules)
}

async fn fetch(State(schedules): State<Schedules>, Path(file): Path<String>) -> Response {
    let Some(key) = file.strip_suffix(".ics") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match schedules.feed_file(key).await {
        Ok(Some(text)) => {
            let headers = [
                (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
                (header::CACHE_CONTROL, CACHE),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (headers, text).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a calendar could not be answered");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
