//! Postmortems: what is written after an incident, by several people, with what the house knows already filled in.
//!
//! A postmortem is a row beside a page: how far it is, whose, until when. Its text is the page's, and what the house knows stands in it as
//! directives, which tell what is so while it is a draft and what was so once it is published. What it promises are the follow-ups of the
//! incidents room: there is one table of them. An incident whose level asks for a postmortem has its row as soon as it is resolved, so that
//! the list of what is overdue needs nobody to begin.
//!
//! **The walk of a publication**: `moves.rs` (the law: `model::postmortem`) → `gathering.rs` (what directives show, fetched with the
//! publisher's eyes) → `approval.rs` (it is what was approved) → `expand.rs` (written into the text, marked as frozen) → one ordinary edit → `reading.rs` (figures and lessons for lists).
//!
//! **Deliberately absent**: who may see one (its page says: whoever sees the incident), the text (`collab`), its versions (`writing`), and how
//! reminders reach people (`needs::World`).

pub mod approval;
pub mod before;
pub mod begin;
pub mod directives;
pub mod expand;
pub mod exporting;
pub mod facets;
pub mod gate;
mod gathering;
pub mod graph;
pub mod history;
pub mod lists;
pub mod looking;
pub mod moves;
pub mod needs;
pub mod paper;
pub mod pieces;
pub mod reading;
pub mod redact;
pub mod sharing;
pub mod template;
mod work;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use figures::Locale;
use model::Time;
use model::ids::{DocumentId, IncidentId, PersonId};
use model::postmortem::{Act, Detection, Factor, State, Template, Trigger};
use reading::Impact;

/// Tags of one postmortem, and characters of one.
pub const MAX_TAGS: usize = 20;
pub const MAX_TAG: usize = 60;
/// Characters of a reason or a scope.
pub const MAX_REASON: usize = 2_000;
/// Reviewers of one postmortem.
pub const MAX_REVIEWERS: usize = 20;

/// Why something about a postmortem was not done. Safe to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is none, or whoever asks may not know of it.
    #[error("the postmortem of {0} was not found")]
    NotFound(IncidentId),
    #[error("nobody has begun the postmortem of {0}")]
    NotBegun(IncidentId),
    /// Somebody changed it since it was looked at.
    #[error("the postmortem was changed meanwhile: version {found} was expected to be {expected}")]
    Stale { expected: i64, found: i64 },
    #[error("{act} does not lead on from {state}", act = act.as_str(), state = state.as_str())]
    NotFrom { state: State, act: Act },
    #[error("{} needs a reason, expected some words", .0.as_str())]
    NoReason(Act),
    #[error("nobody is asked to read it, expected at least one reviewer other than the owner")]
    NoReviewer,
    #[error("nobody with that number may come in")]
    NoSuchPerson,
    #[error("whoever owns a postmortem does not approve it, expected somebody else")]
    OwnApproval,
    #[error("whoever owns a postmortem does not say that none is needed, expected somebody else")]
    OwnWaiver,
    #[error("the postmortem of {code} can't be waived: the policy asks for one")]
    NotWaivable { code: String },
    #[error("nothing stands below {}, expected some words", .0.join(", "))]
    Unwritten(Vec<String>),
    #[error("{what} has {n}, expected at most {max}")]
    Large { what: &'static str, n: usize, max: usize },
    #[error("the policy can't be meant: expected 1 to 365 days")]
    BadPolicy,
    #[error("{what} lies {way}, expected a moment that can be")]
    BadTime { what: &'static str, way: &'static str },
    #[error("the graph can't be kept: {reason}")]
    NoGraph { reason: String },
    /// Whoever approved it has to look again.
    #[error("the text was changed since it was approved, by {} from {} on: expected somebody to approve it again", .by.join(", "), .since.to_utc())]
    ChangedSinceApproval { since: Time, by: Vec<String> },
    #[error("graphs that the text shows are not kept with it: {}", .0.join(", "))]
    NoGraphs(Vec<String>),
    #[error("it is not published: only what is published goes out")]
    NotPublished,
    #[error("{0} is private: nothing of it goes out")]
    Private(IncidentId),
}

/// Which postmortem somebody looked at before they changed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenPostmortem {
    pub incident: IncidentId,
    /// `None`: whatever it is now.
    pub version: Option<i64>,
}

impl SeenPostmortem {
    /// Whatever it is now.
    #[must_use]
    pub fn any(incident: IncidentId) -> Self {
        Self { incident, version: None }
    }
}

/// Who said yes to which state of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    pub by: String,
    pub at: Time,
    pub seq: i64,
}

/// Who said that none is needed, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    pub by: String,
    pub at: Time,
    pub reason: String,
}

/// What it is sorted and reminded by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    pub owner: Option<PersonId>,
    /// When it has to be published.
    pub due_at: Option<Time>,
    pub trigger: Option<Trigger>,
    pub detection: Option<Detection>,
    pub factors: Vec<Factor>,
    pub tags: Vec<String>,
    /// For whom it was bad; empty: the systems of the incident say it.
    pub scope: String,
}

/// What a reviewer said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Approved,
    ChangesRequested,
}

impl Answer {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::ChangesRequested => "changes_requested",
        }
    }

    /// The answer of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Approved, Self::ChangesRequested].into_iter().find(|answer| answer.as_str() == word)
    }
}

/// Somebody who is to read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewer {
    pub person: PersonId,
    pub due_on: Option<NaiveDate>,
    pub answer: Option<Answer>,
    pub answered_at: Option<Time>,
}

/// A step that somebody took with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    pub at: Time,
    pub by: String,
    pub act: Act,
    pub to: State,
    pub reason: String,
}

/// A postmortem.
#[derive(Clone, Debug, PartialEq)]
pub struct Postmortem {
    pub incident: IncidentId,
    /// Grows with every change by people.
    pub version: i64,
    /// The page with its text; `None`: nobody has begun.
    pub doc: Option<DocumentId>,
    pub template: Template,
    pub locale: Locale,
    pub state: State,
    pub made_at: Time,
    pub approved: Option<Signed>,
    pub published: Option<Signed>,
    pub waived: Option<Waived>,
    pub facets: Facets,
    /// As it was published last.
    pub impacts: Vec<Impact>,
    pub lessons: Vec<String>,
}

impl Postmortem {
    /// Whether its deadline is over and it is not.
    #[must_use]
    pub fn is_overdue(&self, now: Time) -> bool {
        !self.state.is_over() && self.facets.due_at.is_some_and(|due_at| due_at < now)
    }
}
