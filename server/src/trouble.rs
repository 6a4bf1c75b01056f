//! Screens for when things go wrong before the console can render: no database. Bilingual words, no script, nothing to load but the style sheet.

use crate::security::NoScript;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use figures::Locale;

/// The database can't be reached: say so, and that it heals by itself. Machines get JSON.
pub fn no_database(path: &str, locale: Locale) -> Response {
    let retry = [(header::RETRY_AFTER, "5")];
    if path.starts_with("/api/") || path.starts_with("/call/") {
        return (StatusCode::SERVICE_UNAVAILABLE, retry, axum::Json(api::ApiError::Unavailable)).into_response();
    }
    let body = manage::plain::trouble(locale, &crate::signin::style_href());
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, retry, Html(body)).into_response();
    response.extensions_mut().insert(NoScript);
    response
}
