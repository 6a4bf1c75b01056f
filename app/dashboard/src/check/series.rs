//! What has to be true of what is said of single series and of a table's columns.

use super::panels::MOST_DECIMALS;
use super::{Checker, MOST_TITLE, both};
use crate::panel::Panel;
use crate::series::{Matching, SeriesOverride, Sort};

/// Settings of single series: past this nobody knows which of them holds.
pub const MOST_OVERRIDES: usize = 40;
pub const MOST_COLUMNS: usize = 60;
/// Characters of a name or a regular expression that series are found by.
pub const MOST_MATCHING: usize = 1_000;
/// Lines that a table may be cut to; it never has more.
pub const MOST_LINES: u16 = 500;

impl Checker {
    pub(super) fn series(&mut self, path: &str, panel: &Panel) {
        self.most(&format!("{path}.series"), panel.series.len(), MOST_OVERRIDES, "系列の設定", "settings of series");
        for (index, one) in panel.series.iter().enumerate().take(MOST_OVERRIDES) {
            self.one_override(&format!("{path}.series[{index}]"), one, panel.queries.len());
        }
        self.table(path, panel);
    }

    fn one_override(&mut self, path: &str, one: &SeriesOverride, n_queries: usize) {
        let (outer, text): (String, String) = (format!("{path}.matching"), one.matching.text());
        let is_said: bool = match &one.matching {
            Matching::Name(text) | Matching::Regex(text) => !text.trim().is_empty(),
            Matching::Query(place) => *place < n_queries,
        };
        if !is_said || Matching::from_text(&text) != one.matching {
            let expected = both("系列の名前、/正規表現/、query 1", "the name of a series, /a regular expression/ or query 1");
            self.wrong(&outer, expected, &text);
        }
        self.most(&outer, text.chars().count(), MOST_MATCHING, "文字", "characters");
        self.most(&format!("{path}.name"), one.name.chars().count(), MOST_TITLE, "文字", "characters");
        if let Some(decimals) = one.decimals.filter(|decimals| *decimals > MOST_DECIMALS) {
            let expected = both(format!("小数点以下{MOST_DECIMALS}桁まで"), format!("at most {MOST_DECIMALS} decimals"));
            self.wrong(&format!("{path}.decimals"), expected, &decimals.to_string());
        }
    }

    fn table(&mut self, path: &str, panel: &Panel) {
        let columns = &panel.table.columns;
        self.most(&format!("{path}.columns"), columns.len(), MOST_COLUMNS, "列", "columns");
        for (index, column) in columns.iter().enumerate().take(MOST_COLUMNS) {
            self.column(&format!("{path}.columns[{index}].name"), &column.name);
            self.most(&format!("{path}.columns[{index}].title"), column.title.chars().count(), MOST_TITLE, "文字", "characters");
        }
        if let Some(Sort { column, .. }) = &panel.table.sort {
            self.column(&format!("{path}.sort.column"), column);
        }
        if let Some(limit) = panel.table.limit.filter(|limit| !(1..=MOST_LINES).contains(limit)) {
            let expected = both(format!("1〜{MOST_LINES}行"), format!("1 to {MOST_LINES} lines"));
            self.wrong(&format!("{path}.limit"), expected, &limit.to_string());
        }
    }

    fn column(&mut self, path: &str, name: &str) {
        if name.trim().is_empty() {
            self.wrong(path, both("列の名前", "the name of a column"), name);
        }
        self.most(path, name.chars().count(), MOST_TITLE, "文字", "characters");
    }
}
