//! How many series there are, and which metrics and labels bring most of them: what to look at when memory grows.
//!
//! This file counts the index. [`survey`] keeps what was counted for people and adds what is new and what lies on disk, [`metric`] looks
//! into one metric, [`senders`] remembers who wrote how much. Nobody is refused by these figures: that is [`crate::quota`].

pub mod metric;
pub mod senders;
mod shelf;
pub mod survey;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use model::labels::METRIC_NAME;

use crate::error::Error;
use crate::eval::Until;
use crate::head::HeadSize;
use crate::lookup::Lookup;
use crate::state::State;
use crate::{Metrics, lock};

/// A series' own bytes in the index, about, its labels aside: its entry, two places in hash tables, and a place in a posting per label.
const SERIES_BYTES: usize = 160;
/// What a label of a series takes beside its name and value: their lengths, and a place in a posting.
const PAIR_BYTES: usize = 6;
/// What a posting takes beside its places: its key and its place in the tree.
const POSTING_BYTES: usize = 48;

/// A name, and how many there are under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// A metric, a label's name, or `name=value`.
    pub name: String,
    /// How many.
    pub count: u64,
}

/// The figures. Lists hold the greatest first, and by name where they are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cardinality {
    /// Series in memory.
    pub series: u64,
    /// Series with samples in the head.
    pub head_series: u64,
    /// Samples in the head.
    pub head_samples: u64,
    /// Bytes the head takes.
    pub head_bytes: u64,
    /// Bytes the index takes, estimated.
    pub index_bytes: u64,
    /// How many different metrics there are.
    pub metrics: u64,
    /// How many of them fit what was looked for; all, where nothing was.
    pub metrics_found: u64,
    /// How many different label names there are.
    pub label_names: u64,
    /// How many different pairs of a label and a value there are.
    pub label_pairs: u64,
    /// Series per metric.
    pub series_by_metric: Vec<Count>,
    /// Values per label name.
    pub values_by_label: Vec<Count>,
    /// Series per label and value.
    pub series_by_pair: Vec<Count>,
    /// Bytes of values per label name, every series counted.
    pub bytes_by_label: Vec<Count>,
}

impl Metrics {
    /// The figures, with the `top` greatest of each list. Walks over all series, some tens of milliseconds for half a million, so it takes a
    /// turn as a query does.
    ///
    /// # Errors
    /// [`Error::Overloaded`], and the evaluator's when nobody waits any more.
    pub async fn cardinality(&self, top: usize) -> Result<Cardinality, Error> {
        let state: Arc<State> = Arc::clone(&self.state);
        self.queries.compute(move |until: Until| count(&state, top, "", &until)).await
    }
}

/// As [`Metrics::cardinality`]; of metrics only those whose names hold `search`, which is in small letters, whatever their case.
fn count(state: &State, top: usize, search: &str, until: &Until) -> Result<Cardinality, Error> {
    let mut cardinality: Cardinality = of_index(&Lookup { index: &state.index, until: Some(until) }, top, search)?;
    until.check()?;
    let head: HeadSize = lock::read(&state.head).size();
    cardinality.head_series = head.series as u64;
    cardinality.head_samples = head.samples;
    cardinality.head_bytes = head.bytes as u64;
    Ok(cardinality)
}

fn of_index(lookup: &Lookup<'_>, top: usize, search: &str) -> Result<Cardinality, Error> {
    let (n, names): (usize, Vec<String>) = {
        let index = lock::read(lookup.index);
        (index.len(), index.label_names())
    };
    let mut counting = Counting::new(top, search);
    for name in &names {
        counting.label(lookup, name)?;
    }
    let mut found: Cardinality = counting.finish();
    found.series = n as u64;
    found.index_bytes += (n * SERIES_BYTES) as u64;
    Ok(found)
}

/// Figures in the making. They hold no more names than are wanted in the end.
struct Counting<'a> {
    search: &'a str,
    found: Cardinality,
    by_metric: Greatest,
    by_label: Greatest,
    by_pair: Greatest,
    by_bytes: Greatest,
}

impl<'a> Counting<'a> {
    fn new(top: usize, search: &'a str) -> Self {
        let greatest = || Greatest::new(top);
        Self {
            search,
            found: Cardinality::default(),
            by_metric: greatest(),
            by_label: greatest(),
            by_pair: greatest(),
            by_bytes: greatest(),
        }
    }

    fn label(&mut self, lookup: &Lookup<'_>, name: &str) -> Result<(), Error> {
        let (mut n_values, mut n_bytes): (u64, u64) = (0, 0);
        lookup.values(name, |some| {
            for (value, n) in &some {
                n_values += 1;
                n_bytes += (value.len() * n) as u64;
                self.pair(name, value, *n as u64);
            }
            Ok(())
        })?;
        // Its last series may have been forgotten meanwhile.
        if n_values > 0 {
            self.found.label_names += 1;
            self.by_label.note(n_values, || name.to_owned());
            self.by_bytes.note(n_bytes, || name.to_owned());
        }
        Ok(())
    }

    fn pair(&mut self, name: &str, value: &str, n: u64) {
        self.found.label_pairs += 1;
        let (in_series, in_postings) = (name.len() + value.len() + PAIR_BYTES, value.len() + POSTING_BYTES);
        self.found.index_bytes += in_series as u64 * n + in_postings as u64;
        if name == METRIC_NAME {
            self.metric(value, n);
        }
        self.by_pair.note(n, || format!("{name}={value}"));
    }

    fn metric(&mut self, metric: &str, n: u64) {
        self.found.metrics += 1;
        if self.search.is_empty() || metric.to_lowercase().contains(self.search) {
            self.found.metrics_found += 1;
            self.by_metric.note(n, || metric.to_owned());
        }
    }

    fn finish(self) -> Cardinality {
        Cardinality {
            series_by_metric: self.by_metric.finish(),
            values_by_label: self.by_label.finish(),
            series_by_pair: self.by_pair.finish(),
            bytes_by_label: self.by_bytes.finish(),
            ..self.found
        }
    }
}

/// The greatest counts so far; of equal ones those whose names come first.
struct Greatest {
    most: usize,
    found: BTreeSet<(Reverse<u64>, String)>,
}

impl Greatest {
    fn new(most: usize) -> Self {
        Self { most, found: BTreeSet::new() }
    }

    fn note(&mut self, count: u64, name: impl FnOnce() -> String) {
        let is_full: bool = self.found.len() >= self.most;
        if is_full && self.found.last().is_none_or(|(least, _)| count < least.0) {
            return;
        }
        self.found.insert((Reverse(count), name()));
        if self.found.len() > self.most {
            self.found.pop_last();
        }
    }

    fn finish(self) -> Vec<Count> {
        self.found.into_iter().map(|(count, name)| Count { name, count: count.0 }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels;
    use crate::series::Index;
    use std::sync::RwLock;

    fn counted(top: usize) -> Cardinality {
        counted_for(top, "")
    }

    fn counted_for(top: usize, search: &str) -> Cardinality {
        of_index(&Lookup { index: &RwLock::new(index()), until: None }, top, search).unwrap()
    }

    fn index() -> Index {
        let mut index = Index::new(1);
        for (id, labels) in [
            (1, [("__name__", "up"), ("job", "a")]),
            (2, [("__name__", "up"), ("job", "bb")]),
            (3, [("__name__", "down"), ("job", "a")]),
        ] {
            let mut canonical: Vec<u8> = Vec::new();
            for (name, value) in labels {
                labels::push(&mut canonical, name.as_bytes(), value.as_bytes());
            }
            index.insert(id, &canonical, 1);
        }
        index
    }

    fn entry(name: &str, count: u64) -> Count {
        Count { name: name.to_owned(), count }
    }

    #[test]
    fn the_greatest_come_first_and_names_break_ties() {
        let found: Cardinality = counted(10);
        assert_eq!((found.series, found.metrics, found.label_names, found.label_pairs), (3, 2, 2, 4));
        assert_eq!(found.series_by_metric, [entry("up", 2), entry("down", 1)]);
        assert_eq!(found.values_by_label, [entry("__name__", 2), entry("job", 2)]);
        assert_eq!(
            found.series_by_pair,
            [entry("__name__=up", 2), entry("job=a", 2), entry("__name__=down", 1), entry("job=bb", 1)]
        );
        assert_eq!(found.bytes_by_label, [entry("__name__", 8), entry("job", 4)]);
        assert!(found.index_bytes > 3 * SERIES_BYTES as u64);
    }

    #[test]
    fn a_list_is_cut_to_its_greatest() {
        let found: Cardinality = counted(1);
        assert_eq!(found.series_by_metric, [entry("up", 2)]);
        assert_eq!(found.series_by_pair, [entry("__name__=up", 2)]);
        assert!(counted(0).series_by_metric.is_empty());
    }

    #[test]
    fn metrics_are_looked_for_by_a_part_of_their_names_and_all_are_counted() {
        let found: Cardinality = counted_for(10, "ow");
        assert_eq!(found.series_by_metric, [entry("down", 1)]);
        assert_eq!((found.metrics, found.metrics_found, found.values_by_label.len()), (2, 1, 2));
        assert_eq!(counted_for(1, "").metrics_found, 2);
        assert!(counted_for(10, "sideways").series_by_metric.is_empty());
    }
}
