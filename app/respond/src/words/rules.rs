//! The words of the screens of rules: list, rule, form.

mod en;
mod ja;

use super::locale;
use figures::Locale;

/// A field's name, and what helps filling it in.
pub type FieldWords = (&'static str, &'static str);

/// Everything these screens say.
pub struct RuleWords {
    // The list
    pub hint: &'static str,
    pub search: &'static str,
    pub group: &'static str,
    pub owner: &'static str,
    pub state: &'static str,
    /// As in the address: every state, firing, with an error, never evaluated, changed in the console.
    pub states: [&'static str; 5],
    pub kind: &'static str,
    /// Rules that raise alerts, and recording rules.
    pub kinds: [&'static str; 2],
    pub recording: &'static str,
    /// What a recording rule is for, and where it is changed.
    pub recording_hint: &'static str,
    pub series: &'static str,
    pub make: &'static str,
    pub edited: &'static str,
    pub matching: fn(u32, u32) -> String,
    pub nothing: &'static str,
    pub nothing_hint: &'static str,
    pub all_rules: &'static str,
    pub any_result: &'static str,
    pub priority: fn(u8) -> String,
    // The catalogue
    pub catalogue: &'static str,
    pub catalogue_hint: &'static str,
    /// A file of the catalogue: what it is called, and what it watches.
    pub file: fn(&str) -> (&'static str, &'static str),
    pub n_rules: fn(u32) -> String,
    pub look: &'static str,
    pub adopt: &'static str,
    pub adopt_hint: &'static str,
    pub adopted: fn(u32) -> String,
    pub only_editors: &'static str,
    // A rule
    pub edit: &'static str,
    pub copy: &'static str,
    pub remove: &'static str,
    pub remove_sure: &'static str,
    pub remove_do: &'static str,
    pub says: &'static str,
    pub pages: &'static str,
    pub administrators: &'static str,
    pub no_routes: &'static str,
    pub warning: &'static str,
    pub recovery: &'static str,
    pub last_day: &'static str,
    pub states_label: &'static str,
    /// Pending, no data, warning, critical, recovered.
    pub state_words: [&'static str; 5],
    pub no_states: &'static str,
    pub open_alerts: &'static str,
    pub no_open: &'static str,
    pub past: &'static str,
    pub past_search: &'static str,
    pub find: &'static str,
    pub no_past: &'static str,
    pub versions: &'static str,
    /// Of the version that is in force.
    pub present: &'static str,
    /// The way to an earlier version beside the one in force.
    pub compare: &'static str,
    /// When the earlier version came, and by whom.
    pub back_title: fn(&str, &str) -> String,
    pub back_ends: &'static str,
    /// The file that it came from.
    pub back_file: fn(&str) -> String,
    pub back_do: &'static str,
    pub said_put_back: &'static str,
    /// When the version came that was put back.
    pub put_back: fn(&str) -> String,
    pub no_version: &'static str,
    pub last_change: &'static str,
    /// Instead of a file's name: nobody wrote this rule in a file.
    pub in_console: &'static str,
    pub lost: &'static str,
    pub lost_means: &'static str,
    pub lost_hint: &'static str,
    pub by_files: &'static str,
    pub edited_by: fn(&str) -> String,
    pub was: &'static str,
    pub is: &'static str,
    pub empty: &'static str,
    pub policy: fn(&str) -> &'static str,
    pub after: fn(&str) -> String,
    pub end_after: fn(&str) -> String,
    pub evaluated: fn(&str, u32) -> String,
    pub every_until: fn(&str, Option<u32>) -> String,
    pub missed: fn(u32) -> String,
    pub file_label: &'static str,
    // The backtest
    pub backtest: &'static str,
    pub backtest_hint: &'static str,
    pub days: fn(u32) -> String,
    /// Days, how often, how long in all, the worst value.
    pub would: fn(u32, u32, &str, Option<&str>) -> String,
    pub would_not: fn(u32) -> String,
    pub step: fn(&str) -> String,
    pub cannot: &'static str,
    pub worst: &'static str,
    pub still: &'static str,
    // The form
    pub make_title: &'static str,
    pub edit_title: fn(&str) -> String,
    pub sections: [&'static str; 5],
    /// What stands on the line that opens some fields of a section.
    pub fold: fn(&str) -> &'static str,
    pub field: fn(&str) -> FieldWords,
    /// What a field should hold, where it holds something else.
    pub expected: fn(&str) -> &'static str,
    pub save: &'static str,
    pub preview: &'static str,
    pub preview_hint: &'static str,
    pub sentence: &'static str,
    pub cancel: &'static str,
    pub stale: &'static str,
    pub none: &'static str,
    pub as_rule: &'static str,
    pub modes: [&'static str; 2],
    /// P0 to P3 with the documents' words.
    pub severities: [&'static str; 4],
    pub levels: [&'static str; 3],
    pub policies: [&'static str; 3],
    pub unit: fn(&str) -> &'static str,
    pub row: fn(usize) -> String,
    pub ends_alerts: &'static str,
}

/// The words of the reader's language.
#[must_use]
pub fn rule_words() -> &'static RuleWords {
    of(locale())
}

/// The words of a language.
#[must_use]
pub fn of(locale: Locale) -> &'static RuleWords {
    match locale {
        Locale::Ja => &ja::WORDS,
        Locale::En => &en::WORDS,
    }
}

/// A field's row without its number: `label.0.name` is `label.name`.
pub(super) fn plain(field: &str) -> String {
    let parts: Vec<&str> = field.split('.').filter(|part| part.parse::<u32>().is_err()).collect();
    parts.join(".")
}

#[cfg(test)]
mod tests {
    use super::{of, plain};
    use crate::rule_edit::fields::all;
    use figures::Locale;

    #[test]
    fn every_field_has_a_name_in_both_languages() {
        for field in all() {
            let (ja, en) = ((of(Locale::Ja).field)(field), (of(Locale::En).field)(field));
            assert!(!ja.0.is_empty() && !en.0.is_empty(), "{field}");
            assert!(en.0.is_ascii(), "{field}");
        }
        assert_eq!(plain("label.12.name"), "label.name");
    }

    #[test]
    fn a_backtest_is_said_in_a_sentence() {
        let ja = (of(Locale::Ja).would)(7, 3, "42分", Some("96 %"));
        assert_eq!(ja, "直近7日間では 3 回発報し、合計42分、最悪値は 96 % でした。");
        let en = (of(Locale::En).would)(7, 3, "42 min", Some("96 %"));
        assert_eq!(en, "In the last 7 days this rule would have fired 3 times, 42 min in all, worst 96 %.");
        assert!((of(Locale::En).would)(1, 1, "5 min", None).contains("1 time,"));
    }
}
