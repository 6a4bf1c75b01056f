//! How often an integration may send: a bucket of requests that fills up again. Per process, and forgotten with it.

use model::Time;
use model::ids::IntegrationId;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Requests that may come at once after a silence: a storm arrives as one flood of single alerts where a tool does not group.
const BURST: f64 = 500.0;
/// Requests a second that may go on for ever. PagerDuty takes two.
const PER_SECOND: f64 = 100.0;
/// That somebody was turned away is written down at most this often.
const TELL_EVERY_MS: i64 = 10_000;

/// The buckets of all integrations.
#[derive(Default)]
pub(super) struct Rates(Mutex<HashMap<IntegrationId, Bucket>>);

#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    at: Time,
    told_at: Option<Time>,
}

/// One that sends too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooOften {
    /// Whether it is time to write that down.
    pub(super) is_told: bool,
}

impl Rates {
    /// Takes one request out of the bucket of `id`.
    pub(super) fn take(&self, id: IntegrationId, now: Time) -> Result<(), TooOften> {
        // A panic elsewhere leaves nothing half-written here.
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket: &mut Bucket = buckets.entry(id).or_insert(Bucket { left: BURST, at: now, told_at: None });
        // A clock that went back fills nothing. Milliseconds up to 2⁵³ are exact.
        let passed_s: f64 = now.since(bucket.at).clamp(0, 60_000) as f64 / 1_000.0;
        bucket.left = (bucket.left + passed_s * PER_SECOND).min(BURST);
        bucket.at = now;
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            return Ok(());
        }
        let is_told: bool = bucket.told_at.is_none_or(|told| now.since(told) >= TELL_EVERY_MS);
        if is_told {
            bucket.told_at = Some(now);
        }
        Err(TooOften { is_told })
    }
}

#[cfg(test)]
mod tests {
    use super::{Rates, TooOften};
    use model::Time;
    use model::ids::IntegrationId;
    use uuid::Uuid;

    #[test]
    fn a_flood_is_held_and_told_of_once() {
        let (rates, id) = (Rates::default(), IntegrationId(Uuid::nil()));
        let taken = (0..600).filter(|_| rates.take(id, Time(0)).is_ok()).count();
        assert_eq!(taken, 500);
        assert_eq!(rates.take(id, Time(9)), Err(TooOften { is_told: false }));
        assert_eq!(rates.take(id, Time(20)), Ok(()));
        let other = IntegrationId(Uuid::from_u128(1));
        assert_eq!(rates.take(other, Time(20)), Ok(()));
    }

    #[test]
    fn it_fills_up_again_but_not_beyond_its_brim() {
        let (rates, id) = (Rates::default(), IntegrationId(Uuid::nil()));
        while rates.take(id, Time(0)).is_ok() {}
        let after = |at: i64| (0..1_000).filter(|_| rates.take(id, Time(at)).is_ok()).count();
        assert_eq!(after(1_000), 100);
        assert_eq!(after(3_600_000), 500);
        assert_eq!(after(0), 0, "a clock that goes back");
    }
}
