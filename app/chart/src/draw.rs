//! Drawing a plot: ground first (bands, grid, axis, gaps, limits), then the series, then what happened.

use std::cell::RefCell;
use std::rc::Rc;

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::cartesian::Cartesian2d;
use plotters::drawing::IntoDrawingArea;
use plotters::element::{Circle, Polygon};
use plotters::series::LineSeries;

use crate::decimate::m4;
use crate::display::{Anchor, DisplayList, Op, Size};
use crate::layout::{Frame, LABEL_PX, hair};
use crate::marks;
use crate::moments;
use crate::paint::Paint;
use crate::pen::{DrawError, Drawn, Pen, Sheet, style};
use crate::plot::{Plot, Point, Series};
use crate::recorder::{Recorder, to_grid};
use crate::runs::{clip, runs};
use crate::scale::{TimeAxis, ValueAxis};
use crate::stack::{Layer, stack};
use crate::text;

/// The inner rectangle as plotters knows it.
type Chart<'a> = ChartContext<'a, Recorder, Cartesian2d<TimeAxis, ValueAxis>>;

/// The radius of a sample that stands alone.
const DOT_PX: f64 = 1.5;

/// Draws a plot at a size. The picture is the same on server and browser, for SVG and for canvas.
#[must_use]
pub fn display(plot: &Plot, size: Size) -> DisplayList {
    let frame = Frame::of(plot, size);
    record(frame.size, |sheet| paint(sheet, plot, &frame))
}

/// Records what a painter draws on a sheet of a size.
pub(crate) fn record<F: FnOnce(&Sheet) -> Drawn>(size: Size, painter: F) -> DisplayList {
    let ops: Rc<RefCell<Vec<Op>>> = Rc::new(RefCell::new(Vec::new()));
    let sheet: Sheet = Recorder::new(size, Rc::clone(&ops)).into_drawing_area();
    painter(&sheet).expect("the recorder has no errors and only one user");
    DisplayList { width: size.width as f32, height: size.height as f32, ops: ops.take() }
}

fn paint(sheet: &Sheet, plot: &Plot, frame: &Frame) -> Drawn {
    let pen = Pen::new(sheet);
    marks::bands(&pen, plot, frame)?;
    value_axis(&pen, plot, frame)?;
    time_axis(&pen, plot, frame)?;
    marks::gaps(&pen, plot, frame)?;
    marks::limits(&pen, plot, frame)?;
    all_series(sheet, plot, frame)?;
    marks::gap_word(&pen, plot, frame)?;
    moments::flags(&pen, plot, frame)?;
    moments::moments(&pen, plot, frame)?;
    moments::end(&pen, plot, frame)
}

/// Hairlines and their values; a large chart names its unit once above them. Lines of one role are drawn in a
/// row, so that they share an element in SVG.
fn value_axis(pen: &Pen<'_>, plot: &Plot, frame: &Frame) -> Drawn {
    let ticks = frame.value_ticks(plot);
    for y in ticks.iter().map(|tick| frame.y(tick.value)).filter(|y| *y < frame.bottom - 1.0) {
        pen.line(&[(frame.left, hair(y)), (frame.right, hair(y))], Paint::Grid)?;
    }
    for tick in &ticks {
        pen.text((frame.label_x(), frame.y(tick.value) + 4.0), Anchor::End, &tick.label, Paint::Tick)?;
    }
    let symbol = plot.y.unit.symbol();
    if frame.is_large && !symbol.is_empty() {
        pen.text((frame.label_x(), frame.top - 10.0), Anchor::End, symbol, Paint::Tick)?;
    }
    Ok(())
}

/// The base line with its ticks. A label that would be cut off at an edge is left out; its tick stays.
fn time_axis(pen: &Pen<'_>, plot: &Plot, frame: &Frame) -> Drawn {
    let ticks = frame.time_ticks(plot);
    let y = hair(frame.bottom);
    let length = if frame.is_large { 5.0 } else { 4.0 };
    pen.line(&[(frame.left, y), (frame.right, y)], Paint::Axis)?;
    for x in ticks.iter().map(|tick| hair(frame.x(tick.ms))) {
        pen.line(&[(x, frame.bottom), (x, frame.bottom + length)], Paint::Axis)?;
    }
    for tick in &ticks {
        let x = hair(frame.x(tick.ms));
        let half = text::width(&tick.label, LABEL_PX, tick.is_major) / 2.0;
        if x - half >= 0.0 && x + half <= frame.size.width + 2.0 {
            let paint = if tick.is_major { Paint::Word } else { Paint::Tick };
            pen.text((x, frame.time_y()), Anchor::Middle, &tick.label, paint)?;
        }
    }
    Ok(())
}

/// The series, the first on top. Areas lie below all lines.
fn all_series(sheet: &Sheet, plot: &Plot, frame: &Frame) -> Drawn {
    let mut chart = inner(sheet, frame)?;
    let layers = layers(plot);
    for (series, layer) in plot.series.iter().zip(&layers).filter(|(series, _)| series.fill) {
        area(&mut chart, plot, frame, series, layer)?;
    }
    for (index, (series, layer)) in plot.series.iter().zip(&layers).enumerate().rev() {
        let is_heavy = index == 0 && frame.is_large && !plot.limits.is_empty();
        line(&mut chart, plot, frame, layer, Paint::line(series.style.min(8), is_heavy))?;
    }
    Ok(())
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
fn layers(plot: &Plot) -> Vec<Layer> {
    if plot.stacked {
        return stack(&plot.series);
    }
    plot.series.iter().map(|series| Layer { lower: Vec::new(), upper: series.points.clone() }).collect()
}

fn line(chart: &mut Chart<'_>, plot: &Plot, frame: &Frame, layer: &Layer, paint: Paint) -> Drawn {
    for run in runs(&layer.upper, plot.gap_ms) {
        let visible = visible(run, frame);
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

fn area(chart: &mut Chart<'_>, plot: &Plot, frame: &Frame, series: &Series, layer: &Layer) -> Drawn {
    let ground = frame.bounds.low.max(0.0).min(frame.bounds.high);
    for run in runs(&layer.upper, plot.gap_ms) {
        let mut outline = visible(run, frame);
        if outline.len() < 2 {
            continue;
        }
        let (first_ms, last_ms) = (outline[0].0, outline[outline.len() - 1].0);
        let mut back = visible(below(run, &layer.lower), frame);
        if back.is_empty() {
            back = vec![(first_ms, ground), (last_ms, ground)];
        }
        back.reverse();
        outline.extend(back);
        let polygon: Polygon<Point> = Polygon::new(outline, style(Paint::SeriesFill(series.style.clamp(1, 8))));
        chart.plotting_area().draw(&polygon)?;
    }
    Ok(())
}

/// The part of a lower side that lies under a run.
fn below<'a>(run: &[Point], lower: &'a [Point]) -> &'a [Point] {
    let (first_ms, last_ms) = (run[0].0, run[run.len() - 1].0);
    let start = lower.partition_point(|point| point.0 < first_ms);
    let end = lower.partition_point(|point| point.0 <= last_ms);
    &lower[start..end]
}

/// A run cut to the frame and thinned to its pixels.
fn visible(run: &[Point], frame: &Frame) -> Vec<Point> {
    let clipped = clip(run, frame.from_ms, frame.to_ms);
    m4(&clipped, frame.from_ms, frame.to_ms, frame.columns())
}

#[cfg(test)]
mod tests;
