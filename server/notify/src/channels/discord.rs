//! Discord, by a channel's webhook.
//!
//! With `wait=true` Discord answers the message it made, so the first one about a group is changed when somebody has it or it is over. An
//! edit makes no sound: what calls somebody is a new message, and so is the end. Nobody can be mentioned, whatever a label says:
//! `allowed_mentions` is empty, and Markdown is escaped.
//!
//! Formats and limits: discord.com/developers/docs, "Webhook", "Embed limits" (title 256, description 4,096, 25 fields of 256 and 1,024,
//! 6,000 in all), "Rate limits" (429 with `retry_after` in seconds).

use super::pace::Pace;
use super::settings::{BadSettings, Field, Given, Said};
use super::wire::{self, Wire};
use super::{Channel, SendError, Sent, text, words};
use crate::page::{Kind, Page, PagedAlert};
use kernel::outbound::{Answer, Outbound};
use model::Severity;
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode, Url};
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) const KIND: &str = "discord";

const TITLE: usize = 256;
const NAME: usize = 200;
/// Of 4,096, so that the whole stays below 6,000: with the title and at most eight fields.
const DESCRIPTION: usize = 2_800;
const VALUE: usize = 400;
/// What may stand before the links.
const SAID: usize = 1_500;
/// A message without embeds.
const LINE: usize = 2_000;
/// Discord's code for a message that was deleted.
const UNKNOWN_MESSAGE: i64 = 10_008;
const ALERTS: usize = 10;
/// What is said about one of several alerts.
const SENTENCE: usize = 200;
/// The colours of severity, worst first; green when it is over.
const COLOURS: [u32; 4] = [0x00c0_1c28, 0x00c6_4600, 0x00e5_a50a, 0x001c_71d8];
const OVER: u32 = 0x0026_a269;

/// Five requests in two seconds a webhook; the answers say what is left of it.
const BURST: f64 = 5.0;
const PER_SECOND: f64 = 2.5;

/// What it must be told.
pub(crate) const FIELDS: &[Field] = &[Field::required(
    "url",
    Said { ja: "Webhook のアドレス", en: "Address of the webhook" },
    Said {
        ja: "チャンネルの設定、連携サービス、ウェブフックで作成し、URL をコピーします。",
        en: "Make one in the channel's settings, Integrations, Webhooks, and copy its URL.",
    },
)
.secret()];

/// Posts to one channel.
pub(crate) struct Discord {
    wire: Wire,
    /// Without query.
    url: Url,
    pace: Pace,
}

impl Discord {
    pub(crate) fn new(given: &Given<'_>, outbound: &Outbound) -> Result<Self, BadSettings> {
        let address: String = given.url("url")?;
        let expected = |_| BadSettings::Wrong { field: "url", expected: "an address" };
        let mut url: Url = Url::parse(&address).map_err(expected)?;
        url.set_query(None);
        url.set_fragment(None);
        Ok(Self { wire: Wire::new("Discord", outbound, wire::secrets_of(&address))?, url, pace: Pace::new(BURST, PER_SECOND) })
    }

    /// One request in its turn. An answer that says nothing is left makes the next one wait until there is.
    async fn exchange(&self, method: Method, url: &str, body: &Value) -> Result<Answer, SendError> {
        self.pace.turn("Discord").await?;
        let answer: Answer = self.wire.json(method, url, HeaderMap::new(), body).await?;
        let left: Option<&str> = answer.headers.get("x-ratelimit-remaining").and_then(|value| value.to_str().ok());
        if left == Some("0") {
            let after: Option<&str> = answer.headers.get("x-ratelimit-reset-after").and_then(|value| value.to_str().ok());
            if let Some(rest) = after.and_then(|after| after.parse::<f64>().ok()).and_then(wire::wait) {
                self.pace.rest(rest);
            }
        }
        Ok(answer)
    }

    /// A new message; returns its id.
    async fn post(&self, page: &Page, body: &Value) -> Result<Option<String>, SendError> {
        let url: String = format!("{}?wait=true", self.url);
        let answer: Answer = self.exchange(Method::POST, &url, body).await?;
        self.judge(&answer, page)?;
        let message: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        Ok(message["id"].as_str().map(str::to_owned))
    }

    /// Changes the first message. `false` when it is gone.
    async fn change(&self, page: &Page, id: &str) -> Result<bool, SendError> {
        let url: String = format!("{}/messages/{id}", self.url.as_str().trim_end_matches('/'));
        let answer: Answer = self.exchange(Method::PATCH, &url, &message(page)).await?;
        if answer.status == StatusCode::NOT_FOUND && code(&answer) == Some(UNKNOWN_MESSAGE) {
            return Ok(false);
        }
        self.judge(&answer, page)?;
        Ok(true)
    }

    fn judge(&self, answer: &Answer, page: &Page) -> Result<(), SendError> {
        let judged: Result<(), SendError> = self.wire.judge(answer, page.at);
        match judged {
            Err(SendError::Retry { reason, after }) => Err(SendError::Retry { reason, after: asked(answer).or(after) }),
            other => other,
        }
    }

    async fn later(&self, page: &Page, previous: &str) -> Result<Sent, SendError> {
        let sent = |detail: &str| Sent { reference: Some(previous.to_owned()), detail: detail.to_owned() };
        if !self.change(page, previous).await? {
            let reference: Option<String> = self.post(page, &message(page)).await?;
            return Ok(Sent { reference, detail: "posted anew, because the first message is gone".to_owned() });
        }
        match page.kind {
            Kind::Acknowledged | Kind::Updated => Ok(sent("changed")),
            Kind::Resolved => {
                self.post(page, &line(&words::change(page))).await?;
                Ok(sent("changed, and said so"))
            }
            Kind::Fired | Kind::Again | Kind::Announced | Kind::Warned | Kind::Breached | Kind::Test => {
                self.post(page, &message(page)).await?;
                Ok(sent("changed, and posted again"))
            }
        }
    }
}

#[async_trait::async_trait]
impl Channel for Discord {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn send(&self, page: &Page) -> Result<Sent, SendError> {
        let known: Option<&str> = page.previous.as_deref().filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()));
        match known {
            Some(previous) if !page.kind.stands_alone() => self.later(page, previous).await,
            _ => {
                let reference: Option<String> = self.post(page, &message(page)).await?;
                Ok(Sent { reference, detail: "posted".to_owned() })
            }
        }
    }
}

fn code(answer: &Answer) -> Option<i64> {
    serde_json::from_slice::<Value>(&answer.body).ok()?["code"].as_i64()
}

/// The body is more exact than the header.
fn asked(answer: &Answer) -> Option<Duration> {
    wire::wait(serde_json::from_slice::<Value>(&answer.body).ok()?["retry_after"].as_f64()?)
}

fn line(said: &str) -> Value {
    json!({ "content": text::fit(said, LINE, text::markdown), "allowed_mentions": { "parse": [] } })
}

pub(crate) fn message(page: &Page) -> Value {
    json!({ "embeds": [embed(page)], "allowed_mentions": { "parse": [] } })
}

fn embed(page: &Page) -> Value {
    let mut fields: Vec<Value> = words::overview(page).iter().map(|(name, value)| field(name, value, true)).collect();
    if let [alert] = page.alerts.as_slice() {
        fields.extend(words::known(page, alert).iter().map(|(name, value)| field(name, value, false)));
    }
    let mut embed: Value = json!({
        "title": text::fit(&words::heading(page), TITLE, text::markdown),
        "description": description(page),
        "color": colour(page),
        "fields": fields,
        "timestamp": words::rfc3339(page.since()),
    });
    if let Some(url) = text::link(&page.url) {
        embed["url"] = Value::from(url);
    }
    embed
}

fn description(page: &Page) -> String {
    let mut said: String = match page.alerts.as_slice() {
        [] | [_] => text::fit(&words::sentence(page), SAID, text::markdown),
        many => list(page, many),
    };
    let acknowledge: Option<String> = words::acknowledge(page);
    let first = acknowledge.map(|url| (words::words(page.locale).acknowledge, url));
    let links = words::links(page).into_iter().map(|(_, label, url)| (label, url));
    for (label, url) in first.into_iter().chain(links) {
        let more: String = format!("\n[{label}]({url})");
        // A link that is cut leads nowhere.
        if text::length(&said) + text::length(&more) <= DESCRIPTION {
            said.push_str(&more);
        }
    }
    said
}

fn list(page: &Page, alerts: &[PagedAlert]) -> String {
    let mut lines: Vec<String> = alerts.iter().take(ALERTS).map(|alert| told(page, alert)).collect();
    if page.n_alerts() > lines.len() {
        lines.push((words::words(page.locale).and_more)(page.n_alerts() - lines.len()));
    }
    // A line is told whole or not at all: half of one could end inside its markup.
    let mut said = String::new();
    for line in lines {
        if text::length(&said) + text::length(&line) < SAID {
            said.push_str(&line);
            said.push('\n');
        }
    }
    said
}

fn told(page: &Page, alert: &PagedAlert) -> String {
    let name: String = text::fit(&text::one_line(&alert.name), NAME, text::markdown);
    let sentence: String = text::fit(&text::one_line(&words::summary(alert)), SENTENCE, text::markdown);
    let severity: String = text::markdown(&words::level(alert.severity, page.locale));
    format!("**{severity} {} {name}** {sentence}", alert.id)
}

fn field(name: &str, value: &str, inline: bool) -> Value {
    json!({ "name": name, "value": text::fit(value, VALUE, text::markdown), "inline": inline })
}

fn colour(page: &Page) -> u32 {
    let severity: Severity = page.worst();
    match page.kind {
        Kind::Resolved => OVER,
        _ => COLOURS[usize::from(severity.level())],
    }
}
