//! What stands in the text of a postmortem: sections, what is not written yet, figures of the impact, lessons.
//!
//! The text is the truth; what is read from it when it is published is for lists and reports.

use crate::postmortems::{directives, template};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Figures and lessons of one postmortem.
const MOST_ITEMS: usize = 50;
/// Characters of one of them.
const MOST_LENGTH: usize = 2_000;

/// What stands below a heading of the second level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section<'a> {
    pub title: &'a str,
    pub lines: Vec<&'a str>,
}

/// A figure of the impact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Impact {
    /// `影響を受けたユーザー数`.
    pub metric: String,
    pub value: f64,
    /// `人`, `円`. May be empty.
    pub unit: String,
    pub is_estimated: bool,
}

/// The sections of a text, in order. A heading within a fence is none.
#[must_use]
pub fn sections(text: &str) -> Vec<Section<'_>> {
    // In their order, as the lines are.
    let mut fences = directives::fences(text).into_iter().map(|fence| fence.whole).peekable();
    let mut found: Vec<Section<'_>> = Vec::new();
    let mut at: usize = 0;
    for line in text.split_inclusive('\n') {
        let start: usize = at;
        at += line.len();
        let line: &str = line.trim_end();
        while fences.next_if(|fence| fence.end <= start).is_some() {}
        let is_within: bool = fences.peek().is_some_and(|fence| fence.contains(&start));
        match line.strip_prefix("## ").filter(|_| !is_within) {
            Some(title) => found.push(Section { title: title.trim().trim_end_matches('#').trim_end(), lines: Vec::new() }),
            None => {
                if let Some(section) = found.last_mut() {
                    section.lines.push(line);
                }
            }
        }
    }
    found
}

/// The headings below which nobody has written anything, each once: blank lines, questions of the template, bullets and rows without an answer.
#[must_use]
pub fn unwritten(text: &str) -> Vec<String> {
    let mut seen: HashSet<&str> = HashSet::new();
    let is_open = |section: &Section<'_>| !section.lines.iter().any(|line| is_written(line));
    let open = sections(text).into_iter().filter(is_open).map(|section| section.title);
    open.filter(|title| seen.insert(*title)).map(str::to_owned).collect()
}

fn is_written(line: &str) -> bool {
    let line: &str = line.trim();
    if line.is_empty() || line.starts_with('>') {
        return false;
    }
    let item: &str = item(line).unwrap_or(line);
    !item.is_empty() && !item.ends_with(':') && !item.ends_with('：') && !is_asked(item) && !is_open_row(item)
}

/// Whether it is what the template asks, whatever stands around it: emphasis, or nothing where the sign of a quotation was.
fn is_asked(line: &str) -> bool {
    let bare: String = line.trim_matches(['*', '_', ' ', '\u{3000}']).split_whitespace().collect::<Vec<&str>>().join(" ");
    template::QUESTIONS.contains(&bare.as_str())
}

/// A row of a table with nothing behind its first cell, or the one below its head.
fn is_open_row(line: &str) -> bool {
    let Some(row) = line.strip_prefix('|') else {
        return false;
    };
    let cells: Vec<&str> = row.strip_suffix('|').unwrap_or(row).split('|').map(str::trim).collect();
    let is_rule: bool = cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|letter| matches!(letter, '-' | ':')));
    is_rule || (cells.len() > 1 && cells[1..].iter().all(|cell| cell.is_empty()))
}

/// What an item of a list says: `- a`, `* a`, `+ a`, `1. a`.
fn item(line: &str) -> Option<&str> {
    let line: &str = line.trim_start();
    if matches!(line, "-" | "*" | "+") {
        return Some("");
    }
    for bullet in ["- ", "* ", "+ "] {
        if let Some(item) = line.strip_prefix(bullet) {
            return Some(item.trim());
        }
    }
    let behind: &str = line.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let is_numbered: bool = behind.len() < line.len();
    behind.strip_prefix('.').filter(|rest| is_numbered && (rest.is_empty() || rest.starts_with(' '))).map(str::trim)
}

fn items<'a>(text: &'a str, titles: &[&str]) -> Vec<&'a str> {
    let mut found: Vec<&'a str> = Vec::new();
    for section in sections(text) {
        if titles.contains(&section.title) {
            found.extend(section.lines.into_iter().filter_map(item).filter(|item| !item.is_empty()));
        }
    }
    found.truncate(MOST_ITEMS);
    found
}

/// What was learned, as it is written.
#[must_use]
pub fn lessons(text: &str) -> Vec<String> {
    let found: Vec<&str> = items(text, &["学んだこと", "What we learned"]);
    found.into_iter().map(|lesson| lesson.chars().take(MOST_LENGTH).collect()).collect()
}

/// The figures of the impact. What has no number is none.
#[must_use]
pub fn impacts(text: &str) -> Vec<Impact> {
    items(text, &["影響", "Impact"]).into_iter().filter_map(impact).collect()
}

/// `影響を受けたユーザー数: 約5,000人`.
fn impact(item: &str) -> Option<Impact> {
    let item: String = item.replace("**", "").replace('：', ":");
    let (metric, told) = item.split_once(':')?;
    let told: String = told.chars().map(narrow).collect();
    let first: usize = told.find(|letter: char| letter.is_ascii_digit())?;
    let (before, rest) = told.split_at(first);
    let end: usize = rest.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, ',' | '.')).unwrap_or(rest.len());
    let (number, behind) = rest.split_at(end);
    let number: f64 = number.replace(',', "").trim_end_matches('.').parse::<f64>().ok()?;
    let (times, unit): (f64, &str) = multiplied(behind);
    let currency: &str = if before.contains(['¥', '￥']) { "円" } else { "" };
    let unit: &str = unit.split(['（', '(', '、', '。']).next().unwrap_or_default().trim();
    Some(Impact {
        metric: metric.trim().chars().take(MOST_LENGTH).collect(),
        value: number * times,
        unit: if unit.is_empty() { currency.to_owned() } else { unit.chars().take(MOST_LENGTH).collect() },
        is_estimated: is_estimated(before) || is_estimated(behind),
    })
}

/// Full-width digits and signs as the narrow ones.
fn narrow(letter: char) -> char {
    match letter {
        '０'..='９' => char::from_u32(u32::from(letter) - u32::from('０') + u32::from('0')).unwrap_or(letter),
        '，' => ',',
        '．' => '.',
        other => other,
    }
}

fn multiplied(behind: &str) -> (f64, &str) {
    for (word, times) in [("万", 10_000.0), ("億", 100_000_000.0)] {
        if let Some(rest) = behind.strip_prefix(word) {
            return (times, rest);
        }
    }
    (1.0, behind)
}

fn is_estimated(words: &str) -> bool {
    let words: String = words.to_lowercase();
    ["約", "推定", "およそ", "概算", "≈", "~", "about", "approximately", "estimate", "est."]
        .iter()
        .any(|sign| words.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn figures_are_read_as_people_write_them() {
        for (written, value, unit, is_estimated) in [
            ("影響を受けたユーザー数: 約5,000人", 5_000.0, "人", true),
            ("失われたコンバージョン: 推定23件", 23.0, "件", true),
            ("**金額的損失**：１１５，０００円", 115_000.0, "円", false),
            ("売上: ¥1.5万（概算）", 15_000.0, "円", true),
            ("Users: about 300 people", 300.0, "people", true),
        ] {
            let found: Impact = impact(written).unwrap();
            assert_eq!((found.value, found.unit.as_str(), found.is_estimated), (value, unit, is_estimated), "{written}");
        }
        assert_eq!(impact("影響を受けたユーザー数: 不明"), None);
        assert_eq!(impact("5 people"), None);
    }

    #[test]
    fn a_text_full_of_fences_and_headings_is_read_in_a_moment() {
        let began = Instant::now();
        let fences: String = "```\n## 中\n```\n".repeat(60_000);
        let headings: String = (0..60_000).map(|n| format!("## {n}\n")).collect();
        assert_eq!(sections(&format!("## 一\n{fences}## 二\n")).len(), 2);
        assert_eq!(unwritten(&headings).len(), 60_000);
        assert!(began.elapsed() < Duration::from_secs(10), "each line is held against one fence: {:?}", began.elapsed());
    }

    #[test]
    fn what_nobody_answered_is_not_written() {
        let text = "# a\n## 一\n> なぜ？\n\n## 二\n- 数:\n-\n1.\n## 三\n- 数: 3\n## 四\n```\n## 五\n```\n## 六 ##\nx\n";
        assert_eq!(unwritten(text), ["一", "二"]);
        let titles: Vec<&str> = sections(text).iter().map(|section| section.title).collect();
        assert_eq!(titles, ["一", "二", "三", "四", "六"]);
        assert!(unwritten("").is_empty());
    }

    #[test]
    fn what_the_template_asks_is_no_answer_however_it_is_left() {
        for line in [
            "> 何をして収まったか。応急処置と恒久対応を分けて。",
            "何をして収まったか。応急処置と恒久対応を分けて。",
            "- *What ended it.  The stopgap and the lasting fix apart.*",
            "| 人 | 聞いた日 | 話のメモ |\n| --- | :-: | --- |\n| 佐藤 健（指揮） |  |  |",
        ] {
            assert_eq!(unwritten(&format!("## 一\n\n{line}\n")), ["一"], "{line}");
        }
        for line in ["何をして収まったか。再起動した。", "| 佐藤 健（指揮） | 10/21 |  |", "| 値 |"] {
            assert!(unwritten(&format!("## 一\n\n{line}\n")).is_empty(), "{line}");
        }
        assert_eq!(unwritten("## 一\n\n## 一\n"), ["一"], "each is named once");
    }

    #[test]
    fn lessons_are_the_items_of_their_section() {
        let text = "## 学んだこと\n- 一\n* 二\n\n3. 三\n文\n## 影響\n- 四\n";
        assert_eq!(lessons(text), ["一", "二", "三"]);
    }
}
