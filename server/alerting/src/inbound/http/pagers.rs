//! `/v2/enqueue` and `/v2/change/enqueue`, answered as PagerDuty's Events API v2 answers.

use super::answers::{Refusal, Stranger, waiting};
use super::body;
use crate::error::Error;
use crate::inbound::{Inbound, InboundAlert, InboundChange, Integration, Kind, Wrong, pagerduty, take};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// PagerDuty takes the routing key as a header too.
const HEADER: &str = "x-routing-key";

/// `POST /v2/enqueue`.
pub(super) async fn enqueue(State(inbound): State<Inbound>, request: Request) -> Response {
    match alert(&inbound, request).await {
        Ok(key) => {
            let body: Value = json!({ "status": "success", "message": "Event processed", "dedup_key": key });
            (StatusCode::ACCEPTED, Json(body)).into_response()
        }
        Err(refusal) => refused(&refusal),
    }
}

/// `POST /v2/change/enqueue`.
pub(super) async fn enqueue_change(State(inbound): State<Inbound>, request: Request) -> Response {
    match change(&inbound, request).await {
        Ok(()) => {
            let body: Value = json!({ "status": "success", "message": "Change event processed" });
            (StatusCode::ACCEPTED, Json(body)).into_response()
        }
        Err(refusal) => refused(&refusal),
    }
}

/// Takes an alert, and says by which key it is known from now on.
async fn alert(inbound: &Inbound, request: Request) -> Result<String, Refusal> {
    let _room = body::room(&inbound.strangers).await?;
    let (integration, bytes): (Integration, Bytes) = sent(inbound, request).await?;
    let fresh_key: String = kernel::ids::new_uuid().simple().to_string();
    let read: Result<InboundAlert, Wrong> = pagerduty::parse(&bytes, &fresh_key);
    let alert: InboundAlert = noted(inbound, &integration, &bytes, read.map_err(Refusal::from)).await?;
    let key: String = alert.key.clone();
    let taken = inbound.take_request(&integration, vec![alert], &bytes).await.map(|_| ());
    noted(inbound, &integration, &bytes, taken).await?;
    Ok(key)
}

async fn change(inbound: &Inbound, request: Request) -> Result<(), Refusal> {
    let _room = body::room(&inbound.strangers).await?;
    let (integration, bytes): (Integration, Bytes) = sent(inbound, request).await?;
    let read: Result<InboundChange, Wrong> = pagerduty::parse_change(&bytes);
    let change: InboundChange = noted(inbound, &integration, &bytes, read.map_err(Refusal::from)).await?;
    let taken: Result<bool, Error> = take::change(&inbound.db, inbound.clock.now(), &integration, change, &bytes).await;
    noted(inbound, &integration, &bytes, taken.map(|_| ()).map_err(Refusal::from)).await
}

/// Who sent a request, and its body. The key stands in the body, so that is read first, within PagerDuty's own narrow limit.
async fn sent(inbound: &Inbound, request: Request) -> Result<(Integration, Bytes), Refusal> {
    let in_header: Option<String> = request.headers().get(HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let bytes: Bytes = body::read(request, pagerduty::MOST_BYTES).await?;
    let key: Option<String> = pagerduty::routing_key(&bytes).map_err(Refusal::NoKey)?.or(in_header);
    let Some(integration) = inbound.sender(key.as_deref().unwrap_or_default()).await? else {
        return Err(Refusal::Unknown);
    };
    if integration.kind != Kind::PagerDuty {
        return Err(Refusal::OtherKind(integration.kind));
    }
    inbound.admit(&integration).await?;
    Ok((integration, bytes))
}

/// Writes a refusal down where the integration is known.
async fn noted<T>(inbound: &Inbound, integration: &Integration, bytes: &Bytes, done: Result<T, Refusal>) -> Result<T, Refusal> {
    if let Err(refusal) = &done {
        inbound.note(integration, refusal, Some(bytes)).await;
    }
    done
}

/// PagerDuty's words. It knows no 401: a key that it does not know makes the request invalid.
fn refused(refusal: &Refusal) -> Response {
    let (status, said, message): (StatusCode, &str, &str) = match refusal {
        Refusal::TooOften => (
            StatusCode::TOO_MANY_REQUESTS,
            "throttle exceeded",
            "Requests for this service are arriving too quickly.  Please retry later.",
        ),
        Refusal::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "invalid event", "Event object is too large"),
        Refusal::Busy | Refusal::Failed | Refusal::Full => {
            (StatusCode::SERVICE_UNAVAILABLE, "error", "Event could not be stored")
        }
        Refusal::Cut => (StatusCode::REQUEST_TIMEOUT, "error", "Event did not arrive"),
        _ => (StatusCode::BAD_REQUEST, "invalid event", "Event object is invalid"),
    };
    let error: String = match refusal {
        Refusal::Unknown | Refusal::OtherKind(_) => {
            "routing_key: expected the key of an integration for PagerDuty's clients".to_owned()
        }
        other => other.to_string(),
    };
    let body: Value = json!({ "status": said, "message": message, "errors": [error] });
    let mut response: Response = (status, Json(body)).into_response();
    // Bodies are read before it is known whose they are.
    if matches!(refusal, Refusal::Unknown | Refusal::NoKey(_) | Refusal::TooLarge { .. } | Refusal::Cut) {
        response.extensions_mut().insert(Stranger);
        return response;
    }
    waiting(refusal, response)
}
