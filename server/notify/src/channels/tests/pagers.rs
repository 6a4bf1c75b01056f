//! PagerDuty, Events API v2.

use super::{Fake, channel, english, later, page, reply};
use crate::channels::{Channel, SendError, Sent};
use crate::page::{Kind, Page};
use serde_json::{Value, json};

const KEY: &str = "0123456789abcdef0123456789abcdef";
const ACCEPTED: &str = r#"{"status":"success","message":"Event processed","dedup_key":"key-fired"}"#;

fn pager(fake: &Fake) -> Box<dyn Channel> {
    channel("pagerduty", &json!({ "routing_key": KEY, "api_url": fake.url }))
}

#[tokio::test]
async fn a_page_triggers_with_its_own_key() {
    let fake: Fake = Fake::start(vec![reply(202, ACCEPTED)]).await;
    let sent: Sent = pager(&fake).send(&english(Kind::Fired)).await.unwrap();
    assert_eq!(sent.reference.as_deref(), Some("key-fired"));
    let seen = fake.seen();
    assert_eq!(seen[0].path, "/v2/enqueue");
    let expected: Value = json!({
        "routing_key": KEY,
        "event_action": "trigger",
        "dedup_key": "key-fired",
        "client": "Mimamori",
        "client_url": "https://mimamori.example.jp/alerts/A-12",
        "links": [
            { "href": "https://mimamori.example.jp/acknowledge/abc", "text": "Acknowledge" },
            { "href": "https://mimamori.example.jp/dashboards/api", "text": "Open dashboard" },
            { "href": "https://mimamori.example.jp/alerts/A-12", "text": "Open in Mimamori" },
        ],
        "payload": {
            "summary": "[Critical] Firing: API is slow · The API takes longer than 500 ms.",
            "source": "api",
            "severity": "critical",
            "timestamp": "2025-10-20T10:30:45.000Z",
            "component": "api",
            "group": "production",
            "class": "API is slow",
            "custom_details": {
                "key": "key-fired",
                "n_alerts": 1,
                "alerts": [{
                    "id": "A-12",
                    "severity": "P0",
                    "name": "API is slow",
                    "summary": "The API takes longer than 500 ms.",
                    "value": "612 ms",
                    "condition": "≥ 500 ms",
                    "fired_at": "2025-10-20 12:30:45 CEST",
                    "labels": { "env": "production", "service": "api" },
                }],
            },
        },
    });
    assert_eq!(seen[0].json(), expected);
}

#[tokio::test]
async fn what_follows_carries_the_first_key_and_nothing_else() {
    for (kind, action) in [(Kind::Acknowledged, "acknowledge"), (Kind::Resolved, "resolve")] {
        let fake: Fake = Fake::start(vec![reply(202, ACCEPTED)]).await;
        let sent: Sent = pager(&fake).send(&later(kind, "key-fired")).await.unwrap();
        assert_eq!(sent.reference.as_deref(), Some("key-fired"));
        assert_eq!(fake.seen()[0].json(), json!({ "routing_key": KEY, "event_action": action, "dedup_key": "key-fired" }));
    }
    let fake: Fake = Fake::start(vec![reply(202, ACCEPTED)]).await;
    pager(&fake).send(&later(Kind::Again, "key-fired")).await.unwrap();
    let again: Value = fake.seen()[0].json();
    assert_eq!((&again["event_action"], &again["dedup_key"]), (&json!("trigger"), &json!("key-fired")));
}

#[tokio::test]
async fn what_is_over_in_part_opens_no_incident_again() {
    let fake: Fake = Fake::start(vec![reply(202, ACCEPTED)]).await;
    let sent: Sent = pager(&fake).send(&later(Kind::Updated, "key-fired")).await.unwrap();
    assert_eq!(sent.reference.as_deref(), Some("key-fired"));
    assert!(fake.seen().is_empty());
}

#[tokio::test]
async fn a_long_key_is_hashed_and_stays_the_same() {
    let fake: Fake = Fake::start(vec![reply(202, ACCEPTED), reply(202, ACCEPTED)]).await;
    let first: Page = Page { key: "k".repeat(300), ..page(Kind::Fired) };
    let sent: Sent = pager(&fake).send(&first).await.unwrap();
    let key: String = sent.reference.unwrap();
    assert_eq!(key.len(), 64);
    pager(&fake).send(&later(Kind::Resolved, &key)).await.unwrap();
    assert_eq!(fake.seen()[1].json()["dedup_key"], json!(key));
}

#[tokio::test]
async fn a_test_is_information() {
    let fake: Fake = Fake::start(vec![reply(202, ACCEPTED)]).await;
    pager(&fake).send(&Page { alerts: Vec::new(), ..page(Kind::Test) }).await.unwrap();
    let payload: Value = fake.seen()[0].json()["payload"].clone();
    assert_eq!((&payload["severity"], &payload["summary"]), (&json!("info"), &json!("[テスト] チャンネルのテスト")));
    assert!(payload.get("component").is_none(), "a null would be no text");
}

#[tokio::test]
async fn pagerduty_says_later_or_never() {
    let bad =
        format!(r#"{{"status":"invalid event","message":"Event object is invalid","errors":["routing_key {KEY} is invalid"]}}"#);
    let fake: Fake = Fake::start(vec![reply(400, &bad), reply(429, ""), reply(500, "")]).await;
    let refused: SendError = pager(&fake).send(&page(Kind::Fired)).await.unwrap_err();
    let reason: String = refused.to_string();
    assert!(matches!(refused, SendError::Refused { .. }), "{reason}");
    assert!(reason.contains("Event object is invalid") && reason.contains("***") && !reason.contains(KEY), "{reason}");
    for _ in 0..2 {
        let error: SendError = pager(&fake).send(&page(Kind::Fired)).await.unwrap_err();
        assert!(matches!(error, SendError::Retry { .. }), "{error}");
    }
}
