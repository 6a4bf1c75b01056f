//! `topk` and `bottomk`: they choose among series and leave the chosen as they are.

use std::cmp::Ordering;

use promql::ast::Span;

use super::failure::EvalError;
use super::groups::Groups;
use super::notes::go_number;
use super::series::{ABSENT, Series, present};

/// The largest (`top`) or smallest values of each group at each step; `k` is a column. NaN ranks last in both. With a
/// single step the answer is in rank order, group after group.
///
/// # Errors
/// When a k is NaN or no 64-bit integer.
pub(super) fn rank(top: bool, k: &[f64], series: Vec<Series>, groups: &Groups, span: Span) -> Result<Vec<Series>, EvalError> {
    check(k, span)?;
    let mut chosen: Vec<Vec<f64>> = vec![vec![ABSENT; k.len()]; series.len()];
    // Only a single step has an order; over many it would grow with every step and say nothing.
    let mut order: Vec<usize> = Vec::new();
    let mut candidates: Vec<(f64, usize)> = Vec::new();
    for members in groups.members() {
        for (step, k) in k.iter().enumerate() {
            let k: usize = if *k < 1.0 { 0 } else { *k as usize };
            candidates.clear();
            candidates.extend(members.iter().map(|member| (series[*member].values[step], *member)));
            candidates.retain(|(value, _)| present(*value));
            best(&mut candidates, k, top);
            for (value, member) in &candidates {
                chosen[*member][step] = *value;
                if chosen[*member].len() == 1 {
                    order.push(*member);
                }
            }
        }
    }
    Ok(if k.len() == 1 { in_order(series, &chosen, &order) } else { filtered(series, chosen) })
}

fn check(k: &[f64], span: Span) -> Result<(), EvalError> {
    if k.iter().any(|value| value.is_nan()) {
        return Err(EvalError::ParameterNaN { span });
    }
    let out_of_range =
        |value: f64, direction: &'static str| EvalError::ParameterOutOfRange { value: go_number(value), direction, span };
    // 2⁶³ is the nearest float to the largest integer, and already too large.
    if let Some(value) = k.iter().copied().find(|value| *value >= i64::MAX as f64) {
        return Err(out_of_range(value, "over"));
    }
    match k.iter().copied().find(|value| *value <= i64::MIN as f64) {
        Some(value) => Err(out_of_range(value, "under")),
        None => Ok(()),
    }
}

/// Leaves the best `k`, best first; of equals the earlier series wins.
fn best(candidates: &mut Vec<(f64, usize)>, k: usize, top: bool) {
    let compare = |a: &(f64, usize), b: &(f64, usize)| -> Ordering {
        let by_value: Ordering = if top { b.0.partial_cmp(&a.0) } else { a.0.partial_cmp(&b.0) }.unwrap_or(Ordering::Equal);
        a.0.is_nan().cmp(&b.0.is_nan()).then(by_value).then(a.1.cmp(&b.1))
    };
    if k == 0 {
        candidates.clear();
    } else if k < candidates.len() {
        candidates.select_nth_unstable_by(k - 1, compare);
        candidates.truncate(k);
    }
    candidates.sort_unstable_by(compare);
}

fn in_order(series: Vec<Series>, chosen: &[Vec<f64>], order: &[usize]) -> Vec<Series> {
    let mut slots: Vec<Option<Series>> = series.into_iter().map(Some).collect();
    order.iter().filter_map(|member| slots[*member].take().map(|one| Series { values: chosen[*member].clone(), ..one })).collect()
}

fn filtered(series: Vec<Series>, chosen: Vec<Vec<f64>>) -> Vec<Series> {
    series.into_iter().zip(chosen).map(|(one, values)| Series { values, ..one }).filter(Series::is_present).collect()
}
