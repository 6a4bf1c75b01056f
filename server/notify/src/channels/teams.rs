//! Microsoft Teams, by a workflow that waits for a webhook ("Post to a channel when a webhook request is received").
//!
//! The message is an Adaptive Card. Texts of strangers stand in `TextRun`s, which know no Markdown and no mentions, so nothing needs to be
//! escaped and nothing can be smuggled in. A workflow answers 202 and no id: every page is a new message.
//!
//! Formats: learn.microsoft.com, "Create incoming webhooks with Workflows" (28 kB), adaptivecards.io, schema 1.4. The older connectors take
//! the same card, and answer failures of Teams with 200 and a sentence.

use super::settings::{BadSettings, Field, Given, Said};
use super::wire::{self, Wire};
use super::{Channel, SendError, Sent, text, words};
use crate::page::{Page, PagedAlert};
use kernel::outbound::{Answer, Outbound};
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

pub(crate) const KIND: &str = "teams";

/// 28 kB are allowed; the header fields count.
const MOST: usize = 26_000;
const ALERTS: usize = 10;
const HEADING: usize = 200;
const SAID: usize = 3_000;
const FACT: usize = 500;
/// How an older connector says that Teams did not take the message, with the status behind it.
const FAILED: &str = "Microsoft Teams endpoint returned HTTP error";

/// What it must be told.
pub(crate) const FIELDS: &[Field] = &[Field::required(
    "url",
    Said { ja: "ワークフローのアドレス", en: "Address of the workflow" },
    Said {
        ja: "「Webhook 要求を受信したときにチャネルに投稿する」ワークフローを作ると表示されます。",
        en: "Shown when the workflow \"Post to a channel when a webhook request is received\" is made.",
    },
)
.secret()];

/// Posts cards.
pub(crate) struct Teams {
    wire: Wire,
    url: String,
}

impl Teams {
    pub(crate) fn new(given: &Given<'_>, outbound: &Outbound) -> Result<Self, BadSettings> {
        let url: String = given.url("url")?;
        Ok(Self { wire: Wire::new("Teams", outbound, wire::secrets_of(&url))?, url })
    }
}

#[async_trait::async_trait]
impl Channel for Teams {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn send(&self, page: &Page) -> Result<Sent, SendError> {
        let body: Value = wire::within(MOST, page.alerts.len().min(ALERTS), |n| message(page, n));
        let answer: Answer = self.wire.json(Method::POST, &self.url, HeaderMap::new(), &body).await?;
        self.wire.judge(&answer, page.at)?;
        let said: String = String::from_utf8_lossy(&answer.body).into_owned();
        match said.split_once(FAILED) {
            None => Ok(Sent { reference: page.previous.clone(), detail: format!("answered {}", answer.status) }),
            Some((_, behind)) => Err(self.failed(behind, &answer, page)),
        }
    }
}

impl Teams {
    fn failed(&self, behind: &str, answer: &Answer, page: &Page) -> SendError {
        let reason: String = format!("Teams did not take it{}", self.wire.quoted(answer));
        let status: String = behind.trim_start().chars().take_while(char::is_ascii_digit).collect();
        if status == "429" || status.starts_with('5') {
            SendError::Retry { reason, after: wire::retry_after(&answer.headers, page.at) }
        } else {
            SendError::Refused { reason }
        }
    }
}

pub(crate) fn message(page: &Page, n: usize) -> Value {
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": card(page, n),
        }],
    })
}

fn card(page: &Page, n: usize) -> Value {
    let words: &words::Words = words::words(page.locale);
    let mut body: Vec<Value> = vec![run(&text::cut(&words::heading(page), HEADING), "Large", "Bolder")];
    body.extend(words::overview(page).iter().map(|(name, value)| named(name, &text::cut(value, FACT))));
    if page.alerts.is_empty() {
        body.push(run(&text::cut(&words::sentence(page), SAID), "Default", "Default"));
    }
    for alert in page.alerts.iter().take(n) {
        body.extend(told(page, alert));
    }
    if page.n_alerts() > n {
        body.push(run(&(words.and_more)(page.n_alerts() - n), "Default", "Default"));
    }
    json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "lang": page.locale.as_str(),
        "fallbackText": text::cut(&words::heading(page), HEADING),
        "body": body,
        "actions": actions(page),
    })
}

fn told(page: &Page, alert: &PagedAlert) -> Vec<Value> {
    let mut told: Vec<Value> = Vec::new();
    if page.n_alerts() > 1 {
        let severity: String = words::level(alert.severity, page.locale);
        let title: String = format!("{severity} {} {}", alert.id, text::one_line(&alert.name));
        told.push(run(&text::cut(&title, HEADING), "Default", "Bolder"));
    }
    told.push(run(&text::cut(&words::summary(alert), SAID), "Default", "Default"));
    told.extend(words::known(page, alert).iter().map(|(name, value)| named(name, &text::cut(value, FACT))));
    told
}

fn actions(page: &Page) -> Vec<Value> {
    let acknowledge: Option<String> = words::acknowledge(page);
    let first = acknowledge.map(|url| (words::words(page.locale).acknowledge, url));
    let links = words::links(page).into_iter().map(|(_, label, url)| (label, url));
    let all = first.into_iter().chain(links);
    all.map(|(label, url)| json!({ "type": "Action.OpenUrl", "title": label, "url": url })).collect()
}

fn run(said: &str, size: &str, weight: &str) -> Value {
    json!({ "type": "RichTextBlock", "inlines": [{ "type": "TextRun", "text": said, "size": size, "weight": weight }] })
}

fn named(name: &str, value: &str) -> Value {
    json!({
        "type": "RichTextBlock",
        "spacing": "Small",
        "inlines": [
            { "type": "TextRun", "text": format!("{name}: "), "weight": "Bolder" },
            { "type": "TextRun", "text": value },
        ],
    })
}
