//! Fills in what a chart's display list says, twice as fine as CSS pixels, with soft edges.
//!
//! A shape is laid over four sample lines a row; how much of each pixel lies inside is added up over all parts of one operation, so that
//! the pieces of a line meet without a seam, and then its colour is laid on once.

use super::glyphs::{Face, Glyph};
use super::look::{Look, Rgb, SURFACE};
use super::outline::{self, Place};
use chart::{Anchor, DisplayList, Op, Paint, Size};

/// Pixels to a CSS pixel.
const SCALE: f32 = 2.0;
/// Sample lines to a row of pixels.
const SAMPLES: usize = 4;

/// A sheet of pixels.
pub(super) struct Canvas {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
    /// What the present operation covers, from 0 to 255 a pixel.
    cover: Vec<u8>,
}

impl Canvas {
    /// An empty sheet of a size in CSS pixels.
    pub(super) fn new(size: Size) -> Self {
        let (width, height) = ((size.width as f32 * SCALE) as usize, (size.height as f32 * SCALE) as usize);
        Self { width, height, rgb: SURFACE.repeat(width * height), cover: vec![0; width * height] }
    }

    /// In pixels.
    pub(super) fn size(&self) -> (u32, u32) {
        (self.width as u32, self.height as u32)
    }

    /// Red, green and blue, row by row.
    pub(super) fn pixels(&self) -> &[u8] {
        &self.rgb
    }

    /// Draws everything, in order.
    pub(super) fn draw(&mut self, list: &DisplayList) {
        for op in &list.ops {
            self.op(op);
        }
    }

    fn op(&mut self, op: &Op) {
        match op {
            Op::Path { points, paint } => self.line(&outline::places(points, SCALE), Look::of(*paint)),
            Op::Fill { points, paint } => self.shape(&outline::places(points, SCALE), Look::of(*paint)),
            Op::Rect { x, y, width, height, paint } => {
                let corners = outline::rectangle(x * SCALE, y * SCALE, width * SCALE, height * SCALE);
                self.shape(&corners, Look::of(*paint));
            }
            Op::Circle { x, y, radius, paint } => {
                self.shape(&outline::circle((x * SCALE, y * SCALE), radius * SCALE), Look::of(*paint));
            }
            Op::Hatch { x, y, width, height } => {
                for line in outline::hatching(*x, *y, *width, *height) {
                    let line: Vec<Place> = line.iter().map(|(x, y)| (x * SCALE, y * SCALE)).collect();
                    self.line(&line, Look::of(Paint::Hatch));
                }
            }
            Op::Note { .. } => {}
            Op::Text { x, y, anchor, text, paint } => self.text((x * SCALE, y * SCALE), *anchor, text, Look::of(*paint)),
        }
    }

    fn line(&mut self, points: &[Place], look: Look) {
        let Some(colour) = look.stroke else { return };
        let dash: Vec<f32> = look.dash.iter().map(|length| length * SCALE).collect();
        let mut rows = Rows::default();
        for part in outline::dashed(points, &dash) {
            for piece in outline::stroke(&part, look.width * SCALE) {
                self.cover(&piece, &mut rows);
            }
        }
        self.lay(colour, 1.0, &rows);
    }

    /// The inside, and its edge where there is one.
    fn shape(&mut self, corners: &[Place], look: Look) {
        let mut rows = Rows::default();
        self.cover(corners, &mut rows);
        self.lay(look.fill, look.alpha, &rows);
        if look.stroke.is_some() {
            let mut closed: Vec<Place> = corners.to_vec();
            closed.extend(corners.first());
            self.line(&closed, look);
        }
    }

    /// Adds what a polygon covers.
    fn cover(&mut self, corners: &[Place], rows: &mut Rows) {
        let Some(extent) = Extent::of(corners, self.width, self.height) else { return };
        let mut line: Vec<f32> = vec![0.0; extent.right - extent.left];
        let mut crossed: Vec<f32> = Vec::with_capacity(corners.len());
        for y in extent.top..extent.bottom {
            line.fill(0.0);
            for sample in 0..SAMPLES {
                let at: f32 = y as f32 + (sample as f32 + 0.5) / SAMPLES as f32;
                cross(corners, at, &mut crossed);
                for pair in crossed.chunks_exact(2) {
                    span(&mut line, pair[0] - extent.left as f32, pair[1] - extent.left as f32);
                }
            }
            let begin: usize = y * self.width + extent.left;
            for (cover, added) in self.cover[begin..begin + line.len()].iter_mut().zip(&line) {
                *cover = cover.saturating_add((added / SAMPLES as f32 * 255.0).round() as u8);
            }
        }
        rows.include(&extent);
    }

    /// Lays a colour over what is covered, and uncovers it.
    fn lay(&mut self, colour: Rgb, alpha: f32, rows: &Rows) {
        for at in rows.top * self.width..rows.bottom * self.width {
            let share: f32 = f32::from(self.cover[at]) / 255.0 * alpha;
            self.cover[at] = 0;
            if share > 0.0 {
                self.mix(at, colour, share);
            }
        }
    }

    fn mix(&mut self, at: usize, colour: Rgb, share: f32) {
        for (channel, wanted) in self.rgb[at * 3..at * 3 + 3].iter_mut().zip(colour) {
            let mixed: f32 = f32::from(*channel) + (f32::from(wanted) - f32::from(*channel)) * share;
            *channel = mixed.round() as u8;
        }
    }

    fn text(&mut self, at: Place, anchor: Anchor, text: &str, look: Look) {
        let face: &Face = Face::of(look.is_bold);
        let by: i32 = i32::from(look.enlarged);
        let width: i32 = face.width(text) * by;
        let begin: i32 = at.0.round() as i32;
        let mut x: i32 = match anchor {
            Anchor::Start => begin,
            Anchor::Middle => begin - width / 2,
            Anchor::End => begin - width,
        };
        for glyph in face.letters(text) {
            self.letter(glyph, (x + glyph.left * by, at.1.round() as i32 - glyph.top * by), by, look.fill);
            x += glyph.advance * by;
        }
    }

    /// A letter, each of its pixels as a square of `by` pixels.
    fn letter(&mut self, glyph: &Glyph, (left, top): (i32, i32), by: i32, colour: Rgb) {
        for (row, covers) in glyph.cover.chunks(glyph.width.max(1)).enumerate() {
            for (column, cover) in covers.iter().enumerate().filter(|(_, cover)| **cover > 0) {
                let (x, y) = (left + column as i32 * by, top + row as i32 * by);
                for n in 0..by * by {
                    self.dot((x + n % by, y + n / by), colour, f32::from(*cover) / 255.0);
                }
            }
        }
    }

    /// Mixes a colour into a pixel, if it is on the sheet.
    fn dot(&mut self, (x, y): (i32, i32), colour: Rgb, share: f32) {
        if x >= 0 && y >= 0 && (x as usize) < self.width && (y as usize) < self.height {
            self.mix(y as usize * self.width + x as usize, colour, share);
        }
    }
}

/// The rows that an operation touched.
#[derive(Default)]
struct Rows {
    top: usize,
    bottom: usize,
}

impl Rows {
    fn include(&mut self, extent: &Extent) {
        self.top = if self.bottom == 0 { extent.top } else { self.top.min(extent.top) };
        self.bottom = self.bottom.max(extent.bottom);
    }
}

/// The pixels that a polygon may touch.
struct Extent {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

impl Extent {
    /// `None` when it touches nothing of the sheet.
    fn of(corners: &[Place], width: usize, height: usize) -> Option<Self> {
        if corners.len() < 3 || corners.iter().any(|(x, y)| !x.is_finite() || !y.is_finite()) {
            return None;
        }
        let low = |pick: fn(&Place) -> f32| corners.iter().map(pick).fold(f32::INFINITY, f32::min).floor().max(0.0) as usize;
        let high = |pick: fn(&Place) -> f32| corners.iter().map(pick).fold(0.0, f32::max).ceil() as usize;
        let extent = Self {
            left: low(|place| place.0),
            right: high(|place| place.0).min(width),
            top: low(|place| place.1),
            bottom: high(|place| place.1).min(height),
        };
        if extent.left < extent.right && extent.top < extent.bottom { Some(extent) } else { None }
    }
}

/// Where the edges of a polygon cross a height, from left to right, in the place of what was there.
fn cross(corners: &[Place], y: f32, found: &mut Vec<f32>) {
    found.clear();
    let ends = corners.iter().skip(1).chain(corners.first());
    for (from, to) in corners.iter().zip(ends) {
        if (from.1 <= y) != (to.1 <= y) {
            found.push(from.0 + (y - from.1) / (to.1 - from.1) * (to.0 - from.0));
        }
    }
    found.sort_by(f32::total_cmp);
}

/// Adds to each pixel how much of it lies between two places.
fn span(line: &mut [f32], from: f32, to: f32) {
    let (from, to) = (from.max(0.0), to.min(line.len() as f32));
    if to <= from {
        return;
    }
    let (first, behind) = (from as usize, (to.ceil() as usize).min(line.len()));
    for (x, cover) in line.iter_mut().enumerate().take(behind).skip(first) {
        let inside: f32 = to.min(x as f32 + 1.0) - from.max(x as f32);
        *cover += inside.max(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Canvas {
        Canvas::new(Size { width: 10.0, height: 5.0 })
    }

    fn pixel(canvas: &Canvas, x: usize, y: usize) -> Rgb {
        let at: usize = (y * canvas.width + x) * 3;
        [canvas.rgb[at], canvas.rgb[at + 1], canvas.rgb[at + 2]]
    }

    fn drawn(op: Op) -> Canvas {
        let mut canvas: Canvas = sheet();
        canvas.draw(&DisplayList { width: 10.0, height: 5.0, ops: vec![op] });
        canvas
    }

    #[test]
    fn a_rectangle_fills_its_pixels_and_no_other() {
        let canvas: Canvas = drawn(Op::Rect { x: 1.0, y: 1.0, width: 2.0, height: 1.0, paint: Paint::Shape(0) });
        let red: Rgb = Look::of(Paint::Shape(0)).fill;
        assert_eq!(canvas.size(), (20, 10));
        for (x, y, expected) in [(2, 2, red), (5, 3, red), (1, 2, SURFACE), (6, 2, SURFACE), (3, 1, SURFACE), (3, 4, SURFACE)] {
            assert_eq!(pixel(&canvas, x, y), expected, "{x} {y}");
        }
    }

    #[test]
    fn a_line_in_pieces_has_no_seams() {
        let points: Vec<f32> = (0..=40).flat_map(|n| [n as f32 / 4.0, 2.5]).collect();
        let canvas: Canvas = drawn(Op::Path { points, paint: Paint::Grid });
        let grid: Rgb = Look::of(Paint::Grid).fill;
        assert!((0..20).all(|x| pixel(&canvas, x, 4) == grid && pixel(&canvas, x, 5) == grid));
        assert!((0..20).all(|x| pixel(&canvas, x, 2) == SURFACE && pixel(&canvas, x, 7) == SURFACE));
    }

    #[test]
    fn whatever_lies_outside_or_nowhere_does_no_harm() {
        let ops = vec![
            Op::Path { points: vec![-50.0, -50.0, 500.0, 500.0], paint: Paint::Axis },
            Op::Path { points: vec![f32::NAN, 0.0, 5.0, f32::INFINITY], paint: Paint::Limit(9) },
            Op::Circle { x: -3.0, y: 900.0, radius: 2.0, paint: Paint::Ring },
            Op::Text { x: -20.0, y: -20.0, anchor: Anchor::End, text: "龘 12:00".to_owned(), paint: Paint::Strong },
            Op::Hatch { x: 8.0, y: 3.0, width: 50.0, height: 50.0 },
            Op::Fill { points: vec![1.0, 1.0], paint: Paint::Series(200) },
        ];
        let mut canvas: Canvas = sheet();
        canvas.draw(&DisplayList { width: 10.0, height: 5.0, ops });
        assert!(canvas.cover.iter().all(|cover| *cover == 0), "nothing is left over for the next operation");
    }

    #[test]
    fn the_number_of_a_gauge_is_twice_as_large() {
        let text = |paint: Paint| Op::Text { x: 0.0, y: 5.0, anchor: Anchor::Start, text: "1".to_owned(), paint };
        let inked = |canvas: &Canvas| (0..20).filter(|x| (0..10).any(|y| pixel(canvas, *x, y) != SURFACE)).count();
        assert!(inked(&drawn(text(Paint::Reading))) > inked(&drawn(text(Paint::Strong))));
    }

    #[test]
    fn text_is_drawn_on_its_baseline() {
        let at_the_end: Canvas =
            drawn(Op::Text { x: 10.0, y: 5.0, anchor: Anchor::End, text: "1".to_owned(), paint: Paint::Word });
        let inked = |canvas: &Canvas, x: usize| (0..10).any(|y| pixel(canvas, x, y) != SURFACE);
        assert!((10..20).any(|x| inked(&at_the_end, x)));
        let at_the_start: Canvas =
            drawn(Op::Text { x: 0.0, y: 5.0, anchor: Anchor::Start, text: "1".to_owned(), paint: Paint::Word });
        assert!((0..12).any(|x| inked(&at_the_start, x)) && (14..20).all(|x| !inked(&at_the_start, x)));
    }
}
