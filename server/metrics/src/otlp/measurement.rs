//! One data point on its way to series: what it is called, when it was, and its value as it was measured.

use std::fmt;

use model::labels::Labels;

use super::exponential::{self, Exponential};

/// A data point with the labels it shares with the series that are made of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measurement {
    /// The name without the suffixes of histograms and summaries.
    pub(crate) name: String,
    /// Without the name.
    pub(crate) labels: Labels,
    pub(crate) at_ms: i64,
    pub(crate) value: Value,
    pub(crate) since: Since,
    /// The series ends here; the value tells only which series.
    pub(crate) is_stale: bool,
    /// Single measurements of those that it sums up.
    pub(crate) exemplars: Vec<Single>,
}

/// One measurement, and the trace that it was made in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Single {
    pub(crate) at_ms: i64,
    pub(crate) value: f64,
    pub(crate) labels: Labels,
}

/// From when the value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    /// Always the same: the value stands for itself.
    Always,
    /// A difference that begins at this time.
    Time(i64),
    /// A difference that begins where the one before ended.
    Last,
}

/// What was measured.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Number(f64),
    Histogram(Histogram),
    Exponential(Exponential),
    Summary(Summary),
}

/// Counts of explicit buckets. `counts` has one more than `bounds`, or both are empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Histogram {
    pub(crate) bounds: Vec<f64>,
    pub(crate) counts: Vec<u64>,
    pub(crate) count: u64,
    /// Absent when values may be negative.
    pub(crate) sum: Option<f64>,
}

/// Quantiles that the sender computed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Summary {
    pub(crate) quantiles: Vec<(f64, f64)>,
    pub(crate) count: u64,
    pub(crate) sum: f64,
}

impl Value {
    /// This and what came on top of it; `None` when the two can't be added, because buckets changed.
    pub(crate) fn plus(&self, more: &Self) -> Option<Self> {
        match (self, more) {
            (Self::Number(sum), Self::Number(more)) => Some(Self::Number(sum + more)),
            (Self::Histogram(sum), Self::Histogram(more)) => sum.plus(more).map(Self::Histogram),
            (Self::Exponential(sum), Self::Exponential(more)) => Some(Self::Exponential(sum.plus(more))),
            _ => None,
        }
    }

    /// At most so many series are made of it.
    pub(crate) fn n_series(&self) -> usize {
        match self {
            Self::Number(_) => 1,
            Self::Histogram(histogram) => histogram.bounds.len() + 3,
            Self::Exponential(_) => exponential::MOST_BUCKETS + 6,
            Self::Summary(summary) => summary.quantiles.len() + 2,
        }
    }

    /// What it takes in memory beyond itself.
    pub(crate) fn heap_bytes(&self) -> usize {
        match self {
            Self::Number(_) => 0,
            Self::Histogram(histogram) => 16 * histogram.counts.len(),
            Self::Exponential(exponential) => exponential.heap_bytes(),
            Self::Summary(summary) => 16 * summary.quantiles.len(),
        }
    }
}

impl Histogram {
    fn plus(&self, more: &Self) -> Option<Self> {
        if self.bounds != more.bounds || self.counts.len() != more.counts.len() {
            return None;
        }
        let counts = self.counts.iter().zip(&more.counts).map(|(sum, more)| sum.saturating_add(*more));
        let sum: Option<f64> = self.sum.zip(more.sum).map(|(sum, more)| sum + more);
        let count: u64 = self.count.saturating_add(more.count);
        Some(Self { bounds: self.bounds.clone(), counts: counts.collect(), count, sum })
    }
}

/// Why a data point becomes no measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    NoName,
    NoData,
    NoTemporality,
    NoValue,
    BadTime,
    BadBuckets,
    BadScale,
    Late,
    BadType,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoName => "the metric has no name that can be used",
            Self::NoData => "the metric has no gauge, sum, histogram, exponential histogram or summary",
            Self::NoTemporality => "the aggregation temporality is neither delta nor cumulative",
            Self::NoValue => "a point has no value",
            Self::BadTime => "a point has no usable time",
            Self::BadBuckets => "bounds are not increasing, or bounds and counts of buckets do not fit",
            Self::BadScale => "the scale is not within -4 and 20, or offsets are out of range",
            Self::Late => "a difference is older than, or overlaps, one that was added already",
            Self::BadType => "the type is not count, rate or gauge",
        })
    }
}

/// Data points refused for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) why: Why,
    pub(crate) count: u64,
    /// The first metric it happened to, shortened.
    pub(crate) example: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, such as {})", self.why, self.count, self.example)
    }
}

/// All that was refused, one entry a reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Refusals(Vec<Refused>);

impl Refusals {
    pub(crate) fn push(&mut self, why: Why, count: u64, name: &str) {
        const LONGEST: usize = 100;
        if count == 0 {
            return;
        }
        match self.0.iter_mut().find(|known| known.why == why) {
            Some(known) => known.count += count,
            None => self.0.push(Refused { why, count, example: name.chars().take(LONGEST).collect() }),
        }
    }

    pub(crate) fn n(&self) -> u64 {
        self.0.iter().map(|refused| refused.count).sum()
    }

    pub(crate) fn into_list(self) -> Vec<Refused> {
        self.0
    }
}
