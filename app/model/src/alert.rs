//! The life of an alert. Acknowledged is an overlay, never a state.

use serde::{Deserialize, Serialize};

/// The longest comment on an alert, as [`comment_length`] counts: enough for a log excerpt. Forms and server both ask this.
pub const MAX_COMMENT: usize = 4_000;

/// How long a comment is: in UTF-16 code units, because that is what a form's `maxlength` counts (HTML, 4.10.5.3.1). Counted otherwise,
/// a form would let pass what the server refuses.
#[must_use]
pub fn comment_length(text: &str) -> usize {
    text.encode_utf16().count()
}

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

#[cfg(test)]
mod tests {
    use super::comment_length;

    #[test]
    fn a_comment_is_counted_as_a_form_counts_it() {
        for (text, length) in [("", 0), ("load 83 %", 9), ("障害", 2), ("𠮷野", 3), ("👩‍💻", 5)] {
            assert_eq!(comment_length(text), length, "{text}");
        }
    }
}
