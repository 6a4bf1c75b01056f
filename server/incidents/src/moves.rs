//! Moves: an incident goes on, ends, or comes back. What leads where is the law of `model::incident`.

use crate::clocks::{self, Hours};
use crate::error::Error;
use crate::history;
use crate::incident::{By, Incident};
use crate::parts;
use crate::store;
use crate::timeline::{EntryKind, Line, at_most, write};
use crate::visibility;
use crate::{Incidents, Seen};
use kernel::{Grant, Tx};
use model::access::WorkOnIncident;
use model::clock::ClockKind;
use model::ids::IncidentId;
use model::incident::roles::IncidentRole;
use model::incident::steps::{FollowUps, IncidentFacts, Postmortem};
use model::incident::{self, IncidentStatus, MAX_REASON, Move, Refusal};
use model::{Actor, Time};
use serde_json::{Value, json};

impl Incidents {
    /// Moves an incident: [`Move::Merge`] and [`Move::Split`] have their own acts. What is so already is no mistake: nothing happens.
    ///
    /// # Errors
    /// [`Error::Refused`] says why not, of a close with what is missing; [`Error::NotFound`], [`Error::Stale`], [`Error::Large`]. The
    /// database's, and the world's.
    pub async fn act(&self, grant: &Grant<WorkOnIncident>, seen: Seen, by: Move, reason: &str) -> Result<Incident, Error> {
        let reason: String = at_most("the reason", reason, MAX_REASON)?;
        let now: Time = self.clock.now();
        let looked: Incident = self.incident(grant.actor(), seen.id).await?.ok_or(Error::NotFound(seen.id))?;
        let hours: Hours = self.hours(looked.team).await?;
        let postmortem: Postmortem = self.needs.postmortems.of(seen.id).await?;
        let mut tx: Tx = self.db.begin().await?;
        let mut incident: Incident = visibility::locked(&mut tx, grant.actor(), seen).await?;
        let counted: FollowUps = store::follow_ups::counted(&mut tx, seen.id).await?;
        let facts: IncidentFacts = incident.facts(postmortem, counted);
        if matches!(by, Move::Merge | Move::Split) {
            return Err(Refusal::NotFrom { from: incident.status, by }.into());
        }
        let to: IncidentStatus = match incident::moved(&facts, by, &reason) {
            Ok(to) => to,
            Err(Refusal::Already(_)) => return Ok(incident),
            Err(refusal) => return Err(refusal.into()),
        };
        let from: IncidentStatus = incident.status;
        apply(&mut tx, &mut incident, by, &hours, now).await?;
        incident.status = to;
        say(&mut tx, &incident, from, by, grant.actor(), now, json!({ "reason": reason })).await?;
        if let Some(person) = grant.actor().person_id().filter(|_| by == Move::Acknowledge) {
            parts::give(&mut tx, &mut incident, IncidentRole::Responder, person, grant.actor(), now).await?;
        }
        visibility::save(&mut tx, &mut incident).await?;
        tx.commit().await?;
        Ok(incident)
    }
}

/// What a move does beside the status.
async fn apply(tx: &mut Tx, incident: &mut Incident, by: Move, hours: &Hours, now: Time) -> Result<(), Error> {
    match by {
        Move::Acknowledge => answered(tx, incident, now).await?,
        Move::Identify => {
            answered(tx, incident, now).await?;
            incident.moments.cause_found_at.get_or_insert(now);
        }
        Move::Mitigate => {
            answered(tx, incident, now).await?;
            incident.mitigated_at.get_or_insert(now);
        }
        Move::Resolve => {
            answered(tx, incident, now).await?;
            incident.resolved_at = Some(now);
            clocks::meet(tx, incident.id, ClockKind::Resolve, now).await?;
            clocks::end(tx, incident.id, &[ClockKind::Update], now).await?;
        }
        Move::Close => incident.closed_at = Some(now),
        Move::Dismiss => {
            incident.closed_at = Some(now);
            clocks::end_all(tx, incident.id, now).await?;
        }
        Move::Reopen => {
            incident.mitigated_at = None;
            incident.resolved_at = None;
            incident.closed_at = None;
            incident.moments.verified_at = None;
            incident.acknowledged_at.get_or_insert(now);
            leave_source(tx, incident).await?;
            clocks::revive(tx, incident, hours, now).await?;
        }
        Move::Merge | Move::Split => {}
    }
    Ok(())
}

/// What goes on again is no longer the one of its source when another is by now.
pub(crate) async fn leave_source(tx: &mut Tx, incident: &mut Incident) -> Result<(), Error> {
    let Some(source_ref) = incident.source_ref.clone() else {
        return Ok(());
    };
    let open: Option<IncidentId> = store::incidents::open_of_source(tx, &source_ref).await?;
    if open.is_some_and(|open| open != incident.id) {
        incident.source_ref = None;
    }
    Ok(())
}

/// Somebody has it from then on, if nobody had.
async fn answered(tx: &mut Tx, incident: &mut Incident, at: Time) -> Result<(), Error> {
    if incident.acknowledged_at.is_none() {
        incident.acknowledged_at = Some(at);
        clocks::meet(tx, incident.id, ClockKind::Ack, at).await?;
    }
    Ok(())
}

/// Acknowledges one that nobody has, under its lock; the caller saves it. `more` joins the body of the line.
pub(crate) async fn acknowledge(tx: &mut Tx, incident: &mut Incident, actor: &Actor, at: Time, more: Value) -> Result<(), Error> {
    let from: IncidentStatus = incident.status;
    answered(tx, incident, at).await?;
    incident.status = IncidentStatus::Acknowledged;
    say(tx, incident, from, Move::Acknowledge, actor, at, more).await
}

/// The line and the Fact of a move.
pub(crate) async fn say(
    tx: &mut Tx,
    incident: &Incident,
    from: IncidentStatus,
    by: Move,
    actor: &Actor,
    at: Time,
    more: Value,
) -> Result<(), Error> {
    let mut body: Value = json!({ "from": from.as_str(), "to": incident.status.as_str(), "move": by.as_str() });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    write(tx, incident, &Line::of(EntryKind::Status, at, By::of(actor), body.clone()), at).await?;
    history::append(tx, incident, history::MOVED, actor, at, body).await?;
    Ok(())
}
