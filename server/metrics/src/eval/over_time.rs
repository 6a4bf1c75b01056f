//! The statistics of a window that need all its values at hand.

use super::sums;
use super::window::Window;

/// `quantile_over_time`; the scalar is φ.
pub(super) fn quantile(window: &Window<'_>) -> f64 {
    let mut values: Vec<f64> = window.values().collect();
    let phi: f64 = window.params.first().copied().unwrap_or(f64::NAN);
    sums::quantile(phi, &mut values)
}

/// `mad_over_time`: the median of the distances from the median; NaN when any value is.
pub(super) fn median_deviation(window: &Window<'_>) -> f64 {
    let mut values: Vec<f64> = window.values().collect();
    if values.iter().any(|value| value.is_nan()) {
        return f64::NAN;
    }
    let median: f64 = sums::quantile(0.5, &mut values);
    for value in &mut values {
        *value = (*value - median).abs();
    }
    sums::quantile(0.5, &mut values)
}

/// The time in seconds of the extreme that `replaces` decides on; the newest of equal ones, NaN only if there is no other.
pub(super) fn time_of(window: &Window<'_>, replaces: fn(f64, f64) -> bool) -> f64 {
    let mut best: usize = window.first;
    for (at, point) in window.points.iter().enumerate().take(window.end).skip(window.first) {
        let held: f64 = window.points[best].value;
        if replaces(point.value, held) || held.is_nan() {
            best = at;
        }
    }
    window.points[best].at as f64 / 1000.0
}
