//! The webhook of Grafana's alerting: Alertmanager's shape, with more beside it.
//!
//! Source: Grafana's documentation, "Configure the webhook notifier for Alerting".

use super::reader::{self, Item};
use super::{InboundAlert, Wrong, alertmanager};
use serde_json::Value;

/// Where an alert stands besides its rule; kept as annotations.
const LINKS: [&str; 3] = ["dashboardURL", "panelURL", "silenceURL"];

/// The alerts of a body.
pub(super) fn parse(bytes: &[u8]) -> Result<Vec<InboundAlert>, Wrong> {
    let body: Value = reader::read(bytes)?;
    alertmanager::each(Item::of(&body, "body")?, alert)
}

fn alert(item: Item<'_>) -> Result<InboundAlert, Wrong> {
    let mut alert: InboundAlert = alertmanager::alert(item)?;
    for name in LINKS {
        if let Some(url) = item.url(name) {
            alert.annotations.insert(name.to_owned(), url);
        }
    }
    alert.value = only_value(item);
    Ok(alert)
}

/// What was measured, where it is one figure: which of several is meant, nobody can tell.
fn only_value(item: Item<'_>) -> Option<f64> {
    let words: Vec<(&str, String)> = item.words("values").unwrap_or_default();
    let [(_, value)] = &words[..] else { return None };
    value.parse::<f64>().ok().filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::inbound::{Act, InboundAlert, Wrong};
    use serde_json::{Value, json};

    fn body() -> Value {
        json!({
            "receiver": "mimamori",
            "status": "firing",
            "orgId": 1,
            "version": "1",
            "title": "[FIRING:1] API latency (prod)",
            "state": "alerting",
            "message": "…",
            "truncatedAlerts": 0,
            "alerts": [{
                "status": "firing",
                "labels": {"alertname": "API latency", "grafana_folder": "prod", "priority": "P2"},
                "annotations": {"description": "p95 is 612 ms"},
                "startsAt": "2026-11-22T14:06:07+09:00",
                "endsAt": "0001-01-01T00:00:00Z",
                "generatorURL": "https://grafana.example.jp/alerting/grafana/x/view",
                "fingerprint": "c6eadffa33fcdf37",
                "silenceURL": "https://grafana.example.jp/alerting/silence/new",
                "dashboardURL": "",
                "panelURL": null,
                "imageURL": "https://grafana.example.jp/x.png",
                "values": {"B": 612.5},
                "valueString": "[ var='B' labels={} value=612.5 ]"
            }]
        })
    }

    fn parsed(body: &Value) -> Result<Vec<InboundAlert>, Wrong> {
        parse(body.to_string().as_bytes())
    }

    #[test]
    fn an_alert_is_read_with_what_grafana_adds() {
        let alerts: Vec<InboundAlert> = parsed(&body()).unwrap();
        let alert: &InboundAlert = &alerts[0];
        assert_eq!((alert.act, alert.key.as_str(), alert.value), (Act::Fire, "c6eadffa33fcdf37", Some(612.5)));
        assert_eq!(
            (alert.name.as_str(), alert.summary.as_str(), alert.severity.as_str()),
            ("API latency", "p95 is 612 ms", "P2")
        );
        assert_eq!(alert.url.as_deref(), Some("https://grafana.example.jp/alerting/grafana/x/view"));
        let names: Vec<&str> = alert.annotations.keys().map(String::as_str).collect();
        assert_eq!(names, ["description", "silenceURL"]);
        assert_eq!(alert.ends_at, None);
    }

    #[test]
    fn of_several_figures_none_is_the_value() {
        for (values, expected) in
            [(json!({"A": 1, "B": 2}), None), (json!(null), None), (json!({"A": 0.5}), Some(0.5)), (json!([1]), None)]
        {
            let mut body: Value = body();
            body["alerts"][0]["values"] = values.clone();
            assert_eq!(parsed(&body).unwrap()[0].value, expected, "{values}");
        }
    }

    #[test]
    fn whatever_is_wrong_is_told_with_its_place() {
        let mut body: Value = body();
        body["alerts"][0]["labels"] = json!("x");
        assert_eq!(parsed(&body).unwrap_err().to_string(), "alerts[0].labels: expected an object of texts");
        assert_eq!(parsed(&json!([])).unwrap_err().to_string(), "body: expected an object");
    }
}
