//! What pay requires of the world beside the people: who worked on what they were called for.

use crate::needs::WorldError;
use async_trait::async_trait;
use model::Time;
use model::ids::PersonId;

/// Somebody took something on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub person: PersonId,
    /// What it was, for ever the same: `alert/12`, `incident/7`.
    pub source: String,
    /// As people say it: `A-12`, `I-7`.
    pub label: String,
    /// When they took it on.
    pub from: Time,
    /// When it was over, or was theirs no more; `None` while they have it.
    pub until: Option<Time>,
}

/// Knows who answered what.
#[async_trait]
pub trait Answers: Send + Sync {
    /// Everything about what somebody took on at `since` or later, and everything about what is named in `open` ([`Answered::source`]): of
    /// that the end may be known by now. What was told before may be told again.
    ///
    /// # Errors
    /// When that can't be found out now.
    async fn since(&self, since: Time, open: &[String]) -> Result<Vec<Answered>, WorldError>;
}

/// For a house in which nothing is answered.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoAnswers;

#[async_trait]
impl Answers for NoAnswers {
    async fn since(&self, _since: Time, _open: &[String]) -> Result<Vec<Answered>, WorldError> {
        Ok(Vec::new())
    }
}
