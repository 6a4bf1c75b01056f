//! Parts of a date, in UTC.

use chrono::{DateTime, Datelike, Timelike, Utc};

use super::series::{Series, present};

/// Which part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DatePart {
    Minute,
    Hour,
    /// 0 is Sunday.
    DayOfWeek,
    DayOfMonth,
    DayOfYear,
    DaysInMonth,
    Month,
    Year,
}

impl DatePart {
    /// The function of that name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "minute" => Self::Minute,
            "hour" => Self::Hour,
            "day_of_week" => Self::DayOfWeek,
            "day_of_month" => Self::DayOfMonth,
            "day_of_year" => Self::DayOfYear,
            "days_in_month" => Self::DaysInMonth,
            "month" => Self::Month,
            "year" => Self::Year,
            _ => return None,
        })
    }

    /// Maps every value, taken as seconds since the epoch, and flags the names.
    pub fn apply(self, mut series: Vec<Series>) -> Vec<Series> {
        for one in &mut series {
            one.drop_name = true;
            for value in one.values.iter_mut().filter(|value| present(**value)) {
                *value = self.of_seconds(*value);
            }
        }
        series
    }

    /// NaN for what is no moment chrono knows (years ±262,000).
    fn of_seconds(self, seconds: f64) -> f64 {
        if seconds.is_nan() {
            return f64::NAN;
        }
        match DateTime::from_timestamp(seconds as i64, 0) {
            Some(moment) => self.of_moment(moment),
            None => f64::NAN,
        }
    }

    fn of_moment(self, moment: DateTime<Utc>) -> f64 {
        match self {
            Self::Minute => f64::from(moment.minute()),
            Self::Hour => f64::from(moment.hour()),
            Self::DayOfWeek => f64::from(moment.weekday().num_days_from_sunday()),
            Self::DayOfMonth => f64::from(moment.day()),
            Self::DayOfYear => f64::from(moment.ordinal()),
            Self::DaysInMonth => f64::from(days_in_month(moment.year(), moment.month())),
            Self::Month => f64::from(moment.month()),
            Self::Year => f64::from(moment.year()),
        }
    }
}

fn days_in_month(year: i32, month: u32) -> u32 {
    let leap: bool = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
