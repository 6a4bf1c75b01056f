//! What forms about documents send, and what can be wrong with it.

use crate::ApiError;
use crate::error::Expected;
use serde::{Deserialize, Serialize};

/// A new document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BeginForm {
    #[serde(default)]
    pub title: String,
    /// The name of one of the house's templates; empty: an empty document.
    #[serde(default)]
    pub template: String,
    /// The address of a document to begin like.
    #[serde(default)]
    pub like: String,
    /// `ja` or `en`.
    #[serde(default)]
    pub language: String,
    /// The number of a space.
    #[serde(default)]
    pub space: String,
    /// The address of the document it will stand below.
    #[serde(default)]
    pub parent: String,
    /// The alert it is the runbook of.
    #[serde(default)]
    pub alertname: String,
}

/// What stands around a text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AroundForm {
    pub id: String,
    pub version: String,
    #[serde(default)]
    pub language: String,
    /// One a line, or parted by commas.
    #[serde(default)]
    pub labels: String,
    #[serde(default)]
    pub watch_paths: String,
    #[serde(default)]
    pub alertnames: String,
    #[serde(default)]
    pub team: String,
    #[serde(default)]
    pub person: String,
    /// Empty: nobody has to look again.
    #[serde(default)]
    pub every_days: String,
    /// Not empty: others begin with it.
    #[serde(default)]
    pub is_template: String,
}

/// Where a document is put.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceForm {
    pub id: String,
    pub version: String,
    pub space: String,
    #[serde(default)]
    pub parent: String,
    /// The address of the neighbour behind it; empty: at the end.
    #[serde(default)]
    pub before: String,
}

/// Rights of a document of its own. Teams and what each may stand in the same order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RightsForm {
    pub id: String,
    pub version: String,
    /// `above`: those above it hold; `own`: these.
    pub from: String,
    #[serde(default)]
    pub everyone: String,
    #[serde(default)]
    pub teams: Vec<String>,
    #[serde(default)]
    pub levels: Vec<String>,
}

/// A space.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpaceForm {
    /// Empty: a new one.
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub version: String,
    #[serde(default)]
    pub branch: String,
    #[serde(default)]
    pub slug: String,
    #[serde(default)]
    pub title_ja: String,
    #[serde(default)]
    pub title_en: String,
    #[serde(default)]
    pub team: String,
    #[serde(default)]
    pub everyone: String,
    #[serde(default)]
    pub teams: Vec<String>,
    #[serde(default)]
    pub levels: Vec<String>,
}

/// Something said about some words, or about the document where nothing was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentForm {
    pub id: String,
    /// Where the words begin and end, as the editor says it.
    #[serde(default)]
    pub start: String,
    #[serde(default)]
    pub end: String,
    #[serde(default)]
    pub quoted: String,
    #[serde(default)]
    pub body: String,
    /// `edit`: it was sent from where the document is written.
    #[serde(default)]
    pub back: String,
}

/// How some words should be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestForm {
    pub id: String,
    #[serde(default)]
    pub start: String,
    #[serde(default)]
    pub end: String,
    #[serde(default)]
    pub quoted: String,
    #[serde(default)]
    pub replacement: String,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub back: String,
}

/// Why something about documents was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DocumentTrouble {
    Stale,
    /// What was written was written on a text that is not known any more.
    BaseGone,
    /// Somebody may read it and no more.
    NoRight,
    Empty,
    Long,
    TooMany,
    Circle,
    Deep,
    SlugTaken,
    BadSlug,
    SpaceNotEmpty,
    NotTrashed,
    KeptForIncident,
    BadFile,
    Unkept,
    BadZip,
    NoFile,
    Interval,
    NoPerson,
    NoSteps,
    RunOver,
    TooLarge,
    Later,
    /// Others bring in or hand out a folder.
    Busy,
    Anchor,
    NothingThere,
    NoChange,
    Outdated,
    Settled,
    Resolved,
    NotOwn,
    /// What was there is gone.
    Gone,
    Other,
}

impl DocumentTrouble {
    /// Each with its word, in the order of the words on the screens.
    pub const ALL: [(Self, &str); 33] = [
        (Self::Stale, "document.stale"),
        (Self::BaseGone, "document.base_gone"),
        (Self::NoRight, "document.no_right"),
        (Self::Empty, "document.empty"),
        (Self::Long, "document.long"),
        (Self::TooMany, "document.too_many"),
        (Self::Circle, "document.circle"),
        (Self::Deep, "document.deep"),
        (Self::SlugTaken, "document.slug_taken"),
        (Self::BadSlug, "document.bad_slug"),
        (Self::SpaceNotEmpty, "document.space_not_empty"),
        (Self::NotTrashed, "document.not_trashed"),
        (Self::KeptForIncident, "document.kept_for_incident"),
        (Self::BadFile, "document.bad_file"),
        (Self::Unkept, "document.unkept"),
        (Self::BadZip, "document.bad_zip"),
        (Self::NoFile, "document.no_file"),
        (Self::Interval, "document.interval"),
        (Self::NoPerson, "document.no_person"),
        (Self::NoSteps, "document.no_steps"),
        (Self::RunOver, "document.run_over"),
        (Self::TooLarge, "document.too_large"),
        (Self::Later, "document.later"),
        (Self::Busy, "document.busy"),
        (Self::Anchor, "document.anchor"),
        (Self::NothingThere, "document.nothing_there"),
        (Self::NoChange, "document.no_change"),
        (Self::Outdated, "document.outdated"),
        (Self::Settled, "document.settled"),
        (Self::Resolved, "document.resolved"),
        (Self::NotOwn, "document.not_own"),
        (Self::Gone, "document.gone"),
        (Self::Other, "document.other"),
    ];

    /// Its place among the words of the screens.
    #[must_use]
    pub fn place(self) -> usize {
        Self::ALL.iter().position(|(trouble, _)| *trouble == self).unwrap_or(Self::ALL.len() - 1)
    }

    /// As it crosses the door: the word, a slash, and the field of the form or what it is about.
    #[must_use]
    pub fn field(self, place: &str) -> String {
        let word: &str = Self::ALL.iter().find(|(trouble, _)| *trouble == self).map_or("document", |(_, word)| *word);
        if place.is_empty() { word.to_owned() } else { format!("{word}/{place}") }
    }

    /// The refusal; what was expected is said in English for programs.
    #[must_use]
    pub fn refused(self, place: &str, expected: &str) -> ApiError {
        ApiError::Invalid { field: self.field(place), expected: Expected::other(expected) }
    }

    /// What a refusal is about, and its place, if it is one of these.
    #[must_use]
    pub fn of(field: &str) -> Option<(Self, &str)> {
        let (word, place) = field.split_once('/').unwrap_or((field, ""));
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(trouble, _)| (*trouble, place))
    }
}

#[cfg(test)]
mod tests {
    use super::DocumentTrouble;
    use crate::ApiError;

    #[test]
    fn every_trouble_comes_back_from_its_refusal_with_its_place() {
        for (n, (trouble, word)) in DocumentTrouble::ALL.into_iter().enumerate() {
            let ApiError::Invalid { field, .. } = trouble.refused("title", "something else") else { panic!("{word}") };
            assert_eq!(DocumentTrouble::of(&field), Some((trouble, "title")), "{word}");
            assert_eq!((DocumentTrouble::of(&trouble.field("")), trouble.place()), (Some((trouble, "")), n), "{word}");
        }
        assert_eq!(DocumentTrouble::of("incident.stale"), None);
    }
}
