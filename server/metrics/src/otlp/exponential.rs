//! Exponential histograms, and how they become classic ones.
//!
//! A bucket `i` of scale `s` holds the values in `(base^i, base^(i+1)]` with `base = 2^(2^-s)`. Lowering the scale by one joins neighbours in
//! pairs, so the bounds of a lower scale are among those of a higher one, and they are computed such that both come out the same to
//! the bit. We lower the scale to [`LARGEST_SCALE`], as Prometheus does, and further until both sides together have at most
//! [`MOST_BUCKETS`] buckets. At 160 buckets a value that spans a factor of 1,000 keeps a width of about 4 %. The buckets then become
//! `le` bounds; the lower edge of the first one stands there too, so that a quantile within it is not taken down to zero. A sender that
//! lowers its own scale takes every second series away and leaves the rest as they are.
//!
//! Source: OTLP `metrics.proto`, `ExponentialHistogramDataPoint`; OpenTelemetry, "Metrics Data Model", Exponential Scale.

use super::measurement::Histogram;
use super::request::{Buckets, ExponentialPoint};

/// Buckets of both sides together.
pub(crate) const MOST_BUCKETS: usize = 160;
const LARGEST_SCALE: i64 = 8;
/// As Prometheus' native histograms.
const SMALLEST_SENT_SCALE: i64 = -4;
/// The largest that the data model knows.
const LARGEST_SENT_SCALE: i64 = 20;

/// Counts by powers of a base.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Exponential {
    scale: i64,
    zero_count: u64,
    zero_threshold: f64,
    positive: Side,
    negative: Side,
    pub(crate) count: u64,
    pub(crate) sum: Option<f64>,
}

/// The buckets `offset`, `offset + 1` …; the first and the last are not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Side {
    offset: i64,
    counts: Vec<u64>,
}

impl Exponential {
    /// `None` when scale or offsets make no sense.
    pub(crate) fn new(point: &ExponentialPoint) -> Option<Self> {
        let in_range = (SMALLEST_SENT_SCALE..=LARGEST_SENT_SCALE).contains(&point.scale);
        let threshold: f64 = point.zero_threshold;
        if !in_range || !threshold.is_finite() || threshold < 0.0 {
            return None;
        }
        let mut made = Self {
            scale: point.scale,
            zero_count: point.zero_count,
            zero_threshold: threshold,
            positive: Side::new(&point.positive)?,
            negative: Side::new(&point.negative)?,
            count: point.count,
            sum: point.sum,
        };
        made.lower_to(made.scale.min(LARGEST_SCALE));
        made.fit(None);
        Some(made)
    }

    /// Both together, at the scale that both have and at which the result fits.
    pub(crate) fn plus(&self, more: &Self) -> Self {
        let (mut sum, mut more): (Self, Self) = (self.clone(), more.clone());
        sum.lower_to(more.scale);
        more.lower_to(sum.scale);
        sum.fit(Some(&mut more));
        sum.positive = sum.positive.plus(&more.positive);
        sum.negative = sum.negative.plus(&more.negative);
        sum.zero_count = sum.zero_count.saturating_add(more.zero_count);
        sum.zero_threshold = sum.zero_threshold.max(more.zero_threshold);
        sum.count = sum.count.saturating_add(more.count);
        sum.sum = sum.sum.zip(more.sum).map(|(sum, more)| sum + more);
        sum
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        8 * (self.positive.counts.len() + self.negative.counts.len())
    }

    fn lower_to(&mut self, scale: i64) {
        if scale < self.scale {
            let by: u32 = u32::try_from(self.scale - scale).unwrap_or(u32::MAX).min(62);
            self.positive.lower(by);
            self.negative.lower(by);
            self.scale = scale;
        }
    }

    /// Lowers the scale, and that of what will be added, until there are few enough buckets.
    fn fit(&mut self, mut other: Option<&mut Self>) {
        loop {
            let (positive, negative) = match &other {
                Some(other) => (self.positive.width_with(&other.positive), self.negative.width_with(&other.negative)),
                None => (self.positive.width_with(&Side::default()), self.negative.width_with(&Side::default())),
            };
            if positive + negative <= MOST_BUCKETS as i64 {
                return;
            }
            self.lower_to(self.scale - 1);
            if let Some(other) = other.as_deref_mut() {
                other.lower_to(self.scale);
            }
        }
    }

    /// As explicit buckets.
    pub(crate) fn to_explicit(&self) -> Histogram {
        let mut buckets: Vec<(f64, u64)> = Vec::with_capacity(MOST_BUCKETS + 4);
        if let Some(last) = self.negative.last() {
            buckets.push((-self.bound(last + 1), 0));
        }
        for (index, count) in self.negative.buckets().rev() {
            buckets.push((-self.bound(index), count));
        }
        if self.zero_count > 0 {
            buckets.push((self.zero_threshold, self.zero_count));
        }
        if let Some(first) = self.positive.first() {
            buckets.push((self.bound(first), 0));
        }
        for (index, count) in self.positive.buckets() {
            buckets.push((self.bound(index + 1), count));
        }
        self.explicit(buckets)
    }

    /// Sorts the buckets by their bounds and joins those whose bounds are equal; what has no finite bound is in the count alone.
    fn explicit(&self, mut buckets: Vec<(f64, u64)>) -> Histogram {
        buckets.sort_by(|left, right| left.0.total_cmp(&right.0));
        let mut histogram = Histogram { count: self.count, sum: self.sum, ..Histogram::default() };
        let mut beyond: u64 = 0;
        for (bound, count) in buckets {
            // -0 and 0 are one bound.
            let bound: f64 = bound + 0.0;
            if bound == f64::INFINITY {
                beyond = beyond.saturating_add(count);
            } else if bound == f64::NEG_INFINITY {
                // The lower edge of the lowest bucket, which holds nothing.
            } else if histogram.bounds.last() == Some(&bound) {
                if let Some(last) = histogram.counts.last_mut() {
                    *last = last.saturating_add(count);
                }
            } else {
                histogram.bounds.push(bound);
                histogram.counts.push(count);
            }
        }
        histogram.counts.push(beyond);
        histogram
    }

    /// The lower bound of a bucket. The exponent is an exact fraction, so equal bounds of two scales are equal to the bit.
    fn bound(&self, index: i64) -> f64 {
        (index as f64 / (self.scale as f64).exp2()).exp2()
    }
}

impl Side {
    /// Without the empty buckets at both ends.
    fn new(buckets: &Buckets) -> Option<Self> {
        let offset: i64 = i64::from(i32::try_from(buckets.offset).ok()?);
        let counts: &[u64] = &buckets.bucket_counts;
        let Some(first) = counts.iter().position(|count| *count > 0) else { return Some(Self::default()) };
        let last: usize = counts.iter().rposition(|count| *count > 0)?;
        let offset: i64 = offset + i64::try_from(first).ok()?;
        Some(Self { offset, counts: counts[first..=last].to_vec() })
    }

    fn first(&self) -> Option<i64> {
        (!self.counts.is_empty()).then_some(self.offset)
    }

    fn last(&self) -> Option<i64> {
        self.first().map(|first| first + self.counts.len() as i64 - 1)
    }

    fn buckets(&self) -> impl DoubleEndedIterator<Item = (i64, u64)> + '_ {
        let counts = self.counts.iter().enumerate();
        counts.map(|(at, count)| (self.offset + at as i64, *count))
    }

    /// Joins each `2^by` neighbours.
    fn lower(&mut self, by: u32) {
        let Some((first, last)) = self.first().zip(self.last()) else { return };
        let (first, last): (i64, i64) = (first >> by, last >> by);
        let mut counts: Vec<u64> = vec![0; usize::try_from(last - first + 1).unwrap_or(0)];
        for (index, count) in self.buckets() {
            let at: usize = usize::try_from((index >> by) - first).unwrap_or(usize::MAX);
            if let Some(sum) = counts.get_mut(at) {
                *sum = sum.saturating_add(count);
            }
        }
        *self = Self { offset: first, counts };
    }

    /// How many buckets it would have together with another.
    fn width_with(&self, other: &Self) -> i64 {
        let first: Option<i64> = [self.first(), other.first()].into_iter().flatten().min();
        let last: Option<i64> = [self.last(), other.last()].into_iter().flatten().max();
        first.zip(last).map_or(0, |(first, last)| last - first + 1)
    }

    fn plus(&self, other: &Self) -> Self {
        let offset: i64 = [self.first(), other.first()].into_iter().flatten().min().unwrap_or(0);
        let mut counts: Vec<u64> = vec![0; usize::try_from(self.width_with(other)).unwrap_or(0)];
        for (index, count) in self.buckets().chain(other.buckets()) {
            let at: usize = usize::try_from(index - offset).unwrap_or(usize::MAX);
            if let Some(sum) = counts.get_mut(at) {
                *sum = sum.saturating_add(count);
            }
        }
        Self { offset, counts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point(scale: i64, offset: i64, counts: &[u64]) -> ExponentialPoint {
        let positive = Buckets { offset, bucket_counts: counts.to_vec() };
        ExponentialPoint { scale, count: counts.iter().sum(), positive, ..ExponentialPoint::default() }
    }

    fn explicit(point: &ExponentialPoint) -> Histogram {
        Exponential::new(point).unwrap().to_explicit()
    }

    #[test]
    fn powers_of_two_become_bounds() {
        let mut point: ExponentialPoint = point(0, 0, &[0, 3, 0, 1, 0]);
        point.zero_count = 2;
        point.count = 6;
        let histogram: Histogram = explicit(&point);
        assert_eq!(histogram.bounds, [0.0, 2.0, 4.0, 8.0, 16.0]);
        assert_eq!(histogram.counts, [2, 0, 3, 0, 1, 0]);
        assert_eq!(histogram.count, 6);
    }

    #[test]
    fn negative_values_come_first() {
        let mut point: ExponentialPoint = point(0, 0, &[1]);
        point.negative = Buckets { offset: 1, bucket_counts: vec![5, 7] };
        point.count = 13;
        let histogram: Histogram = explicit(&point);
        assert_eq!(histogram.bounds, [-8.0, -4.0, -2.0, 1.0, 2.0]);
        assert_eq!(histogram.counts, [0, 7, 5, 0, 1, 0]);
    }

    #[test]
    fn scales_are_lowered_until_the_buckets_fit() {
        let histogram: Histogram = explicit(&point(20, 0, &vec![1; 4_096]));
        assert_eq!(histogram.counts.iter().sum::<u64>(), 4_096);
        assert!(histogram.bounds.len() <= MOST_BUCKETS + 1, "{}", histogram.bounds.len());
        let wide: Histogram = explicit(&point(8, -40_000, &vec![1; 80_000]));
        assert!(wide.bounds.len() <= MOST_BUCKETS + 1);
        assert_eq!(wide.counts.iter().sum::<u64>(), 80_000);
    }

    #[test]
    fn bounds_of_a_lower_scale_are_among_those_of_a_higher() {
        let fine: Histogram = explicit(&point(4, -64, &[1; 128]));
        let coarse: Histogram = explicit(&point(3, -32, &[2; 64]));
        assert!(coarse.bounds.iter().all(|bound| fine.bounds.contains(bound)));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert_eq!(Exponential::new(&point(-5, 0, &[1])), None);
        assert_eq!(Exponential::new(&point(21, 0, &[1])), None);
        assert_eq!(Exponential::new(&point(0, i64::MAX, &[1])), None);
        let bad = ExponentialPoint { zero_threshold: f64::NAN, ..ExponentialPoint::default() };
        assert_eq!(Exponential::new(&bad), None);
    }

    #[test]
    fn values_beyond_every_number_are_in_the_count_alone() {
        let histogram: Histogram = explicit(&point(-4, 60, &[1, 1, 1, 1, 1]));
        assert!(histogram.bounds.iter().all(|bound| bound.is_finite()));
        assert_eq!(histogram.counts.iter().sum::<u64>(), 5);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_in_adding(
            left in proptest::collection::vec(0_u64..9, 0..300), right in proptest::collection::vec(0_u64..9, 0..300),
            scales in (-4_i64..=20, -4_i64..=20), offsets in (any::<i32>(), any::<i32>()),
        ) {
            let one: Exponential = Exponential::new(&point(scales.0, i64::from(offsets.0), &left)).unwrap();
            let two: Exponential = Exponential::new(&point(scales.1, i64::from(offsets.1), &right)).unwrap();
            let both: Exponential = one.plus(&two);
            prop_assert_eq!(&both, &two.plus(&one));
            prop_assert_eq!(both.positive.counts.iter().sum::<u64>(), left.iter().chain(&right).sum::<u64>());
            let explicit: Histogram = both.to_explicit();
            prop_assert_eq!(explicit.counts.len(), explicit.bounds.len() + 1);
            prop_assert!(explicit.bounds.len() <= MOST_BUCKETS + 2);
            prop_assert!(explicit.bounds.is_sorted_by(|left, right| left < right));
        }
    }
}
