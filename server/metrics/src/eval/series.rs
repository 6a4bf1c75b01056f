//! Columns: the values of one series at every step of a grid.
//!
//! A missing value is a NaN with the payload of the staleness marker. Selectors never let a marker through and arithmetic
//! never makes one (it quiets every NaN it touches), so the pattern is free, and a column costs 8 bytes a step.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use model::labels::Labels;

use super::failure::EvalError;
use super::until::Until;
use crate::duplicates::STALE_NAN;

/// No value at this step. Compare by [`present`] only: it is a NaN.
pub(super) const ABSENT: f64 = f64::from_bits(STALE_NAN);

/// Whether a cell holds a value; on raw points, whether it is not a staleness marker.
pub(super) fn present(value: f64) -> bool {
    value.to_bits() != STALE_NAN
}

/// Labels that describe the metric and leave together with its name.
pub(super) const METADATA: [&str; 3] = ["__name__", "__type__", "__unit__"];

/// One series of an instant vector, at all steps.
#[derive(Debug, Clone)]
pub(super) struct Series {
    /// Labels, the name still among them while `drop_name` is set.
    pub labels: Arc<Labels>,
    /// Whether the metadata labels leave at the very end. Until then `by (__name__)` and `label_replace` see them.
    pub drop_name: bool,
    /// One cell per step.
    pub values: Vec<f64>,
}

impl Series {
    /// Whether any step has a value.
    pub fn is_present(&self) -> bool {
        self.values.iter().any(|value| present(*value))
    }

    /// Takes over the values of a series with the same labels.
    fn absorb(&mut self, other: &[f64]) -> Result<(), EvalError> {
        for (mine, theirs) in self.values.iter_mut().zip(other) {
            if !present(*theirs) {
                continue;
            }
            if present(*mine) {
                return Err(EvalError::SameLabelset);
            }
            *mine = *theirs;
        }
        Ok(())
    }
}

/// Joins series with equal labels whose values do not meet at any step.
///
/// # Errors
/// [`EvalError::SameLabelset`] when they do meet.
pub(super) fn merged(series: Vec<Series>) -> Result<Vec<Series>, EvalError> {
    if series.len() < 2 {
        return Ok(series);
    }
    let mut places: HashMap<(Arc<Labels>, bool), usize> = HashMap::with_capacity(series.len());
    let mut out: Vec<Series> = Vec::with_capacity(series.len());
    for one in series {
        match places.entry((Arc::clone(&one.labels), one.drop_name)) {
            Entry::Vacant(place) => {
                place.insert(out.len());
                out.push(one);
            }
            Entry::Occupied(place) => out[*place.get()].absorb(&one.values)?,
        }
    }
    Ok(out)
}

/// The last act of a query: flagged names leave, and what then is equal becomes one series.
///
/// # Errors
/// [`EvalError::SameLabelset`] when two equal series have a value at the same step.
pub(super) fn settled(mut series: Vec<Series>) -> Result<Vec<Series>, EvalError> {
    for one in &mut series {
        if one.drop_name {
            one.labels = Arc::new(without_metadata(&one.labels));
            one.drop_name = false;
        }
    }
    series.retain(Series::is_present);
    merged(series)
}

/// The labels without the metric's name, type and unit.
pub(super) fn without_metadata(labels: &Labels) -> Labels {
    Labels::new(labels.iter().filter(|(name, _)| !METADATA.contains(name)))
}

/// The labels named in `names` only.
pub(super) fn keep(labels: &Labels, names: &[String]) -> Labels {
    Labels::new(labels.iter().filter(|(name, _)| names.iter().any(|kept| kept == name)))
}

/// `{a="1", b="2"}`, as Prometheus writes label sets in its errors.
pub(super) fn braces(labels: &Labels) -> String {
    let pairs: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    format!("{{{}}}", pairs.join(", "))
}

/// When a query must have its answer, if ever.
#[derive(Debug, Clone, Default)]
pub(super) struct Deadline(pub Option<Until>);

impl Deadline {
    /// See [`Until::check`].
    ///
    /// # Errors
    /// [`EvalError::Abandoned`], [`EvalError::TimedOut`].
    pub fn check(&self) -> Result<(), EvalError> {
        self.0.as_ref().map_or(Ok(()), Until::check)
    }
}

/// What a query may still read and make, and until when.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
    /// See [`Deadline`].
    pub deadline: Deadline,
}

impl Budget {
    /// A budget of that many samples.
    pub fn new(samples: usize, deadline: Deadline) -> Self {
        Self { left: samples, deadline }
    }

    /// Whether so many samples may be held in passing: they are given back, and so not used up.
    ///
    /// # Errors
    /// As [`Budget::take`].
    pub fn room(&self, samples: usize) -> Result<(), EvalError> {
        self.deadline.check()?;
        if samples > self.left { Err(EvalError::TooManySamples) } else { Ok(()) }
    }

    /// Uses some of it up. Nothing is ever given back: the limit is on the work of a query, of which its memory is a part.
    ///
    /// # Errors
    /// [`EvalError::TooManySamples`] when too little is left, and those of [`Deadline::check`].
    pub fn take(&mut self, samples: usize) -> Result<(), EvalError> {
        self.deadline.check()?;
        self.left = self.left.checked_sub(samples).ok_or(EvalError::TooManySamples)?;
        Ok(())
    }
}
