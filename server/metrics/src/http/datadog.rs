//! Datadog's `POST /api/v2/series` at the door.
//!
//! 202 with an empty list of errors when all was taken, 202 with what was left out when a part was. A sender repeats after 408, 429 and
//! 5xx. Who may pass is decided outside, also that the token may come as `DD-API-KEY`.
//! Source: Datadog's API reference, "Submit metrics", v2.

use std::sync::Arc;

use axum::Extension;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::Grant;
use model::access::WriteMetrics;

use crate::Metrics;
use crate::datadog;
use crate::http::body::{Encoding, header};
use crate::http::delivery::{self, Reading, Refused};
use crate::otlp::Delivered;

/// Larger requests than Datadog itself takes (500 kB, 5 MB expanded) do no harm.
const READING: Reading = Reading {
    encodings: (&[Encoding::Identity, Encoding::Gzip, Encoding::Deflate], "gzip, deflate or none"),
    decode: datadog::read,
};

/// `POST /api/v2/series`.
pub(crate) async fn series(
    State(metrics): State<Arc<Metrics>>,
    Extension(grant): Extension<Grant<WriteMetrics>>,
    request: Request,
) -> Response {
    match take(&metrics, &grant, request).await {
        Ok(delivered) => success(&delivered),
        Err(refused) => {
            metrics.door().0.own.refused_request(refused.code());
            let mut response: Response = errors(refused.status, std::slice::from_ref(&refused.message));
            refused.mark(&mut response);
            response
        }
    }
}

async fn take(metrics: &Metrics, grant: &Grant<WriteMetrics>, request: Request) -> Result<Delivered, Refused> {
    if !is_json(request.headers()) {
        return Err(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the content type must be application/json"));
    }
    delivery::deliver(metrics, grant, request, READING).await
}

/// Without a content type it is taken for JSON, as Datadog does.
fn is_json(headers: &HeaderMap) -> bool {
    let content_type: &str = header(headers, CONTENT_TYPE.as_str());
    let kind: &str = content_type.split(';').next().unwrap_or("").trim();
    kind.is_empty() || kind.eq_ignore_ascii_case("application/json")
}

/// A request of which nothing could be taken is a bad one.
fn success(delivered: &Delivered) -> Response {
    let message: String = delivered.message();
    if message.is_empty() {
        return errors(StatusCode::ACCEPTED, &[]);
    }
    let status: StatusCode = if delivered.written.accepted > 0 { StatusCode::ACCEPTED } else { StatusCode::BAD_REQUEST };
    errors(status, &[message])
}

fn errors(status: StatusCode, errors: &[String]) -> Response {
    (status, Json(serde_json::json!({ "errors": errors }))).into_response()
}
