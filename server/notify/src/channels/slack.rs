//! Slack, by a bot's token and by an incoming webhook.
//!
//! With a token the first message about a group is kept by its channel and `ts`: when somebody takes the alert on, or it is over, that
//! message is changed (`chat.update`), so nobody reads an old cry for help as a new one, and a line in its thread says what happened. A
//! repeated page is a reply that is shown in the channel too: an edit makes no sound. What is said of an incident is a new message each
//! time. Slack has no idempotency key, so ours travels in the message's metadata. An incoming webhook answers `ok` and no `ts`: every page is
//! a new message there.
//!
//! Formats: docs.slack.dev, `chat.postMessage`, `chat.update`, "Sending messages using incoming webhooks".

pub(crate) mod blocks;
pub mod pressed;
pub mod rooms;
pub(crate) mod signature;
pub(crate) mod talk;
mod upload;

use super::pace::Pace;
use super::settings::{BadSettings, Field, Given, Said};
use super::wire::{self, Wire};
use super::{Channel, SendError, Sent, words};
use crate::page::{Kind, Page};
use blocks::Buttons;
use kernel::outbound::{Answer, Outbound};
use model::Time;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde_json::{Map, Value, json};
use upload::{Graph, Rest};

/// The bot.
pub(crate) const BOT: &str = "slack";
/// The incoming webhook.
pub(crate) const WEBHOOK: &str = "slack_webhook";

const ADDRESS_LABEL: Said = Said { ja: "API のアドレス", en: "Address of the API" };

/// What the bot must be told.
pub(crate) const BOT_FIELDS: &[Field] = &[
    Field::required(
        "token",
        Said { ja: "ボットトークン", en: "Bot token" },
        Said {
            ja: "xoxb- で始まるトークン。アプリに chat:write の権限を付け、チャンネルに招待してください。files:write があればグラフも付き、users:read と users:read.email があれば、ボタンを押した人を Mimamori の利用者として記録します。",
            en: "Begins with xoxb-. Give the app the scope chat:write and invite it to the channel. With files:write messages show a graph; with users:read and users:read.email whoever presses a button is known as a person here.",
        },
    )
    .secret(),
    Field::required(
        "channel",
        Said { ja: "チャンネル", en: "Channel" },
        Said {
            ja: "#alerts のような名前、または C で始まる ID。", en: "A name such as #alerts, or an ID that begins with C."
        },
    ),
    Field::optional(
        "signing_secret",
        Said { ja: "署名シークレット", en: "Signing secret" },
        Said {
            ja: "Slack のボタンで引き受けるときに必要です。空のときは、ボタンが引き受けの画面を開きます。",
            en: "Needed to acknowledge from the button in Slack. Without it the button opens the screen that does.",
        },
    )
    .secret(),
    Field::optional(
        "api_url",
        ADDRESS_LABEL,
        Said {
            ja: "通常は変更しません (GovSlack などで使います)。", en: "Leave it as it is, unless you use GovSlack."
        },
    )
    .or("https://slack.com/api"),
];

/// What the incoming webhook must be told.
pub(crate) const WEBHOOK_FIELDS: &[Field] = &[Field::required(
    "url",
    Said { ja: "Webhook のアドレス", en: "Address of the webhook" },
    Said {
        ja: "https://hooks.slack.com/services/ で始まるアドレス。投稿後の更新はできません。",
        en: "Begins with https://hooks.slack.com/services/. Messages can't be changed once they are sent.",
    },
)
.secret()];

/// Slack takes about one message a second and channel, and short bursts of more (docs.slack.dev, "Rate limits").
const BURST: f64 = 5.0;
const PER_SECOND: f64 = 1.0;
/// What Slack says when the same request may be taken later.
const TEMPORARY: [&str; 7] = [
    "ratelimited",
    "rate_limited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
];
/// What it says when the first message can't be changed any more: then a new one is sent.
const UNCHANGEABLE: [&str; 5] =
    ["message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found", "cannot_reply_to_message"];

/// Where a message stands, and what Slack made of one request.
enum Posted {
    /// `None` when Slack did not say where.
    At(Option<String>),
    /// The message the request is about is gone.
    Gone,
}

/// Speaks as the app's bot.
pub(crate) struct Bot {
    wire: Wire,
    authorization: HeaderValue,
    channel: String,
    api: String,
    buttons: Buttons,
    rest: Rest,
    pace: Pace,
}

impl Bot {
    pub(crate) fn new(given: &Given<'_>, outbound: &Outbound) -> Result<Self, BadSettings> {
        let token: String = given.text("token")?;
        let expected = BadSettings::Wrong { field: "token", expected: "a token of printable characters" };
        let authorization: HeaderValue = wire::secret_value(&format!("Bearer {token}")).ok_or(expected)?;
        let signing_secret: Option<String> = given.maybe("signing_secret")?;
        let buttons: Buttons = if signing_secret.is_some() { Buttons::Interactive } else { Buttons::Links };
        let secrets: Vec<String> = signing_secret.into_iter().chain([token]).collect();
        Ok(Self {
            wire: Wire::new("Slack", outbound, secrets)?,
            authorization,
            channel: given.text("channel")?,
            api: given.base("api_url")?,
            buttons,
            rest: Rest::default(),
            pace: Pace::new(BURST, PER_SECOND),
        })
    }

    /// The first message about a group, or the only one.
    async fn first(&self, page: &Page) -> Result<Sent, SendError> {
        let graph: Graph = self.graph(page).await;
        self.post(page, &graph, "posted").await
    }

    async fn post(&self, page: &Page, graph: &Graph, said: &str) -> Result<Sent, SendError> {
        let mut message: Map<String, Value> = self.message(page, &self.channel, graph);
        message.insert("unfurl_links".to_owned(), Value::from(false));
        match self.show("chat.postMessage", message, graph, page.at).await? {
            Posted::At(reference) => Ok(Sent { reference, detail: format!("{said}{}", graph.note) }),
            Posted::Gone => Err(SendError::never("Slack: the message can't be posted".to_owned())),
        }
    }

    /// A later one: the first is changed, and its thread says so.
    async fn later(&self, page: &Page, previous: &str) -> Result<Sent, SendError> {
        let Some((channel, ts)) = previous.split_once(':') else { return self.first(page).await };
        let graph: Graph = self.graph(page).await;
        let mut update: Map<String, Value> = self.message(page, channel, &graph);
        update.insert("ts".to_owned(), Value::from(ts));
        let mut posted: Posted = self.show("chat.update", update, &graph, page.at).await?;
        let mut detail: &str = "changed";
        // What only changed some of it is nothing to say once more.
        if page.kind != Kind::Updated && matches!(posted, Posted::At(_)) {
            posted = self.show("chat.postMessage", self.reply(page, channel, ts, &graph), &graph, page.at).await?;
            detail = "changed, and said in its thread";
        }
        match posted {
            Posted::At(_) => Ok(Sent { reference: Some(previous.to_owned()), detail: format!("{detail}{}", graph.note) }),
            Posted::Gone => self.post(page, &graph, "posted anew, because the first message is gone").await,
        }
    }

    /// The same call once more without the graph when Slack can't show it: it may not have looked at the file yet.
    async fn show(&self, method: &str, message: Map<String, Value>, graph: &Graph, at: Time) -> Result<Posted, SendError> {
        if graph.file.is_none() {
            return self.call(method, message, at).await;
        }
        match self.call(method, message.clone(), at).await {
            Err(SendError::Refused { reason }) if reason.contains("invalid_blocks") => {
                self.call(method, blocks::without_images(message), at).await
            }
            other => other,
        }
    }

    fn message(&self, page: &Page, channel: &str, graph: &Graph) -> Map<String, Value> {
        let mut message: Map<String, Value> = blocks::message(page, self.buttons, graph.file.as_deref());
        message.insert("channel".to_owned(), Value::from(channel));
        let about: &str = if page.bulletin.is_some() { "mimamori_incident" } else { "mimamori_alert" };
        message.insert("metadata".to_owned(), json!({ "event_type": about, "event_payload": { "key": page.key } }));
        message
    }

    /// In the thread of the first message. One that calls somebody is the whole message and stands in the channel as well.
    fn reply(&self, page: &Page, channel: &str, ts: &str, graph: &Graph) -> Map<String, Value> {
        let mut reply: Map<String, Value> = self.message(page, channel, graph);
        if page.kind.calls() {
            reply.insert("reply_broadcast".to_owned(), Value::from(true));
        } else {
            reply.insert("blocks".to_owned(), blocks::line(&words::change(page)));
        }
        reply.insert("thread_ts".to_owned(), Value::from(ts));
        reply.insert("unfurl_links".to_owned(), Value::from(false));
        reply
    }

    async fn call(&self, method: &str, body: Map<String, Value>, at: Time) -> Result<Posted, SendError> {
        self.pace.turn("Slack").await?;
        let url: String = format!("{}/{method}", self.api);
        let answer: Answer = self.wire.json(Method::POST, &url, self.headers(), &Value::Object(body)).await?;
        self.wire.judge(&answer, at)?;
        self.read(&answer, at)
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, self.authorization.clone());
        headers
    }

    /// 200 says nothing yet: `ok` does.
    fn read(&self, answer: &Answer, at: Time) -> Result<Posted, SendError> {
        let Ok(said) = serde_json::from_slice::<Value>(&answer.body) else {
            return Err(SendError::later(format!("Slack answered no JSON{}", self.wire.quoted(answer))));
        };
        if said["ok"].as_bool() == Some(true) {
            let place: Option<(&str, &str)> = said["channel"].as_str().zip(said["ts"].as_str());
            return Ok(Posted::At(place.map(|(channel, ts)| format!("{channel}:{ts}"))));
        }
        let error: &str = said["error"].as_str().unwrap_or("nothing");
        if UNCHANGEABLE.contains(&error) {
            return Ok(Posted::Gone);
        }
        let reason: String = format!("Slack answered {}{}", self.wire.quotable(error), self.more(&said, error));
        if TEMPORARY.contains(&error) {
            return Err(SendError::Retry { reason, after: wire::retry_after(&answer.headers, at) });
        }
        Err(SendError::Refused { reason })
    }

    /// What Slack adds to its one word, and what to do about the usual ones.
    fn more(&self, said: &Value, error: &str) -> String {
        let messages: Option<&Vec<Value>> = said["response_metadata"]["messages"].as_array();
        let told: Vec<&str> = messages.into_iter().flatten().filter_map(Value::as_str).collect();
        let advice: &str = match error {
            "not_in_channel" => " (invite the app to the channel)",
            "channel_not_found" => " (is the name right, and may the app see the channel?)",
            "is_archived" => " (the channel is archived)",
            "invalid_auth" | "not_authed" | "token_revoked" | "token_expired" | "account_inactive" => " (the token is not valid)",
            "missing_scope" => " (give the app the scope chat:write)",
            _ => "",
        };
        if told.is_empty() { advice.to_owned() } else { format!("{advice}: {}", self.wire.quotable(&told.join("; "))) }
    }
}

#[async_trait::async_trait]
impl Channel for Bot {
    fn kind(&self) -> &'static str {
        BOT
    }

    async fn send(&self, page: &Page) -> Result<Sent, SendError> {
        match page.previous.as_deref() {
            Some(previous) if !page.kind.stands_alone() => self.later(page, previous).await,
            _ => self.first(page).await,
        }
    }
}

/// Posts to one channel, and that is all it can.
pub(crate) struct Webhook {
    wire: Wire,
    url: String,
    pace: Pace,
}

impl Webhook {
    pub(crate) fn new(given: &Given<'_>, outbound: &Outbound) -> Result<Self, BadSettings> {
        let url: String = given.url("url")?;
        let pace: Pace = Pace::new(BURST, PER_SECOND);
        Ok(Self { wire: Wire::new("Slack", outbound, wire::secrets_of(&url))?, url, pace })
    }
}

#[async_trait::async_trait]
impl Channel for Webhook {
    fn kind(&self) -> &'static str {
        WEBHOOK
    }

    async fn send(&self, page: &Page) -> Result<Sent, SendError> {
        self.pace.turn("Slack").await?;
        let body = Value::Object(blocks::message(page, Buttons::Links, None));
        let answer: Answer = self.wire.json(Method::POST, &self.url, HeaderMap::new(), &body).await?;
        self.wire.judge(&answer, page.at)?;
        Ok(Sent { reference: page.previous.clone(), detail: format!("accepted{}", self.wire.quoted(&answer)) })
    }
}
