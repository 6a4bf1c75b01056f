//! Silences and maintenance, as screens see them.

use crate::error::{ApiError, Expected};
use crate::text::Text;
use crate::wire::Packed;
use async_trait::async_trait;
use leptos::prelude::*;
use model::ids::AlertId;
use model::{Severity, Time};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One matcher in its parts: `severity`, `=~`, `P0|P1`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatcherView {
    pub name: String,
    /// `=`, `!=`, `=~` or `!~`.
    pub sign: String,
    pub value: String,
}

/// One window of a calendar, its entries as they are written; an empty list restricts nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowView {
    /// `22:00-06:00`.
    pub times: Vec<String>,
    /// `mon-fri`, `sun`.
    pub weekdays: Vec<String>,
    /// `1`, `8..14`, `-1`.
    pub days: Vec<String>,
    /// `4`, `12..1`.
    pub months: Vec<String>,
    /// Public holidays: only those, or none of those.
    pub holidays: Option<HolidayView>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HolidayView {
    Only,
    Except,
}

/// Spans of time that come again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarView {
    /// An IANA name.
    pub zone: String,
    pub windows: Vec<WindowView>,
}

/// Where a silence is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SilencePhase {
    /// It has not begun.
    Ahead,
    /// It holds, until then.
    Holds(Time),
    /// Between two windows of its calendar.
    Between,
    Over,
}

/// One silence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilenceRow {
    pub id: i64,
    /// It was planned: people call it maintenance.
    pub is_maintenance: bool,
    pub matchers: Vec<MatcherView>,
    pub from: Time,
    pub until: Time,
    /// It holds only in the windows of this.
    pub calendar: Option<CalendarView>,
    pub comment: String,
    pub by: String,
    pub made_at: Time,
    pub phase: SilencePhase,
    /// When it holds next, if it does not now.
    pub next: Option<Time>,
    /// When and by whom it was ended before its time.
    pub ended: Option<(Time, String)>,
    /// Its name in the file it was applied from.
    pub file: Option<String>,
    /// Alerts that fire and that it covers now.
    pub holds: u32,
}

/// The screen of silences.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilenceList {
    /// What is not over.
    pub alive: Vec<SilenceRow>,
    /// What is over, the newest first.
    pub past: Vec<SilenceRow>,
    /// Where older ones begin.
    pub older: Option<i64>,
    /// There are so many alerts that not all were compared: each number is the least.
    pub is_cut: bool,
}

/// A silence as somebody writes it into the form; the same names stand in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SilenceAsk {
    /// `silence` (also when empty) or `maintenance`.
    #[serde(default)]
    pub kind: String,
    /// `name="value", host=~"web.*"`.
    #[serde(default)]
    pub matchers: String,
    /// `30m`, `2h`, `morning` (tomorrow at nine) or `custom`.
    #[serde(default)]
    pub span: String,
    /// `2026-11-22T18:00` on the reader's wall clock. Only with `custom`.
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub until: String,
    /// Days of the week (`mon` … `sun`), and the times from and until which it holds on them: `02:00`, `03:00`. Without days it holds all
    /// the time.
    #[serde(default)]
    pub repeat: Vec<String>,
}

impl SilenceAsk {
    /// What a form sent: its kind, matchers and span, its ends, its days.
    #[must_use]
    pub fn sent(what: (String, String, String), ends: (String, String), repeat: Vec<String>) -> Self {
        Self { kind: what.0, matchers: what.1, span: what.2, from: ends.0, until: ends.1, repeat }
    }
}

/// An alert that a silence would cover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoveredAlert {
    pub id: AlertId,
    pub summary: Text,
    pub severity: Severity,
    pub fired_at: Time,
    pub held_by: Option<String>,
}

/// What a silence would do, before it is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilenceLook {
    /// What keeps it from being made, in the order of the form, with what was found.
    pub problems: Vec<(Trouble, String)>,
    /// How many alerts fire now that its matchers cover.
    pub n: u32,
    /// The worst of them.
    pub shown: Vec<CoveredAlert>,
    /// From when until when, where that can be told.
    pub span: Option<(Time, Time)>,
    pub calendar: Option<CalendarView>,
    /// When it would hold first, where it would not at once.
    pub next: Option<Time>,
}

/// What can be wrong with a silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trouble {
    /// There is no matcher, or there are too many.
    Matchers,
    /// A text that is no matcher.
    Matcher,
    /// Everything would be silent.
    Everything,
    /// No moment where one should stand.
    Moment,
    /// It would be over already, or not be longer.
    Over,
    /// It would last too long.
    Long,
    /// The times of its days are none.
    Times,
    /// Its days don't come before its end.
    Never,
    Comment,
    /// There are too many silences.
    TooMany,
}

impl Trouble {
    const ALL: [(Self, &str); 10] = [
        (Self::Matchers, "silence.matchers"),
        (Self::Matcher, "silence.matcher"),
        (Self::Everything, "silence.everything"),
        (Self::Moment, "silence.moment"),
        (Self::Over, "silence.over"),
        (Self::Long, "silence.long"),
        (Self::Times, "silence.times"),
        (Self::Never, "silence.never"),
        (Self::Comment, "silence.comment"),
        (Self::TooMany, "silence.too_many"),
    ];

    /// As it crosses the door: the word is the field, what was expected is said in English for programs.
    #[must_use]
    pub fn refused(self, expected: &str) -> ApiError {
        let word = Self::ALL.iter().find(|(trouble, _)| *trouble == self).map_or("silence", |(_, word)| *word);
        ApiError::Invalid { field: word.to_owned(), expected: Expected::other(expected) }
    }

    /// What a refusal is about, if it is one of these.
    #[must_use]
    pub fn of(error: &ApiError) -> Option<Self> {
        let ApiError::Invalid { field, .. } = error else { return None };
        Self::ALL.iter().find(|(_, word)| *word == field.as_str()).map(|(trouble, _)| *trouble)
    }
}

/// Answers the screens of silences.
#[async_trait]
pub trait SilencesApi: Send + Sync {
    /// What is not over, and what is: below a number, if one is given.
    async fn list(&self, before: Option<i64>) -> Result<SilenceList, ApiError>;
    /// What a silence would do. Changes nothing.
    async fn look(&self, ask: SilenceAsk) -> Result<SilenceLook, ApiError>;
    /// Makes one, and says its number.
    async fn make(&self, ask: SilenceAsk, comment: String) -> Result<i64, ApiError>;
    /// Ends one now; `false` when it was over.
    async fn end(&self, id: i64) -> Result<bool, ApiError>;
    /// Lets one last longer (`30m`, `2h`, `morning`), and says its new number.
    async fn extend(&self, id: i64, span: String) -> Result<i64, ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn SilencesApi> {
    expect_context::<Arc<dyn SilencesApi>>()
}

/// The lists of silences.
#[server(name = AskSilenceList, prefix = "/call", endpoint = "silence_list", output = Packed)]
pub async fn silence_list(#[server(default)] before: Option<i64>) -> Result<SilenceList, ApiError> {
    room().list(before).await
}

/// What a silence would do.
#[server(name = AskSilenceLook, prefix = "/call", endpoint = "silence_look", output = Packed)]
pub async fn silence_look(ask: SilenceAsk) -> Result<SilenceLook, ApiError> {
    room().look(ask).await
}

/// Makes a silence. Its fields by name, as the form and its address have them.
#[server(prefix = "/call", endpoint = "silence_make", output = Packed)]
pub async fn silence_make(
    #[server(default)] kind: String,
    #[server(default)] matchers: String,
    #[server(default)] span: String,
    #[server(default)] from: String,
    #[server(default)] until: String,
    #[server(default)] repeat: Vec<String>,
    #[server(default)] comment: String,
) -> Result<i64, ApiError> {
    room().make(SilenceAsk::sent((kind, matchers, span), (from, until), repeat), comment).await
}

/// Ends a silence.
#[server(prefix = "/call", endpoint = "silence_end", output = Packed)]
pub async fn silence_end(id: i64) -> Result<bool, ApiError> {
    room().end(id).await
}

/// Lets a silence last longer.
#[server(prefix = "/call", endpoint = "silence_extend", output = Packed)]
pub async fn silence_extend(id: i64, span: String) -> Result<i64, ApiError> {
    room().extend(id, span).await
}

#[cfg(test)]
mod tests {
    use super::Trouble;
    use crate::ApiError;

    #[test]
    fn every_trouble_comes_back_from_its_refusal() {
        for (trouble, word) in Trouble::ALL {
            let refused = trouble.refused("something else");
            assert_eq!(Trouble::of(&refused), Some(trouble), "{word}");
            assert_eq!(refused.to_string(), format!("{word}: something else"));
        }
        assert_eq!(Trouble::of(&ApiError::SignedOut), None);
    }
}
