//! What senders are told, and why something was refused.

use super::kept;
use crate::error::Error;
use crate::inbound::{Integration, Kind, MOST_OPEN, Taken, Wrong};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// After so many seconds there is room again.
const RETRY_AFTER_S: u64 = 5;

/// Why a request was not taken. Safe to show to whoever sent it.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error(
        "there is no such way in: expected /hooks/in/alertmanager, grafana, datadog or json, /hooks/heartbeat, or /v2/enqueue"
    )]
    NoDoor,
    #[error("the key is missing or unknown: expected the key of an integration, as a Bearer token or in the address")]
    Unknown,
    #[error("the key is of an integration of another kind: expected a request to {}", door(.0))]
    OtherKind(Kind),
    #[error("the integration is switched off")]
    Off,
    #[error("too many requests: expected at most 100 a second")]
    TooOften,
    #[error("the body is too large: expected at most {limit} bytes")]
    TooLarge { limit: usize },
    #[error("the body did not come in time, or not whole")]
    Cut,
    #[error("too many bodies at once")]
    Busy,
    #[error("{max} alerts of the integration fire: no other is taken before some of them are over", max = MOST_OPEN)]
    Full,
    /// Whose it is could not be found out.
    #[error("{0}")]
    NoKey(Wrong),
    #[error("{wrong}")]
    Wrong { wrong: Wrong, payload: Option<String> },
    #[error("it could not be written down; nothing of it was taken")]
    Failed,
}

/// Where an integration of that kind sends to.
fn door(kind: &Kind) -> String {
    match kind {
        Kind::PagerDuty => "/v2/enqueue".to_owned(),
        Kind::Heartbeat => "/hooks/heartbeat".to_owned(),
        other => format!("/hooks/in/{}", other.as_str()),
    }
}

impl From<Wrong> for Refusal {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong { wrong, payload: None }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::NoIntegration(_) => Self::Off,
            Error::Full(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "alerts that were sent are turned away");
                Self::Full
            }
            Error::Inbound(wrong) => wrong.into(),
            other => {
                tracing::error!(error = &other as &dyn std::error::Error, "alerts that were sent could not be taken");
                Self::Failed
            }
        }
    }
}

impl Refusal {
    /// The same, with the beginning of the body that was wrong.
    pub(super) fn with_payload(self, integration: &Integration, bytes: &[u8]) -> Self {
        match self {
            Self::Wrong { wrong, .. } => Self::Wrong { wrong, payload: kept(integration, bytes) },
            other => other,
        }
    }

    pub(super) fn payload(&self) -> Option<String> {
        match self {
            Self::Wrong { payload, .. } => payload.clone(),
            _ => None,
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::NoDoor => StatusCode::NOT_FOUND,
            Self::Unknown => StatusCode::UNAUTHORIZED,
            Self::Off => StatusCode::FORBIDDEN,
            Self::OtherKind(_) | Self::NoKey(_) | Self::Wrong { .. } => StatusCode::BAD_REQUEST,
            Self::TooOften => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Cut => StatusCode::REQUEST_TIMEOUT,
            Self::Busy | Self::Failed | Self::Full => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoDoor => "not_found",
            Self::Unknown => "unauthorized",
            Self::Off => "forbidden",
            Self::OtherKind(_) | Self::NoKey(_) | Self::Wrong { .. } => "bad_request",
            Self::TooOften => "too_many_requests",
            Self::TooLarge { .. } => "too_large",
            Self::Cut => "timeout",
            Self::Busy | Self::Failed | Self::Full => "unavailable",
        }
    }

    /// Whether the same request may be taken soon.
    fn passes(&self) -> bool {
        matches!(self, Self::TooOften | Self::Busy | Self::Failed | Self::Full)
    }
}

/// In answers to requests of which nobody knows whose they are: whoever gets many of them guesses keys, or has an old one.
#[derive(Clone, Copy, Debug)]
pub struct Stranger;

/// All of it was taken.
pub(super) fn taken(taken: Taken) -> Response {
    let body: Value = json!({
        "status": "success",
        "fired": taken.fired,
        "updated": taken.updated,
        "acknowledged": taken.acknowledged,
        "resolved": taken.resolved,
        "left": taken.left,
    });
    (StatusCode::OK, Json(body)).into_response()
}

/// Nothing of it was.
pub(super) fn refused(refusal: &Refusal, kind: Option<Kind>) -> Response {
    let repeats_after_5xx: bool = matches!(kind, Some(Kind::Alertmanager | Kind::Datadog));
    let status: StatusCode = match refusal.status() {
        StatusCode::TOO_MANY_REQUESTS if repeats_after_5xx => StatusCode::SERVICE_UNAVAILABLE,
        status => status,
    };
    let mut body: Value = json!({ "error": { "code": refusal.code(), "message": refusal.to_string() } });
    if let Refusal::Wrong { wrong, .. } = refusal {
        body["error"]["field"] = json!(wrong.field);
        body["error"]["expected"] = json!(wrong.expected);
    }
    waiting(refusal, (status, Json(body)).into_response())
}

/// With the time after which it is worth trying again, where that is so.
pub(super) fn waiting(refusal: &Refusal, mut response: Response) -> Response {
    if refusal.passes() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
    }
    if matches!(refusal, Refusal::Unknown) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if matches!(refusal, Refusal::Unknown | Refusal::NoDoor) {
        response.extensions_mut().insert(Stranger);
    }
    response
}
