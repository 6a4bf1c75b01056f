//! Samples that stand for themselves: bars and points. The past is a line here too.

use crate::decimate::m4;
use crate::layout::Frame;
use crate::paint::Paint;
use crate::pen::{Drawn, Pen};
use crate::plot::{Plot, Point, Series};
use crate::stack::Layer;

/// How much of a step its bars take.
const FULL: f64 = 0.8;
/// A bar is never wider: three samples in a chart are no three walls.
const MOST_PX: f64 = 48.0;
/// Bars narrower than this could not be told apart: of those in one place the tallest is drawn.
const LEAST_PX: f64 = 2.0;
/// From this width on a bar keeps a pixel free beside it, and from this height on above the one it stands on.
const AIRY_PX: f64 = 4.0;
/// Half the size of a point.
const POINT_PX: f64 = 2.5;
/// Steps in a chart whose only sample tells nothing of its step.
const USUAL_STEPS: i64 = 20;

/// Bars of one step: how wide they are together, and each of them.
struct Step {
    ms: i64,
    group_px: f64,
    bar_px: f64,
}

/// Bars from the ground, or from the bar below in a stack.
pub(crate) fn bars(pen: &Pen<'_>, plot: &Plot, frame: &Frame, layers: &[Layer<'_>]) -> Drawn {
    let present: Vec<(&Series, &Layer<'_>)> = plot.series.iter().zip(layers).filter(|(series, _)| !series.is_past()).collect();
    let step = step(plot, frame, if plot.stacked { 1 } else { present.len() });
    let standing = if plot.stacked { standing(&present, frame, &step) } else { None };
    for (place, (series, layer)) in present.into_iter().enumerate() {
        let offset = if plot.stacked { 0.0 } else { place as f64 * step.bar_px };
        let bars = match &standing {
            Some(instants) => at(layer, instants),
            None => tallest(layer, frame, &step),
        };
        for bar in bars {
            draw(pen, frame, &step, offset, &bar, Paint::Bar(series.style.clamp(1, 8)))?;
        }
    }
    Ok(())
}

/// One bar: its instant, and from which value to which it stands. `low` is `None` on the ground.
struct Bar {
    ms: i64,
    low: Option<f64>,
    high: f64,
}

impl Bar {
    fn length(&self) -> f64 {
        (self.high - self.low.unwrap_or(0.0)).abs()
    }
}

fn draw(pen: &Pen<'_>, frame: &Frame, step: &Step, offset: f64, bar: &Bar, paint: Paint) -> Drawn {
    let air = if step.bar_px >= AIRY_PX { 1.0 } else { 0.0 };
    let left = frame.x(bar.ms) - step.group_px / 2.0 + offset;
    let (left, right) = ((left.round()).max(frame.left), ((left + step.bar_px).round() - air).min(frame.right));
    let ground = frame.bounds.low.max(0.0).min(frame.bounds.high);
    let (base, end) = (frame.y(bar.low.unwrap_or(ground)), frame.y(bar.high));
    let is_standing = bar.low.is_some_and(|low| low.abs() > 0.0);
    let base = if is_standing && base - end >= AIRY_PX { base - 1.0 } else { base };
    if right - left < 0.5 || (base - end).abs() < 0.1 {
        return Ok(());
    }
    pen.rect((left, base.min(end)), (right, base.max(end)), paint)
}

/// The instants whose stacks are drawn: of those in one place the highest. `None` where there is nothing on each other.
fn standing(present: &[(&Series, &Layer<'_>)], frame: &Frame, step: &Step) -> Option<Vec<i64>> {
    let (_, first) = present.first()?;
    let total = |index: usize| {
        let ends = present.iter().filter_map(|(_, layer)| layer.upper.get(index)).map(|point| point.1);
        ends.filter(|end| end.is_finite()).fold(f64::NAN, f64::max)
    };
    let totals: Vec<Point> = first.upper.iter().enumerate().map(|(index, point)| (point.0, total(index))).collect();
    let whole = Layer { lower: Vec::new(), upper: totals.into() };
    Some(tallest(&whole, frame, step).into_iter().map(|bar| bar.ms).collect())
}

/// The bars of a layer at these instants, which ascend as its own do.
fn at(layer: &Layer<'_>, instants: &[i64]) -> Vec<Bar> {
    let mut wanted = instants.iter().peekable();
    let mut bars: Vec<Bar> = Vec::new();
    for (index, point) in layer.upper.iter().enumerate() {
        if wanted.next_if(|ms| **ms == point.0).is_some() && point.1.is_finite() {
            bars.push(Bar { ms: point.0, low: layer.lower.get(index).map(|lower| lower.1), high: point.1 });
        }
    }
    bars
}

/// The bars of a layer that touch the frame; where they would be thinner than a bar can be, the longest of each place.
fn tallest(layer: &Layer<'_>, frame: &Frame, step: &Step) -> Vec<Bar> {
    let reach = step.ms / 2;
    let start = layer.upper.partition_point(|point| point.0 < frame.from_ms.saturating_sub(reach));
    let mut bars: Vec<Bar> = Vec::new();
    let mut last_place = f64::NEG_INFINITY;
    for (index, point) in layer.upper.iter().enumerate().skip(start) {
        if point.0 > frame.to_ms.saturating_add(reach) {
            break;
        }
        if !point.1.is_finite() {
            continue;
        }
        let bar = Bar { ms: point.0, low: layer.lower.get(index).map(|lower| lower.1), high: point.1 };
        let place = (frame.x(bar.ms) / LEAST_PX).floor();
        match bars.last_mut() {
            Some(last) if place <= last_place => {
                if bar.length() > last.length() {
                    *last = bar;
                }
            }
            _ => bars.push(bar),
        }
        last_place = place;
    }
    bars
}

/// The step of a plot is the usual distance of two samples of a series: the last one may lie in the middle of its step.
fn step(plot: &Plot, frame: &Frame, n_beside: usize) -> Step {
    let present = plot.series.iter().filter(|series| !series.is_past());
    let distances = present.flat_map(|series| series.points.windows(2)).map(|pair| pair[1].0.saturating_sub(pair[0].0));
    let mut distances: Vec<i64> = distances.filter(|distance| *distance > 0).collect();
    let middle = distances.len() / 2;
    let usual = (!distances.is_empty()).then(|| *distances.select_nth_unstable(middle).1);
    let ms = usual.unwrap_or(plot.span_ms() / USUAL_STEPS).clamp(1, plot.span_ms());
    let step_px = ms as f64 / plot.span_ms() as f64 * (frame.right - frame.left);
    let n_beside = n_beside.max(1) as f64;
    let group_px = (step_px * FULL).clamp(LEAST_PX - 1.0, MOST_PX * n_beside);
    Step { ms, group_px, bar_px: (group_px / n_beside).max(1.0) }
}

/// A mark for each sample; its shape tells the series as well as its colour does.
pub(crate) fn points(pen: &Pen<'_>, plot: &Plot, frame: &Frame, layers: &[Layer<'_>]) -> Drawn {
    for (series, layer) in plot.series.iter().zip(layers).rev().filter(|(series, _)| !series.is_past()) {
        let shown: Vec<Point> = m4(&layer.upper, frame.from_ms, frame.to_ms, frame.columns());
        for (ms, value) in shown.into_iter().filter(|point| frame.shows(point.1)) {
            point(pen, series.style.clamp(1, 8), (frame.x(ms), frame.y(value)))?;
        }
    }
    Ok(())
}

fn point(pen: &Pen<'_>, style: u8, (x, y): (f64, f64)) -> Drawn {
    let (paint, r) = (Paint::SeriesDot(style), POINT_PX);
    match style % 4 {
        1 => pen.circle((x, y), r, paint),
        2 => pen.rect((x - r, y - r), (x + r, y + r), paint),
        3 => pen.polygon(&[(x, y - r * 1.3), (x + r * 1.3, y), (x, y + r * 1.3), (x - r * 1.3, y)], paint),
        _ => pen.polygon(&[(x, y - r * 1.2), (x + r * 1.2, y + r), (x - r * 1.2, y + r)], paint),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::Size;
    use crate::draw::display;
    use crate::plot::{Axis, Marks, Scale};
    use figures::{Locale, Zone};

    fn series(style: u8, points: &[Point]) -> Series {
        Series { name: format!("series {style}"), style, points: points.to_vec(), fill: true }
    }

    fn plot(marks: Marks, series: Vec<Series>) -> Plot {
        let y = Scale { min: Some(0.0), max: Some(100.0), ..Scale::default() };
        Plot { series, y, marks, ..Plot::new(0, 60_000, Zone::utc(), Locale::En) }
    }

    fn drawn(plot: &Plot, role: &str) -> Vec<String> {
        let list = display(plot, Size::PANEL).to_string();
        list.lines().filter(|line| line.contains(role)).map(str::to_owned).collect()
    }

    #[test]
    fn bars_of_several_series_stand_side_by_side() {
        let both = plot(
            Marks::Bars,
            vec![series(1, &[(10_000, 50.0), (30_000, 100.0)]), series(2, &[(10_000, 25.0), (30_000, f64::NAN)])],
        );
        // The frame is 353 wide and 102 high: a step of 20 s is 117.7 px, four fifths of it 94.1 for two bars.
        let expected = ["rect Bar(1) 46,65 46,51", "rect Bar(1) 163,14 47,102", "rect Bar(2) 93,90.5 46,25.5"];
        assert_eq!(drawn(&both, "Bar("), expected);
        assert!(drawn(&both, "SeriesFill").is_empty() && drawn(&both, "path Series").is_empty());
    }

    #[test]
    fn stacked_bars_stand_on_each_other_with_a_hairline_between() {
        let mut stacked = plot(Marks::Bars, vec![series(1, &[(30_000, 50.0)]), series(2, &[(30_000, 50.0)])]);
        stacked.stacked = true;
        let drawn = drawn(&stacked, "Bar(");
        assert_eq!(drawn.len(), 2, "{drawn:?}");
        assert!(drawn[0].contains(",65 ") && drawn[0].ends_with(",51"), "{drawn:?}");
        assert!(drawn[1].contains(",14 ") && drawn[1].ends_with(",50"), "{drawn:?}");
    }

    #[test]
    fn of_bars_in_one_place_the_tallest_is_drawn() {
        let points: Vec<Point> = (0..60_000).step_by(10).map(|ms| (ms, if ms == 30_000 { 90.0 } else { 10.0 })).collect();
        let bars = drawn(&plot(Marks::Bars, vec![series(1, &points)]), "Bar(1)");
        assert!(bars.len() > 100 && bars.len() < 200, "{}", bars.len());
        assert_eq!(bars.iter().filter(|bar| bar.ends_with(",91.8")).count(), 1);
    }

    #[test]
    fn of_stacks_in_one_place_the_highest_is_drawn_whole() {
        let first: Vec<Point> = (0..60_000).step_by(10).map(|ms| (ms, if ms % 20 == 0 { 10.0 } else { 60.0 })).collect();
        let second: Vec<Point> = first.iter().map(|point| (point.0, if point.1 > 50.0 { 20.0 } else { 30.0 })).collect();
        let mut stacked = plot(Marks::Bars, vec![series(1, &first), series(2, &second)]);
        stacked.stacked = true;
        let (lower, upper) = (drawn(&stacked, "Bar(1)"), drawn(&stacked, "Bar(2)"));
        assert_eq!(lower.len(), upper.len());
        // Six tenths of 102 px, and two tenths on them: never the thirty of another instant.
        assert!(lower.iter().skip(1).all(|bar| bar.ends_with(",61.2")), "{:?}", lower.get(1));
        assert!(upper.iter().skip(1).all(|bar| !bar.ends_with(",30.6") && !bar.ends_with(",29.6")), "{:?}", upper.get(1));
    }

    #[test]
    fn a_last_sample_in_the_middle_of_its_step_does_not_thin_the_bars() {
        let mut points: Vec<Point> = (0..6).map(|index| (index * 10_000, 50.0)).collect();
        let even = drawn(&plot(Marks::Bars, vec![series(1, &points)]), "Bar(1)");
        points.push((50_300, 50.0));
        let with_tail = drawn(&plot(Marks::Bars, vec![series(1, &points)]), "Bar(1)");
        assert_eq!(with_tail[..6], even[..]);
    }

    #[test]
    fn points_have_the_shape_of_their_series_and_the_past_stays_a_line() {
        let all = (1..=4).map(|style| series(style, &[(30_000, 50.0)]));
        let past = series(0, &[(0, 10.0), (60_000, 10.0)]);
        let plot = plot(Marks::Points, all.chain([past]).collect());
        assert_eq!(drawn(&plot, "circle SeriesDot(1)").len(), 1);
        assert_eq!(drawn(&plot, "rect SeriesDot(2)").len(), 1);
        assert_eq!(drawn(&plot, "fill SeriesDot(3)").len(), 1);
        assert_eq!(drawn(&plot, "fill SeriesDot(4)").len(), 1);
        assert_eq!(drawn(&plot, "path Past").len(), 1);
    }

    #[test]
    fn bars_on_a_logarithmic_axis_stand_on_its_floor() {
        let mut plot = plot(Marks::Bars, vec![series(1, &[(10_000, 10.0), (30_000, 0.0), (50_000, 100.0)])]);
        plot.y = Scale { axis: Axis::Log, min: Some(1.0), ..Scale::default() };
        let bars = drawn(&plot, "Bar(1)");
        assert_eq!(bars.len(), 2, "zero has no place: {bars:?}");
        assert!(bars[0].ends_with(",51") && bars[1].ends_with(",102"), "{bars:?}");
    }
}
