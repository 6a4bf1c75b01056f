//! `sort` and its like, on the single step of an instant query.

use std::cmp::Ordering;

use super::series::Series;

/// By value; NaN last in both directions.
pub(super) fn by_value(mut series: Vec<Series>, descending: bool) -> Vec<Series> {
    let value = |one: &Series| one.values.first().copied().unwrap_or(f64::NAN);
    series.sort_by(|a, b| {
        let (a, b): (f64, f64) = (value(a), value(b));
        let ascending: Ordering = a.partial_cmp(&b).unwrap_or(Ordering::Equal);
        a.is_nan().cmp(&b.is_nan()).then(if descending { ascending.reverse() } else { ascending })
    });
    series
}

/// By the values of labels, one label after the other, at last by all labels.
pub(super) fn by_labels(mut series: Vec<Series>, names: &[String], descending: bool) -> Vec<Series> {
    series.sort_by(|a, b| {
        let ascending: Ordering = names
            .iter()
            .map(|name| natural(a.labels.get(name), b.labels.get(name)))
            .find(|order| order.is_ne())
            .unwrap_or_else(|| a.labels.cmp(&b.labels));
        if descending { ascending.reverse() } else { ascending }
    });
    series
}

/// The order in which `host2` stands before `host10`: runs of digits compare as numbers, the rest as text.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right): (&str, &str) = (a, b);
    while !left.is_empty() && !right.is_empty() {
        let (left_run, left_rest): (&str, &str) = split_run(left);
        let (right_run, right_rest): (&str, &str) = split_run(right);
        let order: Ordering = run_order(left_run, right_run);
        if order.is_ne() {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
    // `01` and `1` are the same number but not the same value.
    left.len().cmp(&right.len()).then_with(|| a.cmp(b))
}

/// Two runs of digits as numbers of any length, anything else as text.
fn run_order(left: &str, right: &str) -> Ordering {
    let number = |run: &str| run.bytes().all(|byte| byte.is_ascii_digit());
    if !number(left) || !number(right) {
        return left.cmp(right);
    }
    let (left, right): (&str, &str) = (left.trim_start_matches('0'), right.trim_start_matches('0'));
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// The leading run of digits or of anything else, and what follows.
fn split_run(text: &str) -> (&str, &str) {
    let digits: bool = text.starts_with(|first: char| first.is_ascii_digit());
    let end: usize = text.find(|next: char| next.is_ascii_digit() != digits).unwrap_or(text.len());
    text.split_at(end)
}
