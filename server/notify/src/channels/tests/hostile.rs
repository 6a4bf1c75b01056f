//! Whatever stands in names, sentences and labels: no format breaks, nothing is mentioned, nothing is longer than it may be.

use super::{alert, channel, page, texts};
use crate::channels::slack::blocks::{self, Buttons};
use crate::channels::{discord, email::letter, pagerduty, teams, text, twilio};
use crate::page::{Kind, Page, PagedAlert, PagedBulletin, Png};
use model::labels::Labels;
use proptest::prelude::*;
use serde_json::{Value, json};

const FRAGMENTS: &[&str] = &[
    "<!channel>",
    "<!here|here>",
    "<@U024BE7LH>",
    "<https://evil.example|click>",
    "@everyone",
    "@here",
    "<@&1234>",
    "[x](https://evil.example)",
    "<script>alert(1)</script>",
    "\" onmouseover=\"x",
    "' onclick='x",
    "</Say><Dial>+1900</Dial>",
    "&lt;b&gt;",
    "&",
    "]]>",
    "\r\nBcc: all@example.com",
    "{{7*7}}",
    "\u{202e}gnp.exe",
    "\u{0}",
    "\\",
    "`*_~|",
    "👩‍👩‍👧‍👧",
    "か\u{3099}",
];

fn hostile() -> impl Strategy<Value = String> {
    let fragment = proptest::sample::select(FRAGMENTS).prop_map(str::to_owned);
    let noise = proptest::collection::vec(proptest::char::any(), 0..30).prop_map(|all| all.into_iter().collect::<String>());
    let repeated = (proptest::sample::select(FRAGMENTS), 1_usize..400).prop_map(|(fragment, n)| fragment.repeat(n));
    let piece = prop_oneof![4 => fragment, 4 => noise, 1 => repeated];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn hostile_alert() -> impl Strategy<Value = PagedAlert> {
    (hostile(), hostile(), hostile(), hostile(), hostile()).prop_map(|(name, summary, value, label, url)| PagedAlert {
        name,
        summary,
        description: Some(value.clone()),
        condition: value.clone(),
        holder: Some(value.clone()),
        source_url: Some(format!("https://example.jp/{url}?{value}")),
        labels: Labels::new([(label.clone(), value.clone()), ("env".to_owned(), label)]),
        runbook_url: Some(format!("https://example.jp/{url}")),
        dashboard_url: Some(url),
        value: Some(value),
        ..alert(1)
    })
}

fn hostile_bulletin() -> impl Strategy<Value = PagedBulletin> {
    (hostile(), hostile(), hostile(), hostile()).prop_map(|(name, text, code, by)| PagedBulletin {
        name,
        text,
        status: Some(code.clone()),
        systems: vec![by.clone(), code.clone()],
        by: Some(by),
        code,
        ..super::bulletins::bulletin()
    })
}

/// About alerts, or about an incident.
fn hostile_page() -> impl Strategy<Value = Page> {
    let alerts = proptest::collection::vec(hostile_alert(), 0..14);
    let bulletin = proptest::option::of(hostile_bulletin());
    (alerts, bulletin, proptest::sample::select(Kind::ALL.to_vec())).prop_map(|(alerts, bulletin, kind)| Page {
        alerts: if bulletin.is_some() { Vec::new() } else { alerts },
        bulletin,
        ..page(kind)
    })
}

/// Every `<` begins one of these.
fn only_tags(markup: &str, known: &[&str]) -> bool {
    markup.match_indices('<').all(|(at, _)| known.iter().any(|tag| markup[at + 1..].starts_with(tag)))
}

/// Whether Slack reads nothing but text in it: no `<`, no `>`, no `&` that isn't an entity of its three.
fn is_plain_for_slack(said: &str) -> bool {
    let entity = |rest: &str| ["&amp;", "&lt;", "&gt;"].iter().any(|known| rest.starts_with(known));
    !said.contains(['<', '>']) && said.match_indices('&').all(|(at, _)| entity(&said[at..]))
}

fn at(value: &Value, ending: &str) -> Vec<String> {
    texts(value).into_iter().filter(|(path, _)| path.ends_with(ending)).map(|(_, text)| text).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn slack_reads_text_within_its_limits(page in hostile_page()) {
        for buttons in [Buttons::Interactive, Buttons::Links] {
            let message = Value::Object(blocks::message(&page, buttons, Some("F024BE7LH")));
            for (path, said) in texts(&message).into_iter().filter(|(path, _)| path.ends_with("text")) {
                // What stands for a picture is read as it is.
                prop_assert!(path.ends_with("alt_text") || is_plain_for_slack(&said), "{said}");
                prop_assert!(!said.is_empty() && text::length(&said) <= 3_000);
            }
            for header in at(&message["blocks"][0], "text") {
                prop_assert!(text::length(&header) <= 150);
            }
            for url in at(&message, "url") {
                prop_assert!(url.starts_with("https://") && !url.contains(['<', '>', '|', ' ', '\n']), "{url}");
            }
            prop_assert!(message["blocks"].as_array().is_some_and(|blocks| blocks.len() <= 50));
        }
        prop_assert!(is_plain_for_slack(&at(&blocks::line(&page.alerts.iter().map(|alert| alert.name.as_str()).collect::<String>()), "text").concat()));
    }

    #[test]
    fn a_mail_is_html_of_our_own_tags_only(page in hostile_page()) {
        let tags = [
            "!doctype html>", "html lang=\"ja\">", "/html>", "head>", "/head>", "meta charset=\"utf-8\">", "meta name=\"viewport\"",
            "meta name=\"color-scheme\"", "title>", "/title>", "body style=\"margin", "/body>", "div style=\"max-width", "/div>",
            "img src=\"cid:graph\" alt=\"", "h2>", "/h2>", "h3>", "/h3>", "p>", "/p>", "br>", "hr>", "small>", "/small>", "a href=\"https://", "/a>",
            "table cellpadding=\"4\">", "/table>", "tbody>", "/tbody>", "tr>", "/tr>", "th scope=\"row\" align=\"left\" valign=\"top\">",
            "/th>", "td>", "/td>",
        ];
        let page = Page { picture: Some(Png::new(vec![1, 2, 3])), ..page };
        let html: String = letter::html(&page);
        prop_assert!(only_tags(&html, &tags), "{html}");
        let from = "alerts@example.jp".parse().unwrap();
        let to = ["sato@example.jp".parse().unwrap()];
        let written = letter::write(&page, &from, &to).unwrap();
        prop_assert!(written.bytes.is_ascii(), "7 bits go through everything");
        let head: String = String::from_utf8_lossy(&written.bytes).split("\r\n\r\n").next().unwrap_or_default().to_owned();
        prop_assert!(!head.contains("\r\nBcc"), "{head}");
    }

    #[test]
    fn discord_mentions_nobody_and_stays_below_its_limits(page in hostile_page()) {
        let message: Value = discord::message(&page);
        prop_assert_eq!(&message["allowed_mentions"], &json!({ "parse": [] }));
        let embed: &Value = &message["embeds"][0];
        let whole: usize = at(embed, "title").iter().chain(&at(embed, "description")).chain(&at(embed, "name")).chain(&at(embed, "value")).map(|said| text::length(said)).sum();
        prop_assert!(whole <= 6_000, "{whole}");
        prop_assert!(at(embed, "title").iter().all(|said| text::length(said) <= 256));
        prop_assert!(at(embed, "value").iter().all(|said| !said.is_empty() && text::length(said) <= 1_024));
        for said in texts(embed).into_iter().map(|(_, text)| text) {
            // Behind a backslash, which is not itself behind one, it is no markup.
            let bare: String = said.replace("\\\\", "").replace("\\<", "").replace("\\[", "");
            prop_assert!(!bare.contains("<@") && !bare.contains("<!"), "{said}");
        }
    }

    #[test]
    fn a_card_and_a_payload_stay_below_their_limits(page in hostile_page()) {
        let card: Value = crate::channels::wire::within(26_000, page.alerts.len().min(10), |n| teams::message(&page, n));
        prop_assert!(card.to_string().len() <= 28_000, "{}", card.to_string().len());
        prop_assert!(!card.to_string().contains("\"TextBlock\""));
        let payload: Value = pagerduty::payload(&page, page.alerts.len());
        prop_assert!(at(&payload, "summary").iter().all(|said| text::length(said) <= 1_024));
    }

    #[test]
    fn a_telephone_gets_three_segments_and_a_whole_address(page in hostile_page()) {
        let message: String = twilio::message(&page);
        let address: &str = if page.kind.calls() { "\nhttps://mimamori.example.jp/acknowledge/abc" } else { "\nhttps://mimamori.example.jp/alerts/A-12" };
        prop_assert!(message.ends_with(address), "{message}");
        prop_assert!(twilio::segments(&message) <= 3, "{message}");
        prop_assert!(!message[..message.len() - address.len()].contains(char::is_control), "{message:?}");
        let twiml: String = twilio::twiml(&page);
        prop_assert!(only_tags(&twiml, &["?xml ", "Response>", "/Response>", "Say language=\"ja-JP\">", "/Say>", "Pause length=\"1\"/>"]), "{twiml}");
        prop_assert!(text::length(&twiml) <= 4_000);
    }
}

/// The same once over the wire, so that what is proved above is what is sent.
#[tokio::test]
async fn a_hostile_page_arrives_as_text() {
    let fake = super::Fake::start(vec![super::reply(200, "ok")]).await;
    let hostile = PagedAlert { name: "<!channel> & <https://evil.example|x>".to_owned(), ..alert(1) };
    let webhook = channel("slack_webhook", &json!({ "url": format!("{}/services/x", fake.url) }));
    webhook.send(&Page { alerts: vec![hostile], ..page(Kind::Fired) }).await.unwrap();
    let heading: Value = fake.seen()[0].json()["text"].clone();
    assert_eq!(heading, json!("🚨 &lt;!channel&gt; &amp; &lt;https://evil.example|x&gt;"));
}
