//! What is about an incident: every channel says it whole, links to the incident, and offers nothing to acknowledge.

use super::{FIRED, Fake, channel, page, reply, texts};
use crate::channels::email::letter;
use crate::channels::slack::blocks::{self, Buttons};
use crate::channels::{Sent, pagerduty, teams, text, twilio, words};
use crate::page::{Kind, Page, PagedBulletin};
use figures::Locale;
use model::Severity;
use serde_json::{Value, json};

const URL: &str = "https://mimamori.example.jp/incidents/I-42";

/// A payment that fails, looked into.
pub(super) fn bulletin() -> PagedBulletin {
    PagedBulletin {
        severity: Severity::P0,
        code: "L1".to_owned(),
        name: "I-42 決済が失敗する".to_owned(),
        text: "原因を調査しています。\n次は19時50分にお知らせします。".to_owned(),
        status: Some("対応中".to_owned()),
        due_at: None,
        next_at: Some(FIRED.plus_ms(20 * 60_000)),
        systems: vec!["payments".to_owned(), "api".to_owned()],
        by: Some("佐藤 健".to_owned()),
        at: FIRED,
    }
}

/// As the sender makes it: about no alert, and without an address to acknowledge.
fn about(kind: Kind) -> Page {
    let (due_at, status) = match kind {
        Kind::Announced => (None, Some("対応中".to_owned())),
        _ => (Some(FIRED.plus_ms(60_000)), None),
    };
    let bulletin = PagedBulletin { due_at, status, ..bulletin() };
    let (alerts, acknowledge_url) = (Vec::new(), None);
    Page { alerts, bulletin: Some(bulletin), url: URL.to_owned(), acknowledge_url, ..page(kind) }
}

fn in_english(kind: Kind) -> Page {
    let told = PagedBulletin {
        name: "I-42 Payments fail".to_owned(),
        text: "We are looking for the cause.".to_owned(),
        ..about(kind).bulletin.unwrap()
    };
    Page { bulletin: Some(told), locale: Locale::En, zone: chrono_tz::Europe::Berlin, ..about(kind) }
}

#[test]
fn every_kind_has_its_heading_and_subject() {
    for (kind, heading, subject, subject_en) in [
        (
            Kind::Announced,
            "📣 状況報告: I-42 決済が失敗する",
            "[緊急] 状況報告: I-42 決済が失敗する",
            "[Critical] Status update: I-42 Payments fail",
        ),
        (
            Kind::Warned,
            "⏳ 期限間近: I-42 決済が失敗する",
            "[緊急] 期限間近: I-42 決済が失敗する",
            "[Critical] Due soon: I-42 Payments fail",
        ),
        (
            Kind::Breached,
            "⏰ 期限超過: I-42 決済が失敗する",
            "[緊急] 期限超過: I-42 決済が失敗する",
            "[Critical] Overdue: I-42 Payments fail",
        ),
    ] {
        assert_eq!((words::heading(&about(kind)).as_str(), words::subject(&about(kind)).as_str()), (heading, subject));
        assert_eq!(words::subject(&in_english(kind)), subject_en);
    }
}

#[test]
fn under_the_heading_stand_level_status_promises_and_what_it_concerns() {
    let rows: Vec<(&str, String)> = words::overview(&about(Kind::Announced));
    let expected = [
        ("レベル", "緊急 (L1)"),
        ("状態", "対応中"),
        ("次の報告", "2025/10/20 19:50:45"),
        ("時刻", "2025/10/20 19:30:45"),
        ("対象", "payments, api"),
        ("報告者", "佐藤 健"),
    ];
    assert_eq!(rows, expected.map(|(name, value)| (name, value.to_owned())));
    let names: Vec<&str> = words::overview(&in_english(Kind::Breached)).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["Level", "Due", "Next update", "Time", "Concerns", "From"]);
    let silent = Page { bulletin: Some(PagedBulletin { text: " \n".to_owned(), ..bulletin() }), ..about(Kind::Announced) };
    assert_eq!(words::sentence(&silent), words::heading(&silent), "no provider takes an empty text");
}

#[test]
fn slack_says_it_with_one_button_that_opens_the_incident() {
    for kind in [Kind::Announced, Kind::Warned, Kind::Breached] {
        for buttons in [Buttons::Interactive, Buttons::Links] {
            let message: Value = Value::Object(blocks::message(&about(kind), buttons, None));
            let said: &Value = &message["blocks"][2]["text"]["text"];
            assert_eq!(said, "原因を調査しています。\n次は19時50分にお知らせします。");
            let elements: &Vec<Value> = message["blocks"][3]["elements"].as_array().unwrap();
            let actions: Vec<&str> = elements.iter().filter_map(|one| one["action_id"].as_str()).collect();
            assert_eq!((actions, elements[0]["url"].as_str()), (vec!["console"], Some(URL)), "{kind:?}");
        }
    }
}

#[test]
fn a_mail_tells_all_of_it_and_links_to_the_incident() {
    let page: Page = about(Kind::Announced);
    let plain: String = letter::plain(&page);
    for said in [
        "レベル: 緊急 (L1)\n",
        "次の報告: 2025/10/20 19:50:45\n",
        "調査しています。\n次は",
        "Mimamori で開く: https://mimamori.example.jp/incidents/I-42\n",
    ] {
        assert!(plain.contains(said), "{said} is missing in {plain}");
    }
    let html: String = letter::html(&page);
    assert!(html.contains("調査しています。<br>次は") && html.contains(&format!("<a href=\"{URL}\">")), "{html}");
    assert!(!plain.contains("引き受ける:") && !html.contains("background-color"), "there is nothing to acknowledge");
}

#[test]
fn teams_pagerduty_and_telephones_say_it_too() {
    let page: Page = about(Kind::Breached);
    let card: Vec<String> = texts(&teams::message(&page, 0)).into_iter().map(|(_, text)| text).collect();
    assert!(card.iter().any(|said| said.starts_with("原因を調査")) && card.contains(&"Mimamori で開く".to_owned()), "{card:?}");
    assert!(!card.contains(&"引き受ける".to_owned()));
    let payload: Value = pagerduty::payload(&page, 0);
    assert_eq!(
        payload["summary"],
        "[緊急] 期限超過: I-42 決済が失敗する · 原因を調査しています。 次は19時50分にお知らせします。"
    );
    assert_eq!((&payload["severity"], &payload["custom_details"]["alerts"]), (&json!("critical"), &json!([])));
    assert_eq!(twilio::message(&page), format!("[緊急] 期限超過: I-42 決済が失敗する\n{URL}"));
    assert!(twilio::twiml(&page).contains("期限超過: I-42 決済が失敗する. 原因を調査"), "{}", twilio::twiml(&page));
    assert!(text::length(&twilio::message(&page)) < 134, "two segments");
}

#[tokio::test]
async fn a_webhook_gets_a_type_of_its_own_and_no_alerts() {
    let fake: Fake = Fake::start(vec![reply(204, "")]).await;
    let settings = json!({ "url": format!("{}/hook", fake.url), "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD" });
    channel("webhook", &settings).send(&in_english(Kind::Announced)).await.unwrap();
    let expected: Value = json!({
        "type": "incident.announced",
        "timestamp": "2025-10-20T10:30:50.000Z",
        "data": {
            "key": "key-announced",
            "group": "key-announced",
            "heading": "[Critical] Status update: I-42 Payments fail",
            "severity": "P0",
            "code": "L1",
            "name": "I-42 Payments fail",
            "text": "We are looking for the cause.",
            "status": "対応中",
            "due_at": null,
            "next_update_at": "2025-10-20T10:50:45.000Z",
            "systems": ["payments", "api"],
            "by": "佐藤 健",
            "said_at": "2025-10-20T10:30:45.000Z",
            "url": URL,
        },
    });
    assert_eq!(fake.seen()[0].json(), expected);
}

#[tokio::test]
async fn each_is_a_new_message_whatever_was_said_before() {
    let posted: &str = r#"{"ok":true,"channel":"C024BE91L","ts":"1503435956.000247"}"#;
    let fake: Fake = Fake::start(vec![reply(200, posted), reply(200, r#"{"id":"8"}"#)]).await;
    let again = Page { previous: Some("C024BE91L:1".to_owned()), ..about(Kind::Announced) };
    let slack = channel("slack", &json!({ "token": "xoxb-0000000000-secretsecret", "channel": "#status", "api_url": fake.url }));
    slack.send(&again).await.unwrap();
    let discord = channel("discord", &json!({ "url": format!("{}/api/webhooks/42/abcdefghijkl", fake.url) }));
    discord.send(&Page { previous: Some("77".to_owned()), ..about(Kind::Announced) }).await.unwrap();
    let asked: Vec<String> = fake.seen().into_iter().map(|seen| format!("{} {}", seen.method, seen.path)).collect();
    assert_eq!(asked, ["POST /chat.postMessage", "POST /api/webhooks/42/abcdefghijkl?wait=true"]);
    assert_eq!(fake.seen()[0].json()["metadata"]["event_type"], "mimamori_incident");
}

#[tokio::test]
async fn nobodys_telephone_rings_for_an_update_and_pagerduty_opens_nothing() {
    let fake: Fake = Fake::start(Vec::new()).await;
    let settings = json!({ "account_sid": "AC123", "auth_token": "0123456789abcdef", "from": "+15005550006", "to": "+819012345678", "api_url": fake.url });
    let rung: Sent = channel("voice", &settings).send(&about(Kind::Announced)).await.unwrap();
    assert!(rung.detail.starts_with("not said"), "{}", rung.detail);
    let pager = channel("pagerduty", &json!({ "routing_key": "0123456789abcdef0123456789abcdef", "api_url": fake.url }));
    for kind in [Kind::Announced, Kind::Warned] {
        assert!(pager.send(&about(kind)).await.unwrap().detail.starts_with("not said"), "{kind:?}");
    }
    assert!(fake.seen().is_empty());
    fake.will(vec![reply(202, "{}")]);
    pager.send(&about(Kind::Breached)).await.unwrap();
    assert_eq!(fake.seen()[0].json()["event_action"], "trigger");
}

#[test]
fn what_is_about_a_document_has_no_level_and_is_no_incident() {
    let told = PagedBulletin { code: String::new(), name: "デプロイ手順".to_owned(), status: None, ..bulletin() };
    let page = Page { bulletin: Some(told), ..about(Kind::Announced) };
    assert_eq!((words::heading(&page).as_str(), words::subject(&page).as_str()), ("📣 文書: デプロイ手順", "文書: デプロイ手順"));
    let names: Vec<&str> = words::overview(&page).into_iter().map(|(name, _)| name).collect();
    assert!(!names.contains(&"レベル"), "{names:?}");
}
