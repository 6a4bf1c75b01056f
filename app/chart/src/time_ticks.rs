//! Ticks of the time axis, in the reader's zone.
//!
//! Ticks stand on round wall-clock times, also on the two days a year when the clock jumps: a skipped hour has
//! no tick, an hour that happens twice has two. Days and months start at local midnight, whatever their length.

use figures::{Civil, Locale, Zone};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A labelled instant of the horizontal axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeTick {
    pub ms: i64,
    pub label: String,
    /// A date among times: it is set stronger.
    pub is_major: bool,
}

/// The distance between two ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// A divisor of a day.
    Clock(i64),
    Days(i64),
    Months(i64),
}

const LADDER: [Step; 31] = [
    Step::Clock(SECOND_MS),
    Step::Clock(2 * SECOND_MS),
    Step::Clock(5 * SECOND_MS),
    Step::Clock(10 * SECOND_MS),
    Step::Clock(15 * SECOND_MS),
    Step::Clock(30 * SECOND_MS),
    Step::Clock(MINUTE_MS),
    Step::Clock(2 * MINUTE_MS),
    Step::Clock(5 * MINUTE_MS),
    Step::Clock(10 * MINUTE_MS),
    Step::Clock(15 * MINUTE_MS),
    Step::Clock(30 * MINUTE_MS),
    Step::Clock(HOUR_MS),
    Step::Clock(2 * HOUR_MS),
    Step::Clock(3 * HOUR_MS),
    Step::Clock(6 * HOUR_MS),
    Step::Clock(12 * HOUR_MS),
    Step::Days(1),
    Step::Days(2),
    Step::Days(7),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(24),
    Step::Months(60),
    Step::Months(120),
    Step::Months(240),
    Step::Months(600),
    Step::Months(1_200),
];

impl Step {
    fn about_ms(self) -> i64 {
        match self {
            Step::Clock(ms) => ms,
            Step::Days(n) => n * DAY_MS,
            Step::Months(n) => n * 30 * DAY_MS,
        }
    }

    /// The pixels a label of this step needs, with air.
    fn least_px(self) -> f64 {
        match self {
            Step::Clock(ms) if ms < MINUTE_MS => 76.0,
            Step::Clock(_) | Step::Days(_) => 64.0,
            Step::Months(_) => 88.0,
        }
    }
}

/// Ticks within `from_ms..=to_ms` on an axis `width_px` long, ascending, as dense as their labels allow.
#[must_use]
pub fn time_ticks(from_ms: i64, to_ms: i64, width_px: f64, zone: &Zone, locale: Locale) -> Vec<TimeTick> {
    if to_ms <= from_ms || width_px.is_nan() || width_px <= 0.0 {
        return Vec::new();
    }
    let ms_per_px = (to_ms - from_ms) as f64 / width_px;
    let step =
        LADDER.into_iter().find(|step| step.about_ms() as f64 / ms_per_px >= step.least_px()).unwrap_or(LADDER[LADDER.len() - 1]);
    let instants = match step {
        Step::Clock(step_ms) => clock_instants(from_ms, to_ms, step_ms, zone),
        Step::Days(n) => day_instants(from_ms, to_ms, n, zone),
        Step::Months(n) => month_instants(from_ms, to_ms, n, zone),
    };
    instants.into_iter().map(|ms| labelled(ms, step, zone, locale)).collect()
}

/// Instants at which the wall clock is a multiple of `step_ms`, walked from one offset change to the next.
pub(crate) fn clock_instants(from_ms: i64, to_ms: i64, step_ms: i64, zone: &Zone) -> Vec<i64> {
    let mut instants: Vec<i64> = Vec::new();
    let mut start_ms = from_ms;
    while start_ms <= to_ms {
        let offset_ms = i64::from(zone.offset_at(start_ms)) * MINUTE_MS;
        let change = zone.transitions.iter().map(|transition| transition.0).find(|&at_ms| at_ms > start_ms);
        let end_ms = change.unwrap_or(i64::MAX).min(to_ms + 1);
        let into_step = (start_ms + offset_ms).rem_euclid(step_ms);
        let mut ms = if into_step == 0 { start_ms } else { start_ms + step_ms - into_step };
        while ms < end_ms {
            instants.push(ms);
            ms += step_ms;
        }
        start_ms = end_ms;
    }
    instants
}

/// Local midnights of every `n`th day; weeks start on Monday.
fn day_instants(from_ms: i64, to_ms: i64, n: i64, zone: &Zone) -> Vec<i64> {
    let first = zone.civil(from_ms);
    let mut day = figures::days_from_civil(first.year, first.month, first.day);
    let mut instants: Vec<i64> = Vec::new();
    loop {
        let (year, month, day_of_month) = figures::civil_from_days(day);
        let ms = zone.instant(Civil::midnight(year, month, day_of_month));
        if ms > to_ms {
            return instants;
        }
        // Day 0 was a Thursday; three days later counting starts on a Monday.
        if ms >= from_ms && (day + 3).rem_euclid(n) == 0 {
            instants.push(ms);
        }
        day += 1;
    }
}

/// Local midnights of the first day of every `n`th month, counted from January.
fn month_instants(from_ms: i64, to_ms: i64, n: i64, zone: &Zone) -> Vec<i64> {
    let first = zone.civil(from_ms);
    let mut month = (first.year * 12 + i64::from(first.month) - 1).div_euclid(n) * n;
    let mut instants: Vec<i64> = Vec::new();
    loop {
        let month_of_year = month.rem_euclid(12) as u32 + 1;
        let ms = zone.instant(Civil::midnight(month.div_euclid(12), month_of_year, 1));
        if ms > to_ms {
            return instants;
        }
        if ms >= from_ms {
            instants.push(ms);
        }
        month += n;
    }
}

fn labelled(ms: i64, step: Step, zone: &Zone, locale: Locale) -> TimeTick {
    let civil = zone.civil(ms);
    let is_midnight = civil == Civil::midnight(civil.year, civil.month, civil.day);
    let (label, is_major) = match step {
        Step::Clock(_) if is_midnight => (figures::month_day(ms, zone, locale), true),
        Step::Clock(step_ms) if step_ms < MINUTE_MS => (figures::clock_time(ms, zone), false),
        Step::Clock(_) => (figures::short_time(ms, zone), false),
        Step::Days(_) => (figures::month_day(ms, zone, locale), civil.day == 1),
        Step::Months(_) => (figures::month_line(ms, zone, locale), civil.month == 1),
    };
    TimeTick { ms, label, is_major }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tokyo() -> Zone {
        Zone::fixed("Asia/Tokyo", "JST", 540)
    }

    /// Daylight saving begins 2026-03-08T07:00Z and ends 2026-11-01T06:00Z.
    fn new_york() -> Zone {
        Zone {
            name: "America/New_York".to_owned(),
            abbreviation: "EST".to_owned(),
            offset_minutes: -300,
            transitions: vec![(1_772_953_200_000, -240), (1_793_512_800_000, -300)],
        }
    }

    fn labels(from_ms: i64, to_ms: i64, width_px: f64, zone: &Zone) -> Vec<String> {
        time_ticks(from_ms, to_ms, width_px, zone, Locale::Ja).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn an_hour_on_a_panel_has_quarters() {
        // 2026-11-22 13:52:07 to 14:52:07 in Tokyo.
        let to_ms = 1_795_326_727_000;
        assert_eq!(labels(to_ms - HOUR_MS, to_ms, 353.0, &tokyo()), ["14:00", "14:15", "14:30", "14:45"]);
    }

    #[test]
    fn midnight_shows_the_date() {
        // 2026-11-22 18:00 to 2026-11-23 06:00 in Tokyo.
        let from_ms = 1_795_338_000_000;
        let ticks = time_ticks(from_ms, from_ms + 12 * HOUR_MS, 330.0, &tokyo(), Locale::Ja);
        let labels: Vec<&str> = ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(labels, ["18:00", "21:00", "11/23", "03:00", "06:00"]);
        let majors: Vec<bool> = ticks.iter().map(|tick| tick.is_major).collect();
        assert_eq!(majors, [false, false, true, false, false]);
    }

    #[test]
    fn a_skipped_hour_has_no_tick() {
        // 2026-03-08 00:00 EST to 12:00 EDT, eleven hours.
        let from_ms = 1_772_953_200_000 - 2 * HOUR_MS;
        let labels = labels(from_ms, from_ms + 11 * HOUR_MS, 700.0, &new_york());
        assert_eq!(labels, ["3/8", "04:00", "06:00", "08:00", "10:00", "12:00"]);
    }

    #[test]
    fn an_hour_that_happens_twice_has_two_ticks() {
        // 2026-11-01 00:00 EDT to 06:00 EST, seven hours.
        let from_ms = 1_793_512_800_000 - 2 * HOUR_MS;
        let labels = labels(from_ms, from_ms + 7 * HOUR_MS, 700.0, &new_york());
        assert_eq!(labels, ["11/1", "01:00", "01:00", "02:00", "03:00", "04:00", "05:00", "06:00"]);
    }

    #[test]
    fn days_start_at_local_midnight_on_both_sides_of_a_change() {
        let zone = new_york();
        let from_ms = zone.instant(Civil::midnight(2026, 3, 6));
        let to_ms = zone.instant(Civil::midnight(2026, 3, 11));
        assert_eq!(labels(from_ms, to_ms, 400.0, &zone), ["3/6", "3/7", "3/8", "3/9", "3/10", "3/11"]);
    }

    #[test]
    fn weeks_start_on_monday_and_months_on_the_first() {
        let zone = tokyo();
        let from_ms = zone.instant(Civil::midnight(2026, 11, 1));
        assert_eq!(labels(from_ms, from_ms + 28 * DAY_MS, 400.0, &zone), ["11/2", "11/9", "11/16", "11/23"]);
        assert_eq!(labels(from_ms, from_ms + 100 * DAY_MS, 400.0, &zone), ["2026年11月", "2026年12月", "2027年1月", "2027年2月"]);
    }

    #[test]
    fn seconds_are_written_out_and_nothing_has_no_ticks() {
        let from_ms = 1_795_326_720_000;
        assert_eq!(labels(from_ms, from_ms + 10_000, 200.0, &Zone::utc()), ["05:52:00", "05:52:05", "05:52:10"]);
        assert!(labels(from_ms, from_ms, 200.0, &Zone::utc()).is_empty());
        assert!(labels(from_ms, from_ms + 1, 0.0, &Zone::utc()).is_empty());
    }

    proptest! {
        #[test]
        fn ticks_ascend_stay_inside_and_keep_their_distance(
            from_ms in 1_700_000_000_000i64..1_900_000_000_000,
            span_ms in 2_000i64..70_000_000_000,
            width_px in 100.0f64..2_000.0,
        ) {
            let to_ms = from_ms + span_ms;
            let ticks = time_ticks(from_ms, to_ms, width_px, &new_york(), Locale::En);
            prop_assert!(ticks.iter().all(|tick| (from_ms..=to_ms).contains(&tick.ms)));
            for pair in ticks.windows(2) {
                let distance_px = (pair[1].ms - pair[0].ms) as f64 / span_ms as f64 * width_px;
                // An hour less on the day the clock is put forward is the most a distance can lose,
                // and February is two days shorter than a month is taken for.
                prop_assert!(distance_px > 30.0, "{distance_px}");
            }
        }
    }
}
