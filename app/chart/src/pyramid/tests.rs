use super::*;
use crate::decimate::m4;
use crate::display::Size;
use crate::draw::{display, display_over};
use crate::plot::Series;
use crate::runs::{runs, shared_gaps, shared_gaps_over};
use figures::{Locale, Zone};
use proptest::prelude::*;

const GAP_MS: i64 = 40;

/// Ascending times, one in thirty with a hole before it, one in thirty without a value.
fn points(n_most: usize) -> impl Strategy<Value = Vec<Point>> {
    prop::collection::vec((1i64..20, -1e3f64..1e3, 0u8..60), 0..n_most).prop_map(|samples| {
        let mut ms = 0;
        let mut points: Vec<Point> = Vec::with_capacity(samples.len());
        for (step_ms, value, die) in samples {
            ms += if die < 2 { step_ms + GAP_MS } else { step_ms };
            points.push((ms, if (2..4).contains(&die) { f64::NAN } else { value }));
        }
        points
    })
}

fn heavy(n_points: i64) -> Plot {
    let wave = |ms: i64| (ms as f64 / 900.0).sin() * 40.0 + (ms * 7_919 % 101) as f64;
    let points: Vec<Point> = (0..n_points).filter(|at| !(30_000..31_000).contains(at)).map(|at| (at * 10, wave(at))).collect();
    let mut plot = Plot::new(0, n_points * 10, Zone::utc(), Locale::En);
    plot.gap_ms = 30;
    plot.series = vec![Series { name: "one".to_owned(), style: 1, points, fill: false }];
    plot
}

fn spans(runs: Vec<&[Point]>) -> Vec<(i64, i64)> {
    runs.into_iter().map(|run| (run[0].0, run[run.len() - 1].0)).collect()
}

#[test]
fn a_light_plot_needs_no_pyramid() {
    let plot = heavy(50_000);
    let pyramids = Pyramids::of(&plot);
    assert!(pyramids.each.is_empty());
    assert_eq!(display_over(&plot, Size::PANEL, &pyramids), display(&plot, Size::PANEL));
}

#[test]
fn a_heavy_plot_has_the_same_axes_gaps_and_heights() {
    let plot = heavy(150_000);
    let pyramids = Pyramids::of(&plot);
    assert_eq!(pyramids.each.len(), 1);
    assert_eq!(shared_gaps_over(&plot, Some(&pyramids)), shared_gaps(&plot));
    let (thinned, exact) = (display_over(&plot, Size::PANEL, &pyramids).to_string(), display(&plot, Size::PANEL).to_string());
    let without_lines =
        |text: &str| text.lines().filter(|line| !line.starts_with("path Series")).map(str::to_owned).collect::<Vec<String>>();
    assert_eq!(without_lines(&thinned), without_lines(&exact));
    assert_eq!(thinned.matches("path Series(1)").count(), 2, "the gap parts the line");
    assert!(thinned.len() < exact.len());
}

#[test]
fn a_pyramid_of_other_points_is_not_used() {
    let mut plot = heavy(150_000);
    let mut pyramids = Pyramids::of(&plot);
    assert!(pyramids.of_series(0, &plot.series[0].points).is_some());
    plot.series[0].points.push((1_500_000, 5.0));
    assert!(pyramids.of_series(0, &plot.series[0].points).is_none());
    pyramids.follow(&plot);
    assert!(pyramids.of_series(0, &plot.series[0].points).is_some());
    assert!(pyramids.of_series(1, &plot.series[0].points).is_none());
}

#[test]
fn points_that_only_end_alike_are_noticed() {
    let first: Vec<Point> = (0..400).map(|at| (at, 1.0)).collect();
    let mut other: Vec<Point> = first.iter().map(|point| (point.0, 2.0)).collect();
    other[399] = first[399];
    other.push((400, 9.0));
    let mut pyramid = Pyramid::of(&first, 0);
    pyramid.follow(&other, 0);
    assert_eq!(pyramid.extent(&other, 0, 398), (2.0, 2.0));
}

proptest! {
    #[test]
    fn extents_and_runs_are_those_of_the_points(points in points(900), from in 0i64..6_000, length in 1i64..6_000) {
        let pyramid = Pyramid::of(&points, GAP_MS);
        prop_assert_eq!(pyramid.known(&points), spans(runs(&points, GAP_MS)));
        let inside = points.iter().filter(|point| point.0 >= from && point.0 <= from + length && point.1.is_finite());
        let expected = inside.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), point| (low.min(point.1), high.max(point.1)));
        prop_assert_eq!(pyramid.extent(&points, from, from + length), expected);
    }

    #[test]
    fn a_thinned_run_keeps_ends_order_and_extremes(points in points(900), columns in 1usize..80) {
        let (from, to) = (points.len() as i64 * 2, points.len() as i64 * 8 + 1);
        let pyramid = Pyramid::of(&points, GAP_MS);
        let thinned = pyramid.thinned(&points, from, to, columns);
        for run in &thinned {
            prop_assert!(run.windows(2).all(|pair| pair[0].0 < pair[1].0), "{run:?}");
            prop_assert!(run.iter().all(|point| point.0 >= from && point.0 <= to && point.1.is_finite()));
        }
        let drawn: Vec<Point> = thinned.into_iter().flatten().filter(|point| points.contains(point)).collect();
        let exact = m4(&points, from, to, columns);
        let ends = |points: &[Point]| points.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), point| (low.min(point.1), high.max(point.1)));
        prop_assert_eq!(ends(&drawn), ends(&exact));
        prop_assert_eq!(drawn.first(), exact.first());
        prop_assert_eq!(drawn.last(), exact.last());
    }

    #[test]
    fn a_pyramid_that_followed_answers_like_a_new_one(points in points(900), cuts in prop::collection::vec((0usize..900, 0usize..900), 1..6)) {
        let mut pyramid = Pyramid::of(&points[..0], GAP_MS);
        let (mut start, mut end) = (0, 0);
        for (further, gone) in cuts {
            end = points.len().min(end + further);
            start = end.min(start + gone / 4);
            let now = &points[start..end];
            pyramid.follow(now, GAP_MS);
            let fresh = Pyramid::of(now, GAP_MS);
            prop_assert_eq!(pyramid.known(now), fresh.known(now));
            prop_assert_eq!(pyramid.extent(now, 0, i64::MAX), fresh.extent(now, 0, i64::MAX));
        }
    }
}
