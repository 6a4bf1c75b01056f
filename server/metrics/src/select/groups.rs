//! Selections that would not fit into memory, some series at a time.
//!
//! How many samples a series has is not known before it is read, so it is guessed from the time that is asked for; where the guess was too
//! low, what is at hand is halved. A group's series lie next to each other in the chunks, so little is read twice.

use std::collections::HashMap;

use crate::duplicates::Raw;
use crate::error::Error;
use crate::labels;
use crate::matchers::Test;
use crate::select::history::Span;
use crate::select::{Reader, Selected, one_metric, series_data};
use crate::series::Slot;
use crate::source::{Demand, Part, SeriesData, Taker};

/// Samples of one part, about: 130 MB, and as much again in passing.
const PART_SAMPLES: i64 = 8_000_000;
/// How often series come as a rule: it is where the guess begins.
const GUESSED_INTERVAL_MS: i64 = 15_000;

/// Series that are still to be read, in groups.
pub(crate) struct Groups<'a> {
    waiting: Vec<&'a [Selected]>,
    /// What a group may hold; beyond it a smaller one is tried.
    most_held: u64,
    /// What may be read in all.
    most_read: u64,
    read: u64,
}

impl<'a> Groups<'a> {
    /// Groups of `each` series.
    pub(crate) fn new(series: &'a [Selected], each: usize, most_held: u64, most_read: u64) -> Self {
        Self { waiting: series.chunks(each.max(1)).rev().collect(), most_held, most_read, read: 0 }
    }

    pub(crate) fn pop(&mut self) -> Option<&'a [Selected]> {
        self.waiting.pop()
    }

    /// Puts a group back in two halves when it was too large to be held, and not for anything else.
    pub(crate) fn halved(&mut self, group: &'a [Selected], error: Error) -> Result<(), Error> {
        let is_too_large: bool = matches!(&error, Error::TooManySamples { limit, .. } if *limit == self.most_held);
        if !is_too_large || group.len() < 2 || self.most_held >= self.most_read {
            return Err(error);
        }
        let (left, right) = group.split_at(group.len() / 2);
        self.waiting.extend([right, left]);
        Ok(())
    }

    /// Counts what was read.
    pub(crate) fn count(&mut self, n: u64) -> Result<(), Error> {
        self.read = self.read.saturating_add(n);
        if self.read > self.most_read {
            return Err(Error::TooManySamples { found: self.read, limit: self.most_read });
        }
        Ok(())
    }
}

/// How many series are read at once, when each has samples over a time of `span_ms`.
pub(crate) fn at_once(span_ms: i64) -> usize {
    let guessed: i64 = (span_ms / GUESSED_INTERVAL_MS).max(1);
    usize::try_from(PART_SAMPLES / guessed).unwrap_or(usize::MAX).max(1)
}

/// Series that lie next to each other in chunks and roll-ups next to each other here. Left as they are when they are read at once.
pub(crate) fn arrange(series: &mut [Selected], each: usize) {
    if each < series.len() {
        series.sort_by(|left, right| labels::by_place(&left.labels, &right.labels));
    }
}

impl Reader {
    /// Reads samples.
    pub(crate) async fn read_samples(&self, tests: &[Test], demand: &Demand<'_>, taker: &mut dyn Taker) -> Result<(), Error> {
        let span = Span { from: demand.from.0, to: demand.to.0 };
        let mut series: Vec<Selected> = self.find(tests)?;
        if demand.with_rolls {
            let rested: Vec<Selected> = self.rested(tests, &series, span.from).await?;
            series.extend(rested);
        }
        let each: usize = at_once(span.to.saturating_sub(span.from));
        arrange(&mut series, each);
        let mut groups = Groups::new(&series, each, self.most_held(), self.config.max_selected_samples);
        while let Some(group) = groups.pop() {
            let found: Vec<SeriesData> = match self.group(group, one_metric(tests), span, demand.with_rolls).await {
                Ok(found) => found,
                Err(error) => {
                    groups.halved(group, error)?;
                    continue;
                }
            };
            groups.count(found.iter().map(|series| series.points.len() as u64).sum())?;
            if taker.take(Part::Samples(found)).is_break() {
                break;
            }
        }
        Ok(())
    }

    async fn group(
        &self,
        group: &[Selected],
        name: Option<&str>,
        span: Span,
        with_rolls: bool,
    ) -> Result<Vec<SeriesData>, Error> {
        let mut samples: HashMap<Slot, Vec<Raw>> = self.samples(group, name, span).await?;
        let mut thinned: HashMap<i64, Vec<Raw>> = HashMap::new();
        if with_rolls {
            thinned = self.thinned(group, name, span).await?;
        }
        let with_points = group.iter().filter_map(|series| {
            let kept: Vec<Raw> = series.slot.and_then(|slot| samples.remove(&slot)).unwrap_or_default();
            let before: Vec<Raw> = thinned.remove(&series.id).unwrap_or_default();
            series_data(series, self.appended(series, before, kept))
        });
        Ok(with_points.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn series(n: i64) -> Vec<Selected> {
        (0..n).map(|id| Selected { slot: None, id, labels: Arc::from(&b""[..]) }).collect()
    }

    fn too_many(limit: u64) -> Error {
        Error::TooManySamples { found: limit + 1, limit }
    }

    fn ids(group: Option<&[Selected]>) -> Vec<i64> {
        group.into_iter().flatten().map(|series| series.id).collect()
    }

    #[test]
    fn a_group_that_is_too_large_is_read_in_halves_and_in_order() {
        let series: Vec<Selected> = series(5);
        let mut groups = Groups::new(&series, 3, 10, 100);
        let first: &[Selected] = groups.pop().unwrap();
        assert_eq!(ids(Some(first)), [0, 1, 2]);
        groups.halved(first, too_many(10)).unwrap();
        let read: Vec<Vec<i64>> = std::iter::from_fn(|| groups.pop()).map(|group| ids(Some(group))).collect();
        assert_eq!(read, [vec![0], vec![1, 2], vec![3, 4]]);
    }

    #[test]
    fn what_halving_does_not_help_is_refused() {
        let series: Vec<Selected> = series(4);
        let mut groups = Groups::new(&series, 1, 10, 100);
        let one: &[Selected] = groups.pop().unwrap();
        assert!(groups.halved(one, too_many(10)).is_err());
        assert!(groups.halved(&series, too_many(100)).is_err());
        assert!(groups.halved(&series, Error::Closed).is_err());
        assert!(groups.count(100).is_ok());
        assert!(matches!(groups.count(1), Err(Error::TooManySamples { found: 101, limit: 100 })));
    }

    #[test]
    fn a_day_is_read_for_a_thousand_series_at_once() {
        assert_eq!(at_once(86_400_000), 1_388);
        assert_eq!(at_once(0), 8_000_000);
        assert_eq!(at_once(i64::MAX), 1);
    }
}
