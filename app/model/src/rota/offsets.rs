//! A zone as the offsets it has had and will have.

use super::Span;
use super::local::Local;
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// More than any clock differs from UTC: Samoa once left out a whole day.
const FAR_S: i64 = 26 * 3_600;
const DAY_MS: i64 = 86_400_000;
const SECOND_MS: i64 = 1_000;

/// Offsets from UTC over a stretch of time. Before its first change the first offset holds, after its last change the last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offsets {
    /// The IANA name: `Asia/Tokyo`.
    pub zone: String,
    /// Seconds east of UTC before the first change.
    pub first_s: i32,
    /// Ascending by time.
    pub changes: Vec<OffsetChange>,
}

/// From a moment on, another offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OffsetChange {
    pub at: Time,
    /// Seconds east of UTC.
    pub offset_s: i32,
}

impl Offsets {
    /// Asks `offset_s` (seconds east of UTC at a moment) once a day and looks closer where two answers differ; clocks change on whole
    /// seconds. A change that is taken back within a day is not seen: none is known.
    #[must_use]
    pub fn sampled(zone: &str, within: Span, offset_s: impl Fn(Time) -> i32) -> Self {
        let first_s: i32 = offset_s(within.start);
        let mut changes: Vec<OffsetChange> = Vec::new();
        let (mut at, mut before): (Time, i32) = (within.start, first_s);
        while at < within.end {
            let next: Time = at.plus_ms(DAY_MS);
            let after: i32 = offset_s(next);
            if after != before {
                changes.push(OffsetChange { at: crossing(at, next, before, &offset_s), offset_s: after });
            }
            (at, before) = (next, after);
        }
        Self { zone: zone.to_owned(), first_s, changes }
    }

    /// Only what a stretch of time needs, for sending.
    #[must_use]
    pub fn between(&self, within: Span) -> Self {
        let changes: Vec<OffsetChange> =
            self.changes.iter().filter(|change| within.start < change.at && change.at < within.end).copied().collect();
        Self { zone: self.zone.clone(), first_s: self.offset_at(within.start), changes }
    }

    /// Seconds east of UTC at a moment.
    #[must_use]
    pub fn offset_at(&self, at: Time) -> i32 {
        let n_passed: usize = self.changes.partition_point(|change| change.at <= at);
        n_passed.checked_sub(1).and_then(|index| self.changes.get(index)).map_or(self.first_s, |change| change.offset_s)
    }

    /// What the wall clock shows.
    #[must_use]
    pub fn local(&self, at: Time) -> Local {
        Local(at.0.div_euclid(SECOND_MS) + self.after(self.changes.partition_point(|change| change.at <= at)))
    }

    /// When the wall clock shows `local`, the first time. A time that is left out stands as far after the gap as it is inside.
    #[must_use]
    pub fn first(&self, local: Local) -> Time {
        let low: Time = instant(local, FAR_S);
        let begin: usize = self.changes.partition_point(|change| change.at <= low);
        let mut n_passed: usize = begin;
        while self.changes.get(n_passed).is_some_and(|next| instant(local, self.after(n_passed)) >= next.at) {
            n_passed += 1;
        }
        let here: Time = instant(local, self.after(n_passed));
        // Past the end of one offset and before the next began: it lies in the gap between them.
        let is_in_gap: bool = n_passed > begin && here < self.changes[n_passed - 1].at;
        if is_in_gap { instant(local, self.after(n_passed - 1)) } else { here }
    }

    /// When the wall clock shows `local`, the last time. A time that is left out is the same as for [`Self::first`].
    #[must_use]
    pub fn last(&self, local: Local) -> Time {
        let high: Time = instant(local, -FAR_S);
        let mut n_passed: usize = self.changes.partition_point(|change| change.at <= high);
        // Back to an offset that had begun. Where `local` is past its end it lies in a gap, and the offset before the gap is right.
        while n_passed > 0 && instant(local, self.after(n_passed)) < self.changes[n_passed - 1].at {
            n_passed -= 1;
        }
        instant(local, self.after(n_passed))
    }

    /// The offset after that many changes. Whatever comes over the wire, no clock is further from UTC than a day or so.
    fn after(&self, n_passed: usize) -> i64 {
        let passed: Option<&OffsetChange> = n_passed.checked_sub(1).and_then(|index| self.changes.get(index));
        i64::from(passed.map_or(self.first_s, |change| change.offset_s)).clamp(-FAR_S, FAR_S)
    }
}

fn instant(local: Local, offset_s: i64) -> Time {
    Time(local.0.saturating_sub(offset_s).saturating_mul(SECOND_MS))
}

/// The first whole second in (`low`, `high`] without the offset `before`.
fn crossing(low: Time, high: Time, before: i32, offset_s: &impl Fn(Time) -> i32) -> Time {
    let (mut low, mut high): (i64, i64) = (low.0.div_euclid(SECOND_MS), high.0.div_euclid(SECOND_MS));
    while high - low > 1 {
        let middle: i64 = low + (high - low) / 2;
        if offset_s(Time(middle * SECOND_MS)) == before { low = middle } else { high = middle }
    }
    Time(high * SECOND_MS)
}
