//! What happened, as Facts: an alert's history says how far its escalation went.

use crate::runs::Run;
use kernel::{Fact, Tx, facts};
use model::{Actor, Time};
use serde_json::{Value, json};

/// Of `policy/<name>`: made or changed.
pub const POLICY_SAVED: &str = "PolicySaved";
/// Of `policy/<name>`: gone.
pub const POLICY_REMOVED: &str = "PolicyRemoved";
/// Of `person/<id>`: a way to reach them was added; it is not verified.
pub const CONTACT_ADDED: &str = "ContactAdded";
/// Of `person/<id>`: they have shown that it is theirs.
pub const CONTACT_VERIFIED: &str = "ContactVerified";
/// Of `person/<id>`: a way to reach them is gone.
pub const CONTACT_REMOVED: &str = "ContactRemoved";
/// Of `person/<id>`: how they want to be paged.
pub const RULES_SAVED: &str = "PersonalRulesSaved";

/// Of an alert: people are paged by a policy from now on.
pub const STARTED: &str = "EscalationStarted";
/// Of an alert: a step paged somebody.
pub const STEP_FIRED: &str = "EscalationStepFired";
/// Of an alert: a step could page nobody, so the next one followed at once.
pub const STEP_SKIPPED: &str = "EscalationStepSkipped";
/// Of an alert: no step could page anybody; the administrators were.
pub const REACHED_NOBODY: &str = "EscalationReachedNobody";
/// Of an alert: somebody can't.
pub const PASSED_ON: &str = "EscalationPassedOn";
/// Of an alert: all steps have fired, and nobody has answered.
pub const SPENT: &str = "EscalationSpent";

/// The name under which this room acts.
pub const WORKER: &str = "escalation";

/// Alerts of one run in whose history it is written; the run knows the others.
const MOST_SUBJECTS: usize = 20;

/// Writes what happened with every alert of a run.
pub(crate) async fn append(
    tx: &mut Tx,
    run: &Run,
    kind: &'static str,
    actor: &Actor,
    at: Time,
    more: Value,
) -> Result<(), sqlx::Error> {
    let mut body: Value = json!({ "run": run.id.0, "policy": run.policy });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    let mut all: Vec<Fact<'_>> = Vec::new();
    for alert in run.alerts.iter().filter(|alert| !run.settled.contains(alert)).take(MOST_SUBJECTS) {
        all.push(Fact { kind, actor, subject: format!("alert/{alert}"), body: body.clone(), at });
    }
    facts::append_all(tx, &all).await
}

/// The worker of this room, as an actor.
pub(crate) fn worker() -> Actor {
    Actor::worker(WORKER)
}
