//! Slack: the requirement document's message, its later changes, and Slack's answers.

use super::{Fake, Reply, alert, channel, english, later, outbound, page, reply};
use crate::channels::slack::talk::Talk;
use crate::channels::{Channel, SendError, Sent};
use crate::page::{Kind, Page, Png};
use figures::Locale;
use model::ids::AlertId;
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
                { "type": "button", "action_id": "ack", "style": "primary", "text": text("plain_text", "引き受ける"), "value": "A-12" },
                { "type": "button", "action_id": "comment", "text": text("plain_text", "コメント"), "value": "A-12" },
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
async fn an_update_changes_the_message_and_says_nothing_more() {
    let fake: Fake = Fake::start(vec![reply(200, POSTED)]).await;
    let open = later(Kind::Updated, "C1:2.3");
    let mut page: Page = Page { alerts: vec![alert(12), alert(13)], ..open };
    page.alerts[1].resolved_at = Some(page.at);
    let sent: Sent = bot(&fake).send(&page).await.unwrap();
    assert_eq!(sent, Sent { reference: Some("C1:2.3".to_owned()), detail: "changed".to_owned() });
    let seen = fake.seen();
    assert_eq!((seen.len(), seen[0].path.as_str()), (1, "/chat.update"));
    assert_eq!(values(&seen[0].json()), ["ack A-12", "comment A-12"]);
}

/// What the buttons carry back.
fn values(message: &Value) -> Vec<String> {
    let blocks = message["blocks"].as_array().unwrap();
    let buttons = blocks.last().unwrap()["elements"].as_array().unwrap();
    let carrying = buttons.iter().filter_map(|button| Some((button["action_id"].as_str()?, button["value"].as_str()?)));
    carrying.map(|(action, value)| format!("{action} {value}")).collect()
}

#[tokio::test]
async fn what_somebody_has_can_be_given_back_and_what_is_over_can_not() {
    for (kind, expected) in [(Kind::Acknowledged, vec!["unack A-12", "comment A-12"]), (Kind::Resolved, vec![])] {
        let fake: Fake = Fake::start(vec![reply(200, POSTED), reply(200, POSTED)]).await;
        bot(&fake).send(&later(kind, "C1:2.3")).await.unwrap();
        assert_eq!(values(&fake.seen()[0].json()), expected, "{}", kind.as_str());
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

fn talk(fake: &Fake) -> Talk {
    Talk::new(&json!({ "token": TOKEN, "channel": "#alerts", "api_url": fake.url }), &outbound()).unwrap()
}

#[tokio::test]
async fn slack_is_asked_who_somebody_is_and_only_a_sure_answer_counts() {
    let known = |more: Value| {
        let mut user: Value = json!({ "id": "U1", "profile": { "email": "sato@example.jp" } });
        user.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        reply(200, &json!({ "ok": true, "user": user }).to_string())
    };
    for (answer, expected) in [
        (known(json!({})), Some("sato@example.jp")),
        (known(json!({ "is_email_confirmed": true })), Some("sato@example.jp")),
        (known(json!({ "is_email_confirmed": false })), None),
        (known(json!({ "is_stranger": true })), None),
        (known(json!({ "deleted": true })), None),
        (reply(200, r#"{"ok":false,"error":"missing_scope"}"#), None),
        (reply(500, "oh"), None),
    ] {
        let fake: Fake = Fake::start(vec![answer]).await;
        assert_eq!(talk(&fake).email_of("U1").await.as_deref(), expected);
        let seen = fake.seen();
        assert_eq!((seen[0].method.clone(), seen[0].path.as_str()), (Method::GET, "/users.info?user=U1"));
        assert_eq!(seen[0].header("authorization"), format!("Bearer {TOKEN}"));
    }
}

#[tokio::test]
async fn a_window_asks_for_the_comment_and_knows_what_about() {
    let fake: Fake =
        Fake::start(vec![reply(200, r#"{"ok":true}"#), reply(200, r#"{"ok":false,"error":"expired_trigger_id"}"#)]).await;
    let talk: Talk = talk(&fake);
    let alerts = [AlertId(3), AlertId(7)];
    talk.ask_for_comment("1.2.3", &alerts, Locale::Ja, page(Kind::Fired).at).await.unwrap();
    let late = talk.ask_for_comment("1.2.3", &alerts, Locale::En, page(Kind::Fired).at).await.unwrap_err();
    assert!(late.to_string().contains("expired_trigger_id"), "{late}");
    let asked: Value = fake.seen()[0].json();
    assert_eq!((&asked["trigger_id"], &asked["view"]["private_metadata"]), (&json!("1.2.3"), &json!("A-3,A-7")));
    assert!(asked["view"]["title"]["text"].as_str().unwrap().chars().count() <= 24);
}

#[tokio::test]
async fn a_whisper_goes_to_slack_and_nowhere_else() {
    let fake: Fake = Fake::start(vec![reply(200, "ok")]).await;
    let talk: Talk = talk(&fake);
    let at = page(Kind::Fired).at;
    talk.whisper(&format!("{}/actions/1", fake.url), "<!channel> 対応できません", at).await.unwrap();
    let said: Value = fake.seen()[0].json();
    assert_eq!((&said["response_type"], &said["text"]), (&json!("ephemeral"), &json!("&lt;!channel&gt; 対応できません")));
    for elsewhere in ["http://hooks.slack.com/actions/1", "https://hooks.slack.com.evil.example/", "https://evil.example/", "x"] {
        assert!(matches!(talk.whisper(elsewhere, "a", at).await, Err(SendError::Refused { .. })), "{elsewhere}");
    }
    assert_eq!(fake.seen().len(), 1);
}

fn pictured(kind: Kind) -> Page {
    Page { picture: Some(Png::new(b"\x89PNG".to_vec())), ..page(kind) }
}

/// What Slack says about a place for a file; the place is on the fake.
fn place(fake: &Fake) -> Reply {
    reply(200, &json!({ "ok": true, "file_id": "F1", "upload_url": format!("{}/upload/1", fake.url) }).to_string())
}

#[tokio::test]
async fn the_graph_is_handed_over_and_stands_above_the_buttons() {
    let fake: Fake = Fake::start(Vec::new()).await;
    fake.will(vec![place(&fake), reply(200, "OK - 4"), reply(200, r#"{"ok":true}"#), reply(200, POSTED)]);
    let sent: Sent = bot(&fake).send(&pictured(Kind::Fired)).await.unwrap();
    assert_eq!(sent.detail, "posted");
    let seen = fake.seen();
    let paths: Vec<&str> = seen.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(paths, ["/files.getUploadURLExternal", "/upload/1", "/files.completeUploadExternal", "/chat.postMessage"]);
    assert_eq!(
        (seen[0].body.as_slice(), seen[1].body.as_slice()),
        (b"filename=graph.png&length=4".as_slice(), b"\x89PNG".as_slice())
    );
    assert_eq!(seen[1].header("authorization"), "", "the place is its own key");
    assert_eq!(seen[2].json()["files"][0]["id"], json!("F1"));
    let blocks: Value = seen[3].json()["blocks"].clone();
    assert_eq!((&blocks[3]["type"], &blocks[3]["slack_file"]["id"]), (&json!("image"), &json!("F1")));
    assert!(blocks[3]["alt_text"].as_str().unwrap().contains("API応答時間が遅い"));
    assert_eq!(blocks[4]["type"], json!("actions"));
}

#[tokio::test]
async fn without_the_scope_the_message_goes_without_its_graph_and_says_so() {
    let fake: Fake = Fake::start(Vec::new()).await;
    fake.will(vec![reply(200, r#"{"ok":false,"error":"missing_scope"}"#), reply(200, POSTED), reply(200, POSTED)]);
    let bot = bot(&fake);
    let sent: Sent = bot.send(&pictured(Kind::Fired)).await.unwrap();
    assert_eq!(sent.detail, "posted, without its graph: Slack answered missing_scope (give the app the scope files:write)");
    bot.send(&pictured(Kind::Fired)).await.unwrap();
    let paths: Vec<String> = fake.seen().into_iter().map(|one| one.path).collect();
    assert_eq!(
        paths,
        ["/files.getUploadURLExternal", "/chat.postMessage", "/chat.postMessage"],
        "Slack is left alone for a while"
    );
}

#[tokio::test]
async fn a_graph_that_slack_can_not_show_yet_is_left_out() {
    let fake: Fake = Fake::start(Vec::new()).await;
    let refused = reply(200, r#"{"ok":false,"error":"invalid_blocks"}"#);
    fake.will(vec![place(&fake), reply(200, ""), reply(200, r#"{"ok":true}"#), refused, reply(200, POSTED)]);
    bot(&fake).send(&pictured(Kind::Fired)).await.unwrap();
    let last: Value = fake.seen().pop().unwrap().json();
    assert!(!last["blocks"].to_string().contains("slack_file"));
}

#[tokio::test]
async fn a_place_that_is_not_reached_by_https_gets_nothing() {
    let fake: Fake = Fake::start(Vec::new()).await;
    let elsewhere = r#"{"ok":true,"file_id":"F1","upload_url":"http://files.example/1"}"#;
    fake.will(vec![reply(200, elsewhere), reply(200, POSTED)]);
    let sent: Sent = bot(&fake).send(&pictured(Kind::Fired)).await.unwrap();
    assert!(sent.detail.contains("not reached by https"), "{}", sent.detail);
}
