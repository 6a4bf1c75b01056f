//! Response clocks: when an incident must be answered, told of, over, or followed up.
//!
//! A clock is data; [`Clock::standing`] says what it shows at a moment and [`Clock::due_now`] what must be done about it. Four laws:
//!
//! 1. Four fifths of its time are gone: at risk. An update is nudged five minutes before it is due instead. All of it: breached, once.
//! 2. A clock in business time stands still outside of it.
//! 3. A raise recomputes from where the clock began, and never moves it later. A breach in the same moment is legitimate.
//! 4. A change of holidays or hours recomputes open clocks only; what was breached stays breached.

use crate::Time;
use crate::business_time::{BusinessCalendar, day_at, local};
use crate::rota::Span;
use crate::scheme::{Basis, Target};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Of ten parts of its time, how many are gone when a clock is at risk.
const AT_RISK_TENTHS: i64 = 8;
/// Whoever writes updates is nudged that long before one is due.
pub const NUDGE_MS: i64 = 5 * 60_000;
/// The latest a clock is due where its calendar never opens: far, and still a date.
const NEVER: Time = Time(4_102_444_800_000); // 2100-01-01

/// What a clock waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClockKind {
    /// Somebody has it.
    Ack,
    /// Those who wait hear something.
    Update,
    /// It is over.
    Resolve,
    /// A follow-up is done.
    FollowUp,
}

impl ClockKind {
    const ALL: [Self; 4] = [Self::Ack, Self::Update, Self::Resolve, Self::FollowUp];

    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ack => "ack",
            Self::Update => "update",
            Self::Resolve => "resolve",
            Self::FollowUp => "followup",
        }
    }

    /// The kind of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// One clock of one incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    pub kind: ClockKind,
    /// Where it counts from: the declaration, or the last update.
    pub started_at: Time,
    pub target: Target,
    pub at_risk_at: Time,
    pub due_at: Time,
    /// What it waited for has happened.
    pub met_at: Option<Time>,
    /// That it is at risk was told.
    pub warned_at: Option<Time>,
    /// That it ran out was told.
    pub breached_at: Option<Time>,
}

/// What a clock shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// It happened, and how late: 0 when in time.
    Met { at: Time, late_ms: i64 },
    /// On time.
    OnTime { due_at: Time, left_ms: i64 },
    /// At risk.
    AtRisk { due_at: Time, left_ms: i64 },
    /// Standing still until business time begins.
    Paused { until: Time, due_at: Time, is_at_risk: bool },
    /// Breached, so long ago.
    Breached { due_at: Time, ago_ms: i64 },
}

/// What must be told of a clock now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Due {
    /// Warn whoever answers (nudge whoever writes updates).
    Warn,
    /// Escalate one step, write it into the timeline, list it in the report.
    Breach,
}

impl Clock {
    /// A clock that starts at `from`.
    #[must_use]
    pub fn start(kind: ClockKind, from: Time, target: Target, calendar: &BusinessCalendar) -> Self {
        let due_at: Time = after(from, target, target.length_ms, calendar);
        let at_risk_at: Time = match kind {
            ClockKind::Update => from.max(due_at.plus_ms(-NUDGE_MS)),
            ClockKind::Ack | ClockKind::Resolve | ClockKind::FollowUp => {
                after(from, target, target.length_ms.saturating_mul(AT_RISK_TENTHS) / 10, calendar)
            }
        };
        Self { kind, started_at: from, target, at_risk_at, due_at, met_at: None, warned_at: None, breached_at: None }
    }

    /// A follow-up that is due on a day: at the end of its business time, or of the day if that has none. It is at risk when four fifths
    /// of what lies between are gone.
    #[must_use]
    pub fn follow_up(from: Time, due_on: NaiveDate, calendar: &BusinessCalendar) -> Self {
        let end: Option<Time> = calendar.spans_of(due_on).last().map(|span: &Span| span.end);
        let due_at: Time = end.unwrap_or_else(|| calendar.zone().first(local(due_on, 24 * 60))).max(from);
        let target = Target::elapsed(due_at.since(from));
        Self { due_at, ..Self::start(ClockKind::FollowUp, from, target, calendar) }
    }

    /// After a raise of the severity: from where it began, and never later than it was.
    #[must_use]
    pub fn raised(self, target: Target, calendar: &BusinessCalendar) -> Self {
        let anew: Self = self.recomputed(target, calendar);
        if anew.due_at < self.due_at { anew } else { self }
    }

    /// After the severity was lowered: from where it began, with the milder target.
    #[must_use]
    pub fn lowered(self, target: Target, calendar: &BusinessCalendar) -> Self {
        self.recomputed(target, calendar)
    }

    /// After holidays or hours changed. A follow-up is due on the day that was agreed, whatever day it is now.
    #[must_use]
    pub fn under(self, calendar: &BusinessCalendar) -> Self {
        if self.kind == ClockKind::FollowUp { self } else { self.recomputed(self.target, calendar) }
    }

    /// What it waited for happened. The first time counts.
    #[must_use]
    pub fn met(self, at: Time) -> Self {
        Self { met_at: self.met_at.or(Some(at)), ..self }
    }

    /// That something was told: it is not told again.
    #[must_use]
    pub fn told(self, due: Due, at: Time) -> Self {
        match due {
            Due::Warn => Self { warned_at: self.warned_at.or(Some(at)), ..self },
            Due::Breach => Self { breached_at: self.breached_at.or(Some(at)), ..self },
        }
    }

    /// Whether it still runs.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.met_at.is_none()
    }

    /// What must be told at `now`; a warning that was missed is left out once it is breached.
    #[must_use]
    pub fn due_now(&self, now: Time) -> Option<Due> {
        if !self.is_open() || self.breached_at.is_some() {
            return None;
        }
        if now >= self.due_at {
            return Some(Due::Breach);
        }
        (now >= self.at_risk_at && self.warned_at.is_none()).then_some(Due::Warn)
    }

    /// When to look at it again.
    #[must_use]
    pub fn wakes_at(&self) -> Option<Time> {
        let is_over: bool = !self.is_open() || self.breached_at.is_some();
        if is_over {
            return None;
        }
        Some(if self.warned_at.is_none() { self.at_risk_at.min(self.due_at) } else { self.due_at })
    }

    /// What it shows at `now`.
    #[must_use]
    pub fn standing(&self, now: Time, calendar: &BusinessCalendar) -> Standing {
        let due_at: Time = self.due_at;
        if let Some(at) = self.met_at {
            return Standing::Met { at, late_ms: at.since(due_at).max(0) };
        }
        if now >= due_at {
            return Standing::Breached { due_at, ago_ms: now.since(due_at) };
        }
        let is_at_risk: bool = now >= self.at_risk_at;
        if let Some(until) = self.paused_until(now, calendar) {
            return Standing::Paused { until, due_at, is_at_risk };
        }
        let left_ms: i64 = self.left_ms(now, calendar);
        if is_at_risk { Standing::AtRisk { due_at, left_ms } } else { Standing::OnTime { due_at, left_ms } }
    }

    /// When it goes on, if it stands still at `now`.
    fn paused_until(&self, now: Time, calendar: &BusinessCalendar) -> Option<Time> {
        if self.target.basis == Basis::Elapsed {
            return None;
        }
        calendar.opens(now).filter(|opens| *opens > now)
    }

    /// How much of its own time is left.
    fn left_ms(&self, now: Time, calendar: &BusinessCalendar) -> i64 {
        match self.target.basis {
            Basis::Elapsed => self.due_at.since(now),
            Basis::Business => calendar.business_between(now, self.due_at),
        }
    }

    fn recomputed(self, target: Target, calendar: &BusinessCalendar) -> Self {
        if !self.is_open() || self.breached_at.is_some() {
            return self;
        }
        let anew: Self = Self::start(self.kind, self.started_at, target, calendar);
        Self { warned_at: self.warned_at, ..anew }
    }
}

/// The moment when `ms` of a target's time have passed since `from`.
fn after(from: Time, target: Target, ms: i64, calendar: &BusinessCalendar) -> Time {
    match target.basis {
        Basis::Elapsed => from.plus_ms(ms.max(0)),
        // A calendar that never opens must not lose the clock: it is due, far away.
        Basis::Business => calendar.add_business(from, ms).unwrap_or_else(|| NEVER.max(from)),
    }
}

/// The day on which a follow-up is due when it has so many business days from the day of `from` on: 1 is the next.
#[must_use]
pub fn business_days_after(from: Time, n_days: u32, calendar: &BusinessCalendar) -> Option<NaiveDate> {
    let mut day: NaiveDate = day_at(calendar.zone(), from)?;
    let mut left: u32 = n_days;
    // As far as a calendar is looked at anywhere.
    for _ in 0..4_000 {
        if left == 0 {
            return Some(day);
        }
        day = day.succ_opt()?;
        left -= u32::from(calendar.is_working_day(day));
    }
    None
}

#[cfg(test)]
mod tests;
