//! Arithmetic and comparisons, value by value, and with a scalar on one side.

use promql::operators::BinaryOp;

use super::series::{ABSENT, Series, present};

/// The value of an operation on two values. A comparison without `bool` yields `shown` where it holds and nothing where it
/// does not.
pub(super) fn element(op: BinaryOp, lhs: f64, rhs: f64, return_bool: bool, shown: f64) -> f64 {
    if !op.is_comparison() {
        return arithmetic(op, lhs, rhs);
    }
    match (holds(op, lhs, rhs), return_bool) {
        (true, true) => 1.0,
        (false, true) => 0.0,
        (true, false) => shown,
        (false, false) => ABSENT,
    }
}

fn arithmetic(op: BinaryOp, lhs: f64, rhs: f64) -> f64 {
    match op {
        BinaryOp::Add => lhs + rhs,
        BinaryOp::Sub => lhs - rhs,
        BinaryOp::Mul => lhs * rhs,
        BinaryOp::Div => lhs / rhs,
        BinaryOp::Mod => lhs % rhs,
        BinaryOp::Pow => lhs.powf(rhs),
        BinaryOp::Atan2 => lhs.atan2(rhs),
        // Comparisons and set operators do not come here, and trims are refused by the plan.
        _ => f64::NAN,
    }
}

fn holds(op: BinaryOp, lhs: f64, rhs: f64) -> bool {
    match op {
        BinaryOp::Eql => lhs == rhs,
        BinaryOp::Neq => lhs != rhs,
        BinaryOp::Lss => lhs < rhs,
        BinaryOp::Gtr => lhs > rhs,
        BinaryOp::Lte => lhs <= rhs,
        _ => lhs >= rhs,
    }
}

/// Between two scalars; a comparison (the parser demands `bool`) yields 0 or 1.
pub(super) fn scalars(op: BinaryOp, lhs: &[f64], rhs: &[f64]) -> Vec<f64> {
    lhs.iter().zip(rhs).map(|(a, b)| element(op, *a, *b, true, *a)).collect()
}

/// Between a vector and a scalar, which stands on the left if `scalar_left`. Comparisons keep the vector's value, and its
/// name unless `bool`.
pub(super) fn with_scalar(
    op: BinaryOp,
    return_bool: bool,
    mut series: Vec<Series>,
    scalar: &[f64],
    scalar_left: bool,
) -> Vec<Series> {
    for one in &mut series {
        one.drop_name |= return_bool || !op.is_comparison();
        for (value, scalar) in one.values.iter_mut().zip(scalar) {
            if !present(*value) {
                continue;
            }
            let (lhs, rhs): (f64, f64) = if scalar_left { (*scalar, *value) } else { (*value, *scalar) };
            *value = element(op, lhs, rhs, return_bool, *value);
        }
    }
    series.retain(Series::is_present);
    series
}

/// `-v`
pub(super) fn negate(mut series: Vec<Series>) -> Vec<Series> {
    for one in &mut series {
        one.drop_name = true;
        for value in one.values.iter_mut().filter(|value| present(**value)) {
            *value = -*value;
        }
    }
    series
}
