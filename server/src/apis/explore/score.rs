//! How unlike its past a window is. Pure.
//!
//! The measure is the modified z-score of B. Iglewicz and D. C. Hoaglin, "How to Detect and Handle Outliers" (ASQC Basic References in
//! Quality Control 16, 1993): the distance from the median in units of the median absolute deviation, so that a few odd moments of the
//! past don't hide what is odd now. Where more than half of the past is one value, that deviation is zero and the mean absolute deviation
//! takes its place; where all of it is, a hundredth of the value does.

/// Makes a median absolute deviation comparable with a standard deviation (normally distributed values).
const OF_MEDIAN: f64 = 1.482_6;
/// The same for a mean absolute deviation.
const OF_MEAN: f64 = 1.253_314;
/// Less than this share of its usual value nobody calls a deviation, however calm the past was.
const LEAST_SHARE: f64 = 0.01;
/// Beyond this, more is not more unlike: what was zero and is not any more has no measure.
pub const MOST: f64 = 1_000.0;
/// Points of the past without which nothing is said to be usual.
const LEAST_PAST: usize = 8;

/// What was found of a metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unlike {
    /// 0 to [`MOST`].
    pub score: f64,
    /// The median of the past.
    pub usual: f64,
    /// The mean of the window.
    pub inside: f64,
}

/// Compares a window with its past. `None` where there is too little of either.
#[must_use]
pub fn unlike(past: &[f64], window: &[f64]) -> Option<Unlike> {
    let past: Vec<f64> = finite(past);
    let window: Vec<f64> = finite(window);
    if past.len() < LEAST_PAST || window.is_empty() {
        return None;
    }
    let (usual, inside) = (median(&past), mean(&window));
    let off: f64 = (inside - usual).abs();
    if !off.is_finite() {
        return None;
    }
    let scale: f64 = deviation(&past, usual).max(LEAST_SHARE * usual.abs());
    let score: f64 = if off == 0.0 { 0.0 } else { (off / scale).min(MOST) };
    Some(Unlike { score, usual, inside })
}

fn deviation(past: &[f64], usual: f64) -> f64 {
    let off: Vec<f64> = past.iter().map(|value| (value - usual).abs()).collect();
    let of_median: f64 = OF_MEDIAN * median(&off);
    if of_median > 0.0 { of_median } else { OF_MEAN * mean(&off) }
}

fn finite(values: &[f64]) -> Vec<f64> {
    values.iter().copied().filter(|value| value.is_finite()).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Of an even number the mean of the two in the middle; of nothing zero.
fn median(values: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle: usize = sorted.len() / 2;
    match (sorted.len() % 2, sorted.get(middle)) {
        (_, None) => 0.0,
        (0, Some(upper)) => f64::midpoint(sorted[middle - 1], *upper),
        (_, Some(value)) => *value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(past: &[f64], window: &[f64]) -> f64 {
        unlike(past, window).unwrap().score
    }

    #[test]
    fn what_is_as_ever_scores_little_and_a_jump_much() {
        let calm: Vec<f64> = (0..40).map(|n| 10.0 + f64::from(n % 5)).collect();
        assert!(score(&calm, &[12.0, 12.5]) < 1.0);
        assert!(score(&calm, &[40.0, 41.0]) > 10.0);
        assert!(score(&calm, &[-40.0]) > 10.0, "less is as unlike as more");
    }

    #[test]
    fn a_past_without_any_change_has_a_measure_all_the_same() {
        assert_eq!(score(&[5.0; 20], &[5.0]), 0.0);
        assert!((score(&[5.0; 20], &[5.5]) - 10.0).abs() < 1e-9, "a hundredth of the value is one deviation");
        assert_eq!(score(&[0.0; 20], &[1.0]), MOST);
        let mut mostly: Vec<f64> = vec![0.0; 19];
        mostly.push(100.0);
        assert!(score(&mostly, &[100.0]) < 20.0, "it has been so once before");
    }

    #[test]
    fn a_few_odd_moments_of_the_past_hide_nothing() {
        let mut past: Vec<f64> = (0..40).map(|n| 10.0 + f64::from(n % 3)).collect();
        past[7] = 1e9;
        past[8] = f64::NAN;
        assert!(score(&past, &[30.0]) > 10.0);
    }

    #[test]
    fn of_too_little_nothing_is_said() {
        assert_eq!(unlike(&[1.0; 7], &[2.0]), None);
        assert_eq!(unlike(&[1.0; 8], &[f64::NAN]), None);
        assert_eq!((median(&[]), median(&[3.0, 1.0]), median(&[3.0, 1.0, 2.0])), (0.0, 2.0, 2.0));
    }
}
