//! What happened: flags on the time axis, crossings and firings on the line, the value at its end.

use figures::Locale;

use crate::callouts::{AIR_PX, ROW_PX, Room, Side, Wish};
use crate::display::Anchor;
use crate::layout::{Frame, WORD_PX, hair};
use crate::locate::{meeting, value_near};
use crate::paint::Paint;
use crate::pen::{Drawn, Pen};
use crate::plot::{Marker, MarkerKind, Marks, Plot, Point, Series};
use crate::runs::runs;
use crate::shape;
use crate::text;

/// Between the time of a moment and its words.
const SPACE_PX: f64 = 4.0;
/// How far a number above its dot reaches up from it, and how far below it one has its baseline.
const ABOVE_PX: f64 = 18.0;
const BELOW_PX: f64 = 18.0;
/// How far above the frame a pole ends, and a bracket stands.
const POLE_TOP_PX: f64 = 12.0;

fn visible<'p>(plot: &'p Plot, frame: &Frame) -> impl Iterator<Item = &'p Marker> + use<'p> {
    let (from_ms, to_ms) = (frame.from_ms, frame.to_ms);
    plot.markers.iter().filter(move |marker| (from_ms..=to_ms).contains(&marker.ms))
}

/// Flags: a dashed pole with an arrow, above a small chart, in a lane of their own with words below a large one.
pub(crate) fn flags(pen: &Pen<'_>, plot: &Plot, frame: &Frame) -> Drawn {
    let flags: Vec<&Marker> = visible(plot, frame).filter(|marker| marker.kind == MarkerKind::Flag).collect();
    if flags.is_empty() {
        return Ok(());
    }
    let arrow_y = if frame.is_large { frame.bottom + 38.0 } else { frame.top - 11.0 };
    let pole_top = if frame.is_large { frame.top } else { frame.top - 4.0 };
    if frame.is_large {
        let lane = hair(frame.bottom + 29.0);
        pen.line(&[(frame.left, lane), (frame.right, lane)], Paint::Grid)?;
    }
    for flag in &flags {
        let x = hair(frame.x(flag.ms));
        pen.line(&[(x, frame.bottom), (x, pole_top)], Paint::Pole)?;
        arrow(pen, x, arrow_y)?;
    }
    if frame.is_large { flag_words(pen, plot, frame, &flags) } else { Ok(()) }
}

/// An arrow that points up to `y`.
fn arrow(pen: &Pen<'_>, x: f64, y: f64) -> Drawn {
    pen.line(&[(x, y + 8.0), (x, y)], Paint::Ink)?;
    pen.line(&[(x - 2.5, y + 2.5), (x, y), (x + 2.5, y + 2.5)], Paint::Ink)
}

/// Words beside their arrow, left where there is room, else right, else nowhere: the list below the chart has
/// them all.
fn flag_words(pen: &Pen<'_>, plot: &Plot, frame: &Frame, flags: &[&Marker]) -> Drawn {
    let baseline = frame.bottom + 47.0;
    let arrows: Vec<f64> = flags.iter().map(|flag| frame.x(flag.ms)).collect();
    let mut taken: Vec<(f64, f64)> = arrows.iter().map(|x| (x - 4.0, x + 4.0)).collect();
    for (flag, x) in flags.iter().zip(arrows) {
        let words = format!("{} {}", figures::short_time(flag.ms, &plot.zone), flag.label);
        let width = text::width(&words, WORD_PX, false);
        let left = (x - AIR_PX - width, x - AIR_PX);
        let right = (x + AIR_PX, x + AIR_PX + width);
        if is_free(left, &taken, frame) {
            pen.text((left.1, baseline), Anchor::End, &words, Paint::Word)?;
            taken.push(left);
        } else if is_free(right, &taken, frame) {
            pen.text((right.0, baseline), Anchor::Start, &words, Paint::Word)?;
            taken.push(right);
        }
    }
    Ok(())
}

fn is_free(span: (f64, f64), taken: &[(f64, f64)], frame: &Frame) -> bool {
    let is_inside = span.0 >= 0.0 && span.1 <= frame.size.width;
    is_inside && taken.iter().all(|other| span.1 < other.0 || other.1 < span.0)
}

/// Crossings, firings and resolutions stand on the judged line.
pub(crate) fn moments(pen: &Pen<'_>, plot: &Plot, frame: &Frame) -> Drawn {
    let moments: Vec<Moment<'_>> = visible(plot, frame)
        .filter(|marker| marker.kind != MarkerKind::Flag)
        .map(|marker| Moment { marker, at: place(plot, frame, marker) })
        .collect();
    if frame.is_large {
        callouts(pen, plot, frame, &moments)?;
    }
    for moment in &moments {
        match moment.marker.kind {
            MarkerKind::Fired => shape::severity(pen, moment.marker.severity, moment.at, 6.5)?,
            _ => pen.circle(moment.at, 4.5, Paint::Ring)?,
        }
    }
    Ok(())
}

/// Something that happened, and where it stands in the picture.
struct Moment<'a> {
    marker: &'a Marker,
    at: (f64, f64),
}

/// Where a moment stands: a crossing where the line meets its limit, everything else on the line. Where there is no line, on the limit
/// it is about, and without one on the axis: never at a height that nothing has.
fn place(plot: &Plot, frame: &Frame, marker: &Marker) -> (f64, f64) {
    let points: &[Point] = plot.series.first().map_or(&[][..], |series| series.points.as_slice());
    let level = plot.limits.first().map(|limit| limit.value).filter(|value| value.is_finite());
    let is_crossing = marker.kind == MarkerKind::Crossed;
    let met = level.filter(|_| is_crossing).and_then(|level| meeting(points, level, marker.ms, plot.gap_ms));
    let met = met.filter(|ms| (frame.from_ms..=frame.to_ms).contains(ms));
    let value = if met.is_some() { level } else { value_near(points, marker.ms, plot.gap_ms).or(level) };
    let y = value.map_or(frame.bottom, |value| frame.y(value));
    (hair(frame.x(met.unwrap_or(marker.ms))), y)
}

/// The words of a moment: its time, and what happened.
struct Words {
    time: String,
    time_width: f64,
    width: f64,
}

impl Words {
    fn of(marker: &Marker, plot: &Plot) -> Self {
        let time = figures::clock_time(marker.ms, &plot.zone);
        let time_width = text::width(&time, WORD_PX, true);
        let label_width = if marker.label.is_empty() { 0.0 } else { SPACE_PX + text::width(&marker.label, WORD_PX, false) };
        Self { time, time_width, width: time_width + label_width }
    }
}

/// Poles with their words above the frame, the firing's first because it is what people were called for, and the bracket of the wait.
fn callouts(pen: &Pen<'_>, plot: &Plot, frame: &Frame, moments: &[Moment<'_>]) -> Drawn {
    let mut room = Room::new(frame.size.width);
    if !plot.y.unit.symbol().is_empty() {
        room.block(0, 0.0, frame.label_x());
    }
    moments.iter().for_each(|moment| room.pole(moment.at.0));
    let waited = waited(moments);
    if let Some((crossed, fired)) = waited {
        room.block(0, crossed.at.0, fired.at.0);
    }
    let mut by_weight: Vec<&Moment<'_>> = moments.iter().collect();
    by_weight.sort_by_key(|moment| (moment.marker.kind != MarkerKind::Fired, moment.marker.ms));
    for moment in by_weight {
        callout(pen, plot, frame, &mut room, moment)?;
    }
    match waited {
        Some((crossed, fired)) => wait(pen, plot, frame, &mut room, crossed, fired),
        None => Ok(()),
    }
}

/// The pole of a moment, up to its words.
fn callout(pen: &Pen<'_>, plot: &Plot, frame: &Frame, room: &mut Room, moment: &Moment<'_>) -> Drawn {
    let (x, y) = moment.at;
    let words = Words::of(moment.marker, plot);
    let side = if moment.marker.kind == MarkerKind::Crossed { Side::Before } else { Side::After };
    let spot = room.beside(&Wish { x, side, width: words.width, short_width: words.time_width });
    let row = spot.map_or(0, |spot| spot.row);
    pen.line(&[(x, y), (x, frame.top - POLE_TOP_PX - row as f64 * ROW_PX)], Paint::Pole)?;
    let Some(spot) = spot else { return Ok(()) };
    let baseline = baseline(frame, spot.row);
    pen.text((spot.start, baseline), Anchor::Start, &words.time, Paint::Strong)?;
    if spot.is_short || moment.marker.label.is_empty() {
        return Ok(());
    }
    let start = spot.start + words.time_width + SPACE_PX;
    pen.text((start, baseline), Anchor::Start, &moment.marker.label, Paint::Word)
}

/// The baseline of a row of words above the frame.
fn baseline(frame: &Frame, row: usize) -> f64 {
    frame.top - 7.0 - row as f64 * ROW_PX
}

/// The firing and the crossing that led to it.
fn waited<'a>(moments: &'a [Moment<'a>]) -> Option<(&'a Moment<'a>, &'a Moment<'a>)> {
    let fired = moments.iter().find(|moment| moment.marker.kind == MarkerKind::Fired)?;
    let mut before = moments.iter().rev().filter(|moment| moment.marker.ms < fired.marker.ms);
    let crossed = before.find(|moment| moment.marker.kind == MarkerKind::Crossed)?;
    Some((crossed, fired))
}

/// The bracket from a crossing to the firing it led to, with how long the condition had to hold.
fn wait(pen: &Pen<'_>, plot: &Plot, frame: &Frame, room: &mut Room, crossed: &Moment<'_>, fired: &Moment<'_>) -> Drawn {
    let (left, right) = (crossed.at.0, fired.at.0);
    let top = frame.top - POLE_TOP_PX;
    pen.line(&[(left, top + 4.0), (left, top), (right, top), (right, top + 4.0)], Paint::Ink)?;
    let held = held(fired.marker.ms - crossed.marker.ms, plot.locale);
    let Some(spot) = room.over(left, right, text::width(&held, WORD_PX, false)) else { return Ok(()) };
    let middle = (spot.start + spot.width / 2.0, baseline(frame, spot.row));
    pen.text(middle, Anchor::Middle, &held, Paint::Word)
}

/// How long a condition held, to its largest part: the exact length is the rule's, not the picture's.
fn held(length_ms: i64, locale: Locale) -> String {
    let (number, unit) = figures::duration_parts(length_ms, locale).into_iter().next().unwrap_or_default();
    match locale {
        Locale::Ja => format!("{number}{unit}継続"),
        Locale::En => format!("for {number}{unit}"),
    }
}

/// The last value of the judged line of a large chart, as a dot and in figures.
pub(crate) fn end(pen: &Pen<'_>, plot: &Plot, frame: &Frame) -> Drawn {
    let judged: Option<&Series> = plot.series.first().filter(|series| !series.is_past());
    let last = judged.and_then(|series| {
        let inside = series.points.partition_point(|point| point.0 <= frame.to_ms);
        let run = runs(&series.points[..inside], plot.gap_ms).pop()?;
        run.last().copied().filter(|point| point.0 >= frame.from_ms && plot.has_place(point.1))
    });
    let is_line = frame.is_large && !plot.stacked && plot.marks == Marks::Line;
    let (Some(series), Some((ms, value)), true) = (judged, last, is_line) else {
        return Ok(());
    };
    if frame.is_cut && !frame.shows(value) {
        return Ok(());
    }
    let (x, y) = (frame.x(ms), frame.y(value));
    pen.circle((x, y), 4.5, Paint::SeriesDot(series.style.clamp(1, 8)))?;
    let number = figures::value(value, plot.y.unit, plot.locale).number;
    if x + AIR_PX + text::width(&number, WORD_PX, true) <= frame.size.width {
        pen.text((x + AIR_PX, y + 4.0), Anchor::Start, &number, Paint::Strong)
    } else {
        // Above the frame stand the words of what happened there, often just now.
        let baseline = if y - ABOVE_PX < frame.top { y + BELOW_PX } else { y - 9.0 };
        pen.text((x - AIR_PX, baseline), Anchor::End, &number, Paint::Strong)
    }
}
