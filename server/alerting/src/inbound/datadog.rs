//! Datadog's webhook integration, with the payload that the console gives to copy.
//!
//! Its body is whatever its owner writes, filled in with `$VARIABLES`; [`PAYLOAD`] is ours. A variable that has no value for an alert
//! comes as it is written, or as `null`. Source: Datadog's documentation, "Webhooks", and "Monitor … variables".

use super::reader::{self, Item, MAX_SUMMARY, MAX_TITLE, clean};
use super::{Act, InboundAlert, MAX_KEY, Wrong};
use model::labels::Labels;
use serde_json::Value;
use std::collections::BTreeMap;

/// What is to be written into the webhook's payload.
pub const PAYLOAD: &str = r#"{
  "cycle_key": "$ALERT_CYCLE_KEY",
  "aggreg_key": "$AGGREG_KEY",
  "alert_id": "$ALERT_ID",
  "transition": "$ALERT_TRANSITION",
  "status": "$ALERT_STATUS",
  "priority": "$ALERT_PRIORITY",
  "title": "$ALERT_TITLE",
  "scope": "$ALERT_SCOPE",
  "query": "$ALERT_QUERY",
  "metric": "$ALERT_METRIC",
  "host": "$HOSTNAME",
  "tags": "$TAGS",
  "link": "$LINK",
  "message": "$TEXT_ONLY_MSG"
}"#;

/// Of a transition; `Re-`, as in `Re-Triggered`, is left out before it is looked up.
const FIRING: [&str; 6] = ["triggered", "warn", "no data", "renotify", "alert", "imported"];

/// The alert of a body.
pub(super) fn parse(bytes: &[u8]) -> Result<InboundAlert, Wrong> {
    let body: Value = reader::read(bytes)?;
    let item: Item<'_> = Item::of(&body, "body")?;
    let transition: String = required(item, "transition", "the value of $ALERT_TRANSITION")?.to_lowercase();
    let name: String =
        clean(&filled(item, "title")?.or(filled(item, "alert_id")?).unwrap_or_else(|| "monitor".to_owned()), MAX_TITLE);
    let status: Option<String> = filled(item, "status")?;
    Ok(InboundAlert {
        key: key(item)?,
        act: act(&transition)?,
        summary: clean(&status.unwrap_or_else(|| name.clone()), MAX_SUMMARY),
        severity: severity(item, &transition)?,
        labels: labels(item, &name)?,
        annotations: annotations(item)?,
        url: item.url("link"),
        value: None,
        started_at: None,
        ends_at: None,
        name,
    })
}

/// A variable that was filled in.
fn filled(item: Item<'_>, name: &str) -> Result<Option<String>, Wrong> {
    Ok(item.text(name)?.filter(|text| is_filled(text)))
}

fn is_filled(text: &str) -> bool {
    let is_variable: bool =
        text.len() > 1 && text.starts_with('$') && text[1..].bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    !is_variable && text != "null"
}

fn required(item: Item<'_>, name: &str, expected: &str) -> Result<String, Wrong> {
    filled(item, name)?.ok_or_else(|| Wrong::new(name, expected))
}

fn act(transition: &str) -> Result<Act, Wrong> {
    if transition.contains("recovered") {
        return Ok(Act::Resolve);
    }
    let plain: &str = transition.strip_prefix("re-").unwrap_or(transition);
    if FIRING.contains(&plain) {
        return Ok(Act::Fire);
    }
    Err(Wrong::new("transition", "Triggered, Warn, No Data, Recovered, or one of them with Re- before it"))
}

/// One key for the whole of an alert's life: that of its cycle, of its aggregate, or its monitor and scope.
fn key(item: Item<'_>) -> Result<String, Wrong> {
    const EXPECTED: &str = "the value of $ALERT_CYCLE_KEY, or aggreg_key or alert_id";
    if let Some(key) = filled(item, "cycle_key")?.or(filled(item, "aggreg_key")?) {
        return Ok(clean(&key, MAX_KEY));
    }
    let id: String = required(item, "alert_id", EXPECTED).map_err(|_| Wrong::new("cycle_key", EXPECTED))?;
    let scope: String = filled(item, "scope")?.unwrap_or_default();
    // What is cut off must not make two scopes one.
    Ok(reader::fingerprint(&Labels::new([("id", id), ("scope", scope)])))
}

/// A warning is one whatever its monitor's priority.
fn severity(item: Item<'_>, transition: &str) -> Result<String, Wrong> {
    if transition.contains("warn") {
        return Ok("warning".to_owned());
    }
    Ok(filled(item, "priority")?.unwrap_or_default())
}

fn labels(item: Item<'_>, name: &str) -> Result<Labels, Wrong> {
    let tags: String = filled(item, "tags")?.unwrap_or_default();
    let scope: String = filled(item, "scope")?.unwrap_or_default();
    let host: String = filled(item, "host")?.unwrap_or_default();
    let pairs = tags.split(',').chain(scope.split(',')).filter_map(|tag| tag.trim().split_once(':'));
    let own = [("alertname", name.to_owned()), ("host", host)].into_iter().filter(|(_, value)| !value.is_empty());
    Ok(reader::labels(pairs.map(|(name, value)| (name, value.to_owned())).chain(own)))
}

fn annotations(item: Item<'_>) -> Result<BTreeMap<String, String>, Wrong> {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    // The monitor's own message, which mostly says what to do, is what happened at length.
    for name in ["query", "metric", "alert_id", "message"] {
        if let Some(text) = filled(item, name)? {
            pairs.push((name, text));
        }
    }
    Ok(reader::annotations(pairs))
}

#[cfg(test)]
mod tests {
    use super::{PAYLOAD, parse};
    use crate::inbound::{Act, InboundAlert};
    use model::labels::Labels;
    use serde_json::{Value, json};

    fn body() -> Value {
        json!({
            "cycle_key": "4477190800513184562",
            "aggreg_key": "9bd4ac313a4d1e8fae2482df7b77628",
            "alert_id": "1234",
            "transition": "Triggered",
            "status": "avg(last_5m):avg:api.response_time{env:production} > 500",
            "priority": "P1",
            "title": "API応答時間が遅い",
            "scope": "env:production,host:api-01",
            "query": "avg:api.response_time{env:production}",
            "metric": "$ALERT_METRIC",
            "host": "api-01",
            "tags": "team:backend, monitor, url:https://x:8080",
            "link": "https://app.datadoghq.com/monitors/1234",
            "message": "See https://wiki.example.jp/api"
        })
    }

    fn with(changes: &[(&str, &str)]) -> Result<InboundAlert, String> {
        let mut body: Value = body();
        for (name, value) in changes {
            body[*name] = json!(value);
        }
        parse(body.to_string().as_bytes()).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn an_alert_is_read() {
        let alert: InboundAlert = with(&[]).unwrap();
        assert_eq!((alert.key.as_str(), alert.act, alert.severity.as_str()), ("4477190800513184562", Act::Fire, "P1"));
        assert_eq!(alert.name, "API応答時間が遅い");
        let expected = [
            ("alertname", "API応答時間が遅い"),
            ("env", "production"),
            ("host", "api-01"),
            ("team", "backend"),
            ("url", "https://x:8080"),
        ];
        assert_eq!(alert.labels, Labels::new(expected));
        assert_eq!(
            alert.annotations.keys().collect::<Vec<_>>(),
            ["alert_id", "message", "query"],
            "what was not filled in is left out"
        );
    }

    #[test]
    fn every_transition_is_known() {
        for (word, expected, severity) in [
            ("Triggered", Act::Fire, "P1"),
            ("Re-Triggered", Act::Fire, "P1"),
            ("Warn", Act::Fire, "warning"),
            ("Re-Warn", Act::Fire, "warning"),
            ("No Data", Act::Fire, "P1"),
            ("Re-No Data", Act::Fire, "P1"),
            ("Renotify", Act::Fire, "P1"),
            ("Recovered", Act::Resolve, "P1"),
        ] {
            let alert: InboundAlert = with(&[("transition", word)]).unwrap();
            assert_eq!((alert.act, alert.severity.as_str()), (expected, severity), "{word}");
        }
        let refused: String = with(&[("transition", "Muted")]).unwrap_err();
        assert!(refused.starts_with("transition: expected Triggered"), "{refused}");
        let refused: String = with(&[("transition", "$ALERT_TRANSITION")]).unwrap_err();
        assert_eq!(refused, "transition: expected the value of $ALERT_TRANSITION");
    }

    #[test]
    fn the_key_is_the_same_for_the_whole_life() {
        let without = |more: &[(&str, &str)]| {
            let mut changes: Vec<(&str, &str)> = vec![("cycle_key", "$ALERT_CYCLE_KEY")];
            changes.extend_from_slice(more);
            with(&changes)
        };
        assert_eq!(without(&[]).unwrap().key, "9bd4ac313a4d1e8fae2482df7b77628");
        let by_scope = without(&[("aggreg_key", "null")]).unwrap().key;
        assert_eq!(by_scope, without(&[("aggreg_key", "null"), ("transition", "Recovered")]).unwrap().key);
        assert_ne!(by_scope, without(&[("aggreg_key", "null"), ("scope", "env:staging")]).unwrap().key);
        let refused: String = without(&[("aggreg_key", ""), ("alert_id", "")]).unwrap_err();
        assert!(refused.starts_with("cycle_key: expected the value of $ALERT_CYCLE_KEY"), "{refused}");
    }

    #[test]
    fn the_payload_to_copy_is_what_is_read() {
        let written: Value = serde_json::from_str(PAYLOAD).unwrap();
        let (written, read) = (written.as_object().unwrap().clone(), body());
        assert!(written.keys().eq(read.as_object().unwrap().keys()));
    }
}
