//! Alertmanager's webhook, version 4.
//!
//! Source: Prometheus' documentation, "Alerting configuration", `<webhook_config>`. An alert that fires has no `endsAt` there (Alertmanager
//! empties it before it sends), one that does is taken at its word. What the group has cut off (`truncatedAlerts`) is not resolved.

use super::reader::{self, Item, MAX_SUMMARY, MAX_TITLE, clean};
use super::{Act, InboundAlert, MAX_KEY, MOST_ALERTS, Wrong};
use model::labels::Labels;
use serde_json::Value;
use std::collections::BTreeMap;

/// The alerts of a body.
pub(super) fn parse(bytes: &[u8]) -> Result<Vec<InboundAlert>, Wrong> {
    let body: Value = reader::read(bytes)?;
    let group: Item<'_> = Item::of(&body, "body")?;
    if group.text("version")?.is_some_and(|version| version != "4") {
        return Err(Wrong::new("version", "\"4\""));
    }
    each(group, alert)
}

/// Every alert of a group.
pub(super) fn each(group: Item<'_>, read: fn(Item<'_>) -> Result<InboundAlert, Wrong>) -> Result<Vec<InboundAlert>, Wrong> {
    let alerts: &[Value] = group.items("alerts")?;
    if alerts.len() > MOST_ALERTS {
        return Err(Wrong::new("alerts", "at most 10000 alerts"));
    }
    let one = |(index, value): (usize, &Value)| {
        let place = || format!("alerts[{index}]");
        let item: Item<'_> = Item::of(value, "alerts").map_err(|_| Wrong::new(&place(), "an object"))?;
        read(item).map_err(|wrong| wrong.under(&place()))
    };
    alerts.iter().enumerate().map(one).collect()
}

/// One alert as Alertmanager and Grafana both write it.
pub(super) fn alert(item: Item<'_>) -> Result<InboundAlert, Wrong> {
    let act: Act = act(item)?;
    let labels: Labels = reader::labels(item.required_words("labels")?);
    let annotations: BTreeMap<String, String> = reader::annotations(item.words("annotations")?);
    let name: String = name(&labels);
    Ok(InboundAlert {
        key: key(item, &labels)?,
        act,
        summary: summary(&annotations, &name),
        severity: severity(&labels),
        url: item.url("generatorURL"),
        value: None,
        started_at: item.time("startsAt"),
        ends_at: item.time("endsAt"),
        name,
        labels,
        annotations,
    })
}

fn act(item: Item<'_>) -> Result<Act, Wrong> {
    const EXPECTED: &str = "\"firing\" or \"resolved\"";
    match item.required("status", EXPECTED)?.as_str() {
        "firing" => Ok(Act::Fire),
        "resolved" => Ok(Act::Resolve),
        _ => Err(Wrong::new("status", EXPECTED)),
    }
}

/// The fingerprint; where a version does not send one yet (before 0.19), a digest of the labels, which is what a fingerprint is.
fn key(item: Item<'_>, labels: &Labels) -> Result<String, Wrong> {
    let Some(key) = item.text("fingerprint")? else {
        return Ok(reader::fingerprint(labels));
    };
    if key.chars().count() > MAX_KEY {
        return Err(Wrong::new("fingerprint", "at most 255 characters"));
    }
    Ok(clean(&key, MAX_KEY))
}

fn name(labels: &Labels) -> String {
    let name: String = clean(labels.get("alertname"), MAX_TITLE);
    if name.is_empty() { "alert".to_owned() } else { name }
}

/// The annotation that says it best.
fn summary(annotations: &BTreeMap<String, String>, name: &str) -> String {
    let said = ["summary", "message", "description", "title"].into_iter().find_map(|key| annotations.get(key));
    said.map_or_else(|| name.to_owned(), |text| clean(text, MAX_SUMMARY))
}

fn severity(labels: &Labels) -> String {
    let word: &str =
        ["severity", "priority", "level"].into_iter().map(|name| labels.get(name)).find(|word| !word.is_empty()).unwrap_or("");
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::inbound::{Act, InboundAlert, MOST_ALERTS, Wrong};
    use model::Time;
    use model::labels::Labels;
    use serde_json::{Value, json};
    use std::collections::BTreeMap;

    fn group() -> Value {
        json!({
            "version": "4",
            "groupKey": "{}:{alertname=\"DiskFull\"}",
            "truncatedAlerts": 40,
            "status": "firing",
            "receiver": "mimamori",
            "groupLabels": {"alertname": "DiskFull"},
            "commonLabels": {"alertname": "DiskFull", "severity": "critical"},
            "commonAnnotations": {},
            "externalURL": "https://am.example.jp",
            "alerts": [
                {
                    "status": "firing",
                    "labels": {"alertname": "DiskFull", "host": "db-01", "severity": "critical"},
                    "annotations": {"summary": "db-01 のディスクが 96 %", "runbook_url": "https://wiki.example.jp/disk"},
                    "startsAt": "2026-11-22T05:06:07.5Z",
                    "endsAt": "0001-01-01T00:00:00Z",
                    "generatorURL": "https://prom.example.jp/graph?g0.expr=x",
                    "fingerprint": "a3f1c2d4e5b60718"
                },
                {
                    "status": "resolved",
                    "labels": {"alertname": "DiskFull", "host": "db-02"},
                    "annotations": {},
                    "startsAt": "2026-11-22T04:00:00Z",
                    "endsAt": "2026-11-22T05:00:00Z",
                    "generatorURL": "javascript:alert(1)",
                    "fingerprint": "b3f1c2d4e5b60718"
                }
            ]
        })
    }

    fn parsed(body: &Value) -> Result<Vec<InboundAlert>, Wrong> {
        parse(body.to_string().as_bytes())
    }

    #[test]
    fn a_group_is_read() {
        let alerts: Vec<InboundAlert> = parsed(&group()).unwrap();
        let runbook = ("runbook_url".to_owned(), "https://wiki.example.jp/disk".to_owned());
        let summary = ("summary".to_owned(), "db-01 のディスクが 96 %".to_owned());
        let expected = InboundAlert {
            key: "a3f1c2d4e5b60718".to_owned(),
            act: Act::Fire,
            name: "DiskFull".to_owned(),
            summary: "db-01 のディスクが 96 %".to_owned(),
            severity: "critical".to_owned(),
            labels: Labels::new([("alertname", "DiskFull"), ("host", "db-01"), ("severity", "critical")]),
            annotations: BTreeMap::from([runbook, summary]),
            url: Some("https://prom.example.jp/graph?g0.expr=x".to_owned()),
            value: None,
            started_at: Some(Time(1_795_323_967_500)),
            ends_at: None,
        };
        assert_eq!(alerts[0], expected);
        assert_eq!((alerts.len(), alerts[1].act, alerts[1].summary.as_str()), (2, Act::Resolve, "DiskFull"));
        assert_eq!((alerts[1].url.clone(), alerts[1].ends_at), (None, Some(Time(1_795_323_600_000))));
    }

    #[test]
    fn whatever_is_wrong_is_told_with_its_place() {
        let cases: [(&str, Value, &str); 7] = [
            ("/version", json!("3"), "version: expected \"4\""),
            ("/alerts", json!({}), "alerts: expected a list"),
            ("/alerts/1", json!(3), "alerts[1]: expected an object"),
            ("/alerts/1/status", json!("burning"), "alerts[1].status: expected \"firing\" or \"resolved\""),
            ("/alerts/1/labels", json!(null), "alerts[1].labels: expected an object of texts"),
            ("/alerts/0/annotations", json!([]), "alerts[0].annotations: expected an object of texts"),
            ("/alerts/0/fingerprint", json!("x".repeat(256)), "alerts[0].fingerprint: expected at most 255 characters"),
        ];
        for (place, value, expected) in cases {
            let mut body: Value = group();
            *body.pointer_mut(place).unwrap() = value;
            assert_eq!(parsed(&body).unwrap_err().to_string(), expected, "{place}");
        }
        let many: Vec<Value> = vec![json!({}); MOST_ALERTS + 1];
        assert_eq!(parsed(&json!({ "alerts": many })).unwrap_err().to_string(), "alerts: expected at most 10000 alerts");
    }

    #[test]
    fn what_is_missing_is_filled_in() {
        let alerts = parsed(&json!({"alerts": [{"status": "firing", "labels": {"job": "a", "n": 3}}]})).unwrap();
        assert_eq!((alerts[0].name.as_str(), alerts[0].summary.as_str(), alerts[0].key.len()), ("alert", "alert", 64));
        assert_eq!(alerts[0].labels, Labels::new([("job", "a"), ("n", "3")]));
        assert_eq!(parsed(&json!({"alerts": []})).unwrap(), []);
    }
}
