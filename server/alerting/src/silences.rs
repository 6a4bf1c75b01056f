//! Silences: alerts that match tell nobody for a while. Evaluation goes on, and what still fires when a silence ends is told then.
//!
//! A silence has matchers, a beginning and an end, and a comment that says why. With a calendar it holds only in the windows of that:
//! "every night of this month". A maintenance is a silence that was planned; only people see the difference. Nothing is deleted: what is
//! expired stays in the list, and to change a silence is to expire it and make another.

use crate::calendar::Calendar;
use crate::routes::Calendars;
use crate::routes::matchers::{MAX_MATCHERS, Matcher, all_hold};
use chrono::DateTime;
use model::Time;
use model::alert::{MAX_COMMENT, comment_length};
use model::ids::PersonId;
use model::labels::Labels;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Silences that are not over, at once: each is asked about every alert.
pub const MAX_ALIVE: i64 = 1_000;
/// A silence that is longer has been forgotten by whoever made it.
pub const LONGEST_MS: i64 = 366 * 24 * 3_600_000;
/// The same of one with a calendar, which says more exactly when it is meant.
pub const LONGEST_RECURRING_MS: i64 = 10 * LONGEST_MS;
/// The end of the year 9999, well within what the database can hold.
const LATEST_MS: i64 = 253_402_300_799_999;

/// The number of a silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SilenceId(pub i64);

impl fmt::Display for SilenceId {
    /// `S-12`, as people say it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S-{}", self.0)
    }
}

/// Why something is quiet, in the eyes of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    #[default]
    Silence,
    Maintenance,
}

impl Kind {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Silence => "silence",
            Self::Maintenance => "maintenance",
        }
    }

    /// The kind of that word, if it is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Silence, Self::Maintenance].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A silence that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSilence {
    pub kind: Kind,
    pub matchers: Vec<Matcher>,
    pub from: Time,
    pub until: Time,
    /// It holds only in the windows of this, and not between them.
    pub calendar: Option<Calendar>,
    pub comment: String,
}

/// A silence as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    pub id: SilenceId,
    pub wanted: NewSilence,
    /// The name of who made it.
    pub by: String,
    pub person: Option<PersonId>,
    pub made_at: Time,
    /// Ended by hand, or because its file no longer has it.
    pub expired_at: Option<Time>,
    pub expired_by: Option<String>,
    /// Its name in the files it was applied from.
    pub name: Option<String>,
}

/// Where a silence is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It has not begun.
    Ahead,
    /// It holds, until then.
    Holds {
        until: Time,
    },
    /// Between two windows of its calendar.
    Between,
    Over,
}

/// Why a silence can't be made, or ended. Safe to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("expected 1 to {max} matchers, found {n}", max = MAX_MATCHERS)]
    Matchers { n: usize },
    #[error("expected a matcher that not everything satisfies, or nobody would hear of anything")]
    Everything,
    #[error("expected an end after the beginning, and after now")]
    Over,
    #[error("expected at most 366 days, or ten times that with a calendar")]
    Long,
    #[error("expected a comment that says why")]
    NoComment,
    #[error("a comment may have {max} characters, this one has {n}", max = MAX_COMMENT)]
    LongComment { n: usize },
    #[error("expected a calendar that comes at least once before the end")]
    Never,
    #[error("expected the name of a calendar, found \"{0}\"")]
    NoCalendar(String),
    #[error("expected at most {max} silences that are not over, there are so many", max = MAX_ALIVE)]
    TooMany,
    #[error("silence {0} was not found")]
    NotFound(SilenceId),
    #[error("expected a time such as 2026-12-31T18:00:00+09:00, found \"{0}\"")]
    Time(String),
}

impl NewSilence {
    /// The same without blanks around its comment, if it can be taken.
    ///
    /// # Errors
    /// [`Refused`], the first thing that is wrong.
    pub fn checked(mut self, now: Time) -> Result<Self, Refused> {
        let n: usize = self.matchers.len();
        if n == 0 || n > MAX_MATCHERS {
            return Err(Refused::Matchers { n });
        }
        // One that accepts the empty value also accepts what has no such label, which is nearly everything (Alertmanager's rule).
        if self.matchers.iter().all(|matcher| matcher.accepts("")) {
            return Err(Refused::Everything);
        }
        self.comment = checked_comment(&self.comment)?;
        if self.until <= self.from || self.until <= now || self.until.0 > LATEST_MS || self.from.0 < 0 {
            return Err(Refused::Over);
        }
        let longest_ms: i64 = if self.calendar.is_some() { LONGEST_RECURRING_MS } else { LONGEST_MS };
        if self.until.since(self.from.max(now)) > longest_ms {
            return Err(Refused::Long);
        }
        let start: Time = self.from.max(now);
        let never: bool = self.calendar.as_ref().is_some_and(|calendar| !comes(calendar, start, self.until));
        if never { Err(Refused::Never) } else { Ok(self) }
    }

    /// Whether it would cover these labels, at whatever time.
    #[must_use]
    pub fn matches(&self, labels: &Labels) -> bool {
        all_hold(&self.matchers, labels)
    }
}

fn comes(calendar: &Calendar, from: Time, until: Time) -> bool {
    calendar.covers(from) || calendar.next(from).is_some_and(|span| span.from < until)
}

fn checked_comment(comment: &str) -> Result<String, Refused> {
    let comment: &str = comment.trim();
    let n: usize = comment_length(comment);
    match n {
        0 => Err(Refused::NoComment),
        n if n > MAX_COMMENT => Err(Refused::LongComment { n }),
        _ => Ok(comment.to_owned()),
    }
}

impl Silence {
    /// Where it is at `at`.
    #[must_use]
    pub fn phase(&self, at: Time) -> Phase {
        let end: Time = self.expired_at.map_or(self.wanted.until, |expired| expired.min(self.wanted.until));
        if at >= end {
            return Phase::Over;
        }
        if at < self.wanted.from {
            return Phase::Ahead;
        }
        match &self.wanted.calendar {
            None => Phase::Holds { until: end },
            Some(calendar) => calendar.until(at).map_or(Phase::Between, |until| Phase::Holds { until: until.min(end) }),
        }
    }

    /// Until when it covers these labels, if it does at `at`.
    #[must_use]
    pub fn covers(&self, labels: &Labels, at: Time) -> Option<Time> {
        match self.phase(at) {
            Phase::Holds { until } if self.wanted.matches(labels) => Some(until),
            _ => None,
        }
    }

    /// When it begins to hold next after `at`; `None` when it never will again.
    #[must_use]
    pub fn next(&self, at: Time) -> Option<Time> {
        let first: Time = self.wanted.from;
        let next: Time = match &self.wanted.calendar {
            None => first,
            Some(calendar) if at < first && calendar.covers(first) => first,
            Some(calendar) => calendar.next(at.max(first))?.from,
        };
        let is_ahead: bool = next > at && !matches!(self.phase(next), Phase::Over);
        is_ahead.then_some(next)
    }
}

/// The silences that hold now: what the notifier asks about every alert.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holding(Vec<Silence>);

impl Holding {
    /// Those of `silences` that hold at `at`.
    #[must_use]
    pub fn at(silences: Vec<Silence>, at: Time) -> Self {
        Self(silences.into_iter().filter(|silence| matches!(silence.phase(at), Phase::Holds { .. })).collect())
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none holds.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first that covers these labels.
    #[must_use]
    pub fn of(&self, labels: &Labels) -> Option<&Silence> {
        self.0.iter().find(|silence| silence.wanted.matches(labels))
    }

    /// All that cover these labels.
    #[must_use]
    pub fn all_of(&self, labels: &Labels) -> Vec<&Silence> {
        self.0.iter().filter(|silence| silence.wanted.matches(labels)).collect()
    }
}

/// A silence as a file writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSilence {
    /// By which it is known again when the file is applied another time.
    pub name: String,
    #[serde(default)]
    pub kind: Kind,
    #[serde(rename = "match")]
    pub matchers: Vec<Matcher>,
    /// RFC 3339, with the offset.
    pub from: String,
    pub until: String,
    /// The name of a calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub during: Option<String>,
    pub comment: String,
}

impl FileSilence {
    /// The silence it means. That it may be over already is no mistake of a file.
    ///
    /// # Errors
    /// As [`NewSilence::checked`]; times and calendars that are none.
    pub fn wanted(&self, calendars: &Calendars) -> Result<NewSilence, Refused> {
        let calendar: Option<Calendar> = match &self.during {
            None => None,
            Some(name) => Some(calendars.get(name).cloned().ok_or_else(|| Refused::NoCalendar(name.clone()))?),
        };
        let (from, until) = (moment(&self.from)?, moment(&self.until)?);
        let comment: String = self.comment.clone();
        let wanted = NewSilence { kind: self.kind, matchers: self.matchers.clone(), from, until, calendar, comment };
        wanted.checked(from)
    }

    pub(crate) fn check(&self, calendars: &Calendars) -> Result<(), Refused> {
        self.wanted(calendars).map(|_| ())
    }
}

fn moment(text: &str) -> Result<Time, Refused> {
    let read = DateTime::parse_from_rfc3339(text.trim()).map_err(|_| Refused::Time(text.to_owned()))?;
    Ok(Time::from_utc(read.to_utc()))
}

#[cfg(test)]
mod tests;
