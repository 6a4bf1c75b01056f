//! A time zone as the few offsets a reader needs.

use serde::{Deserialize, Serialize};

use crate::civil::Civil;

const MS_PER_MINUTE: i64 = 60_000;

/// A time zone, cut down to the transitions around what is shown. The server fills it from its zone
/// database; the browser gets it with the first render.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Zone {
    /// The IANA name: `Asia/Tokyo`.
    pub name: String,
    /// What stands beside a clock: `JST`.
    pub abbreviation: String,
    /// Minutes east of UTC before the first transition.
    pub offset_minutes: i32,
    /// From each epoch millisecond on, that many minutes east of UTC. Ascending by time.
    pub transitions: Vec<(i64, i32)>,
}

impl Zone {
    /// Coordinated Universal Time.
    #[must_use]
    pub fn utc() -> Zone {
        Zone::fixed("UTC", "UTC", 0)
    }

    /// A zone whose clocks never change.
    #[must_use]
    pub fn fixed(name: &str, abbreviation: &str, offset_minutes: i32) -> Zone {
        Zone { name: name.to_owned(), abbreviation: abbreviation.to_owned(), offset_minutes, transitions: Vec::new() }
    }

    /// Minutes east of UTC at an instant.
    #[must_use]
    pub fn offset_at(&self, ms: i64) -> i32 {
        let n_passed = self.transitions.partition_point(|&(from_ms, _)| from_ms <= ms);
        match n_passed.checked_sub(1) {
            Some(index) => self.transitions[index].1,
            None => self.offset_minutes,
        }
    }

    /// The wall clock of this zone at an instant.
    #[must_use]
    pub fn civil(&self, ms: i64) -> Civil {
        Civil::from_wall_ms(ms + i64::from(self.offset_at(ms)) * MS_PER_MINUTE)
    }

    /// The instant at which this zone's clock shows `civil`. A time that happens twice means the first one;
    /// a time that is skipped means as far after the gap as it stands inside it (RFC 5545 section 3.3.5).
    #[must_use]
    pub fn instant(&self, civil: Civil) -> i64 {
        let wall_ms = civil.wall_ms();
        let mut offset = self.offset_minutes;
        for &(from_ms, next_offset) in &self.transitions {
            let candidate = wall_ms - i64::from(offset) * MS_PER_MINUTE;
            let is_before = candidate < from_ms;
            let is_skipped = !is_before && wall_ms - i64::from(next_offset) * MS_PER_MINUTE < from_ms;
            if is_before || is_skipped {
                return candidate;
            }
            offset = next_offset;
        }
        wall_ms - i64::from(offset) * MS_PER_MINUTE
    }
}

impl Default for Zone {
    fn default() -> Zone {
        Zone::utc()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// New York in 2026: daylight saving begins 8 March 07:00 UTC and ends 1 November 06:00 UTC.
    fn new_york() -> Zone {
        Zone {
            name: "America/New_York".to_owned(),
            abbreviation: "EST".to_owned(),
            offset_minutes: -300,
            transitions: vec![(1_772_953_200_000, -240), (1_793_512_800_000, -300)],
        }
    }

    fn at(zone: &Zone, month: u32, day: u32, hour: u32, minute: u32) -> i64 {
        let midnight = Civil::midnight(2026, month, day);
        zone.instant(Civil { hour, minute, ..midnight })
    }

    #[test]
    fn the_offset_changes_at_the_transition_itself() {
        let zone = new_york();
        for (ms, expected) in [
            (0, -300),
            (1_772_953_199_999, -300),
            (1_772_953_200_000, -240),
            (1_793_512_799_999, -240),
            (1_793_512_800_000, -300),
        ] {
            assert_eq!(zone.offset_at(ms), expected, "{ms}");
        }
    }

    #[test]
    fn wall_clock_and_instant_are_inverse_away_from_transitions() {
        let zone = new_york();
        for ms in [0, 1_772_900_000_000, 1_780_000_000_000, 1_800_000_000_000] {
            assert_eq!(zone.instant(zone.civil(ms)), ms);
        }
    }

    #[test]
    fn a_skipped_time_stands_as_far_after_the_gap() {
        let zone = new_york();
        assert_eq!(at(&zone, 3, 8, 2, 30), 1_772_953_200_000 + 30 * 60_000);
        assert_eq!(zone.civil(at(&zone, 3, 8, 2, 30)).hour, 3);
    }

    #[test]
    fn a_time_that_happens_twice_means_the_first() {
        let zone = new_york();
        assert_eq!(at(&zone, 11, 1, 1, 30), 1_793_512_800_000 - 30 * 60_000);
        assert_eq!(at(&zone, 11, 1, 2, 0), 1_793_512_800_000 + 60 * 60_000);
    }
}
