//! What happened: flags on the time axis, crossings and firings on the line, the value at its end.

use figures::Locale;

use crate::display::Anchor;
use crate::layout::{Frame, WORD_PX, hair};
use crate::locate::value_at;
use crate::paint::Paint;
use crate::pen::{Drawn, Pen};
use crate::plot::{Marker, MarkerKind, Plot, Series};
use crate::runs::runs;
use crate::shape;
use crate::text;

/// How far the words of moments stand from their pole.
const AIR_PX: f64 = 8.0;

fn visible(plot: &Plot) -> impl Iterator<Item = &Marker> {
    plot.markers.iter().filter(move |marker| marker.ms >= plot.from_ms && marker.ms <= plot.to_ms)
}

/// Flags: a dashed pole with an arrow, above a small chart, in a lane of their own with words below a large one.
pub(crate) fn flags(pen: &Pen<'_>, plot: &Plot, frame: &Frame) -> Drawn {
    let flags: Vec<&Marker> = visible(plot).filter(|marker| marker.kind == MarkerKind::Flag).collect();
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
    let moments: Vec<&Marker> = visible(plot).filter(|marker| marker.kind != MarkerKind::Flag).collect();
    for moment in &moments {
        let (x, y) = (hair(frame.x(moment.ms)), height(plot, frame, moment.ms));
        if frame.is_large {
            pen.line(&[(x, y), (x, frame.top - 12.0)], Paint::Pole)?;
            words(pen, plot, frame, moment)?;
        }
        match moment.kind {
            MarkerKind::Fired => shape::severity(pen, moment.severity, (x, y), 6.5)?,
            _ => pen.circle((x, y), 4.5, Paint::Ring)?,
        }
    }
    if frame.is_large { wait(pen, plot, frame, &moments) } else { Ok(()) }
}

/// Where the judged line is at an instant; the middle of the frame if it is nowhere.
fn height(plot: &Plot, frame: &Frame, ms: i64) -> f64 {
    let value = plot.series.first().and_then(|series| value_at(&series.points, ms, plot.gap_ms));
    value.map_or((frame.top + frame.bottom) / 2.0, |value| frame.y(value))
}

/// Time and words of a moment above the frame: before a crossing, after what follows it, in a second row at the
/// edge when they would run over it.
fn words(pen: &Pen<'_>, plot: &Plot, frame: &Frame, moment: &Marker) -> Drawn {
    let x = frame.x(moment.ms);
    let time = figures::clock_time(moment.ms, &plot.zone);
    let time_width = text::width(&time, WORD_PX, true) + 4.0;
    let width = time_width + text::width(&moment.label, WORD_PX, false);
    let row = frame.top - 7.0;
    let (start, baseline) = if moment.kind == MarkerKind::Crossed && x - AIR_PX - width >= 0.0 {
        (x - AIR_PX - width, row)
    } else if x + AIR_PX + width <= frame.size.width {
        (x + AIR_PX, row)
    } else {
        (frame.size.width - width, row - 17.0)
    };
    pen.text((start, baseline), Anchor::Start, &time, Paint::Strong)?;
    if moment.label.is_empty() {
        return Ok(());
    }
    pen.text((start + time_width, baseline), Anchor::Start, &moment.label, Paint::Word)
}

/// The bracket from a crossing to the firing it led to, with how long the condition had to hold.
fn wait(pen: &Pen<'_>, plot: &Plot, frame: &Frame, moments: &[&Marker]) -> Drawn {
    let Some(fired) = moments.iter().find(|moment| moment.kind == MarkerKind::Fired) else { return Ok(()) };
    let crossed = moments.iter().rev().find(|moment| moment.kind == MarkerKind::Crossed && moment.ms < fired.ms);
    let Some(crossed) = crossed else { return Ok(()) };
    let (left, right) = (hair(frame.x(crossed.ms)), hair(frame.x(fired.ms)));
    let top = frame.top - 12.0;
    pen.line(&[(left, top + 4.0), (left, top), (right, top), (right, top + 4.0)], Paint::Ink)?;
    let middle = ((left + right) / 2.0, top - 7.0);
    pen.text(middle, Anchor::Middle, &held(fired.ms - crossed.ms, plot.locale), Paint::Word)
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
        let inside = series.points.partition_point(|point| point.0 <= plot.to_ms);
        let run = runs(&series.points[..inside], plot.gap_ms).pop()?;
        run.last().copied().filter(|point| point.0 >= plot.from_ms)
    });
    let (Some(series), Some((ms, value)), true) = (judged, last, frame.is_large && !plot.stacked) else {
        return Ok(());
    };
    let (x, y) = (frame.x(ms), frame.y(value));
    pen.circle((x, y), 4.5, Paint::SeriesDot(series.style.clamp(1, 8)))?;
    let number = figures::value(value, plot.y.unit, plot.locale).number;
    if x + AIR_PX + text::width(&number, WORD_PX, true) <= frame.size.width {
        pen.text((x + AIR_PX, y + 4.0), Anchor::Start, &number, Paint::Strong)
    } else {
        pen.text((x - AIR_PX, y - 9.0), Anchor::End, &number, Paint::Strong)
    }
}
