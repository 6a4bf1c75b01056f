//! What has to be true of a dashboard, wherever it comes from.

mod names;
mod panels;
mod queries;
mod series;
#[cfg(test)]
mod tests;
mod variables;

use crate::board::{Dashboard, Link, Refresh, Row};
use crate::said::Said;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

pub use names::{is_id, is_variable_name};
pub use series::{MOST_COLUMNS, MOST_LINES, MOST_MATCHING, MOST_OVERRIDES};

/// Panels of a dashboard: past this a browser and a reader are lost in it.
pub const MOST_PANELS: usize = 200;
pub const MOST_ROWS: usize = 50;
pub const MOST_VARIABLES: usize = 40;
/// Queries of a panel.
pub const MOST_QUERIES: usize = 12;
/// Choices of a list, and names of states.
pub const MOST_CHOICES: usize = 500;
/// Thresholds of a panel.
pub const MOST_JUDGES: usize = 20;
pub const MOST_LINKS: usize = 20;
pub const MOST_TAGS: usize = 20;
/// Characters of a title, a label, a name.
pub const MOST_TITLE: usize = 200;
/// Bytes of a description or a text panel.
pub const MOST_TEXT: usize = 20_000;
/// Bytes of an expression.
pub const MOST_EXPR: usize = 10_000;

/// A dashboard that refreshes itself more often would be live.
const LEAST_REFRESH_MS: i64 = 5_000;
/// A minute to ten years.
const SPAN_MS: std::ops::RangeInclusive<i64> = 60_000..=315_576_000_000;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Where: `rows[1].panels[0].queries[0].expr`.
    pub path: String,
    /// What was found. Lower case, no full stop, as all messages.
    pub said: Said,
    /// What should stand there.
    pub expected: Said,
    /// In an expression the bytes at fault, counted in the text as its author wrote it.
    pub at: Option<(usize, usize)>,
}

impl Problem {
    /// Both halves as one English sentence: `expected at least one query, found none`.
    #[must_use]
    pub fn sentence(&self) -> String {
        match (self.expected.en.is_empty(), self.said.en.is_empty()) {
            (true, _) => self.said.en.clone(),
            (false, true) => format!("expected {}", self.expected.en),
            (false, false) => format!("expected {}, found {}", self.expected.en, self.said.en),
        }
    }
}

/// Everything that is wrong with a dashboard; empty: it may be kept and shown.
#[must_use]
pub fn check(dashboard: &Dashboard) -> Vec<Problem> {
    let mut checker = Checker::default();
    checker.head(dashboard);
    checker.variables(dashboard);
    checker.rows(dashboard);
    checker.problems
}

#[derive(Default)]
struct Checker {
    problems: Vec<Problem>,
}

fn both(ja: impl Into<String>, en: impl Into<String>) -> Said {
    Said { ja: ja.into(), en: en.into() }
}

impl Checker {
    fn say(&mut self, path: &str, expected: Said, said: Said) {
        self.problems.push(Problem { path: path.to_owned(), said, expected, at: None });
    }

    /// As [`Checker::say`], with what was found as a literal.
    fn wrong(&mut self, path: &str, expected: Said, found: &str) {
        self.say(path, expected, Said::same(&shown(found)));
    }

    fn most(&mut self, path: &str, found: usize, most: usize, ja: &str, en: &str) {
        if found > most {
            self.say(path, both(format!("{ja}は{most}まで"), format!("at most {most} {en}")), Said::same(&found.to_string()));
        }
    }

    fn title(&mut self, path: &str, said: &Said) {
        for (language, text) in [("ja", &said.ja), ("en", &said.en)] {
            self.most(&format!("{path}.{language}"), text.chars().count(), MOST_TITLE, "文字", "characters");
        }
    }

    fn text(&mut self, path: &str, said: &Said) {
        for (language, text) in [("ja", &said.ja), ("en", &said.en)] {
            self.most(&format!("{path}.{language}"), text.len(), MOST_TEXT, "バイト", "bytes");
        }
    }

    fn head(&mut self, dashboard: &Dashboard) {
        if !is_id(&dashboard.slug) {
            self.wrong("slug", names::expected_id(), &dashboard.slug);
        }
        if dashboard.title.is_empty() {
            self.say("title", both("題名", "a title"), both("空", "none"));
        }
        self.title("title", &dashboard.title);
        self.text("description", &dashboard.description);
        self.tags(&dashboard.tags);
        if !SPAN_MS.contains(&dashboard.span.0) {
            self.wrong(
                "span",
                both("1分から10年までの期間", "a span of a minute to ten years"),
                &format!("{}ms", dashboard.span.0),
            );
        }
        if let Refresh::Every(ms) = dashboard.refresh
            && ms < LEAST_REFRESH_MS
        {
            self.wrong("refresh", both("5秒以上、または live、off", "live, off, or 5s or more"), &format!("{ms}ms"));
        }
        self.links("", &dashboard.links);
    }

    fn tags(&mut self, tags: &[String]) {
        self.most("tags", tags.len(), MOST_TAGS, "タグ", "tags");
        for (index, tag) in tags.iter().enumerate() {
            let is_tag: bool = !tag.trim().is_empty() && tag.chars().count() <= 40 && !tag.contains(',');
            if !is_tag || tags.iter().take(index).any(|earlier| earlier == tag) {
                let expected =
                    both("重複しない1〜40文字のタグ（コンマなし）", "a tag of 1 to 40 characters without commas, once");
                self.wrong(&format!("tags[{index}]"), expected, tag);
            }
        }
    }

    fn links(&mut self, outer: &str, links: &[Link]) {
        self.most(&format!("{outer}links"), links.len(), MOST_LINKS, "リンク", "links");
        for (index, link) in links.iter().enumerate() {
            let path = format!("{outer}links[{index}]");
            self.title(&format!("{path}.title"), &link.title);
            if !names::is_address(&link.href) {
                let expected = both(
                    "/ で始まるこのコンソールの番地、または http、https の番地",
                    "a path of the console beginning with /, or an address with http or https",
                );
                self.wrong(&format!("{path}.href"), expected, &link.href);
            }
        }
    }

    fn rows(&mut self, dashboard: &Dashboard) {
        self.most("rows", dashboard.rows.len(), MOST_ROWS, "行", "rows");
        let n_panels: usize = dashboard.rows.iter().map(|row| row.panels.len()).sum();
        self.most("rows", n_panels, MOST_PANELS, "パネル", "panels");
        let mut ids: HashSet<&str> = HashSet::new();
        let mut n_left: usize = MOST_PANELS;
        for (index, row) in dashboard.rows.iter().enumerate().take(MOST_ROWS) {
            self.row(dashboard, &format!("rows[{index}]"), row);
            for (place, panel) in row.panels.iter().enumerate() {
                // What is far too much is not looked through: the list of what is wrong with it would be as long.
                if n_left == 0 {
                    return;
                }
                n_left -= 1;
                let path = format!("rows[{index}].panels[{place}]");
                if !ids.insert(panel.id.as_str()) {
                    self.wrong(&format!("{path}.id"), both("まだ使われていない id", "an id that is not taken"), &panel.id);
                }
                self.panel(dashboard, &path, panel);
            }
        }
    }

    fn row(&mut self, dashboard: &Dashboard, path: &str, row: &Row) {
        self.title(&format!("{path}.title"), &row.title);
        self.repeat(dashboard, path, row.repeat.as_deref());
    }

    fn repeat(&mut self, dashboard: &Dashboard, path: &str, repeat: Option<&str>) {
        let Some(name) = repeat else { return };
        match dashboard.variables.iter().find(|variable| variable.name == name) {
            None => self.wrong(&format!("{path}.repeat"), both("ある変数の名前", "the name of a variable"), name),
            Some(variable) if !variable.is_multi => {
                let expected = both("複数を選べる変数", "a variable of which several may be chosen");
                self.wrong(&format!("{path}.repeat"), expected, name);
            }
            Some(_) => {}
        }
    }
}

/// Enough of a text to recognise it, in quotation marks.
fn shown(text: &str) -> String {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("\"{}…\"", &text[..at]),
        None => format!("\"{text}\""),
    }
}
