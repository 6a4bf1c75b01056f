//! Remote write 1.0 at the door: what may be read, and what the sender is told.
//!
//! A sender repeats after 5xx, may repeat after 429, and never after another 4xx. So everything that may pass is 5xx or
//! 429, and a request of which a part can never be taken is 400, its good part kept. Source: "Prometheus Remote-Write 1.0".

use std::sync::Arc;

use axum::Extension;
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::TryStreamExt;
use kernel::Grant;
use model::access::WriteMetrics;

use crate::Metrics;
use crate::error::Error;
use crate::remote_write::Malformed;
use crate::sample::{Reason, Written};

/// Tells the sender what was taken, also when the answer is an error. From remote write 2.0; older senders ignore it.
const WRITTEN: &str = "x-prometheus-remote-write-samples-written";
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
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = serde_json::json!({ "error": { "code": self.code, "message": self.message } });
        let mut response: Response = (self.status, Json(body)).into_response();
        if matches!(self.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(COME_AGAIN));
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
    match take(&metrics, &grant, request).await {
        Ok(written) => answer(&written),
        Err(refusal) => {
            metrics.door().0.own.refused_request(refusal.code);
            refusal.into_response()
        }
    }
}

async fn take(metrics: &Metrics, grant: &Grant<WriteMetrics>, request: Request) -> Result<Written, Refusal> {
    check_headers(request.headers())?;
    let limit: usize = metrics.door().1.max_body_bytes;
    let length: Option<usize> = header(request.headers(), CONTENT_LENGTH.as_str()).parse().ok();
    let body: Vec<u8> = read_body(request.into_body(), length.unwrap_or(0), limit).await?;
    metrics.write_body(grant, body).await.map_err(|error| refusal(&error))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("").trim()
}

fn check_headers(headers: &HeaderMap) -> Result<(), Refusal> {
    let unsupported = |message: &str| Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported", message));
    if !is_write_request(header(headers, CONTENT_TYPE.as_str())) {
        return unsupported(
            "the content type must be application/x-protobuf with proto=prometheus.WriteRequest or without proto",
        );
    }
    if !header(headers, CONTENT_ENCODING.as_str()).eq_ignore_ascii_case("snappy") {
        return unsupported("the content encoding must be snappy");
    }
    let version: &str = header(headers, VERSION);
    if !version.is_empty() && !version.starts_with("0.1") && !version.starts_with("1.") {
        return unsupported("the remote write version must be 0.1.0");
    }
    Ok(())
}

/// `application/x-protobuf`, alone or with the message of version 1.0.
fn is_write_request(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    if !parts.next().unwrap_or("").eq_ignore_ascii_case("application/x-protobuf") {
        return false;
    }
    let mut messages =
        parts.filter_map(|part| part.split_once('=')).filter(|(name, _)| name.trim().eq_ignore_ascii_case("proto"));
    messages.all(|(_, message)| message.trim().trim_matches('"') == "prometheus.WriteRequest")
}

/// Collects the body and stops as soon as it is too large, whatever length was announced.
async fn read_body(body: Body, announced: usize, limit: usize) -> Result<Vec<u8>, Refusal> {
    let too_large = || Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", format!("the body is larger than {limit} bytes"));
    if announced > limit {
        return Err(too_large());
    }
    let mut bytes: Vec<u8> = Vec::with_capacity(announced);
    let mut stream = body.into_data_stream();
    while let Some(part) = stream.try_next().await.map_err(|_| cut())? {
        let part: Bytes = part;
        if bytes.len() + part.len() > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

fn cut() -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "malformed", "the body ended before it was complete")
}

fn refusal(error: &Error) -> Refusal {
    match error {
        Error::Malformed(malformed @ Malformed::TooLarge { .. }) => {
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", malformed.to_string())
        }
        Error::Malformed(malformed) => Refusal::new(StatusCode::BAD_REQUEST, "malformed", malformed.to_string()),
        Error::Overloaded => Refusal::new(StatusCode::TOO_MANY_REQUESTS, "overloaded", error.to_string()),
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
    response
}

fn partly(written: &Written) -> Refusal {
    let reasons: Vec<String> = written.rejected.iter().map(ToString::to_string).collect();
    let all: u64 = written.accepted + written.n_rejected();
    let message: String =
        format!("{} of {all} samples were refused, the others are stored: {}", written.n_rejected(), reasons.join("; "));
    let may_pass: bool = written.rejected.iter().all(|rejected| rejected.reason == Reason::TooManySeries);
    if may_pass {
        Refusal::new(StatusCode::TOO_MANY_REQUESTS, "too_many_series", message)
    } else {
        Refusal::new(StatusCode::BAD_REQUEST, "samples_refused", message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_version_one_is_taken() {
        assert!(is_write_request("application/x-protobuf"));
        assert!(is_write_request("Application/X-Protobuf; proto=prometheus.WriteRequest"));
        assert!(!is_write_request("application/x-protobuf;proto=io.prometheus.write.v2.Request"));
        assert!(!is_write_request("application/json"));
        assert!(!is_write_request(""));
    }

    #[test]
    fn only_missing_room_for_series_may_pass() {
        let mut written = Written { accepted: 1, rejected: vec![] };
        assert_eq!(answer(&written).status(), StatusCode::NO_CONTENT);
        written.reject(Reason::TooManySeries, 1, || "up".to_owned());
        let response: Response = answer(&written);
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(response.headers().contains_key(RETRY_AFTER));
        written.reject(Reason::TooOld, 1, || "up".to_owned());
        assert_eq!(answer(&written).status(), StatusCode::BAD_REQUEST);
    }
}
