//! What must be known of the world to say who is on call: how clocks are set, and which days are holidays.

use super::offsets::Offsets;
use serde::{Deserialize, Serialize};

/// Zones and holidays. The server makes one and hands it to its own reckoning and to the browser's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Almanac {
    pub zones: Vec<Offsets>,
    pub holidays: Holidays,
}

impl Almanac {
    /// The zone of that name.
    #[must_use]
    pub fn zone(&self, name: &str) -> Option<&Offsets> {
        self.zones.iter().find(|offsets| offsets.zone == name)
    }
}

/// Days that are holidays, of one version of one calendar. Counted turns are only the same as long as the version is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holidays {
    version: i64,
    days: Vec<i32>,
}

impl Holidays {
    /// Days since 1970-01-01, in any order.
    #[must_use]
    pub fn new(version: i64, mut days: Vec<i32>) -> Self {
        days.sort_unstable();
        days.dedup();
        Self { version, days }
    }

    /// Which version of the calendar it is.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.version
    }

    /// Whether a day since 1970-01-01 is one.
    #[must_use]
    pub fn has(&self, day: i64) -> bool {
        i32::try_from(day).is_ok_and(|day| self.days.binary_search(&day).is_ok())
    }

    /// Those from `first` to `last`, both included, ascending.
    pub fn between(&self, first: i64, last: i64) -> impl Iterator<Item = i64> {
        let begin: usize = self.days.partition_point(|day| i64::from(*day) < first);
        self.days[begin..].iter().map(|day| i64::from(*day)).take_while(move |day| *day <= last)
    }
}
