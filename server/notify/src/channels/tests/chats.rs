//! Teams and Discord.

use super::{Fake, alert, channel, english, later, page, reply, texts};
use crate::channels::{Channel, SendError, Sent};
use crate::page::{Kind, Page};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const TOKEN: &str = "abcdefghijklmnopqrstuvwxyz0123456789";

fn discord(fake: &Fake) -> Box<dyn Channel> {
    channel("discord", &json!({ "url": format!("{}/api/webhooks/42/{TOKEN}", fake.url) }))
}

fn teams(fake: &Fake) -> Box<dyn Channel> {
    channel("teams", &json!({ "url": format!("{}/workflows/{TOKEN}/triggers/manual/paths/invoke?sig={TOKEN}", fake.url) }))
}

#[tokio::test]
async fn discord_gets_an_embed_that_mentions_nobody() {
    let fake: Fake = Fake::start(vec![reply(200, r#"{"id":"1234567890"}"#)]).await;
    let sent: Sent = discord(&fake).send(&english(Kind::Fired)).await.unwrap();
    assert_eq!(sent.reference.as_deref(), Some("1234567890"));
    let seen = fake.seen();
    assert_eq!((seen[0].method.clone(), seen[0].path.clone()), (Method::POST, format!("/api/webhooks/42/{TOKEN}?wait=true")));
    let expected: Value = json!({
        "allowed_mentions": { "parse": [] },
        "embeds": [{
            "title": "🚨 API is slow",
            "description": "The API takes longer than 500 ms.\n[Acknowledge](https://mimamori.example.jp/acknowledge/abc)\n\
                            [Open dashboard](https://mimamori.example.jp/dashboards/api)\n\
                            [Open in Mimamori](https://mimamori.example.jp/alerts/A-12)",
            "url": "https://mimamori.example.jp/alerts/A-12",
            "color": 0x00c0_1c28,
            "timestamp": "2025-10-20T10:30:45.000Z",
            "fields": [
                { "name": "Level", "value": "Critical \\(P0\\)", "inline": true },
                { "name": "Time", "value": "2025-10-20 12:30:45 CEST", "inline": true },
                { "name": "Current value", "value": "612 ms", "inline": false },
                { "name": "Condition", "value": "≥ 500 ms", "inline": false },
                { "name": "Labels", "value": "env=production, service=api", "inline": false },
            ],
        }],
    });
    assert_eq!(seen[0].json(), expected);
}

#[tokio::test]
async fn discords_first_message_is_changed() {
    let fake: Fake = Fake::start(vec![reply(200, "{}"), reply(200, "{}"), reply(200, r#"{"id":"8"}"#)]).await;
    let discord = discord(&fake);
    discord.send(&later(Kind::Acknowledged, "77")).await.unwrap();
    discord.send(&later(Kind::Resolved, "77")).await.unwrap();
    let asked: Vec<(Method, String)> = fake.seen().into_iter().map(|seen| (seen.method, seen.path)).collect();
    let (change, post) = (format!("/api/webhooks/42/{TOKEN}/messages/77"), format!("/api/webhooks/42/{TOKEN}?wait=true"));
    assert_eq!(asked, [(Method::PATCH, change.clone()), (Method::PATCH, change), (Method::POST, post)]);
    assert_eq!(fake.seen()[2].json(), json!({ "content": "✅ 解消: API応答時間が遅い", "allowed_mentions": { "parse": [] } }));
}

#[tokio::test]
async fn a_message_that_discord_has_lost_is_posted_anew() {
    let lost = reply(404, r#"{"message":"Unknown Message","code":10008}"#);
    let fake: Fake = Fake::start(vec![lost, reply(200, r#"{"id":"8"}"#)]).await;
    let sent: Sent = discord(&fake).send(&later(Kind::Resolved, "77")).await.unwrap();
    assert_eq!(sent.reference.as_deref(), Some("8"));
}

#[tokio::test]
async fn discord_says_later_or_never() {
    let limited =
        reply(429, r#"{"message":"You are being rate limited.","retry_after":0.65,"global":false}"#).with("retry-after", "1");
    let fake: Fake = Fake::start(vec![limited, reply(404, r#"{"message":"Unknown Webhook","code":10015}"#)]).await;
    let later: SendError = discord(&fake).send(&page(Kind::Fired)).await.unwrap_err();
    assert!(matches!(&later, SendError::Retry { after: Some(after), .. } if *after == Duration::from_millis(650)), "{later}");
    let never: SendError = discord(&fake).send(&page(Kind::Fired)).await.unwrap_err();
    let reason: String = never.to_string();
    assert!(
        matches!(never, SendError::Refused { .. }) && reason.contains("Unknown Webhook") && !reason.contains(TOKEN),
        "{reason}"
    );
}

#[tokio::test]
async fn teams_gets_an_adaptive_card() {
    let fake: Fake = Fake::start(vec![reply(202, "")]).await;
    let sent: Sent = teams(&fake).send(&page(Kind::Fired)).await.unwrap();
    assert_eq!(sent, Sent { reference: None, detail: "answered 202 Accepted".to_owned() });
    let body: Value = fake.seen()[0].json();
    assert_eq!((&body["type"], &body["attachments"][0]["contentUrl"]), (&json!("message"), &Value::Null));
    assert_eq!(body["attachments"][0]["contentType"], json!("application/vnd.microsoft.card.adaptive"));
    let card: &Value = &body["attachments"][0]["content"];
    assert_eq!((&card["type"], &card["version"], &card["lang"]), (&json!("AdaptiveCard"), &json!("1.4"), &json!("ja")));
    let said: Vec<String> =
        texts(&card["body"]).into_iter().filter(|(path, _)| path.ends_with("/text")).map(|(_, text)| text).collect();
    assert_eq!(
        said,
        [
            "🚨 API応答時間が遅い",
            "レベル: ",
            "緊急 (P0)",
            "時刻: ",
            "2025/10/20 19:30:45",
            "APIの応答時間が500msを超えています。",
            "現在の値: ",
            "612 ms",
            "条件: ",
            "≥ 500 ms",
            "ラベル: ",
            "env=production, service=api",
        ]
    );
    assert!(card["body"].as_array().unwrap().iter().all(|block| block["type"] == json!("RichTextBlock")), "no Markdown");
    assert_eq!(
        card["actions"][0],
        json!({ "type": "Action.OpenUrl", "title": "引き受ける", "url": "https://mimamori.example.jp/acknowledge/abc" })
    );
}

#[tokio::test]
async fn teams_fails_in_two_ways() {
    let failed =
        "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId tcid=0.";
    let fake: Fake =
        Fake::start(vec![reply(200, failed), reply(200, &failed.replace("429", "403")), reply(400, "bad"), reply(200, "1")])
            .await;
    let teams = teams(&fake);
    assert!(matches!(teams.send(&page(Kind::Fired)).await.unwrap_err(), SendError::Retry { .. }));
    assert!(matches!(teams.send(&page(Kind::Fired)).await.unwrap_err(), SendError::Refused { .. }));
    assert!(matches!(teams.send(&page(Kind::Fired)).await.unwrap_err(), SendError::Refused { .. }));
    assert!(teams.send(&page(Kind::Fired)).await.is_ok());
}

#[tokio::test]
async fn many_alerts_are_ten_and_a_number() {
    let fake: Fake = Fake::start(vec![reply(202, ""), reply(200, "{}")]).await;
    let storm: Page = Page { alerts: (1..=14).map(alert).collect(), ..page(Kind::Fired) };
    teams(&fake).send(&storm).await.unwrap();
    discord(&fake).send(&storm).await.unwrap();
    for seen in fake.seen() {
        let body: String = seen.json().to_string();
        assert!(body.contains("ほか13件") && body.contains("ほか4件"), "{body}");
        assert!(body.contains("A-10") && !body.contains("A-11"), "{body}");
        assert!(body.len() < 28_000);
    }
}
