//! What the doors for OTLP and for Datadog have in common: a body becomes measurements, measurements are delivered, and what stands against
//! it has a status.

use axum::extract::Request;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use kernel::Grant;
use model::access::WriteMetrics;

use crate::Metrics;
use crate::allowance::{Allowance, Unreadable};
use crate::config::Config;
use crate::error::Error;
use crate::http::body::{self, Encoding, Unread};
use crate::ingest::LARGE_BODY;
use crate::otlp::Delivered;
use crate::otlp::mapping::Mapped;
use crate::quota::Sender;

/// When a refused sender may come again, in seconds.
const COME_AGAIN_S: u64 = 5;

/// Why a request was refused as a whole.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
    retry_after_s: Option<u64>,
}

impl Refused {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        let may_pass: bool = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        Self { status, message: message.into(), retry_after_s: may_pass.then_some(COME_AGAIN_S) }
    }

    fn too_fast(error: &Error, wait_s: u64) -> Self {
        let status: StatusCode = StatusCode::TOO_MANY_REQUESTS;
        Self { status, message: error.to_string(), retry_after_s: Some(wait_s) }
    }

    /// One of [`crate::own::REFUSALS`].
    pub(crate) fn code(&self) -> &'static str {
        match self.status {
            StatusCode::PAYLOAD_TOO_LARGE => "too_large",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported",
            StatusCode::TOO_MANY_REQUESTS => "overloaded",
            StatusCode::SERVICE_UNAVAILABLE => "unavailable",
            _ => "malformed",
        }
    }

    /// Says when to come again, where that helps.
    pub(crate) fn mark(&self, response: &mut Response) {
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
}

impl From<Unread> for Refused {
    fn from(unread: Unread) -> Self {
        let status: StatusCode = match &unread {
            Unread::Cut | Unread::Unreadable(Unreadable::Malformed { .. }) => StatusCode::BAD_REQUEST,
            Unread::Slow => StatusCode::REQUEST_TIMEOUT,
            Unread::Encoding(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Unread::Unreadable(Unreadable::TooLarge { .. }) => StatusCode::PAYLOAD_TOO_LARGE,
            Unread::Unreadable(Unreadable::Overloaded) => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, unread.to_string())
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        match &error {
            Error::Overloaded => return Self::new(StatusCode::TOO_MANY_REQUESTS, error.to_string()),
            Error::TooFast { wait_s } => return Self::too_fast(&error, *wait_s),
            _ => {}
        }
        tracing::warn!(error = &error as &dyn std::error::Error, "measurements could not be written");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
    }
}

/// How a door reads its bodies.
#[derive(Clone, Copy)]
pub(crate) struct Reading {
    /// The encodings that are taken, and how a refusal names them.
    pub(crate) encodings: (&'static [Encoding], &'static str),
    pub(crate) decode: fn(&[u8], &mut Allowance) -> Result<Mapped, Unreadable>,
}

/// Reads and delivers a request. A part that could not be taken is told in the result; when it may be taken later, and nothing was, it is
/// a refusal.
pub(crate) async fn deliver(
    metrics: &Metrics,
    grant: &Grant<WriteMetrics>,
    request: Request,
    reading: Reading,
) -> Result<Delivered, Refused> {
    let sender: Option<Sender> = sender_of(&request);
    within_rate(metrics, sender.as_ref())?;
    let encoding: Encoding = encoding_of(request.headers(), reading)?;
    let mut allowance: Allowance = metrics.ingest.memory.allowance();
    let config: &Config = metrics.door().1;
    let bytes: Vec<u8> = body::read(request.into_body(), encoding.most_bytes(config), &mut allowance).await?;
    let packed = Packed { bytes, encoding, most_bytes: config.max_decompressed_bytes };
    let (mapped, allowance) = decode(packed, reading, allowance).await?;
    let delivered: Delivered = metrics.deliver(grant, mapped, allowance, sender).await?;
    if delivered.may_pass() {
        return Err(Refused::new(StatusCode::TOO_MANY_REQUESTS, delivered.message()));
    }
    Ok(delivered)
}

/// Who sends, when whoever mounted the door said so.
pub(crate) fn sender_of(request: &Request) -> Option<Sender> {
    request.extensions().get::<Sender>().copied()
}

/// Refuses whoever is in debt before anything is read of what is sent. It is paid when it is admitted, and looked at again then.
pub(crate) fn within_rate(metrics: &Metrics, sender: Option<&Sender>) -> Result<(), Error> {
    let Some(sender) = sender else { return Ok(()) };
    metrics.ingest.quotas.check(sender, metrics.now()).map_err(|wait_s| Error::TooFast { wait_s })
}

fn encoding_of(headers: &HeaderMap, reading: Reading) -> Result<Encoding, Unread> {
    let (known, named) = reading.encodings;
    let encoding: Encoding = Encoding::of(headers).ok_or(Unread::Encoding(named))?;
    if known.contains(&encoding) { Ok(encoding) } else { Err(Unread::Encoding(named)) }
}

/// A body as it came, and how large it may become.
struct Packed {
    bytes: Vec<u8>,
    encoding: Encoding,
    most_bytes: usize,
}

/// A compressed body may become a large one, so it is read where it keeps nobody waiting, as a large one is.
async fn decode(packed: Packed, reading: Reading, mut allowance: Allowance) -> Result<(Mapped, Allowance), Refused> {
    let is_large: bool = packed.bytes.len() > LARGE_BODY || packed.encoding != Encoding::Identity;
    let read = move || -> Result<(Mapped, Allowance), Unreadable> {
        let body: Vec<u8> = packed.encoding.expand(packed.bytes, packed.most_bytes, &mut allowance)?;
        let mapped: Mapped = (reading.decode)(&body, &mut allowance)?;
        Ok((mapped, allowance))
    };
    let outcome =
        if is_large { tokio::task::spawn_blocking(read).await.map_err(|_| Refused::from(Error::Closed))? } else { read() };
    outcome.map_err(|unreadable| Refused::from(Unread::Unreadable(unreadable)))
}
