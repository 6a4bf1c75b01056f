//! Stacking: each series on the shoulders of the ones before it.

use std::borrow::Cow;

use crate::plot::{Point, Series};

/// One series of a stack: what it stands on and where it ends, at the same instants.
pub(crate) struct Layer<'a> {
    pub(crate) lower: Vec<Point>,
    pub(crate) upper: Cow<'a, [Point]>,
}

/// Stacks series in their order. Every layer has a point at every instant any series has one; where a series
/// has no finite value, its layer is NaN and carries nothing for the ones above. The past is not stacked: its
/// layer is its own points on nothing.
pub(crate) fn stack(series: &[Series]) -> Vec<Layer<'_>> {
    let times = instants(series);
    let mut totals: Vec<f64> = vec![0.0; times.len()];
    series
        .iter()
        .map(|series| {
            if series.is_past() {
                Layer { lower: Vec::new(), upper: Cow::Borrowed(series.points.as_slice()) }
            } else {
                layer(series, &times, &mut totals)
            }
        })
        .collect()
}

fn instants(series: &[Series]) -> Vec<i64> {
    let mut times: Vec<i64> =
        series.iter().filter(|series| !series.is_past()).flat_map(|series| series.points.iter().map(|point| point.0)).collect();
    times.sort_unstable();
    times.dedup();
    times
}

fn layer(series: &Series, times: &[i64], totals: &mut [f64]) -> Layer<'static> {
    let mut points = series.points.iter().peekable();
    let (mut lower, mut upper): (Vec<Point>, Vec<Point>) = (Vec::with_capacity(times.len()), Vec::with_capacity(times.len()));
    for (&ms, total) in times.iter().zip(totals.iter_mut()) {
        let mut value = f64::NAN;
        while let Some(point) = points.next_if(|point| point.0 <= ms) {
            if point.0 == ms {
                value = point.1;
            }
        }
        if value.is_finite() {
            lower.push((ms, *total));
            *total += value;
            upper.push((ms, *total));
        } else {
            lower.push((ms, f64::NAN));
            upper.push((ms, f64::NAN));
        }
    }
    Layer { lower, upper: Cow::Owned(upper) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(style: u8, points: Vec<Point>) -> Series {
        Series { name: String::new(), style, points, fill: true }
    }

    #[test]
    fn each_series_stands_on_the_ones_before() {
        let all = [series(1, vec![(0, 1.0), (10, 2.0)]), series(0, vec![(0, 99.0)]), series(2, vec![(0, 10.0), (10, 20.0)])];
        let layers = stack(&all);
        assert_eq!(layers[0].upper[..], [(0, 1.0), (10, 2.0)]);
        assert_eq!(layers[1].upper[..], [(0, 99.0)]);
        assert_eq!(layers[2].lower, vec![(0, 1.0), (10, 2.0)]);
        assert_eq!(layers[2].upper[..], [(0, 11.0), (10, 22.0)]);
    }

    #[test]
    fn a_missing_value_carries_nothing() {
        let all = [series(1, vec![(0, 1.0), (10, f64::NAN)]), series(2, vec![(0, 5.0), (10, 5.0)])];
        let layers = stack(&all);
        assert!(layers[0].upper[1].1.is_nan());
        assert_eq!(layers[1].upper[..], [(0, 6.0), (10, 5.0)]);
    }
}
