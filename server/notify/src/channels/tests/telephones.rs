//! Text messages and calls.

use super::{Fake, Seen, alert, channel, english, page, reply};
use crate::channels::{Channel, SendError, Sent};
use crate::page::{Kind, Page, PagedAlert};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const QUEUED: &str = r#"{"sid":"SM87105da94bff44b999e4e6eb90d8eb6a","status":"queued","error_code":null}"#;

fn telephone(kind: &str, fake: &Fake, from: &str) -> Box<dyn Channel> {
    let settings =
        json!({ "account_sid": "AC123", "auth_token": TOKEN, "from": from, "to": "+819012345678", "api_url": fake.url });
    channel(kind, &settings)
}

/// The form, decoded.
fn form(seen: &Seen) -> Vec<(String, String)> {
    let url = reqwest::Url::parse(&format!("http://form/?{}", String::from_utf8(seen.body.clone()).unwrap())).unwrap();
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

async fn texted(page: &Page) -> String {
    let fake: Fake = Fake::start(vec![reply(201, QUEUED)]).await;
    telephone("sms", &fake, "+15005550006").send(page).await.unwrap();
    form(&fake.seen()[0]).into_iter().find(|(name, _)| name == "Body").unwrap().1
}

#[tokio::test]
async fn a_text_message_is_a_form_with_basic_authentication() {
    let fake: Fake = Fake::start(vec![reply(201, QUEUED)]).await;
    let sent: Sent = telephone("sms", &fake, "+15005550006").send(&english(Kind::Fired)).await.unwrap();
    assert_eq!(sent.detail, "queued as SM87105da94bff44b999e4e6eb90d8eb6a");
    let seen = fake.seen();
    assert_eq!(seen[0].path, "/2010-04-01/Accounts/AC123/Messages.json");
    assert_eq!(seen[0].header("authorization"), format!("Basic {}", STANDARD.encode(format!("AC123:{TOKEN}"))));
    assert_eq!(seen[0].header("content-type"), "application/x-www-form-urlencoded");
    let expected = [
        ("To", "+819012345678"),
        ("From", "+15005550006"),
        ("Body", "[Critical] Firing: API is slow 612 ms\nhttps://mimamori.example.jp/acknowledge/abc"),
    ];
    assert_eq!(form(&seen[0]), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[tokio::test]
async fn a_messaging_service_sends_by_its_own_number() {
    let fake: Fake = Fake::start(vec![reply(201, QUEUED)]).await;
    telephone("sms", &fake, "MG9752274e9e519418a7406176694466fa").send(&page(Kind::Fired)).await.unwrap();
    assert_eq!(form(&fake.seen()[0])[1].0, "MessagingServiceSid");
}

#[tokio::test]
async fn the_address_is_never_cut() {
    let address = "\nhttps://mimamori.example.jp/acknowledge/abc";
    // With the value it has 70 characters: one segment.
    assert_eq!(texted(&page(Kind::Fired)).await, format!("[緊急] 発報: API応答時間が遅い 612 ms{address}"));
    let named = |name: String| Page { alerts: vec![PagedAlert { name, ..alert(1) }], ..page(Kind::Fired) };
    // One more, and the value would need a second one.
    let tight: String = texted(&named("APIの応答時間が遅い".to_owned())).await;
    assert_eq!(tight, format!("[緊急] 発報: APIの応答時間が遅い{address}"));
    let two: String = texted(&named("長".repeat(60))).await;
    assert_eq!(two, format!("[緊急] 発報: {} 612 ms{address}", "長".repeat(60)));
    let cut: String = texted(&named("長".repeat(500))).await;
    assert!(cut.ends_with(&format!("…{address}")), "{cut}");
    assert_eq!(cut.encode_utf16().count(), 3 * 67);
}

#[tokio::test]
async fn a_call_says_it_twice_in_the_readers_language() {
    for (page, language, said) in [
        (page(Kind::Fired), "ja-JP", "Mimamori. [緊急] 発報: API応答時間が遅い. APIの応答時間が500msを超えています。"),
        (english(Kind::Fired), "en-US", "Mimamori. [Critical] Firing: API is slow. The API takes longer than 500 ms."),
    ] {
        let fake: Fake = Fake::start(vec![reply(201, r#"{"sid":"CA1","status":"queued"}"#)]).await;
        telephone("voice", &fake, "+15005550006").send(&page).await.unwrap();
        let seen = fake.seen();
        assert_eq!(seen[0].path, "/2010-04-01/Accounts/AC123/Calls.json");
        let say: String = format!("<Say language=\"{language}\">{said}</Say>");
        let expected: String =
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>{say}<Pause length=\"1\"/>{say}</Response>");
        assert_eq!(form(&seen[0])[2], ("Twiml".to_owned(), expected));
    }
}

#[tokio::test]
async fn twilio_says_later_or_never() {
    let number = r#"{"code":21211,"message":"The 'To' number is not valid.","more_info":"https://www.twilio.com/docs/errors/21211","status":400}"#;
    let limited = r#"{"code":20429,"message":"Too Many Requests","status":429}"#;
    let fake: Fake = Fake::start(vec![reply(400, number), reply(429, limited), reply(503, "")]).await;
    let telephone = telephone("sms", &fake, "+15005550006");
    let never: SendError = telephone.send(&page(Kind::Fired)).await.unwrap_err();
    assert!(
        matches!(&never, SendError::Refused { reason } if reason.contains("21211") && reason.contains("not valid")),
        "{never}"
    );
    for _ in 0..2 {
        assert!(matches!(telephone.send(&page(Kind::Fired)).await.unwrap_err(), SendError::Retry { .. }));
    }
}
