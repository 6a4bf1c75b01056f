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

/// Of `pay/<month>`: the month is closed for everybody.
pub const PAY_CLOSED: &str = "PayMonthClosed";
/// Of `pay-rule/<duty>`: time becomes yen otherwise, from a day on.
pub const PAY_RULE_SAVED: &str = "PayRuleSaved";
/// Of `business-week`: the company works at other hours, from a day on.
pub const WEEK_SAVED: &str = "BusinessWeekSaved";
/// Of `person/<id>`: somebody says that they worked.
pub const WORK_ADDED: &str = "WorkedTimeAdded";
/// Of `person/<id>`: somebody says when they really worked.
pub const WORK_CORRECTED: &str = "WorkedTimeCorrected";
/// Of `person/<id>`: how much overtime they have besides on-call work.
pub const OVERTIME_SET: &str = "OtherOvertimeSet";

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
/// Of an alert: the next step fires before its time, because something else could not wait.
pub const HASTENED: &str = "EscalationHastened";
/// Of an alert: all steps have fired, and nobody has answered.
pub const SPENT: &str = "EscalationSpent";

/// Of whatever a telling is about: people are told.
pub const PEOPLE_TOLD: &str = "PeopleTold";
/// Of whatever a telling is about: nobody could be reached, or nobody answered; the channel of last resort is told.
pub const LAST_RESORT_TOLD: &str = "LastResortTold";

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
