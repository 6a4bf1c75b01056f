//! Alerts that other tools raise: Alertmanager, Grafana, Datadog, whatever can page PagerDuty, and anything that can send JSON; and alerts about
//! what should have been heard of and was not (`heartbeat.rs`).
//!
//! A request goes through these files: `http.rs` (who sends, how much, how often) → one parser a format (bytes to [`InboundAlert`]s, pure) →
//! `plan.rs` (what that means for what is known, pure) → `take.rs` (one transaction: rows, and the Facts that own alerts leave too).
//! A foreign alert stands in the same table as our own, so everything that people and the notifier do with alerts holds for it. It has
//! no rule: it has an integration and the key by which its sender knows it.
//!
//! The invariants. (1) At most one open alert for an integration and a key; the same request again changes nothing. (2) What a sender does
//! not mention is not resolved: Alertmanager cuts long groups. It ends at the sender's own `endsAt`, or after the time-out that the
//! integration has (`expiry.rs`). (3) A text that is too long is cut, a time that can't be read is left out: a page is worth more than
//! its form. Refused is only what can't be understood, and whoever sent it is told which field was wrong and what was expected.
//! (4) What was confirmed is committed.
//!
//! Absent: e-mail as a way in, and pictures that Grafana sends along.

mod alertmanager;
pub mod datadog;
pub mod draft;
mod expiry;
mod grafana;
mod heartbeat;
pub mod http;
pub mod integrations;
mod key;
pub mod mapped;
mod pagerduty;
pub(crate) mod plan;
mod rate;
mod reader;
pub mod receipts;
pub mod settings;
mod severity;
mod take;
mod template;

#[cfg(test)]
mod tests;

use crate::error::Error;
use heartbeat::Ears;
use kernel::{Clock, Db};
use mapped::Mapping;
use model::Time;
use model::ids::IntegrationId;
use model::labels::Labels;
use model::{Actor, Severity};
use rate::Rates;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// The longest key by which a sender may know an alert, in characters: PagerDuty's limit of `dedup_key`.
pub const MAX_KEY: usize = 255;
/// Alerts of one request.
pub const MOST_ALERTS: usize = 10_000;
/// Bodies that are held at once. Each may be 8 MiB and some five times that while it is read.
const MOST_BODIES: usize = 8;
/// Bodies that are held at once while it is not known whose they are: of half a megabyte, because the key stands inside. They have a room of
/// their own, so that nobody without a key can keep those who have one from being heard.
const MOST_STRANGERS: usize = 128;
/// Alerts of one integration that may fire at once. A tool that raises more has lost its keys, and nobody could look at them.
pub const MOST_OPEN: usize = 20_000;

/// The label that holds the integration's slug: ours whatever a sender says, so that routes can rely on it.
pub const LABEL: &str = "integration";

/// An integration was made, changed, given another key, or removed.
pub const MADE: &str = "IntegrationMade";
pub const CHANGED: &str = "IntegrationChanged";
pub const REKEYED: &str = "IntegrationRekeyed";
pub const REMOVED: &str = "IntegrationRemoved";
/// Something outside changed, as its tool says: a deploy, a switch.
pub const NOTED: &str = "ChangeNoted";

/// What an integration speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Alertmanager,
    Grafana,
    Datadog,
    PagerDuty,
    Json,
    /// It says that it lives; its silence is the alert.
    Heartbeat,
}

impl Kind {
    pub const ALL: [Self; 6] = [Self::Alertmanager, Self::Grafana, Self::Datadog, Self::PagerDuty, Self::Json, Self::Heartbeat];

    /// The word in the database and in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Alertmanager => "alertmanager",
            Self::Grafana => "grafana",
            Self::Datadog => "datadog",
            Self::PagerDuty => "pagerduty",
            Self::Json => "json",
            Self::Heartbeat => "heartbeat",
        }
    }

    /// What that word means, if anything.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What a sender wants of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It fires, or goes on firing.
    Fire,
    /// Somebody has it, over there.
    Acknowledge,
    /// It is over.
    Resolve,
}

/// One alert as a parser read it.
#[derive(Clone, Debug, PartialEq)]
pub struct InboundAlert {
    /// By what the sender knows it.
    pub key: String,
    pub act: Act,
    /// What it is called, by which it is grouped with others of its kind.
    pub name: String,
    pub summary: String,
    /// The sender's word; empty when it has none.
    pub severity: String,
    pub labels: Labels,
    pub annotations: BTreeMap<String, String>,
    /// Where it stands in the sender's tool.
    pub url: Option<String>,
    pub value: Option<f64>,
    pub started_at: Option<Time>,
    /// Of one that fires: when it is over unless it is sent again. Of one that is over: when it ended.
    pub ends_at: Option<Time>,
}

/// A change as a parser read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundChange {
    pub summary: String,
    pub source: String,
    pub url: Option<String>,
    pub at: Option<Time>,
    pub details: BTreeMap<String, String>,
}

/// What was sent can't be understood. Safe to show to the sender.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: expected {expected}")]
pub struct Wrong {
    /// `alerts[3].labels`
    pub field: String,
    pub expected: String,
}

impl Wrong {
    fn new(field: &str, expected: &str) -> Self {
        Self { field: field.to_owned(), expected: expected.to_owned() }
    }

    /// The same inside of `outer`.
    fn under(self, outer: &str) -> Self {
        Self { field: format!("{outer}.{}", self.field), expected: self.expected }
    }
}

/// A tool that may send alerts.
#[derive(Clone, Debug, PartialEq)]
pub struct Integration {
    pub id: IntegrationId,
    pub name: String,
    /// Its name in labels and routes.
    pub slug: String,
    pub kind: Kind,
    /// The first characters of its key.
    pub key_prefix: String,
    pub is_enabled: bool,
    pub default_severity: Severity,
    /// The sender's word, in lower case, to ours.
    pub severities: BTreeMap<String, Severity>,
    /// The sender's label to ours; an empty one drops it.
    pub labels: BTreeMap<String, String>,
    /// Of [`Kind::Json`]: where the parts of an alert stand.
    pub mapping: Mapping,
    /// An alert that was not sent again for so long is resolved. Of [`Kind::Heartbeat`]: how long it may be silent.
    pub timeout_ms: Option<i64>,
    /// Requests that were taken, and that were not.
    pub received: i64,
    pub refused: i64,
    pub last_received_at: Option<Time>,
    pub last_refused_at: Option<Time>,
    pub made_at: Time,
    pub made_by: String,
}

impl Integration {
    /// Who fires, acknowledges and resolves in the Facts.
    fn actor(&self) -> Actor {
        Actor::worker(&self.name)
    }

    /// What a sender's word means to it.
    #[must_use]
    pub fn severity_of(&self, word: &str) -> Severity {
        severity::read(word, &self.severities, self.default_severity)
    }

    /// The sender's labels under the names that it gives them, and its own.
    #[must_use]
    pub fn labels_of(&self, labels: &Labels) -> Labels {
        let mut own: Labels = Labels::default();
        for (name, value) in labels.iter() {
            match self.labels.get(name) {
                None => own.set(name.to_owned(), value.to_owned()),
                Some(renamed) if renamed.is_empty() => {}
                Some(renamed) => own.set(renamed.clone(), value.to_owned()),
            }
        }
        own.set(LABEL.to_owned(), self.slug.clone());
        own
    }
}

/// What became of the alerts of one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    pub fired: usize,
    pub updated: usize,
    pub acknowledged: usize,
    pub resolved: usize,
    /// Known already, late, or about an alert that nobody raised.
    pub left: usize,
}

/// The way in. Cheap to clone; all clones count together.
#[derive(Clone)]
pub struct Inbound {
    db: Db,
    clock: Arc<dyn Clock>,
    rates: Arc<Rates>,
    bodies: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
    ears: Arc<Mutex<Ears>>,
}

impl Inbound {
    /// Over `db`.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        let (bodies, strangers) = (Semaphore::new(MOST_BODIES), Semaphore::new(MOST_STRANGERS));
        Self {
            db,
            clock,
            rates: Arc::new(Rates::default()),
            bodies: Arc::new(bodies),
            strangers: Arc::new(strangers),
            ears: Arc::default(),
        }
    }

    /// Takes alerts of an integration, all of them or, on an error, none.
    ///
    /// # Errors
    /// [`Error::NoIntegration`] when it was removed or switched off meanwhile; [`Error::Full`]. The database's.
    pub async fn take(&self, integration: &Integration, alerts: Vec<InboundAlert>, bytes: usize) -> Result<Taken, Error> {
        take::alerts(&self.db, self.clock.now(), integration, alerts, &take::Request { bytes, payload: None }).await
    }

    /// Resolves what is over by its sender's word or by the time-out of its integration, raises what is missed, and says how many alerts
    /// those were. What [`Inbound::run`] does again and again.
    ///
    /// # Errors
    /// The database's.
    pub async fn expire(&self) -> Result<usize, Error> {
        let now: Time = self.clock.now();
        let since: Time = self.listen(|ears| ears.look(now));
        let over: Result<usize, Error> = expiry::expire(&self.db, now, since).await;
        let missed: Result<usize, Error> = heartbeat::miss(&self.db, now, since).await;
        if missed.is_err() {
            self.listen(Ears::interrupted);
        }
        Ok(over? + missed?)
    }

    /// Never across an await. A panic elsewhere leaves nothing half-written here.
    fn listen<T>(&self, change: impl FnOnce(&mut Ears) -> T) -> T {
        change(&mut self.ears.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
