//! The words of dashboards as they are kept: new ones, files that come in, versions, the trash.

mod en;
mod ja;
mod parts;

use crate::words::locale;
use figures::Locale;

/// Everything these screens say.
pub struct KeepingWords {
    // Everywhere
    pub dashboards: &'static str,
    pub dashboard: &'static str,
    pub only_editors: &'static str,
    pub cancel: &'static str,
    pub edit: &'static str,
    pub history: &'static str,
    pub n_panels: fn(u32) -> String,
    pub nobody: &'static str,
    pub done: fn(&str) -> Option<&'static str>,
    pub failed: &'static str,
    pub failed_hint: &'static str,
    pub not_found: &'static str,
    pub not_found_hint: &'static str,
    pub sign_in: &'static str,
    pub sign_in_hint: &'static str,
    pub signed_out: &'static str,
    pub not_allowed: &'static str,
    pub gone: &'static str,
    pub to_mend: &'static str,
    pub unavailable: &'static str,
    pub later: fn(u32) -> String,
    pub unreached: &'static str,
    /// As [`api::dashboards::keeping::trouble::KeepingTrouble::ALL`].
    pub troubles: [&'static str; 8],
    // A new one
    pub new: &'static str,
    pub new_lead: &'static str,
    pub title_ja: &'static str,
    pub title_en: &'static str,
    pub title_hint: &'static str,
    pub from: &'static str,
    pub from_hint: &'static str,
    pub empty: &'static str,
    pub begin: &'static str,
    // A file
    pub import: &'static str,
    pub import_lead: &'static str,
    pub file: &'static str,
    pub file_hint: &'static str,
    pub text: &'static str,
    pub text_hint: &'static str,
    pub comment: &'static str,
    pub comment_hint: &'static str,
    pub over: &'static str,
    pub import_do: &'static str,
    pub another: &'static str,
    pub not_brought: &'static str,
    pub nothing_sent: &'static str,
    pub too_large: &'static str,
    pub not_text: &'static str,
    pub not_json: fn(usize, usize, &str) -> String,
    pub no_dashboard: fn(&str) -> String,
    pub at_line: fn(usize, usize, &str) -> String,
    pub taken: fn(&str) -> String,
    pub unlawful: fn(&str, &str, &str) -> String,
    pub brought: fn(usize) -> String,
    pub not_mapped: &'static str,
    pub not_mapped_lead: &'static str,
    pub all_mapped: &'static str,
    pub n_things: fn(usize) -> String,
    pub place: &'static str,
    pub what: &'static str,
    pub why: &'static str,
    // Versions
    pub history_of: fn(&str) -> String,
    pub versions: &'static str,
    pub version: &'static str,
    pub version_number: fn(i64) -> String,
    pub newest: &'static str,
    pub older: &'static str,
    pub newer: &'static str,
    pub as_older: fn(&str) -> String,
    pub as_newer: fn(&str) -> String,
    pub when: &'static str,
    pub who: &'static str,
    pub origins: fn(&str) -> &'static str,
    pub compare: &'static str,
    pub compare_hint: &'static str,
    pub yaml_of: fn(&str) -> String,
    pub notes: fn(u32) -> String,
    pub restore: &'static str,
    pub restore_sure: fn(&str) -> String,
    pub restore_do: &'static str,
    pub difference: &'static str,
    pub no_difference: &'static str,
    pub n_changes: fn(u32) -> String,
    pub more_changes: fn(u32) -> String,
    pub before: &'static str,
    pub after: &'static str,
    pub absent: &'static str,
    // What can be done with one
    pub acts: &'static str,
    pub copy: &'static str,
    pub export: &'static str,
    pub remove: &'static str,
    pub remove_sure: &'static str,
    pub remove_do: &'static str,
    // The trash
    pub trash: &'static str,
    pub trash_lead: &'static str,
    pub trash_empty: &'static str,
    pub trash_hint: &'static str,
    pub removed: &'static str,
    pub revive: &'static str,
    // Places of a dashboard
    pub part: fn(&str) -> Option<&'static str>,
    pub panel_named: fn(&str) -> String,
    pub yes: &'static str,
    pub no: &'static str,
}

/// The words of the reader's language.
#[must_use]
pub fn keeping_words() -> &'static KeepingWords {
    match locale() {
        Locale::Ja => &ja::JA,
        Locale::En => &en::EN,
    }
}
