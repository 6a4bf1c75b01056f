//! The doors of providers that answer us: somebody pressed a button in Slack, somebody acknowledged in PagerDuty.
//!
//! They have no session and no token of ours: a request is believed when it carries the signature of a secret that a channel has, is
//! fresh, and did not come before. Cookies count for nothing here. What is believed is done under the name of whoever pressed. Who is not
//! believed too often is not asked any more for a while (`knocks.rs`), and neither is who comes to the doors of foreign alerts without a key.

pub mod knocks;
pub mod pagerduty;
pub mod slack;
mod who;
mod words;

#[cfg(test)]
mod tests;

use crate::house_error::chain;
use alerting::inbound::http::answers::Stranger;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use notify::incoming::IncomingError;

/// Providers say what happened in a few kilobytes.
pub const BODY_LIMIT: usize = 256 * 1024;

/// One header as text; empty where there is none, which no signature is.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Why a request is not believed. What is inside is logged and not said.
fn refused(error: &IncomingError) -> Response {
    let status: StatusCode = match error {
        IncomingError::Malformed { .. } | IncomingError::Old => StatusCode::UNAUTHORIZED,
        IncomingError::Forged => StatusCode::FORBIDDEN,
        IncomingError::Repeated => StatusCode::CONFLICT,
        IncomingError::Room(inner) => return away(inner),
    };
    tracing::warn!(%error, "a provider's request was not believed");
    stranger((status, format!("{error}\n")).into_response())
}

/// The answer to somebody who proved nothing.
fn stranger(mut answer: Response) -> Response {
    answer.extensions_mut().insert(Stranger);
    answer
}

/// We could not: whoever calls may come again.
fn away(error: &(dyn std::error::Error + 'static)) -> Response {
    tracing::error!(error = chain(error), "a provider's request could not be answered");
    (StatusCode::SERVICE_UNAVAILABLE, "try again later\n").into_response()
}
