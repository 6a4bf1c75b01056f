//! What the bot asks and says besides messages: who somebody is, a window for a comment, a word that only one person sees.

use super::BOT_FIELDS;
use super::pressed::{COMMENT, TEXT};
use crate::channels::settings::{BadSettings, Given};
use crate::channels::wire::{self, Wire};
use crate::channels::{SendError, text, words};
use figures::Locale;
use kernel::outbound::{Answer, Outbound};
use model::Time;
use model::alert::MAX_COMMENT;
use model::ids::AlertId;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use serde_json::{Value, json};
use std::time::Duration;

/// Whoever pressed waits for Slack, and Slack waits three seconds for us.
const SOON: Duration = Duration::from_millis(1_200);
/// A whisper comes when it comes.
const LATER: Duration = Duration::from_secs(8);
/// What a plain text field takes.
const MOST_TYPED: usize = 3_000;
const SECTION: usize = 3_000;
/// Where Slack's own addresses for answers are.
const ANSWERS: [&str; 2] = ["hooks.slack.com", "hooks.slack-gov.com"];

/// Talks to one workspace.
pub(crate) struct Talk {
    wire: Wire,
    authorization: HeaderValue,
    api: String,
}

impl Talk {
    /// With the settings of a Slack channel, secrets and all.
    pub(crate) fn new(settings: &Value, outbound: &Outbound) -> Result<Self, BadSettings> {
        let given: Given<'_> = Given::read(BOT_FIELDS, settings)?;
        let token: String = given.text("token")?;
        let expected = BadSettings::Wrong { field: "token", expected: "a token of printable characters" };
        let authorization: HeaderValue = wire::secret_value(&format!("Bearer {token}")).ok_or(expected)?;
        Ok(Self { wire: Wire::new("Slack", outbound, vec![token])?, authorization, api: given.base("api_url")? })
    }

    /// The address by which Slack knows somebody. `None` when it does not say: the scope `users:read.email` may be missing.
    pub(crate) async fn email_of(&self, user: &str) -> Option<String> {
        let url: String = format!("{}/users.info?user={user}", self.api);
        let answer: Answer = self.wire.exchange(Method::GET, &url, self.headers(), Vec::new(), SOON).await.ok()?;
        let said: Value = serde_json::from_slice(&answer.body).ok()?;
        let person: &Value = &said["user"];
        // A guest of a shared channel belongs to somebody else's workspace, whose admins may write any address there.
        let is_stranger: bool = person["is_stranger"].as_bool() == Some(true) || person["deleted"].as_bool() == Some(true);
        if said["ok"].as_bool() != Some(true) || is_stranger {
            return None;
        }
        // An address that nobody confirmed could be anybody's.
        if person["is_email_confirmed"].as_bool() == Some(false) {
            return None;
        }
        person["profile"]["email"].as_str().map(str::to_owned)
    }

    /// Opens the window that asks for a comment about these alerts.
    pub(crate) async fn ask_for_comment(
        &self,
        trigger: &str,
        alerts: &[AlertId],
        locale: Locale,
        at: Time,
    ) -> Result<(), SendError> {
        let body: Value = json!({ "trigger_id": trigger, "view": window(alerts, locale) });
        let url: String = format!("{}/views.open", self.api);
        let answer: Answer =
            self.wire.exchange(Method::POST, &url, self.json_headers(), body.to_string().into_bytes(), SOON).await?;
        self.wire.judge(&answer, at)?;
        let said: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        if said["ok"].as_bool() == Some(true) {
            return Ok(());
        }
        let error: &str = said["error"].as_str().unwrap_or("nothing");
        Err(SendError::never(format!("Slack answered {}", self.wire.quotable(error))))
    }

    /// Says something to whoever pressed, and to nobody else.
    pub(crate) async fn whisper(&self, response_url: &str, said: &str, at: Time) -> Result<(), SendError> {
        if !self.is_slacks(response_url) {
            return Err(SendError::never("the address for the answer is not Slack's".to_owned()));
        }
        let text: String = text::fit(said, SECTION, text::slack);
        let body: Value = json!({ "response_type": "ephemeral", "replace_original": false, "text": text });
        let mut headers = HeaderMap::new();
        headers.insert(reqwest::header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        let bytes: Vec<u8> = body.to_string().into_bytes();
        let answer: Answer = self.wire.exchange(Method::POST, response_url, headers, bytes, LATER).await?;
        self.wire.judge(&answer, at)
    }

    /// Slack's own, or on the host that stands in for Slack.
    fn is_slacks(&self, address: &str) -> bool {
        let (Ok(address), Ok(api)) = (Url::parse(address), Url::parse(&self.api)) else { return false };
        let is_known: bool = address.scheme() == "https" && address.host_str().is_some_and(|host| ANSWERS.contains(&host));
        is_known || address.origin() == api.origin()
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, self.authorization.clone());
        headers
    }

    fn json_headers(&self) -> HeaderMap {
        let mut headers: HeaderMap = self.headers();
        headers.insert(reqwest::header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        headers
    }
}

/// A window with one field. Its title has at most 24 characters.
fn window(alerts: &[AlertId], locale: Locale) -> Value {
    let words: &words::Words = words::words(locale);
    let plain = |said: &str| json!({ "type": "plain_text", "text": said });
    let numbers: Vec<String> = alerts.iter().map(ToString::to_string).collect();
    json!({
        "type": "modal",
        "callback_id": COMMENT,
        "private_metadata": numbers.join(","),
        "title": plain(words.comment),
        "submit": plain(words.send),
        "close": plain(words.cancel),
        "blocks": [{
            "type": "input",
            "block_id": COMMENT,
            "label": plain(words.comment),
            "element": {
                "type": "plain_text_input",
                "action_id": TEXT,
                "multiline": true,
                "max_length": MAX_COMMENT.min(MOST_TYPED),
            },
        }],
    })
}
