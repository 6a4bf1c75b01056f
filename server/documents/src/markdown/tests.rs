//! What a text may do to a screen, and what is read out of it.

use super::outline::MOST_BESIDE;
use super::{Alone, Surroundings, outline, plain, render, steps};
use proptest::prelude::*;
use std::time::{Duration, Instant};

struct Titled;

impl Surroundings for Titled {
    fn title(&self) -> Option<&str> {
        Some("デプロイ手順")
    }

    fn directive(&self, info: &str, body: &str) -> Option<String> {
        (info == "ops-timeline I-42").then(|| format!("<ol class=\"t\">{}</ol>", body.lines().count()))
    }
}

#[test]
fn nothing_of_a_text_becomes_a_tag_of_its_own() {
    for text in [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "<div\nonclick=alert(1)>\n\nb\n</div>",
        "[a](javascript:alert(1))",
        "[a](java\tscript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](vbscript:x)",
        "![a](javascript:alert(1))",
        "![\" onerror=\"x](/files/1)",
        "[a](/x\"onmouseover=\"x)",
        "<javascript:alert(1)>",
        "```\"><script>\nx\n```",
        "# <b onclick=x>\n",
        "[a]: javascript:x\n[a]",
    ] {
        let html: String = render(text, &Alone);
        for bad in
            ["<script", "<img src=x", "<div\n", "javascript:alert(1)\"", "data:text", " onerror=\"x", "onmouseover=\"", "<b "]
        {
            assert!(!html.contains(bad), "{text} became {html}");
        }
    }
}

#[test]
fn addresses_lead_where_they_may_and_nowhere_else() {
    for (text, part) in [
        (
            "[a](https://example.jp/x?a=1&b=2)",
            "<a href=\"https://example.jp/x?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\">a</a>",
        ),
        ("[a](/documents/deploy)", "<a href=\"/documents/deploy\">a</a>"),
        ("[a](#s-x)", "<a href=\"#s-x\">a</a>"),
        ("[a](//evil.example)", "<p>a</p>"),
        ("[a](/\\evil.example)", "<p>a</p>"),
        (
            "手順は https://example.jp/手順。",
            "<a href=\"https://example.jp/手順\" rel=\"noopener noreferrer nofollow\">https://example.jp/手順</a>。",
        ),
        ("![図](/files/1)", "<img src=\"/files/1\" alt=\"図\" loading=\"lazy\">"),
        ("![図](https://example.jp/a.png)", "<a href=\"https://example.jp/a.png\" rel=\"noopener noreferrer nofollow\">図</a>"),
    ] {
        let html: String = render(text, &Alone);
        assert!(html.contains(part), "{text} became {html}");
    }
}

#[test]
fn a_text_full_of_addresses_is_drawn_in_a_moment() {
    let (began, n): (Instant, usize) = (Instant::now(), 110_000);
    let html: String = render(&"http://a ".repeat(n), &Alone);
    assert_eq!(html.matches("<a href=\"http://a\"").count(), n);
    assert!(began.elapsed() < Duration::from_secs(10), "the text is not read again behind each of them: {:?}", began.elapsed());
}

#[test]
fn headings_begin_below_the_title_have_ids_of_their_own_and_the_title_is_said_once() {
    let html: String = render("# デプロイ手順\n\n## 手順\n\n## 手順\n", &Titled);
    assert!(!html.contains("デプロイ手順"), "{html}");
    assert!(html.contains("<h2 id=\"s-手順\">手順</h2>") && html.contains("<h2 id=\"s-手順-2\">"), "{html}");
    let html: String = render("# 別の題\n", &Titled);
    assert!(html.contains("<h2 id=\"s-別の題\">別の題</h2>"), "{html}");
}

#[test]
fn a_directive_is_what_its_surroundings_say_and_else_code() {
    let text = "```ops-timeline I-42\na\nb\n```\n\n```ops-unknown\n<b>\n```\n";
    let html: String = render(text, &Titled);
    assert!(html.contains("<ol class=\"t\">2</ol>") && html.contains("&lt;b&gt;"), "{html}");
}

#[test]
fn tables_and_boxes_are_drawn() {
    let html: String = render("|a|b|\n|-|-|\n|1|2|\n\n- [x] 済\n- [ ] 未\n", &Alone);
    assert!(html.contains("<div class=\"prose-table\"") && html.contains("<td>1</td>"), "{html}");
    assert_eq!(html.matches("type=\"checkbox\"").count(), 2, "{html}");
    assert!(html.contains("disabled checked aria-label=\"済\""), "{html}");
    let html: String = render("|a|b|\n|:-:|-:|\n|1|2|\n\n`<td style=\"text-align: x`\n", &Alone);
    assert!(html.contains("<th data-align=\"center\">") && html.contains("<td data-align=\"right\">2"), "{html}");
    assert!(html.contains("&lt;td style="), "what people write stays: {html}");
}

#[test]
fn an_outline_has_title_headings_and_links() {
    let found = outline("---\ntitle: x\n---\n# 概要 `a`\n\n[b](/documents/b) ![c](c.png) [b](/documents/b)\n\n### d\n");
    assert_eq!(found.title.as_deref(), Some("概要 a"));
    assert_eq!(found.headings.iter().map(|heading| heading.level).collect::<Vec<u8>>(), [1, 3]);
    assert_eq!(found.links, ["/documents/b", "c.png"]);
    assert_eq!(outline("").title, None);
}

#[test]
fn words_alone_are_whole_across_marks_and_lines() {
    assert_eq!(plain("**緊急**停止の\n手順\n\nfirst\nline\n"), "緊急停止の手順\nfirst line\n");
    assert_eq!(plain("[手順](/documents/a)\n"), "手順\n/documents/a\n");
    assert_eq!(plain("|a|b|\n|-|-|\n|1|2|\n").split_whitespace().collect::<Vec<&str>>(), ["a", "b", "1", "2"]);
}

#[test]
fn steps_are_boxes_or_else_numbers() {
    let found = steps("1. 数えない\n\n- [ ] `df -h` を見る\n  - [ ] 90%\n    以上か\n- 印なし\n- [x] 消す\n");
    let said: Vec<(usize, &str)> = found.iter().map(|step| (step.depth, step.text.as_str())).collect();
    assert_eq!(said, [(0, "`df -h` を見る"), (1, "90% 以上か"), (0, "消す")]);
    let said: Vec<String> = steps("1. 見る\n2. 直す\n\n- 他\n").into_iter().map(|step| step.text).collect();
    assert_eq!(said, ["見る", "直す"]);
    assert!(steps("ただの文").is_empty());
}

#[test]
fn a_step_knows_the_heading_it_stands_under() {
    let found = steps("# 再起動\n\n- [ ] 前\n\n## 確認 `df`\n\n- [ ] 見る\n  - [ ] 細かく見る\n\n## 復旧\n\n- [ ]\n- [x] 直す\n");
    let said: Vec<(&str, &str)> = found.iter().map(|step| (step.section.as_str(), step.text.as_str())).collect();
    assert_eq!(said, [("", "前"), ("確認 df", "見る"), ("確認 df", "細かく見る"), ("復旧", "直す")]);
}

#[test]
fn a_heading_without_end_stands_shortened_beside_its_steps() {
    let (heading, line): (String, String) = ("障".repeat(2_000), "見る".repeat(2_000));
    let text: String = format!("## {heading}\n\n{}", format!("- [ ] {line}\n").repeat(3));
    let found = steps(&text);
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|step| step.section == "障".repeat(MOST_BESIDE)), "{found:?}");
    assert!(found.iter().all(|step| step.text == line), "what is to be done is whole");
    let named: String = format!("aria-label=\"{}\"", "見る".repeat(MOST_BESIDE / 2));
    assert_eq!(render(&text, &Alone).matches(&named).count(), 3, "a box is named by the beginning");
}

#[test]
fn a_box_with_nothing_beside_it_is_not_drawn() {
    let html: String = render("- [ ] 済\n- [ ]\n- [x] 未\n", &Alone);
    assert_eq!((html.matches("<li>").count(), html.matches("checkbox").count()), (2, 2), "{html}");
    assert!(html.contains("aria-label=\"未\"") && !html.contains('…'), "{html}");
    let only: String = render("前\n\n- [ ]\n\n後\n", &Alone);
    assert!(!only.contains("<ul>") && !only.contains("checkbox"), "{only}");
}

proptest! {
    #[test]
    fn whatever_is_typed_is_drawn_without_a_panic_and_without_a_script(text in "(?s)[<>\\[\\]()!#*`|\"'a-z:/ \n\\-あ漢𠮷]{0,200}") {
        let html: String = render(&text, &Alone);
        prop_assert!(!html.contains("<script") && !html.contains("javascript:\""));
        let _read = (outline(&text), plain(&text), steps(&text));
    }
}
