//! A pen that draws through plotters in CSS pixels and roles.

use std::convert::Infallible;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, RGBAColor, ShapeStyle, TextStyle};

use crate::display::Anchor;
use crate::paint::Paint;
use crate::recorder::{Recorder, to_grid};

/// The whole picture, addressed in recorder units.
pub(crate) type Sheet = DrawingArea<Recorder, Shift>;

/// What plotters may complain about. It never does: the recorder's own error has no values, and each sheet has
/// one user.
pub(crate) type DrawError = DrawingAreaErrorKind<Infallible>;

/// What drawing answers.
pub(crate) type Drawn = Result<(), DrawError>;

/// A role as plotters wants it.
pub(crate) fn style(paint: Paint) -> ShapeStyle {
    let (red, green, blue) = paint.disguised();
    ShapeStyle { color: RGBAColor(red, green, blue, 1.0), filled: true, stroke_width: 1 }
}

/// Draws on a sheet.
pub(crate) struct Pen<'a> {
    sheet: &'a Sheet,
}

impl<'a> Pen<'a> {
    pub(crate) fn new(sheet: &'a Sheet) -> Pen<'a> {
        Pen { sheet }
    }

    /// An open line.
    pub(crate) fn line(&self, points: &[(f64, f64)], paint: Paint) -> Drawn {
        let path: PathElement<(i32, i32)> = PathElement::new(on_grid(points), style(paint));
        self.sheet.draw(&path)
    }

    /// A closed, filled outline.
    pub(crate) fn polygon(&self, points: &[(f64, f64)], paint: Paint) -> Drawn {
        let polygon: Polygon<(i32, i32)> = Polygon::new(on_grid(points), style(paint));
        self.sheet.draw(&polygon)
    }

    /// A filled rectangle between two corners.
    pub(crate) fn rect(&self, from: (f64, f64), to: (f64, f64), paint: Paint) -> Drawn {
        let corners: [(i32, i32); 2] = [(to_grid(from.0), to_grid(from.1)), (to_grid(to.0), to_grid(to.1))];
        self.sheet.draw(&Rectangle::new(corners, style(paint)))
    }

    pub(crate) fn circle(&self, center: (f64, f64), radius: f64, paint: Paint) -> Drawn {
        let center: (i32, i32) = (to_grid(center.0), to_grid(center.1));
        self.sheet.draw(&Circle::new(center, to_grid(radius), style(paint)))
    }

    /// What the shape drawn last says when it is pointed at.
    pub(crate) fn note(&self, text: &str) -> Drawn {
        self.text((0.0, 0.0), Anchor::Start, text, Paint::Note)
    }

    /// Text on a baseline.
    pub(crate) fn text(&self, at: (f64, f64), anchor: Anchor, text: &str, paint: Paint) -> Drawn {
        let position: (i32, i32) = (to_grid(at.0), to_grid(at.1));
        self.sheet.draw(&Text::new(text.to_owned(), position, text_style(anchor, paint)))
    }
}

fn on_grid(points: &[(f64, f64)]) -> Vec<(i32, i32)> {
    points.iter().map(|&(x, y)| (to_grid(x), to_grid(y))).collect()
}

fn text_style(anchor: Anchor, paint: Paint) -> TextStyle<'static> {
    let horizontal = match anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    // The size is only for plotters' own bookkeeping; the style sheet sets the real one by role.
    let font = FontDesc::new(FontFamily::SansSerif, 11.0, FontStyle::Normal);
    let (red, green, blue) = paint.disguised();
    font.color(&RGBAColor(red, green, blue, 1.0)).pos(Pos::new(horizontal, VPos::Bottom))
}
