//! One number of many.

use super::series::Named;
use crate::asked::Window;
use dashboard::Reduce;

/// Of the values within the span that are numbers; NaN where there are none.
pub(super) fn reduced(series: &Named<'_>, reduce: Reduce, window: &Window) -> f64 {
    let within = series.points().filter(|(ms, value)| window.holds(*ms) && value.is_finite());
    let values: Vec<f64> = within.map(|(_, value)| value).collect();
    let (Some(first), Some(last)) = (values.first(), values.last()) else {
        return f64::NAN;
    };
    match reduce {
        Reduce::Last => *last,
        Reduce::Min => values.iter().copied().fold(f64::NAN, f64::min),
        Reduce::Max => values.iter().copied().fold(f64::NAN, f64::max),
        Reduce::Mean => mean(&values),
        Reduce::Sum => values.iter().sum(),
        Reduce::P95 => nearest_rank(values),
        Reduce::Change => last - first,
    }
}

/// Each value is divided before they are added, where their sum would be too large for a number.
fn mean(values: &[f64]) -> f64 {
    let n_values = values.len() as f64;
    let sum: f64 = values.iter().sum();
    if sum.is_finite() { sum / n_values } else { values.iter().map(|value| value / n_values).sum() }
}

/// The 95th percentile: a value that occurred.
fn nearest_rank(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let rank = (0.95 * values.len() as f64).ceil() as usize;
    values.get(rank.clamp(1, values.len()) - 1).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chart::Point;
    use model::Time;
    use model::labels::Labels;

    fn all(values: &[f64]) -> Vec<f64> {
        let labels = Labels::default();
        let points: Vec<Point> = values.iter().zip(1..).map(|(value, ms)| (ms, *value)).collect();
        let series = Named::new(0, String::new(), &labels, &points);
        let window = Window { from: Time(1), to: Time(100), range: String::new() };
        Reduce::ALL.map(|reduce| reduced(&series, reduce, &window)).to_vec()
    }

    #[test]
    fn every_way_gives_its_number() {
        // Last, least, greatest, mean, sum, 95th percentile, change.
        assert_eq!(all(&[4.0, f64::NAN, 1.0, f64::INFINITY, 7.0]), [7.0, 1.0, 7.0, 4.0, 12.0, 7.0, 3.0]);
        assert_eq!(all(&[5.0]), [5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 0.0]);
        assert!(all(&[]).into_iter().chain(all(&[f64::NAN, f64::NEG_INFINITY])).all(f64::is_nan));
    }

    #[test]
    fn what_lies_outside_of_the_span_does_not_count() {
        let labels = Labels::default();
        let points: [Point; 3] = [(0, 9.0), (5, 2.0), (11, 8.0)];
        let series = Named::new(0, String::new(), &labels, &points);
        let window = Window { from: Time(1), to: Time(10), range: String::new() };
        assert!((reduced(&series, Reduce::Max, &window) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn the_mean_of_the_largest_numbers_is_a_number() {
        assert!((mean(&[f64::MAX, f64::MAX]) / f64::MAX - 1.0).abs() < 1e-9);
        assert!((nearest_rank((1..=100).map(f64::from).collect()) - 95.0).abs() < 1e-9);
    }
}
