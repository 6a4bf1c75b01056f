//! Months as they are written, and reckoning with them.

use super::refused::Refused;
use chrono::{Datelike, NaiveDate};
use model::pay::Month;
use std::ops::RangeInclusive;

/// Years in which anybody is paid here: a typing error is none.
pub const YEARS: RangeInclusive<i32> = 2000..=2150;

/// `2026-09`.
#[must_use]
pub fn text(month: Month) -> String {
    format!("{:04}-{:02}", month.year, month.month)
}

/// The month that is written so.
///
/// # Errors
/// [`Refused::Month`].
pub fn parse(text: &str) -> Result<Month, Refused> {
    let wrong = || Refused::Month(text.chars().take(40).collect());
    let (year, month) = text.trim().split_once('-').ok_or_else(wrong)?;
    let is_written: bool =
        year.len() == 4 && month.len() == 2 && text.trim().bytes().all(|one| one.is_ascii_digit() || one == b'-');
    let year: i32 = year.parse().map_err(|_| wrong())?;
    let month: u32 = month.parse().map_err(|_| wrong())?;
    if is_written && YEARS.contains(&year) && (1..=12).contains(&month) { Ok(Month { year, month }) } else { Err(wrong()) }
}

/// The day that is written so, in a year in which anybody is paid here.
///
/// # Errors
/// [`Refused::Day`].
pub fn day(text: &str) -> Result<NaiveDate, Refused> {
    let wrong = || Refused::Day(text.chars().take(40).collect());
    let day: NaiveDate = text.trim().parse().map_err(|_| wrong())?;
    if YEARS.contains(&day.year()) { Ok(day) } else { Err(wrong()) }
}

/// The month a day lies in.
#[must_use]
pub fn of_day(day: NaiveDate) -> Month {
    Month { year: day.year(), month: day.month() }
}

/// Its first day; the first day of all time when there is no such month.
#[must_use]
pub fn first_day(month: Month) -> NaiveDate {
    NaiveDate::from_ymd_opt(month.year, month.month, 1).unwrap_or_default()
}

/// `n` months later.
#[must_use]
pub fn plus(month: Month, n: i32) -> Month {
    let months: i32 = month.year * 12 + i32::try_from(month.month).unwrap_or(1) - 1 + n;
    let (year, left) = (months.div_euclid(12), months.rem_euclid(12));
    Month { year, month: u32::try_from(left).unwrap_or(0) + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_as_they_are_written() {
        let month = Month { year: 2026, month: 9 };
        assert_eq!((text(month).as_str(), parse(" 2026-09 ")), ("2026-09", Ok(month)));
        for wrong in ["", "2026", "2026-13", "2026-00", "26-09", "2026-9", "1999-12", "2151-01", "+026-09", "2026-09-01"] {
            assert_eq!(parse(wrong), Err(Refused::Month(wrong.to_owned())), "{wrong}");
        }
    }

    #[test]
    fn days_of_other_centuries_are_typing_errors() {
        assert_eq!(day("2026-09-23").map(of_day), Ok(Month { year: 2026, month: 9 }));
        for wrong in ["", "2026-02-30", "0226-09-23", "20226-01-01"] {
            assert!(day(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn months_are_added_over_the_ends_of_years() {
        let month = Month { year: 2026, month: 11 };
        assert_eq!([plus(month, 2), plus(month, -11), plus(month, 0)].map(text), ["2027-01", "2025-12", "2026-11"]);
        assert_eq!(first_day(plus(month, 2)).to_string(), "2027-01-01");
    }
}
