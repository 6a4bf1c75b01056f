//! What happened to incidents, as Facts of `incident/<number>`. What is private says nothing but that it happened.

use crate::incident::Incident;
use kernel::{Fact, Tx, facts};
use model::ids::IncidentId;
use model::{Actor, Time};
use serde_json::{Value, json};

/// People handle something together from now on.
pub const DECLARED: &str = "IncidentDeclared";
/// It went on, or back; the body says from where to where.
pub const MOVED: &str = "IncidentMoved";
/// It is worse, or less bad, than was thought.
pub const SEVERITY_CHANGED: &str = "IncidentSeverityChanged";
/// Somebody has a part, or has it no more.
pub const ROLE_CHANGED: &str = "IncidentRoleChanged";
/// Title, summary, team or systems are others.
pub const EDITED: &str = "IncidentEdited";
/// Who may see it is another.
pub const VISIBILITY_CHANGED: &str = "IncidentVisibilityChanged";
/// A moment of a step was noted.
pub const MARKED: &str = "IncidentMarked";
/// A line was written into the timeline by somebody.
pub const NOTED: &str = "IncidentNoted";
/// A line was corrected by another.
pub const CORRECTED: &str = "IncidentCorrected";
/// A line was pinned, or is no more.
pub const PINNED: &str = "IncidentPinned";
pub const UNPINNED: &str = "IncidentUnpinned";
/// A graph was kept as it was.
pub const GRAPH_FROZEN: &str = "IncidentGraphFrozen";
/// An alert is part of it, or is no more.
pub const ALERT_LINKED: &str = "IncidentAlertLinked";
pub const ALERT_UNLINKED: &str = "IncidentAlertUnlinked";
/// Those who wait were told.
pub const UPDATED: &str = "IncidentUpdated";
/// A clock is at risk, or has run out.
pub const CLOCK_AT_RISK: &str = "IncidentClockAtRisk";
pub const CLOCK_BREACHED: &str = "IncidentClockBreached";
/// Clocks were reckoned anew, because a calendar is another.
pub const CLOCKS_RECKONED: &str = "IncidentClocksReckoned";
/// A task or a follow-up was written down, changed or done.
pub const TASK_CHANGED: &str = "IncidentTaskChanged";
pub const FOLLOW_UP_CHANGED: &str = "IncidentFollowUpChanged";
/// It is part of another, or no longer, or a part of it is another.
pub const MERGED: &str = "IncidentMerged";
pub const TAKEN_OUT: &str = "IncidentTakenOut";
pub const SPLIT: &str = "IncidentSplit";
/// Somebody wants to hear its updates, or does not any more.
pub const FOLLOWED: &str = "IncidentFollowed";
pub const UNFOLLOWED: &str = "IncidentUnfollowed";
/// Somebody wants a channel for it.
pub const ROOM_WANTED: &str = "IncidentRoomWanted";
/// A channel for it can't be opened.
pub const ROOM_FAILED: &str = "IncidentRoomFailed";
/// A channel for it is there.
pub const ROOM_OPENED: &str = "IncidentRoomOpened";
/// A message of its channel was marked.
pub const CHAT_MARKED: &str = "IncidentChatMarked";
/// A step of a runbook was done, left out or is open again.
pub const RUNBOOK_WORKED: &str = "IncidentRunbookWorked";
/// Of `incidents`: levels and promises are others.
pub const SET_UP: &str = "IncidentsSetUp";

/// The name under which this room acts.
pub const WORKER: &str = "incidents";

/// `incident/12`.
#[must_use]
pub fn subject(id: IncidentId) -> String {
    format!("incident/{}", id.0)
}

/// The worker of this room, as an actor.
pub(crate) fn worker() -> Actor {
    Actor::worker(WORKER)
}

/// Writes a Fact of an incident; `more` is an object whose members join its body, unless it is private.
pub(crate) async fn append(
    tx: &mut Tx,
    incident: &Incident,
    kind: &'static str,
    actor: &Actor,
    at: Time,
    more: Value,
) -> Result<(), sqlx::Error> {
    let mut body: Value = if incident.is_private {
        json!({ "private": true })
    } else {
        json!({ "title": incident.title, "severity": incident.severity().code(), "code": incident.level.code, "status": incident.status.as_str() })
    };
    if let (Some(body), Value::Object(more), false) = (body.as_object_mut(), more, incident.is_private) {
        body.extend(more);
    }
    facts::append(tx, &Fact { kind, actor, subject: subject(incident.id), body, at }).await
}
