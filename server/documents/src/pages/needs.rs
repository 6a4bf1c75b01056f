//! What pages require of the world.

use crate::needs::WorldError;
use async_trait::async_trait;
use kernel::Tx;
use model::ids::{AlertId, DocumentId, IncidentId, PersonId, RunbookRunId, TeamId};
use model::{Actor, Time};
use object_store::ObjectStore;
use serde_json::Value;
use std::sync::Arc;

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub id: PersonId,
    pub name: String,
    /// The account is switched on.
    pub may_come_in: bool,
}

/// Why somebody is told of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It has to be looked at again, in so many days; less than none: since so many.
    Review { in_days: i32 },
    /// Something happened after which it may be wrong.
    MustReview,
    /// It was changed, and whoever is told watches it.
    Changed,
    /// Somebody names them in a thread of its margin.
    Named { thread: i64 },
}

/// What somebody is told of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The idempotency key: the same for ever, whoever decides it again.
    pub key: String,
    pub page: DocumentId,
    pub slug: String,
    /// Empty where not everybody may read it: what was told is kept, and others than those who were told may look at that.
    pub title: String,
    pub why: Why,
    /// Who did it, if somebody did.
    pub by: Option<String>,
    /// When it has to be looked at, if that is what it is about.
    pub due_at: Option<Time>,
    /// All of them may read it. Never empty, unless nobody answers for it: then administrators are meant.
    pub people: Vec<PersonId>,
    pub at: Time,
}

/// A line about a run in the timeline of an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct RunLine {
    /// The idempotency key.
    pub key: String,
    pub incident: IncidentId,
    pub run: RunbookRunId,
    pub actor: Actor,
    /// `what`: `began`, `done`, `skipped`, `open` or `ended`; besides `page`, `slug`, `title`, and of a step `n`, `of`, `text` and `note`.
    pub body: Value,
    pub at: Time,
}

/// A rule that fires, or fired lately.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiringRule {
    /// The `id` of its file.
    pub rule: String,
    pub alertname: String,
    /// Where its annotation leads.
    pub runbook_url: Option<String>,
    /// Alerts of it in that time.
    pub n_alerts: i64,
    pub newest_at: Time,
}

/// The house around pages.
#[async_trait]
pub trait World: Send + Sync {
    /// Those of these who have an account, in any order.
    ///
    /// # Errors
    /// When they can't be asked now.
    async fn known(&self, ids: &[PersonId]) -> Result<Vec<Known>, WorldError>;

    /// Who is in a team now and may come in.
    ///
    /// # Errors
    /// When that can't be found out now.
    async fn members(&self, team: TeamId) -> Result<Vec<PersonId>, WorldError>;

    /// Tells people, in the caller's transaction, so that it is sent after the commit. The same key a second time does nothing.
    ///
    /// # Errors
    /// When it can't be written.
    async fn tell(&self, tx: &mut Tx, notice: &Notice) -> Result<(), WorldError>;

    /// Writes a line into the timeline of an incident. The same key a second time does nothing.
    ///
    /// # Errors
    /// When it can't be written now: it is tried again.
    async fn write_line(&self, line: &RunLine) -> Result<(), WorldError>;

    /// Those of these people who may come in, each with the roles they hold now, in any order.
    ///
    /// # Errors
    /// When that can't be found out now.
    async fn actors(&self, ids: &[PersonId]) -> Result<Vec<Actor>, WorldError>;

    /// Those of these incidents that somebody may know of, in any order. Asked for all at once.
    ///
    /// # Errors
    /// When that can't be found out now.
    async fn seen_incidents(&self, actor: &Actor, incidents: &[IncidentId]) -> Result<Vec<IncidentId>, WorldError>;

    /// Whether somebody may know of an incident.
    ///
    /// # Errors
    /// As [`World::seen_incidents`].
    async fn sees_incident(&self, actor: &Actor, incident: IncidentId) -> Result<bool, WorldError> {
        Ok(self.seen_incidents(actor, &[incident]).await?.contains(&incident))
    }

    /// Whether an incident is resolved, or closed after that. Whoever does not know says so: then a page is looked at too early, never too
    /// late.
    ///
    /// # Errors
    /// When that can't be found out now.
    async fn is_over(&self, _incident: IncidentId) -> Result<bool, WorldError> {
        Ok(true)
    }

    /// The names (`alertname`) of the alerts that an incident is about, each once.
    ///
    /// # Errors
    /// When they can't be asked now.
    async fn alertnames(&self, incident: IncidentId) -> Result<Vec<String>, WorldError>;

    /// The name of one alert.
    ///
    /// # Errors
    /// When it can't be asked now.
    async fn alertname(&self, alert: AlertId) -> Result<Option<String>, WorldError>;

    /// Rules that fired since then, those that fired last first.
    ///
    /// # Errors
    /// When they can't be asked now.
    async fn firing_rules(&self, since: Time) -> Result<Vec<FiringRule>, WorldError>;

    /// Where files are kept, if not in the database.
    fn files(&self) -> Option<Arc<dyn ObjectStore>> {
        None
    }
}
