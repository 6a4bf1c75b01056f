//! Reads the Facts of the other rooms and writes what concerns an incident into its timeline.
//!
//! A Fact of a linked alert becomes a line, once: whoever reads it again, after a crash or because the alert was linked late, finds it told.
//! So the place in the stream may be written down after the lines. What happened to an alert before it was linked is read from its
//! subject, right after the link was committed: nothing can fall between the two, since the stream hands out nothing that is committed
//! earlier than what it has handed out.

use crate::Incidents;
use crate::error::Error;
use crate::history;
use crate::incident::{By, Incident};
use crate::moves;
use crate::parts;
use crate::store;
use crate::timeline::{EntryKind, Line, write};
use jobs::Lease;
use kernel::Tx;
use kernel::facts::{self, Cursor, Recorded};
use model::actor::Who;
use model::ids::{AlertId, IncidentId, PersonId};
use model::incident::IncidentStatus;
use model::incident::roles::IncidentRole;
use model::{Actor, Role, Time};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Facts that are read at once.
const BATCH: i64 = 500;
/// Batches in one look; then clocks are looked at.
const MOST_BATCHES: usize = 20;
/// Facts of one alert's past that come into a timeline: the newest.
const MOST_PAST: i64 = 500;
/// Alerts whose past is read in one look.
const PASTS_AT_ONCE: i64 = 100;
/// Bytes of what a Fact says that are kept in a line.
const MOST_BODY: usize = 16_384;

/// Facts of alerts that are lines, and of which kind.
const TOLD: [(&str, EntryKind); 22] = [
    ("AlertFired", EntryKind::Alert),
    ("AlertAcknowledged", EntryKind::Alert),
    ("AlertUnacknowledged", EntryKind::Alert),
    ("AcknowledgementExpired", EntryKind::Alert),
    ("AlertCommented", EntryKind::Alert),
    ("AlertRecovered", EntryKind::Alert),
    ("AlertRelapsed", EntryKind::Alert),
    ("AlertRaised", EntryKind::Alert),
    ("AlertLowered", EntryKind::Alert),
    ("AlertResolved", EntryKind::Alert),
    ("PageSent", EntryKind::Page),
    ("PageFailed", EntryKind::Page),
    ("PagePassedOn", EntryKind::Page),
    ("PageUndelivered", EntryKind::Page),
    ("PageWithdrawn", EntryKind::Page),
    ("EscalationStarted", EntryKind::Escalation),
    ("EscalationStepFired", EntryKind::Escalation),
    ("EscalationStepSkipped", EntryKind::Escalation),
    ("EscalationReachedNobody", EntryKind::Escalation),
    ("EscalationHastened", EntryKind::Escalation),
    ("EscalationPassedOn", EntryKind::Escalation),
    ("EscalationSpent", EntryKind::Escalation),
];
/// Facts about systems begin so.
const DEPLOY: &str = "Deploy";
/// Facts after which a rule may want an incident.
const WISHED: [&str; 2] = ["AlertFired", "AlertRaised"];
/// Facts that say that somebody was summoned.
const SUMMONED: [&str; 2] = ["PageSent", "EscalationStepFired"];
const ACKNOWLEDGED: &str = "AlertAcknowledged";
const FIRED: &str = "AlertFired";

impl Incidents {
    /// Reads what is new. Only the leader does.
    pub(crate) async fn read_facts(&self, lease: &Lease) -> Result<(), Error> {
        let Some(mut at) = store::cursor::read(&self.db).await? else {
            return self.begin_reading(lease).await;
        };
        for _ in 0..MOST_BATCHES {
            let batch: Vec<Recorded> = facts::read_after(&self.db, at, BATCH).await?;
            let Some(last) = batch.last().map(|fact| fact.cursor) else {
                return Ok(());
            };
            self.take(&batch).await?;
            let mut tx: Tx = self.db.begin().await?;
            jobs::guard(&mut tx, lease).await?;
            store::cursor::advance(&mut tx, last).await?;
            tx.commit().await?;
            at = last;
        }
        Ok(())
    }

    /// A house that begins to read does not read what was before: an alert's past is read when it is linked.
    async fn begin_reading(&self, lease: &Lease) -> Result<(), Error> {
        let newest: Cursor = facts::newest(&self.db).await?;
        let mut tx: Tx = self.db.begin().await?;
        jobs::guard(&mut tx, lease).await?;
        store::cursor::begin(&mut tx, newest).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn take(&self, batch: &[Recorded]) -> Result<(), Error> {
        for fact in batch.iter().filter(|fact| WISHED.contains(&fact.kind.as_str())) {
            self.grant_wish(fact).await?;
        }
        let numbers: Vec<i64> = batch.iter().filter_map(|fact| alert_of(fact).map(|alert| alert.0)).collect();
        let linked: HashMap<i64, IncidentId> = store::alerts::incidents_of(&self.db, &numbers).await?;
        for fact in batch {
            if fact.kind.starts_with(DEPLOY) {
                self.tell_deploy(fact).await?;
                continue;
            }
            let incident: Option<IncidentId> = alert_of(fact).and_then(|alert| linked.get(&alert.0).copied());
            if let (Some(id), Some(kind)) = (incident, told_as(fact)) {
                self.tell_one(id, fact, kind).await?;
            }
        }
        Ok(())
    }

    async fn grant_wish(&self, fact: &Recorded) -> Result<(), Error> {
        let Some(alert) = alert_of(fact) else {
            return Ok(());
        };
        let Some(wish) = self.needs.wishes.wish(alert, fact).await? else {
            return Ok(());
        };
        match self.declare_by_wish(alert, &wish).await {
            // A rule that asks for what can't be must not hold up everything behind it.
            Err(Error::NoLevel { code }) => {
                tracing::warn!(code, %alert, "a rule wants an incident of a level that does not exist");
                Ok(())
            }
            Err(Error::NoAlerts | Error::Over | Error::Large { .. } | Error::Empty { .. } | Error::BadTime { .. }) => {
                tracing::warn!(%alert, "a rule wants an incident, and none can be declared");
                Ok(())
            }
            other => other,
        }
    }

    async fn tell_one(&self, id: IncidentId, fact: &Recorded, kind: EntryKind) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let Some(mut incident) = store::incidents::lock(&mut tx, id).await? else {
            return Ok(());
        };
        tell(&mut tx, &mut incident, fact, kind, now).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn tell_deploy(&self, fact: &Recorded) -> Result<(), Error> {
        let systems: Vec<String> = systems_of(fact);
        if systems.is_empty() {
            return Ok(());
        }
        let mut tx: Tx = self.db.begin().await?;
        let ids: Vec<IncidentId> = store::incidents::open_about(&mut tx, &systems).await?;
        tx.rollback().await?;
        for id in ids {
            self.tell_one(id, fact, EntryKind::Deploy).await?;
        }
        Ok(())
    }

    /// Reads the past of alerts that were just linked. What goes wrong is tried again by the leader.
    pub(crate) async fn read_what_was(&self, alerts: &[AlertId]) {
        for alert in alerts {
            if let Err(error) = self.read_past(*alert).await {
                tracing::warn!(error = &error as &dyn std::error::Error, %alert, "the past of an alert is not in the timeline yet");
            }
        }
    }

    /// Reads the past of every alert whose past was not read.
    pub(crate) async fn read_pasts(&self) -> Result<(), Error> {
        for (alert, _) in store::alerts::unread(&self.db, PASTS_AT_ONCE).await? {
            self.read_past(alert).await?;
        }
        Ok(())
    }

    async fn read_past(&self, alert: AlertId) -> Result<(), Error> {
        let subject: String = format!("alert/{}", alert.0);
        let past: Vec<Recorded> = facts::about(&self.db, &subject, MOST_PAST).await?;
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let Some(id) = store::alerts::incident_of(&mut tx, alert).await? else {
            return Ok(());
        };
        let Some(mut incident) = store::incidents::lock(&mut tx, id).await? else {
            return Ok(());
        };
        for fact in &past {
            if let Some(kind) = told_as(fact) {
                tell(&mut tx, &mut incident, fact, kind, now).await?;
            }
        }
        store::alerts::note_read(&mut tx, alert, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Writes the line of a Fact, and what follows from it for the incident. Nothing when it was told already.
async fn tell(tx: &mut Tx, incident: &mut Incident, fact: &Recorded, kind: EntryKind, now: Time) -> Result<(), Error> {
    let by: By = by(fact);
    let line = Line { source: Some(source_of(fact)), ..Line::of(kind, fact.at, by, body_of(fact)) };
    if write(tx, incident, &line, now).await?.is_none() {
        return Ok(());
    }
    let before: Incident = incident.clone();
    learn(tx, incident, fact, now).await?;
    if *incident != before {
        store::incidents::save(tx, incident).await?;
    }
    Ok(())
}

/// What a Fact says of the steps: somebody was summoned, somebody answered, it was noticed earlier.
async fn learn(tx: &mut Tx, incident: &mut Incident, fact: &Recorded, now: Time) -> Result<(), Error> {
    if SUMMONED.contains(&fact.kind.as_str()) {
        let first: Time = incident.moments.alerted_at.map_or(fact.at, |at| at.min(fact.at));
        incident.moments.alerted_at = Some(first);
    }
    if fact.kind == FIRED && incident.detected_at.is_none() {
        incident.detected_at = Some(fact.at);
    }
    if fact.kind == ACKNOWLEDGED && incident.status == IncidentStatus::Declared {
        // Who took the alert on has the incident; before it was declared nobody could have had it.
        let at: Time = fact.at.max(incident.declared_at).min(now.max(incident.declared_at));
        let actor: Actor = actor_of(fact);
        let alert: Option<AlertId> = alert_of(fact);
        moves::acknowledge(tx, incident, &actor, at, json!({ "alert": alert })).await?;
        if let Some(person) = actor.person_id() {
            parts::give(tx, incident, IncidentRole::Responder, person, &actor, at).await?;
        }
    }
    Ok(())
}

fn told_as(fact: &Recorded) -> Option<EntryKind> {
    TOLD.iter().find(|(kind, _)| *kind == fact.kind).map(|(_, entry)| *entry)
}

/// The alert a Fact is about.
fn alert_of(fact: &Recorded) -> Option<AlertId> {
    fact.subject.strip_prefix("alert/").and_then(|number| number.parse().ok()).map(AlertId)
}

/// A page about several alerts leaves a Fact with each, at one moment: it is one line.
fn source_of(fact: &Recorded) -> String {
    for name in ["delivery", "run"] {
        if let Some(id) = fact.body[name].as_str() {
            return format!("{}/{id}/{}", fact.kind, fact.at.0);
        }
    }
    format!("fact/{}", fact.cursor.id)
}

/// What the Fact says, and of what it is.
fn body_of(fact: &Recorded) -> Value {
    let mut body: Map<String, Value> = match &fact.body {
        Value::Object(said) if fact.body.to_string().len() <= MOST_BODY => said.clone(),
        _ => Map::new(),
    };
    body.insert("fact".to_owned(), json!(fact.kind));
    body.insert("subject".to_owned(), json!(fact.subject));
    if let Some(alert) = alert_of(fact) {
        body.insert("alert".to_owned(), json!(alert));
    }
    Value::Object(body)
}

fn systems_of(fact: &Recorded) -> Vec<String> {
    let one: Option<&str> = fact.body["system"].as_str();
    let many = fact.body["systems"].as_array().into_iter().flatten().filter_map(Value::as_str);
    one.into_iter().chain(many).map(str::to_owned).collect()
}

fn who_of(fact: &Recorded) -> Option<Who> {
    serde_json::from_value(fact.actor.clone()).ok()
}

fn by(fact: &Recorded) -> By {
    let name: &str = fact.actor["name"].as_str().unwrap_or_default();
    let person: Option<PersonId> = match who_of(fact) {
        Some(Who::Person { id, .. }) => Some(id),
        _ => None,
    };
    By { name: name.to_owned(), person }
}

/// Whoever did it, for saying so: what they may do was looked at when they did it.
fn actor_of(fact: &Recorded) -> Actor {
    match who_of(fact) {
        Some(who) => Actor { who, role: Role::Responder, team_roles: Vec::new() },
        None => history::worker(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(kind: &str, subject: &str, body: Value) -> Recorded {
        let actor = json!({ "kind": "worker", "name": "pager" });
        let cursor = Cursor { xact: 1, id: 7 };
        Recorded { cursor, kind: kind.to_owned(), actor, subject: subject.to_owned(), body, at: Time(5) }
    }

    #[test]
    fn a_page_about_two_alerts_is_one_line_and_two_alerts_that_fire_are_two() {
        let page = |alert: i64| fact("PageSent", &format!("alert/{alert}"), json!({ "delivery": "d1" }));
        assert_eq!(source_of(&page(1)), source_of(&page(2)));
        let fired = fact("AlertFired", "alert/1", json!({}));
        let later = Recorded { cursor: Cursor { xact: 1, id: 8 }, ..fired.clone() };
        assert_ne!(source_of(&fired), source_of(&later));
        assert_eq!((alert_of(&fired), alert_of(&fact("Deployed", "deploy/1", json!({})))), (Some(AlertId(1)), None));
    }

    #[test]
    fn what_a_fact_says_is_kept_up_to_a_size() {
        let small = body_of(&fact("AlertFired", "alert/1", json!({ "value": 3 })));
        assert_eq!((&small["value"], &small["alert"], &small["fact"]), (&json!(3), &json!(1), &json!("AlertFired")));
        let large = body_of(&fact("AlertFired", "alert/1", json!({ "text": "x".repeat(MOST_BODY) })));
        assert_eq!((&large["text"], &large["alert"]), (&Value::Null, &json!(1)));
    }

    #[test]
    fn systems_are_named_one_or_many() {
        let one = fact("DeployFinished", "deploy/1", json!({ "system": "api" }));
        let many = fact("DeployFinished", "deploy/1", json!({ "systems": ["api", "web", 3] }));
        assert_eq!((systems_of(&one), systems_of(&many)), (vec!["api".to_owned()], vec!["api".to_owned(), "web".to_owned()]));
        assert!(systems_of(&fact("DeployFinished", "deploy/1", json!({}))).is_empty());
    }
}
