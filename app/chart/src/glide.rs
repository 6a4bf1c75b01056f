//! A living plot between two ticks: its right edge goes on evenly instead of jumping from tick to tick.
//!
//! The picture stays behind its newest sample by what the tick brought, and makes up for it at the pace of the clock. So nothing is drawn
//! before the edge has reached it, and nothing is drawn that was not measured. It goes on by whole pixels: where a tick is less than one,
//! there is nothing to see in between.

/// The picture is drawn no more often than that, however fast it goes.
const LEAST_REST_MS: i64 = 100;
/// Further behind it leaps: after a gap nobody waits for what is known already.
const MOST_BEHIND_MS: i64 = 30_000;

/// How far a picture stays behind its plot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Glide {
    /// Not negative.
    pub behind_ms: i64,
}

impl Glide {
    /// The plot went from one span to another; a pixel is `pixel_ms` long. A tick keeps the length of the span; anything else is
    /// another picture, which stands where it stands.
    #[must_use]
    pub fn moved(self, before: (i64, i64), after: (i64, i64), pixel_ms: i64) -> Glide {
        let by_ms = after.1.saturating_sub(before.1);
        let is_tick = by_ms >= 0 && by_ms == after.0.saturating_sub(before.0);
        let behind_ms = self.behind_ms.saturating_add(by_ms);
        if is_tick && behind_ms <= MOST_BEHIND_MS { Glide { behind_ms }.settled(pixel_ms) } else { Glide::default() }
    }

    /// So much time has passed.
    #[must_use]
    pub fn passed(self, ms: i64, pixel_ms: i64) -> Glide {
        Glide { behind_ms: self.behind_ms.saturating_sub(ms.max(0)).max(0) }.settled(pixel_ms)
    }

    /// How long the picture stays as it is; `None` once it has arrived.
    #[must_use]
    pub fn rest_ms(self, pixel_ms: i64) -> Option<i64> {
        (self.behind_ms > 0).then(|| pixel_ms.max(LEAST_REST_MS))
    }

    /// The last part of a pixel is none.
    fn settled(self, pixel_ms: i64) -> Glide {
        if self.behind_ms < pixel_ms { Glide::default() } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::Size;
    use crate::draw::display_in;
    use crate::layout::Frame;
    use crate::plot::{Plot, Series};
    use crate::pyramid::Pyramids;
    use figures::{Locale, Zone};

    const QUARTER: (i64, i64) = (0, 900_000);
    const TICKED: (i64, i64) = (5_000, 905_000);

    #[test]
    fn a_tick_is_made_up_for_pixel_by_pixel() {
        let glide = Glide::default().moved(QUARTER, TICKED, 2_000);
        assert_eq!((glide.behind_ms, glide.rest_ms(2_000)), (5_000, Some(2_000)));
        let glide = glide.passed(2_000, 2_000);
        assert_eq!(glide.behind_ms, 3_000);
        let glide = glide.passed(2_000, 2_000);
        assert_eq!((glide.behind_ms, glide.rest_ms(2_000)), (0, None), "less than a pixel is left");
    }

    #[test]
    fn ticks_add_up_and_a_leap_does_not_glide() {
        let glide = Glide { behind_ms: 1_000 };
        assert_eq!(glide.moved(QUARTER, TICKED, 100).behind_ms, 6_000);
        assert_eq!(glide.moved(QUARTER, QUARTER, 100), glide, "the same once more");
        for after in [(60_000, 960_000), (0, 905_000), (0, 60_000), (-5_000, 895_000), (1_000_000, 1_900_000)] {
            assert_eq!(glide.moved(QUARTER, after, 100), Glide::default(), "{after:?}");
        }
    }

    #[test]
    fn where_a_tick_is_no_pixel_nothing_glides_and_nothing_is_drawn_too_often() {
        assert_eq!(Glide::default().moved(QUARTER, TICKED, 5_001), Glide::default());
        assert_eq!(Glide { behind_ms: 5_000 }.rest_ms(3), Some(100));
        assert_eq!(Glide { behind_ms: 50 }.passed(-7, 1).behind_ms, 50, "a clock that was set back moves nothing");
    }

    #[test]
    fn a_sample_is_not_drawn_before_the_edge_has_reached_it() {
        let points = vec![(0, 0.0), (50_000, 0.0), (60_000, 80.0)];
        let mut plot = Plot::new(0, 60_000, Zone::utc(), Locale::Ja);
        plot.y.max = Some(100.0);
        plot.series = vec![Series { name: "one".to_owned(), style: 1, points, fill: false }];
        // The frame is 353 wide: a second is 5.9 px.
        let frame = Frame::of(&plot, Size::PANEL).behind(5_000);
        assert_eq!((frame.from_ms, frame.to_ms, frame.pixel_ms()), (-5_000, 55_000, 170));
        let drawn = display_in(&plot, &frame, &Pyramids::default()).to_string();
        let line = drawn.lines().find(|line| line.starts_with("path Series(1)")).unwrap();
        assert!(line.ends_with(" 387,75.2"), "half of the last step: {line}");
    }
}
