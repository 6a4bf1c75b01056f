//! Time zones for readers: the zone database stays here, the browser gets the few offsets it needs.

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;
use figures::Zone;
use model::Time;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

/// How far around now a screen may look.
const DAY_MS: i64 = 86_400_000;
const DAYS_BACK: i64 = 400;
const DAYS_AHEAD: i64 = 400;

/// Zones remembered for a day. Readers choose among few; beyond it all are worked out anew.
const LIMIT: usize = 64;

/// By zone and day since 1970.
static KNOWN: LazyLock<Mutex<HashMap<(&'static str, i64), Zone>>> = LazyLock::new(Mutex::default);

/// `tz` with its transitions from 400 days before the day of `now` to 400 days after. Worked out once a day: it is asked for by every
/// request that renders.
#[must_use]
pub fn around(tz: Tz, now: Time) -> Zone {
    let day = now.0.div_euclid(DAY_MS);
    // A panic between two lines below leaves a valid map.
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= LIMIT && !known.contains_key(&(tz.name(), day)) {
        known.clear();
    }
    let zone = known.entry((tz.name(), day)).or_insert_with(|| worked_out(tz, Time(day * DAY_MS)));
    Zone { abbreviation: abbreviation(tz, now), ..zone.clone() }
}

fn worked_out(tz: Tz, now: Time) -> Zone {
    let first = now.0 - DAYS_BACK * DAY_MS;
    let mut transitions = Vec::new();
    let mut at = first;
    while at < now.0 + DAYS_AHEAD * DAY_MS {
        let next = at + DAY_MS;
        if offset(tz, at) != offset(tz, next) {
            let moment = crossing(tz, at, next);
            transitions.push((moment, offset(tz, moment)));
        }
        at = next;
    }
    Zone { name: tz.name().to_owned(), abbreviation: abbreviation(tz, now), offset_minutes: offset(tz, first), transitions }
}

/// The first millisecond in (`low`, `high`] with another offset than `low`: zones change on whole seconds, bisection finds it.
fn crossing(tz: Tz, mut low: i64, mut high: i64) -> i64 {
    let before = offset(tz, low);
    while high - low > 1000 {
        let middle = low + (high - low) / 2;
        if offset(tz, middle) == before { low = middle } else { high = middle }
    }
    high - high.rem_euclid(1000)
}

/// Minutes east of UTC.
fn offset(tz: Tz, ms: i64) -> i32 {
    let utc = DateTime::from_timestamp_millis(ms).unwrap_or_default().naive_utc();
    tz.offset_from_utc_datetime(&utc).fix().local_minus_utc() / 60
}

fn abbreviation(tz: Tz, now: Time) -> String {
    now.to_utc().with_timezone(&tz).format("%Z").to_string()
}

/// Every zone's IANA name, for choosing.
#[must_use]
pub fn names() -> Vec<String> {
    chrono_tz::TZ_VARIANTS.iter().map(|tz| tz.name().to_owned()).filter(|name| name.contains('/') || name == "UTC").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_york_changes_twice_a_year_at_the_right_second() {
        let zone = around(chrono_tz::America::New_York, Time(1_795_000_000_000)); // November 2026
        assert!(zone.transitions.contains(&(1_793_512_800_000, -300)), "{:?}", zone.transitions); // 2026-11-01 06:00 UTC
        assert_eq!(zone.offset_at(1_793_512_799_999), -240);
    }

    #[test]
    fn tokyo_never_changes() {
        let zone = around(chrono_tz::Asia::Tokyo, Time(1_795_000_000_000));
        assert!(zone.transitions.is_empty());
        assert_eq!((zone.offset_minutes, zone.abbreviation.as_str()), (540, "JST"));
    }
}
