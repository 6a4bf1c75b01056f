//! Where everything stands: margins, ticks, and the way from data to pixels and back.

use crate::callouts::{ROW_PX, ROWS};
use crate::cut::{self, Cut};
use figures::{Locale, Unit, Zone};

use crate::display::Size;
use crate::plot::{MarkerKind, Plot};
use crate::pyramid::Pyramids;
use crate::scale::Bounds;
use crate::text;
use crate::time_ticks::{TimeTick, time_ticks};
use crate::value_ticks::{ValueTick, value_ticks};

/// The font size of axis labels.
pub(crate) const LABEL_PX: f64 = 11.0;
/// The font size of words at markers and limits.
pub(crate) const WORD_PX: f64 = 12.0;

/// From this height on a chart is a large one: it names its unit, its limits and its markers in words.
const LARGE_FROM_PX: f64 = 240.0;
/// Below this a chart could not hold its own axis.
const LEAST: Size = Size { width: 96.0, height: 64.0 };
/// No screen is larger.
const MOST_PX: f64 = 16_384.0;
/// Rough height between two value ticks.
const TICK_EVERY_PX: f64 = 25.0;
const MOST_STEPS: usize = 5;
/// The most of a chart's width that value labels may take.
const MOST_MARGIN: f64 = 0.4;

/// The inner rectangle of a chart in CSS pixels, and the data it stands for. Cheap to keep: make it once a
/// redraw and use it for every movement of the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
    pub from_ms: i64,
    pub to_ms: i64,
    pub bounds: Bounds,
    pub size: Size,
    pub is_large: bool,
    /// Whether the axis is a part of what the data reach over: then lines end at its edges.
    pub is_cut: bool,
}

impl Frame {
    /// The frame of a plot drawn at a size.
    #[must_use]
    pub fn of(plot: &Plot, size: Size) -> Frame {
        Frame::made(plot, size, None)
    }

    /// The same, without looking at every point of a plot whose pyramids were kept.
    #[must_use]
    pub fn over(plot: &Plot, size: Size, pyramids: &Pyramids) -> Frame {
        Frame::made(plot, size, Some(pyramids))
    }

    fn made(plot: &Plot, size: Size, pyramids: Option<&Pyramids>) -> Frame {
        let (size, is_large) = sized(size);
        let (top, bottom) = vertical(plot, size, is_large);
        let bounds = Bounds::of(plot, steps(bottom - top), pyramids);
        let left = left_margin(&labels(bounds, plot.y.unit), size, is_large);
        let to_ms = plot.from_ms.saturating_add(plot.span_ms());
        let (right, from_ms) = (right_edge(size, is_large), plot.from_ms);
        Frame { left, top, right, bottom, from_ms, to_ms, bounds, size, is_large, is_cut: false }
    }

    /// The same frame over a part of its value axis; itself where the axis has no such part.
    #[must_use]
    pub fn cut(self, cut: Cut, unit: Unit) -> Frame {
        let Some(bounds) = cut::bounds(&self.bounds, cut, unit, steps(self.bottom - self.top)) else { return self };
        let left = left_margin(&labels(bounds, unit), self.size, self.is_large);
        Frame { left, bounds, is_cut: true, ..self }
    }

    /// The frame of a picture that is no plot: with these words at its value axis. `bounds` are made for the number of steps there is
    /// room for.
    pub(crate) fn around<F: FnOnce(usize) -> (Bounds, Vec<String>)>(size: Size, (from_ms, to_ms): (i64, i64), axis: F) -> Frame {
        let (size, is_large) = sized(size);
        let (top, bottom) = margins(size, is_large);
        let (bounds, labels) = axis(steps(bottom - top));
        let left = left_margin(&labels, size, is_large);
        let to_ms = to_ms.max(from_ms.saturating_add(1));
        let right = right_edge(size, is_large);
        Frame { left, top, right, bottom, from_ms, to_ms, bounds, size, is_large, is_cut: false }
    }

    /// The same frame over what was so long before.
    #[must_use]
    pub fn behind(self, by_ms: i64) -> Frame {
        Frame { from_ms: self.from_ms.saturating_sub(by_ms), to_ms: self.to_ms.saturating_sub(by_ms), ..self }
    }

    /// How long a pixel is, at least a millisecond.
    #[must_use]
    pub fn pixel_ms(&self) -> i64 {
        (self.span_ms() / (self.right - self.left)).ceil().max(1.0) as i64
    }

    /// The place of an instant.
    #[must_use]
    pub fn x(&self, ms: i64) -> f64 {
        let share = ms.saturating_sub(self.from_ms) as f64 / self.span_ms();
        self.left + share * (self.right - self.left)
    }

    /// The place of a value, not beyond the frame.
    #[must_use]
    pub fn y(&self, value: f64) -> f64 {
        let share = self.bounds.share(value);
        self.bottom - share.clamp(0.0, 1.0) * (self.bottom - self.top)
    }

    /// The instant at a place, not beyond the frame.
    #[must_use]
    pub fn ms_at(&self, x_px: f64) -> i64 {
        let share = ((x_px - self.left) / (self.right - self.left)).clamp(0.0, 1.0);
        self.from_ms.saturating_add((share * self.span_ms()).round() as i64)
    }

    /// The value at a height, not beyond the frame.
    #[must_use]
    pub fn value_at(&self, y_px: f64) -> f64 {
        self.bounds.value_at(self.height_at(y_px))
    }

    /// Which share of the frame lies below a height.
    pub(crate) fn height_at(&self, y_px: f64) -> f64 {
        ((self.bottom - y_px) / (self.bottom - self.top)).clamp(0.0, 1.0)
    }

    fn span_ms(&self) -> f64 {
        self.to_ms.saturating_sub(self.from_ms).max(1) as f64
    }

    /// Whether a value lies within the axis.
    #[must_use]
    pub fn shows(&self, value: f64) -> bool {
        value >= self.bounds.low && value <= self.bounds.high
    }

    /// Pixel columns between the left and the right edge: what decimation aims at.
    #[must_use]
    pub fn columns(&self) -> usize {
        (self.right - self.left).ceil().max(1.0) as usize
    }

    pub(crate) fn value_ticks(&self, unit: Unit) -> Vec<ValueTick> {
        value_ticks(self.bounds, unit)
    }

    pub(crate) fn time_ticks(&self, zone: &Zone, locale: Locale) -> Vec<TimeTick> {
        time_ticks(self.from_ms, self.to_ms, self.right - self.left, zone, locale)
    }

    /// The right end of value labels.
    pub(crate) fn label_x(&self) -> f64 {
        self.left - if self.is_large { 8.0 } else { 6.0 }
    }

    /// The baseline of time labels.
    pub(crate) fn time_y(&self) -> f64 {
        self.bottom + if self.is_large { 17.0 } else { 15.0 }
    }
}

/// A hairline sits on half a pixel, or it blurs over two.
pub(crate) fn hair(place: f64) -> f64 {
    place.floor() + 0.5
}

/// A size that can hold an axis, and whether it is that of a large chart.
pub(crate) fn sized(size: Size) -> (Size, bool) {
    let size = at_least(size);
    (size, size.height >= LARGE_FROM_PX)
}

fn right_edge(size: Size, is_large: bool) -> f64 {
    size.width - if is_large { 14.0 } else { 2.0 }
}

/// How many steps of a value axis have room.
fn steps(height: f64) -> usize {
    ((height / TICK_EVERY_PX) as usize).clamp(2, MOST_STEPS)
}

fn labels(bounds: Bounds, unit: Unit) -> Vec<String> {
    value_ticks(bounds, unit).into_iter().map(|tick| tick.label).collect()
}

fn at_least(size: Size) -> Size {
    let side = |wish: f64, least: f64| if wish.is_finite() { wish.clamp(least, MOST_PX) } else { least };
    Size { width: side(size.width, LEAST.width), height: side(size.height, LEAST.height) }
}

/// Top and bottom of a frame without words of markers.
fn margins(size: Size, is_large: bool) -> (f64, f64) {
    if is_large { (26.0, size.height - 26.0) } else { (14.0, size.height - 20.0) }
}

/// Top and bottom of the frame: a large chart keeps rows for the words of its markers.
fn vertical(plot: &Plot, size: Size, is_large: bool) -> (f64, f64) {
    let (top, bottom) = margins(size, is_large);
    if !is_large {
        return (top, bottom);
    }
    let has_flags = plot.markers.iter().any(|marker| marker.kind == MarkerKind::Flag);
    let has_moments = plot.markers.iter().any(|marker| marker.kind != MarkerKind::Flag);
    let top = if has_moments { 8.0 + ROWS as f64 * ROW_PX } else { top };
    (top, if has_flags { size.height - 58.0 } else { bottom })
}

/// Room for the widest value label, but never less than other charts of the same kind have, so that panels
/// above each other share their time axis.
fn left_margin(labels: &[String], size: Size, is_large: bool) -> f64 {
    let widest = labels.iter().map(|label| text::width(label, LABEL_PX, false)).fold(0.0, f64::max);
    let (least, distance) = if is_large { (44.0, 10.0) } else { (34.0, 8.0) };
    (widest.ceil() + distance).min(size.width * MOST_MARGIN).max(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(max: f64, unit: Unit) -> Plot {
        let mut plot = Plot::new(1_000, 61_000, Zone::utc(), Locale::En);
        plot.y.max = Some(max);
        plot.y.unit = unit;
        plot
    }

    #[test]
    fn a_panel_has_the_margins_of_the_picture() {
        let frame = Frame::of(&plot(100.0, Unit::Percent), Size::PANEL);
        assert_eq!((frame.left, frame.top, frame.right, frame.bottom), (34.0, 14.0, 387.0, 116.0));
    }

    #[test]
    fn wide_labels_get_room() {
        let frame = Frame::of(&plot(2_000.0 * 1_048_576.0, Unit::Bytes), Size::PANEL);
        assert!(frame.left > 34.0);
    }

    #[test]
    fn places_and_data_are_inverse() {
        let frame = Frame::of(&plot(100.0, Unit::Percent), Size::PANEL);
        assert!((frame.x(1_000) - frame.left).abs() < 1e-9);
        assert!((frame.x(61_000) - frame.right).abs() < 1e-9);
        assert!((frame.y(0.0) - frame.bottom).abs() < 1e-9);
        assert!((frame.y(100.0) - frame.top).abs() < 1e-9);
        assert!((frame.y(1e9) - frame.top).abs() < 1e-9);
        for ms in [1_000, 1_234, 30_000, 61_000] {
            assert_eq!(frame.ms_at(frame.x(ms)), ms);
        }
        assert_eq!(frame.ms_at(-50.0), 1_000);
        assert_eq!(frame.ms_at(9_999.0), 61_000);
    }

    #[test]
    fn senseless_sizes_still_have_an_inside() {
        for size in [Size { width: 0.0, height: 0.0 }, Size { width: f64::NAN, height: -5.0 }] {
            let frame = Frame::of(&plot(100.0, Unit::None), size);
            assert!(frame.right > frame.left && frame.bottom > frame.top);
        }
    }
}
