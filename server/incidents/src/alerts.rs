//! Alerts that an incident is about. One alert belongs to one incident at most.

use crate::error::Error;
use crate::history;
use crate::incident::{By, Incident};
use crate::store;
use crate::timeline::{EntryKind, Line, write};
use crate::visibility;
use crate::{Incidents, Seen};
use kernel::{Grant, Tx};
use model::access::WorkOnIncident;
use model::ids::{AlertId, IncidentId};
use model::{Actor, Time};
use serde_json::{Value, json};

/// Alerts of one incident.
pub const MAX_ALERTS: usize = 5_000;
/// Alerts that are linked by one act.
pub const MOST_AT_ONCE: usize = 500;

/// An alert of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedAlert {
    pub alert: AlertId,
    /// To which it belongs now.
    pub incident: IncidentId,
    /// To which it was linked.
    pub origin: IncidentId,
    pub linked_at: Time,
    pub linked_by: String,
}

/// Links alerts under the lock of the incident, with a line and a Fact for each that is new.
pub(crate) async fn link_all(
    tx: &mut Tx,
    incident: &Incident,
    alerts: &[AlertId],
    actor: &Actor,
    now: Time,
) -> Result<usize, Error> {
    let n_there: usize = usize::try_from(store::alerts::count(tx, incident.id).await?).unwrap_or(usize::MAX);
    let n: usize = n_there.saturating_add(alerts.len());
    if n > MAX_ALERTS {
        return Err(Error::Large { what: "the list of alerts", n, max: MAX_ALERTS });
    }
    let mut n_linked: usize = 0;
    for alert in alerts {
        if store::alerts::link(tx, incident.id, *alert, actor.name(), now).await? {
            n_linked += 1;
            say(tx, incident, *alert, "linked", history::ALERT_LINKED, actor, now).await?;
        }
    }
    Ok(n_linked)
}

/// Refuses alerts that belong to another incident than `own`. Which one it is learns only who may see it.
pub(crate) async fn refuse_taken(tx: &mut Tx, actor: &Actor, alerts: &[AlertId], own: Option<IncidentId>) -> Result<(), Error> {
    for alert in alerts {
        let Some(other) = store::alerts::incident_of(tx, *alert).await?.filter(|other| Some(*other) != own) else { continue };
        let seen: Option<Incident> = visibility::seen_by(tx, actor, other).await?;
        return Err(if seen.is_some() { Error::AlertTaken(*alert, other) } else { Error::AlertHeld(*alert) });
    }
    Ok(())
}

async fn say(
    tx: &mut Tx,
    incident: &Incident,
    alert: AlertId,
    what: &str,
    kind: &'static str,
    actor: &Actor,
    now: Time,
) -> Result<(), Error> {
    let body: Value = json!({ "fact": what, "alert": alert });
    write(tx, incident, &Line::of(EntryKind::Alert, now, By::of(actor), body), now).await?;
    history::append(tx, incident, kind, actor, now, json!({ "alert": alert })).await?;
    Ok(())
}

impl Incidents {
    /// Makes alerts part of an incident; what happened to them before comes into its timeline. Says how many are new in it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Over`], [`Error::AlertTaken`], [`Error::AlertHeld`], [`Error::Large`]. The database's.
    pub async fn link(&self, grant: &Grant<WorkOnIncident>, id: IncidentId, alerts: &[AlertId]) -> Result<usize, Error> {
        if alerts.len() > MOST_AT_ONCE {
            return Err(Error::Large { what: "the list of alerts", n: alerts.len(), max: MOST_AT_ONCE });
        }
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let incident: Incident = visibility::locked(&mut tx, grant.actor(), Seen::any(id)).await?;
        if incident.status.is_final() {
            return Err(Error::Over);
        }
        refuse_taken(&mut tx, grant.actor(), alerts, Some(id)).await?;
        let n_linked: usize = link_all(&mut tx, &incident, alerts, grant.actor(), now).await?;
        tx.commit().await?;
        self.read_what_was(alerts).await;
        Ok(n_linked)
    }

    /// Takes an alert out of an incident. What it brought into the timeline stays. `false` when it was not in it.
    ///
    /// # Errors
    /// [`Error::NotFound`]. The database's.
    pub async fn unlink(&self, grant: &Grant<WorkOnIncident>, id: IncidentId, alert: AlertId) -> Result<bool, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let incident: Incident = visibility::locked(&mut tx, grant.actor(), Seen::any(id)).await?;
        if !store::alerts::unlink(&mut tx, id, alert).await? {
            return Ok(false);
        }
        say(&mut tx, &incident, alert, "unlinked", history::ALERT_UNLINKED, grant.actor(), now).await?;
        tx.commit().await?;
        Ok(true)
    }
}
