//! The shapes of severity: 0 a square, 1 a triangle, 2 a diamond, 3 a circle. Colour alone never says it.

use crate::paint::Paint;
use crate::pen::{Drawn, Pen};

/// Draws the shape of a severity around a centre, `radius` pixels to each side.
pub(crate) fn severity(pen: &Pen<'_>, severity: u8, center: (f64, f64), radius: f64) -> Drawn {
    let paint = Paint::Shape(severity.min(3));
    match outline(severity, center, radius) {
        Some(points) => pen.polygon(&points, paint),
        None => pen.circle(center, radius * 0.8, paint),
    }
}

/// The corners of a severity's shape; a circle has none.
fn outline(severity: u8, (x, y): (f64, f64), r: f64) -> Option<Vec<(f64, f64)>> {
    match severity {
        0 => {
            let half = r * 0.8;
            Some(vec![(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)])
        }
        1 => Some(vec![(x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8)]),
        2 => Some(vec![(x, y - r), (x + r, y), (x, y + r), (x - r, y)]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_severity_has_its_own_number_of_corners_or_way_of_standing() {
        let corners = |severity: u8| outline(severity, (10.0, 10.0), 5.0).map(|points| points.len());
        assert_eq!([corners(0), corners(1), corners(2), corners(3)], [Some(4), Some(3), Some(4), None]);
        assert_ne!(outline(0, (0.0, 0.0), 5.0), outline(2, (0.0, 0.0), 5.0));
    }
}
