//! What is written and what the answer says about it.

use std::fmt;

use model::Time;
use model::labels::Labels;

use crate::labels::BadLabels;

/// One sample of one series.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// All labels, the metric's name as `__name__`.
    pub labels: Labels,
    /// When it was measured.
    pub at: Time,
    /// The value; every bit is kept, NaN payloads and stale markers included.
    pub value: f64,
}

/// What became of a write. Accepted samples are on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Samples that were committed.
    pub accepted: u64,
    /// Exemplars that were committed. One that is not kept is no refusal, see [`crate::exemplars`].
    pub exemplars: u64,
    /// What was refused, one entry a reason.
    pub rejected: Vec<Rejected>,
}

impl Written {
    /// How many samples were refused in all.
    #[must_use]
    pub fn n_rejected(&self) -> u64 {
        self.rejected.iter().map(|rejected| rejected.count).sum()
    }

    pub(crate) fn reject(&mut self, reason: Reason, count: u64, example: impl FnOnce() -> String) {
        match self.rejected.iter_mut().find(|rejected| rejected.reason == reason) {
            Some(known) => known.count += count,
            None => self.rejected.push(Rejected { reason, count, example: example() }),
        }
    }
}

/// Samples refused for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Why.
    pub reason: Reason,
    /// How many samples.
    pub count: u64,
    /// The first of them, shortened, for a message to people.
    pub example: String,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, such as {})", self.reason, self.count, self.example)
    }
}

/// Why a sample was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Labels must be sorted by name, and no name may come twice.
    UnsortedLabels,
    /// Names and values of labels must not be empty.
    EmptyLabel,
    /// `__name__` is missing.
    NoMetricName,
    /// Labels must be UTF-8.
    NotUtf8,
    /// More labels than [`crate::Config::max_labels`].
    TooManyLabels,
    /// A name or value is longer than [`crate::Config`] allows.
    TooLongLabel,
    /// Older than [`crate::Config::out_of_order_ms`].
    TooOld,
    /// Further ahead than [`crate::Config::future_ms`].
    TooNew,
    /// Native histograms can't be stored yet.
    NativeHistogram,
    /// Remote write 2.0: a label names a symbol that is not there, or names and values do not pair up.
    BadReference,
    /// Remote write 2.0: a series without a sample and without a histogram.
    EmptySeries,
    /// Remote write 2.0: a series with both samples and histograms.
    MixedSeries,
    /// A new series beyond [`crate::Config::max_series`]. May pass: the sender should come back later.
    TooManySeries,
    /// A series beyond what its sender may write at once, see [`crate::quota`]. May pass.
    TooManySenderSeries,
}

impl Reason {
    /// All of them, in order.
    pub const ALL: [Self; 14] = [
        Self::UnsortedLabels,
        Self::EmptyLabel,
        Self::NoMetricName,
        Self::NotUtf8,
        Self::TooManyLabels,
        Self::TooLongLabel,
        Self::TooOld,
        Self::TooNew,
        Self::NativeHistogram,
        Self::BadReference,
        Self::EmptySeries,
        Self::MixedSeries,
        Self::TooManySeries,
        Self::TooManySenderSeries,
    ];

    /// Whether the same sample may be taken later.
    #[must_use]
    pub const fn may_pass(self) -> bool {
        matches!(self, Self::TooManySeries | Self::TooManySenderSeries)
    }

    /// As a label value in our own metrics.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnsortedLabels => "unsorted_labels",
            Self::EmptyLabel => "empty_label",
            Self::NoMetricName => "no_metric_name",
            Self::NotUtf8 => "not_utf8",
            Self::TooManyLabels => "too_many_labels",
            Self::TooLongLabel => "too_long_label",
            Self::TooOld => "too_old",
            Self::TooNew => "too_new",
            Self::NativeHistogram => "native_histogram",
            Self::BadReference => "bad_reference",
            Self::EmptySeries => "empty_series",
            Self::MixedSeries => "mixed_series",
            Self::TooManySeries => "too_many_series",
            Self::TooManySenderSeries => "too_many_sender_series",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnsortedLabels => "labels are not sorted by name or a name comes twice",
            Self::EmptyLabel => "a label has an empty name or value",
            Self::NoMetricName => "the label __name__ is missing",
            Self::NotUtf8 => "a label is not UTF-8",
            Self::TooManyLabels => "too many labels",
            Self::TooLongLabel => "a label is too long",
            Self::TooOld => "too old",
            Self::TooNew => "too far in the future",
            Self::NativeHistogram => "native histograms are not supported",
            Self::BadReference => "labels_refs names a symbol that is not there or is odd in number",
            Self::EmptySeries => "a series has neither samples nor histograms",
            Self::MixedSeries => "a series has both samples and histograms",
            Self::TooManySeries => "too many active series",
            Self::TooManySenderSeries => "too many active series of this sender",
        })
    }
}

impl From<BadLabels> for Reason {
    fn from(bad: BadLabels) -> Self {
        match bad {
            BadLabels::Unsorted => Self::UnsortedLabels,
            BadLabels::Empty => Self::EmptyLabel,
            BadLabels::NoName => Self::NoMetricName,
            BadLabels::NotUtf8 => Self::NotUtf8,
            BadLabels::TooMany => Self::TooManyLabels,
            BadLabels::TooLong => Self::TooLongLabel,
        }
    }
}
