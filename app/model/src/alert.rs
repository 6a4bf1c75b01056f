//! The life of an alert. Acknowledged is an overlay, never a state.

use serde::{Deserialize, Serialize};

/// inactive → pending → firing → resolved. `Inactive` has no row: it is the absence of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AlertState {
    /// The condition holds, but not yet for as long as the rule's `for`.
    Pending,
    /// It holds long enough: somebody is needed.
    Firing,
    /// It no longer holds, or somebody resolved it by hand.
    Resolved,
}

impl AlertState {
    /// The word in the database and in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Firing => "firing",
            Self::Resolved => "resolved",
        }
    }

    /// The state of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Pending, Self::Firing, Self::Resolved].into_iter().find(|state| state.as_str() == word)
    }
}

/// Which way a value crosses its threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Breached at or above (`>=`, `>`).
    Above,
    /// Breached at or below (`<=`, `<`).
    Below,
}
