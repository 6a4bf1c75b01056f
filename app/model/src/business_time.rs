//! Business time: the hours in which a team works, by its own wall clock, without its holidays; and reckoning in them.
//!
//! Where a clock jumps, the ends of a day's hours are moments by the laws of [`crate::rota`]: a beginning is the first of a time that comes
//! twice and an end the last, and what is left out stands behind the gap. Hours whose end is then not after their beginning are none.
//!
//! Absent: hours over midnight. Two days have each their part: `22:00-24:00` and `00:00-06:00`.

use crate::Time;
use crate::holidays::HolidayCalendar;
use crate::rota::Span;
use crate::rota::local::{DAY_S, Local};
use crate::rota::offsets::Offsets;
use crate::rota::spans;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;

/// Stretches of hours in one day.
pub const MAX_HOURS: usize = 8;
/// How many days are looked at before a calendar counts as one that never opens: eleven years.
const HORIZON_DAYS: u32 = 4_000;
const MINUTES_OF_DAY: u32 = 24 * 60;
const MINUTE_S: i64 = 60;
const MINUTE_MS: i64 = 60_000;

/// A stretch of hours in a day, in minutes since midnight. Written `09:00-18:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Hours {
    from: u32,
    until: u32,
}

/// Why hours can't be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadHours {
    #[error("expected hours of one day such as 09:00-18:00, found \"{0}\"")]
    Form(String),
    #[error("hours overlap or stand out of order at {0}")]
    Overlap(Hours),
    #[error("a day has {n} stretches of hours, expected at most {MAX_HOURS}")]
    Many { n: usize },
}

impl Hours {
    /// From a minute of the day until another; 1,440 is its end.
    ///
    /// # Errors
    /// An end that does not lie after the beginning, or after the day.
    pub fn new(from: u32, until: u32) -> Result<Self, BadHours> {
        let hours = Self { from, until };
        if from < until && until <= MINUTES_OF_DAY { Ok(hours) } else { Err(BadHours::Form(hours.to_string())) }
    }

    /// Minutes since midnight.
    #[must_use]
    pub fn begins(self) -> u32 {
        self.from
    }

    /// Minutes since midnight.
    #[must_use]
    pub fn ends(self) -> u32 {
        self.until
    }

    fn minutes(self) -> u32 {
        self.until.saturating_sub(self.from)
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, until) = (self.from, self.until);
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, until / 60, until % 60)
    }
}

impl FromStr for Hours {
    type Err = BadHours;

    fn from_str(text: &str) -> Result<Self, BadHours> {
        let wrong = || BadHours::Form(text.chars().take(40).collect());
        let (from, until) = text.split_once('-').ok_or_else(wrong)?;
        let (from, until) = (minute(from).ok_or_else(wrong)?, minute(until).ok_or_else(wrong)?);
        Self::new(from, until)
    }
}

/// `9:00`, `09:00`, `24:00`.
fn minute(text: &str) -> Option<u32> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let is_clock: bool = (1..=2).contains(&hours.len()) && minutes.len() == 2;
    let is_digits: bool = hours.bytes().chain(minutes.bytes()).all(|digit| digit.is_ascii_digit());
    if !is_clock || !is_digits {
        return None;
    }
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60 && hours <= 24).then_some(hours * 60 + minutes)
}

/// Hours of each weekday, Monday first.
pub type Week = [Vec<Hours>; 7];

/// When a team works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusinessCalendar {
    zone: Offsets,
    week: Week,
    holidays: HolidayCalendar,
}

impl BusinessCalendar {
    /// A calendar with the hours of a week.
    ///
    /// # Errors
    /// Hours of a day that overlap or stand out of order, or too many of them.
    pub fn new(zone: Offsets, week: Week, holidays: HolidayCalendar) -> Result<Self, BadHours> {
        for hours in &week {
            if hours.len() > MAX_HOURS {
                return Err(BadHours::Many { n: hours.len() });
            }
            if let Some(pair) = hours.windows(2).find(|pair| pair[1].from < pair[0].until) {
                return Err(BadHours::Overlap(pair[1]));
            }
        }
        Ok(Self { zone, week, holidays })
    }

    /// The requirement documents' business time: Monday to Friday 09:00 to 18:00, without holidays.
    #[must_use]
    pub fn office(zone: Offsets, holidays: HolidayCalendar) -> Self {
        let hours = Hours { from: 9 * 60, until: 18 * 60 };
        let week: Week = std::array::from_fn(|weekday| if weekday < 5 { vec![hours] } else { Vec::new() });
        Self { zone, week, holidays }
    }

    /// The zone whose wall clock it goes by.
    #[must_use]
    pub fn zone(&self) -> &Offsets {
        &self.zone
    }

    /// The days off.
    #[must_use]
    pub fn holidays(&self) -> &HolidayCalendar {
        &self.holidays
    }

    /// The hours of a weekday, 0 for Monday to 6, holiday or not.
    #[must_use]
    pub fn hours_of(&self, weekday: usize) -> &[Hours] {
        self.week.get(weekday).map(Vec::as_slice).unwrap_or_default()
    }

    /// The same with other holidays: after a file was read.
    #[must_use]
    pub fn with_holidays(self, holidays: HolidayCalendar) -> Self {
        Self { holidays, ..self }
    }

    /// How long "one business day" is: the hours of the longest day of the week.
    #[must_use]
    pub fn usual_day_ms(&self) -> i64 {
        let days = self.week.iter().map(|hours| hours.iter().map(|hours| hours.minutes()).sum::<u32>());
        i64::from(days.max().unwrap_or(0)) * MINUTE_MS
    }

    /// The day its wall calendar shows; none where no calendar reaches.
    #[must_use]
    pub fn day_at(&self, at: Time) -> Option<NaiveDate> {
        day_at(&self.zone, at)
    }

    /// Whether there are hours on `day`.
    #[must_use]
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        !self.hours(day).is_empty() && !self.holidays.is_holiday(day)
    }

    /// The business time of `day`, as moments.
    #[must_use]
    pub fn spans_of(&self, day: NaiveDate) -> Vec<Span> {
        let hours: &[Hours] = self.hours(day);
        if hours.is_empty() || self.holidays.is_holiday(day) {
            return Vec::new();
        }
        let ends = |hours: &Hours| (local(day, hours.from), local(day, hours.until));
        let moments = hours.iter().map(ends).map(|(from, until)| Span::new(self.zone.first(from), self.zone.last(until)));
        spans::merged(moments.collect())
    }

    /// Whether `at` is business time.
    #[must_use]
    pub fn is_business(&self, at: Time) -> bool {
        // A gap of a whole day can push hours to the next one.
        let days = self.day_at(at).into_iter().flat_map(|day| [day.pred_opt(), Some(day)]).flatten();
        days.flat_map(|day| self.spans_of(day)).any(|span| span.covers(at))
    }

    /// The first moment of business time from `at` on: `at` itself when it is one. None when it does not open for eleven years.
    #[must_use]
    pub fn opens(&self, at: Time) -> Option<Time> {
        self.openings(at).next().map(|span| span.start)
    }

    /// When business time ends, if `at` is one.
    #[must_use]
    pub fn closes(&self, at: Time) -> Option<Time> {
        let mut end: Time = at;
        for span in self.openings(at) {
            if span.start > end {
                break;
            }
            end = span.end;
        }
        (end > at).then_some(end)
    }

    /// The first moment until which `ms` of business time have passed since `from`. Hours that run out at the end of a day end there, not
    /// on the next morning. None when eleven years don't have so much.
    #[must_use]
    pub fn add_business(&self, from: Time, ms: i64) -> Option<Time> {
        if ms <= 0 {
            return Some(from);
        }
        let mut left: i64 = ms;
        for span in self.openings(from) {
            if left <= span.length_ms() {
                return Some(span.start.plus_ms(left));
            }
            left -= span.length_ms();
        }
        None
    }

    /// How much business time lies between two moments; 0 when the second is not later. Counts eleven years at most.
    #[must_use]
    pub fn business_between(&self, from: Time, until: Time) -> i64 {
        let asked = Span::new(from, until);
        self.openings(from).take_while(|span| span.start < until).map(|span| span.and(asked).length_ms()).sum()
    }

    /// Stretches of business time from `at` on, ascending, without overlap; the first may begin at `at`.
    #[must_use]
    pub fn openings(&self, at: Time) -> Openings<'_> {
        let day: Option<NaiveDate> = self.day_at(at).and_then(|day| day.pred_opt());
        Openings { calendar: self, day, days_left: HORIZON_DAYS, counted_until: at, ready: VecDeque::new() }
    }

    fn hours(&self, day: NaiveDate) -> &[Hours] {
        self.hours_of(day.weekday().num_days_from_monday() as usize)
    }
}

/// See [`BusinessCalendar::openings`].
pub struct Openings<'a> {
    calendar: &'a BusinessCalendar,
    /// The next day to look at.
    day: Option<NaiveDate>,
    days_left: u32,
    /// What lies before was handed out: in an autumn night hours that touch overlap.
    counted_until: Time,
    ready: VecDeque<Span>,
}

impl Iterator for Openings<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        loop {
            while let Some(span) = self.ready.pop_front() {
                let left = Span::new(span.start.max(self.counted_until), span.end);
                if !left.is_empty() {
                    self.counted_until = left.end;
                    return Some(left);
                }
            }
            let day: NaiveDate = self.day.filter(|_| self.days_left > 0)?;
            self.days_left -= 1;
            self.ready.extend(self.calendar.spans_of(day));
            self.day = day.succ_opt();
        }
    }
}

/// The day that the wall calendar of `zone` shows at `at`.
#[must_use]
pub fn day_at(zone: &Offsets, at: Time) -> Option<NaiveDate> {
    i32::try_from(zone.local(at).day()).ok().and_then(NaiveDate::from_epoch_days)
}

/// The wall time that many minutes after midnight of `day`; more than a day's minutes lie on the next.
#[must_use]
pub fn local(day: NaiveDate, minutes: u32) -> Local {
    Local(i64::from(day.to_epoch_days()) * DAY_S + i64::from(minutes) * MINUTE_S)
}

#[cfg(test)]
pub(crate) mod tests;
