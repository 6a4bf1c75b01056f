//! Shapes as polygons: what a line of some width covers, its dashes, circles, hatching. Pure geometry, in pixels.

/// x and y.
pub(super) type Place = (f32, f32);

/// Corners of a circle: at the sizes of a chart nobody sees them.
const CORNERS: usize = 24;
/// Between two lines of hatching along x.
const HATCH_STEP: f32 = 7.0;

/// The x, y pairs of a display list as places, enlarged.
pub(super) fn places(pairs: &[f32], by: f32) -> Vec<Place> {
    pairs.chunks_exact(2).map(|pair| (pair[0] * by, pair[1] * by)).collect()
}

/// What a line through `points` covers, a quadrangle for each of its pieces.
pub(super) fn stroke(points: &[Place], width: f32) -> Vec<[Place; 4]> {
    points.windows(2).filter_map(|ends| piece(ends[0], ends[1], width)).collect()
}

fn piece(from: Place, to: Place, width: f32) -> Option<[Place; 4]> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length: f32 = dx.hypot(dy);
    if !length.is_finite() || length <= f32::EPSILON {
        return None;
    }
    let (nx, ny) = (-dy / length * width / 2.0, dx / length * width / 2.0);
    Some([(from.0 + nx, from.1 + ny), (to.0 + nx, to.1 + ny), (to.0 - nx, to.1 - ny), (from.0 - nx, from.1 - ny)])
}

/// The drawn parts of a line, by lengths of line and gap in turn. Without lengths the line itself.
pub(super) fn dashed(points: &[Place], lengths: &[f32]) -> Vec<Vec<Place>> {
    if lengths.is_empty() || lengths.iter().any(|length| *length <= 0.0) {
        return vec![points.to_vec()];
    }
    let mut dashes = Dashes { lengths, turn: 0, left: lengths[0], open: Vec::new(), done: Vec::new() };
    for ends in points.windows(2) {
        dashes.walk(ends[0], ends[1]);
    }
    dashes.close();
    dashes.done
}

struct Dashes<'a> {
    lengths: &'a [f32],
    /// Even: a line. Odd: a gap.
    turn: usize,
    /// Of the present length.
    left: f32,
    open: Vec<Place>,
    done: Vec<Vec<Place>>,
}

impl Dashes<'_> {
    fn walk(&mut self, from: Place, to: Place) {
        let length: f32 = (to.0 - from.0).hypot(to.1 - from.1);
        if !length.is_finite() || length <= f32::EPSILON {
            return;
        }
        let at = |way: f32| (from.0 + (to.0 - from.0) * way / length, from.1 + (to.1 - from.1) * way / length);
        let mut way: f32 = 0.0;
        self.begin(from);
        while length - way > self.left {
            way += self.left;
            self.extend(at(way));
            self.close();
            self.turn += 1;
            self.left = self.lengths[self.turn % self.lengths.len()];
            self.begin(at(way));
        }
        self.left -= length - way;
        self.extend(to);
    }

    fn is_line(&self) -> bool {
        self.turn.is_multiple_of(2)
    }

    fn begin(&mut self, at: Place) {
        if self.is_line() && self.open.is_empty() {
            self.open.push(at);
        }
    }

    fn extend(&mut self, to: Place) {
        if self.is_line() {
            self.open.push(to);
        }
    }

    fn close(&mut self) {
        let piece: Vec<Place> = std::mem::take(&mut self.open);
        if piece.len() > 1 {
            self.done.push(piece);
        }
    }
}

/// A circle.
pub(super) fn circle(center: Place, radius: f32) -> Vec<Place> {
    let corner = |n: usize| {
        let angle: f32 = n as f32 / CORNERS as f32 * std::f32::consts::TAU;
        (center.0 + radius * angle.cos(), center.1 + radius * angle.sin())
    };
    (0..CORNERS).map(corner).collect()
}

/// A rectangle.
pub(super) fn rectangle(x: f32, y: f32, width: f32, height: f32) -> [Place; 4] {
    [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
}

/// The diagonal lines of a hatched rectangle, as if cut from one sheet.
pub(super) fn hatching(x: f32, y: f32, width: f32, height: f32) -> Vec<[Place; 2]> {
    let (right, bottom) = (x + width, y + height);
    let mut lines: Vec<[Place; 2]> = Vec::new();
    // On one line x + y is constant.
    let mut sum: f32 = ((x + y) / HATCH_STEP).ceil() * HATCH_STEP;
    while sum < right + bottom {
        let (low, high) = (x.max(sum - bottom), right.min(sum - y));
        if high > low {
            lines.push([(low, sum - low), (high, sum - high)]);
        }
        sum += HATCH_STEP;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_covers_its_width_on_both_sides() {
        let covered: Vec<[Place; 4]> = stroke(&[(0.0, 5.0), (10.0, 5.0), (10.0, 5.0)], 2.0);
        assert_eq!(covered, [[(0.0, 6.0), (10.0, 6.0), (10.0, 4.0), (0.0, 4.0)]]);
        assert!(stroke(&[(0.0, f32::NAN), (10.0, 5.0)], 2.0).is_empty());
    }

    #[test]
    fn dashes_go_on_around_a_corner() {
        let line: [Place; 3] = [(0.0, 0.0), (6.0, 0.0), (6.0, 6.0)];
        let parts: Vec<Vec<Place>> = dashed(&line, &[4.0, 1.0]);
        assert_eq!(parts, [vec![(0.0, 0.0), (4.0, 0.0)], vec![(5.0, 0.0), (6.0, 0.0), (6.0, 3.0)], vec![(6.0, 4.0), (6.0, 6.0)]]);
        assert_eq!(dashed(&line, &[]), [line.to_vec()]);
        assert_eq!(dashed(&line, &[0.0, 0.0]), [line.to_vec()]);
    }

    #[test]
    fn hatching_stays_inside() {
        for [from, to] in hatching(10.0, 20.0, 30.0, 8.0) {
            assert!((10.0..=40.0).contains(&from.0) && (20.0..=28.0).contains(&to.1));
        }
        assert!(hatching(10.0, 20.0, 0.0, 8.0).is_empty());
    }
}
