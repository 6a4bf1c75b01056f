//! Runs and gaps: where a series may be joined by a line and where it may not.

use crate::plot::{Plot, Point};
use crate::pyramid::Pyramids;

/// The stretches of points that a line may join: broken at every value that is not finite and at every
/// hole longer than `gap_ms` (zero or less: holes of any length are joined).
#[must_use]
pub fn runs(points: &[Point], gap_ms: i64) -> Vec<&[Point]> {
    let mut runs: Vec<&[Point]> = Vec::new();
    let mut start = 0;
    for (index, &(ms, value)) in points.iter().enumerate() {
        if !value.is_finite() {
            push_run(&mut runs, &points[start..index]);
            start = index + 1;
        } else if index > start && gap_ms > 0 && ms.saturating_sub(points[index - 1].0) > gap_ms {
            push_run(&mut runs, &points[start..index]);
            start = index;
        }
    }
    push_run(&mut runs, &points[start.min(points.len())..]);
    runs
}

fn push_run<'a>(runs: &mut Vec<&'a [Point]>, run: &'a [Point]) {
    if !run.is_empty() {
        runs.push(run);
    }
}

/// The spans within `from_ms..=to_ms` of which a series says nothing, as start and end. Before the first and
/// after the last sample only what is longer than `gap_ms` counts, since a window never ends exactly on one.
#[must_use]
pub fn gaps(points: &[Point], from_ms: i64, to_ms: i64, gap_ms: i64) -> Vec<(i64, i64)> {
    let known: Vec<(i64, i64)> = runs(points, gap_ms).into_iter().map(|run| (run[0].0, run[run.len() - 1].0)).collect();
    between(&known, from_ms, to_ms, gap_ms)
}

/// The gaps around stretches that are known, each given by its first and last sample.
pub(crate) fn between(known: &[(i64, i64)], from_ms: i64, to_ms: i64, gap_ms: i64) -> Vec<(i64, i64)> {
    let mut spans: Vec<(i64, i64)> = Vec::new();
    let mut known_until: Option<i64> = None;
    for &(first_ms, last_ms) in known {
        match known_until {
            Some(until_ms) => spans.push((until_ms, first_ms)),
            None if gap_ms > 0 && first_ms - from_ms > gap_ms => spans.push((from_ms, first_ms)),
            None => {}
        }
        known_until = Some(last_ms);
    }
    match known_until {
        Some(until_ms) if gap_ms > 0 && to_ms - until_ms > gap_ms => spans.push((until_ms, to_ms)),
        Some(_) => {}
        None => spans.push((from_ms, to_ms)),
    }
    spans.into_iter().map(|(start, end)| (start.max(from_ms), end.min(to_ms))).filter(|(start, end)| start < end).collect()
}

/// The spans to hatch: no series says anything there (the past does not count). A plot without series is one gap. Before the
/// first sample of all the paper stays blank: nobody was watching yet, and a wall of hatching would shout over the data.
#[must_use]
pub fn shared_gaps(plot: &Plot) -> Vec<(i64, i64)> {
    shared_gaps_over(plot, None)
}

/// The same, without looking at every point where there are pyramids.
pub(crate) fn shared_gaps_over(plot: &Plot, pyramids: Option<&Pyramids>) -> Vec<(i64, i64)> {
    let mut shared = vec![(plot.from_ms, plot.to_ms)];
    for (index, series) in plot.series.iter().enumerate().filter(|(_, series)| !series.is_past()) {
        let own = match pyramids.and_then(|pyramids| pyramids.of_series(index, &series.points)) {
            Some(pyramid) => between(&pyramid.known(&series.points), plot.from_ms, plot.to_ms, plot.gap_ms),
            None => gaps(&series.points, plot.from_ms, plot.to_ms, plot.gap_ms),
        };
        shared = overlap(&shared, &own);
    }
    let drawn = plot.series.iter().filter(|series| !series.is_past());
    let began_ms = drawn.filter_map(|series| series.points.first()).map(|(ms, _)| *ms).min().unwrap_or(plot.from_ms);
    shared.retain(|(start, end)| start < end && *start >= began_ms);
    shared
}

/// What two ascending lists of spans have in common.
fn overlap(left: &[(i64, i64)], right: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let (mut i, mut j) = (0, 0);
    let mut common: Vec<(i64, i64)> = Vec::new();
    while i < left.len() && j < right.len() {
        let start = left[i].0.max(right[j].0);
        let end = left[i].1.min(right[j].1);
        if start < end {
            common.push((start, end));
        }
        if left[i].1 < right[j].1 {
            i += 1;
        } else {
            j += 1;
        }
    }
    common
}

/// The part of a run inside `from_ms..=to_ms`, with values interpolated at edges the run passes through, so
/// that a line reaches the edge of the chart at the right height.
pub(crate) fn clip(run: &[Point], from_ms: i64, to_ms: i64) -> Vec<Point> {
    let start = run.partition_point(|point| point.0 < from_ms);
    let end = run.partition_point(|point| point.0 <= to_ms);
    if start > end {
        return Vec::new();
    }
    let mut clipped: Vec<Point> = Vec::with_capacity(end - start + 2);
    let starts_inside = start < end && run[start].0 == from_ms;
    if start > 0 && start < run.len() && !starts_inside {
        clipped.push((from_ms, interpolate(run[start - 1], run[start], from_ms)));
    }
    clipped.extend_from_slice(&run[start..end]);
    let ends_inside = end > start && run[end - 1].0 == to_ms;
    if end > 0 && end < run.len() && !ends_inside {
        clipped.push((to_ms, interpolate(run[end - 1], run[end], to_ms)));
    }
    clipped
}

/// The value on the straight line between two points.
pub(crate) fn interpolate(left: Point, right: Point, ms: i64) -> f64 {
    let span_ms = right.0.saturating_sub(left.0);
    if span_ms == 0 {
        return right.1;
    }
    let share = ms.saturating_sub(left.0) as f64 / span_ms as f64;
    left.1 + (right.1 - left.1) * share
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::Series;
    use figures::{Locale, Zone};

    const NAN: f64 = f64::NAN;

    #[test]
    fn a_run_ends_at_nan_and_at_a_long_hole() {
        let points = [(0, 1.0), (10, 2.0), (20, NAN), (30, 3.0), (70, 4.0), (80, 5.0)];
        let expected: Vec<&[Point]> = vec![&points[0..2], &points[3..4], &points[4..6]];
        assert_eq!(runs(&points, 15), expected);
    }

    #[test]
    fn without_a_longest_hole_only_nan_breaks_a_run() {
        let points = [(0, 1.0), (1_000_000, 2.0)];
        assert_eq!(runs(&points, 0).len(), 1);
        assert!(runs(&[(0, NAN), (1, f64::INFINITY)], 0).is_empty());
        assert!(runs(&[], 0).is_empty());
    }

    #[test]
    fn gaps_lie_between_runs_and_at_far_edges() {
        let points = [(40, 1.0), (50, 2.0), (60, NAN), (70, 3.0)];
        assert_eq!(gaps(&points, 0, 200, 15), vec![(0, 40), (50, 70), (70, 200)]);
        assert_eq!(gaps(&points, 30, 80, 15), vec![(50, 70)]);
        assert_eq!(gaps(&[], 0, 9, 15), vec![(0, 9)]);
    }

    #[test]
    fn only_what_no_series_knows_is_a_shared_gap() {
        let series = |style: u8, points: Vec<Point>| Series { name: String::new(), style, points, fill: false };
        let mut plot = Plot::new(0, 60, Zone::utc(), Locale::En);
        assert_eq!(shared_gaps(&plot), vec![(0, 60)]);
        plot.gap_ms = 15;
        plot.series = vec![
            series(1, vec![(0, 1.0), (10, 1.0), (50, 1.0), (60, 1.0)]),
            series(2, vec![(0, 1.0), (10, 1.0), (20, 1.0), (60, 1.0)]),
            series(0, vec![]),
        ];
        assert_eq!(shared_gaps(&plot), vec![(20, 50)]);
    }

    #[test]
    fn clipping_keeps_the_height_of_the_line_at_the_edges() {
        let run = [(0, 0.0), (10, 10.0), (20, 20.0)];
        assert_eq!(clip(&run, 5, 15), vec![(5, 5.0), (10, 10.0), (15, 15.0)]);
        assert_eq!(clip(&run, 0, 20), run.to_vec());
        assert_eq!(clip(&run, 12, 14), vec![(12, 12.0), (14, 14.0)]);
        assert_eq!(clip(&run, 30, 40), Vec::<Point>::new());
        assert_eq!(clip(&run, -9, -1), Vec::<Point>::new());
    }
}
