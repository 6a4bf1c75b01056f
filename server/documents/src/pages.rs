//! Documents as a tree: where they stand, who may read and write them, who answers for them and until when, how they are found, and the
//! runbooks among them.
//!
//! A page is a row; its text belongs to `collab`, and what stands of it here is for reading and searching only. A space is a branch of the tree
//! with rights, its row the lock of the tree below it. A run is a runbook that somebody works through.

pub mod attachments;
pub mod changes;
pub mod folder;
pub mod glob;
pub mod history;
mod incidents;
pub mod links;
mod making;
pub mod needs;
pub mod normal;
pub mod owners;
pub mod position;
pub mod reading;
pub mod recent;
pub mod refused;
pub mod review;
pub mod rights;
pub mod runbooks;
pub mod runs;
pub mod search;
pub mod slug;
pub mod sniff;
pub mod snippet;
pub mod spaces;
pub mod templates;
pub mod tokens;
pub mod trash;
pub mod tree;
mod work;

#[cfg(test)]
mod tests;

pub use refused::Refused;
pub use rights::Right;
pub use tree::NewPage;

use model::Time;
use model::ids::{DocumentId, IncidentId, PersonId, SpaceId, TeamId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The four branches of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Branch {
    Technical,
    Operations,
    User,
    Record,
}

impl Branch {
    pub const ALL: [Self; 4] = [Self::Technical, Self::Operations, Self::User, Self::Record];

    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Technical => "technical",
            Self::Operations => "operations",
            Self::User => "user",
            Self::Record => "record",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|branch| branch.as_str() == word)
    }

    /// The space that every house has for it.
    #[must_use]
    pub fn space(self) -> SpaceId {
        let n: u128 = match self {
            Self::Technical => 1,
            Self::Operations => 2,
            Self::User => 3,
            Self::Record => 4,
        };
        SpaceId(uuid::Uuid::from_u128(0x0d0c_0000_0000_7000_8000_0000_0000_0000 + n))
    }
}

/// The language a page is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    Ja,
    En,
}

impl Language {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Ja, Self::En].into_iter().find(|language| language.as_str() == word)
    }
}

/// A branch of the tree with rights of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Space {
    pub id: SpaceId,
    pub branch: Branch,
    pub slug: String,
    pub title_ja: String,
    pub title_en: String,
    /// Answers for what has no owner of its own.
    pub team: Option<TeamId>,
    /// What whoever is in none of the teams may do.
    pub everyone: Right,
    pub teams: Vec<(TeamId, Right)>,
    pub version: i64,
}

/// That somebody said that a page is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub at: Time,
    pub by: String,
    pub person: Option<PersonId>,
}

/// A document in the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct PageRow {
    pub id: DocumentId,
    pub space: SpaceId,
    pub parent: Option<DocumentId>,
    pub position: String,
    pub slug: String,
    pub title: String,
    pub language: Language,
    pub version: i64,
    /// The incident it is the postmortem of.
    pub incident: Option<IncidentId>,
    pub template: Option<String>,
    pub is_template: bool,
    pub labels: Vec<String>,
    pub watch_paths: Vec<String>,
    pub alertnames: Vec<String>,
    pub owner_team: Option<TeamId>,
    pub owner_person: Option<PersonId>,
    /// Set: rights of its own.
    pub everyone: Option<Right>,
    pub right_page: Option<DocumentId>,
    pub review_every_days: Option<i32>,
    pub review_due_at: Option<Time>,
    pub verified: Option<Verified>,
    pub must_review_at: Option<Time>,
    /// `what`: `incident`, `paths`, `release` or `step`, and what that was.
    pub must_review_why: Option<Value>,
    /// As it was about a second after the last change.
    pub body: String,
    pub body_seq: i64,
    pub file_name: Option<String>,
    pub is_crlf: bool,
    pub has_bom: bool,
    pub made_by: String,
    pub made_at: Time,
    pub edited_at: Time,
    pub trashed_at: Option<Time>,
    pub trashed_by: Option<String>,
    pub trash_root: Option<DocumentId>,
}

/// How much a page can be relied upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Somebody said so, and it is not due.
    Verified,
    /// Nobody ever said so.
    Unverified,
    /// It has to be looked at soon: within the time of the first reminder.
    Due,
    /// It had to be looked at.
    Overdue,
    /// Something happened after which it may be wrong.
    MustReview,
}

impl PageRow {
    /// How much it can be relied upon at a moment.
    #[must_use]
    pub fn standing(&self, now: Time) -> Standing {
        if self.must_review_at.is_some() {
            return Standing::MustReview;
        }
        match self.review_due_at {
            Some(due) if due <= now => Standing::Overdue,
            Some(due) if due.since(now) <= review::SOON_MS => Standing::Due,
            _ if self.verified.is_some() => Standing::Verified,
            _ => Standing::Unverified,
        }
    }
}
