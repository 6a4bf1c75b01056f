//! Slack: the requirement document's message, its later changes, and Slack's answers.

use super::{Fake, Reply, channel, english, later, page, reply};
use crate::channels::{Channel, SendError, Sent};
use crate::page::Kind;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const TOKEN: &str = "xoxb-0000000000-secretsecret";
const POSTED: &str = r#"{"ok":true,"channel":"C024BE91L","ts":"1503435956.000247"}"#;

fn bot(fake: &Fake) -> Box<dyn Channel> {
    channel("slack", &json!({ "token": TOKEN, "channel": "#alerts", "api_url": fake.url, "signing_secret": "8f742231b10e" }))
}

async fn refused_with(answer: Reply) -> SendError {
    let fake: Fake = Fake::start(vec![answer]).await;
    bot(&fake).send(&page(Kind::Fired)).await.unwrap_err()
}

#[tokio::test]
async fn the_message_is_the_one_of_the_requirement_document() {
    let fake: Fake = Fake::start(vec![reply(200, POSTED)]).await;
    let sent: Sent = bot(&fake).send(&page(Kind::Fired)).await.unwrap();
    assert_eq!(sent.reference.as_deref(), Some("C024BE91L:1503435956.000247"));
    let seen = fake.seen();
    assert_eq!((seen.len(), seen[0].method.clone(), seen[0].path.as_str()), (1, Method::POST, "/chat.postMessage"));
    assert_eq!(seen[0].header("authorization"), format!("Bearer {TOKEN}"));
    assert_eq!(seen[0].header("content-type"), "application/json; charset=utf-8");
    let text = |kind: &str, said: &str| match kind {
        "mrkdwn" => json!({ "type": "mrkdwn", "text": said, "verbatim": true }),
        _ => json!({ "type": "plain_text", "text": said, "emoji": true }),
    };
    let button = |action: &str, label: &str, url: &str| json!({ "type": "button", "action_id": action, "text": text("plain_text", label), "url": url });
    let told = "APIの応答時間が500msを超えています。\n現在の値: 612 ms\n条件: ≥ 500 ms\nラベル: env=production, service=api";
    let expected: Value = json!({
        "channel": "#alerts",
        "unfurl_links": false,
        "text": "🚨 API応答時間が遅い",
        "metadata": { "event_type": "mimamori_alert", "event_payload": { "key": "key-fired" } },
        "blocks": [
            { "type": "header", "text": text("plain_text", "🚨 API応答時間が遅い") },
            { "type": "section", "fields": [
                text("mrkdwn", "*レベル:*\n緊急 (P0)"),
                text("mrkdwn", "*時刻:*\n2025/10/20 19:30:45"),
            ] },
            { "type": "section", "text": text("mrkdwn", told) },
            { "type": "actions", "block_id": "alert", "elements": [
                { "type": "button", "action_id": "ack", "style": "primary", "text": text("plain_text", "確認"), "value": "A-12" },
                button("open", "ダッシュボードを見る", "https://mimamori.example.jp/dashboards/api"),
                button("console", "Mimamori で開く", "https://mimamori.example.jp/alerts/A-12"),
            ] },
        ],
    });
    assert_eq!(seen[0].json(), expected);
}

#[tokio::test]
async fn without_a_signing_secret_the_button_is_a_link() {
    let fake: Fake = Fake::start(vec![reply(200, POSTED)]).await;
    let bot = channel("slack", &json!({ "token": TOKEN, "channel": "#alerts", "api_url": fake.url }));
    bot.send(&page(Kind::Fired)).await.unwrap();
    let button: Value = fake.seen()[0].json()["blocks"][3]["elements"][0].clone();
    assert_eq!((&button["url"], &button["value"]), (&json!("https://mimamori.example.jp/acknowledge/abc"), &Value::Null));
}

#[tokio::test]
async fn the_first_message_is_changed_and_its_thread_says_so() {
    for (kind, heading, line) in [
        (Kind::Acknowledged, "👀 対応中: API応答時間が遅い", "👀 対応中: API応答時間が遅い · 佐藤 が対応しています。"),
        (Kind::Resolved, "✅ 解消: API応答時間が遅い", "✅ 解消: API応答時間が遅い"),
    ] {
        let fake: Fake = Fake::start(vec![reply(200, POSTED), reply(200, POSTED)]).await;
        let sent: Sent = bot(&fake).send(&later(kind, "C024BE91L:1503435956.000247")).await.unwrap();
        assert_eq!(sent.reference.as_deref(), Some("C024BE91L:1503435956.000247"));
        let seen = fake.seen();
        assert_eq!([seen[0].path.as_str(), seen[1].path.as_str()], ["/chat.update", "/chat.postMessage"]);
        let (update, line_of_thread): (Value, Value) = (seen[0].json(), seen[1].json());
        assert_eq!((&update["channel"], &update["ts"]), (&json!("C024BE91L"), &json!("1503435956.000247")));
        assert_eq!(update["text"], json!(heading));
        assert!(!update["blocks"].to_string().contains(r#""ack""#), "nobody is called any more");
        assert_eq!(line_of_thread["thread_ts"], json!("1503435956.000247"));
        assert_eq!(line_of_thread["blocks"][0]["text"]["text"], json!(line));
        assert_eq!(line_of_thread["reply_broadcast"], Value::Null);
    }
}

#[tokio::test]
async fn a_repeated_page_is_heard_in_the_channel() {
    let fake: Fake = Fake::start(vec![reply(200, POSTED), reply(200, POSTED)]).await;
    bot(&fake).send(&later(Kind::Again, "C1:2.3")).await.unwrap();
    let again: Value = fake.seen()[1].json();
    assert_eq!((&again["reply_broadcast"], &again["thread_ts"]), (&json!(true), &json!("2.3")));
    assert_eq!(again["text"], json!("🚨 継続中: API応答時間が遅い"));
}

#[tokio::test]
async fn a_first_message_that_is_gone_is_written_anew() {
    let fake: Fake = Fake::start(vec![reply(200, r#"{"ok":false,"error":"message_not_found"}"#), reply(200, POSTED)]).await;
    let sent: Sent = bot(&fake).send(&later(Kind::Resolved, "C1:2.3")).await.unwrap();
    assert_eq!(sent.reference.as_deref(), Some("C024BE91L:1503435956.000247"));
    assert_eq!(fake.seen()[1].json()["thread_ts"], Value::Null);
}

#[tokio::test]
async fn slack_says_later_or_never() {
    let limited: SendError = refused_with(reply(429, r#"{"ok":false,"error":"ratelimited"}"#).with("retry-after", "30")).await;
    assert!(matches!(&limited, SendError::Retry { after: Some(after), .. } if *after == Duration::from_secs(30)), "{limited}");
    for answer in [reply(500, "oh"), reply(503, ""), reply(200, r#"{"ok":false,"error":"internal_error"}"#), reply(200, "<html>")]
    {
        let error: SendError = refused_with(answer.clone()).await;
        assert!(matches!(error, SendError::Retry { after: None, .. }), "{answer:?} {error}");
    }
    for (error, advice) in
        [("not_in_channel", "invite the app"), ("invalid_auth", "token is not valid"), ("invalid_blocks", "invalid_blocks")]
    {
        let refused: SendError = refused_with(reply(200, &json!({ "ok": false, "error": error }).to_string())).await;
        assert!(
            matches!(&refused, SendError::Refused { reason } if reason.contains(advice) && reason.contains(error)),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn what_slack_adds_is_quoted_and_the_token_is_not() {
    let said = json!({ "ok": false, "error": "invalid_arguments", "response_metadata": { "messages": [format!("[ERROR] bad {TOKEN}")] } });
    let refused: SendError = refused_with(reply(200, &said.to_string())).await;
    let reason: String = refused.to_string();
    assert!(reason.contains("[ERROR] bad ***") && !reason.contains(TOKEN), "{reason}");
}

#[tokio::test]
async fn an_incoming_webhook_gets_text_and_blocks_and_links_only() {
    let fake: Fake = Fake::start(vec![reply(200, "ok"), reply(404, "no_service")]).await;
    let secret = "/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX";
    let webhook = channel("slack_webhook", &json!({ "url": format!("{}{secret}", fake.url) }));
    let sent: Sent = webhook.send(&english(Kind::Fired)).await.unwrap();
    assert_eq!(sent, Sent { reference: None, detail: "accepted: ok".to_owned() });
    let seen = fake.seen();
    assert_eq!(seen[0].path, secret);
    let body: Value = seen[0].json();
    let mut names: Vec<&String> = body.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["blocks", "text"]);
    assert_eq!(body["text"], json!("🚨 API is slow"));
    assert_eq!(body["blocks"][1]["fields"][1]["text"], json!("*Time:*\n2025-10-20 12:30:45 CEST"));
    let refused: SendError = webhook.send(&page(Kind::Fired)).await.unwrap_err();
    assert_eq!(refused, SendError::Refused { reason: "Slack answered 404 Not Found: no_service".to_owned() });
}
