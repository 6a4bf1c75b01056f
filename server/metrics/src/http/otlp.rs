//! OTLP/HTTP metrics at the door: protobuf and JSON, answered in kind.
//!
//! A sender repeats after 429, 502, 503 and 504 and after nothing else; so what may pass is 429 or 503 with `Retry-After`, and what was left
//! out of a request for good is told in `partial_success` of a 200. Failures are a `google.rpc.Status`.
//! Source: the OTLP specification 1.x, OTLP/HTTP.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::Grant;
use model::access::WriteMetrics;

use crate::Metrics;
use crate::allowance::{Allowance, Unreadable};
use crate::http::body::{Encoding, header};
use crate::http::delivery::{self, Reading, Refused};
use crate::otlp::mapping::Mapped;
use crate::otlp::{self, Delivered, Form};

const ENCODINGS: (&[Encoding], &str) = (&[Encoding::Identity, Encoding::Gzip], "gzip or none");

/// `POST /v1/metrics` and `POST /api/v1/otlp/v1/metrics`.
pub(crate) async fn metrics(
    State(metrics): State<Arc<Metrics>>,
    Extension(grant): Extension<Grant<WriteMetrics>>,
    request: Request,
) -> Response {
    let form: Option<Form> = form_of(request.headers());
    match take(&metrics, &grant, request, form).await {
        Ok(delivered) => success(form.unwrap_or(Form::Protobuf), &delivered),
        Err(refused) => {
            metrics.door().0.own.refused_request(refused.code());
            failure(form.unwrap_or(Form::Protobuf), &refused)
        }
    }
}

fn form_of(headers: &HeaderMap) -> Option<Form> {
    let content_type: &str = header(headers, CONTENT_TYPE.as_str());
    let kind: &str = content_type.split(';').next().unwrap_or("").trim();
    [Form::Protobuf, Form::Json].into_iter().find(|form| kind.eq_ignore_ascii_case(form.content_type()))
}

async fn take(
    metrics: &Metrics,
    grant: &Grant<WriteMetrics>,
    request: Request,
    form: Option<Form>,
) -> Result<Delivered, Refused> {
    let Some(form) = form else {
        let message = "the content type must be application/x-protobuf or application/json";
        return Err(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    };
    let reading = Reading {
        encodings: ENCODINGS,
        decode: match form {
            Form::Protobuf => read_protobuf,
            Form::Json => read_json,
        },
    };
    delivery::deliver(metrics, grant, request, reading).await
}

fn read_protobuf(body: &[u8], allowance: &mut Allowance) -> Result<Mapped, Unreadable> {
    otlp::read(Form::Protobuf, body, allowance)
}

fn read_json(body: &[u8], allowance: &mut Allowance) -> Result<Mapped, Unreadable> {
    otlp::read(Form::Json, body, allowance)
}

fn success(form: Form, delivered: &Delivered) -> Response {
    answer(StatusCode::OK, form, form.success(delivered.n_refused, &delivered.message()))
}

fn failure(form: Form, refused: &Refused) -> Response {
    let mut response: Response = answer(refused.status, form, form.status(code(refused.status), &refused.message));
    refused.mark(&mut response);
    response
}

fn answer(status: StatusCode, form: Form, body: Vec<u8>) -> Response {
    let mut response: Response = (status, Body::from(body)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(form.content_type()));
    response
}

/// The code of gRPC that says the same.
fn code(status: StatusCode) -> u32 {
    const INVALID_ARGUMENT: u32 = 3;
    const DEADLINE_EXCEEDED: u32 = 4;
    const RESOURCE_EXHAUSTED: u32 = 8;
    const UNAVAILABLE: u32 = 14;
    match status {
        StatusCode::REQUEST_TIMEOUT => DEADLINE_EXCEEDED,
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::TOO_MANY_REQUESTS => RESOURCE_EXHAUSTED,
        StatusCode::SERVICE_UNAVAILABLE => UNAVAILABLE,
        _ => INVALID_ARGUMENT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_type_names_the_form() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(value));
            form_of(&headers)
        };
        assert_eq!(of("application/x-protobuf"), Some(Form::Protobuf));
        assert_eq!(of("Application/JSON; charset=utf-8"), Some(Form::Json));
        assert_eq!((of("text/plain"), form_of(&HeaderMap::new())), (None, None));
    }
}
