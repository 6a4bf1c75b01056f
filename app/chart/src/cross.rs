//! The crosshair: a picture of its own over the chart, so that a moving pointer redraws only this.

use crate::display::{Anchor, DisplayList};
use crate::draw::record;
use crate::happened::happened;
use crate::layout::{Frame, LABEL_PX, hair};
use crate::locate::Cursor;
use crate::paint::Paint;
use crate::pen::{Drawn, Pen};
use crate::plot::Plot;
use crate::text;

const DAY_MS: i64 = 86_400_000;
const TAG_HEIGHT_PX: f64 = 16.0;
/// Lines of what went on at the needle, and how far they stand from it.
const MOST_TOLD: usize = 3;
const BESIDE_PX: f64 = 6.0;

/// Draws the crosshair of a cursor: the line, a dot on every series that has a value, and the time on a tag.
/// Empty when the cursor is outside the span.
#[must_use]
pub fn cross(plot: &Plot, frame: &Frame, cursor: &Cursor) -> DisplayList {
    record(frame.size, |sheet| {
        if cursor.ms < frame.from_ms || cursor.ms > frame.to_ms {
            return Ok(());
        }
        let pen = Pen::new(sheet);
        let x = hair(frame.x(cursor.ms));
        pen.line(&[(x, frame.top - 4.0), (x, frame.bottom)], Paint::Cross)?;
        dots(&pen, plot, frame, cursor, x)?;
        told(&pen, plot, frame, cursor, x)?;
        tag(&pen, plot, frame, cursor, x)
    })
}

/// Dots from the last series to the first, which lies on top. In a stack they stand at the sums.
fn dots(pen: &Pen<'_>, plot: &Plot, frame: &Frame, cursor: &Cursor, x: f64) -> Drawn {
    let mut total = 0.0;
    let mut heights: Vec<(u8, f64)> = Vec::new();
    for &(index, value) in &cursor.values {
        let (Some(series), Some(value)) = (plot.series.get(index), value) else { continue };
        if series.is_past() {
            continue;
        }
        total += value;
        heights.push((series.style.min(8), if plot.stacked { total } else { value }));
    }
    for (style, height) in heights.into_iter().rev().filter(|(_, height)| frame.shows(*height)) {
        pen.circle((x, frame.y(height)), 3.5, Paint::SeriesDot(style))?;
    }
    Ok(())
}

/// An instant of a plot in words: with its day where the plot shows more than one.
#[must_use]
pub fn moment(plot: &Plot, ms: i64) -> String {
    if plot.span_ms() < DAY_MS { figures::clock_time(ms, &plot.zone) } else { figures::day_time(ms, &plot.zone, plot.locale) }
}

/// What went on, beside the needle on the side with more room; its end is left out where there is not enough.
fn told(pen: &Pen<'_>, plot: &Plot, frame: &Frame, cursor: &Cursor, x: f64) -> Drawn {
    let is_right = x < (frame.left + frame.right) / 2.0;
    let room = if is_right { frame.right - x } else { x - frame.left } - 3.0 * BESIDE_PX;
    for (row, words) in happened(plot, frame, cursor.ms).into_iter().take(MOST_TOLD).enumerate() {
        // A pixel larger than it is: the words of a tag are bold.
        let words = text::fit(&words, LABEL_PX + 1.0, room);
        let width = text::width(&words, LABEL_PX, true) + 2.0 * BESIDE_PX;
        let left = if is_right { x + BESIDE_PX } else { x - BESIDE_PX - width };
        let top = frame.top + 1.0 + row as f64 * (TAG_HEIGHT_PX + 1.0);
        pen.rect((left, top), (left + width, top + TAG_HEIGHT_PX), Paint::Tag)?;
        pen.text((left + BESIDE_PX, top + 12.0), Anchor::Start, &words, Paint::TagWord)?;
    }
    Ok(())
}

/// The time on a filled tag below the axis, kept inside the picture.
fn tag(pen: &Pen<'_>, plot: &Plot, frame: &Frame, cursor: &Cursor, x: f64) -> Drawn {
    let label = moment(plot, cursor.ms);
    let half = text::width(&label, LABEL_PX, true) / 2.0 + 5.0;
    let middle = x.min(frame.size.width - half).max(half);
    let top = frame.time_y() - 12.0;
    pen.rect((middle - half, top), (middle + half, top + TAG_HEIGHT_PX), Paint::Tag)?;
    pen.text((middle, frame.time_y()), Anchor::Middle, &label, Paint::TagWord)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::Size;
    use crate::plot::{Marker, MarkerKind, Point, Scale, Series};
    use figures::{Locale, Unit, Zone};

    fn plot(stacked: bool) -> Plot {
        let series = |style: u8, points: Vec<Point>| Series { name: String::new(), style, points, fill: false };
        Plot {
            // The first value passes the half, so that the axis is the whole.
            series: vec![
                series(1, vec![(0, 60.0), (30_000, 40.0), (60_000, 40.0)]),
                series(2, vec![(0, 20.0), (30_000, 20.0), (60_000, 20.0)]),
            ],
            y: Scale { max: Some(100.0), unit: Unit::Percent, ..Scale::default() },
            stacked,
            ..Plot::new(0, 60_000, Zone::utc(), Locale::Ja)
        }
    }

    fn drawn(stacked: bool, ms: i64) -> String {
        let plot = plot(stacked);
        cross(&plot, &Frame::of(&plot, Size::PANEL), &Cursor::at(&plot, ms)).to_string()
    }

    #[test]
    fn a_cursor_is_a_line_dots_and_a_tag() {
        let expected = "size 389x136\n\
            path Cross 210.5,10 210.5,116\n\
            circle SeriesDot(2) 210.5,95.6 3.5\n\
            circle SeriesDot(1) 210.5,75.2 3.5\n";
        let drawn = drawn(false, 30_000);
        assert!(drawn.starts_with(expected), "{drawn}");
        assert!(drawn.ends_with("text TagWord 210.5,131 Middle 00:00:30\n"), "{drawn}");
    }

    #[test]
    fn in_a_stack_dots_stand_at_the_sums() {
        assert!(drawn(true, 30_000).contains("circle SeriesDot(2) 210.5,54.8 3.5"));
    }

    #[test]
    fn the_needle_tells_what_went_on_beside_it() {
        let mut plot = plot(false);
        plot.markers = vec![Marker { ms: 30_000, kind: MarkerKind::Flag, severity: 3, label: "I-1".to_owned() }];
        let at = |ms: i64| cross(&plot, &Frame::of(&plot, Size::PANEL), &Cursor::at(&plot, ms)).to_string();
        assert!(at(30_000).contains("Start 00:00 I-1\n"), "{}", at(30_000));
        assert!(!at(0).contains("I-1"));
    }

    #[test]
    fn outside_the_span_nothing_is_drawn() {
        assert_eq!(drawn(false, 90_000), "size 389x136\n");
    }
}
