//! How bad it is: P0 to P3, each with one shape (square, triangle, diamond, circle).

use serde::{Deserialize, Serialize};

/// The requirement documents' levels: 緊急 P0, 高 P1, 中 P2, 低 P3. Ordered from worst to least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    P0,
    P1,
    P2,
    P3,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Self; 4] = [Self::P0, Self::P1, Self::P2, Self::P3];

    /// 0 (worst) to 3, for class names and shapes.
    #[must_use]
    pub fn level(self) -> u8 {
        self as u8
    }

    /// `P0` … `P3`.
    #[must_use]
    pub fn code(self) -> &'static str {
        ["P0", "P1", "P2", "P3"][self as usize]
    }

    /// From `p0` … `p3` in either case.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.code().eq_ignore_ascii_case(word))
    }
}
