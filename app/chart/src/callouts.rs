//! The words above a large chart: where each of them stands, so that none runs over another, over a pole or out of the picture.
//!
//! Three rows, the lowest first. What finds no room in full keeps its time, and what finds none at all is left out: the history beside
//! the chart has everything.

/// Rows of words above the frame.
pub(crate) const ROWS: usize = 3;
/// The distance of their baselines, a line of words with its air.
pub(crate) const ROW_PX: f64 = 14.0;
/// How far words stand from their pole.
pub(crate) const AIR_PX: f64 = 8.0;
/// Words of two poles are at least this far apart.
const BETWEEN_PX: f64 = 4.0;
/// Half of what a pole keeps free.
const POLE_PX: f64 = 2.0;

/// On which side of its pole a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Before,
    After,
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::Before => Self::After,
            Self::After => Self::Before,
        }
    }

    fn start(self, x: f64, width: f64) -> f64 {
        match self {
            Self::Before => x - AIR_PX - width,
            Self::After => x + AIR_PX,
        }
    }
}

/// Words that want to stand beside a pole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wish {
    /// Where the pole is.
    pub x: f64,
    /// The side they would rather have.
    pub side: Side,
    pub width: f64,
    /// How wide they are without what follows the time.
    pub short_width: f64,
}

/// Where words stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spot {
    pub start: f64,
    pub width: f64,
    /// 0 is the row next to the frame.
    pub row: usize,
    /// Only the time fits.
    pub is_short: bool,
}

/// The rows above the frame, and what of them is taken.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    width: f64,
    /// Row, left and right of what is written there.
    taken: Vec<(usize, f64, f64)>,
    /// Row and place of what stands there. Poles may stand in the same place; words and poles may not.
    poles: Vec<(usize, f64)>,
}

impl Room {
    /// Empty rows of a picture's width.
    pub(crate) fn new(width: f64) -> Self {
        Self { width, taken: Vec::new(), poles: Vec::new() }
    }

    /// Keeps a stretch of a row free of words.
    pub(crate) fn block(&mut self, row: usize, left: f64, right: f64) {
        self.taken.push((row, left, right));
    }

    /// Keeps the row next to the frame free for a pole.
    pub(crate) fn pole(&mut self, x: f64) {
        self.poles.push((0, x));
    }

    /// Room beside a pole: as low as possible, on the wished side if possible.
    pub(crate) fn beside(&mut self, wish: &Wish) -> Option<Spot> {
        let Wish { x, side, width, short_width } = *wish;
        let mut spots = [(width, false), (short_width, true)].into_iter().flat_map(move |(width, is_short)| {
            (0..ROWS).flat_map(move |row| {
                [side, side.other()].map(move |side| Spot { start: side.start(x, width), width, row, is_short })
            })
        });
        let found = spots.find(|spot| self.is_free(spot) && self.is_reached(x, spot.row))?;
        self.take(&found);
        self.poles.extend((1..=found.row).map(|row| (row, x)));
        Some(found)
    }

    /// Room above a bracket in the lowest row: over its middle, else as near as possible.
    pub(crate) fn over(&mut self, left: f64, right: f64, width: f64) -> Option<Spot> {
        let starts = [(left + right - width) / 2.0, left, right - width];
        let mut spots = (1..ROWS).flat_map(move |row| starts.map(move |start| Spot { start, width, row, is_short: false }));
        let found = spots.find(|spot| self.is_free(spot))?;
        self.take(&found);
        Some(found)
    }

    fn take(&mut self, spot: &Spot) {
        self.block(spot.row, spot.start - BETWEEN_PX, spot.start + spot.width + BETWEEN_PX);
    }

    fn is_free(&self, spot: &Spot) -> bool {
        let (left, right) = (spot.start, spot.start + spot.width);
        let misses_poles = self.poles.iter().all(|(row, x)| *row != spot.row || right <= x - POLE_PX || x + POLE_PX <= left);
        left >= 0.0 && right <= self.width && misses_poles && self.has_room(spot.row, left, right)
    }

    fn has_room(&self, row: usize, left: f64, right: f64) -> bool {
        self.taken.iter().all(|(taken, from, to)| *taken != row || right <= *from || *to <= left)
    }

    /// Whether the pole can go up to a row without running through other words.
    fn is_reached(&self, x: f64, row: usize) -> bool {
        (1..=row).all(|row| self.has_room(row, x - POLE_PX, x + POLE_PX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FIRED: (Side, f64, f64) = (Side::After, 90.0, 60.0);
    const CROSSED: (Side, f64, f64) = (Side::Before, 150.0, 60.0);
    const WAIT: f64 = 50.0;

    /// A firing and its crossing in a picture, laid out as the chart does: row and start of the firing's words, of the crossing's, and of
    /// the wait's.
    fn laid_out(crossed: f64, fired: f64, width: f64) -> [Option<(usize, f64)>; 3] {
        let mut room = Room::new(width);
        room.pole(crossed);
        room.pole(fired);
        room.block(0, crossed, fired);
        let mut beside =
            |x: f64, (side, width, short_width): (Side, f64, f64)| room.beside(&Wish { x, side, width, short_width });
        let (first, second) = (beside(fired, FIRED), beside(crossed, CROSSED));
        let wait = room.over(crossed, fired, WAIT);
        [first, second, wait].map(|spot| spot.map(|spot| (spot.row, spot.start)))
    }

    #[test]
    fn words_stand_beside_their_poles_and_never_over_each_other() {
        for (crossed, fired, width, expected) in [
            // Room for all: the picture of the mock.
            (500.0, 560.0, 856.0, [Some((0, 568.0)), Some((0, 342.0)), Some((1, 505.0))]),
            // At the left edge the crossing's words go above the bracket, and the wait's above them.
            (50.0, 80.0, 856.0, [Some((0, 88.0)), Some((1, 58.0)), Some((2, 40.0))]),
            // At the right edge the firing's go to the left, above the bracket; the crossing's have the row below.
            (320.0, 340.0, 358.0, [Some((1, 242.0)), Some((0, 162.0)), Some((2, 305.0))]),
            // In the same pixel: one beside the other.
            (200.0, 201.0, 856.0, [Some((0, 209.0)), Some((0, 42.0)), Some((1, 175.5))]),
        ] {
            assert_eq!(laid_out(crossed, fired, width), expected, "{crossed} {fired} {width}");
        }
    }

    #[test]
    fn without_room_for_the_words_the_time_stays_and_at_last_nothing() {
        let wish = Wish { x: 60.0, side: Side::After, width: 300.0, short_width: 40.0 };
        let mut room = Room::new(120.0);
        let spots: Vec<_> = std::iter::repeat_with(|| room.beside(&wish)).take(7).collect();
        assert_eq!(spots[0].map(|spot| (spot.row, spot.start, spot.is_short)), Some((0, 68.0, true)));
        assert_eq!(spots[1].map(|spot| (spot.row, spot.start, spot.is_short)), Some((0, 12.0, true)));
        assert_eq!(spots.iter().filter(|spot| spot.is_some()).count(), 6, "two in each of three rows");
    }

    proptest! {
        #[test]
        fn no_two_words_overlap(
            wishes in prop::collection::vec((0.0f64..360.0, any::<bool>(), 20.0f64..200.0), 1..6),
            width in 200.0f64..900.0,
        ) {
            let mut room = Room::new(width);
            let wish = |(x, is_after, width): &(f64, bool, f64)| Wish {
                x: *x,
                side: if *is_after { Side::After } else { Side::Before },
                width: *width,
                short_width: width / 2.0,
            };
            wishes.iter().for_each(|(x, ..)| room.pole(*x));
            let spots: Vec<Spot> = wishes.iter().filter_map(|one| room.beside(&wish(one))).collect();
            for (index, one) in spots.iter().enumerate() {
                prop_assert!(one.start >= 0.0 && one.start + one.width <= width);
                for other in spots.iter().skip(index + 1).filter(|other| other.row == one.row) {
                    let is_apart = one.start + one.width <= other.start || other.start + other.width <= one.start;
                    prop_assert!(is_apart, "{one:?} {other:?}");
                }
            }
        }
    }
}
