//! Small things said about alerts in more than one screen.

use crate::words::{locale, words};
use api::alerting::AlertRow;
use figures::{Unit, duration};
use leptos::prelude::*;
use model::alert::{AlertState, Direction};
use ui::state::{StateKind, StateMark};

/// A value with its unit, as one string: `83 %`.
#[must_use]
pub fn value_text(value: Option<f64>, unit: Unit) -> String {
    let Some(value) = value else { return words().no_data.to_owned() };
    let written = figures::value(value, unit, locale());
    if written.unit.is_empty() { written.number } else { format!("{} {}", written.number, written.unit) }
}

/// `≥ 80 %`
#[must_use]
pub fn condition_text(row: &AlertRow) -> String {
    let sign = match row.direction {
        Direction::Above => "≥",
        Direction::Below => "≤",
    };
    format!("{sign} {}", value_text(Some(row.threshold), row.unit))
}

/// The state as a sign and its word. Acknowledged is an overlay: it shows only while the alert fires.
pub fn state_mark(row: &AlertRow) -> AnyView {
    let words = words();
    let (kind, word) = match (row.state, row.held.is_some()) {
        (AlertState::Resolved, _) => (StateKind::Back, words.resolved),
        (AlertState::Pending, _) => (StateKind::Waiting, words.pending),
        (AlertState::Firing, true) => (StateKind::Held, words.held),
        (AlertState::Firing, false) => (StateKind::Open, words.unanswered),
    };
    view! { <StateMark kind=kind word=word /> }.into_any()
}

/// How far the value is from its threshold, as words; nothing without a value.
#[must_use]
pub fn distance_text(row: &AlertRow) -> Option<String> {
    let value = row.value?;
    let away = value - row.threshold;
    let sign = if away >= 0.0 { "+" } else { "−" };
    Some((words().over_by)(&format!("{sign}{}", value_text(Some(away.abs()), row.unit))))
}

/// `5分` in the reader's language; nothing for zero.
#[must_use]
pub fn for_text(row: &AlertRow) -> Option<String> {
    (row.for_ms > 0).then(|| (words().for_at_least)(&duration(row.for_ms, locale())))
}

/// What it is about besides the name: host and the labels that tell it apart.
#[must_use]
pub fn about(row: &AlertRow) -> String {
    let rest = row.labels.iter().filter(|(name, _)| name != "host").map(|(_, value)| value.as_str());
    row.host.as_deref().into_iter().chain(rest).collect::<Vec<_>>().join(" · ")
}
