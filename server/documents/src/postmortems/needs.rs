//! What postmortems require of the world; the binary's wiring supplies it.

use crate::needs::WorldError;
use async_trait::async_trait;
use chrono::NaiveDate;
use figures::{Locale, Zone};
use kernel::Tx;
use kernel::facts::Recorded;
use model::ids::{IncidentId, PersonId, TeamId};
use model::incident::IncidentStatus;
use model::incident::roles::IncidentRole;
use model::postmortem::ActionKind;
use model::{Actor, Severity, Time};
use serde_json::Value;

/// Somebody with a part in an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub role: IncidentRole,
    pub person: PersonId,
    pub name: String,
}

/// An incident, as far as a postmortem asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    pub id: IncidentId,
    pub title: String,
    /// What was known of it. May be empty.
    pub summary: String,
    pub is_private: bool,
    /// `P1`.
    pub code: String,
    pub severity: Severity,
    /// Its level asks for a postmortem.
    pub needs_postmortem: bool,
    pub status: IncidentStatus,
    pub team: Option<TeamId>,
    pub systems: Vec<String>,
    pub occurred_at: Option<Time>,
    pub detected_at: Option<Time>,
    pub declared_at: Time,
    pub acknowledged_at: Option<Time>,
    pub mitigated_at: Option<Time>,
    pub resolved_at: Option<Time>,
    pub commander: Option<PersonId>,
    pub people: Vec<Part>,
}

/// A line of its timeline, corrected where it was corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: i64,
    pub at: Time,
    /// One line.
    pub text: String,
    pub is_starred: bool,
    /// What its time was said to be before it was corrected.
    pub was_at: Option<Time>,
}

/// What is to be done so that it does not happen again: a follow-up of the incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    pub id: i64,
    pub title: String,
    pub kind: ActionKind,
    pub owner: Option<PersonId>,
    pub owner_name: Option<String>,
    pub due_on: Option<NaiveDate>,
    pub is_done: bool,
    pub evidence: Option<String>,
}

/// A graph that was kept while it went on.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub title: String,
    pub query: String,
    pub from: Time,
    pub until: Time,
    pub step_ms: i64,
    /// `{"series": [{"labels": …, "points": [[ms, value], …]}]}`.
    pub data: Value,
    pub at: Time,
}

/// A graph as somebody wants it kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphWish {
    pub title: String,
    pub query: String,
    pub from: Time,
    pub until: Time,
    pub step_ms: i64,
}

/// Of what somebody is reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A deadline is near.
    DueSoon,
    Overdue,
    /// A reviewer was asked.
    ReviewAsked,
    /// A reviewer's day has come.
    ReviewDue,
}

impl Reason {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DueSoon => "due_soon",
            Self::Overdue => "overdue",
            Self::ReviewAsked => "review_asked",
            Self::ReviewDue => "review_due",
        }
    }
}

/// A reminder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// The idempotency key.
    pub key: String,
    pub reason: Reason,
    pub incident: IncidentId,
    pub title: String,
    pub is_private: bool,
    pub severity: Severity,
    pub code: String,
    pub team: Option<TeamId>,
    /// Who is told; empty: whoever is on call.
    pub people: Vec<PersonId>,
    pub due_at: Time,
    pub at: Time,
}

/// Everything around postmortems.
#[async_trait]
pub trait World: Send + Sync {
    /// Those of these incidents that are there for the actor, in any order.
    ///
    /// # Errors
    /// When they can't be asked now.
    async fn happened(&self, actor: &Actor, ids: &[IncidentId]) -> Result<Vec<Happened>, WorldError>;

    /// Incidents that are resolved and not closed, the newest first, below that number.
    ///
    /// # Errors
    /// When they can't be asked now.
    async fn resolved(&self, before: Option<IncidentId>) -> Result<Vec<Happened>, WorldError>;

    /// Its timeline from the beginning; none when it is not there for the actor.
    ///
    /// # Errors
    /// When it can't be asked now.
    async fn lines(&self, actor: &Actor, id: IncidentId, locale: Locale) -> Result<Vec<Line>, WorldError>;

    /// What is to be done afterwards; none when it is not there for the actor.
    ///
    /// # Errors
    /// When that can't be asked now.
    async fn actions(&self, actor: &Actor, id: IncidentId) -> Result<Vec<Action>, WorldError>;

    /// Graphs that were kept in it.
    ///
    /// # Errors
    /// When they can't be asked now.
    async fn graphs(&self, actor: &Actor, id: IncidentId) -> Result<Vec<Kept>, WorldError>;

    /// A graph as it is now, as [`Kept::data`].
    ///
    /// # Errors
    /// When the query can't be answered; the reason is shown.
    async fn measure(&self, wish: &GraphWish) -> Result<Value, WorldError>;

    /// Facts of these kinds within a stretch of time, the newest first.
    ///
    /// # Errors
    /// When they can't be read now.
    async fn facts(&self, kinds: &[&str], from: Time, until: Time, limit: i64) -> Result<Vec<Recorded>, WorldError>;

    /// Those of these people who may come in, with their names.
    ///
    /// # Errors
    /// When they can't be asked now.
    async fn people(&self, ids: &[PersonId]) -> Result<Vec<(PersonId, String)>, WorldError>;

    /// Writes a reminder down in the caller's transaction, so that it is sent after the commit. The same key a second time does nothing.
    ///
    /// # Errors
    /// When it can't be written.
    async fn remind(&self, tx: &mut Tx, reminder: &Reminder) -> Result<(), WorldError>;

    /// The zone in which the house tells times, around that moment.
    fn zone(&self, at: Time) -> Zone;

    /// Signs a link that is shared.
    fn sign(&self, message: &[u8]) -> Vec<u8>;

    /// Whether [`World::sign`] made this signature. Takes as long for every wrong one.
    fn is_signed(&self, message: &[u8], signature: &[u8]) -> bool;
}
