//! From a pointer or a key to an instant and its values.

use crate::display::Size;
use crate::layout::Frame;
use crate::plot::{Plot, Point};
use crate::runs::interpolate;

/// How far outside the frame a pointer still counts, so that the last sample can be reached.
const TOLERANCE_PX: f64 = 6.0;

/// An instant of a chart and what each series says there.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    pub ms: i64,
    /// By position in `Plot::series`. `None`: the series has a gap here.
    pub values: Vec<(usize, Option<f64>)>,
}

impl Cursor {
    /// The cursor at an instant, wherever it came from: another panel, a link, a key.
    #[must_use]
    pub fn at(plot: &Plot, ms: i64) -> Cursor {
        let values =
            plot.series.iter().enumerate().map(|(index, series)| (index, value_at(&series.points, ms, plot.gap_ms))).collect();
        Cursor { ms, values }
    }
}

/// A step of the cursor by key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stride {
    Previous,
    Next,
    /// A tenth of the span.
    PageBack,
    PageForward,
    First,
    Last,
}

/// The cursor below a pointer at `x_px` CSS pixels from the left edge of a chart, on the nearest sample of any
/// series; `None` outside the frame.
#[must_use]
pub fn nearest(plot: &Plot, x_px: f64, size: Size) -> Option<Cursor> {
    nearest_in(plot, &Frame::of(plot, size), x_px)
}

/// The same with a frame made before, which costs a pointer's movement only a few binary searches.
#[must_use]
pub fn nearest_in(plot: &Plot, frame: &Frame, x_px: f64) -> Option<Cursor> {
    if !(frame.left - TOLERANCE_PX..=frame.right + TOLERANCE_PX).contains(&x_px) {
        return None;
    }
    let wished_ms = frame.ms_at(x_px);
    let ms = nearest_sample(plot, wished_ms).unwrap_or(wished_ms);
    Some(Cursor::at(plot, ms))
}

/// Where a key leads from an instant. `None` when there is no sample to go to.
#[must_use]
pub fn stride(plot: &Plot, ms: i64, stride: Stride) -> Option<i64> {
    match stride {
        Stride::Previous => before(plot, ms),
        Stride::Next => after(plot, ms),
        Stride::First => after(plot, plot.from_ms.saturating_sub(1)),
        Stride::Last => before(plot, plot.to_ms.saturating_add(1)),
        Stride::PageBack => nearest_sample(plot, (ms - plot.span_ms() / 10).max(plot.from_ms)),
        Stride::PageForward => nearest_sample(plot, (ms + plot.span_ms() / 10).min(plot.to_ms)),
    }
}

/// What a series says at an instant: a sample, or the height of the line between two samples. `None` in a gap
/// and outside the series.
#[must_use]
pub fn value_at(points: &[Point], ms: i64, gap_ms: i64) -> Option<f64> {
    let next_index = points.partition_point(|point| point.0 < ms);
    let next = points.get(next_index).copied()?;
    if next.0 == ms {
        return Some(next.1).filter(|value| value.is_finite());
    }
    let previous = points.get(next_index.checked_sub(1)?).copied()?;
    is_joined(previous, next, gap_ms).then(|| interpolate(previous, next, ms))
}

/// Whether a line is drawn from one sample to the next.
pub(crate) fn is_joined(previous: Point, next: Point, gap_ms: i64) -> bool {
    previous.1.is_finite() && next.1.is_finite() && (gap_ms <= 0 || next.0.saturating_sub(previous.0) <= gap_ms)
}

/// What a series says at an instant or, where it says nothing, at its nearest sample. `None` when even that is further away than a
/// gap is long.
pub(crate) fn value_near(points: &[Point], ms: i64, gap_ms: i64) -> Option<f64> {
    value_at(points, ms, gap_ms).or_else(|| {
        let (past, future) = points.split_at(points.partition_point(|point| point.0 < ms));
        let before = past.iter().rev().find(|point| point.1.is_finite());
        let after = future.iter().find(|point| point.1.is_finite());
        let nearest = [before, after].into_iter().flatten().min_by_key(|point| (point.0 - ms).abs())?;
        (gap_ms <= 0 || (nearest.0 - ms).abs() <= gap_ms).then_some(nearest.1)
    })
}

/// When the drawn line meets a level, at most one sample away from an instant: what happened between two samples stands on no
/// sample, and its picture must stand where the line is seen to cross.
pub(crate) fn meeting(points: &[Point], level: f64, ms: i64, gap_ms: i64) -> Option<i64> {
    let next_index = points.partition_point(|point| point.0 < ms);
    let nearby = &points[next_index.saturating_sub(2)..points.len().min(next_index + 2)];
    nearby.windows(2).filter_map(|pair| meets(pair[0], pair[1], level, gap_ms)).min_by_key(|at| (at - ms).abs())
}

fn meets(from: Point, to: Point, level: f64, gap_ms: i64) -> Option<i64> {
    let is_crossing = is_joined(from, to, gap_ms) && (from.1 < level) != (to.1 < level);
    let share = (level - from.1) / (to.1 - from.1);
    is_crossing.then(|| from.0 + (share * (to.0 - from.0) as f64).round() as i64)
}

/// The latest sample before an instant, within the span.
fn before(plot: &Plot, ms: i64) -> Option<i64> {
    present(plot)
        .filter_map(|points| {
            let index = points.partition_point(|point| point.0 < ms);
            index.checked_sub(1).map(|index| points[index].0)
        })
        .filter(|sample_ms| *sample_ms >= plot.from_ms)
        .max()
}

/// The earliest sample after an instant, within the span.
fn after(plot: &Plot, ms: i64) -> Option<i64> {
    present(plot)
        .filter_map(|points| {
            let index = points.partition_point(|point| point.0 <= ms);
            points.get(index).map(|point| point.0)
        })
        .filter(|sample_ms| *sample_ms <= plot.to_ms)
        .min()
}

fn nearest_sample(plot: &Plot, ms: i64) -> Option<i64> {
    let candidates = [before(plot, ms.saturating_add(1)), after(plot, ms)];
    candidates.into_iter().flatten().min_by_key(|sample_ms| (sample_ms - ms).abs())
}

/// The points of the series that are not the past.
fn present(plot: &Plot) -> impl Iterator<Item = &[Point]> {
    plot.series.iter().filter(|series| !series.is_past()).map(|series| series.points.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::Series;
    use figures::{Locale, Zone};

    fn plot() -> Plot {
        let series = |style: u8, points: Vec<Point>| Series { name: String::new(), style, points, fill: false };
        let mut plot = Plot::new(0, 1_000, Zone::utc(), Locale::En);
        plot.gap_ms = 150;
        plot.y.max = Some(100.0);
        plot.series = vec![
            series(1, vec![(0, 10.0), (100, 20.0), (200, f64::NAN), (300, 40.0)]),
            series(2, vec![(50, 5.0), (800, 6.0)]),
            series(0, vec![(401, 1.0)]),
        ];
        plot
    }

    #[test]
    fn a_pointer_finds_the_nearest_sample_of_any_series() {
        let plot = plot();
        let frame = Frame::of(&plot, Size::PANEL);
        let cursor = nearest_in(&plot, &frame, frame.x(110)).unwrap();
        assert_eq!(cursor.ms, 100);
        assert_eq!(cursor.values, vec![(0, Some(20.0)), (1, None), (2, None)]);
        assert_eq!(nearest(&plot, frame.x(60), Size::PANEL).unwrap().ms, 50);
        assert_eq!(nearest(&plot, frame.x(60), Size::PANEL).unwrap().values[0], (0, Some(15.0)));
        assert_eq!(nearest(&plot, frame.x(210), Size::PANEL).unwrap().values[0], (0, None));
    }

    #[test]
    fn outside_the_frame_there_is_no_cursor() {
        assert_eq!(nearest(&plot(), 3.0, Size::PANEL), None);
        assert_eq!(nearest(&plot(), f64::NAN, Size::PANEL), None);
    }

    #[test]
    fn keys_walk_over_the_samples_of_all_series() {
        let plot = plot();
        for (from_ms, key, expected) in [
            (50, Stride::Next, Some(100)),
            (50, Stride::Previous, Some(0)),
            (0, Stride::Previous, None),
            (800, Stride::Next, None),
            (300, Stride::Next, Some(800)),
            (300, Stride::First, Some(0)),
            (300, Stride::Last, Some(800)),
            (300, Stride::PageBack, Some(200)),
            (900, Stride::PageForward, Some(800)),
        ] {
            assert_eq!(stride(&plot, from_ms, key), expected, "{from_ms} {key:?}");
        }
    }

    #[test]
    fn where_nothing_is_said_the_nearest_sample_within_a_gap_speaks() {
        let points = [(0, 10.0), (100, 20.0), (200, f64::NAN), (300, 40.0), (900, 50.0)];
        for (ms, expected) in [
            (50, Some(15.0)),
            (140, Some(20.0)),
            (200, Some(20.0)),
            (240, Some(40.0)),
            (600, None),
            (-100, Some(10.0)),
            (1_000, Some(50.0)),
            (1_200, None),
        ] {
            assert_eq!(value_near(&points, ms, 150), expected, "{ms}");
        }
        assert_eq!(value_near(&[], 0, 0), None);
    }

    #[test]
    fn a_crossing_stands_where_the_line_meets_the_level() {
        let points = [(0, 10.0), (100, 20.0), (200, 60.0), (300, 100.0), (400, f64::NAN), (1_000, 10.0)];
        for (ms, level, expected) in [
            (200, 40.0, Some(150)),
            (150, 40.0, Some(150)),
            (240, 40.0, Some(150)),
            (301, 40.0, None),
            (300, 80.0, Some(250)),
            (100, 20.0, Some(100)),
            (500, 50.0, None),
            (0, 5.0, None),
        ] {
            assert_eq!(meeting(&points, level, ms, 150), expected, "{ms} {level}");
        }
        assert_eq!(meeting(&[(0, 1.0)], 0.5, 0, 0), None);
    }

    #[test]
    fn values_are_read_off_the_line_and_never_off_a_gap() {
        let points = [(0, 10.0), (100, 20.0), (200, f64::NAN), (300, 40.0), (900, 50.0)];
        for (ms, expected) in
            [(0, Some(10.0)), (50, Some(15.0)), (150, None), (200, None), (300, Some(40.0)), (600, None), (901, None), (-1, None)]
        {
            assert_eq!(value_at(&points, ms, 150), expected, "{ms}");
        }
    }
}
