//! Series in figures: what a row says, what rows stand by, and which labels have a column of their own. Pure.

use crate::apis::explore::number;
use ::api::explore::{ExploreBy, ExploreRow, ExploreSort};
use metrics::source::SeriesData;
use model::labels::{Labels, METRIC_NAME};
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

/// Labels with a column of their own: the series stands beside them by its whole name, and there is room for so many.
const MOST_LABELS: usize = 3;

/// The figures of one series.
pub fn row(series: &SeriesData) -> ExploreRow {
    let numbers: Vec<f64> = numbers(series).collect();
    let labels = series.labels.iter().filter(|(name, _)| *name != METRIC_NAME);
    ExploreRow {
        metric: series.labels.metric().to_owned(),
        labels: labels.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        style: 0,
        last: last(series),
        min: least(&numbers),
        max: most(&numbers),
        avg: mean(&numbers),
        count: number(series.points.len()),
    }
}

/// All series by what is asked for. Those of which two are alike keep their order, and what has no such value stands last.
pub fn sorted(series: Vec<SeriesData>, sort: &ExploreSort) -> Vec<SeriesData> {
    let is_falling: bool = sort.is_falling;
    let number_of = |figure: fn(&SeriesData) -> f64| move |one: &SeriesData| Some(figure(one)).filter(|value| !value.is_nan());
    match &sort.by {
        ExploreBy::Series => by(series, is_falling, |one| Some(one.labels.clone()), Labels::cmp),
        ExploreBy::Label(name) => by(series, is_falling, |one| value_of(one, name), |a: &String, b: &String| words(a, b)),
        ExploreBy::Last => by(series, is_falling, number_of(last), f64::total_cmp),
        ExploreBy::Min => by(series, is_falling, number_of(|one| least(&numbers(one).collect::<Vec<f64>>())), f64::total_cmp),
        ExploreBy::Max => by(series, is_falling, number_of(|one| most(&numbers(one).collect::<Vec<f64>>())), f64::total_cmp),
        ExploreBy::Avg => by(series, is_falling, number_of(|one| mean(&numbers(one).collect::<Vec<f64>>())), f64::total_cmp),
        ExploreBy::Count => by(series, is_falling, |one| Some(one.points.len()), usize::cmp),
    }
}

fn by<K>(
    series: Vec<SeriesData>,
    is_falling: bool,
    key: impl Fn(&SeriesData) -> Option<K>,
    compare: impl Fn(&K, &K) -> Ordering,
) -> Vec<SeriesData> {
    let mut keyed: Vec<(Option<K>, SeriesData)> = series.into_iter().map(|one| (key(&one), one)).collect();
    keyed.sort_by(|(a, _), (b, _)| match (a, b) {
        (Some(a), Some(b)) if is_falling => compare(b, a),
        (Some(a), Some(b)) => compare(a, b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    keyed.into_iter().map(|(_, one)| one).collect()
}

fn value_of(series: &SeriesData, label: &str) -> Option<String> {
    Some(series.labels.get(label)).filter(|value| !value.is_empty()).map(str::to_owned)
}

/// Numbers by their size, before all other words: `2` stands before `10`.
fn words(a: &str, b: &str) -> Ordering {
    let number = |word: &str| word.parse::<f64>().ok().filter(|number| number.is_finite());
    match (number(a), number(b)) {
        (Some(first), Some(second)) => first.total_cmp(&second).then_with(|| a.cmp(b)),
        (None, None) => a.cmp(b),
        (first, second) => second.is_some().cmp(&first.is_some()),
    }
}

/// The labels that have a column: those with the most different values, where there are several, and the one that rows stand by. By name.
pub fn labels(series: &[SeriesData], sort: Option<&ExploreSort>) -> Vec<String> {
    let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in series.iter().flat_map(|one| one.labels.iter()).filter(|(name, _)| *name != METRIC_NAME) {
        values.entry(name).or_default().insert(value);
    }
    let is_wanted = |name: &str| matches!(sort.map(|sort| &sort.by), Some(ExploreBy::Label(wanted)) if wanted == name);
    let is_absent = |name: &str| series.iter().any(|one| one.labels.get(name).is_empty());
    let telling = values.iter().filter(|(name, values)| is_wanted(name) || values.len() > 1 || is_absent(name));
    let mut names: Vec<(&str, usize)> = telling.map(|(name, values)| (*name, values.len())).collect();
    names.sort_by_key(|(name, n_values)| (Reverse(is_wanted(name)), Reverse(*n_values)));
    names.truncate(MOST_LABELS);
    names.sort_unstable();
    names.into_iter().map(|(name, _)| name.to_owned()).collect()
}

fn numbers(series: &SeriesData) -> impl Iterator<Item = f64> {
    series.points.iter().map(|point| point.value).filter(|value| !value.is_nan())
}

fn last(series: &SeriesData) -> f64 {
    series.points.last().map_or(f64::NAN, |point| point.value)
}

/// The least of nothing is NaN, and NaN gives way to any number.
fn least(numbers: &[f64]) -> f64 {
    numbers.iter().copied().fold(f64::NAN, f64::min)
}

fn most(numbers: &[f64]) -> f64 {
    numbers.iter().copied().fold(f64::NAN, f64::max)
}

/// Each value is divided before they are added, where their sum would be too large for a number.
fn mean(numbers: &[f64]) -> f64 {
    let n_numbers = numbers.len() as f64;
    let sum: f64 = numbers.iter().sum();
    if sum.is_finite() { sum / n_numbers } else { numbers.iter().map(|value| value / n_numbers).sum() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use metrics::source::Point;

    fn series(labels: &[(&str, &str)], values: &[f64]) -> SeriesData {
        let points = values.iter().zip(0..).map(|(value, index)| Point { at: index * 10_000, value: *value }).collect();
        SeriesData { labels: Labels::new(labels.iter().copied()), points }
    }

    fn hosts(all: &[SeriesData], by: ExploreBy, is_falling: bool) -> Vec<String> {
        let found = sorted(all.to_vec(), &ExploreSort { by, is_falling });
        found.iter().map(|one| one.labels.get("host").to_owned()).collect()
    }

    #[test]
    fn what_is_no_number_stands_last_either_way_and_the_rest_keep_their_order() {
        let all = [("a", f64::NAN), ("b", 2.0), ("c", 7.0), ("d", 2.0), ("e", f64::NAN)];
        let all: Vec<SeriesData> = all.iter().map(|(host, value)| series(&[("host", host)], &[*value])).collect();
        assert_eq!(hosts(&all, ExploreBy::Last, false), ["b", "d", "c", "a", "e"]);
        assert_eq!(hosts(&all, ExploreBy::Last, true), ["c", "b", "d", "a", "e"]);
        assert_eq!(hosts(&all, ExploreBy::Series, true), ["e", "d", "c", "b", "a"]);
        assert_eq!(hosts(&all, ExploreBy::Label("nothing".to_owned()), true), ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn every_figure_can_be_stood_by() {
        let all = [series(&[("host", "a")], &[1.0, 9.0, 5.0]), series(&[("host", "b")], &[4.0, f64::NAN])];
        for (by, rising) in [
            (ExploreBy::Last, ["a", "b"]),
            (ExploreBy::Min, ["a", "b"]),
            (ExploreBy::Max, ["b", "a"]),
            (ExploreBy::Avg, ["b", "a"]),
            (ExploreBy::Count, ["b", "a"]),
        ] {
            assert_eq!(hosts(&all, by.clone(), false), rising, "{by:?}");
        }
    }

    #[test]
    fn numbers_in_labels_stand_by_their_size() {
        let all: Vec<SeriesData> = ["10", "x", "2", ""].iter().map(|host| series(&[("host", host)], &[1.0])).collect();
        assert_eq!(hosts(&all, ExploreBy::Label("host".to_owned()), false), ["2", "10", "x", ""]);
        assert_eq!(hosts(&all, ExploreBy::Label("host".to_owned()), true), ["x", "10", "2", ""]);
    }

    #[test]
    fn the_labels_that_tell_series_apart_have_columns() {
        let one = |cpu: &str, mode: &str| series(&[("cpu", cpu), ("job", "node"), ("mode", mode), ("__name__", "m")], &[1.0]);
        let all = [one("0", "idle"), one("1", "idle"), one("2", "user")];
        assert_eq!(labels(&all, None), ["cpu", "mode"]);
        let sort = ExploreSort { by: ExploreBy::Label("job".to_owned()), is_falling: false };
        assert_eq!(labels(&all, Some(&sort)), ["cpu", "job", "mode"]);
        let wide = series(&[("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")], &[1.0]);
        assert_eq!(labels(&[wide, series(&[("d", "2")], &[1.0])], None), ["a", "b", "d"]);
        assert!(labels(&[one("0", "idle")], None).is_empty());
    }

    #[test]
    fn the_mean_of_huge_values_is_a_number() {
        assert_eq!(mean(&[f64::MAX, f64::MAX]), f64::MAX);
        assert_eq!(mean(&[1.0, 2.0]), 1.5);
    }
}
