//! Steps of runbooks in the timeline: what somebody worked through while the incident was under way.

use crate::Incidents;
use crate::error::Error;
use crate::history;
use crate::incident::By;
use crate::store;
use crate::timeline::{EntryKind, Line, write};
use kernel::{Grant, Tx};
use model::access::WorkOnIncident;
use model::ids::IncidentId;
use model::{Actor, Time};
use serde_json::{Value, json};

/// Something that was done with a runbook.
#[derive(Clone, Debug, PartialEq)]
pub struct RunbookLine {
    /// The same key a second time does nothing.
    pub key: String,
    /// Who did it.
    pub by: Actor,
    /// As [`EntryKind::Runbook`] says.
    pub body: Value,
    pub at: Time,
}

impl Incidents {
    /// Writes it into the timeline. `false` when it stands there already, or there is no such incident.
    ///
    /// # Errors
    /// The database's.
    pub async fn take_runbook_line(
        &self,
        grant: &Grant<WorkOnIncident>,
        id: IncidentId,
        done: &RunbookLine,
    ) -> Result<bool, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let Some(incident) = store::incidents::lock(&mut tx, id).await? else {
            return Ok(false);
        };
        let line = Line {
            source: Some(format!("runbook/{}", done.key)),
            ..Line::of(EntryKind::Runbook, done.at.min(now), By::of(&done.by), done.body.clone())
        };
        if write(&mut tx, &incident, &line, now).await?.is_none() {
            return Ok(false);
        }
        let more: Value = json!({ "what": done.body["what"], "run": done.body["run"] });
        history::append(&mut tx, &incident, history::RUNBOOK_WORKED, grant.actor(), now, more).await?;
        tx.commit().await?;
        Ok(true)
    }
}
