//! Metrics pushed as text, for what lives too briefly to be scraped: a script, a backup, a job at night.
//!
//! `POST /api/v1/push/text` takes an exposition as it is; `/metrics/job/<job>{/<label>/<value>}` takes it as Prometheus' Pushgateway does,
//! with the labels of the path on every sample. Unlike a Pushgateway nothing is kept to be scraped again: the samples are written
//! once, at their own time or now. An exposition with an error is refused whole, as a scrape refuses it, with line and column.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::Grant;
use model::Time;
use model::access::WriteMetrics;
use model::labels::Labels;

use crate::Metrics;
use crate::allowance::{Allowance, Unreadable};
use crate::error::Error;
use crate::exposition::{self, Family, Format, Line, LineExemplar, Note, Sink};
use crate::http::body::{self, Encoding, Unread, header};
use crate::http::delivery::{Refused, sender_of, within_rate};
use crate::ingest::{LARGE_BODY, NOBODYS, Owned, OwnedExemplar};
use crate::quota::Sender;
use crate::sample::{Reason, Sample, Written};

/// What a sample takes in memory besides the text of its labels, and each label besides its text.
const SAMPLE_BYTES: usize = 64;
const LABEL_BYTES: usize = 64;
/// After this in a path comes a value in base64, for those that hold a slash.
const BASE64: &str = "@base64";
const PREFIX: &str = "/metrics/";
/// Labels of a path. Each is put on every sample; a Pushgateway's users have a handful.
const MOST_PATH_LABELS: usize = 32;

/// `POST /api/v1/push/text`.
pub(crate) async fn text(
    State(metrics): State<Arc<Metrics>>,
    Extension(grant): Extension<Grant<WriteMetrics>>,
    request: Request,
) -> Response {
    let outcome: Result<Written, Refused> = take(&metrics, &grant, Labels::default(), request).await;
    answer(&metrics, outcome, StatusCode::NO_CONTENT)
}

/// `POST|PUT /metrics/job/<job>{/<label>/<value>}`. Its clients take nothing but 200 and 202 for success.
pub(crate) async fn grouped(
    State(metrics): State<Arc<Metrics>>,
    Extension(grant): Extension<Grant<WriteMetrics>>,
    request: Request,
) -> Response {
    let outcome: Result<Written, Refused> = match grouping(request.uri().path()) {
        Ok(labels) => take(&metrics, &grant, labels, request).await,
        Err(message) => Err(Refused::new(StatusCode::BAD_REQUEST, message)),
    };
    answer(&metrics, outcome, StatusCode::OK)
}

fn answer(metrics: &Metrics, outcome: Result<Written, Refused>, success: StatusCode) -> Response {
    match outcome {
        Ok(written) if written.rejected.is_empty() => success.into_response(),
        Ok(written) => partly(&written),
        Err(refused) => {
            metrics.door().0.own.refused_request(refused.code());
            let mut response: Response = error(refused.status, refused.code(), &refused.message);
            refused.mark(&mut response);
            response
        }
    }
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    let body = serde_json::json!({ "error": { "code": code, "message": message } });
    (status, Json(body)).into_response()
}

/// 429 when every refused sample may be taken later, else 400; the others are on disk.
fn partly(written: &Written) -> Response {
    let reasons: Vec<String> = written.rejected.iter().map(ToString::to_string).collect();
    let all: u64 = written.accepted + written.n_rejected();
    let message: String =
        format!("{} of {all} samples were refused, the others are stored: {}", written.n_rejected(), reasons.join("; "));
    let may_pass: bool = written.rejected.iter().map(|rejected| rejected.reason).all(Reason::may_pass);
    if may_pass {
        let refused = Refused::new(StatusCode::TOO_MANY_REQUESTS, message);
        let mut response: Response = error(refused.status, "too_many_series", &refused.message);
        refused.mark(&mut response);
        response
    } else {
        error(StatusCode::BAD_REQUEST, "samples_refused", &message)
    }
}

async fn take(metrics: &Metrics, grant: &Grant<WriteMetrics>, labels: Labels, request: Request) -> Result<Written, Refused> {
    let sender: Option<Sender> = sender_of(&request);
    within_rate(metrics, sender.as_ref())?;
    let format: Format = format_of(header(request.headers(), CONTENT_TYPE.as_str()))?;
    let encoding: Encoding = Encoding::of(request.headers()).ok_or(Unread::Encoding("gzip, deflate or none"))?;
    let mut allowance: Allowance = metrics.ingest.memory.allowance();
    let (_, config) = metrics.door();
    let most_expanded: usize = config.max_decompressed_bytes;
    let bytes: Vec<u8> = body::read(request.into_body(), encoding.most_bytes(config), &mut allowance).await?;
    let is_large: bool = bytes.len() > LARGE_BODY || encoding != Encoding::Identity;
    let now: Time = metrics.now();
    let read = move || -> Result<(Pushed, Allowance), Refused> {
        let body: Vec<u8> = encoding.expand(bytes, most_expanded, &mut allowance).map_err(Unread::Unreadable)?;
        let pushed: Pushed = read(&body, format, &labels, now, &mut allowance)?;
        Ok((pushed, allowance))
    };
    let (pushed, allowance) =
        if is_large { tokio::task::spawn_blocking(read).await.map_err(|_| Refused::from(Error::Closed))?? } else { read()? };
    for family in &pushed.families {
        metrics.metadata().note(&family.name, family.kind, &family.help, &family.unit);
    }
    let owned = Owned { owners: vec![NOBODYS; pushed.samples.len()], samples: pushed.samples, exemplars: pushed.exemplars };
    let (written, _) = metrics.take_owned(grant, owned, sender).await?;
    drop(allowance);
    Ok(written)
}

/// What says nothing, or says what curl says by itself, is taken for text, as a Pushgateway does.
fn format_of(content_type: &str) -> Result<Format, Refused> {
    if content_type.contains("protobuf") {
        let message = "the content type must be text/plain or application/openmetrics-text";
        return Err(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    Ok(Format::of(content_type, Some(Format::Text)).unwrap_or(Format::Text))
}

/// What a text holds.
#[derive(Debug, Default)]
struct Pushed {
    samples: Vec<Sample>,
    exemplars: Vec<OwnedExemplar>,
    families: Vec<Family>,
}

fn read(body: &[u8], format: Format, labels: &Labels, now: Time, allowance: &mut Allowance) -> Result<Pushed, Refused> {
    let bad = |message: String| Refused::new(StatusCode::BAD_REQUEST, message);
    let text: &str = std::str::from_utf8(body).map_err(|error| bad(format!("the body is not UTF-8: {error}")))?;
    let mut reading = Reading { labels, now, allowance, pushed: Pushed::default(), failed: None };
    exposition::read(text, format, &mut reading).map_err(|error| bad(error.to_string()))?;
    match reading.failed {
        Some(failed) => Err(Refused::from(Unread::Unreadable(failed))),
        None => Ok(reading.pushed),
    }
}

/// Collects samples as long as there is memory for them.
struct Reading<'a> {
    labels: &'a Labels,
    now: Time,
    allowance: &'a mut Allowance,
    pushed: Pushed,
    failed: Option<Unreadable>,
}

impl Sink for Reading<'_> {
    fn sample(&mut self, line: &Line<'_>) {
        if self.failed.is_some() {
            return;
        }
        // In order, because labels that come out of order are moved aside one by one.
        let mut sorted: BTreeMap<&str, &str> = line.labels.iter().map(|(name, value)| (&**name, &**value)).collect();
        sorted.extend(self.labels.iter());
        let labels = Labels::new(sorted);
        let bytes: usize = labels.iter().map(|(name, value)| name.len() + value.len() + LABEL_BYTES).sum();
        self.failed = self.allowance.spend(bytes + SAMPLE_BYTES).err();
        let at: Time = line.at_ms.map_or(self.now, Time);
        if let Some(exemplar) = &line.exemplar {
            self.exemplar(exemplar, at);
        }
        self.pushed.samples.push(Sample { labels, at, value: line.value });
    }

    fn note(&mut self, name: &str, note: Note<'_>) {
        if self.failed.is_none() {
            self.failed = self.allowance.spend(name.len() + LABEL_BYTES).err();
            Family::gather(&mut self.pushed.families, name, note);
        }
    }
}

impl Reading<'_> {
    /// Of the sample that comes next.
    fn exemplar(&mut self, exemplar: &LineExemplar<'_>, at: Time) {
        let letters: usize = exemplar.labels.iter().map(|(name, value)| name.len() + value.len() + LABEL_BYTES).sum();
        self.failed = self.failed.take().or(self.allowance.spend(letters + SAMPLE_BYTES).err());
        self.pushed.exemplars.push(OwnedExemplar::of(exemplar, self.pushed.samples.len(), at));
    }
}

/// The labels of a path `/metrics/job/<job>{/<label>/<value>}`; a label may end in `@base64`, its value is then in base64 for URLs.
fn grouping(path: &str) -> Result<Labels, String> {
    const EXPECTED: &str = "expected /metrics/job/<job> and then pairs of /<label>/<value>";
    let rest: &str = path.strip_prefix(PREFIX).ok_or(EXPECTED)?;
    let parts: Vec<&str> = rest.split('/').take(2 * MOST_PATH_LABELS + 1).collect();
    if parts.len() > 2 * MOST_PATH_LABELS {
        return Err(format!("a path has at most {MOST_PATH_LABELS} labels"));
    }
    let mut labels = Labels::default();
    for (at, pair) in parts.chunks(2).enumerate() {
        let [written, value] = pair else { return Err(format!("{written:?} has no value, {EXPECTED}", written = pair[0])) };
        let (name, is_base64) = match written.strip_suffix(BASE64) {
            Some(name) => (name, true),
            None => (*written, false),
        };
        let name: String = decode(name).ok_or_else(|| format!("{written:?} is not a label"))?;
        let value: Option<String> = if is_base64 { from_base64(value) } else { decode(value) };
        let value: String = value.ok_or_else(|| format!("the value of {written:?} can't be decoded"))?;
        if (at == 0) != (name == "job") || !is_label(&name) {
            return Err(format!("{name:?} can't stand here, {EXPECTED}"));
        }
        if !labels.get(&name).is_empty() {
            return Err(format!("the label {name:?} comes twice"));
        }
        labels.set(name, value);
    }
    if labels.get("job").is_empty() { Err("the job has no name".to_owned()) } else { Ok(labels) }
}

fn is_label(name: &str) -> bool {
    let begins: bool = name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    begins && !name.starts_with("__") && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

fn from_base64(text: &str) -> Option<String> {
    let bytes: Vec<u8> = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
    String::from_utf8(bytes).ok()
}

/// Takes the percent signs out.
fn decode(text: &str) -> Option<String> {
    let mut bytes: Vec<u8> = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
        bytes.push((high << 4) | low);
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
