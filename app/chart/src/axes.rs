//! The two axes: hairlines and labels.

use figures::{Locale, Unit, Zone};

use crate::display::Anchor;
use crate::layout::{Frame, LABEL_PX, hair};
use crate::logarithm;
use crate::paint::Paint;
use crate::pen::{Drawn, Pen};
use crate::text;

/// Hairlines and their values; a large chart names its unit once above them. Lines of one role are drawn in a
/// row, so that they share an element in SVG.
pub(crate) fn value_axis(pen: &Pen<'_>, unit: Unit, frame: &Frame) -> Drawn {
    let ticks = frame.value_ticks(unit);
    rules(pen, frame, &logarithm::parts(&frame.bounds, unit), Paint::Minor)?;
    let values: Vec<f64> = ticks.iter().map(|tick| tick.value).collect();
    rules(pen, frame, &values, Paint::Grid)?;
    for tick in &ticks {
        pen.text((frame.label_x(), frame.y(tick.value) + 4.0), Anchor::End, &tick.label, Paint::Tick)?;
    }
    let symbol = unit.symbol();
    if frame.is_large && !symbol.is_empty() {
        pen.text((frame.label_x(), frame.top - 10.0), Anchor::End, symbol, Paint::Tick)?;
    }
    Ok(())
}

/// A hairline across the chart for each value; on the base line there is one already.
fn rules(pen: &Pen<'_>, frame: &Frame, values: &[f64], paint: Paint) -> Drawn {
    for y in values.iter().map(|value| frame.y(*value)).filter(|y| *y < frame.bottom - 1.0) {
        pen.line(&[(frame.left, hair(y)), (frame.right, hair(y))], paint)?;
    }
    Ok(())
}

/// The base line with its ticks. A label that would be cut off at an edge is left out; its tick stays.
pub(crate) fn time_axis(pen: &Pen<'_>, frame: &Frame, zone: &Zone, locale: Locale) -> Drawn {
    let ticks = frame.time_ticks(zone, locale);
    base_line(pen, frame, ticks.iter().map(|tick| frame.x(tick.ms)))?;
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

/// The line everything stands on, with its ticks.
pub(crate) fn base_line<I: Iterator<Item = f64>>(pen: &Pen<'_>, frame: &Frame, ticks: I) -> Drawn {
    let y = hair(frame.bottom);
    let length = if frame.is_large { 5.0 } else { 4.0 };
    pen.line(&[(frame.left, y), (frame.right, y)], Paint::Axis)?;
    for x in ticks.map(hair) {
        pen.line(&[(x, frame.bottom), (x, frame.bottom + length)], Paint::Axis)?;
    }
    Ok(())
}
