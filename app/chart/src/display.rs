//! The display list: a picture as a list of what to draw, in drawing order.

use std::fmt;

use crate::paint::Paint;

/// A size in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    pub width: f64,
    pub height: f64,
}

impl Size {
    /// A panel of a dashboard.
    pub const PANEL: Size = Size { width: 389.0, height: 136.0 };
    /// The chart of an alert.
    pub const WIDE: Size = Size { width: 856.0, height: 340.0 };
    /// The chart of an alert on a phone.
    pub const NARROW: Size = Size { width: 358.0, height: 300.0 };
}

/// Which end of a text its x coordinate means. y is always the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// One thing to draw. Coordinates are CSS pixels from the top left corner.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// An open line through x, y pairs.
    Path {
        points: Vec<f32>,
        paint: Paint,
    },
    /// A closed, filled outline through x, y pairs.
    Fill {
        points: Vec<f32>,
        paint: Paint,
    },
    Rect {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        paint: Paint,
    },
    Circle {
        x: f32,
        y: f32,
        radius: f32,
        paint: Paint,
    },
    /// Text on the baseline `y`.
    Text {
        x: f32,
        y: f32,
        anchor: Anchor,
        text: String,
        paint: Paint,
    },
    /// What the shape just before it says when it is pointed at. Never seen: a canvas leaves it out.
    Note {
        text: String,
    },
    /// A rectangle of diagonal lines; see `hatch_lines`.
    Hatch {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
    },
}

/// A drawn chart. Written with `{}` it is one operation a line, which is what golden tests compare.
#[derive(Clone, Debug, PartialEq)]
pub struct DisplayList {
    pub width: f32,
    pub height: f32,
    pub ops: Vec<Op>,
}

impl fmt::Display for DisplayList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "size {}x{}", number(self.width), number(self.height))?;
        self.ops.iter().try_for_each(|op| writeln!(f, "{op}"))
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Path { points, paint } => write!(f, "path {paint:?} {}", pairs(points)),
            Op::Fill { points, paint } => write!(f, "fill {paint:?} {}", pairs(points)),
            Op::Rect { x, y, width, height, paint } => {
                write!(f, "rect {paint:?} {}", pairs(&[*x, *y, *width, *height]))
            }
            Op::Circle { x, y, radius, paint } => {
                write!(f, "circle {paint:?} {} {}", pairs(&[*x, *y]), number(*radius))
            }
            Op::Text { x, y, anchor, text, paint } => {
                write!(f, "text {paint:?} {} {anchor:?} {text}", pairs(&[*x, *y]))
            }
            Op::Note { text } => write!(f, "note {text}"),
            Op::Hatch { x, y, width, height } => write!(f, "hatch {}", pairs(&[*x, *y, *width, *height])),
        }
    }
}

fn pairs(points: &[f32]) -> String {
    let pairs: Vec<String> = points.chunks_exact(2).map(|pair| format!("{},{}", number(pair[0]), number(pair[1]))).collect();
    pairs.join(" ")
}

/// A coordinate with at most one decimal, as short as it goes: a tenth of a pixel is finer than any eye.
pub(crate) fn number(value: f32) -> String {
    let tenths = tenths(value);
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, tenth) = (tenths.abs() / 10, tenths.abs() % 10);
    if tenth == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{tenth}") }
}

/// A length in tenths of a pixel, which is as fine as SVG is written.
pub(crate) fn tenths(value: f32) -> i64 {
    (f64::from(value) * 10.0).round() as i64
}

/// Pixels between two hatch lines along x: lines 5 px apart at 45 degrees.
const HATCH_STEP: f32 = 7.0;

/// The diagonal lines (bottom left to top right) of a hatched rectangle, each as x1, y1, x2, y2. Lines instead
/// of a pattern fill, because patterns need an id and a screen has many charts. The lines continue from one
/// rectangle to the next, as if cut from one sheet.
pub(crate) fn hatch_lines(x: f32, y: f32, width: f32, height: f32) -> Vec<[f32; 4]> {
    let (right, bottom) = (x + width, y + height);
    let mut lines: Vec<[f32; 4]> = Vec::new();
    // On one line x + y is constant.
    let mut sum = ((x + y) / HATCH_STEP).ceil() * HATCH_STEP;
    while sum < right + bottom {
        let low_x = x.max(sum - bottom);
        let high_x = right.min(sum - y);
        if high_x > low_x {
            lines.push([low_x, sum - low_x, high_x, sum - high_x]);
        }
        sum += HATCH_STEP;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_have_at_most_one_decimal() {
        for (value, expected) in [(0.0, "0"), (-0.04, "0"), (1.25, "1.3"), (12.0, "12"), (-3.55, "-3.5"), (805.1875, "805.2")] {
            assert_eq!(number(value), expected, "{value}");
        }
    }

    #[test]
    fn hatching_stays_inside_its_rectangle() {
        let lines = hatch_lines(10.0, 20.0, 30.0, 8.0);
        assert!(lines.len() >= 4);
        for [x1, y1, x2, y2] in lines {
            assert!((10.0..=40.0).contains(&x1) && (10.0..=40.0).contains(&x2));
            assert!((20.0..=28.0).contains(&y1) && (20.0..=28.0).contains(&y2));
            assert!((x1 + y1 - x2 - y2).abs() < 0.01);
        }
        assert!(hatch_lines(10.0, 20.0, 0.0, 8.0).is_empty());
    }

    #[test]
    fn a_list_is_written_one_operation_a_line() {
        let list = DisplayList {
            width: 10.0,
            height: 5.0,
            ops: vec![
                Op::Path { points: vec![0.0, 0.5, 10.0, 0.5], paint: Paint::Grid },
                Op::Text { x: 5.0, y: 4.0, anchor: Anchor::End, text: "a b".to_owned(), paint: Paint::Tick },
            ],
        };
        assert_eq!(list.to_string(), "size 10x5\npath Grid 0,0.5 10,0.5\ntext Tick 5,4 End a b\n");
    }
}
