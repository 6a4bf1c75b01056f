//! Calendar arithmetic on the proleptic Gregorian calendar, without a date library.
//!
//! The two conversions are `days_from_civil` and `civil_from_days` of Howard Hinnant, "chrono-Compatible
//! Low-Level Date Algorithms" (<https://howardhinnant.github.io/date_algorithms.html>): eras of 400 years,
//! years that begin in March, so that the leap day is the last day of its year.

const DAYS_PER_ERA: i64 = 146_097;
/// Days between 0000-03-01 and 1970-01-01.
const DAYS_TO_EPOCH: i64 = 719_468;
const MS_PER_DAY: i64 = 86_400_000;

/// A day of the week. Monday is first, as on the wall calendars the product's users hang up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// Wall-clock time in some zone, without saying which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Civil {
    pub year: i64,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
    pub millisecond: u32,
}

impl Civil {
    /// Midnight at the start of a day. `month` and `day` must be of a real date.
    #[must_use]
    pub fn midnight(year: i64, month: u32, day: u32) -> Civil {
        Civil { year, month, day, hour: 0, minute: 0, second: 0, millisecond: 0 }
    }

    /// Splits wall-clock milliseconds since 1970-01-01T00:00 into their parts.
    #[must_use]
    pub fn from_wall_ms(wall_ms: i64) -> Civil {
        let (year, month, day) = civil_from_days(wall_ms.div_euclid(MS_PER_DAY));
        let ms_of_day = wall_ms.rem_euclid(MS_PER_DAY);
        Civil {
            year,
            month,
            day,
            hour: (ms_of_day / 3_600_000) as u32,
            minute: (ms_of_day / 60_000 % 60) as u32,
            second: (ms_of_day / 1_000 % 60) as u32,
            millisecond: (ms_of_day % 1_000) as u32,
        }
    }

    /// Wall-clock milliseconds since 1970-01-01T00:00; the inverse of [`Civil::from_wall_ms`].
    #[must_use]
    pub fn wall_ms(self) -> i64 {
        days_from_civil(self.year, self.month, self.day) * MS_PER_DAY
            + i64::from(self.hour) * 3_600_000
            + i64::from(self.minute) * 60_000
            + i64::from(self.second) * 1_000
            + i64::from(self.millisecond)
    }

    #[must_use]
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday, three days after a Monday.
        match (days_from_civil(self.year, self.month, self.day) + 3).rem_euclid(7) {
            0 => Weekday::Monday,
            1 => Weekday::Tuesday,
            2 => Weekday::Wednesday,
            3 => Weekday::Thursday,
            4 => Weekday::Friday,
            5 => Weekday::Saturday,
            _ => Weekday::Sunday,
        }
    }
}

/// Days from 1970-01-01 to a date; negative before it.
#[must_use]
pub fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let march_year = if month <= 2 { year - 1 } else { year };
    let era = march_year.div_euclid(400);
    let year_of_era = march_year.rem_euclid(400);
    let months_since_march = (i64::from(month) + 9) % 12;
    let day_of_year = (153 * months_since_march + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * DAYS_PER_ERA + day_of_era - DAYS_TO_EPOCH
}

/// The date (year, month, day) that many days after 1970-01-01.
#[must_use]
pub fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let shifted = days + DAYS_TO_EPOCH;
    let era = shifted.div_euclid(DAYS_PER_ERA);
    let day_of_era = shifted.rem_euclid(DAYS_PER_ERA);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let months_since_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * months_since_march + 2) / 5 + 1;
    let month = if months_since_march < 10 { months_since_march + 3 } else { months_since_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month as u32, day as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_dates_have_their_known_day_numbers() {
        for (date, days) in [
            ((1970, 1, 1), 0),
            ((1969, 12, 31), -1),
            ((2000, 2, 29), 11_016),
            ((2000, 3, 1), 11_017),
            ((2026, 11, 22), 20_779),
            ((2100, 3, 1), 47_541),
        ] {
            let (year, month, day) = date;
            assert_eq!(days_from_civil(year, month, day), days, "{date:?}");
            assert_eq!(civil_from_days(days), date);
        }
    }

    #[test]
    fn weekdays_follow_the_calendar() {
        assert_eq!(Civil::midnight(1970, 1, 1).weekday(), Weekday::Thursday);
        assert_eq!(Civil::midnight(2026, 11, 22).weekday(), Weekday::Sunday);
        assert_eq!(Civil::midnight(1969, 12, 29).weekday(), Weekday::Monday);
    }

    proptest! {
        #[test]
        fn every_day_round_trips(days in -800_000i64..800_000) {
            let (year, month, day) = civil_from_days(days);
            prop_assert!((1..=12).contains(&month) && (1..=31).contains(&day));
            prop_assert_eq!(days_from_civil(year, month, day), days);
        }

        #[test]
        fn every_millisecond_round_trips(wall_ms in -60_000_000_000_000i64..60_000_000_000_000) {
            prop_assert_eq!(Civil::from_wall_ms(wall_ms).wall_ms(), wall_ms);
        }
    }
}
