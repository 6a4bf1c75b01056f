//! PagerDuty, Events API v2.

use super::{Fake, Seen, channel, english, later, page, reply};
use crate::channels::{Channel, SendError, Sent};
use crate::page::{Kind, Page};
use serde_json::{Value, json};
use std::collections::BTreeMap;

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

/// What PagerDuty makes of events, as it documents it: a trigger opens an incident and calls, unless one with its key is open.
#[derive(Debug, Default)]
struct Incidents {
    /// By key: whether it is open.
    open: BTreeMap<String, bool>,
    n_calls: usize,
}

impl Incidents {
    fn of(seen: &[Seen]) -> Self {
        let mut incidents = Self::default();
        for event in seen.iter().map(Seen::json) {
            let key: String = event["dedup_key"].as_str().unwrap().to_owned();
            let is_open: bool = incidents.open.get(&key).copied().unwrap_or(false);
            match event["event_action"].as_str().unwrap() {
                "trigger" => {
                    incidents.n_calls += usize::from(!is_open);
                    incidents.open.insert(key, true);
                }
                "resolve" if is_open => {
                    incidents.open.insert(key, false);
                }
                _ => {}
            }
        }
        incidents
    }

    fn are_open(&self) -> Vec<&str> {
        self.open.iter().filter(|(_, is_open)| **is_open).map(|(key, _)| key.as_str()).collect()
    }
}

/// A warning, taken on there, that becomes critical.
fn raised() -> Page {
    Page { key: "key-raised".to_owned(), is_raised: true, ..later(Kind::Fired, "key-fired") }
}

#[tokio::test]
async fn what_gets_worse_after_somebody_took_it_calls_again_and_leaves_one_incident() {
    let fake: Fake = Fake::start(vec![reply(202, ACCEPTED); 9]).await;
    let pager: Box<dyn Channel> = pager(&fake);
    pager.send(&page(Kind::Fired)).await.unwrap();
    pager.send(&later(Kind::Acknowledged, "key-fired")).await.unwrap();
    pager.send(&later(Kind::Again, "key-fired")).await.unwrap();
    assert_eq!(Incidents::of(&fake.seen()).n_calls, 1, "an open incident takes what follows and calls nobody");
    let sent: Sent = pager.send(&raised()).await.unwrap();
    assert_eq!(sent.reference.as_deref(), Some("key-raised"));
    let incidents = Incidents::of(&fake.seen());
    assert_eq!((incidents.n_calls, incidents.are_open()), (2, vec!["key-raised"]));
    let order: Vec<Value> = fake.seen()[3..].iter().map(|event| event.json()["event_action"].clone()).collect();
    assert_eq!(order, ["trigger", "resolve"], "what calls comes first");
    pager.send(&raised()).await.unwrap();
    assert_eq!(Incidents::of(&fake.seen()).n_calls, 2, "the same page once more is the same incident");

    let after = |kind: Kind| Page { later: vec!["key-raised".to_owned()], ..later(kind, "key-fired") };
    let seen: Sent = pager.send(&after(Kind::Acknowledged)).await.unwrap();
    assert_eq!(seen.reference.as_deref(), Some("key-raised"));
    assert_eq!(fake.seen().last().unwrap().json()["dedup_key"], "key-raised");
    fake.will(vec![reply(202, ACCEPTED); 2]);
    pager.send(&after(Kind::Resolved)).await.unwrap();
    assert!(Incidents::of(&fake.seen()).are_open().is_empty());
}

#[tokio::test]
async fn an_incident_that_could_not_be_left_loses_no_page_and_ends_with_the_rest() {
    let fake: Fake = Fake::start(vec![reply(202, ACCEPTED), reply(202, ACCEPTED), reply(500, "")]).await;
    let pager: Box<dyn Channel> = pager(&fake);
    pager.send(&page(Kind::Fired)).await.unwrap();
    let sent: Sent = pager.send(&raised()).await.unwrap();
    assert!(sent.detail.contains("is not resolved"), "{}", sent.detail);
    let over = Page { later: vec!["key-raised".to_owned()], ..later(Kind::Resolved, "key-fired") };
    fake.will(vec![reply(202, ACCEPTED), reply(500, "")]);
    assert!(matches!(pager.send(&over).await, Err(SendError::Retry { .. })), "all of it is over, or it is said again");
    fake.will(vec![reply(202, ACCEPTED), reply(202, ACCEPTED)]);
    pager.send(&over).await.unwrap();
    assert!(Incidents::of(&fake.seen()).are_open().is_empty());
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
    assert_eq!((&payload["severity"], &payload["summary"]), (&json!("info"), &json!("[テスト] 通知先のテスト")));
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
