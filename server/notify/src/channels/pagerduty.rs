//! PagerDuty, Events API v2.
//!
//! Everything about one group carries the same `dedup_key`, so PagerDuty makes one incident of it, acknowledges it when somebody has it
//! here, and resolves it when it is over. The key of the first page is that key; it comes back as the reference. A test is an incident of
//! the severity `info`, which whoever tries the channel resolves there.
//!
//! *When it gets worse.* PagerDuty appends a `trigger` whose `dedup_key` belongs to an open incident to that incident's log and notifies
//! nobody, also when it is acknowledged there and the new event is more severe; there is no event that takes an acknowledgement back ("Events
//! API v2 Overview": Event Action, Deduplication). So a page that calls for more than was taken on ([`Page::is_raised`]) opens another
//! incident, under its own key, which is the reference from then on; and only when that stands, the one before is resolved. Were the old one
//! resolved first and its key used again, a crash between the two would leave nothing open, and PagerDuty promises no order of the two. That
//! everything is over is told to all of them: to resolve what is resolved does nothing there.
//!
//! Format: developer.pagerduty.com, "Send an Alert Event" (summary ≤ 1,024, `dedup_key` ≤ 255, 512 KB in all; 202, 400, 429, 5xx).

pub mod heard;

use super::pace::Pace;
use super::settings::{BadSettings, Field, Given, Said};
use super::wire::{self, Wire};
use super::{Channel, SendError, Sent, text, words};
use crate::page::{Kind, Page, PagedAlert};
use kernel::outbound::{Answer, Outbound};
use model::Severity;
use model::labels::Labels;
use reqwest::Method;
use reqwest::header::HeaderMap;
use ring::digest;
use serde_json::{Map, Value, json};
use std::time::Duration;

pub(crate) const KIND: &str = "pagerduty";

const SUMMARY: usize = 1_024;
const DEDUP_KEY: usize = 255;
/// 512,000 bytes are allowed.
const MOST: usize = 500_000;
/// Alerts that are told in full at most.
const ALERTS: usize = 100;
/// An integration key has exactly so many characters.
const ROUTING_KEY: usize = 32;
/// A label's value; longer ones are no names of anything.
const LABEL: usize = 500;

const RESOLVE: &str = "resolve";
/// What was raised stands already: the worker must not take it for lost because of what follows.
const LEAVE_PATIENCE: Duration = Duration::from_secs(8);

/// PagerDuty names no figure and answers 429 when it is too much: a storm is spread over some seconds.
const BURST: f64 = 30.0;
const PER_SECOND: f64 = 2.0;

/// What it must be told.
pub(crate) const FIELDS: &[Field] = &[
    Field::required(
        "routing_key",
        Said { ja: "インテグレーションキー", en: "Integration key" },
        Said {
            ja: "サービスの Events API v2 インテグレーションの 32 文字のキー。",
            en: "32 characters, from the Events API v2 integration of a service.",
        },
    )
    .secret(),
    Field::optional(
        "webhook_secret",
        Said { ja: "Webhook のシークレット", en: "Secret of the webhook" },
        Said {
            ja: "PagerDuty での引き受け（Acknowledge）や解決をこちらに反映するときに必要です。Generic Webhooks (v3) を作り、宛先を /hooks/pagerduty/<チャンネル名> にします。",
            en: "Needed to hear what is acknowledged or resolved there. Make a Generic Webhook (v3) to /hooks/pagerduty/<name of this channel>.",
        },
    )
    .secret(),
    Field::optional(
        "api_url",
        Said { ja: "API のアドレス", en: "Address of the API" },
        Said {
            ja: "EU リージョンでは https://events.eu.pagerduty.com にします。",
            en: "https://events.eu.pagerduty.com in the EU region.",
        },
    )
    .or("https://events.pagerduty.com"),
];

/// Pages through PagerDuty.
pub(crate) struct PagerDuty {
    wire: Wire,
    routing_key: String,
    url: String,
    pace: Pace,
}

impl PagerDuty {
    pub(crate) fn new(given: &Given<'_>, outbound: &Outbound) -> Result<Self, BadSettings> {
        let routing_key: String = given.text("routing_key")?;
        if routing_key.len() != ROUTING_KEY || !routing_key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(BadSettings::Wrong { field: "routing_key", expected: "32 letters and digits" });
        }
        let url: String = format!("{}/v2/enqueue", given.base("api_url")?);
        Ok(Self {
            wire: Wire::new("PagerDuty", outbound, vec![routing_key.clone()])?,
            routing_key,
            url,
            pace: Pace::new(BURST, PER_SECOND),
        })
    }

    /// Says one thing of one incident, and what PagerDuty answered.
    async fn event(&self, page: &Page, action: &str, dedup_key: &str) -> Result<String, SendError> {
        let body: Value = self.body(page, action, dedup_key);
        self.pace.turn("PagerDuty").await?;
        let answer: Answer = self.wire.json(Method::POST, &self.url, HeaderMap::new(), &body).await?;
        self.wire.judge(&answer, page.at)?;
        Ok(format!("accepted{}", self.wire.quoted(&answer)))
    }

    /// Resolves the incident that another one took the place of. When that fails the page has gone out all the same, and the end of the
    /// conversation resolves it; what is said of it is for the log.
    async fn leave(&self, page: &Page, keys: &Keys) -> String {
        let Some(left) = keys.before.last() else {
            return String::new();
        };
        match tokio::time::timeout(LEAVE_PATIENCE, self.event(page, RESOLVE, left)).await {
            Ok(Ok(_)) => "; a new incident, because this calls for more than the one before, which is resolved".to_owned(),
            Ok(Err(error)) => format!("; a new incident; the one before is not resolved: {error}"),
            Err(_elapsed) => "; a new incident; the one before is not resolved: no answer".to_owned(),
        }
    }

    fn body(&self, page: &Page, action: &str, dedup_key: &str) -> Value {
        wire::within(MOST, page.alerts.len().min(ALERTS), |n| self.body_with(page, action, dedup_key, n))
    }

    fn body_with(&self, page: &Page, action: &str, dedup_key: &str, n: usize) -> Value {
        let mut body: Map<String, Value> = Map::new();
        body.insert("routing_key".to_owned(), Value::from(self.routing_key.as_str()));
        body.insert("event_action".to_owned(), Value::from(action));
        body.insert("dedup_key".to_owned(), Value::from(dedup_key));
        if action == "trigger" {
            body.insert("payload".to_owned(), payload(page, n));
            body.insert("client".to_owned(), Value::from("Mimamori"));
            body.extend(text::link(&page.url).map(|url| ("client_url".to_owned(), Value::from(url))));
            body.insert("links".to_owned(), Value::from(links(page)));
        }
        Value::Object(body)
    }
}

#[async_trait::async_trait]
impl Channel for PagerDuty {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn send(&self, page: &Page) -> Result<Sent, SendError> {
        let keys: Keys = keys(page);
        let Some(action) = action(page.kind) else {
            let detail: &str = "not said: PagerDuty has no word for what only changes, or is only told";
            return Ok(Sent { reference: Some(keys.now), detail: detail.to_owned() });
        };
        let mut detail: String = self.event(page, action, &keys.now).await?;
        if page.is_raised {
            detail.push_str(&self.leave(page, &keys).await);
        }
        if page.kind == Kind::Resolved {
            for key in &keys.before {
                self.event(page, RESOLVE, key).await?;
            }
        }
        Ok(Sent { reference: Some(keys.now), detail })
    }
}

/// The incidents of a conversation.
struct Keys {
    /// The one that this page is about.
    now: String,
    /// Those before it.
    before: Vec<String>,
}

fn keys(page: &Page) -> Keys {
    let mut before: Vec<String> = page.previous.iter().chain(&page.later).map(|key| fitting(key)).collect();
    let newest: Option<String> = if page.is_raised { None } else { before.pop() };
    let now: String = newest.unwrap_or_else(|| fitting(&page.key));
    before.retain(|key| *key != now);
    Keys { now, before }
}

/// None for a mere update, of alerts or of an incident: to trigger would call somebody for what only changes.
fn action(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Fired | Kind::Again | Kind::Breached | Kind::Test => Some("trigger"),
        Kind::Acknowledged => Some("acknowledge"),
        Kind::Resolved => Some(RESOLVE),
        Kind::Updated | Kind::Announced | Kind::Warned => None,
    }
}

/// A key as PagerDuty takes it; what is too long is hashed, because a cut one could be another's.
fn fitting(key: &str) -> String {
    if key.len() <= DEDUP_KEY {
        return key.to_owned();
    }
    let hash: digest::Digest = digest::digest(&digest::SHA256, key.as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn severity(page: &Page) -> &'static str {
    match (page.kind, page.worst()) {
        (Kind::Test, _) | (_, Severity::P3) => "info",
        (_, Severity::P0) => "critical",
        (_, Severity::P1) => "error",
        (_, Severity::P2) => "warning",
    }
}

pub(crate) fn payload(page: &Page, n: usize) -> Value {
    let none = Labels::default();
    let labels: &Labels = page.first().map_or(&none, |alert| &alert.labels);
    let summary: String = if page.first().is_some() || page.bulletin.is_some() {
        format!("{} · {}", words::subject(page), text::one_line(&words::sentence(page)))
    } else {
        words::subject(page)
    };
    let mut payload: Value = json!({
        "summary": text::cut(&summary, SUMMARY),
        "source": one_of(labels, &["host", "instance", "service", "job"]).unwrap_or_else(|| "mimamori".to_owned()),
        "severity": severity(page),
        "timestamp": words::rfc3339(page.since()),
        "component": one_of(labels, &["service", "job"]),
        "group": one_of(labels, &["team", "env", "environment"]),
        "class": page.first().map(|alert| text::cut(&text::one_line(&alert.name), LABEL)),
        "custom_details": {
            "key": page.key,
            "n_alerts": page.n_alerts(),
            "alerts": page.alerts.iter().take(n).map(|alert| details(page, alert)).collect::<Vec<Value>>(),
        },
    });
    // What isn't known is left out: a null is no text.
    if let Some(fields) = payload.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    payload
}

fn details(page: &Page, alert: &PagedAlert) -> Value {
    let labels: Map<String, Value> =
        alert.labels.iter().map(|(name, value)| (name.to_owned(), Value::from(text::cut(value, LABEL)))).collect();
    let mut details: Value = json!({
        "id": alert.id.to_string(),
        "severity": alert.severity.code(),
        "name": text::cut(&text::one_line(&alert.name), LABEL),
        "summary": text::cut(&words::summary(alert), SUMMARY),
        "value": alert.value,
        "condition": text::cut(&alert.condition, LABEL),
        "fired_at": words::moment(alert.fired_at, page),
        "labels": labels,
    });
    let more: [(&str, Option<String>); 3] = [
        ("description", words::description(alert)),
        ("runbook_url", alert.runbook_url.as_deref().and_then(text::link)),
        ("source_url", alert.source_url.as_deref().and_then(text::link)),
    ];
    for (name, said) in more {
        if let Some(said) = said {
            details[name] = Value::from(said);
        }
    }
    details
}

/// The first of these labels that is there.
fn one_of(labels: &Labels, names: &[&str]) -> Option<String> {
    let found: Option<&str> = names.iter().map(|name| labels.get(name)).find(|value| !value.is_empty());
    found.map(|value| text::cut(&text::one_line(value), LABEL))
}

fn links(page: &Page) -> Vec<Value> {
    let mut links: Vec<Value> = Vec::new();
    let acknowledge: Option<String> = words::acknowledge(page);
    links.extend(acknowledge.map(|href| json!({ "href": href, "text": words::words(page.locale).acknowledge })));
    links.extend(words::links(page).into_iter().map(|(_, label, href)| json!({ "href": href, "text": label })));
    links
}
