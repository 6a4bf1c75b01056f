//! What changed before it began: deploys, changes of rules, of routes and silences, of who is on call. It only looks.

use crate::Documents;
use crate::error::Error;
use crate::postmortems::Refused;
use crate::postmortems::needs::Happened;
use kernel::facts::Recorded;
use model::ids::IncidentId;
use model::{Actor, Time};
use serde::Serialize;
use serde_json::Value;

/// Changes that are shown: the newest.
const MOST: i64 = 200;
const HOUR_MS: i64 = 3_600_000;
/// How far back is looked, where nobody says otherwise, and at most.
pub const USUAL_BACK_MS: i64 = 24 * HOUR_MS;
pub const LONGEST_BACK_MS: i64 = 14 * 24 * HOUR_MS;
/// What was done just after the beginning may be what ended up making it worse.
const AHEAD_MS: i64 = HOUR_MS;

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    Deploy,
    Rule,
    Routing,
    OnCall,
    /// Channels, integrations, policies.
    Setting,
}

/// Facts that are changes.
const CHANGES: [(&str, Of); 34] = [
    ("DeployStarted", Of::Deploy),
    ("DeployFinished", Of::Deploy),
    ("DeployFailed", Of::Deploy),
    ("DeployRolledBack", Of::Deploy),
    ("Deployed", Of::Deploy),
    ("ReleasePublished", Of::Deploy),
    // Other tools tell of deploys and new versions by this one.
    ("ChangeNoted", Of::Deploy),
    ("RuleAdded", Of::Rule),
    ("RuleChanged", Of::Rule),
    ("RuleRemoved", Of::Rule),
    ("RoutesApplied", Of::Routing),
    ("SilenceMade", Of::Routing),
    ("SilenceExpired", Of::Routing),
    ("PolicySaved", Of::OnCall),
    ("PolicyRemoved", Of::OnCall),
    ("ScheduleMade", Of::OnCall),
    ("ScheduleChanged", Of::OnCall),
    ("ScheduleRemoved", Of::OnCall),
    ("DutyHandedOver", Of::OnCall),
    ("OverrideMade", Of::OnCall),
    ("OverrideCancelled", Of::OnCall),
    ("ShiftTaken", Of::OnCall),
    ("LeaveAdded", Of::OnCall),
    ("LeaveRemoved", Of::OnCall),
    ("HolidayCalendarSaved", Of::OnCall),
    ("HolidayCalendarRemoved", Of::OnCall),
    ("CalendarAttached", Of::OnCall),
    ("CalendarDetached", Of::OnCall),
    ("ChannelSaved", Of::Setting),
    ("ChannelRemoved", Of::Setting),
    ("IntegrationMade", Of::Setting),
    ("IntegrationChanged", Of::Setting),
    ("IntegrationRemoved", Of::Setting),
    ("IncidentsSetUp", Of::Setting),
];

/// A change around the beginning of an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub of: Of,
    pub at: Time,
    /// From the change to the beginning; negative when it came after.
    pub before_ms: i64,
    /// The Fact: `RuleChanged`. Screens have words for it.
    pub fact: String,
    /// `rule/cpu-usage`.
    pub subject: String,
    /// As `kernel::facts` has it.
    pub actor: Value,
    pub body: Value,
    /// It names a system of the incident.
    pub is_near: bool,
}

impl Documents {
    /// What changed around the beginning of an incident, the nearest to it first of those that name its systems, then the others. `back_ms` is
    /// how far is looked, cut to [`LONGEST_BACK_MS`].
    ///
    /// # Errors
    /// [`Refused::NotFound`]. The world's.
    pub async fn changes_before(&self, actor: &Actor, incident: IncidentId, back_ms: i64) -> Result<Vec<Change>, Error> {
        let happened: Option<Happened> = self.happened(actor, incident).await?;
        let happened: Happened = happened.ok_or(Refused::NotFound(incident))?;
        let began_at: Time = happened.occurred_at.or(happened.detected_at).unwrap_or(happened.declared_at);
        let kinds: Vec<&str> = CHANGES.iter().map(|(kind, _)| *kind).collect();
        let from: Time = began_at.plus_ms(-back_ms.clamp(HOUR_MS, LONGEST_BACK_MS));
        let facts: Vec<Recorded> = self.needs.postmortems.facts(&kinds, from, began_at.plus_ms(AHEAD_MS), MOST).await?;
        let mut changes: Vec<Change> = facts.into_iter().filter_map(|fact| change(fact, began_at, &happened.systems)).collect();
        changes.sort_by_key(|change| (!change.is_near, change.before_ms.abs()));
        Ok(changes)
    }
}

fn change(fact: Recorded, began_at: Time, systems: &[String]) -> Option<Change> {
    let (_, of) = CHANGES.iter().find(|(kind, _)| *kind == fact.kind)?;
    Some(Change {
        of: *of,
        at: fact.at,
        before_ms: began_at.since(fact.at),
        is_near: systems.iter().any(|system| names(&fact.body, system)),
        fact: fact.kind,
        subject: fact.subject,
        actor: fact.actor,
        body: fact.body,
    })
}

/// Whether some text within says the name of a system, and nothing else.
fn names(body: &Value, system: &str) -> bool {
    match body {
        Value::String(text) => text == system,
        Value::Array(all) => all.iter().any(|one| names(one, system)),
        Value::Object(all) => all.values().any(|one| names(one, system)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_is_near_when_it_names_a_system() {
        assert!(names(&json!({ "labels": { "job": ["web", "api"] } }), "api"));
        assert!(!names(&json!({ "labels": { "job": "api-2" }, "n": 3 }), "api"));
    }

    #[test]
    fn every_change_is_listed_once() {
        let mut kinds: Vec<&str> = CHANGES.iter().map(|(kind, _)| *kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        assert_eq!(kinds.len(), CHANGES.len());
    }
}
