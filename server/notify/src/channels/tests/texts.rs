//! What is said, in both languages, and how it is cut.

use super::{FIRED, alert, english, later, page};
use crate::channels::{text, words};
use crate::page::{Kind, Page, PagedAlert};
use figures::Locale;
use model::Severity;

#[test]
fn every_kind_has_its_heading_and_subject() {
    for (kind, heading_ja, subject_ja, heading_en, subject_en) in [
        (
            Kind::Fired,
            "🚨 API応答時間が遅い",
            "[緊急] 発報: API応答時間が遅い",
            "🚨 API is slow",
            "[Critical] Firing: API is slow",
        ),
        (
            Kind::Again,
            "🚨 継続中: API応答時間が遅い",
            "[緊急] 継続中: API応答時間が遅い",
            "🚨 Still firing: API is slow",
            "[Critical] Still firing: API is slow",
        ),
        (
            Kind::Acknowledged,
            "👀 対応中: API応答時間が遅い",
            "[緊急] 対応中: API応答時間が遅い",
            "👀 Acknowledged: API is slow",
            "[Critical] Acknowledged: API is slow",
        ),
        (
            Kind::Updated,
            "✏️ 一部解消: API応答時間が遅い",
            "[緊急] 一部解消: API応答時間が遅い",
            "✏️ Partly resolved: API is slow",
            "[Critical] Partly resolved: API is slow",
        ),
        (
            Kind::Resolved,
            "✅ 解消: API応答時間が遅い",
            "[緊急] 解消: API応答時間が遅い",
            "✅ Resolved: API is slow",
            "[Critical] Resolved: API is slow",
        ),
        (Kind::Test, "🔔 テスト: API応答時間が遅い", "[テスト] API応答時間が遅い", "🔔 Test: API is slow", "[Test] API is slow"),
    ] {
        let (ja, en) = (page(kind), english(kind));
        assert_eq!((words::heading(&ja).as_str(), words::subject(&ja).as_str()), (heading_ja, subject_ja));
        assert_eq!((words::heading(&en).as_str(), words::subject(&en).as_str()), (heading_en, subject_en));
    }
}

#[test]
fn several_alerts_are_named_by_the_worst_that_is_not_over() {
    let over = PagedAlert { resolved_at: Some(FIRED), name: "終わった".to_owned(), ..alert(1) };
    let mild = PagedAlert { severity: Severity::P2, name: "軽い".to_owned(), ..alert(2) };
    let bad = PagedAlert { severity: Severity::P1, name: "重い".to_owned(), ..alert(3) };
    let group = Page { alerts: vec![over, mild, bad], ..page(Kind::Fired) };
    assert_eq!(words::heading(&group), "🚨 重い ほか2件");
    let english = Page { locale: Locale::En, ..group };
    assert_eq!(
        words::heading(&Page { unlisted: 215, ..english.clone() }),
        "🚨 重い and 217 more",
        "those that are not listed count"
    );
    assert_eq!(words::heading(&english), "🚨 重い and 2 more");
}

#[test]
fn a_page_without_alerts_says_what_it_is() {
    for (kind, locale, name, sentence) in [
        (Kind::Test, Locale::Ja, "通知先のテスト", "これはテストです。"),
        (Kind::Test, Locale::En, "Test of this channel", "This is a test."),
        (Kind::Fired, Locale::Ja, "アラート", "内容を表示できません。"),
        (Kind::Fired, Locale::En, "Alert", "Its details can't be shown here."),
    ] {
        let page = Page { alerts: Vec::new(), locale, ..page(kind) };
        assert_eq!(words::name(&page), name);
        assert!(words::sentence(&page).starts_with(sentence), "{}", words::sentence(&page));
        assert_eq!(page.worst(), if kind == Kind::Test { Severity::P3 } else { Severity::P0 });
    }
}

#[test]
fn times_stand_in_the_readers_zone() {
    for (locale, zone, expected) in [
        (Locale::Ja, chrono_tz::Asia::Tokyo, "2025/10/20 19:30:45"),
        (Locale::Ja, chrono_tz::UTC, "2025/10/20 10:30:45 UTC"),
        (Locale::En, chrono_tz::Asia::Tokyo, "2025-10-20 19:30:45 JST"),
        (Locale::En, chrono_tz::America::New_York, "2025-10-20 06:30:45 EDT"),
    ] {
        assert_eq!(words::moment(FIRED, &Page { locale, zone, ..page(Kind::Fired) }), expected);
    }
}

#[test]
fn what_is_known_stands_in_order_and_nothing_else() {
    let resolved = later(Kind::Resolved, "x");
    let names: Vec<&str> = words::known(&resolved, &resolved.alerts[0]).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["現在の値", "条件", "担当", "解消時刻", "継続時間", "ラベル"]);
    let bare = PagedAlert { value: None, condition: String::new(), labels: model::labels::Labels::default(), ..alert(1) };
    assert!(words::known(&resolved, &bare).is_empty());
    let silent = PagedAlert { summary: " \n".to_owned(), name: "\u{202e}".to_owned(), ..alert(7) };
    assert_eq!(words::summary(&silent), "A-7");
}

#[test]
fn what_is_said_at_length_and_the_instructions_stand_where_they_are_read() {
    let told = PagedAlert {
        description: Some("p95 が 612 ms です。".to_owned()),
        runbook_url: Some("https://wiki.example.jp/api".to_owned()),
        source_url: Some("https://mon.example.jp/17".to_owned()),
        ..alert(1)
    };
    let one = Page { alerts: vec![told.clone()], ..page(Kind::Fired) };
    assert_eq!(words::known(&one, &told)[0], ("詳細", "p95 が 612 ms です。".to_owned()));
    let ways: Vec<&str> = words::links(&one).into_iter().map(|(action, _, _)| action).collect();
    assert_eq!(ways, ["open", "console", "runbook", "source"]);
    let two = Page { alerts: vec![told.clone(), alert(2)], ..page(Kind::Fired) };
    assert!(words::known(&two, &told).contains(&("手順書", "https://wiki.example.jp/api".to_owned())));

    let same = PagedAlert { description: Some(told.summary.clone()), ..told.clone() };
    assert_eq!(words::description(&same), None, "nothing is said twice");
    let long = PagedAlert { description: Some("雨".repeat(5_000)), ..told.clone() };
    assert!(words::description(&long).unwrap().chars().count() <= 1_000);
    let odd = PagedAlert { runbook_url: Some("javascript:alert(1)".to_owned()), source_url: Some("mailto:x".to_owned()), ..told };
    let ways: Vec<&str> = words::links(&Page { alerts: vec![odd], ..one }).into_iter().map(|(action, _, _)| action).collect();
    assert_eq!(ways, ["open", "console"], "only the web is linked to");
}

#[test]
fn texts_are_cut_between_graphemes_and_by_their_escaped_length() {
    for (said, most, expected) in [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        ("👩‍👩‍👧‍👧👩‍👩‍👧‍👧", 20, "👩‍👩‍👧‍👧…"),
        ("👩‍👩‍👧‍👧👩‍👩‍👧‍👧", 22, "👩‍👩‍👧‍👧👩‍👩‍👧‍👧"),
        ("か\u{3099}か\u{3099}", 3, "か\u{3099}…"),
    ] {
        assert_eq!(text::cut(said, most), expected, "{said}");
    }
    assert_eq!(text::fit("a&b", 7, text::slack), "a&amp;b");
    assert_eq!(text::fit("a&bc", 7, text::slack), "a&amp;…");
    assert_eq!(text::fit("a&b", 6, text::slack), "a…");
}

#[test]
fn what_only_steers_is_taken_out() {
    assert_eq!(text::clean("a\r\nb\rc\u{2028}d\te\u{0}\u{1b}[0m\u{202e}f\u{feff}"), "a\nb\nc\nd e[0mf");
    assert_eq!(text::one_line("  a \r\n\n b\u{a0}c "), "a b c");
}

#[test]
fn only_addresses_that_may_be_followed_are_links() {
    for (address, expected) in [
        ("https://example.jp/a b", Some("https://example.jp/a%20b")),
        ("https://example.jp/x|y>z(1)*", Some("https://example.jp/x%7Cy%3Ez%281%29%2A")),
        ("https://example.jp/?q=\"><script>", Some("https://example.jp/?q=%22%3E%3Cscript%3E")),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("https://user:secret@example.jp/", None),
        ("not an address", None),
    ] {
        assert_eq!(text::link(address).as_deref(), expected, "{address}");
    }
    assert_eq!(text::link(&format!("https://example.jp/{}", "x".repeat(2_000))), None);
}
