//! SQL of postmortems: `postmortem`, `postmortem_setup`, `postmortem_work`, `postmortem_event`, `postmortem_reviewer`, `postmortem_graph`,
//! `postmortem_reminder` and `postmortem_share`.
//!
//! The row of a postmortem is the lock for what hangs on it.

pub(crate) mod graphs;
pub(crate) mod reminders;
pub(crate) mod reviewers;
pub(crate) mod rows;
pub(crate) mod setup;
pub(crate) mod shares;

use chrono::{DateTime, Utc};
use figures::Locale;
use model::Time;

fn time(at: Option<DateTime<Utc>>) -> Option<Time> {
    at.map(Time::from_utc)
}

fn utc(at: Option<Time>) -> Option<DateTime<Utc>> {
    at.map(Time::to_utc)
}

/// A check of the table lets nothing else in.
fn locale(word: &str) -> Locale {
    Locale::from_tag(word).unwrap_or(Locale::Ja)
}
