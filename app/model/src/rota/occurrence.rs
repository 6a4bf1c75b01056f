//! The k-th handoff, and the turn of a moment: arithmetic, whatever window is looked at.

use super::local::{DAY_S, Local};
use super::offsets::Offsets;
use super::spans::{EARLIEST, LATEST};
use super::{Rotation, Unit};
use crate::time::Time;
use figures::civil_from_days;

const HOUR_MS: i64 = 3_600_000;
const DAYS_OF_WEEK: i64 = 7;
/// Four hundred years: more than there is between the first and the last day anybody is on call.
const MAX_MONTHS: i64 = 4_800;

impl Rotation {
    /// When turn `k` begins: the anchor and k · every units, on the calendar of the zone. A time the clock leaves out stands as far after
    /// the gap; of one it shows twice the first is meant. Months are clamped once: from the 31st comes the last day of a shorter month,
    /// and the 31st again after it.
    #[must_use]
    pub fn handoff(&self, zone: &Offsets, k: i64) -> Time {
        let anchor: Local = self.anchor.held();
        let steps: i64 = k.saturating_mul(self.step());
        match self.unit {
            Unit::Hour => zone.first(anchor).plus_ms(steps.saturating_mul(HOUR_MS)),
            Unit::Day => zone.first(days_later(anchor, steps)),
            Unit::Week => zone.first(days_later(anchor, steps.saturating_mul(DAYS_OF_WEEK))),
            Unit::Month => zone.first(anchor.plus_months(steps.clamp(-MAX_MONTHS, MAX_MONTHS)).held()),
        }
    }

    /// The turn a moment belongs to: the greatest `k` whose handoff is not after it.
    #[must_use]
    pub fn turn_at(&self, zone: &Offsets, at: Time) -> i64 {
        let at: Time = at.clamp(EARLIEST, LATEST);
        let mut k: i64 = self.guess(zone, at);
        while self.handoff(zone, k) > at {
            k -= 1;
        }
        while self.handoff(zone, k + 1) <= at {
            k += 1;
        }
        k
    }

    /// When the next turn begins after `at`: where a change takes effect unless somebody says otherwise.
    #[must_use]
    pub fn handoff_after(&self, zone: &Offsets, at: Time) -> Time {
        self.handoff(zone, self.turn_at(zone, at) + 1)
    }

    /// At most two turns off: clocks jump by a day at most, and days of a month differ by three.
    fn guess(&self, zone: &Offsets, at: Time) -> i64 {
        let (anchor, step): (Local, i64) = (self.anchor.held(), self.step());
        let seconds: i64 = zone.local(at).0 - anchor.0;
        match self.unit {
            Unit::Hour => at.since(zone.first(anchor)).div_euclid(step * HOUR_MS),
            Unit::Day => seconds.div_euclid(step * DAY_S),
            Unit::Week => seconds.div_euclid(step * DAYS_OF_WEEK * DAY_S),
            Unit::Month => (months(zone.local(at)) - months(anchor)).div_euclid(step),
        }
    }

    /// Units a turn; a rotation of no units, which no form lets pass, is one of one.
    fn step(&self) -> i64 {
        i64::from(self.every.max(1))
    }
}

fn days_later(local: Local, days: i64) -> Local {
    Local(local.0.saturating_add(days.saturating_mul(DAY_S))).held()
}

/// Months since the year 0.
fn months(local: Local) -> i64 {
    let (year, month, _) = civil_from_days(local.day());
    year * 12 + i64::from(month) - 1
}
