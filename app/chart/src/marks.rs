//! What lies behind and across the series: bands, limits, gaps.

use figures::Locale;

use crate::display::Anchor;
use crate::layout::{Frame, LABEL_PX, hair};
use crate::paint::Paint;
use crate::pen::{Drawn, Pen};
use crate::plot::{Limit, Plot};
use crate::shape;
use crate::text;

/// Two limit labels nearer than this would overprint: the later one is left out.
const LABEL_DISTANCE_PX: f64 = 14.0;
/// Hatching that is left at both sides of a word in a gap.
const WORD_EDGE_PX: f64 = 8.0;

/// Shaded ranges of values, worst last so that it covers.
pub(crate) fn bands(pen: &Pen<'_>, plot: &Plot, frame: &Frame) -> Drawn {
    for severity in (0..=3).rev() {
        for band in plot.bands.iter().filter(|band| band.severity == severity) {
            let top = band.high.map_or(frame.top, |value| frame.y(value));
            let bottom = band.low.map_or(frame.bottom, |value| frame.y(value));
            if bottom - top >= 0.5 {
                pen.rect((frame.left, top), (frame.right, bottom), Paint::Band(severity))?;
            }
        }
    }
    Ok(())
}

/// Hatching over the gaps.
pub(crate) fn gaps(pen: &Pen<'_>, gaps: &[(i64, i64)], frame: &Frame) -> Drawn {
    for &(start_ms, end_ms) in gaps {
        let (left, right) = (frame.x(start_ms), frame.x(end_ms));
        if right - left >= 1.0 {
            pen.rect((left, frame.top), (right, frame.bottom), Paint::Hatch)?;
        }
    }
    Ok(())
}

/// The longest gap says that it is one: across its middle where it is wide enough, else beside it where there is room.
pub(crate) fn gap_word(pen: &Pen<'_>, gaps: &[(i64, i64)], locale: Locale, frame: &Frame) -> Drawn {
    let Some(&(start_ms, end_ms)) = gaps.iter().max_by_key(|(start, end)| end.saturating_sub(*start)) else {
        return Ok(());
    };
    let (left, right) = (frame.x(start_ms), frame.x(end_ms));
    if right - left < 4.0 {
        return Ok(());
    }
    let word = gap_text(locale, frame, end_ms.saturating_sub(start_ms));
    let width = text::width(&word, LABEL_PX, false);
    if right - left > width + 2.0 * WORD_EDGE_PX {
        let middle = ((left + right) / 2.0, (frame.top + frame.bottom) / 2.0 + 4.0);
        return pen.text(middle, Anchor::Middle, &word, Paint::Word);
    }
    let y = if frame.is_large { frame.bottom - 8.0 } else { frame.top + 10.0 };
    let has_room_left = left - 5.0 - width >= frame.left;
    let has_room_right = right + 5.0 + width <= frame.right;
    if has_room_right && (frame.is_large || !has_room_left) {
        pen.text((right + 5.0, y), Anchor::Start, &word, Paint::Tick)
    } else if has_room_left {
        pen.text((left - 5.0, y), Anchor::End, &word, Paint::Tick)
    } else {
        Ok(())
    }
}

fn gap_text(locale: Locale, frame: &Frame, length_ms: i64) -> String {
    let word = no_data(locale);
    if frame.is_large { format!("{word} {}", figures::duration(length_ms, locale)) } else { word.to_owned() }
}

/// What stands where nothing is known.
pub(crate) fn no_data(locale: Locale) -> &'static str {
    match locale {
        Locale::Ja => "データなし",
        Locale::En => "No data",
    }
}

/// Limits: a dashed line each, named on a large chart and numbered on a small one. One that lies far outside the axis is pointed at.
pub(crate) fn limits(pen: &Pen<'_>, plot: &Plot, frame: &Frame) -> Drawn {
    let mut labelled: Vec<f64> = Vec::new();
    for limit in plot.limits.iter().filter(|limit| limit.value.is_finite()) {
        let y = hair(frame.y(limit.value));
        let is_inside = frame.shows(limit.value);
        if is_inside {
            pen.line(&[(frame.left, y), (frame.right, y)], Paint::Limit(limit.severity.min(3)))?;
        }
        if labelled.iter().any(|taken| (taken - y).abs() < LABEL_DISTANCE_PX) {
            continue;
        }
        labelled.push(y);
        match (is_inside, frame.is_large) {
            (true, true) => large_label(pen, plot, frame, limit, y)?,
            (true, false) => small_label(pen, plot, frame, limit, y)?,
            (false, _) => edge_label(pen, plot, frame, limit)?,
        }
    }
    Ok(())
}

/// An arrow and the words at the edge beyond which a limit lies. No line: one at the edge would be read as a limit of that value.
fn edge_label(pen: &Pen<'_>, plot: &Plot, frame: &Frame, limit: &Limit) -> Drawn {
    let is_above = limit.value > frame.bounds.high;
    let (arrow, severity) = (if is_above { "↑" } else { "↓" }, limit.severity.min(3));
    if frame.is_large {
        let baseline = if is_above { frame.top + 16.0 } else { frame.bottom - 8.0 };
        shape::severity(pen, severity, (frame.left + 11.0, baseline - 4.5), 5.5)?;
        let words = format!("{arrow} {}", named(plot, limit));
        return pen.text((frame.left + 21.0, baseline), Anchor::Start, &words, Paint::LimitStrong(severity));
    }
    let baseline = if is_above { frame.top + 11.0 } else { frame.bottom - 5.0 };
    let words = format!("{arrow} {}", written(plot, limit));
    pen.text((frame.left + 4.0, baseline), Anchor::Start, &words, Paint::LimitWord(severity))
}

/// Shape and words above the line, or below it where the frame ends.
fn large_label(pen: &Pen<'_>, plot: &Plot, frame: &Frame, limit: &Limit, y: f64) -> Drawn {
    let baseline = if y - 20.0 < frame.top { y + 16.0 } else { y - 7.0 };
    let severity = limit.severity.min(3);
    shape::severity(pen, severity, (frame.left + 11.0, baseline - 4.5), 5.5)?;
    pen.text((frame.left + 21.0, baseline), Anchor::Start, &named(plot, limit), Paint::LimitStrong(severity))
}

fn small_label(pen: &Pen<'_>, plot: &Plot, frame: &Frame, limit: &Limit, y: f64) -> Drawn {
    let baseline = if y - 12.0 < frame.top { y + 11.0 } else { y - 4.0 };
    let paint = Paint::LimitWord(limit.severity.min(3));
    pen.text((frame.left + 4.0, baseline), Anchor::Start, &written(plot, limit), paint)
}

fn named(plot: &Plot, limit: &Limit) -> String {
    if limit.label.is_empty() { written(plot, limit) } else { limit.label.clone() }
}

fn written(plot: &Plot, limit: &Limit) -> String {
    figures::value(limit.value, plot.y.unit, plot.locale).joined()
}
