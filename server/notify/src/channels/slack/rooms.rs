//! Channels of a workspace that are opened for something: people come in, the head says what it is about, and what is marked there is read.
//!
//! It takes more scopes than pages do: `channels:manage` and `channels:history` (`groups:write` and `groups:history` for private ones),
//! `reactions:read`, `users:read` and `users:read.email`. What is missing is said in Slack's own words. Formats: docs.slack.dev,
//! `conversations.create`, `conversations.invite`, `conversations.setTopic`, `conversations.history`, `users.lookupByEmail`.

use super::{BOT, BOT_FIELDS, TEMPORARY};
use crate::Notify;
use crate::channels::SendError;
use crate::channels::settings::{BadSettings, Given};
use crate::channels::wire::{self, Wire};
use crate::error::Error;
use crate::saved::Saved;
use crate::store;
use kernel::outbound::{Answer, Outbound};
use model::Time;
use model::links::encode;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Names that are tried when the first is taken: with `-2`, `-3` …
const MOST_NAMES: usize = 5;
/// What Slack takes as a name, a topic and a text.
const NAME: usize = 80;
const TOPIC: usize = 250;
const TEXT: usize = 12_000;
/// Messages of one answer, so that it stays small, and answers of one look.
const MESSAGES: usize = 25;
const MOST_ANSWERS: usize = 20;
/// People whose names are asked for in one look.
const MOST_NAMED: usize = 20;
const FORM: &str = "application/x-www-form-urlencoded";

/// A channel that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// `C024BE91L`.
    pub channel: String,
    /// Without `#`.
    pub name: String,
    /// Opens it in whatever the reader has of Slack.
    pub url: String,
}

/// A message with a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// Its name in its channel.
    pub ts: String,
    pub at: Time,
    pub author: String,
    pub text: String,
    pub url: String,
}

/// Talks to one workspace.
pub struct Workspace {
    wire: Wire,
    authorization: HeaderValue,
    api: String,
}

impl Notify {
    /// The workspace of the first Slack channel that is switched on; `None` where there is none.
    ///
    /// # Errors
    /// The database's; when its settings can't be opened or used.
    pub async fn slack_workspace(&self) -> Result<Option<Workspace>, Error> {
        let saved: Vec<Saved> = store::settings::list(&self.db, None).await?;
        let bot: Option<Saved> = saved.into_iter().find(|one| one.row.kind == BOT && one.row.enabled);
        let (Some(bot), Some(outbound)) = (bot, self.make.outbound()) else {
            return Ok(None);
        };
        let settings: Value = bot.whole(&self.keys)?;
        Ok(Some(Workspace::new(&settings, &outbound).map_err(Error::Settings)?))
    }
}

impl Workspace {
    /// With the settings of a Slack channel, secrets and all.
    pub(crate) fn new(settings: &Value, outbound: &Outbound) -> Result<Self, BadSettings> {
        let given: Given<'_> = Given::read(BOT_FIELDS, settings)?;
        let token: String = given.text("token")?;
        let expected = BadSettings::Wrong { field: "token", expected: "a token of printable characters" };
        let authorization: HeaderValue = wire::secret_value(&format!("Bearer {token}")).ok_or(expected)?;
        Ok(Self { wire: Wire::new("Slack", outbound, vec![token])?, authorization, api: given.base("api_url")? })
    }

    /// Opens a channel of that name, or with a number behind it when the name is taken.
    ///
    /// # Errors
    /// What Slack said.
    pub async fn open(&self, name: &str, is_private: bool, at: Time) -> Result<Opened, SendError> {
        for number in 1..=MOST_NAMES {
            let tail: String = if number == 1 { String::new() } else { format!("-{number}") };
            let head: String = name.chars().take(NAME - tail.len()).collect();
            let body: Value = json!({ "name": format!("{head}{tail}"), "is_private": is_private });
            let said: Value = self.post("conversations.create", &body, at).await?;
            if error_of(&said) == Some("name_taken") {
                continue;
            }
            let said: Value = self.must(said, "conversations.create")?;
            return opened(&said["channel"]);
        }
        Err(SendError::never("Slack has a channel of that name, and of every name like it".to_owned()))
    }

    /// Lets somebody in by their mail address; who is in it already is no mistake.
    ///
    /// # Errors
    /// What Slack said.
    pub async fn invite(&self, channel: &str, email: &str, at: Time) -> Result<(), SendError> {
        let form: String = format!("email={}", encode(email));
        let said: Value = self.exchange("users.lookupByEmail", FORM, form.into_bytes(), at).await?;
        let said: Value = self.must(said, "users.lookupByEmail")?;
        let Some(user) = said["user"]["id"].as_str() else {
            return Err(SendError::never("Slack named nobody with that address".to_owned()));
        };
        let body: Value = json!({ "channel": channel, "users": user });
        let said: Value = self.post("conversations.invite", &body, at).await?;
        if matches!(error_of(&said), Some("already_in_channel" | "cant_invite_self")) {
            return Ok(());
        }
        self.must(said, "conversations.invite").map(|_| ())
    }

    /// Says at the head of a channel what it is about.
    ///
    /// # Errors
    /// What Slack said.
    pub async fn set_topic(&self, channel: &str, topic: &str, at: Time) -> Result<(), SendError> {
        let topic: String = topic.chars().take(TOPIC).collect();
        let said: Value = self.post("conversations.setTopic", &json!({ "channel": channel, "topic": topic }), at).await?;
        self.must(said, "conversations.setTopic").map(|_| ())
    }

    /// Says something. Slack knows no idempotency key, so ours travels in the metadata.
    ///
    /// # Errors
    /// What Slack said.
    pub async fn say(&self, channel: &str, text: &str, key: &str, at: Time) -> Result<(), SendError> {
        let text: String = text.chars().take(TEXT).collect();
        let metadata: Value = json!({ "event_type": "mimamori_incident", "event_payload": { "key": key } });
        let body: Value = json!({ "channel": channel, "text": text, "unfurl_links": false, "metadata": metadata });
        let said: Value = self.post("chat.postMessage", &body, at).await?;
        self.must(said, "chat.postMessage").map(|_| ())
    }

    /// Messages since `since` that have this reaction, the newest first.
    ///
    /// # Errors
    /// What Slack said.
    pub async fn marked(&self, channel: &str, since: Time, reaction: &str, at: Time) -> Result<Vec<Marked>, SendError> {
        let mut found: Vec<Value> = Vec::new();
        let mut cursor: String = String::new();
        for _ in 0..MOST_ANSWERS {
            let oldest: i64 = since.0.div_euclid(1_000);
            let form: String = format!("channel={}&oldest={oldest}&limit={MESSAGES}&cursor={}", encode(channel), encode(&cursor));
            let said: Value = self.exchange("conversations.history", FORM, form.into_bytes(), at).await?;
            let said: Value = self.must(said, "conversations.history")?;
            let messages = said["messages"].as_array().into_iter().flatten();
            found.extend(messages.filter(|message| has_reaction(message, reaction)).cloned());
            cursor = said["response_metadata"]["next_cursor"].as_str().unwrap_or_default().to_owned();
            if cursor.is_empty() {
                break;
            }
        }
        Ok(self.named(channel, &found, at).await)
    }

    /// With the names of who wrote them, where Slack tells.
    async fn named(&self, channel: &str, messages: &[Value], at: Time) -> Vec<Marked> {
        let mut names: HashMap<String, String> = HashMap::new();
        let mut marked: Vec<Marked> = Vec::new();
        for message in messages {
            let Some((ts, written_at)) = message["ts"].as_str().and_then(|ts| Some((ts, moment(ts)?))) else {
                continue;
            };
            let user: &str = message["user"].as_str().unwrap_or_default();
            if !user.is_empty() && !names.contains_key(user) && names.len() < MOST_NAMED {
                let name: String = self.name_of(user, at).await.unwrap_or_else(|| user.to_owned());
                names.insert(user.to_owned(), name);
            }
            let other: &str = message["username"].as_str().unwrap_or(user);
            let author: String = names.get(user).cloned().unwrap_or_else(|| other.to_owned());
            let text: String = plain(message["text"].as_str().unwrap_or_default());
            let url: String = format!("{}&message_ts={}", link(channel, None), encode(ts));
            marked.push(Marked { ts: ts.to_owned(), at: written_at, author, text, url });
        }
        marked
    }

    async fn name_of(&self, user: &str, at: Time) -> Option<String> {
        let form: String = format!("user={}", encode(user));
        let said: Value = self.exchange("users.info", FORM, form.into_bytes(), at).await.ok()?;
        let person: &Value = &said["user"];
        let names = [&person["profile"]["display_name"], &person["profile"]["real_name"], &person["real_name"], &person["name"]];
        names.into_iter().filter_map(Value::as_str).find(|name| !name.is_empty()).map(str::to_owned)
    }

    async fn post(&self, method: &str, body: &Value, at: Time) -> Result<Value, SendError> {
        self.exchange(method, "application/json; charset=utf-8", body.to_string().into_bytes(), at).await
    }

    /// One question and what Slack said, whether it did it or not.
    async fn exchange(&self, method: &str, kind: &'static str, body: Vec<u8>, at: Time) -> Result<Value, SendError> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, self.authorization.clone());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        let url: String = format!("{}/{method}", self.api);
        let answer: Answer = self.wire.exchange(Method::POST, &url, headers, body, wire::PATIENCE).await?;
        self.wire.judge(&answer, at)?;
        let said: Value =
            serde_json::from_slice(&answer.body).map_err(|_| SendError::later(format!("Slack answered no JSON to {method}")))?;
        match error_of(&said) {
            Some(error) if TEMPORARY.contains(&error) => {
                let reason: String = format!("Slack answered {} to {method}", self.wire.quotable(error));
                Err(SendError::Retry { reason, after: wire::retry_after(&answer.headers, at) })
            }
            _ => Ok(said),
        }
    }

    /// What Slack said when it did it; else why not, with what it needs.
    fn must(&self, said: Value, method: &str) -> Result<Value, SendError> {
        let Some(error) = error_of(&said) else {
            return Ok(said);
        };
        let needed: &str = said["needed"].as_str().unwrap_or_default();
        let advice: String =
            if needed.is_empty() { String::new() } else { format!(" (give the app the scope {})", self.wire.quotable(needed)) };
        Err(SendError::never(format!("Slack answered {} to {method}{advice}", self.wire.quotable(error))))
    }
}

/// Why Slack did not do it; `None` when it did.
fn error_of(said: &Value) -> Option<&str> {
    if said["ok"].as_bool() == Some(true) { None } else { Some(said["error"].as_str().unwrap_or("nothing")) }
}

fn opened(channel: &Value) -> Result<Opened, SendError> {
    let Some(id) = channel["id"].as_str() else {
        return Err(SendError::never("Slack named no channel".to_owned()));
    };
    let name: String = channel["name"].as_str().unwrap_or_default().to_owned();
    Ok(Opened { channel: id.to_owned(), name, url: link(id, channel["context_team_id"].as_str()) })
}

/// Opens a channel in whatever the reader has of Slack (docs.slack.dev, "Deep linking").
fn link(channel: &str, team: Option<&str>) -> String {
    let team: String = team.map(|team| format!("&team={}", encode(team))).unwrap_or_default();
    format!("https://slack.com/app_redirect?channel={}{team}", encode(channel))
}

fn has_reaction(message: &Value, reaction: &str) -> bool {
    let reactions = message["reactions"].as_array().into_iter().flatten();
    // A skin tone stands behind the name: `thumbsup::skin-tone-2`.
    let mut names = reactions.filter_map(|one| one["name"].as_str()).map(|name| name.split("::").next().unwrap_or(name));
    names.any(|name| name == reaction)
}

/// `1503435956.000247`: seconds, and what tells apart what was said in one.
fn moment(ts: &str) -> Option<Time> {
    let (seconds, rest) = ts.split_once('.').unwrap_or((ts, ""));
    let seconds: i64 = seconds.parse().ok()?;
    let digits: String = rest.chars().take(3).collect();
    let ms: i64 = if digits.len() == 3 { digits.parse().ok()? } else { 0 };
    Some(Time(seconds.checked_mul(1_000)?.checked_add(ms)?))
}

/// What Slack escapes, as it was typed (docs.slack.dev, "Formatting message text").
fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
