//! Anybody's own server: the Standard Webhooks specification, and the guard.

use super::{Fake, alert, channel, later, page, reply};
use crate::channels::{self, Channel, SendError, Sent};
use crate::page::{Kind, Page, PagedAlert};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::outbound::Outbound;
use kernel::outbound::reach::Reach;
use model::labels::Labels;
use ring::hmac;
use serde_json::{Value, json};
use std::time::Duration;

const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const OLD_SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn webhook(fake: &Fake) -> Box<dyn Channel> {
    let settings = json!({ "url": format!("{}/hook", fake.url), "secret": SECRET, "previous_secret": OLD_SECRET, "authorization": "Bearer abcdef" });
    channel("webhook", &settings)
}

/// As a receiver would, with its own words.
fn signed(secret: &str, id: &str, timestamp: &str, body: &[u8]) -> String {
    let bytes: Vec<u8> = STANDARD.decode(secret.trim_start_matches("whsec_")).unwrap();
    let mut content: Vec<u8> = format!("{id}.{timestamp}.").into_bytes();
    content.extend_from_slice(body);
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &bytes), &content);
    format!("v1,{}", STANDARD.encode(tag.as_ref()))
}

#[tokio::test]
async fn a_receiver_can_verify_it_with_either_secret() {
    let fake: Fake = Fake::start(vec![reply(204, "")]).await;
    let sent: Sent = webhook(&fake).send(&Page { key: "key.1".to_owned(), ..page(Kind::Fired) }).await.unwrap();
    assert_eq!(sent.detail, "answered 204 No Content");
    let seen = fake.seen();
    let (id, timestamp) = (seen[0].header("webhook-id"), seen[0].header("webhook-timestamp"));
    assert_eq!((id, timestamp), ("key-1", "1760956250"));
    let expected: Vec<String> = [SECRET, OLD_SECRET].iter().map(|secret| signed(secret, id, timestamp, &seen[0].body)).collect();
    assert_eq!(seen[0].header("webhook-signature"), expected.join(" "));
    assert_eq!(seen[0].header("authorization"), "Bearer abcdef");
    assert_eq!(seen[0].header("content-type"), "application/json");
    assert_eq!(
        seen[0].json(),
        json!({
            "type": "alert.fired",
            "timestamp": "2025-10-20T10:30:50.000Z",
            "data": {
                "key": "key.1",
                "group": "key.1",
                "heading": "[緊急] 発報: API応答時間が遅い",
                "severity": "P0",
                "url": "https://mimamori.example.jp/alerts/A-12",
                "acknowledge_url": "https://mimamori.example.jp/acknowledge/abc",
                "n_alerts": 1,
                "alerts": [{
                    "id": "A-12",
                    "severity": "P0",
                    "name": "API応答時間が遅い",
                    "summary": "APIの応答時間が500msを超えています。",
                    "description": null,
                    "value": "612 ms",
                    "condition": "≥ 500 ms",
                    "labels": { "env": "production", "service": "api" },
                    "fired_at": "2025-10-20T10:30:45.000Z",
                    "resolved_at": null,
                    "holder": null,
                    "runbook_url": null,
                    "dashboard_url": "https://mimamori.example.jp/dashboards/api",
                    "source_url": null,
                }],
            },
        })
    );
}

#[tokio::test]
async fn what_follows_names_its_group() {
    let fake: Fake = Fake::start(vec![reply(200, "")]).await;
    webhook(&fake).send(&later(Kind::Resolved, "key-fired")).await.unwrap();
    let body: Value = fake.seen()[0].json();
    assert_eq!((&body["type"], &body["data"]["group"]), (&json!("alert.resolved"), &json!("key-fired")));
    assert_eq!((&body["data"]["acknowledge_url"], &body["data"]["alerts"][0]["holder"]), (&Value::Null, &json!("佐藤")));
}

#[tokio::test]
async fn a_storm_stays_below_twenty_kilobytes() {
    let wide = PagedAlert { labels: Labels::new((0..40).map(|n| (format!("label_{n}"), "x".repeat(2_000)))), ..alert(1) };
    for alerts in [vec![wide; 30], (0..3_000).map(alert).collect()] {
        let fake: Fake = Fake::start(vec![reply(200, "")]).await;
        let n_alerts: usize = alerts.len();
        webhook(&fake).send(&Page { alerts, ..page(Kind::Fired) }).await.unwrap();
        let seen = fake.seen();
        assert!(seen[0].body.len() < 20_000, "{}", seen[0].body.len());
        assert_eq!(seen[0].json()["data"]["n_alerts"], json!(n_alerts));
    }
}

#[tokio::test]
async fn a_receiver_says_later_or_never() {
    let replies = vec![
        reply(503, "busy").with("retry-after", "120"),
        reply(410, ""),
        reply(302, "").with("location", "http://127.0.0.1:1/"),
        reply(401, "no Bearer abcdef here"),
    ];
    let fake: Fake = Fake::start(replies).await;
    let webhook = webhook(&fake);
    let busy: SendError = webhook.send(&page(Kind::Fired)).await.unwrap_err();
    assert_eq!(
        busy,
        SendError::Retry {
            reason: "the webhook answered 503 Service Unavailable: busy".to_owned(),
            after: Some(Duration::from_secs(120)),
        }
    );
    let gone: SendError = webhook.send(&page(Kind::Fired)).await.unwrap_err();
    assert!(matches!(&gone, SendError::Refused { reason } if reason.contains("410")), "{gone}");
    let moved: SendError = webhook.send(&page(Kind::Fired)).await.unwrap_err();
    assert!(matches!(&moved, SendError::Refused { reason } if reason.contains("302")), "no redirect is followed: {moved}");
    let unknown: SendError = webhook.send(&page(Kind::Fired)).await.unwrap_err();
    assert_eq!(unknown, SendError::Refused { reason: "the webhook answered 401 Unauthorized: no *** here".to_owned() });
    assert_eq!(fake.seen().len(), 4);
}

#[tokio::test]
async fn nobody_there_is_later_and_behind_the_guard_is_never() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port: u16 = closed.local_addr().unwrap().port();
    drop(closed);
    let settings = |host: &str| json!({ "url": format!("http://{host}:{port}/secret-path-of-mine"), "secret": SECRET });
    let nobody: SendError = channel("webhook", &settings("127.0.0.1")).send(&page(Kind::Fired)).await.unwrap_err();
    assert!(matches!(nobody, SendError::Retry { after: None, .. }), "{nobody}");
    let guarded = Outbound::new(Reach::default());
    for host in ["127.0.0.1", "localhost", "169.254.169.254", "[::1]", "0x7f.1"] {
        let webhook = channels::make("webhook", &settings(host), &guarded).unwrap();
        let refused: SendError = webhook.send(&page(Kind::Fired)).await.unwrap_err();
        let reason: String = refused.to_string();
        assert!(matches!(refused, SendError::Refused { .. }) && reason.contains("must not be reached"), "{host}: {reason}");
        assert!(!reason.contains("secret-path-of-mine"), "{reason}");
    }
}
