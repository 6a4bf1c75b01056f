//! Pay for being on call: what was worked or stood by, cut where its price changes, priced without a float, and proved piece by piece.
//!
//! A calculation aid, not legal advice. What it knows of the law is article 37 of the Labour Standards Act (労働基準法第37条) and the order
//! on its rates: overtime 25 % (50 % beyond 60 hours of a month), a statutory holiday (法定休日) 35 %, night from 22:00 to 05:00 25 % on
//! top. It takes for granted that regular hours fill business time, so that what lies outside is overtime. A public holiday is not
//! statutory by itself: a company names one day of the week, or single days.
//!
//! The order of things: spans of one person → one list if schedules overlap ([`PayRule::dedup`]) → cut at midnights, hours and nights of the
//! calendar, and where the 60th hour of overtime ends → [`Segment`]s with a premium and a floor ([`premium`]) → yen ([`yen`]) → totals and
//! CSV ([`report`]).
//!
//! Absent: base pay that changes within a month, and rates by seniority. Whoever needs them prices parts of a month by themselves.

pub mod cut;
pub mod premium;
pub mod report;
pub mod yen;

use crate::Time;
use crate::business_time::{BusinessCalendar, local};
use crate::rota::Span;
use chrono::{Datelike, Months, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use yen::{Exact, Rounding};

/// Parts of a whole: 10,000 are 100 %.
pub const WHOLE_BP: u32 = 10_000;
/// A premium is at most ten times the base.
pub const MAX_PREMIUM_BP: u32 = 100_000;
/// Yen an hour.
pub const MAX_BASE_YEN: u32 = 1_000_000;
/// Duties that one person's month may have.
pub const MAX_DUTIES: usize = 5_000;

/// What was done in a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PayBasis {
    /// On call, and free to do something else.
    Standby,
    /// At work on something.
    Worked,
}

impl PayBasis {
    /// The word in the database and in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standby => "standby",
            Self::Worked => "worked",
        }
    }

    /// The basis of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Standby, Self::Worked].into_iter().find(|basis| basis.as_str() == word)
    }
}

/// How premiums for the same hour meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stacking {
    /// The greatest counts (document A's "+50 %").
    Max,
    /// They are added.
    Sum,
    /// As article 37 asks: overtime or statutory holiday, and night on top.
    Statutory,
}

impl Stacking {
    /// The word in the database and in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Max => "max",
            Self::Sum => "sum",
            Self::Statutory => "statutory",
        }
    }

    /// The stacking of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Max, Self::Sum, Self::Statutory].into_iter().find(|stacking| stacking.as_str() == word)
    }
}

/// Premiums in ten-thousandths of the base. The first three are the company's (`Max`, `Sum`), the others the law's names (`Statutory`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Premiums {
    /// A working day outside of business time that is no night.
    pub evening_bp: u32,
    /// From 22:00 to 05:00.
    pub night_bp: u32,
    /// A day off.
    pub holiday_bp: u32,
    pub overtime_bp: u32,
    /// Overtime beyond 60 hours of a month.
    pub long_overtime_bp: u32,
    pub statutory_holiday_bp: u32,
    pub statutory_night_bp: u32,
}

impl Default for Premiums {
    /// Document A's half more, and the least the law allows.
    fn default() -> Self {
        Self {
            evening_bp: 5_000,
            night_bp: 5_000,
            holiday_bp: 5_000,
            overtime_bp: 2_500,
            long_overtime_bp: 5_000,
            statutory_holiday_bp: 3_500,
            statutory_night_bp: 2_500,
        }
    }
}

/// A night's hours in minutes of the day; an end that is not later than the beginning lies on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Night {
    pub from: u32,
    pub until: u32,
}

impl Night {
    /// 22:00 to 05:00, as article 37 has it.
    pub const STATUTORY: Self = Self { from: 22 * 60, until: 5 * 60 };

    /// Whether a minute of the day is night.
    #[must_use]
    pub fn has(self, minute: u32) -> bool {
        if self.from < self.until {
            self.from <= minute && minute < self.until
        } else {
            minute >= self.from || minute < self.until
        }
    }
}

/// How time becomes yen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayRule {
    pub worked_yen_per_hour: u32,
    pub standby_yen_per_hour: u32,
    pub premiums: Premiums,
    pub stacking: Stacking,
    pub night: Night,
    /// The day of the week that is the statutory holiday (法定休日).
    pub statutory_weekday: Option<Weekday>,
    /// Single statutory holidays beside it, sorted.
    pub statutory_days: Vec<NaiveDate>,
    /// Whether business time is paid here. It is not where the salary pays it.
    pub pays_business_time: bool,
    /// Whether a person who is in several schedules at once is paid once.
    pub dedup: bool,
    pub rounding: Rounding,
}

impl Default for PayRule {
    fn default() -> Self {
        Self {
            worked_yen_per_hour: 0,
            standby_yen_per_hour: 0,
            premiums: Premiums::default(),
            stacking: Stacking::Max,
            night: Night::STATUTORY,
            statutory_weekday: None,
            statutory_days: Vec::new(),
            pays_business_time: false,
            dedup: true,
            rounding: Rounding::default(),
        }
    }
}

/// Why nothing can be priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRule {
    #[error("{found} yen an hour, expected at most {MAX_BASE_YEN}")]
    Base { found: u32 },
    #[error("a premium of {found} ten-thousandths, expected at most {MAX_PREMIUM_BP}")]
    Premium { found: u32 },
    #[error("a night from minute {from} to minute {until} of the day, expected both below 1440 and not the same")]
    Night { from: u32, until: u32 },
    #[error("{n} single statutory holidays, expected at most 366")]
    Days { n: usize },
    #[error("one person has {n} duties in a month, expected at most {MAX_DUTIES}")]
    Duties { n: usize },
}

impl PayRule {
    /// What is out of bounds. All sums of a rule that passes stay far below what an integer holds.
    ///
    /// # Errors
    /// The first thing that is.
    pub fn check(&self) -> Result<(), BadRule> {
        let found: u32 = self.worked_yen_per_hour.max(self.standby_yen_per_hour);
        if found > MAX_BASE_YEN {
            return Err(BadRule::Base { found });
        }
        let Premiums { evening_bp, night_bp, holiday_bp, overtime_bp, .. } = self.premiums;
        let Premiums { long_overtime_bp, statutory_holiday_bp, statutory_night_bp, .. } = self.premiums;
        let of_company: u32 = evening_bp.max(night_bp).max(holiday_bp);
        let of_law: u32 = overtime_bp.max(long_overtime_bp).max(statutory_holiday_bp).max(statutory_night_bp);
        let found: u32 = of_company.max(of_law);
        if found > MAX_PREMIUM_BP {
            return Err(BadRule::Premium { found });
        }
        let Night { from, until } = self.night;
        if from >= 1_440 || until >= 1_440 || from == until {
            return Err(BadRule::Night { from, until });
        }
        let n: usize = self.statutory_days.len();
        if n > 366 { Err(BadRule::Days { n }) } else { Ok(()) }
    }

    /// Whether `day` is a statutory holiday.
    #[must_use]
    pub fn is_statutory(&self, day: NaiveDate) -> bool {
        self.statutory_weekday == Some(day.weekday()) || self.statutory_days.contains(&day)
    }

    /// Yen an hour of a basis.
    #[must_use]
    pub fn base_yen(&self, basis: PayBasis) -> u32 {
        match basis {
            PayBasis::Standby => self.standby_yen_per_hour,
            PayBasis::Worked => self.worked_yen_per_hour,
        }
    }
}

/// A stretch of one person's time, and where it comes from (a schedule's name, an incident's number).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    pub span: Span,
    pub basis: PayBasis,
    pub source: String,
}

/// What an hour is, by the day and by the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Business time of a working day.
    Business,
    /// The evening and the early morning of a working day.
    Evening,
    /// The night of a working day.
    WeekdayNight,
    /// A weekend or a holiday, by day.
    OffDay,
    /// A weekend or a holiday, by night.
    OffNight,
}

impl Category {
    /// All five.
    pub const ALL: [Self; 5] = [Self::Business, Self::Evening, Self::WeekdayNight, Self::OffDay, Self::OffNight];

    /// The word in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Business => "business",
            Self::Evening => "evening",
            Self::WeekdayNight => "weekday_night",
            Self::OffDay => "off_day",
            Self::OffNight => "off_night",
        }
    }

    /// Whether it is night.
    #[must_use]
    pub fn is_night(self) -> bool {
        matches!(self, Self::WeekdayNight | Self::OffNight)
    }

    /// Whether the day is off.
    #[must_use]
    pub fn is_off(self) -> bool {
        matches!(self, Self::OffDay | Self::OffNight)
    }
}

/// A stretch of time with one price, and the proof of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    pub span: Span,
    pub basis: PayBasis,
    /// The local day it lies in.
    pub day: NaiveDate,
    pub category: Category,
    /// The day is a statutory holiday.
    pub is_statutory: bool,
    pub base_yen: u32,
    /// What was added to the base, and why; the sum is `premium_bp`.
    pub parts: Vec<premium::Part>,
    pub premium_bp: u32,
    /// The base itself is paid here, and not by the salary.
    pub is_paid: bool,
    /// The least that article 37 allows; nothing for standby.
    pub floor_bp: u32,
    /// Rounded for itself. What a month pays is [`report::Total::yen`].
    pub yen: i64,
    /// Where the time comes from, each once.
    pub sources: Vec<String>,
}

impl Segment {
    /// How long it is.
    #[must_use]
    pub fn ms(&self) -> i64 {
        self.span.length_ms()
    }

    /// What it is worth before it is rounded.
    #[must_use]
    pub fn exact(&self) -> Exact {
        let whole_bp: u32 = if self.is_paid { WHOLE_BP } else { 0 };
        Exact::of(self.ms(), self.base_yen, whole_bp.saturating_add(self.premium_bp))
    }

    /// Whether it pays less than article 37 allows.
    #[must_use]
    pub fn is_below_floor(&self) -> bool {
        self.basis == PayBasis::Worked && self.premium_bp < self.floor_bp
    }
}

/// The month of a local calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Month {
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
}

impl Month {
    /// From its first midnight to the first of the next month; none when there is no such month.
    #[must_use]
    pub fn span(self, calendar: &BusinessCalendar) -> Option<Span> {
        let first: NaiveDate = NaiveDate::from_ymd_opt(self.year, self.month, 1)?;
        let next: NaiveDate = first.checked_add_months(Months::new(1))?;
        let midnight = |day: NaiveDate| -> Time { calendar.zone().first(local(day, 0)) };
        Some(Span::new(midnight(first), midnight(next)))
    }
}

/// Prices one person's duties within `within` (a [`Month::span`]). `other_overtime_ms` is what the person has worked overtime this month
/// besides these duties before they began: it decides when the 60th hour ends.
///
/// # Errors
/// A rule that can't be used, or more duties than a month has.
pub fn priced(
    duties: &[Duty],
    within: Span,
    rule: &PayRule,
    calendar: &BusinessCalendar,
    other_overtime_ms: i64,
) -> Result<Vec<Segment>, BadRule> {
    rule.check()?;
    if duties.len() > MAX_DUTIES {
        return Err(BadRule::Duties { n: duties.len() });
    }
    let pieces: Vec<cut::Piece> = cut::pieces(duties, within, rule, calendar);
    Ok(premium::segments(pieces, rule, other_overtime_ms))
}

#[cfg(test)]
mod tests;
