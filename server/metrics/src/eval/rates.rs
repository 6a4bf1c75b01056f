//! How fast a series moves: the extrapolated functions, the instant ones, and regression.

use super::sums::kahan;
use super::window::Window;
use crate::source::Point;

/// A gap to a border shorter than this many mean spacings counts as the regular one.
const EXTRAPOLATION_THRESHOLD: f64 = 1.1;

/// How much the value grew over the whole window: the growth between the first and the last sample, extended towards the
/// borders. Source: `extrapolatedRate` in Prometheus' `promql/functions.go`.
pub(super) fn extrapolated(window: &Window<'_>, counter: bool) -> Option<f64> {
    let inside: &[Point] = window.inside();
    let (first, last): (Point, Point) = (*inside.first()?, *inside.last()?);
    if inside.len() < 2 {
        return None;
    }
    let mut growth: f64 = last.value - first.value;
    if counter {
        // At every drop the counter started anew from zero, so what it had reached is still owed.
        for mark in window.marks {
            growth += window.points[mark - 1].value;
        }
    }
    let ends: Ends = Ends { first, last, count: inside.len() as u64 };
    Some(extended(&ends, growth, counter, (window.to_ms.saturating_sub(window.range_ms), window.to_ms)))
}

/// The outermost samples of a window, and how many it has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    /// The oldest.
    pub first: Point,
    /// The newest, a later one.
    pub last: Point,
    /// At least two.
    pub count: u64,
}

/// A growth between the first and the last sample, extended towards the borders of the window.
pub(super) fn extended(ends: &Ends, growth: f64, counter: bool, (from_ms, to_ms): (i64, i64)) -> f64 {
    let Ends { first, last, count } = *ends;
    let sampled_s: f64 = (last.at - first.at) as f64 / 1000.0;
    let spacing_s: f64 = sampled_s / count.saturating_sub(1) as f64;
    let mut to_start_s: f64 = reach((first.at - from_ms) as f64 / 1000.0, spacing_s);
    if counter && growth > 0.0 && first.value >= 0.0 {
        // A counter is never negative: it can't have started before the line through it crosses zero.
        let to_zero_s: f64 = sampled_s * (first.value / growth);
        to_start_s = to_start_s.min(to_zero_s);
    }
    let to_end_s: f64 = reach((to_ms - last.at) as f64 / 1000.0, spacing_s);
    growth * ((sampled_s + to_start_s + to_end_s) / sampled_s)
}

/// How far to extend towards a border: all the way when a sample would be expected no sooner, else half a spacing.
fn reach(gap_s: f64, spacing_s: f64) -> f64 {
    if gap_s >= spacing_s * EXTRAPOLATION_THRESHOLD { spacing_s / 2.0 } else { gap_s }
}

/// The last two points.
fn last_two(window: &Window<'_>) -> Option<(Point, Point)> {
    match window.inside() {
        [.., before, last] => Some((*before, *last)),
        _ => None,
    }
}

/// `irate`: per second between the last two samples.
pub(super) fn instant_rate(window: &Window<'_>) -> Option<f64> {
    let (before, last): (Point, Point) = last_two(window)?;
    let growth: f64 = if last.value < before.value { last.value } else { last.value - before.value };
    let spacing_ms: i64 = last.at - before.at;
    (spacing_ms > 0).then(|| growth / (spacing_ms as f64 / 1000.0))
}

/// `idelta`: the difference of the last two samples.
pub(super) fn instant_delta(window: &Window<'_>) -> Option<f64> {
    last_two(window).map(|(before, last)| last.value - before.value)
}

/// `deriv`: the slope per second of the regression line.
pub(super) fn derivative(window: &Window<'_>) -> Option<f64> {
    let inside: &[Point] = window.inside();
    // Any origin near the samples keeps the numbers small; the first sample is one.
    regression(inside, inside.first()?.at).map(|(slope, _)| slope)
}

/// `predict_linear`: where the regression line will be that many seconds after the moment of evaluation.
pub(super) fn predict_linear(window: &Window<'_>) -> Option<f64> {
    let ahead_s: f64 = *window.params.first()?;
    regression(window.inside(), window.at_ms).map(|(slope, intercept)| slope * ahead_s + intercept)
}

/// Slope per second and value at `origin_ms` of the least-squares line through at least two points.
fn regression(points: &[Point], origin_ms: i64) -> Option<(f64, f64)> {
    let first: f64 = points.first()?.value;
    if points.len() < 2 {
        return None;
    }
    if points.iter().all(|point| point.value == first) {
        return Some(if first.is_infinite() { (f64::NAN, f64::NAN) } else { (0.0, first) });
    }
    let n: f64 = points.len() as f64;
    let mut sums: [(f64, f64); 4] = [(0.0, 0.0); 4];
    for point in points {
        let x: f64 = point.at.saturating_sub(origin_ms) as f64 / 1000.0;
        let terms: [f64; 4] = [x, point.value, x * point.value, x * x];
        for (sum, term) in sums.iter_mut().zip(terms) {
            *sum = kahan(term, sum.0, sum.1);
        }
    }
    let [x, y, xy, xx]: [f64; 4] = sums.map(|(sum, carry)| sum + carry);
    let slope: f64 = (xy - x * y / n) / (xx - x * x / n);
    Some((slope, y / n - slope * x / n))
}

/// `double_exponential_smoothing`: Holt's linear trend with the smoothing and the trend factor as scalars.
pub(super) fn double_exponential_smoothing(window: &Window<'_>) -> Option<f64> {
    let [smoothing, trend]: [f64; 2] = window.params.try_into().ok()?;
    let inside: &[Point] = window.inside();
    let [first, second, ..] = inside else {
        return None;
    };
    let mut slope: f64 = second.value - first.value;
    let (mut before, mut smoothed): (f64, f64) = (0.0, first.value);
    for (index, point) in inside.iter().enumerate().skip(1) {
        if index > 1 {
            slope = trend * (smoothed - before) + (1.0 - trend) * slope;
        }
        let next: f64 = smoothing * point.value + (1.0 - smoothing) * (smoothed + slope);
        (before, smoothed) = (smoothed, next);
    }
    Some(smoothed)
}
