//! PagerDuty's Events API v2, so that whatever can page PagerDuty needs only another address.
//!
//! Source: PagerDuty's developer documentation, "Send an Alert Event" and "Send a Change Event". What PagerDuty refuses for its length we
//! cut; what has no routing key, action, summary, source or severity is refused in its words.

use super::reader::{self, Item, MAX_SUMMARY, MAX_TITLE, clean};
use super::{Act, InboundAlert, InboundChange, MAX_KEY, Wrong};
use model::labels::Labels;
use serde_json::Value;
use std::collections::BTreeMap;

/// PagerDuty's limit of a body.
pub(super) const MOST_BYTES: usize = 512_000;
/// Members of the payload that become labels.
const LABELS: [&str; 4] = ["source", "component", "group", "class"];
const SEVERITIES: [&str; 4] = ["critical", "error", "warning", "info"];

/// The body of `/v2/enqueue`; `fresh_key` is for a trigger that brings none.
pub(super) fn parse(bytes: &[u8], fresh_key: &str) -> Result<InboundAlert, Wrong> {
    let body: Value = reader::read(bytes)?;
    let item: Item<'_> = Item::of(&body, "body")?;
    let act: Act = act(item)?;
    let key: String = key(item, act, fresh_key)?;
    match (act, item.item("payload")?) {
        (Act::Fire, None) => Err(Wrong::new("payload", "an object with summary, source and severity")),
        (Act::Fire, Some(payload)) => triggered(item, payload, key),
        (Act::Acknowledge | Act::Resolve, _) => Ok(answered(act, key)),
    }
}

/// The routing key of a body, before anything else of it is believed.
pub(super) fn routing_key(bytes: &[u8]) -> Result<Option<String>, Wrong> {
    let body: Value = reader::read(bytes)?;
    Item::of(&body, "body")?.text("routing_key")
}

fn act(item: Item<'_>) -> Result<Act, Wrong> {
    const EXPECTED: &str = "\"trigger\", \"acknowledge\" or \"resolve\"";
    match item.required("event_action", EXPECTED)?.as_str() {
        "trigger" => Ok(Act::Fire),
        "acknowledge" => Ok(Act::Acknowledge),
        "resolve" => Ok(Act::Resolve),
        _ => Err(Wrong::new("event_action", EXPECTED)),
    }
}

fn key(item: Item<'_>, act: Act, fresh_key: &str) -> Result<String, Wrong> {
    match item.text("dedup_key")? {
        Some(key) if key.chars().count() > MAX_KEY => Err(Wrong::new("dedup_key", "at most 255 characters")),
        Some(key) => Ok(clean(&key, MAX_KEY)),
        None if act == Act::Fire => Ok(fresh_key.to_owned()),
        None => Err(Wrong::new("dedup_key", "the key that the trigger was answered with")),
    }
}

/// Nothing else of such a request counts.
pub(super) fn answered(act: Act, key: String) -> InboundAlert {
    InboundAlert {
        key,
        act,
        name: String::new(),
        summary: String::new(),
        severity: String::new(),
        labels: Labels::default(),
        annotations: BTreeMap::new(),
        url: None,
        value: None,
        started_at: None,
        ends_at: None,
    }
}

fn triggered(item: Item<'_>, payload: Item<'_>, key: String) -> Result<InboundAlert, Wrong> {
    let inside = |wrong: Wrong| wrong.under("payload");
    let summary: String = clean(&payload.required("summary", "a text of 1 to 1024 characters").map_err(inside)?, MAX_SUMMARY);
    payload.required("source", "the name of what is affected").map_err(inside)?;
    let severity: String = severity(payload).map_err(inside)?;
    let mut pairs: Vec<(&str, String)> = Vec::new();
    for name in LABELS {
        if let Some(text) = payload.text(name).map_err(inside)? {
            pairs.push((name, text));
        }
    }
    if let Some(client) = item.text("client")? {
        pairs.push(("client", client));
    }
    let labels: Labels = reader::labels(pairs);
    Ok(InboundAlert {
        name: name(&labels, &summary),
        url: item.url("client_url").or_else(|| first_link(item)),
        annotations: details(payload),
        severity,
        summary,
        labels,
        ..answered(Act::Fire, key)
    })
}

fn severity(payload: Item<'_>) -> Result<String, Wrong> {
    const EXPECTED: &str = "\"critical\", \"error\", \"warning\" or \"info\"";
    let word: String = payload.required("severity", EXPECTED)?.to_lowercase();
    if SEVERITIES.contains(&word.as_str()) { Ok(word) } else { Err(Wrong::new("severity", EXPECTED)) }
}

/// What such alerts have in common: their class, else the part, else nothing, and then each is called as it is.
fn name(labels: &Labels, summary: &str) -> String {
    let word: Option<&str> = ["class", "component"].into_iter().map(|name| labels.get(name)).find(|word| !word.is_empty());
    clean(word.unwrap_or(summary), MAX_TITLE)
}

fn first_link(item: Item<'_>) -> Option<String> {
    let link: &Value = item.items_if_any("links").first()?;
    Item::of(link, "links").ok()?.url("href")
}

/// `custom_details` as annotations; a sender may also write a plain text there.
fn details(payload: Item<'_>) -> BTreeMap<String, String> {
    match payload.words("custom_details") {
        Ok(words) => reader::annotations(words),
        Err(_) => match payload.text("custom_details") {
            Ok(Some(text)) => reader::annotations([("details", text)]),
            _ => BTreeMap::new(),
        },
    }
}

/// The body of `/v2/change/enqueue`.
pub(super) fn parse_change(bytes: &[u8]) -> Result<InboundChange, Wrong> {
    let body: Value = reader::read(bytes)?;
    let item: Item<'_> = Item::of(&body, "body")?;
    let payload: Item<'_> = item.item("payload")?.ok_or_else(|| Wrong::new("payload", "an object with summary"))?;
    let inside = |wrong: Wrong| wrong.under("payload");
    let summary: String = payload.required("summary", "a text of 1 to 1024 characters").map_err(inside)?;
    let source: Option<String> = payload.text("source").map_err(inside)?;
    Ok(InboundChange {
        summary: clean(&summary, MAX_SUMMARY),
        source: clean(&source.unwrap_or_default(), MAX_TITLE),
        url: first_link(item),
        at: payload.time("timestamp"),
        details: details(payload),
    })
}

#[cfg(test)]
mod tests {
    use super::{parse, parse_change, routing_key};
    use crate::inbound::{Act, InboundAlert};
    use model::Time;
    use model::labels::Labels;
    use serde_json::{Value, json};

    fn trigger() -> Value {
        json!({
            "routing_key": "abcdefghijklmnopqrstuvwxyz234567",
            "event_action": "trigger",
            "dedup_key": "samplekeyhere",
            "payload": {
                "summary": "決済APIのエラー率が 7 %",
                "source": "api-01.example.jp",
                "severity": "critical",
                "timestamp": "2026-11-22T14:06:07.500+0900",
                "component": "payments",
                "group": "prod",
                "class": "error rate",
                "custom_details": {"rate": 0.07, "window": "5m", "hosts": ["a", "b"]}
            },
            "images": [],
            "links": [{"href": "https://mon.example.jp/1", "text": "graph"}],
            "client": "Sample monitor",
            "client_url": "https://mon.example.jp"
        })
    }

    fn parsed(body: &Value) -> Result<InboundAlert, String> {
        parse(body.to_string().as_bytes(), "fresh").map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn a_trigger_is_read() {
        let alert: InboundAlert = parsed(&trigger()).unwrap();
        assert_eq!((alert.act, alert.key.as_str(), alert.severity.as_str()), (Act::Fire, "samplekeyhere", "critical"));
        assert_eq!((alert.name.as_str(), alert.summary.as_str()), ("error rate", "決済APIのエラー率が 7 %"));
        let expected = [
            ("source", "api-01.example.jp"),
            ("component", "payments"),
            ("group", "prod"),
            ("class", "error rate"),
            ("client", "Sample monitor"),
        ];
        assert_eq!(alert.labels, Labels::new(expected));
        assert_eq!(alert.annotations["hosts"], r#"["a","b"]"#);
        assert_eq!((alert.annotations["rate"].as_str(), alert.url.as_deref()), ("0.07", Some("https://mon.example.jp")));
    }

    #[test]
    fn what_is_left_out_may_be() {
        let least = json!({"event_action": "trigger", "payload": {"summary": "a", "source": "b", "severity": "info"}});
        let alert: InboundAlert = parsed(&least).unwrap();
        assert_eq!((alert.key.as_str(), alert.name.as_str(), alert.url), ("fresh", "a", None));
        let mut linked: Value = least;
        linked["links"] = json!([{"href": "https://x.example.jp"}]);
        linked["payload"]["custom_details"] = json!("plain");
        let alert: InboundAlert = parsed(&linked).unwrap();
        assert_eq!((alert.url.as_deref(), alert.annotations["details"].as_str()), (Some("https://x.example.jp"), "plain"));
    }

    #[test]
    fn answers_need_only_a_key() {
        for (word, expected) in [("acknowledge", Act::Acknowledge), ("resolve", Act::Resolve)] {
            let alert: InboundAlert = parsed(&json!({"event_action": word, "dedup_key": "k"})).unwrap();
            assert_eq!((alert.act, alert.key.as_str()), (expected, "k"));
            let refused: String = parsed(&json!({ "event_action": word })).unwrap_err();
            assert_eq!(refused, "dedup_key: expected the key that the trigger was answered with");
        }
    }

    #[test]
    fn whatever_is_wrong_is_told_with_its_field() {
        let cases: [(&str, Value, &str); 7] = [
            ("/event_action", json!("page"), "event_action: expected \"trigger\", \"acknowledge\" or \"resolve\""),
            ("/dedup_key", json!("k".repeat(256)), "dedup_key: expected at most 255 characters"),
            ("/payload", json!("x"), "payload: expected an object"),
            ("/payload", json!(null), "payload: expected an object with summary, source and severity"),
            ("/payload/summary", json!(" "), "payload.summary: expected a text of 1 to 1024 characters"),
            ("/payload/source", json!(null), "payload.source: expected the name of what is affected"),
            ("/payload/severity", json!("bad"), "payload.severity: expected \"critical\", \"error\", \"warning\" or \"info\""),
        ];
        for (place, value, expected) in cases {
            let mut body: Value = trigger();
            *body.pointer_mut(place).unwrap() = value;
            assert_eq!(parsed(&body).unwrap_err(), expected, "{place}");
        }
        assert_eq!(routing_key(trigger().to_string().as_bytes()).unwrap().unwrap().len(), 32);
    }

    #[test]
    fn a_change_is_read() {
        let body = json!({
            "routing_key": "abcdefghijklmnopqrstuvwxyz234567",
            "payload": {
                "summary": "Build Success - increase snapshot time",
                "timestamp": "2026-11-22T05:06:07.5Z",
                "source": "deploy",
                "custom_details": {"build": 42}
            },
            "links": [{"href": "https://ci.example.jp/42", "text": "build"}]
        });
        let change = parse_change(body.to_string().as_bytes()).unwrap();
        assert_eq!((change.summary.as_str(), change.source.as_str()), ("Build Success - increase snapshot time", "deploy"));
        assert_eq!((change.at, change.url.as_deref()), (Some(Time(1_795_323_967_500)), Some("https://ci.example.jp/42")));
        assert_eq!(change.details["build"], "42");
        let refused = parse_change(br#"{"payload": {}}"#).unwrap_err();
        assert_eq!(refused.to_string(), "payload.summary: expected a text of 1 to 1024 characters");
    }
}
