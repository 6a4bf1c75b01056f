//! `and`, `or`, `unless`: many to many, values untouched, decided step by step.

use std::collections::HashMap;

use model::labels::Labels;
use promql::operators::{BinaryOp, VectorMatching};

use super::failure::EvalError;
use super::matching::signature;
use super::series::{ABSENT, Series, merged, present};

/// The result of a set operator.
///
/// # Errors
/// When two elements of an `or` have the same labels at the same step.
pub(super) fn combine(
    op: BinaryOp,
    how: &VectorMatching,
    mut lhs: Vec<Series>,
    mut rhs: Vec<Series>,
    len: usize,
) -> Result<Vec<Series>, EvalError> {
    match op {
        BinaryOp::And => restrict(&mut lhs, &presence(&rhs, how, len), how, true),
        BinaryOp::Unless => restrict(&mut lhs, &presence(&rhs, how, len), how, false),
        _ => {
            restrict(&mut rhs, &presence(&lhs, how, len), how, false);
            lhs.append(&mut rhs);
            return merged(lhs);
        }
    }
    Ok(lhs)
}

/// The steps at which each match group has anything.
fn presence(series: &[Series], how: &VectorMatching, len: usize) -> HashMap<Labels, Vec<bool>> {
    let mut groups: HashMap<Labels, Vec<bool>> = HashMap::new();
    for one in series {
        let steps: &mut Vec<bool> = groups.entry(signature(&one.labels, how)).or_insert_with(|| vec![false; len]);
        for (flag, value) in steps.iter_mut().zip(&one.values) {
            *flag |= present(*value);
        }
    }
    groups
}

/// Leaves the values at steps at which the other side's presence is as `wanted`.
fn restrict(series: &mut Vec<Series>, other: &HashMap<Labels, Vec<bool>>, how: &VectorMatching, wanted: bool) {
    for one in series.iter_mut() {
        match other.get(&signature(&one.labels, how)) {
            Some(steps) => {
                for (value, there) in one.values.iter_mut().zip(steps) {
                    if *there != wanted {
                        *value = ABSENT;
                    }
                }
            }
            None if wanted => one.values.fill(ABSENT),
            None => {}
        }
    }
    series.retain(Series::is_present);
}
