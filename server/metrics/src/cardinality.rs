//! How many series there are, and which metrics and labels bring most of them: what to look at when memory grows.

use std::collections::HashMap;

use model::labels::METRIC_NAME;

use crate::Metrics;
use crate::head::HeadSize;
use crate::lock;
use crate::series::Index;

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
    /// The figures, with the `top` greatest of each list. Walks over all series: some tens of milliseconds for half a million.
    #[must_use]
    pub fn cardinality(&self, top: usize) -> Cardinality {
        let mut cardinality: Cardinality = of_index(&lock::read(&self.state.index), top);
        let head: HeadSize = lock::read(&self.state.head).size();
        cardinality.head_series = head.series as u64;
        cardinality.head_samples = head.samples;
        cardinality.head_bytes = head.bytes as u64;
        cardinality
    }
}

fn of_index(index: &Index, top: usize) -> Cardinality {
    let mut values: HashMap<&str, u64> = HashMap::new();
    let mut bytes: HashMap<&str, u64> = HashMap::new();
    let mut pairs: Vec<((&str, &str), u64)> = Vec::new();
    for (name, value, n) in index.counts() {
        *values.entry(name).or_default() += 1;
        *bytes.entry(name).or_default() += (value.len() * n) as u64;
        pairs.push(((name, value), n as u64));
    }
    let metrics: Vec<(&str, u64)> =
        pairs.iter().filter(|((name, _), _)| *name == METRIC_NAME).map(|((_, value), n)| (*value, *n)).collect();
    Cardinality {
        series: index.len() as u64,
        index_bytes: index_bytes(index, &pairs),
        metrics: metrics.len() as u64,
        label_names: values.len() as u64,
        label_pairs: pairs.len() as u64,
        series_by_metric: greatest(metrics, top, |name| (*name).to_owned()),
        values_by_label: greatest(values.into_iter().collect(), top, |name| (*name).to_owned()),
        series_by_pair: greatest(pairs, top, |(name, value)| format!("{name}={value}")),
        bytes_by_label: greatest(bytes.into_iter().collect(), top, |name| (*name).to_owned()),
        ..Cardinality::default()
    }
}

fn index_bytes(index: &Index, pairs: &[((&str, &str), u64)]) -> u64 {
    let in_series = pairs.iter().map(|((name, value), n)| (name.len() + value.len() + PAIR_BYTES) as u64 * n);
    let in_postings = pairs.iter().map(|((_, value), _)| (value.len() + POSTING_BYTES) as u64);
    (index.len() * SERIES_BYTES) as u64 + in_series.sum::<u64>() + in_postings.sum::<u64>()
}

/// The greatest counts, named.
fn greatest<T: Ord>(mut counts: Vec<(T, u64)>, top: usize, name: impl Fn(&T) -> String) -> Vec<Count> {
    let order = |left: &(T, u64), right: &(T, u64)| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0));
    if top == 0 {
        return Vec::new();
    }
    if counts.len() > top {
        counts.select_nth_unstable_by(top - 1, order);
        counts.truncate(top);
    }
    counts.sort_unstable_by(order);
    counts.iter().map(|(what, count)| Count { name: name(what), count: *count }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels;

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

    fn count(name: &str, count: u64) -> Count {
        Count { name: name.to_owned(), count }
    }

    #[test]
    fn the_greatest_come_first_and_names_break_ties() {
        let found: Cardinality = of_index(&index(), 10);
        assert_eq!((found.series, found.metrics, found.label_names, found.label_pairs), (3, 2, 2, 4));
        assert_eq!(found.series_by_metric, [count("up", 2), count("down", 1)]);
        assert_eq!(found.values_by_label, [count("__name__", 2), count("job", 2)]);
        assert_eq!(
            found.series_by_pair,
            [count("__name__=up", 2), count("job=a", 2), count("__name__=down", 1), count("job=bb", 1)]
        );
        assert_eq!(found.bytes_by_label, [count("__name__", 8), count("job", 4)]);
        assert!(found.index_bytes > 3 * SERIES_BYTES as u64);
    }

    #[test]
    fn a_list_is_cut_to_its_greatest() {
        let found: Cardinality = of_index(&index(), 1);
        assert_eq!(found.series_by_metric, [count("up", 2)]);
        assert_eq!(found.series_by_pair, [count("__name__=up", 2)]);
        assert!(of_index(&index(), 0).series_by_metric.is_empty());
    }
}
