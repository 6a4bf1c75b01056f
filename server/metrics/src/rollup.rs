//! Roll-ups: what remains of a series when a month of it is looked at. Pure.
//!
//! A bucket covers the times after its start up to and with its end, like PromQL's windows. It keeps what the functions over time need:
//! least and greatest value, sum and count, first and last value, and the counter's increase. Buckets of an hour are made of those of
//! five minutes, never of samples again.
//!
//! Stale markers are no values, but a bucket remembers when one came last. The increase is corrected for resets and includes the step
//! from the sample before the bucket, so that the increases of neighbouring buckets add up to the increase over all of them.
//!
//! Absent: quantiles and the like, which no merge gives back, and native histograms, which the room does not take.

pub(crate) mod item;
pub(crate) mod rows;

#[cfg(test)]
mod tests;

use crate::duplicates::STALE_NAN;

/// One bucket of a series. Times are milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rolled {
    /// The bucket holds what came after this.
    pub(crate) bucket_start: i64,
    /// Times of the first and the last value; when there is none, of the first and the last stale marker.
    pub(crate) first_at: i64,
    pub(crate) last_at: i64,
    /// The least and the greatest value that is a number; NaN when none is, as in `min_over_time`.
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) sum: f64,
    /// How many values there are. With 0, the bucket only says that the series went stale: `min`, `max`, `first` and `last` are NaN.
    pub(crate) count: u64,
    pub(crate) first: f64,
    pub(crate) last: f64,
    /// From the value before the bucket, or from `first` when there is none, to `last`; what was there before a drop is added. Values
    /// that are NaN are passed over.
    pub(crate) increase: f64,
    /// Whether the newest sample is a stale marker.
    pub(crate) ends_stale: bool,
}

impl Rolled {
    /// A bucket without a value yet.
    fn empty(bucket_start: i64, at: i64) -> Self {
        Self {
            bucket_start,
            first_at: at,
            last_at: at,
            min: f64::NAN,
            max: f64::NAN,
            sum: 0.0,
            count: 0,
            first: f64::NAN,
            last: f64::NAN,
            increase: 0.0,
            ends_stale: false,
        }
    }

    fn take_value(&mut self, at: i64, value: f64) {
        if self.count == 0 {
            self.first_at = at;
            self.first = value;
        }
        self.last_at = at;
        self.last = value;
        self.min = least(self.min, value);
        self.max = greatest(self.max, value);
        self.count += 1;
        self.ends_stale = false;
    }

    fn take_marker(&mut self, at: i64) {
        if self.count == 0 {
            self.last_at = at;
        }
        self.ends_stale = true;
    }
}

/// Rolls up samples of one series, ascending by time, one per time. `before` is the newest value before them, if any is known: a stale
/// marker between does not matter, as it does not in PromQL. The buckets come in order; none is empty.
pub(crate) fn fold(times: &[i64], bits: &[u64], width_ms: i64, before: Option<(i64, f64)>) -> Vec<Rolled> {
    let n: usize = times.len().min(bits.len());
    let (mut times, mut bits): (&[i64], &[u64]) = (&times[..n], &bits[..n]);
    let before = before.filter(|(at, value)| times.first().is_some_and(|first| at < first) && !value.is_nan());
    let mut counted: Option<f64> = before.map(|(_, value)| value);
    let mut rolled: Vec<Rolled> = Vec::new();
    while let Some(first) = times.first().copied() {
        let start: i64 = bucket_start(first, width_ms);
        let end: i64 = start.saturating_add(width_ms.max(1));
        // At least one, so that damaged order can't keep us here for ever.
        let n: usize = times.partition_point(|at| *at <= end).max(1);
        rolled.push(bucket(start, &times[..n], &bits[..n], &mut counted));
        times = &times[n..];
        bits = &bits[n..];
    }
    rolled
}

/// Where the bucket begins that a time is in: `start < at <= start + width_ms`.
pub(crate) fn bucket_start(at: i64, width_ms: i64) -> i64 {
    let width_ms: i64 = width_ms.max(1);
    at.saturating_sub(1).div_euclid(width_ms).saturating_mul(width_ms)
}

/// One bucket. `counted` is the last value before it that is a number, and then the last one in it.
fn bucket(start: i64, times: &[i64], bits: &[u64], counted: &mut Option<f64>) -> Rolled {
    let mut rolled: Rolled = Rolled::empty(start, times.first().copied().unwrap_or(start));
    let mut sum: Sum = Sum::default();
    let mut increase: Increase = Increase { from: *counted, to: *counted, dropped: 0.0 };
    for (at, bits) in times.iter().zip(bits) {
        if *bits == STALE_NAN {
            rolled.take_marker(*at);
            continue;
        }
        let value: f64 = f64::from_bits(*bits);
        rolled.take_value(*at, value);
        sum.add(value);
        increase.add(value);
    }
    rolled.sum = sum.total();
    rolled.increase = increase.total();
    *counted = increase.to;
    rolled
}

/// Two buckets of one series as one; the increase of the later one must begin where the earlier one ends, as [`fold`] makes them.
pub(crate) fn merge(earlier: Rolled, later: Rolled) -> Rolled {
    let bucket_start: i64 = earlier.bucket_start.min(later.bucket_start);
    if earlier.count == 0 && later.count == 0 {
        return Rolled { bucket_start, last_at: later.last_at, ends_stale: later.ends_stale, ..earlier };
    }
    if earlier.count == 0 {
        return Rolled { bucket_start, ..later };
    }
    if later.count == 0 {
        return Rolled { bucket_start, ends_stale: later.ends_stale, ..earlier };
    }
    Rolled {
        bucket_start,
        first_at: earlier.first_at,
        last_at: later.last_at,
        min: least(earlier.min, later.min),
        max: greatest(earlier.max, later.max),
        sum: earlier.sum + later.sum,
        count: earlier.count.saturating_add(later.count),
        first: earlier.first,
        last: later.last,
        increase: earlier.increase + later.increase,
        ends_stale: later.ends_stale,
    }
}

/// Wider buckets of narrower ones, which come in order and whose width divides `width_ms`.
pub(crate) fn fold_rolled(rolled: &[Rolled], width_ms: i64) -> Vec<Rolled> {
    let width_ms: i64 = width_ms.max(1);
    let wide_start = |narrow: &Rolled| narrow.bucket_start.div_euclid(width_ms).saturating_mul(width_ms);
    let mut wide: Vec<Rolled> = Vec::new();
    for narrow in rolled {
        let next: Rolled = Rolled { bucket_start: wide_start(narrow), ..*narrow };
        match wide.last_mut() {
            Some(last) if last.bucket_start == next.bucket_start => *last = merge(*last, next),
            _ => wide.push(next),
        }
    }
    wide
}

/// NaN only when both are.
fn least(known: f64, value: f64) -> f64 {
    if known.is_nan() || value < known { value } else { known }
}

/// NaN only when both are.
fn greatest(known: f64, value: f64) -> f64 {
    if known.is_nan() || value > known { value } else { known }
}

/// Kahan's summation in Neumaier's variant, as `sum_over_time` has it.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    sum: f64,
    carry: f64,
}

impl Sum {
    fn add(&mut self, value: f64) {
        let total: f64 = self.sum + value;
        if total.is_infinite() {
            self.carry = 0.0;
        } else if self.sum.abs() >= value.abs() {
            self.carry += (self.sum - total) + value;
        } else {
            self.carry += (value - total) + self.sum;
        }
        self.sum = total;
    }

    fn total(&self) -> f64 {
        if self.sum.is_infinite() { self.sum } else { self.sum + self.carry }
    }
}

/// How far a counter came: the last value less the first, and for each drop what was there before it.
#[derive(Clone, Copy, Debug)]
struct Increase {
    from: Option<f64>,
    to: Option<f64>,
    dropped: f64,
}

impl Increase {
    fn add(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        if let Some(before) = self.to.filter(|before| value < *before) {
            self.dropped += before;
        }
        self.from = self.from.or(Some(value));
        self.to = Some(value);
    }

    fn total(&self) -> f64 {
        match (self.from, self.to) {
            (Some(from), Some(to)) => step(from, to) + self.dropped,
            _ => 0.0,
        }
    }
}

/// The step from one value to the next when nothing was reset.
pub(crate) fn step(from: f64, to: f64) -> f64 {
    to - from
}
