//! What a message says, in our format and in Alertmanager's.

use super::wire::Headers;
use serde_json::Value;
use std::collections::BTreeSet;

/// The label by which the bench knows its alerts again: a number.
pub const LABEL: &str = "bench";
/// The label by which storms are put together.
pub const GROUP: &str = "system";

/// A page, or a word that it is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The idempotency key; empty in a format that has none.
    pub key: String,
    /// `fired`, `again`, `acknowledged`, `updated`, `resolved` or `test`.
    pub kind: String,
    /// Of the alerts that it lists.
    pub numbers: BTreeSet<u64>,
    /// Of all that it is about, also those that it has no room to list.
    pub n_alerts: usize,
    /// What its first alert has in [`GROUP`].
    pub group: String,
    /// The first alert's name, to say of a page that nobody wanted.
    pub name: String,
}

impl Message {
    /// Whether it summons somebody.
    pub fn calls(&self) -> bool {
        matches!(self.kind.as_str(), "fired" | "again")
    }
}

/// Of our webhook. Its key is the one in the header, which must be the one in the body.
pub fn ours(headers: &Headers, body: &[u8]) -> Option<Message> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let data: &Value = body.get("data")?;
    let key: &str = data.get("key")?.as_str()?;
    let id: &String = headers.get("webhook-id")?;
    let kind: &str = body.get("type")?.as_str()?.strip_prefix("alert.")?;
    let alerts: &Vec<Value> = data.get("alerts")?.as_array()?;
    let n_alerts: usize = usize::try_from(data.get("n_alerts")?.as_u64()?).ok()?;
    (*id == key.replace('.', "-")).then(|| Message {
        key: key.to_owned(),
        kind: kind.to_owned(),
        n_alerts,
        name: text(alerts.first(), "/name"),
        ..of_alerts(alerts)
    })
}

/// Of Alertmanager's webhook. What fires calls, also when some of it is over.
pub fn alertmanagers(body: &[u8]) -> Option<Message> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let kind: &str = if body.get("status")?.as_str()? == "firing" { "fired" } else { "resolved" };
    let alerts: &Vec<Value> = body.get("alerts")?.as_array()?;
    let name: String = text(alerts.first(), "/labels/alertname");
    Some(Message { kind: kind.to_owned(), n_alerts: alerts.len(), name, ..of_alerts(alerts) })
}

fn of_alerts(alerts: &[Value]) -> Message {
    let number = |alert: &Value| alert.pointer("/labels")?.get(LABEL)?.as_str()?.parse::<u64>().ok();
    Message {
        key: String::new(),
        kind: String::new(),
        numbers: alerts.iter().filter_map(number).collect(),
        n_alerts: alerts.len(),
        group: text(alerts.first(), &format!("/labels/{GROUP}")),
        name: String::new(),
    }
}

fn text(alert: Option<&Value>, pointer: &str) -> String {
    alert.and_then(|alert| alert.pointer(pointer)).and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &[u8] = br#"{"type":"alert.fired","timestamp":"2026-11-22T00:00:00Z","data":{"key":"g1-2/a.b","group":"g1",
        "n_alerts":70,"alerts":[{"name":"Disk","labels":{"bench":"7","system":"s-3"}},{"labels":{"bench":"x"}}]}}"#;

    #[test]
    fn our_message_is_read_and_its_key_must_be_the_headers() {
        let headers = |id: &str| Headers::from([("webhook-id".to_owned(), id.to_owned())]);
        let message = ours(&headers("g1-2/a-b"), OURS).unwrap();
        assert_eq!((message.key.as_str(), message.n_alerts, message.calls()), ("g1-2/a.b", 70, true));
        assert_eq!((message.group.as_str(), message.name.as_str()), ("s-3", "Disk"));
        assert_eq!(message.numbers, BTreeSet::from([7]));
        assert_eq!(ours(&headers("g1-3/a-b"), OURS), None);
        assert_eq!(ours(&headers("g1-2/a-b"), b"{}"), None);
    }

    #[test]
    fn alertmanagers_message_is_read() {
        let body = br#"{"version":"4","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"A","bench":"1","system":"s"}},
            {"status":"resolved","labels":{"bench":"2"}}]}"#;
        let message = alertmanagers(body).unwrap();
        assert_eq!((message.n_alerts, message.calls(), message.name.as_str()), (2, true, "A"));
        assert_eq!(message.numbers, BTreeSet::from([1, 2]));
        assert_eq!(alertmanagers(b"[]"), None);
    }
}
