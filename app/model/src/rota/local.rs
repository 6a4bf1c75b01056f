//! Wall-clock time without a zone, and days of the calendar.

use figures::{Civil, civil_from_days, days_from_civil};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Seconds of a day on a clock that doesn't change.
pub const DAY_S: i64 = 86_400;
/// 1900-01-01 and 2200-01-01: nobody is on call outside, and arithmetic inside can't overflow.
const FIRST_DAY: i64 = -25_567;
const LAST_DAY: i64 = 84_006;

/// What a clock on a wall shows, in whole seconds since 1970-01-01T00:00 of the same wall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Local(pub i64);

/// A text that is no date and time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a date and a time between 1900 and 2199 such as 2026-11-30T10:00, found \"{0}\"")]
pub struct NotLocal(pub String);

impl Local {
    /// A date and a time of day; `None` when there is no such date or time between 1900 and 2199.
    #[must_use]
    pub fn of(year: i64, month: u32, day: u32, hour: u32, minute: u32) -> Option<Self> {
        let is_clock: bool = hour < 24 && minute < 60;
        let days: i64 = day_of(year, month, day).filter(|_| is_clock)?;
        Some(Self(days * DAY_S + i64::from(hour) * 3_600 + i64::from(minute) * 60))
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub fn day(self) -> i64 {
        self.0.div_euclid(DAY_S)
    }

    /// Seconds since midnight on a clock that doesn't change.
    #[must_use]
    pub fn second_of_day(self) -> i64 {
        self.0.rem_euclid(DAY_S)
    }

    /// The same, held between 1900 and 2199: whatever comes over the wire, sums of it don't overflow.
    #[must_use]
    pub fn held(self) -> Self {
        Self(self.0.clamp(FIRST_DAY * DAY_S, LAST_DAY * DAY_S - 1))
    }

    /// `n` months later, on the same day of the month or the last there is. Clamped once: 31 January and two months is 31 March.
    #[must_use]
    pub fn plus_months(self, n: i64) -> Self {
        let (year, month, day) = civil_from_days(self.day());
        let months: i64 = year * 12 + i64::from(month) - 1 + n;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) as u32 + 1);
        Self(days_from_civil(year, month, day.min(days_in(year, month))) * DAY_S + self.second_of_day())
    }
}

/// Days since 1970-01-01 of a date; `None` when there is no such date between 1900 and 2199.
#[must_use]
pub fn day_of(year: i64, month: u32, day: u32) -> Option<i64> {
    let is_date: bool = (1900..2200).contains(&year) && (1..=12).contains(&month) && day >= 1 && day <= days_in(year, month);
    is_date.then(|| days_from_civil(year, month, day))
}

/// The weekday of a day since 1970-01-01: 0 for Monday to 6. The first was a Thursday.
#[must_use]
pub fn weekday(day: i64) -> u8 {
    (day + 3).rem_euclid(7) as u8
}

fn days_in(year: i64, month: u32) -> u32 {
    let next: i64 = if month == 12 { days_from_civil(year + 1, 1, 1) } else { days_from_civil(year, month + 1, 1) };
    (next - days_from_civil(year, month, 1)) as u32
}

impl fmt::Display for Local {
    /// `2026-11-30T10:00`, as forms write it; with seconds only where there are some.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Civil { year, month, day, hour, minute, second, .. } = Civil::from_wall_ms(self.held().0 * 1_000);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}")?;
        if second == 0 { Ok(()) } else { write!(f, ":{second:02}") }
    }
}

impl FromStr for Local {
    type Err = NotLocal;

    /// Takes `2026-11-30T10:00` and `2026-11-30T10:00:30`, with a blank for the `T` too.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parsed(text).ok_or_else(|| NotLocal(text.chars().take(40).collect()))
    }
}

fn parsed(text: &str) -> Option<Local> {
    let (date, time) = text.trim().split_once(['T', ' '])?;
    let [year, month, day] = numbers(date, '-')?[..] else { return None };
    let (hour, minute, second): (u32, u32, u32) = match numbers(time, ':')?[..] {
        [hour, minute] => (hour, minute, 0),
        [hour, minute, second] if second < 60 => (hour, minute, second),
        _ => return None,
    };
    Local::of(i64::from(year), month, day, hour, minute).map(|local| Local(local.0 + i64::from(second)))
}

/// Numbers of at most four digits between marks.
fn numbers(text: &str, mark: char) -> Option<Vec<u32>> {
    let number = |part: &str| -> Option<u32> {
        let is_number: bool = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| is_number)
    };
    text.split(mark).map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for text in ["2026-11-30T10:00", "1900-01-01T00:00", "2199-12-31T23:59:59", "2024-02-29T02:30"] {
            assert_eq!(text.parse::<Local>().unwrap().to_string(), text);
        }
        assert_eq!("2026-11-30 10:00".parse::<Local>().unwrap(), Local::of(2026, 11, 30, 10, 0).unwrap());
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in
            ["", "2026-11-30", "2026-13-01T00:00", "2026-02-29T00:00", "2026-11-30T24:00", "1899-12-31T00:00", "2026-11-30T+1:00"]
        {
            assert!(text.parse::<Local>().is_err(), "{text}");
        }
        assert_eq!(day_of(2100, 2, 29), None);
    }

    #[test]
    fn months_are_clamped_once() {
        let anchor: Local = Local::of(2027, 1, 31, 10, 0).unwrap();
        let months: Vec<String> = (-2..=3).map(|n| anchor.plus_months(n).to_string()).collect();
        assert_eq!(
            months,
            [
                "2026-11-30T10:00",
                "2026-12-31T10:00",
                "2027-01-31T10:00",
                "2027-02-28T10:00",
                "2027-03-31T10:00",
                "2027-04-30T10:00"
            ]
        );
    }

    #[test]
    fn the_limits_are_the_days_they_say() {
        assert_eq!((days_from_civil(1900, 1, 1), days_from_civil(2200, 1, 1)), (FIRST_DAY, LAST_DAY));
        assert_eq!((Local(i64::MAX).held().day(), Local(i64::MIN).held().day()), (LAST_DAY - 1, FIRST_DAY));
        assert_eq!(weekday(0), 3);
    }
}
