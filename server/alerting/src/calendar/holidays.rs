//! Public holidays of Japan, by the law on them (国民の祝日に関する法律) as it stands since 2020.
//!
//! The equinoxes are announced each February for the next year; the formula gives what was announced from 1980 to 2099. Days that a
//! law moved for one year (the Olympic games) are left out: they are past.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Days with a fixed date: month and day.
const FIXED: [(u32, u32); 10] = [(1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (8, 11), (11, 3), (11, 23)];
/// Days that are Mondays: month and which one of it.
const MONDAYS: [(u32, u32); 4] = [(1, 2), (7, 3), (9, 3), (10, 2)];

/// Whether `day` is a public holiday, by itself, as a substitute, or between two others.
#[must_use]
pub fn is_holiday(day: NaiveDate) -> bool {
    is_named(day) || is_substitute(day) || is_between(day)
}

fn is_named(day: NaiveDate) -> bool {
    let date: (u32, u32) = (day.month(), day.day());
    let is_monday_holiday: bool = day.weekday() == Weekday::Mon && MONDAYS.contains(&(day.month(), (day.day() - 1) / 7 + 1));
    FIXED.contains(&date) || is_monday_holiday || is_equinox(day)
}

/// 春分の日 and 秋分の日.
fn is_equinox(day: NaiveDate) -> bool {
    let base: f64 = match day.month() {
        3 => 20.8431,
        9 => 23.2488,
        _ => return false,
    };
    let years: i32 = day.year() - 1980;
    let expected: f64 = base + 0.242_194 * f64::from(years) - f64::from(years.div_euclid(4));
    f64::from(day.day()) == expected.floor()
}

/// 振替休日: the first day after a named Sunday that is not named itself.
fn is_substitute(day: NaiveDate) -> bool {
    if is_named(day) {
        return false;
    }
    let mut before: NaiveDate = day;
    loop {
        let Some(previous) = before.pred_opt() else {
            return false;
        };
        if !is_named(previous) {
            return false;
        }
        if previous.weekday() == Weekday::Sun {
            return true;
        }
        before = previous;
    }
}

/// 国民の休日: a day between two named ones.
fn is_between(day: NaiveDate) -> bool {
    let named = |day: Option<NaiveDate>| day.is_some_and(is_named);
    day.weekday() != Weekday::Sun && named(day.checked_sub_days(Days::new(1))) && named(day.checked_add_days(Days::new(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the Cabinet Office lists them (内閣府「国民の祝日」について).
    #[test]
    fn the_holidays_of_two_years_are_the_announced_ones() {
        let announced: [(i32, &[(u32, u32)]); 2] = [
            (
                2025,
                &[
                    (1, 1),
                    (1, 13),
                    (2, 11),
                    (2, 23),
                    (2, 24),
                    (3, 20),
                    (4, 29),
                    (5, 3),
                    (5, 4),
                    (5, 5),
                    (5, 6),
                    (7, 21),
                    (8, 11),
                    (9, 15),
                    (9, 23),
                    (10, 13),
                    (11, 3),
                    (11, 23),
                    (11, 24),
                ],
            ),
            (
                2026,
                &[
                    (1, 1),
                    (1, 12),
                    (2, 11),
                    (2, 23),
                    (3, 20),
                    (4, 29),
                    (5, 3),
                    (5, 4),
                    (5, 5),
                    (5, 6),
                    (7, 20),
                    (8, 11),
                    (9, 21),
                    (9, 22),
                    (9, 23),
                    (10, 12),
                    (11, 3),
                    (11, 23),
                ],
            ),
        ];
        for (year, days) in announced {
            let start = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
            let found: Vec<(u32, u32)> = start
                .iter_days()
                .take_while(|day| day.year() == year)
                .filter(|day| is_holiday(*day))
                .map(|day| (day.month(), day.day()))
                .collect();
            assert_eq!(found, days, "{year}");
        }
    }
}
