//! Yen, exactly: a product of whole numbers over one denominator, rounded once and by name.

use super::WHOLE_BP;
use serde::{Deserialize, Serialize};

const HOUR_MS: u128 = 3_600_000;
/// What an exact amount is counted in: one yen is so many.
const PER_YEN: u128 = HOUR_MS * WHOLE_BP as u128;

/// Which way half a yen goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundingMode {
    /// Half a yen and more is a yen (the ministry's notice 昭和63年3月14日 基発第150号 allows it).
    HalfUp,
    /// Never to the worker's disadvantage.
    Up,
    /// Cut off. It may pay less than a yen under the floor.
    Down,
}

impl RoundingMode {
    /// The word in the database and in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HalfUp => "half_up",
            Self::Up => "up",
            Self::Down => "down",
        }
    }

    /// The mode of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::HalfUp, Self::Up, Self::Down].into_iter().find(|mode| mode.as_str() == word)
    }
}

/// Which way, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rounding {
    pub mode: RoundingMode,
    /// Every segment, so that the proof adds up; otherwise the month's total only.
    pub each_segment: bool,
}

impl Default for Rounding {
    fn default() -> Self {
        Self { mode: RoundingMode::HalfUp, each_segment: true }
    }
}

/// An exact amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exact(u128);

impl Exact {
    /// `ms` at `base_yen` an hour and so many ten-thousandths of it. Negative time is none.
    #[must_use]
    pub fn of(ms: i64, base_yen: u32, multiplier_bp: u32) -> Self {
        let ms: u128 = u128::try_from(ms).unwrap_or(0);
        Self(ms * u128::from(base_yen) * u128::from(multiplier_bp))
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// In whole yen.
    #[must_use]
    pub fn rounded(self, mode: RoundingMode) -> i64 {
        let (yen, rest) = (self.0 / PER_YEN, self.0 % PER_YEN);
        let is_up: bool = match mode {
            RoundingMode::HalfUp => rest * 2 >= PER_YEN,
            RoundingMode::Up => rest > 0,
            RoundingMode::Down => false,
        };
        i64::try_from(yen + u128::from(is_up)).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn yen_are_rounded_by_name() {
        // One minute at 1,530 yen an hour is 25.5 yen; at 125 % 31.875.
        for (mode, half, more) in [(RoundingMode::HalfUp, 26, 32), (RoundingMode::Up, 26, 32), (RoundingMode::Down, 25, 31)] {
            assert_eq!(Exact::of(60_000, 1_530, 10_000).rounded(mode), half, "{mode:?}");
            assert_eq!(Exact::of(60_000, 1_530, 12_500).rounded(mode), more, "{mode:?}");
            assert_eq!(RoundingMode::from_word(mode.as_str()), Some(mode));
        }
        assert_eq!(Exact::of(60_000, 1_524, 10_000).rounded(RoundingMode::HalfUp), 25, "25.4");
        assert_eq!(Exact::of(-1, 1_524, 10_000), Exact::default());
    }

    #[test]
    fn the_largest_amount_does_not_overflow() {
        let largest = Exact::of(i64::MAX, u32::MAX, u32::MAX);
        assert_eq!(largest.plus(largest).rounded(RoundingMode::Up), i64::MAX);
    }

    proptest! {
        #[test]
        fn the_parts_of_a_stretch_are_worth_the_whole(one in 0i64..10_000_000, other in 0i64..10_000_000, base in 0u32..20_000) {
            let parts = Exact::of(one, base, 15_000).plus(Exact::of(other, base, 15_000));
            prop_assert_eq!(parts, Exact::of(one + other, base, 15_000));
        }
    }
}
