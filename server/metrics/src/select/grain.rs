//! Whether windows can be made of roll-ups, and how wide the steps may be. Pure.

use crate::compact::rolls::{NARROW_MS, WIDE_MS};
use crate::source::{Folding, Windows};

/// Steps between which all borders of some windows fall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grain {
    /// How wide the roll-ups are that have to be read.
    pub(crate) stored_ms: i32,
    /// How wide the steps are that they can be joined to; a multiple of the former.
    pub(crate) joined_ms: i64,
}

impl Grain {
    /// The widest steps that do; `None` when a border falls inside the narrowest roll-up.
    pub(crate) fn of(windows: &Windows) -> Option<Self> {
        let ends_ms: i64 = common(windows.first_ms, windows.step_ms);
        let joined_ms: i64 = match windows.folding {
            Folding::Never => return None,
            Folding::Newest => ends_ms,
            Folding::Whole => common(ends_ms, windows.range_ms),
        };
        let divides = |width_ms: &i32| joined_ms > 0 && joined_ms % i64::from(*width_ms) == 0;
        let stored_ms: i32 = [WIDE_MS, NARROW_MS].into_iter().find(divides)?;
        Some(Self { stored_ms, joined_ms })
    }
}

/// The greatest common divisor; of 0 and a number, that number.
fn common(left: i64, right: i64) -> i64 {
    let (mut left, mut right): (i64, i64) = (left.saturating_abs(), right.saturating_abs());
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE_MS: i64 = 60_000;
    /// Noon of 2026-11-22.
    const NOON_MS: i64 = 1_795_348_800_000;

    fn grain(folding: Folding, minutes_after_noon: i64, step_minutes: i64, range_minutes: i64) -> Option<(i32, i64)> {
        let windows = Windows {
            first_ms: NOON_MS + minutes_after_noon * MINUTE_MS,
            step_ms: step_minutes * MINUTE_MS,
            range_ms: range_minutes * MINUTE_MS,
            folding,
        };
        Grain::of(&windows).map(|grain| (grain.stored_ms / 60_000, grain.joined_ms / MINUTE_MS))
    }

    #[test]
    fn borders_decide_how_wide_steps_may_be() {
        for (asked, wanted) in [
            ((Folding::Whole, 0, 60, 60), Some((60, 60))),
            ((Folding::Whole, 0, 60, 120), Some((60, 60))),
            ((Folding::Whole, 30, 60, 60), Some((5, 30))),
            ((Folding::Whole, 0, 45, 45), Some((5, 45))),
            ((Folding::Whole, 0, 60, 5), Some((5, 5))),
            ((Folding::Whole, 1, 60, 60), None),
            ((Folding::Whole, 0, 60, 6), None),
            ((Folding::Whole, 0, 1, 5), None),
            // Where the newest sample decides, windows may begin anywhere.
            ((Folding::Newest, 0, 60, 6), Some((60, 60))),
            ((Folding::Newest, 5, 60, 5), Some((5, 5))),
            ((Folding::Newest, 4, 60, 5), None),
            ((Folding::Never, 0, 60, 60), None),
        ] {
            assert_eq!(grain(asked.0, asked.1, asked.2, asked.3), wanted, "{asked:?}");
        }
    }

    #[test]
    fn one_window_at_the_beginning_of_time_has_no_width() {
        let windows = Windows { first_ms: 0, step_ms: 0, range_ms: 300_000, folding: Folding::Newest };
        assert_eq!(Grain::of(&windows), None);
    }
}
