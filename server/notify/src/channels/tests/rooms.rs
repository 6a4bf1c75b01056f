//! Slack's channels for incidents, against a server that answers as Slack documents it.

use super::{FIRED, Fake, Reply, outbound, reply};
use crate::channels::SendError;
use crate::channels::slack::rooms::{Marked, Opened, Workspace};
use kernel::outbound::Outbound;
use kernel::outbound::reach::Reach;
use model::Time;
use serde_json::json;

const TOKEN: &str = "xoxb-0000000000-secretsecret";
const OK: &str = r#"{"ok":true}"#;

fn workspace(fake: &Fake) -> Workspace {
    let settings = json!({ "token": TOKEN, "channel": "#alerts", "api_url": fake.url });
    Workspace::new(&settings, &outbound()).unwrap()
}

fn paths(fake: &Fake) -> Vec<String> {
    fake.seen().into_iter().map(|seen| seen.path).collect()
}

#[tokio::test]
async fn a_name_that_is_taken_gets_a_number() {
    let taken = reply(200, r#"{"ok":false,"error":"name_taken"}"#);
    let made = r#"{"ok":true,"channel":{"id":"C1","name":"inc-42-20261122-2","context_team_id":"T1"}}"#;
    let fake: Fake = Fake::start(vec![taken, reply(200, made)]).await;
    let opened: Opened = workspace(&fake).open("inc-42-20261122", true, FIRED).await.unwrap();
    let url = "https://slack.com/app_redirect?channel=C1&team=T1".to_owned();
    assert_eq!(opened, Opened { channel: "C1".to_owned(), name: "inc-42-20261122-2".to_owned(), url });
    let seen = fake.seen();
    assert_eq!(seen[0].header("authorization"), format!("Bearer {TOKEN}"));
    assert_eq!(seen[0].json(), json!({ "name": "inc-42-20261122", "is_private": true }));
    assert_eq!(seen[1].json()["name"], json!("inc-42-20261122-2"));
}

#[tokio::test]
async fn people_come_in_by_their_mail_address() {
    let found = reply(200, r#"{"ok":true,"user":{"id":"U7"}}"#);
    let there = reply(200, r#"{"ok":false,"error":"already_in_channel"}"#);
    let fake: Fake = Fake::start(vec![found.clone(), reply(200, OK), found, there]).await;
    let workspace: Workspace = workspace(&fake);
    workspace.invite("C1", "sato+ops@example.jp", FIRED).await.unwrap();
    workspace.invite("C1", "sato+ops@example.jp", FIRED).await.unwrap();
    let seen = fake.seen();
    assert_eq!(String::from_utf8_lossy(&seen[0].body), "email=sato%2Bops%40example.jp");
    assert_eq!(seen[1].json(), json!({ "channel": "C1", "users": "U7" }));
    assert_eq!(paths(&fake)[..2], ["/users.lookupByEmail", "/conversations.invite"]);
}

#[tokio::test]
async fn it_is_said_and_headed() {
    let fake: Fake = Fake::start(vec![reply(200, OK), reply(200, OK)]).await;
    let workspace: Workspace = workspace(&fake);
    workspace.say("C1", "P1 を宣言しました", "incident-saying-3", FIRED).await.unwrap();
    workspace.set_topic("C1", &"長".repeat(300), FIRED).await.unwrap();
    let seen = fake.seen();
    assert_eq!(seen[0].json()["metadata"]["event_payload"]["key"], json!("incident-saying-3"));
    assert_eq!(seen[1].json()["topic"].as_str().unwrap().chars().count(), 250);
}

#[tokio::test]
async fn marked_messages_are_found_over_all_answers() {
    let first = json!({
        "ok": true,
        "messages": [
            { "ts": "1503435956.000247", "user": "U7", "text": "a &lt;b&gt; &amp; c", "reactions": [{ "name": "pushpin" }] },
            { "ts": "1503435957.120000", "user": "U7", "text": "not this", "reactions": [{ "name": "eyes" }] },
        ],
        "response_metadata": { "next_cursor": "bmV4dA==" },
    });
    let second = json!({
        "ok": true,
        "messages": [{ "ts": "1503435000.500000", "username": "deployer", "text": "d", "reactions": [{ "name": "pushpin" }] }],
    });
    let user = json!({ "ok": true, "user": { "profile": { "display_name": "佐藤" } } });
    let replies: Vec<Reply> = [first, second, user].iter().map(|said| reply(200, &said.to_string())).collect();
    let fake: Fake = Fake::start(replies).await;
    let marked: Vec<Marked> = workspace(&fake).marked("C1", Time(1_503_430_000_999), "pushpin", FIRED).await.unwrap();
    let told: Vec<(&str, &str, i64)> = marked.iter().map(|one| (one.author.as_str(), one.text.as_str(), one.at.0)).collect();
    assert_eq!(told, [("佐藤", "a <b> & c", 1_503_435_956_000), ("deployer", "d", 1_503_435_000_500)]);
    assert_eq!(marked[0].url, "https://slack.com/app_redirect?channel=C1&message_ts=1503435956.000247");
    let seen = fake.seen();
    assert_eq!(String::from_utf8_lossy(&seen[0].body), "channel=C1&oldest=1503430000&limit=25&cursor=");
    assert!(String::from_utf8_lossy(&seen[1].body).ends_with("&cursor=bmV4dA%3D%3D"));
}

#[tokio::test]
async fn what_slack_refuses_is_told_with_what_it_needs_and_without_the_token() {
    let scope = format!(r#"{{"ok":false,"error":"missing_scope {TOKEN}","needed":"channels:manage"}}"#);
    let fake: Fake = Fake::start(vec![reply(200, &scope)]).await;
    let refused: SendError = workspace(&fake).open("inc-1", false, FIRED).await.unwrap_err();
    let reason: String = refused.to_string();
    assert!(matches!(refused, SendError::Refused { .. }) && reason.contains("the scope channels:manage"), "{reason}");
    assert!(!reason.contains(TOKEN), "{reason}");
}

#[tokio::test]
async fn what_slack_can_not_do_now_is_tried_later() {
    let slow: Reply = reply(200, r#"{"ok":false,"error":"ratelimited"}"#).with("retry-after", "30");
    let fake: Fake = Fake::start(vec![slow, reply(503, "")]).await;
    let workspace: Workspace = workspace(&fake);
    let later: SendError = workspace.say("C1", "a", "k", FIRED).await.unwrap_err();
    assert!(matches!(later, SendError::Retry { after: Some(after), .. } if after.as_secs() == 30));
    let down: SendError = workspace.say("C1", "a", "k", FIRED).await.unwrap_err();
    assert!(matches!(down, SendError::Retry { after: None, .. }));
}

#[tokio::test]
async fn the_guard_stands_in_the_way_here_too() {
    let settings = json!({ "token": TOKEN, "channel": "#alerts", "api_url": "http://127.0.0.1:9/api" });
    let workspace: Workspace = Workspace::new(&settings, &Outbound::new(Reach::default())).unwrap();
    let refused: SendError = workspace.say("C1", "a", "k", FIRED).await.unwrap_err();
    assert!(matches!(refused, SendError::Refused { .. }) && refused.to_string().contains("must not be reached"), "{refused}");
}
