//! Rounds: pieces of discs and rings as outlines, since a display list knows no arcs.
//!
//! Angles are turns (a whole circle is 1), clockwise from the top.

/// At most this far apart are two corners, so that at the size of a chart nobody sees them.
const CORNER_PX: f64 = 3.0;
const FEWEST: f64 = 2.0;
const MOST: f64 = 240.0;

/// The place at an angle and a distance from a centre.
pub(crate) fn place(center: (f64, f64), radius: f64, turn: f64) -> (f64, f64) {
    let angle = turn * std::f64::consts::TAU;
    (center.0 + radius * angle.sin(), center.1 - radius * angle.cos())
}

/// A stretch of a circle.
fn arc(center: (f64, f64), radius: f64, from: f64, to: f64) -> Vec<(f64, f64)> {
    let length = (to - from).abs() * std::f64::consts::TAU * radius;
    let n_pieces = (length / CORNER_PX).ceil().clamp(FEWEST, MOST);
    (0..=n_pieces as usize).map(|n| place(center, radius, from + (to - from) * n as f64 / n_pieces)).collect()
}

/// A piece of a disc.
pub(crate) fn sector(center: (f64, f64), radius: f64, from: f64, to: f64) -> Vec<(f64, f64)> {
    let mut outline = arc(center, radius, from, to);
    // A whole disc has no corner in its middle.
    if (to - from).abs() < 1.0 - 1e-9 {
        outline.push(center);
    }
    outline
}

/// A piece of a ring between two radii.
pub(crate) fn ring(center: (f64, f64), radii: (f64, f64), from: f64, to: f64) -> Vec<(f64, f64)> {
    let mut outline = arc(center, radii.1, from, to);
    let mut inner = arc(center, radii.0, from, to);
    inner.reverse();
    outline.extend(inner);
    outline
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_at(place: (f64, f64), expected: (f64, f64)) -> bool {
        (place.0 - expected.0).abs() < 1e-9 && (place.1 - expected.1).abs() < 1e-9
    }

    #[test]
    fn turns_go_clockwise_from_the_top() {
        for (turn, expected) in [(0.0, (5.0, 3.0)), (0.25, (7.0, 5.0)), (0.5, (5.0, 7.0)), (-0.25, (3.0, 5.0))] {
            assert!(is_at(place((5.0, 5.0), 2.0, turn), expected), "{turn}");
        }
    }

    #[test]
    fn a_piece_of_a_disc_ends_in_its_middle_and_a_whole_one_does_not() {
        let quarter = sector((0.0, 0.0), 30.0, 0.0, 0.25);
        assert!(is_at(quarter[0], (0.0, -30.0)) && is_at(quarter[quarter.len() - 2], (30.0, 0.0)));
        assert!(is_at(quarter[quarter.len() - 1], (0.0, 0.0)));
        assert!(sector((0.0, 0.0), 30.0, 0.0, 1.0).iter().all(|(x, y)| x.hypot(*y) > 29.0));
    }

    #[test]
    fn a_piece_of_a_ring_goes_there_and_back() {
        let half = ring((0.0, 0.0), (10.0, 20.0), -0.25, 0.25);
        assert!(is_at(half[0], (-20.0, 0.0)) && is_at(half[half.len() - 1], (-10.0, 0.0)));
        assert!(half.len() < 60);
    }
}
