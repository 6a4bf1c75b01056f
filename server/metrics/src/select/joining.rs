//! Roll-ups of one series, window after window, joined to the steps that a query needs. Pure.
//!
//! The increase of a roll-up counts from the value before it, when one was known while it was made: always within a window of compaction, and
//! at the beginning of one only when that value was no more than some minutes old. PromQL counts differently: from the first sample of a query's
//! window, across any gap in it. So what stands in a step here is its growth from its own first value to its last, and the way from one
//! step to the next follows from their values whenever two are joined.
//!
//! Not exact: values of a counter that are NaN are passed over, where PromQL ends a run of values with them.

use crate::rollup::Rolled;
use crate::source::{Fold, Point};

/// What rounding leaves of a difference that is zero, as a share of the greatest value that went into it.
const ROUNDING: f64 = 1e-12;

/// Steps in the making.
#[derive(Clone, Debug)]
pub(crate) struct Joining {
    joined_ms: i64,
    folds: Vec<Fold>,
    /// The newest value so far.
    newest: Option<Point>,
}

impl Joining {
    /// Without a step yet. `joined_ms` is above zero and a multiple of the width of what comes.
    pub(crate) fn new(joined_ms: i64) -> Self {
        Self { joined_ms: joined_ms.max(1), folds: Vec::new(), newest: None }
    }

    /// Takes the next roll-up. Its increase counts from the value before it when that is no older than `linked_since`.
    pub(crate) fn push(&mut self, rolled: &Rolled, linked_since: i64) {
        let before: Option<f64> = self.newest.filter(|value| value.at >= linked_since).map(|value| value.value);
        let next: Fold = self.fold(rolled, before);
        match self.folds.last_mut() {
            Some(last) if last.after == next.after => join(last, &next),
            _ => self.folds.push(next),
        }
        if rolled.count > 0 {
            self.newest = Some(next.last);
        }
    }

    /// The steps that reach into `from..=to`, in order.
    pub(crate) fn finish(mut self, from: i64, to: i64) -> Vec<Fold> {
        self.folds.retain(|fold| fold.until >= from && fold.after < to);
        self.folds
    }

    fn fold(&self, rolled: &Rolled, before: Option<f64>) -> Fold {
        let after: i64 = rolled.bucket_start.div_euclid(self.joined_ms).saturating_mul(self.joined_ms);
        Fold {
            after,
            until: after.saturating_add(self.joined_ms),
            count: rolled.count,
            first: Point { at: rolled.first_at, value: rolled.first },
            last: Point { at: rolled.last_at, value: rolled.last },
            min: rolled.min,
            max: rolled.max,
            sum: rolled.sum,
            growth: growth(rolled, before),
            ends_stale: rolled.ends_stale,
        }
    }
}

/// Adds the later of two pieces of one step to the earlier.
fn join(earlier: &mut Fold, later: &Fold) {
    if later.count == 0 {
        earlier.ends_stale = later.ends_stale;
        return;
    }
    if earlier.count == 0 {
        *earlier = *later;
        return;
    }
    earlier.growth += link(earlier.last.value, later.first.value) + later.growth;
    earlier.min = least(earlier.min, later.min);
    earlier.max = greatest(earlier.max, later.max);
    earlier.sum += later.sum;
    earlier.count = earlier.count.saturating_add(later.count);
    earlier.last = later.last;
    earlier.ends_stale = later.ends_stale;
}

/// How far a counter came from one value to the next: a lower one was reached from zero.
pub(crate) fn link(before: f64, now: f64) -> f64 {
    if now < before { now } else { now - before }
}

/// How far a counter came inside a roll-up, from its first value to its last, whose increase counts from `before`.
fn growth(rolled: &Rolled, before: Option<f64>) -> f64 {
    let before: f64 = before.filter(|value| !value.is_nan()).unwrap_or(rolled.first);
    let straight: f64 = rolled.last - rolled.first;
    let dropped: f64 = rolled.increase - link(before, rolled.first) - straight;
    let greatest: f64 = rolled.last.abs().max(rolled.first.abs()).max(before.abs());
    if dropped > greatest * ROUNDING { straight + dropped } else { straight }
}

/// NaN only when both are.
fn least(known: f64, value: f64) -> f64 {
    if known.is_nan() || value < known { value } else { known }
}

/// NaN only when both are.
fn greatest(known: f64, value: f64) -> f64 {
    if known.is_nan() || value > known { value } else { known }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duplicates::{Raw, STALE_NAN};
    use crate::rollup::{bucket_start, fold};
    use proptest::prelude::*;

    const NARROW_MS: i64 = 300_000;
    const WINDOW_MS: i64 = 7_200_000;

    /// A counter with gaps, resets and stale markers.
    fn counter() -> impl Strategy<Value = Vec<Raw>> {
        let step = (1_i64..1_500_000, 0_u32..1_000, 0_u8..20);
        proptest::collection::vec(step, 0..200).prop_map(|steps| {
            let (mut at, mut value): (i64, f64) = (1_795_348_800_000, 5e6);
            let mut samples: Vec<Raw> = Vec::new();
            for (ms, added, what) in steps {
                at += ms;
                value = if what == 0 { f64::from(added) } else { value + f64::from(added) };
                samples.push((at, if what == 1 { STALE_NAN } else { value.to_bits() }));
            }
            samples
        })
    }

    /// As compaction makes them: window by window, with the value before a window only when it is fresh.
    fn joined(samples: &[Raw], joined_ms: i64) -> Vec<Fold> {
        let mut joining = Joining::new(joined_ms);
        let mut before: Option<Raw> = None;
        for window in samples.chunk_by(|left, right| left.0.div_euclid(WINDOW_MS) == right.0.div_euclid(WINDOW_MS)) {
            let bucket: i64 = window[0].0.div_euclid(WINDOW_MS) * WINDOW_MS;
            let fresh = before.filter(|(at, _)| *at >= bucket - NARROW_MS).map(|(at, bits)| (at, f64::from_bits(bits)));
            let (times, bits): (Vec<i64>, Vec<u64>) = window.iter().copied().unzip();
            for rolled in fold(&times, &bits, NARROW_MS, fresh) {
                joining.push(&rolled, bucket - NARROW_MS);
            }
            before = window.iter().rev().find(|(_, bits)| *bits != STALE_NAN).copied().or(before);
        }
        joining.finish(i64::MIN, i64::MAX)
    }

    proptest! {
        #[test]
        fn a_step_says_what_its_samples_say(samples in counter(), times_five in 1_i64..40) {
            let joined_ms: i64 = times_five * NARROW_MS;
            let folds: Vec<Fold> = joined(&samples, joined_ms);
            let by_step = |left: &Raw, right: &Raw| bucket_start(left.0, joined_ms) == bucket_start(right.0, joined_ms);
            let steps: Vec<&[Raw]> = samples.chunk_by(by_step).collect();
            prop_assert_eq!(folds.len(), steps.len());
            for (fold, step) in folds.iter().zip(steps) {
                prop_assert!(fold.after < step[0].0 && step[step.len() - 1].0 <= fold.until);
                let values: Vec<f64> =
                    step.iter().filter(|(_, bits)| *bits != STALE_NAN).map(|(_, bits)| f64::from_bits(*bits)).collect();
                prop_assert_eq!(fold.count, values.len() as u64);
                prop_assert_eq!(fold.ends_stale, step[step.len() - 1].1 == STALE_NAN);
                if values.is_empty() {
                    continue;
                }
                let growth: f64 = values.windows(2).map(|pair| link(pair[0], pair[1])).sum();
                let wanted: [f64; 6] = [
                    values[0],
                    values[values.len() - 1],
                    values.iter().copied().fold(f64::NAN, f64::min),
                    values.iter().copied().fold(f64::NAN, f64::max),
                    values.iter().sum(),
                    growth,
                ];
                prop_assert_eq!([fold.first.value, fold.last.value, fold.min, fold.max, fold.sum, fold.growth], wanted);
            }
        }
    }

    #[test]
    fn fractions_do_not_leave_a_reset_behind() {
        let samples: Vec<Raw> = (0..100_i64).map(|n| (1_795_348_800_000 + n * 61_000, (n as f64 * 0.1).to_bits())).collect();
        for fold in joined(&samples, NARROW_MS) {
            assert_eq!(fold.growth, fold.last.value - fold.first.value);
        }
    }

    #[test]
    fn only_steps_that_reach_into_the_range_are_left() {
        let samples: Vec<Raw> = (0..6_i64).map(|n| (n * NARROW_MS + 1, 0)).collect();
        let mut joining = Joining::new(NARROW_MS);
        let (times, bits): (Vec<i64>, Vec<u64>) = samples.iter().copied().unzip();
        for rolled in fold(&times, &bits, NARROW_MS, None) {
            joining.push(&rolled, 0);
        }
        let left: Vec<i64> = joining.finish(NARROW_MS + 1, 3 * NARROW_MS).iter().map(|fold| fold.after / NARROW_MS).collect();
        assert_eq!(left, [1, 2]);
    }
}
