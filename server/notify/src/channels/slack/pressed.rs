//! What somebody did in Slack: a button of one of our messages, or the window that asks for a comment.
//!
//! Formats: docs.slack.dev, `block_actions` and `view_submission`. Slack also tells us of buttons that are links, and of blocks that are
//! none of ours: those are nothing to do.

use model::ids::AlertId;
use reqwest::Url;
use serde_json::Value;

/// What the buttons are called on the wire.
pub(crate) const ACKNOWLEDGE: &str = "ack";
pub(crate) const UNACKNOWLEDGE: &str = "unack";
/// Also what the window is called, and its only block.
pub const COMMENT: &str = "comment";
/// The field in that block.
pub(crate) const TEXT: &str = "text";
/// A page tells of fewer.
const MOST_ALERTS: usize = 200;
/// Ids of Slack have about eleven characters.
const LONGEST_ID: usize = 32;
const LONGEST_NAME: usize = 80;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    Acknowledge,
    Unacknowledge,
    /// Show the window that asks for a comment.
    AskComment,
    /// The window was sent.
    Comment(String),
}

/// Somebody pressed something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pressed {
    /// The workspace's id.
    pub team: String,
    /// The id of whoever pressed, in that workspace.
    pub user: String,
    /// How they are called there, on one line. Anybody can be called anything.
    pub name: String,
    pub act: Act,
    pub alerts: Vec<AlertId>,
    /// Where whoever pressed can be told something that nobody else sees.
    pub response_url: Option<String>,
    /// Opens a window for a few seconds.
    pub trigger: Option<String>,
}

impl Pressed {
    /// Out of the body of a request that was believed. `None` when there is nothing to do.
    #[must_use]
    pub fn read(body: &[u8]) -> Option<Self> {
        let payload: Value = payload(body)?;
        let (act, alerts): (Act, &str) = match payload["type"].as_str()? {
            "block_actions" => button(&payload)?,
            "view_submission" => window(&payload)?,
            _ => return None,
        };
        let user: &Value = &payload["user"];
        let team: &str = payload["team"]["id"].as_str().or_else(|| user["team_id"].as_str())?;
        let name: &str = user["username"].as_str().or_else(|| user["name"].as_str()).unwrap_or_default();
        let pressed = Self {
            team: id(team)?,
            user: id(user["id"].as_str()?)?,
            name: crate::channels::text::cut(&crate::channels::text::one_line(name), LONGEST_NAME),
            act,
            alerts: numbers(alerts),
            response_url: payload["response_url"].as_str().map(str::to_owned),
            trigger: payload["trigger_id"].as_str().map(str::to_owned),
        };
        if pressed.alerts.is_empty() { None } else { Some(pressed) }
    }
}

/// The form has one field, and that is JSON.
fn payload(body: &[u8]) -> Option<Value> {
    let form: &str = std::str::from_utf8(body).ok()?;
    let mut address: Url = Url::parse("http://form/").ok()?;
    address.set_query(Some(form));
    let field: Option<String> = address.query_pairs().find(|(name, _)| name == "payload").map(|(_, value)| value.into_owned());
    serde_json::from_str(&field?).ok()
}

fn button(payload: &Value) -> Option<(Act, &str)> {
    let action: &Value = payload["actions"].as_array()?.first()?;
    let act: Act = match action["action_id"].as_str()? {
        ACKNOWLEDGE => Act::Acknowledge,
        UNACKNOWLEDGE => Act::Unacknowledge,
        COMMENT => Act::AskComment,
        _ => return None,
    };
    // A link carries no value.
    Some((act, action["value"].as_str()?))
}

fn window(payload: &Value) -> Option<(Act, &str)> {
    let view: &Value = &payload["view"];
    if view["callback_id"].as_str()? != COMMENT {
        return None;
    }
    let said: &str = view["state"]["values"][COMMENT][TEXT]["value"].as_str().unwrap_or_default();
    Some((Act::Comment(said.trim().to_owned()), view["private_metadata"].as_str()?))
}

/// An id of Slack's: letters and digits, so that it can stand in an address.
fn id(written: &str) -> Option<String> {
    let is_id: bool =
        !written.is_empty() && written.len() <= LONGEST_ID && written.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_id.then(|| written.to_owned())
}

/// `A-1,A-2`, each once.
fn numbers(written: &str) -> Vec<AlertId> {
    let mut alerts: Vec<AlertId> = written.split(',').filter_map(|one| one.parse::<AlertId>().ok()).take(MOST_ALERTS).collect();
    alerts.sort_unstable();
    alerts.dedup();
    alerts
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// As a browser writes a form.
    fn form(payload: &Value) -> Vec<u8> {
        let mut url: Url = Url::parse("http://form/").unwrap();
        url.query_pairs_mut().append_pair("payload", &payload.to_string());
        url.query().unwrap().as_bytes().to_vec()
    }

    fn clicked(action: Value) -> Value {
        json!({
            "type": "block_actions",
            "team": { "id": "T9TK3CUKW", "domain": "example" },
            "user": { "id": "UA8RXUSPL", "username": "sato & co + 1", "team_id": "T9TK3CUKW" },
            "trigger_id": "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3",
            "response_url": "https://hooks.slack.com/actions/AABA1ABCD/1232321423432/D09sSasdasdAS9091209",
            "actions": [action],
        })
    }

    #[test]
    fn a_button_says_what_and_who() {
        for (id, act) in [("ack", Act::Acknowledge), ("unack", Act::Unacknowledge), ("comment", Act::AskComment)] {
            let body: Vec<u8> = form(&clicked(json!({ "action_id": id, "value": "A-12,A-7,A-12" })));
            let pressed: Pressed = Pressed::read(&body).unwrap();
            assert_eq!((pressed.act, pressed.alerts), (act, vec![AlertId(7), AlertId(12)]));
            assert_eq!((pressed.team.as_str(), pressed.user.as_str()), ("T9TK3CUKW", "UA8RXUSPL"));
            assert_eq!(pressed.name, "sato & co + 1");
            assert!(pressed.response_url.unwrap().starts_with("https://hooks.slack.com/actions/"));
        }
    }

    #[test]
    fn a_window_carries_a_comment() {
        let sent = json!({
            "type": "view_submission",
            "team": { "id": "T1" },
            "user": { "id": "U1", "name": "sato" },
            "view": {
                "callback_id": "comment",
                "private_metadata": "A-3",
                "state": { "values": { "comment": { "text": { "type": "plain_text_input", "value": " 再起動しました " } } } },
            },
        });
        let pressed: Pressed = Pressed::read(&form(&sent)).unwrap();
        assert_eq!((pressed.act, pressed.alerts), (Act::Comment("再起動しました".to_owned()), vec![AlertId(3)]));
        assert_eq!((pressed.response_url, pressed.trigger), (None, None));
    }

    #[test]
    fn what_is_none_of_ours_is_nothing_to_do() {
        for action in [
            json!({ "action_id": "open", "url": "https://example.jp" }),
            json!({ "action_id": "ack" }),
            json!({ "action_id": "ack", "value": "B-1" }),
            json!({ "action_id": "other", "value": "A-1" }),
        ] {
            assert_eq!(Pressed::read(&form(&clicked(action.clone()))), None, "{action}");
        }
        let mut stranger: Value = clicked(json!({ "action_id": "ack", "value": "A-1" }));
        stranger["user"]["id"] = json!("U1/../x");
        assert_eq!(Pressed::read(&form(&stranger)), None);
        for body in [b"".as_slice(), b"payload=", b"payload=%7B", b"\xff\xfe", b"a=b", b"payload=%7B%22type%22%3A1%7D"] {
            assert_eq!(Pressed::read(body), None);
        }
    }
}
