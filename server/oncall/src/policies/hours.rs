//! Working hours, nights and holidays of a zone. Pure: which days are holidays is asked of whoever is given.
//!
//! A working day is Monday to Friday without public holidays; its hours are 9:00 to 18:00 of the wall clock. What is neither a holiday nor
//! within those hours is night. So every moment is one of the three, also where a clock jumps.

use super::When;
use crate::needs::Holidays;
use chrono::{DateTime, Datelike, Timelike, Weekday};
use chrono_tz::Tz;
use model::Time;

/// When a working day begins, and when it ends.
const OPENS: u32 = 9;
const CLOSES: u32 = 18;
/// Every zone's hours begin at a quarter of some hour of UTC.
const STEP_MS: i64 = 15 * 60_000;
/// How far ahead a time is looked for. No row of holidays is that long.
const HORIZON_MS: i64 = 30 * 86_400_000;

/// Whether `at` is such a time in that zone.
#[must_use]
pub fn holds(when: When, zone: Tz, at: Time, holidays: &dyn Holidays) -> bool {
    when == When::Always || part(zone, at, holidays) == when
}

/// The next moment from `at` on that is such a time; `None` when none is near.
#[must_use]
pub fn next(when: When, zone: Tz, at: Time, holidays: &dyn Holidays) -> Option<Time> {
    if holds(when, zone, at, holidays) {
        return Some(at);
    }
    let mut moment: Time = Time(at.0.div_euclid(STEP_MS) * STEP_MS);
    while moment.since(at) < HORIZON_MS {
        moment = moment.plus_ms(STEP_MS);
        if holds(when, zone, moment, holidays) {
            return Some(moment);
        }
    }
    None
}

fn part(zone: Tz, at: Time, holidays: &dyn Holidays) -> When {
    let local: DateTime<Tz> = at.to_utc().with_timezone(&zone);
    let is_weekend: bool = matches!(local.weekday(), Weekday::Sat | Weekday::Sun);
    if is_weekend || holidays.is_holiday(local.date_naive()) {
        When::Holiday
    } else if (OPENS..CLOSES).contains(&local.hour()) {
        When::Business
    } else {
        When::Night
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use proptest::prelude::*;

    /// 敬老の日, 国民の休日 and 秋分の日 of 2026.
    struct Days;

    impl Holidays for Days {
        fn is_holiday(&self, day: NaiveDate) -> bool {
            day.year() == 2026 && day.month() == 9 && (21..=23).contains(&day.day())
        }
    }

    fn tokyo(day: u32, hour: u32, minute: u32) -> Time {
        let date: NaiveDate = NaiveDate::from_ymd_opt(2026, 9, day).unwrap();
        let utc = date.and_hms_opt(hour, minute, 0).unwrap().and_utc();
        Time::from_utc(utc).plus_ms(-9 * 3_600_000)
    }

    #[test]
    fn a_week_with_three_holidays() {
        // Friday the 18th, then five days off, then Thursday the 24th.
        for (at, expected) in [
            (tokyo(18, 8, 59), When::Night),
            (tokyo(18, 9, 0), When::Business),
            (tokyo(18, 17, 59), When::Business),
            (tokyo(18, 18, 0), When::Night),
            (tokyo(19, 12, 0), When::Holiday),
            (tokyo(20, 0, 0), When::Holiday),
            (tokyo(21, 9, 0), When::Holiday),
            (tokyo(23, 23, 59), When::Holiday),
            (tokyo(24, 0, 0), When::Night),
            (tokyo(24, 9, 0), When::Business),
        ] {
            assert_eq!(part(Tz::Asia__Tokyo, at, &Days), expected, "{at:?}");
        }
    }

    #[test]
    fn the_next_time_is_found_over_holidays() {
        let zone = Tz::Asia__Tokyo;
        let friday: Time = tokyo(18, 18, 7);
        assert_eq!(next(When::Business, zone, friday, &Days), Some(tokyo(24, 9, 0)));
        assert_eq!(next(When::Holiday, zone, friday, &Days), Some(tokyo(19, 0, 0)));
        assert_eq!(next(When::Night, zone, friday, &Days), Some(friday), "it is");
        assert_eq!(next(When::Always, zone, friday, &Days), Some(friday));
    }

    #[test]
    fn a_quarter_of_an_hour_is_enough_for_every_zone() {
        // 9:00 in Kathmandu is 3:15 UTC.
        let at: Time = Time::from_utc(NaiveDate::from_ymd_opt(2026, 11, 24).unwrap().and_hms_opt(1, 0, 0).unwrap().and_utc());
        let opens: Time = at.plus_ms((2 * 60 + 15) * 60_000);
        assert_eq!(next(When::Business, Tz::Asia__Kathmandu, at, &Days), Some(opens));
    }

    proptest! {
        #[test]
        fn every_moment_is_one_of_the_three(ms in 0_i64..4_000_000_000_000, which in 0_usize..3) {
            let zone: Tz = [Tz::Asia__Tokyo, Tz::America__New_York, Tz::Australia__Lord_Howe][which];
            let parts = [When::Business, When::Night, When::Holiday];
            let n: usize = parts.into_iter().filter(|when| holds(*when, zone, Time(ms), &Days)).count();
            prop_assert_eq!(n, 1);
            for when in parts {
                let found: Option<Time> = next(when, zone, Time(ms), &Days);
                prop_assert!(found.is_some_and(|found| found >= Time(ms) && holds(when, zone, found, &Days)));
            }
        }
    }
}
