//! The words of the screen that looks back. Both languages are the same struct, so a missing one does not compile.

mod en;
mod ja;

use crate::words::locale;
use figures::Locale;

/// Everything that screen says.
pub struct ReviewWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub to_incidents: &'static str,
    pub is_cut: &'static str,
    pub from_day: &'static str,
    pub until_day: &'static str,
    pub team: &'static str,
    pub system: &'static str,
    pub unknown: &'static str,
    // How fast
    pub figures_title: &'static str,
    /// Incidents and alerts.
    pub happened: fn(u32, u32) -> String,
    pub breaches: &'static str,
    pub what: &'static str,
    pub counted: &'static str,
    pub mean: &'static str,
    pub median: &'static str,
    pub p90: &'static str,
    pub worst: &'static str,
    pub not_yet: &'static str,
    pub incident_ack: &'static str,
    pub incident_resolve: &'static str,
    pub alert_ack: &'static str,
    pub alert_resolve: &'static str,
    // Pages
    pub pages_title: &'static str,
    pub pages_note: &'static str,
    pub pages_none: &'static str,
    pub person: &'static str,
    pub pages: &'static str,
    pub in_business: &'static str,
    pub on_days_off: &'static str,
    pub at_night: &'static str,
    pub nights: &'static str,
    pub woken: &'static str,
    pub in_a_row: &'static str,
    // Noise
    pub noise_title: &'static str,
    pub noise_note: &'static str,
    pub noise_none: &'static str,
    pub source: &'static str,
    pub paged: &'static str,
    pub idle: &'static str,
    pub share: &'static str,
    // Load
    pub fairness_title: &'static str,
    pub fairness_note: &'static str,
    pub fairness_none: &'static str,
    pub categories: [&'static str; 5],
    pub load: &'static str,
    pub spread: fn(&str) -> String,
    pub no_swaps: &'static str,
    /// Whose shift goes, and whose comes in return.
    pub swap: fn(&str, &str) -> String,
    /// How far loads are apart, before and after.
    pub evens: fn(&str, &str) -> String,
    // Lists
    pub list_name: fn(&str) -> &'static str,
    pub close_list: &'static str,
    pub list_none: &'static str,
    pub list_cut: fn(u32) -> String,
    pub clocks: [&'static str; 4],
    pub never_met: fn(&str) -> String,
    pub met_late: fn(&str, &str) -> String,
    pub night_of: fn(&str) -> String,
}

/// The words of the reader's language.
#[must_use]
pub fn review_words() -> &'static ReviewWords {
    match locale() {
        Locale::Ja => &ja::WORDS,
        Locale::En => &en::WORDS,
    }
}
