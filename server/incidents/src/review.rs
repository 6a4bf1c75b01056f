//! Numbers for looking back: how fast incidents were answered and resolved, and which promises were broken. Each opens its list.

use crate::Incidents;
use crate::error::Error;
use crate::store;
use crate::visibility;
use kernel::Tx;
use model::clock::ClockKind;
use model::ids::{IncidentId, TeamId};
use model::incident::IncidentStatus;
use model::review::Handled;
use model::{Actor, Severity, Time};

/// Incidents, or broken promises, that are counted at most.
pub const MOST_COUNTED: i64 = 10_000;

/// Over what is looked back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Declared, or breached, from then on, and before then.
    pub from: Time,
    pub until: Time,
    pub team: Option<TeamId>,
    pub system: Option<String>,
}

/// An incident as it is counted. What is part of another, and what was none, is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandledIncident {
    pub id: IncidentId,
    pub title: String,
    pub code: String,
    pub severity: Severity,
    pub team: Option<TeamId>,
    pub systems: Vec<String>,
    pub status: IncidentStatus,
    /// From the declaration on: for `model::review`.
    pub handled: Handled,
    /// How long people suffered, where both ends are known.
    pub impact_ms: Option<i64>,
    /// Promises that were broken.
    pub n_breaches: i64,
}

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    pub incident: IncidentId,
    pub title: String,
    pub code: String,
    pub severity: Severity,
    pub kind: ClockKind,
    pub due_at: Time,
    pub breached_at: Time,
    /// When it was kept after all.
    pub met_at: Option<Time>,
}

impl Incidents {
    /// Incidents of a period that the actor may see, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn handled(&self, actor: &Actor, period: &Period) -> Result<Vec<HandledIncident>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        store::review::handled(&mut tx, visibility::eyes(actor), period, MOST_COUNTED).await
    }

    /// Promises that were broken in a period, of incidents the actor may see, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn breaches(&self, actor: &Actor, period: &Period) -> Result<Vec<Breach>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        store::review::breaches(&mut tx, visibility::eyes(actor), period, MOST_COUNTED).await
    }
}
