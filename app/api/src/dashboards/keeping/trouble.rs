//! Why something about how dashboards are kept was not done.

use crate::error::{ApiError, Expected};
use serde::{Deserialize, Serialize};

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeepingTrouble {
    /// Somebody saved it meanwhile.
    Stale,
    /// There is one at that address, or one in the trash.
    Taken,
    /// Neither title says anything.
    Untitled,
    Long,
    /// It breaks a law of dashboards.
    Unlawful,
    /// A span that is none.
    Span,
    /// Of numbers, tables and texts there is no picture.
    NoPicture,
    Other,
}

impl KeepingTrouble {
    /// Each with its word, in the order of the words on the screens.
    pub const ALL: [(Self, &str); 8] = [
        (Self::Stale, "dashboard_kept.stale"),
        (Self::Taken, "dashboard_kept.taken"),
        (Self::Untitled, "dashboard_kept.untitled"),
        (Self::Long, "dashboard_kept.long"),
        (Self::Unlawful, "dashboard_kept.unlawful"),
        (Self::Span, "dashboard_kept.span"),
        (Self::NoPicture, "dashboard_kept.no_picture"),
        (Self::Other, "dashboard_kept.other"),
    ];

    /// Its place among the words of the screens.
    #[must_use]
    pub fn place(self) -> usize {
        self as usize
    }

    /// The refusal: its word, a slash and the field of the form; what was expected is said in English for programs.
    #[must_use]
    pub fn refused(self, field: &str, expected: &str) -> ApiError {
        let word: &str = Self::ALL[self.place()].1;
        let field: String = if field.is_empty() { word.to_owned() } else { format!("{word}/{field}") };
        ApiError::Invalid { field, expected: Expected::other(expected) }
    }

    /// What a refusal is about, and the field of the form, if it is one of these.
    #[must_use]
    pub fn of(field: &str) -> Option<(Self, &str)> {
        let (word, field) = field.split_once('/').unwrap_or((field, ""));
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(trouble, _)| (*trouble, field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_read_back_with_its_field() {
        for (trouble, _) in KeepingTrouble::ALL {
            let ApiError::Invalid { field, .. } = trouble.refused("title_ja", "a title") else { panic!("{trouble:?}") };
            assert_eq!(KeepingTrouble::of(&field), Some((trouble, "title_ja")));
        }
        assert_eq!(KeepingTrouble::of("document.stale"), None);
    }
}
