//! Classic histograms: series that share all labels but `le`, the upper bound of a bucket.
//!
//! Source: `promql/quantile.go` of Prometheus.

use std::collections::HashMap;
use std::sync::Arc;

use model::labels::Labels;
use promql::ast::Span;

use super::grid::Grid;
use super::notes::{Forced, Notes};
use super::series::{ABSENT, Series, present};

/// The label with the upper bound.
const BUCKET_LABEL: &str = "le";

/// Relative differences between buckets below this are noise of floating point sums.
const SMALL_DELTA: f64 = 1e-12;

/// The series of one histogram, sorted by upper bound.
#[derive(Debug)]
pub(super) struct Histogram<'a> {
    labels: Arc<Labels>,
    buckets: Vec<(f64, &'a [f64])>,
}

/// One bucket at one step: how many observations lie at or below the bound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bucket {
    /// Upper bound, inclusive.
    pub bound: f64,
    /// Observations, cumulative.
    pub count: f64,
}

/// What [`level`] repaired.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Repair {
    /// Lowest and highest bound that was touched.
    pub bounds: (f64, f64),
    /// The largest decrease.
    pub max_diff: f64,
}

/// Puts the series together that make up a histogram; notes those without a usable bound.
pub(super) fn histograms<'a>(series: &'a [Series], span: Span, notes: &mut Notes) -> Vec<Histogram<'a>> {
    let mut places: HashMap<Arc<Labels>, usize> = HashMap::new();
    let mut out: Vec<Histogram<'a>> = Vec::new();
    for one in series {
        let written: &str = one.labels.get(BUCKET_LABEL);
        let Some(bound) = parse_bound(written) else {
            notes.bad_bucket_label(one.labels.metric(), written, span);
            continue;
        };
        let mut rest: Labels = one.labels.as_ref().clone();
        rest.remove(BUCKET_LABEL);
        let labels: Arc<Labels> = Arc::new(rest);
        let place: usize = *places.entry(Arc::clone(&labels)).or_insert(out.len());
        if place == out.len() {
            out.push(Histogram { labels, buckets: Vec::new() });
        }
        out[place].buckets.push((bound, one.values.as_slice()));
    }
    for histogram in &mut out {
        histogram.buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    out
}

/// Numbers as Go reads them; of Rust's spellings only `infinity` and `nan` differ in no way that matters.
fn parse_bound(written: &str) -> Option<f64> {
    written.parse::<f64>().ok()
}

impl Histogram<'_> {
    /// The buckets that are there at a step.
    fn at(&self, step: usize) -> Vec<Bucket> {
        self.buckets
            .iter()
            .map(|(bound, counts)| Bucket { bound: *bound, count: counts[step] })
            .filter(|bucket| present(bucket.count))
            .collect()
    }

    fn series(&self, values: Vec<f64>) -> Series {
        Series { labels: Arc::clone(&self.labels), drop_name: true, values }
    }
}

/// `histogram_quantile`; `phi` is a column.
pub(super) fn quantiles(histograms: &[Histogram<'_>], phi: &[f64], grid: &Grid, span: Span, notes: &mut Notes) -> Vec<Series> {
    let mut out: Vec<Series> = Vec::with_capacity(histograms.len());
    for histogram in histograms {
        let mut values: Vec<f64> = Vec::with_capacity(grid.len);
        for (step, phi) in phi.iter().enumerate() {
            let buckets: Vec<Bucket> = histogram.at(step);
            if buckets.is_empty() {
                values.push(ABSENT);
                continue;
            }
            let (value, repair): (f64, Option<Repair>) = quantile(*phi, buckets);
            values.push(value);
            if let Some(repair) = repair {
                let at_ms: i64 = grid.time(step);
                notes.forced_monotonic(Forced {
                    metric: histogram.labels.metric().to_owned(),
                    start: span.start,
                    times_ms: (at_ms, at_ms),
                    bounds: repair.bounds,
                    max_diff: repair.max_diff,
                    count: 1,
                });
            }
        }
        out.push(histogram.series(values));
    }
    out.retain(Series::is_present);
    out
}

/// `histogram_fraction`; both borders are columns.
pub(super) fn fractions(histograms: &[Histogram<'_>], lower: &[f64], upper: &[f64], grid: &Grid) -> Vec<Series> {
    let fraction_at = |histogram: &Histogram<'_>, step: usize| -> f64 {
        let buckets: Vec<Bucket> = histogram.at(step);
        if buckets.is_empty() { ABSENT } else { fraction(lower[step], upper[step], buckets) }
    };
    histograms
        .iter()
        .map(|histogram| histogram.series((0..grid.len).map(|step| fraction_at(histogram, step)).collect()))
        .filter(Series::is_present)
        .collect()
}

/// The φ-quantile of buckets sorted by bound, at least one, interpolated linearly within a bucket.
pub(super) fn quantile(phi: f64, buckets: Vec<Bucket>) -> (f64, Option<Repair>) {
    if phi.is_nan() {
        return (f64::NAN, None);
    }
    if phi < 0.0 {
        return (f64::NEG_INFINITY, None);
    }
    if phi > 1.0 {
        return (f64::INFINITY, None);
    }
    let Some(mut buckets) = complete(buckets) else {
        return (f64::NAN, None);
    };
    let repair: Option<Repair> = level(&mut buckets);
    let top: usize = buckets.len() - 1;
    let observations: f64 = buckets[top].count;
    if top == 0 || observations == 0.0 {
        return (f64::NAN, None);
    }
    let rank: f64 = phi * observations;
    let hit: usize = buckets[..top].partition_point(|bucket| below(bucket.count, rank));
    (within(&buckets, hit, rank), repair)
}

/// Whether a count does not reach the rank; a count that is NaN does not.
fn below(count: f64, rank: f64) -> bool {
    count < rank || count.is_nan() || rank.is_nan()
}

/// The value at `rank` in the bucket `hit`.
fn within(buckets: &[Bucket], hit: usize, rank: f64) -> f64 {
    let top: usize = buckets.len() - 1;
    // The last bucket has no upper end; the best that can be said is where it starts.
    if hit == top {
        return buckets[top - 1].bound;
    }
    let Bucket { bound, count } = buckets[hit];
    if hit == 0 {
        // The lowest bucket starts at zero, unless it lies below.
        return if bound <= 0.0 { bound } else { bound * (rank / count) };
    }
    let before: Bucket = buckets[hit - 1];
    before.bound + (bound - before.bound) * ((rank - before.count) / (count - before.count))
}

/// Buckets with equal bounds added up; `None` without a bucket for +Inf, for then it is not known how many there are.
fn complete(buckets: Vec<Bucket>) -> Option<Vec<Bucket>> {
    let last: Bucket = *buckets.last()?;
    if last.bound != f64::INFINITY {
        return None;
    }
    let mut out: Vec<Bucket> = Vec::with_capacity(buckets.len());
    for bucket in buckets {
        match out.last_mut() {
            Some(before) if before.bound == bucket.bound => before.count += bucket.count,
            _ => out.push(bucket),
        }
    }
    Some(out)
}

/// Makes the counts grow with the bounds: buckets are scraped one after the other and may have been summed in another
/// order. Differences of rounding are levelled silently, real decreases reported.
fn level(buckets: &mut [Bucket]) -> Option<Repair> {
    let mut repair: Option<Repair> = None;
    let mut held: f64 = buckets.first()?.count;
    for bucket in buckets.iter_mut().skip(1) {
        if nearly_equal(held, bucket.count) {
            bucket.count = held;
        } else if bucket.count < held {
            let diff: f64 = held - bucket.count;
            let so_far: Repair = repair.unwrap_or(Repair { bounds: (bucket.bound, bucket.bound), max_diff: diff });
            repair = Some(Repair { bounds: (so_far.bounds.0, bucket.bound), max_diff: so_far.max_diff.max(diff) });
            bucket.count = held;
        } else {
            held = bucket.count;
        }
    }
    repair
}

/// Equal but for [`SMALL_DELTA`], relative to the sum of both.
fn nearly_equal(a: f64, b: f64) -> bool {
    if a == b {
        return true;
    }
    let sum: f64 = a.abs() + b.abs();
    let diff: f64 = (a - b).abs();
    if a == 0.0 || b == 0.0 || sum < f64::MIN_POSITIVE {
        diff < SMALL_DELTA * f64::MIN_POSITIVE
    } else {
        diff / sum.min(f64::MAX) < SMALL_DELTA
    }
}

/// The share of observations between two values, of buckets sorted by bound.
pub(super) fn fraction(lower: f64, upper: f64, buckets: Vec<Bucket>) -> f64 {
    let Some(buckets) = complete(buckets) else {
        return f64::NAN;
    };
    let observations: f64 = buckets.last().map_or(0.0, |bucket| bucket.count);
    if observations == 0.0 || lower.is_nan() || upper.is_nan() {
        return f64::NAN;
    }
    if lower >= upper {
        return 0.0;
    }
    (rank_of(upper, &buckets) - rank_of(lower, &buckets)) / observations
}

/// How many observations lie below a value.
fn rank_of(value: f64, buckets: &[Bucket]) -> f64 {
    let mut before: Bucket = Bucket { bound: lowest_bound(buckets), count: 0.0 };
    for bucket in buckets {
        if value <= before.bound {
            return before.count;
        }
        if value < bucket.bound {
            return before.count + (bucket.count - before.count) * position(value, before.bound, bucket.bound);
        }
        before = *bucket;
    }
    before.count
}

/// Where the lowest bucket starts: at zero, unless it lies below.
fn lowest_bound(buckets: &[Bucket]) -> f64 {
    match buckets.first() {
        Some(first) if first.bound > 0.0 => 0.0,
        _ => f64::NEG_INFINITY,
    }
}

/// How far into a bucket a value lies, 0 … 1. A bucket without a lower end counts as passed, one without an upper as not
/// begun: the limits of the interpolation.
fn position(value: f64, from: f64, to: f64) -> f64 {
    if from == f64::NEG_INFINITY {
        1.0
    } else if to == f64::INFINITY {
        0.0
    } else {
        (value - from) / (to - from)
    }
}
