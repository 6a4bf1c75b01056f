//! The doors at which other tools knock. Each sender shows the key of its integration; nothing else is asked of it, no session and no token.
//!
//! `POST /hooks/in/<kind>` takes the key as `Authorization` (`Bearer <key>`, or `Basic` with the key as password); with the key behind
//! it in the address too, for tools that can send no header. `/v2/enqueue` and `/v2/change/enqueue` answer as PagerDuty does. `/hooks/heartbeat`
//! takes a key in the same two ways, and any method that a job at hand can send.
//!
//! A sender whose tool drops what is refused with 429 (Alertmanager and Datadog repeat after 5xx only) is held off with 503: an alert that
//! comes late is better than none. Both carry `Retry-After`.

pub mod answers;
mod body;
mod pagers;

use super::{
    Inbound, InboundAlert, Integration, Kind, Taken, alertmanager, datadog, grafana, heartbeat, key, mapped, rate, take,
};
use crate::error::Error;
use crate::store::integrations::{self, Note};
use answers::Refusal;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::Tx;
use model::Time;

/// What a sender may send at once. Ten thousand alerts of Alertmanager don't fit into what is enough for everybody else.
const MOST_BYTES: usize = 2 * 1024 * 1024;
const MOST_BYTES_OF_A_GROUP: usize = 8 * 1024 * 1024;
/// As much of a body as is kept to try a mapping on.
const KEPT_BYTES: usize = 16 * 1024;
/// As long a reason as is kept.
const MAX_REASON: usize = 500;

/// Every door, for requests of anybody: the key is asked for inside.
pub fn routes(inbound: Inbound) -> Router {
    Router::new()
        .route("/hooks/in/{kind}", post(by_header))
        .route("/hooks/in/{kind}/{key}", post(by_address))
        .route("/hooks/heartbeat", get(ping_by_header).post(ping_by_header))
        .route("/hooks/heartbeat/{key}", get(ping_by_address).post(ping_by_address))
        .route("/v2/enqueue", post(pagers::enqueue))
        .route("/v2/change/enqueue", post(pagers::enqueue_change))
        .with_state(inbound)
}

async fn by_header(State(inbound): State<Inbound>, Path(kind): Path<String>, request: Request) -> Response {
    let key: String = key_in(request.headers()).unwrap_or_default();
    answer(&inbound, &kind, &key, request).await
}

async fn by_address(State(inbound): State<Inbound>, Path((kind, key)): Path<(String, String)>, request: Request) -> Response {
    answer(&inbound, &kind, &key, request).await
}

async fn ping_by_header(State(inbound): State<Inbound>, headers: HeaderMap) -> Response {
    ping(&inbound, &key_in(&headers).unwrap_or_default()).await
}

async fn ping_by_address(State(inbound): State<Inbound>, Path(key): Path<String>) -> Response {
    ping(&inbound, &key).await
}

async fn ping(inbound: &Inbound, key: &str) -> Response {
    match pinged(inbound, key).await {
        Ok(taken) => answers::taken(taken),
        Err(refusal) => answers::refused(&refusal, Some(Kind::Heartbeat)),
    }
}

/// Takes a ping. Whatever body it has is not read.
async fn pinged(inbound: &Inbound, key: &str) -> Result<Taken, Refusal> {
    let integration: Integration = inbound.sender(key).await?.ok_or(Refusal::Unknown)?;
    if integration.kind != Kind::Heartbeat {
        return Err(Refusal::OtherKind(integration.kind));
    }
    inbound.admit(&integration).await?;
    Ok(heartbeat::ping(inbound, &integration).await?)
}

/// The key of an `Authorization` header.
fn key_in(headers: &HeaderMap) -> Option<String> {
    let value: &str = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest): (&str, &str) = value.trim().split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair: String = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    let (name, password): (&str, &str) = pair.split_once(':')?;
    Some(if password.is_empty() { name.to_owned() } else { password.to_owned() })
}

async fn answer(inbound: &Inbound, kind: &str, key: &str, request: Request) -> Response {
    let has_a_door_here = |kind: &Kind| !matches!(kind, Kind::PagerDuty | Kind::Heartbeat);
    let Some(kind) = Kind::from_word(kind).filter(has_a_door_here) else {
        return answers::refused(&Refusal::NoDoor, None);
    };
    match take_in(inbound, kind, key, request).await {
        Ok(taken) => answers::taken(taken),
        Err(refusal) => answers::refused(&refusal, Some(kind)),
    }
}

async fn take_in(inbound: &Inbound, kind: Kind, key: &str, request: Request) -> Result<Taken, Refusal> {
    let integration: Integration = inbound.sender(key).await?.ok_or(Refusal::Unknown)?;
    if integration.kind != kind {
        return Err(Refusal::OtherKind(integration.kind));
    }
    inbound.admit(&integration).await?;
    let limit: usize = if matches!(kind, Kind::Alertmanager | Kind::Grafana) { MOST_BYTES_OF_A_GROUP } else { MOST_BYTES };
    let _room = body::room(&inbound.bodies).await?;
    match read(inbound, &integration, limit, request).await {
        Ok(taken) => Ok(taken),
        Err(refusal) => {
            inbound.note(&integration, &refusal, None).await;
            Err(refusal)
        }
    }
}

async fn read(inbound: &Inbound, integration: &Integration, limit: usize, request: Request) -> Result<Taken, Refusal> {
    let bytes: Bytes = body::read(request, limit).await?;
    let alerts: Vec<InboundAlert> = match parsed(integration, bytes.clone()).await {
        Ok(alerts) => alerts,
        Err(refusal) => return Err(refusal.with_payload(integration, &bytes)),
    };
    inbound.take_request(integration, alerts, &bytes).await
}

/// Reads a body beside the other requests: one of ten thousand alerts takes a while. Whatever goes wrong there ends here.
async fn parsed(integration: &Integration, bytes: Bytes) -> Result<Vec<InboundAlert>, Refusal> {
    let (kind, mapping): (Kind, mapped::Mapping) = (integration.kind, integration.mapping.clone());
    let work = move || match kind {
        Kind::Alertmanager => alertmanager::parse(&bytes),
        Kind::Grafana => grafana::parse(&bytes),
        Kind::Datadog => datadog::parse(&bytes).map(|alert| vec![alert]),
        Kind::Json => mapped::parse(&bytes, &mapping),
        Kind::PagerDuty | Kind::Heartbeat => Ok(Vec::new()),
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(read) => read.map_err(Refusal::from),
        Err(error) => {
            tracing::error!(%error, kind = kind.as_str(), "a body that was sent could not be read");
            Err(Refusal::Failed)
        }
    }
}

/// The beginning of a body, of the kind that people write mappings for. Others may have secrets in them.
fn kept(integration: &Integration, bytes: &[u8]) -> Option<String> {
    let beginning: &[u8] = bytes.get(..KEPT_BYTES).unwrap_or(bytes);
    (integration.kind == Kind::Json).then(|| String::from_utf8_lossy(beginning).replace('\0', ""))
}

impl Inbound {
    /// Whose key that is. Looked up by its digest, which is then compared in constant time.
    async fn sender(&self, text: &str) -> Result<Option<Integration>, Error> {
        if !key::looks_like_key(text) {
            return Ok(None);
        }
        let digest: [u8; 32] = key::digest(text);
        let found: Option<(Integration, Vec<u8>)> = integrations::by_key(&self.db, &digest).await?;
        Ok(found.filter(|(_, stored)| key::same(stored, &digest)).map(|(integration, _)| integration))
    }

    /// Whether it may send now.
    async fn admit(&self, integration: &Integration) -> Result<(), Refusal> {
        if let Err(rate::TooOften { is_told }) = self.rates.take(integration.id, self.clock.now()) {
            if is_told {
                self.note(integration, &Refusal::TooOften, None).await;
            }
            return Err(Refusal::TooOften);
        }
        if !integration.is_enabled {
            self.note(integration, &Refusal::Off, None).await;
            return Err(Refusal::Off);
        }
        Ok(())
    }

    async fn take_request(&self, integration: &Integration, alerts: Vec<InboundAlert>, bytes: &Bytes) -> Result<Taken, Refusal> {
        let request = take::Request { bytes: bytes.len(), payload: kept(integration, bytes) };
        let taken: Result<Taken, Error> = take::alerts(&self.db, self.clock.now(), integration, alerts, &request).await;
        taken.map_err(Refusal::from)
    }

    /// Writes down that a request was refused, as far as that can be written down.
    async fn note(&self, integration: &Integration, refusal: &Refusal, bytes: Option<&Bytes>) {
        let payload: Option<String> = refusal.payload().or_else(|| bytes.and_then(|bytes| kept(integration, bytes)));
        let note = Note {
            said: refusal.to_string().chars().filter(|character| *character != '\0').take(MAX_REASON).collect(),
            n_bytes: bytes.map_or(0, Bytes::len),
            payload,
            ..Note::default()
        };
        if let Err(error) = self.write_note(integration, &note).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a refused request could not be written down");
        }
    }

    async fn write_note(&self, integration: &Integration, note: &Note) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        integrations::refused(&mut tx, integration.id, note, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::key_in;
    use axum::http::{HeaderMap, HeaderValue, header};

    #[test]
    fn a_key_is_found_in_either_scheme() {
        for (value, expected) in [
            ("Bearer abc", Some("abc")),
            ("bearer  abc ", Some("abc")),
            ("Basic bWltYW1vcmk6YWJj", Some("abc")),
            ("Basic YWJjOg==", Some("abc")),
            ("Basic ???", None),
            ("Digest abc", None),
            ("abc", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, HeaderValue::from_static(value));
            assert_eq!(key_in(&headers).as_deref(), expected, "{value}");
        }
        assert_eq!(key_in(&HeaderMap::new()), None);
    }
}
