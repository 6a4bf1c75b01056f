//! What forms about postmortems send, and everything that can be wrong with it.

use crate::error::{ApiError, Expected};
use serde::{Deserialize, Serialize};

/// Whom to ask for a reading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReviewForm {
    pub incident: i64,
    pub version: i64,
    /// Ids.
    pub reviewers: Vec<String>,
    /// `2026-12-24`; empty for no day.
    pub due_on: String,
}

/// What it is sorted and reminded by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DescribeForm {
    pub incident: i64,
    pub version: i64,
    /// An id; empty for nobody.
    pub owner: String,
    /// On the reader's clock (`2026-12-24T18:00`); empty for none.
    pub due: String,
    pub trigger: String,
    pub detection: String,
    pub factors: Vec<String>,
    /// Parted by commas or lines.
    pub tags: String,
    pub scope: String,
}

/// A graph that is to be kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GraphWishForm {
    pub incident: i64,
    pub version: i64,
    pub title: String,
    pub query: String,
    /// On the reader's clock.
    pub from: String,
    pub until: String,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PostmortemTrouble {
    /// Somebody changed it since it was looked at.
    Stale,
    /// It does not lead there. The place names the state and the act.
    NotFrom,
    NotBegun,
    NoReason,
    /// Nobody beside the owner is asked to read it.
    NoReviewer,
    NoPerson,
    OwnApproval,
    OwnWaiver,
    /// The place names the level.
    NotWaivable,
    /// The place names the headings.
    Unwritten,
    Empty,
    Long,
    /// No moment where one should stand.
    Moment,
    Ahead,
    /// The graph can't be kept. The place says why.
    Graph,
    /// Graphs of the text are not kept with it. The place names their ids.
    NoGraphs,
    /// It was changed since it was approved. The place says when first, in milliseconds since 1970, and by whom.
    Changed,
    NotPublished,
    Private,
    /// What was written was written on a text that is not known any more.
    TextGone,
    Address,
    /// Done is only what somebody else can look at.
    Evidence,
    /// What was there is gone.
    Gone,
    /// The text can be read, and not written.
    ReadOnly,
    Other,
}

impl PostmortemTrouble {
    /// Each with its word.
    pub const ALL: [(Self, &str); 25] = [
        (Self::Stale, "postmortem.stale"),
        (Self::NotFrom, "postmortem.not_from"),
        (Self::NotBegun, "postmortem.not_begun"),
        (Self::NoReason, "postmortem.no_reason"),
        (Self::NoReviewer, "postmortem.no_reviewer"),
        (Self::NoPerson, "postmortem.no_person"),
        (Self::OwnApproval, "postmortem.own_approval"),
        (Self::OwnWaiver, "postmortem.own_waiver"),
        (Self::NotWaivable, "postmortem.not_waivable"),
        (Self::Unwritten, "postmortem.unwritten"),
        (Self::Empty, "postmortem.empty"),
        (Self::Long, "postmortem.long"),
        (Self::Moment, "postmortem.moment"),
        (Self::Ahead, "postmortem.ahead"),
        (Self::Graph, "postmortem.graph"),
        (Self::NoGraphs, "postmortem.no_graphs"),
        (Self::Changed, "postmortem.changed"),
        (Self::NotPublished, "postmortem.not_published"),
        (Self::Private, "postmortem.private"),
        (Self::TextGone, "postmortem.text_gone"),
        (Self::Address, "postmortem.address"),
        (Self::Evidence, "postmortem.evidence"),
        (Self::Gone, "postmortem.gone"),
        (Self::ReadOnly, "postmortem.read_only"),
        (Self::Other, "postmortem.other"),
    ];

    /// As it crosses the door: the word, a slash, and the field of the form or what it is about.
    #[must_use]
    pub fn field(self, place: &str) -> String {
        let word: &str = Self::ALL.iter().find(|(trouble, _)| *trouble == self).map_or("postmortem", |(_, word)| *word);
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
    use super::PostmortemTrouble;

    #[test]
    fn every_trouble_comes_back_from_the_door() {
        for (trouble, word) in PostmortemTrouble::ALL {
            assert_eq!(PostmortemTrouble::of(&trouble.field("title")), Some((trouble, "title")), "{word}");
            assert_eq!(PostmortemTrouble::of(&trouble.field("")), Some((trouble, "")), "{word}");
        }
        assert_eq!(PostmortemTrouble::of("title"), None);
        assert_eq!(
            PostmortemTrouble::of("postmortem.unwritten/影響/学んだこと"),
            Some((PostmortemTrouble::Unwritten, "影響/学んだこと"))
        );
    }
}
