//! A plotters backend that draws nothing and remembers everything.
//!
//! Plotters' coordinates are whole numbers, so the recorder claims to be sixteen times larger than the chart and
//! divides when it writes down: lines land on sixteenths of a pixel instead of stepping.

use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;

use plotters::style::text_anchor::HPos;
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

use crate::display::{Anchor, Op, Size};
use crate::paint::Paint;
use crate::text;

/// Recorder units to a CSS pixel.
const GRID: f64 = 16.0;

type Done = Result<(), DrawingErrorKind<Infallible>>;

/// From CSS pixels to recorder units.
pub(crate) fn to_grid(pixels: f64) -> i32 {
    (pixels * GRID).round() as i32
}

fn from_grid(units: i32) -> f32 {
    units as f32 / GRID as f32
}

/// The backend. Its list is shared, so that it can be read after plotters has taken the backend.
pub(crate) struct Recorder {
    ops: Rc<RefCell<Vec<Op>>>,
    width: u32,
    height: u32,
}

impl Recorder {
    pub(crate) fn new(size: Size, ops: Rc<RefCell<Vec<Op>>>) -> Recorder {
        Recorder { ops, width: to_grid(size.width).unsigned_abs(), height: to_grid(size.height).unsigned_abs() }
    }

    fn record(&self, op: Op) -> Done {
        self.ops.borrow_mut().push(op);
        Ok(())
    }
}

fn pairs<I: IntoIterator<Item = BackendCoord>>(path: I) -> Vec<f32> {
    path.into_iter().flat_map(|(x, y)| [from_grid(x), from_grid(y)]).collect()
}

impl DrawingBackend for Recorder {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    fn ensure_prepared(&mut self) -> Done {
        Ok(())
    }

    fn present(&mut self) -> Done {
        Ok(())
    }

    /// A chart has no pixels of its own.
    fn draw_pixel(&mut self, _point: BackendCoord, _color: BackendColor) -> Done {
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Done {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Done {
        let (left, top, right, bottom) = (upper_left.0, upper_left.1, bottom_right.0, bottom_right.1);
        if !fill {
            return self.draw_path([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], style);
        }
        let (x, y) = (from_grid(left), from_grid(top));
        let (width, height) = (from_grid(right - left), from_grid(bottom - top));
        match Paint::undisguised(style.color().rgb) {
            Paint::Hatch => self.record(Op::Hatch { x, y, width, height }),
            paint => self.record(Op::Rect { x, y, width, height, paint }),
        }
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Done {
        let paint = Paint::undisguised(style.color().rgb);
        self.record(Op::Path { points: pairs(path), paint })
    }

    fn draw_circle<S: BackendStyle>(&mut self, center: BackendCoord, radius: u32, style: &S, _fill: bool) -> Done {
        let paint = Paint::undisguised(style.color().rgb);
        let radius = radius as f32 / GRID as f32;
        self.record(Op::Circle { x: from_grid(center.0), y: from_grid(center.1), radius, paint })
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, vert: I, style: &S) -> Done {
        let paint = Paint::undisguised(style.color().rgb);
        self.record(Op::Fill { points: pairs(vert), paint })
    }

    fn draw_text<TStyle: BackendTextStyle>(&mut self, text: &str, style: &TStyle, pos: BackendCoord) -> Done {
        let paint = Paint::undisguised(style.color().rgb);
        if paint == Paint::Note {
            return self.record(Op::Note { text: text.to_owned() });
        }
        let anchor = match style.anchor().h_pos {
            HPos::Left => Anchor::Start,
            HPos::Center => Anchor::Middle,
            HPos::Right => Anchor::End,
        };
        self.record(Op::Text { x: from_grid(pos.0), y: from_grid(pos.1), anchor, text: text.to_owned(), paint })
    }

    fn estimate_text_size<TStyle: BackendTextStyle>(
        &self,
        text: &str,
        style: &TStyle,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let width = text::width(text, style.size(), false);
        Ok((width.ceil() as u32, style.size().ceil() as u32))
    }
}
