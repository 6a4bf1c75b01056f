//! The words of dashboards as they are read.

mod en;
mod ja;

use crate::words::locale;
use dashboard::TroubleKind;
use figures::Locale;

/// Everything these screens say.
pub struct BoardWords {
    // The list
    pub title: &'static str,
    pub lead: &'static str,
    pub new: &'static str,
    pub import: &'static str,
    pub trash: &'static str,
    pub search: &'static str,
    pub find: &'static str,
    pub clear: &'static str,
    pub tag: &'static str,
    pub any: &'static str,
    pub starred: &'static str,
    pub dashboard: &'static str,
    pub panels: &'static str,
    pub changed: &'static str,
    pub shipped: &'static str,
    pub shipped_hint: &'static str,
    pub none: &'static str,
    pub none_hint: &'static str,
    pub nothing: &'static str,
    pub nothing_hint: &'static str,
    pub found: fn(u32) -> String,
    pub cut: fn(usize, u32) -> String,
    // The head of one
    pub star: fn(&str) -> String,
    pub edit: &'static str,
    pub go_on: &'static str,
    pub draft: &'static str,
    pub menu: &'static str,
    pub history: &'static str,
    pub export: &'static str,
    pub wall: &'static str,
    pub leave_wall: &'static str,
    pub whole: &'static str,
    pub links: &'static str,
    pub version: fn(i64, &str, &str) -> String,
    pub is_cut: &'static str,
    // The bar
    pub range: &'static str,
    pub ranges: [&'static str; 6],
    pub before: &'static str,
    pub after: &'static str,
    pub after_now: &'static str,
    pub wider: &'static str,
    pub widest: &'static str,
    pub again: &'static str,
    pub live: &'static str,
    pub every: fn(&str) -> String,
    pub by_hand: &'static str,
    pub past: &'static str,
    // Choices
    pub choices: &'static str,
    pub apply: &'static str,
    pub all: &'static str,
    pub chosen_of: fn(usize) -> String,
    pub no_choice: &'static str,
    pub more_choices: &'static str,
    // Rows and panels
    pub row: fn(usize) -> String,
    pub n_panels: fn(usize) -> String,
    pub untitled: &'static str,
    pub about: fn(&str) -> String,
    pub menu_of: fn(&str) -> String,
    pub alone: &'static str,
    pub explore: fn(Option<usize>) -> String,
    pub make_rule: &'static str,
    pub csv: &'static str,
    pub svg: &'static str,
    pub png: &'static str,
    pub edit_panel: &'static str,
    pub alert: fn(&str) -> String,
    pub no_data: &'static str,
    pub no_panels: &'static str,
    pub no_panels_hint: &'static str,
    pub spark: &'static str,
    pub trouble: fn(TroubleKind) -> &'static str,
    pub query: fn(usize) -> String,
    pub series_left_out: fn(usize, usize) -> String,
    pub rows_left_out: fn(usize, usize) -> String,
    pub not_on_axis: fn(usize) -> String,
    pub not_shares: &'static str,
    pub said_of: fn(usize) -> String,
}

/// The words of the reader's language.
#[must_use]
pub fn board_words() -> &'static BoardWords {
    match locale() {
        Locale::Ja => &ja::JA,
        Locale::En => &en::EN,
    }
}
