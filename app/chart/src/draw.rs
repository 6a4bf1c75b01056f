//! Drawing a plot: ground first (bands, grid, axis, gaps, limits), then the series, then what happened.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::cartesian::Cartesian2d;
use plotters::drawing::IntoDrawingArea;
use plotters::element::{Circle, Polygon};
use plotters::series::LineSeries;

use crate::axes;
use crate::bars;
use crate::cut;
use crate::decimate::m4;
use crate::display::{DisplayList, Op, Size};
use crate::happened;
use crate::layout::Frame;
use crate::marks;
use crate::moments;
use crate::paint::Paint;
use crate::pen::{DrawError, Drawn, Pen, Sheet, style};
use crate::plot::{Axis, Marks, Plot, Point, Series};
use crate::pyramid::{Pyramid, Pyramids};
use crate::recorder::{Recorder, to_grid};
use crate::runs::{clip, runs, shared_gaps_over};
use crate::scale::{TimeAxis, ValueAxis};
use crate::stack::{Layer, stack};

/// The inner rectangle as plotters knows it.
type Chart<'a> = ChartContext<'a, Recorder, Cartesian2d<TimeAxis, ValueAxis>>;

/// The radius of a sample that stands alone.
const DOT_PX: f64 = 1.5;

/// Draws a plot at a size. The picture is the same on server and browser, for SVG and for canvas.
#[must_use]
pub fn display(plot: &Plot, size: Size) -> DisplayList {
    let frame = Frame::of(plot, size);
    record(frame.size, |sheet| paint(sheet, plot, &frame, None))
}

/// The same for a plot that is drawn over and over: where there are very many points, its pyramids are looked at instead.
#[must_use]
pub fn display_over(plot: &Plot, size: Size, pyramids: &Pyramids) -> DisplayList {
    let frame = Frame::over(plot, size, pyramids);
    display_in(plot, &frame, pyramids)
}

/// The same in a frame that was made before: of a part of the value axis, or of another time than the plot's.
#[must_use]
pub fn display_in(plot: &Plot, frame: &Frame, pyramids: &Pyramids) -> DisplayList {
    record(frame.size, |sheet| paint(sheet, plot, frame, Some(pyramids)))
}

/// Records what a painter draws on a sheet of a size.
pub(crate) fn record<F: FnOnce(&Sheet) -> Drawn>(size: Size, painter: F) -> DisplayList {
    let ops: Rc<RefCell<Vec<Op>>> = Rc::new(RefCell::new(Vec::new()));
    let sheet: Sheet = Recorder::new(size, Rc::clone(&ops)).into_drawing_area();
    painter(&sheet).expect("the recorder has no errors and only one user");
    DisplayList { width: size.width as f32, height: size.height as f32, ops: ops.take() }
}

fn paint(sheet: &Sheet, plot: &Plot, frame: &Frame, pyramids: Option<&Pyramids>) -> Drawn {
    let pen = Pen::new(sheet);
    let gaps = within(&shared_gaps_over(plot, pyramids), frame);
    happened::stretches(&pen, plot, frame)?;
    marks::bands(&pen, plot, frame)?;
    axes::value_axis(&pen, plot.y.unit, frame)?;
    axes::time_axis(&pen, frame, &plot.zone, plot.locale)?;
    marks::gaps(&pen, &gaps, frame)?;
    marks::limits(&pen, plot, frame)?;
    all_series(sheet, plot, frame, pyramids)?;
    marks::gap_word(&pen, &gaps, plot.locale, frame)?;
    happened::stretch_words(&pen, plot, frame)?;
    moments::flags(&pen, plot, frame)?;
    moments::moments(&pen, plot, frame)?;
    moments::end(&pen, plot, frame)
}

/// What of spans lies in the frame, which may stand behind its plot.
fn within(spans: &[(i64, i64)], frame: &Frame) -> Vec<(i64, i64)> {
    let cut = spans.iter().map(|(start, end)| (*start.max(&frame.from_ms), *end.min(&frame.to_ms)));
    cut.filter(|(start, end)| start < end).collect()
}

/// The series, the first on top. Areas lie below all lines.
fn all_series(sheet: &Sheet, plot: &Plot, frame: &Frame, pyramids: Option<&Pyramids>) -> Drawn {
    let mut chart = inner(sheet, frame)?;
    let layers = layers(plot);
    let is_line = plot.marks == Marks::Line;
    let runs_of = |index: usize, layer: &Layer<'_>| {
        let pyramid = pyramids.and_then(|pyramids| pyramids.of_series(index, &layer.upper));
        shown(&layer.upper, plot.gap_ms, frame, pyramid)
    };
    for (index, (series, layer)) in plot.series.iter().zip(&layers).enumerate() {
        if series.fill && is_line {
            area(&mut chart, frame, series, layer, runs_of(index, layer))?;
        }
    }
    match plot.marks {
        Marks::Line => {}
        Marks::Bars => bars::bars(&Pen::new(sheet), plot, frame, &layers)?,
        Marks::Points => bars::points(&Pen::new(sheet), plot, frame, &layers)?,
    }
    for (index, (series, layer)) in plot.series.iter().zip(&layers).enumerate().rev() {
        if is_line || series.is_past() {
            let is_heavy = index == 0 && frame.is_large && !plot.limits.is_empty();
            line(&mut chart, Paint::line(series.style.min(8), is_heavy), on_axis(runs_of(index, layer), frame))?;
        }
    }
    Ok(())
}

/// Of a part of the axis, only what lies in it.
fn on_axis(runs: Vec<Vec<Point>>, frame: &Frame) -> Vec<Vec<Point>> {
    if frame.is_cut { runs.iter().flat_map(|run| cut::inside(run, &frame.bounds)).collect() } else { runs }
}

/// Plotters maps onto the last unit inside a rectangle, hence the extra unit to the right and below.
fn inner<'a>(sheet: &Sheet, frame: &Frame) -> Result<Chart<'a>, DrawError> {
    let (width, height) = sheet.dim_in_pixel();
    let (width, height) = (width as i32, height as i32);
    let time_axis = TimeAxis { from_ms: frame.from_ms, to_ms: frame.to_ms };
    ChartBuilder::on(sheet)
        .margin_left(to_grid(frame.left))
        .margin_top(to_grid(frame.top))
        .margin_right(width - to_grid(frame.right) - 1)
        .margin_bottom(height - to_grid(frame.bottom) - 1)
        .build_cartesian_2d(time_axis, ValueAxis { bounds: frame.bounds })
}

/// What each series stands on and where it ends. Unstacked series stand on the axis, so their lower side is
/// left empty.
fn layers(plot: &Plot) -> Vec<Layer<'_>> {
    let mut layers: Vec<Layer<'_>> = if plot.stacked {
        stack(&plot.series)
    } else {
        plot.series.iter().map(|series| Layer { lower: Vec::new(), upper: Cow::Borrowed(series.points.as_slice()) }).collect()
    };
    if plot.y.axis == Axis::Log {
        layers.iter_mut().for_each(|layer| leave_out(plot, layer));
    }
    layers
}

/// What has no place on the axis is missing from the picture.
fn leave_out(plot: &Plot, layer: &mut Layer<'_>) {
    if layer.upper.iter().all(|point| plot.has_place(point.1)) {
        return;
    }
    for point in layer.upper.to_mut().iter_mut().filter(|point| !plot.has_place(point.1)) {
        point.1 = f64::NAN;
    }
}

/// The runs of a line as they are drawn.
fn shown(points: &[Point], gap_ms: i64, frame: &Frame, pyramid: Option<&Pyramid>) -> Vec<Vec<Point>> {
    match pyramid {
        Some(pyramid) => pyramid.thinned(points, frame.from_ms, frame.to_ms, frame.columns()),
        None => runs(points, gap_ms).into_iter().map(|run| visible(run, frame)).collect(),
    }
}

fn line(chart: &mut Chart<'_>, paint: Paint, runs: Vec<Vec<Point>>) -> Drawn {
    for visible in runs {
        if let [alone] = visible[..] {
            let dot = match paint {
                Paint::Series(style) | Paint::SeriesHeavy(style) => Paint::SeriesDot(style),
                other => other,
            };
            let circle: Circle<Point, i32> = Circle::new(alone, to_grid(DOT_PX), style(dot));
            chart.plotting_area().draw(&circle)?;
        } else {
            chart.draw_series(LineSeries::new(visible, style(paint)))?;
        }
    }
    Ok(())
}

fn area(chart: &mut Chart<'_>, frame: &Frame, series: &Series, layer: &Layer<'_>, runs: Vec<Vec<Point>>) -> Drawn {
    let ground = frame.bounds.low.max(0.0).min(frame.bounds.high);
    for mut outline in runs {
        if outline.len() < 2 {
            continue;
        }
        let (first_ms, last_ms) = (outline[0].0, outline[outline.len() - 1].0);
        let mut back = below((first_ms, last_ms), &layer.lower, frame);
        if back.is_empty() {
            back = vec![(first_ms, ground), (last_ms, ground)];
        }
        back.reverse();
        outline.extend(back);
        if frame.is_cut {
            outline = cut::flattened(&outline, &frame.bounds);
        }
        let polygon: Polygon<Point> = Polygon::new(outline, style(Paint::SeriesFill(series.style.clamp(1, 8))));
        chart.plotting_area().draw(&polygon)?;
    }
    Ok(())
}

/// The part of a lower side that lies under a stretch, thinned to its pixels.
fn below((first_ms, last_ms): (i64, i64), lower: &[Point], frame: &Frame) -> Vec<Point> {
    // One sample more on each side, for a stretch that begins or ends between two.
    let start = lower.partition_point(|point| point.0 < first_ms).saturating_sub(1);
    let end = lower.len().min(lower.partition_point(|point| point.0 <= last_ms) + 1);
    m4(&clip(&lower[start..end], first_ms, last_ms), frame.from_ms, frame.to_ms, frame.columns())
}

/// A run cut to the frame and thinned to its pixels.
fn visible(run: &[Point], frame: &Frame) -> Vec<Point> {
    let clipped = clip(run, frame.from_ms, frame.to_ms);
    m4(&clipped, frame.from_ms, frame.to_ms, frame.columns())
}

#[cfg(test)]
mod tests;
