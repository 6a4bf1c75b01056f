//! Calendars: spans of time that come again, in the wall clock of a zone. "Weekdays from 22:00 to 6:00 in Tokyo", "the last day of a
//! month", "public holidays".
//!
//! A window begins on days that its fields name and lasts until a time of that day or of the next. Where a clock jumps:
//!
//! 1. A time that a spring day leaves out is the moment after the jump. A window that lies in what is left out is no time at all.
//! 2. A time that an autumn day has twice is its first. So a window never lasts longer than is written because of that, and mutes too
//!    little rather than too much; one that spans the whole jump lasts an hour longer, as the wall clock says.

pub mod window;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use model::Time;
use serde::{Deserialize, Serialize};
use window::Window;

/// Windows of one calendar.
pub const MAX_WINDOWS: usize = 64;
/// How far ahead the next beginning is looked for: the rarest window, 29 February, comes at least once in eight years.
const HORIZON_DAYS: u64 = 8 * 366;
/// The longest jump of a clock, with room: Samoa once left out a whole day.
const LONGEST_JUMP_MINUTES: i64 = 26 * 60;
const MINUTES_OF_DAY: u32 = 24 * 60;

/// An IANA zone. Travels by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(pub Tz);

/// A text that names no zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an IANA zone such as Asia/Tokyo, found \"{0}\"")]
pub struct NotAZone(String);

impl TryFrom<String> for Zone {
    type Error = NotAZone;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        name.parse::<Tz>().map(Self).map_err(|_| NotAZone(name))
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.0.name().to_owned()
    }
}

/// Windows in one zone. Without windows it never is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    pub zone: Zone,
    pub windows: Vec<Window>,
}

/// A stretch of time, without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Time,
    pub until: Time,
}

impl Span {
    fn covers(self, at: Time) -> bool {
        self.from <= at && at < self.until
    }
}

impl Calendar {
    /// Whether some window covers `at`.
    #[must_use]
    pub fn covers(&self, at: Time) -> bool {
        self.spans_around(at).into_iter().any(|span| span.covers(at))
    }

    /// Until when it goes on, when it covers `at`: to the end of the windows that follow each other without a gap.
    #[must_use]
    pub fn until(&self, at: Time) -> Option<Time> {
        let mut end: Time = at;
        // Each round passes a window's end, so a calendar that is always on stops after some weeks, which is answer enough.
        for _ in 0..MAX_WINDOWS {
            let longest: Option<Time> =
                self.spans_around(end).into_iter().filter(|span| span.covers(end)).map(|span| span.until).max();
            match longest {
                Some(later) => end = later,
                None => break,
            }
        }
        (end > at).then_some(end)
    }

    /// The next window that begins after `at`, if one does within eight years.
    #[must_use]
    pub fn next(&self, at: Time) -> Option<Span> {
        let mut day: NaiveDate = self.day_of(at)?.pred_opt()?;
        for _ in 0..HORIZON_DAYS {
            let soonest: Option<Span> = self.spans_of(day).into_iter().filter(|span| span.from > at).min_by_key(|span| span.from);
            if soonest.is_some() {
                return soonest;
            }
            day = day.succ_opt()?;
        }
        None
    }

    /// The spans that begin on the day of `at` or on the day before: no window lasts longer than to the end of the next day.
    fn spans_around(&self, at: Time) -> Vec<Span> {
        let Some(today) = self.day_of(at) else {
            return Vec::new();
        };
        let mut spans: Vec<Span> = today.pred_opt().map(|yesterday| self.spans_of(yesterday)).unwrap_or_default();
        spans.extend(self.spans_of(today));
        spans
    }

    fn day_of(&self, at: Time) -> Option<NaiveDate> {
        // Beyond what chrono can add an offset to there is no day.
        let utc = at.to_utc();
        utc.checked_add_days(Days::new(2))?;
        utc.checked_sub_days(Days::new(2))?;
        Some(utc.with_timezone(&self.zone.0).date_naive())
    }

    fn spans_of(&self, day: NaiveDate) -> Vec<Span> {
        let windows = self.windows.iter().filter(|window| window.is_on(day));
        windows.flat_map(|window| window.times_of_day()).filter_map(|(from, until)| self.span(day, from, until)).collect()
    }

    /// From and until in minutes of `day`; more than a day's minutes lie on the next.
    fn span(&self, day: NaiveDate, from: u32, until: u32) -> Option<Span> {
        let span = Span { from: self.moment(day, from)?, until: self.moment(day, until)? };
        (span.from < span.until).then_some(span)
    }

    fn moment(&self, day: NaiveDate, minutes: u32) -> Option<Time> {
        let midnight: NaiveDateTime = day.and_time(NaiveTime::MIN);
        let wall: NaiveDateTime = midnight.checked_add_signed(TimeDelta::minutes(i64::from(minutes)))?;
        self.resolve(wall)
    }

    /// A wall-clock time as a moment: the first if it comes twice, the one after the jump if it is left out.
    fn resolve(&self, wall: NaiveDateTime) -> Option<Time> {
        if let Some(found) = self.zone.0.from_local_datetime(&wall).earliest() {
            return Some(Time::from_utc(found.to_utc()));
        }
        for minutes in 1..=LONGEST_JUMP_MINUTES {
            let later: NaiveDateTime = wall.checked_add_signed(TimeDelta::minutes(minutes))?;
            let found: Option<DateTime<Tz>> = self.zone.0.from_local_datetime(&later).earliest();
            if let Some(found) = found {
                return Some(Time::from_utc(found.to_utc()));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
