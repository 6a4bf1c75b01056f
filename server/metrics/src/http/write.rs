//! Remote write 1.0 and 2.0 at the door: what may be read, and what the sender is told. The content type says which of the two it is.
//!
//! A sender repeats after 5xx, may repeat after 429, and never after another 4xx. So everything that may pass is 5xx or
//! 429, and a request of which a part can never be taken is 400, its good part kept. A sender of 2.0 learns from three headers what was
//! written, after success and after failure; without them it would take us for a receiver of 1.0.
//! Source: "Prometheus Remote-Write 1.0", "Prometheus Remote-Write 2.0".

use std::sync::Arc;

use axum::Extension;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::Grant;
use model::access::WriteMetrics;

use crate::Metrics;
use crate::allowance::{Allowance, Unreadable};
use crate::error::Error;
use crate::http::body::{self, Unread, header};
use crate::http::delivery::{sender_of, within_rate};
use crate::ingest::{Incoming, Version};
use crate::quota::Sender;
use crate::remote_write::Malformed;
use crate::sample::Written;

/// Tells the sender what was taken, also when the answer is an error. From remote write 2.0; older senders ignore it.
const WRITTEN: &str = "x-prometheus-remote-write-samples-written";
const EXEMPLARS_WRITTEN: &str = "x-prometheus-remote-write-exemplars-written";
/// Always zero: they can't be stored yet.
const HISTOGRAMS_WRITTEN: &str = "x-prometheus-remote-write-histograms-written";
const VERSION: &str = "x-prometheus-remote-write-version";
/// When a refused sender may come again, in seconds.
const COME_AGAIN: &str = "5";

/// Why a request was refused.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    /// For programs.
    code: &'static str,
    /// For people.
    message: String,
    /// When to come again, in seconds, when that is known.
    wait_s: Option<u64>,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), wait_s: None }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = serde_json::json!({ "error": { "code": self.code, "message": self.message } });
        let mut response: Response = (self.status, Json(body)).into_response();
        if matches!(self.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            let wait: HeaderValue = self.wait_s.map_or(HeaderValue::from_static(COME_AGAIN), HeaderValue::from);
            response.headers_mut().insert(RETRY_AFTER, wait);
        }
        response
    }
}

/// `POST /api/v1/write`.
pub(crate) async fn write(
    State(metrics): State<Arc<Metrics>>,
    Extension(grant): Extension<Grant<WriteMetrics>>,
    request: Request,
) -> Response {
    let version: Option<Version> = version_of(header(request.headers(), CONTENT_TYPE.as_str()));
    let mut response: Response = match take(&metrics, &grant, request, version).await {
        Ok(written) => answer(&written),
        Err(refusal) => {
            metrics.door().0.own.refused_request(refusal.code);
            refusal.into_response()
        }
    };
    if version == Some(Version::Two) {
        tell_written(response.headers_mut());
    }
    response
}

/// Completes the headers of 2.0: what nobody set is zero.
fn tell_written(headers: &mut HeaderMap) {
    for name in [WRITTEN, EXEMPLARS_WRITTEN, HISTOGRAMS_WRITTEN] {
        headers.entry(name).or_insert(HeaderValue::from_static("0"));
    }
}

async fn take(
    metrics: &Metrics,
    grant: &Grant<WriteMetrics>,
    request: Request,
    version: Option<Version>,
) -> Result<Written, Refusal> {
    let version: Version = check_headers(request.headers(), version)?;
    let sender: Option<Sender> = sender_of(&request);
    within_rate(metrics, sender.as_ref()).map_err(|error| refusal(&error))?;
    let mut allowance: Allowance = metrics.ingest.memory.allowance();
    let limit: usize = metrics.door().1.max_body_bytes;
    let bytes: Vec<u8> = body::read(request.into_body(), limit, &mut allowance).await.map_err(|unread| not_read(&unread))?;
    metrics.take_body(grant, Incoming { version, bytes, allowance }, sender).await.map_err(|error| refusal(&error))
}

fn check_headers(headers: &HeaderMap, version: Option<Version>) -> Result<Version, Refusal> {
    let unsupported = |message: &str| Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported", message));
    let Some(version) = version else {
        return unsupported(concat!(
            "the content type must be application/x-protobuf, with proto=prometheus.WriteRequest or without proto, ",
            "or with proto=io.prometheus.write.v2.Request"
        ));
    };
    if !header(headers, CONTENT_ENCODING.as_str()).eq_ignore_ascii_case("snappy") {
        return unsupported("the content encoding must be snappy");
    }
    let told: &str = header(headers, VERSION);
    let fits: bool = match version {
        Version::One => told.starts_with("0.1") || told.starts_with("1."),
        Version::Two => told.starts_with("2."),
    };
    if !told.is_empty() && !fits {
        return unsupported("the remote write version must be 0.1.0, or 2.0.0 with the message of 2.0");
    }
    Ok(version)
}

/// `application/x-protobuf`, alone or with the message of version 1.0, or with that of 2.0.
fn version_of(content_type: &str) -> Option<Version> {
    let mut parts = content_type.split(';').map(str::trim);
    if !parts.next().unwrap_or("").eq_ignore_ascii_case("application/x-protobuf") {
        return None;
    }
    let mut messages =
        parts.filter_map(|part| part.split_once('=')).filter(|(name, _)| name.trim().eq_ignore_ascii_case("proto"));
    let message: &str = messages.next().map_or("prometheus.WriteRequest", |(_, message)| message.trim().trim_matches('"'));
    match message {
        "prometheus.WriteRequest" => Some(Version::One),
        "io.prometheus.write.v2.Request" => Some(Version::Two),
        _ => None,
    }
}

/// A sender whose body came too slowly should send it again, and never does after 408.
fn not_read(unread: &Unread) -> Refusal {
    let (status, code) = match unread {
        Unread::Unreadable(Unreadable::TooLarge { .. }) => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
        Unread::Slow | Unread::Unreadable(Unreadable::Overloaded) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        Unread::Cut | Unread::Encoding(_) | Unread::Unreadable(Unreadable::Malformed { .. }) => {
            (StatusCode::BAD_REQUEST, "malformed")
        }
    };
    Refusal::new(status, code, unread.to_string())
}

fn refusal(error: &Error) -> Refusal {
    match error {
        Error::Malformed(malformed @ Malformed::TooLarge { .. }) => {
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", malformed.to_string())
        }
        Error::Malformed(malformed) => Refusal::new(StatusCode::BAD_REQUEST, "malformed", malformed.to_string()),
        Error::Overloaded => Refusal::new(StatusCode::TOO_MANY_REQUESTS, "overloaded", error.to_string()),
        Error::TooFast { wait_s } => {
            let refusal = Refusal::new(StatusCode::TOO_MANY_REQUESTS, "overloaded", error.to_string());
            Refusal { wait_s: Some(*wait_s), ..refusal }
        }
        _ => {
            tracing::warn!(error = error as &dyn std::error::Error, "remote write failed");
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", error.to_string())
        }
    }
}

/// 204 when all was taken; 429 when only room for new series was missing; else 400. The good samples are on disk in each case.
fn answer(written: &Written) -> Response {
    let mut response: Response =
        if written.rejected.is_empty() { StatusCode::NO_CONTENT.into_response() } else { partly(written).into_response() };
    response.headers_mut().insert(WRITTEN, HeaderValue::from(written.accepted));
    response.headers_mut().insert(EXEMPLARS_WRITTEN, HeaderValue::from(written.exemplars));
    response
}

fn partly(written: &Written) -> Refusal {
    let reasons: Vec<String> = written.rejected.iter().map(ToString::to_string).collect();
    let all: u64 = written.accepted + written.n_rejected();
    let message: String =
        format!("{} of {all} samples were refused, the others are stored: {}", written.n_rejected(), reasons.join("; "));
    let may_pass: bool = written.rejected.iter().all(|rejected| rejected.reason.may_pass());
    if may_pass {
        Refusal::new(StatusCode::TOO_MANY_REQUESTS, "too_many_series", message)
    } else {
        Refusal::new(StatusCode::BAD_REQUEST, "samples_refused", message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Reason;

    #[test]
    fn the_content_type_names_the_version() {
        assert_eq!(version_of("application/x-protobuf"), Some(Version::One));
        assert_eq!(version_of("Application/X-Protobuf; proto=prometheus.WriteRequest"), Some(Version::One));
        assert_eq!(version_of("application/x-protobuf;proto=io.prometheus.write.v2.Request"), Some(Version::Two));
        assert_eq!(version_of("application/x-protobuf;proto=io.prometheus.write.v3.Request"), None);
        assert_eq!(version_of("application/json"), None);
        assert_eq!(version_of(""), None);
    }

    #[test]
    fn what_nobody_wrote_is_told_as_zero() {
        let mut response: Response = answer(&Written { accepted: 7, exemplars: 2, ..Written::default() });
        tell_written(response.headers_mut());
        let told =
            [WRITTEN, EXEMPLARS_WRITTEN, HISTOGRAMS_WRITTEN].map(|name| response.headers()[name].to_str().unwrap().to_owned());
        assert_eq!(told, ["7", "2", "0"]);
    }

    #[test]
    fn only_missing_room_for_series_may_pass() {
        let mut written = Written { accepted: 1, ..Written::default() };
        assert_eq!(answer(&written).status(), StatusCode::NO_CONTENT);
        written.reject(Reason::TooManySeries, 1, || "up".to_owned());
        let response: Response = answer(&written);
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(response.headers().contains_key(RETRY_AFTER));
        written.reject(Reason::TooOld, 1, || "up".to_owned());
        assert_eq!(answer(&written).status(), StatusCode::BAD_REQUEST);
    }
}
