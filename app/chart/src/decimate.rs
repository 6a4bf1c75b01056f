//! Fewer points, same picture.
//!
//! M4 (Jugel, Jerzak, Hackenbroich, Markl: "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB
//! 2014): of each pixel column only the first, last, smallest and largest sample can be seen, so the others
//! need not be drawn.

use crate::plot::Point;

/// The samples of `points` (ascending by time) that matter at `columns` pixels over `from_ms..=to_ms`: at most
/// four a column, in their order. Samples outside the span and values that are not finite are left out.
#[must_use]
pub fn m4(points: &[Point], from_ms: i64, to_ms: i64, columns: usize) -> Vec<Point> {
    if columns == 0 || to_ms <= from_ms {
        return Vec::new();
    }
    let columns_per_ms = columns as f64 / (to_ms - from_ms) as f64;
    let mut kept: Vec<Point> = Vec::with_capacity(points.len().min(4 * columns));
    let mut current: Option<Column> = None;
    for (position, &point) in points.iter().enumerate() {
        if !point.1.is_finite() || point.0 < from_ms || point.0 > to_ms {
            continue;
        }
        let index = (((point.0 - from_ms) as f64 * columns_per_ms) as usize).min(columns - 1);
        match current.as_mut() {
            Some(column) if column.index == index => column.add(position, point),
            _ => {
                if let Some(column) = current.replace(Column::new(index, position, point)) {
                    column.keep(&mut kept);
                }
            }
        }
    }
    if let Some(column) = current {
        column.keep(&mut kept);
    }
    kept
}

/// What is known of one pixel column: samples with their position in the series.
struct Column {
    index: usize,
    first: (usize, Point),
    last: (usize, Point),
    min: (usize, Point),
    max: (usize, Point),
}

impl Column {
    fn new(index: usize, position: usize, point: Point) -> Column {
        let sample = (position, point);
        Column { index, first: sample, last: sample, min: sample, max: sample }
    }

    fn add(&mut self, position: usize, point: Point) {
        let sample = (position, point);
        self.last = sample;
        if point.1 < self.min.1.1 {
            self.min = sample;
        }
        if point.1 > self.max.1.1 {
            self.max = sample;
        }
    }

    fn keep(&self, kept: &mut Vec<Point>) {
        let mut samples = [self.first, self.min, self.max, self.last];
        samples.sort_unstable_by_key(|sample| sample.0);
        let mut previous: Option<usize> = None;
        for (position, point) in samples {
            if previous != Some(position) {
                kept.push(point);
            }
            previous = Some(position);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_column_keeps_first_min_max_and_last_in_order() {
        let points = [(0, 5.0), (1, 9.0), (2, 4.0), (3, 1.0), (4, 4.5), (5, 6.0)];
        assert_eq!(m4(&points, 0, 9, 1), vec![(0, 5.0), (1, 9.0), (3, 1.0), (5, 6.0)]);
    }

    #[test]
    fn sparse_series_are_left_alone() {
        let points = [(0, 5.0), (50, 9.0), (100, 4.0)];
        assert_eq!(m4(&points, 0, 100, 300), points.to_vec());
    }

    #[test]
    fn nothing_comes_of_nothing() {
        assert!(m4(&[], 0, 10, 5).is_empty());
        assert!(m4(&[(0, 1.0)], 0, 10, 0).is_empty());
        assert!(m4(&[(0, 1.0)], 10, 10, 5).is_empty());
        assert!(m4(&[(0, f64::NAN), (20, 1.0)], 0, 10, 5).is_empty());
    }

    /// Ascending times with values of which one in ten is NaN.
    fn series() -> impl Strategy<Value = Vec<Point>> {
        let sample = (1i64..5_000, -1e6f64..1e6, 0u8..10);
        prop::collection::vec(sample, 0..600).prop_map(|samples| {
            let mut ms = 0;
            let mut points: Vec<Point> = Vec::with_capacity(samples.len());
            for (step_ms, value, die) in samples {
                ms += step_ms;
                points.push((ms, if die == 0 { f64::NAN } else { value }));
            }
            points
        })
    }

    fn extremes(points: &[Point]) -> (f64, f64) {
        let finite = points.iter().map(|point| point.1).filter(|value| value.is_finite());
        finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(min, max), value| (min.min(value), max.max(value)))
    }

    proptest! {
        #[test]
        fn extremes_ends_order_and_size_are_kept(points in series(), columns in 1usize..200) {
            let to_ms = points.last().map_or(1, |point| point.0);
            let kept = m4(&points, 0, to_ms, columns);
            let finite: Vec<Point> = points.iter().copied().filter(|point| point.1.is_finite()).collect();
            prop_assert!(kept.len() <= 4 * columns);
            prop_assert_eq!(extremes(&kept), extremes(&points));
            prop_assert_eq!(kept.first(), finite.first());
            prop_assert_eq!(kept.last(), finite.last());
            prop_assert!(kept.windows(2).all(|pair| pair[0].0 < pair[1].0));
            prop_assert!(kept.iter().all(|point| finite.contains(point)));
        }
    }
}
