//! What becomes of a text over time: its versions and what differs between them, who wrote what, and what people say about it.
//!
//! A *version* is a text whole, kept every few minutes while it is written, and whenever something happens to it that somebody may want
//! undone. Restoring one is an edit like any other. *Who wrote what* is known letter by letter: each letter has a number in the text's own
//! records, and whose numbers they are is remembered when the log is gone. *Threads* and *suggestions* hang on letters too, so they stay where
//! they belong whatever is written around them; when the letters are gone, their words are still known.
//!
//! **The walk of a suggestion**: `anchors.rs` (which letters) → `suggestions.rs` (kept, with the words as they are) → somebody who may write
//! accepts: the words are compared with those that stand there now → one ordinary edit → Fact.
//!
//! **Deliberately absent**: who may (`pages` says it), the text and its log (`collab`), how comments are drawn, and how whoever is named in
//! one hears of it: that is in the Facts.

pub mod anchors;
pub mod authors;
pub mod comparing;
pub mod difference;
pub mod history;
pub mod mentions;
pub mod revisions;
pub(crate) mod sheet;
pub mod stretches;
pub mod suggestions;
pub mod threads;
mod wording;
mod work;

#[cfg(test)]
mod tests;

use model::ids::{DocumentId, PersonId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Characters of one comment, or of the note beside a suggestion.
pub const MAX_COMMENT: usize = 10_000;
/// Characters that a suggestion takes away, or puts in their place.
pub const MAX_SUGGESTED: usize = 20_000;
/// Characters of a quote that stand with a thread.
pub const MAX_QUOTE: usize = 2_000;
/// Threads of one document that are open; and of all of them.
pub const MOST_OPEN_THREADS: usize = 500;
pub const MOST_THREADS: usize = 5_000;
/// Comments of one thread.
pub const MOST_COMMENTS: usize = 500;
/// Suggestions of one document that wait for an answer.
pub const MOST_OPEN_SUGGESTIONS: usize = 500;
/// People whom one comment names.
pub const MOST_MENTIONS: usize = 50;

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
            #[serde(transparent)]
            pub struct $name(pub i64);

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, "{}", self.0)
                }
            }
        )*
    };
}

numbers! {
    /// One thing somebody said.
    CommentId,
    /// A version of a text.
    RevisionId,
    /// How somebody says that some words should be.
    SuggestionId,
    /// What people say about some words.
    ThreadId,
}

/// Why a version was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Somebody was writing for a while.
    Auto,
    Publish,
    Restore,
    Import,
    /// Somebody was about to take away more than half of it.
    BeforeLargeDelete,
}

impl Reason {
    pub const ALL: [Self; 5] = [Self::Auto, Self::Publish, Self::Restore, Self::Import, Self::BeforeLargeDelete];

    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Publish => "publish",
            Self::Restore => "restore",
            Self::Import => "import",
            Self::BeforeLargeDelete => "before_large_delete",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// Who did something: the person, where it was one, and the name it was done under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    pub name: String,
    pub person: Option<PersonId>,
}

impl By {
    #[must_use]
    pub fn of(actor: &model::Actor) -> Self {
        Self { name: actor.name().to_owned(), person: actor.person_id() }
    }

    /// Whether that is who acts now. Tokens and workers are known by their names alone.
    #[must_use]
    pub fn is(&self, actor: &model::Actor) -> bool {
        match (self.person, actor.person_id()) {
            (None, None) => self.name == actor.name(),
            (before, now) => before == now,
        }
    }
}

/// Why it was not done. Safe to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("version {0} was not found")]
    NoRevision(RevisionId),
    #[error("thread {0} was not found")]
    NoThread(ThreadId),
    #[error("comment {0} was not found")]
    NoComment(CommentId),
    #[error("suggestion {0} was not found")]
    NoSuggestion(SuggestionId),
    #[error("versions of two documents can't be compared: expected both of {0}")]
    OtherDocument(DocumentId),
    #[error("{what} is empty, expected some words")]
    Empty { what: &'static str },
    #[error("{what} has {n}, expected at most {max}")]
    Large { what: &'static str, n: usize, max: usize },
    /// It is full: what is there has to be settled first.
    #[error("the document has {n} {what}, expected at most {max}: some have to be settled first")]
    Full { what: &'static str, n: usize, max: usize },
    #[error("the anchor can't be read, expected a relative position of the text")]
    BadAnchor,
    /// The letters were taken away meanwhile, or are not saved yet.
    #[error("the words it hangs on are not in the text, expected some that are saved")]
    NothingThere,
    #[error("the suggestion changes nothing, expected other words than those that stand there")]
    NoChange,
    /// Other words stand there now.
    #[error("suggestion {id} is outdated: {found:?} stands where {expected:?} was expected")]
    Outdated { id: SuggestionId, expected: String, found: String },
    #[error("suggestion {id} was {state} already", state = state.as_str())]
    Settled { id: SuggestionId, state: suggestions::State },
    #[error("thread {0} is resolved: expected one that is open")]
    Resolved(ThreadId),
    #[error("what somebody else said can't be changed, expected one's own comment")]
    NotOwn,
    #[error("person {0} can't be named: nobody with that number may come in")]
    NoSuchPerson(PersonId),
}

/// What somebody wrote into a form: no blanks around it, lines end with a line feed, no NUL, some words and not too many.
pub(crate) fn bounded(what: &'static str, text: &str, max: usize) -> Result<String, Refused> {
    let text: String = cleaned(text).trim().to_owned();
    if text.is_empty() {
        return Err(Refused::Empty { what });
    }
    at_most(what, text, max)
}

/// The same where there may be none, and blanks may be meant.
pub(crate) fn at_most(what: &'static str, text: String, max: usize) -> Result<String, Refused> {
    let n: usize = text.chars().count();
    if n > max {
        return Err(Refused::Large { what, n, max });
    }
    Ok(text)
}

/// Forms end lines as Windows does; texts of ours don't.
pub(crate) fn cleaned(text: &str) -> String {
    crate::collab::paper::clean(text)
}
