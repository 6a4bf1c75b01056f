//! The registry of ids, alphabetical. Each noun has its own type, so that one can't be passed for another.
//!
//! Ids are made by the server (UUID v7, ordered by time); an alert's is a small number, because people read it aloud.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

uuid_ids! {
    /// A file that belongs to a document.
    AttachmentId,
    /// A document: a runbook, minutes, a postmortem.
    DocumentId,
    /// A tool that may send alerts.
    IntegrationId,
    /// A row of an on-call schedule, from one edit of it to the next.
    LayerId,
    /// Somebody on call in another's place.
    OverrideId,
    /// A person who may sign in.
    PersonId,
    /// A signed-in browser.
    SessionId,
    /// A branch of the tree of documents.
    SpaceId,
    /// A team of people.
    TeamId,
    /// An API token.
    TokenId,
}

/// One firing (or pending) of a rule for one set of labels, from its first breach until it is resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AlertId(pub i64);

impl fmt::Display for AlertId {
    /// `A-20871`, as people say it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "A-{}", self.0)
    }
}

impl FromStr for AlertId {
    type Err = std::num::ParseIntError;
    /// Takes `A-12`, `a-12` and `12`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix("A-").or_else(|| text.strip_prefix("a-")).unwrap_or(text);
        digits.parse().map(Self)
    }
}

/// The human side of something that goes wrong, from its declaration on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IncidentId(pub i64);

impl fmt::Display for IncidentId {
    /// `I-42`, as people say it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "I-{}", self.0)
    }
}

impl FromStr for IncidentId {
    type Err = std::num::ParseIntError;
    /// Takes `I-42`, `i-42` and `42`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix("I-").or_else(|| text.strip_prefix("i-")).unwrap_or(text);
        digits.parse().map(Self)
    }
}

/// A runbook that somebody works through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunbookRunId(pub i64);

impl fmt::Display for RunbookRunId {
    /// `RUN-7`, as a text names it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RUN-{}", self.0)
    }
}

impl FromStr for RunbookRunId {
    type Err = std::num::ParseIntError;
    /// Takes `RUN-7`, `run-7` and `7`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix("RUN-").or_else(|| text.strip_prefix("run-")).unwrap_or(text);
        digits.parse().map(Self)
    }
}

/// A rule's id: the `id` its file gives it, unique in the installation (`cpu-usage`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleId(pub String);

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
