//! E-mail: headers, threads, texts, and what a mail server answers.

use super::smtp::{Mood, Post};
use super::{alert, channel, english, later, page};
use crate::channels::email::letter;
use crate::channels::{self, BadSettings, Channel, SendError, Sent};
use crate::page::{Kind, Page, PagedAlert, Png};
use kernel::outbound::Outbound;
use kernel::outbound::reach::Reach;
use serde_json::{Value, json};

fn settings(post: &Post, to: &str) -> Value {
    json!({ "host": "127.0.0.1", "port": post.port, "security": "none", "from": "Mimamori <alerts@example.jp>", "to": to })
}

fn mail(post: &Post, to: &str) -> Box<dyn Channel> {
    channel("email", &settings(post, to))
}

fn willing(_command: &str) -> Option<&'static str> {
    None
}

async fn error_of(mood: Mood) -> SendError {
    let post: Post = Post::start(mood).await;
    mail(&post, "sato@example.jp").send(&page(Kind::Fired)).await.unwrap_err()
}

/// Header lines of a mail, unfolded.
fn headers(text: &str) -> Vec<String> {
    let head: &str = text.split("\n\n").next().unwrap();
    head.replace("\n ", " ").replace("\n\t", " ").lines().map(str::to_owned).collect()
}

fn has(headers: &[String], line: &str) -> bool {
    headers.iter().any(|header| header == line)
}

#[tokio::test]
async fn a_mail_has_the_headers_of_its_kind() {
    let post: Post = Post::start(willing).await;
    let sent: Sent = mail(&post, "sato@example.jp").send(&english(Kind::Fired)).await.unwrap();
    assert_eq!(
        sent,
        Sent { reference: Some("<key-fired@example.jp>".to_owned()), detail: "accepted for sato@example.jp".to_owned() }
    );
    let mails = post.mails();
    assert_eq!(mails.len(), 1);
    assert!(
        mails[0].from.starts_with("MAIL FROM:<alerts@example.jp>") && mails[0].to[0].starts_with("RCPT TO:<sato@example.jp>")
    );
    let headers: Vec<String> = headers(&mails[0].text);
    for line in [
        "Message-ID: <key-fired@example.jp>",
        "Date: Mon, 20 Oct 2025 10:30:50 +0000",
        "To: sato@example.jp",
        "Subject: [Critical] Firing: API is slow",
        "List-Id: <alerts.example.jp>",
        "Auto-Submitted: auto-generated",
        "List-Unsubscribe: <https://mimamori.example.jp/channels/ops>",
    ] {
        assert!(has(&headers, line), "{line}\n{headers:#?}");
    }
    assert!(headers.iter().any(|header| header.starts_with("From: ") && header.contains("<alerts@example.jp>")), "{headers:#?}");
    assert!(headers.iter().any(|header| header.starts_with("Content-Type: multipart/alternative")), "{headers:#?}");
    for absent in ["In-Reply-To", "References", "List-Unsubscribe-Post", "Precedence"] {
        assert!(!headers.iter().any(|header| header.starts_with(&format!("{absent}:"))), "{absent}\n{headers:#?}");
    }
    assert!(mails[0].text.contains("text/plain") && mails[0].text.contains("text/html"));
}

#[tokio::test]
async fn later_mails_answer_the_first() {
    let post: Post = Post::start(willing).await;
    let sent: Sent = mail(&post, "sato@example.jp").send(&later(Kind::Resolved, "<key-fired@example.jp>")).await.unwrap();
    assert_eq!(sent.reference.as_deref(), Some("<key-fired@example.jp>"));
    let headers: Vec<String> = headers(&post.mails()[0].text);
    for line in
        ["Message-ID: <key-resolved@example.jp>", "In-Reply-To: <key-fired@example.jp>", "References: <key-fired@example.jp>"]
    {
        assert!(has(&headers, line), "{line}\n{headers:#?}");
    }
}

#[tokio::test]
async fn what_can_not_be_switched_off_does_not_say_where() {
    let post: Post = Post::start(willing).await;
    for (url, expected) in [
        (None, None),
        (Some("javascript:alert(1)"), None),
        (Some("https://x.example/account#contacts"), Some("List-Unsubscribe: <https://x.example/account#contacts>")),
    ] {
        let given = Page { settings_url: url.map(str::to_owned), ..page(Kind::Fired) };
        mail(&post, "sato@example.jp").send(&given).await.unwrap();
        let headers: Vec<String> = headers(&post.mails().pop().unwrap().text);
        let found: Option<&String> = headers.iter().find(|header| header.starts_with("List-Unsubscribe"));
        assert_eq!(found.map(String::as_str), expected, "{url:?}");
    }
}

#[tokio::test]
async fn an_unknown_address_does_not_keep_the_page_from_the_others() {
    let post: Post = Post::start(|command| command.contains("gone@").then_some("550 5.1.1 no such user")).await;
    let sent: Sent = mail(&post, "gone@example.jp, sato@example.jp").send(&page(Kind::Fired)).await.unwrap();
    assert_eq!(post.mails().len(), 1);
    assert!(sent.detail.starts_with("accepted for sato@example.jp; ") && sent.detail.contains("no such user"), "{}", sent.detail);
    let nobody: SendError = mail(&post, "gone@example.jp").send(&page(Kind::Fired)).await.unwrap_err();
    assert!(matches!(&nobody, SendError::Refused { reason } if reason.contains("550")), "{nobody}");
}

#[tokio::test]
async fn a_mail_server_says_later_or_never() {
    let busy: SendError = error_of(|command| command.starts_with("MAIL").then_some("451 4.7.1 greylisted, try again")).await;
    assert!(matches!(&busy, SendError::Retry { reason, .. } if reason.contains("greylisted")), "{busy}");
    let full: SendError = error_of(|command| command.starts_with("DATA").then_some("552 5.2.2 mailbox full")).await;
    assert!(matches!(&full, SendError::Refused { reason } if reason.contains("mailbox full")), "{full}");
    let closed: Post = Post::start(willing).await;
    let mut elsewhere: Value = settings(&closed, "sato@example.jp");
    elsewhere["port"] = json!(1);
    let nobody: SendError = channel("email", &elsewhere).send(&page(Kind::Fired)).await.unwrap_err();
    assert!(matches!(nobody, SendError::Retry { .. }), "{nobody}");
}

#[tokio::test]
async fn a_password_never_travels_in_the_clear() {
    let post: Post = Post::start(willing).await;
    let mut given: Value = settings(&post, "sato@example.jp");
    given["username"] = json!("mimamori");
    given["password"] = json!("correct horse");
    let outbound = Outbound::new(Reach { loopback: true, ..Reach::default() });
    let refused: Option<BadSettings> = channels::make("email", &given, &outbound).err();
    assert!(matches!(refused, Some(BadSettings::Wrong { field: "security", .. })));
    // A server that doesn't offer STARTTLS gets neither the password nor the mail.
    given["security"] = json!("starttls");
    let error: SendError = channel("email", &given).send(&page(Kind::Fired)).await.unwrap_err();
    assert!(
        post.mails().is_empty() && !post.commands().iter().any(|line| line.starts_with("AUTH")),
        "{error} {:?}",
        post.commands()
    );
}

#[tokio::test]
async fn a_mail_server_behind_the_guard_is_not_even_greeted() {
    let post: Post = Post::start(willing).await;
    for host in ["127.0.0.1", "localhost", "::1"] {
        let mut given: Value = settings(&post, "sato@example.jp");
        given["host"] = json!(host);
        let mail = channels::make("email", &given, &Outbound::new(Reach::default())).unwrap();
        let refused: SendError = mail.send(&page(Kind::Fired)).await.unwrap_err();
        assert!(matches!(&refused, SendError::Refused { reason } if reason.contains("must not be reached")), "{host}: {refused}");
    }
    assert!(post.commands().is_empty());
}

#[test]
fn the_text_says_all_of_it() {
    assert_eq!(
        letter::plain(&later(Kind::Resolved, "<key-fired@example.jp>")),
        "✅ 解消: API応答時間が遅い\n\
         レベル: 緊急 (P0)\n\
         時刻: 2025/10/20 19:30:45\n\
         \n\
         緊急 (P0) A-12 API応答時間が遅い\n\
         APIの応答時間が500msを超えています。\n\
         現在の値: 612 ms\n\
         条件: ≥ 500 ms\n\
         担当: 佐藤\n\
         解消時刻: 2025/10/20 19:33:57\n\
         継続時間: 3分12秒\n\
         ラベル: env=production, service=api\n\
         \n\
         ダッシュボードを見る: https://mimamori.example.jp/dashboards/api\n\
         Mimamori で開く: https://mimamori.example.jp/alerts/A-12\n\
         \n\
         -- \n\
         このメールは Mimamori が自動で送信しました。\n"
    );
    let english: String = letter::plain(&english(Kind::Fired));
    assert!(english.contains("Acknowledge: https://mimamori.example.jp/acknowledge/abc\n"), "{english}");
}

#[test]
fn the_html_is_whole_and_names_its_language() {
    let html: String = letter::html(&english(Kind::Fired));
    assert!(html.starts_with("<!doctype html><html lang=\"en\">") && html.ends_with("</body></html>"), "{html}");
    assert!(html.contains("<a href=\"https://mimamori.example.jp/acknowledge/abc\" style=\""), "{html}");
    assert!(html.contains("<th scope=\"row\" align=\"left\" valign=\"top\">Current value</th><td>612 ms</td>"), "{html}");
    assert!(html.contains("max-width:600px") && html.contains("content=\"light dark\""), "{html}");
    let quiet: String = letter::html(&english(Kind::Acknowledged));
    assert!(!quiet.contains("acknowledge/abc"), "nobody is called any more");
}

#[test]
fn a_label_can_not_become_a_header() {
    let hostile = PagedAlert { name: "a\r\nBcc: everybody@example.com\r\n\r\nbody".to_owned(), ..alert(1) };
    let page = Page { alerts: vec![hostile], key: "k\r\nX: 1>".to_owned(), ..page(Kind::Fired) };
    let from = "alerts@example.jp".parse().unwrap();
    let to = ["sato@example.jp".parse().unwrap()];
    let written: letter::Letter = letter::write(&page, &from, &to).unwrap();
    let text: String = String::from_utf8(written.bytes).unwrap().replace("\r\n", "\n");
    let headers: Vec<String> = headers(&text);
    assert!(!headers.iter().any(|header| header.starts_with("Bcc") || header.starts_with("X:")), "{headers:#?}");
    assert_eq!(written.thread, "<k--X--1-@example.jp>");
}

#[tokio::test]
async fn the_graph_comes_with_the_mail_and_is_fetched_from_nowhere() {
    let post: Post = Post::start(willing).await;
    let pictured = Page { picture: Some(Png::new(vec![0x89, b'P', b'N', b'G'])), ..page(Kind::Fired) };
    let html: String = letter::html(&pictured);
    assert!(html.contains("<img src=\"cid:graph\" alt=\"「API応答時間が遅い」"), "{html}");
    mail(&post, "sato@example.jp").send(&pictured).await.unwrap();
    let text: String = post.mails()[0].text.clone();
    for part in ["multipart/alternative", "multipart/related", "image/png", "Content-ID: <graph>"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!letter::html(&page(Kind::Fired)).contains("<img"));
}
