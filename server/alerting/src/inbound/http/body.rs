//! Bodies as they come: within a limit, within a time, and not too many at once.

use super::answers::Refusal;
use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Nobody needs longer for a body.
const PATIENCE: Duration = Duration::from_secs(15);
/// Senders wait some seconds for an answer; whoever waits longer for room is better told to come again.
const PATIENCE_FOR_ROOM: Duration = Duration::from_secs(5);

/// Room for one body, until it is dropped.
pub(super) async fn room(bodies: &Semaphore) -> Result<SemaphorePermit<'_>, Refusal> {
    match tokio::time::timeout(PATIENCE_FOR_ROOM, bodies.acquire()).await {
        Ok(Ok(permit)) => Ok(permit),
        Ok(Err(_)) | Err(_) => Err(Refusal::Busy),
    }
}

/// The body of a request, at most `limit` bytes whatever length it announces.
pub(super) async fn read(request: Request, limit: usize) -> Result<Bytes, Refusal> {
    let announced: Option<u64> = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length| length > u64::try_from(limit).unwrap_or(u64::MAX)) {
        return Err(Refusal::TooLarge { limit });
    }
    match tokio::time::timeout(PATIENCE, to_bytes(request.into_body(), limit)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        // One that announced a length that is allowed has broken off; any other went beyond.
        Ok(Err(_)) if announced.is_some() => Err(Refusal::Cut),
        Ok(Err(_)) => Err(Refusal::TooLarge { limit }),
        Err(_) => Err(Refusal::Cut),
    }
}
