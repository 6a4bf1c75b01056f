//! What postmortems need of the house: incidents with their lines, follow-ups and graphs, Facts, people, and the keys that links are signed with.
//! And the other way round: how far a postmortem is, for whoever closes an incident.

use crate::house_error::chain;
use crate::wiring::incident_alarm::HouseAlarm;
use crate::zones;
use async_trait::async_trait;
use chrono_tz::Tz;
use documents::needs::WorldError;
use documents::postmortems::gate::Gate;
use documents::postmortems::needs::{Action, GraphWish, Happened, Kept, Line, Part, Reason, Reminder, World};
use figures::{Locale, Zone};
use identity::{Identity, PersonRow};
use incidents::needs::{Alarm, ClockNews, GraphAsk, Graphs};
use incidents::{Filter, FollowUp, Frozen, Incident, Incidents, Show, StoryLine};
use kernel::facts::{self, Recorded};
use kernel::{Db, Tx};
use model::clock::ClockKind;
use model::ids::{IncidentId, PersonId};
use model::incident::roles::IncidentRole;
use model::incident::steps::Postmortem as Step;
use model::{Actor, Time};
use notify::Keys;
use promql::ast::Span;
use promql::error::ParseError;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// What links of postmortems are signed for.
const SHARES: &str = "postmortem shares, 1";
/// The house tells times where its documents come from.
const ZONE: Tz = Tz::Asia__Tokyo;
/// How the parser begins to say that it knows no such sign.
const STRANGE: &str = "unexpected character";
/// The name under which the house looks for incidents that wait.
const LOOKS: &str = "postmortems";

/// Answers the incidents room.
pub(super) struct HouseGate(Gate);

impl HouseGate {
    pub(super) fn new(db: &Db) -> Self {
        Self(Gate::new(db.clone()))
    }
}

#[async_trait]
impl incidents::needs::Postmortems for HouseGate {
    async fn of(&self, incident: IncidentId) -> Result<Step, incidents::needs::WorldError> {
        let found: Result<Step, documents::Error> = self.0.of(incident).await;
        found.map_err(|error| incidents::needs::WorldError { reason: chain(&error) })
    }
}

/// Answers the room of documents.
pub(super) struct HouseIncidents {
    pub(super) db: Db,
    pub(super) incidents: Incidents,
    pub(super) identity: Identity,
    pub(super) graphs: Arc<dyn Graphs>,
    pub(super) alarm: HouseAlarm,
    pub(super) keys: Keys,
}

#[async_trait]
impl World for HouseIncidents {
    async fn happened(&self, actor: &Actor, ids: &[IncidentId]) -> Result<Vec<Happened>, WorldError> {
        let found: Vec<Incident> = self.incidents.among(actor, ids).await.map_err(|error| failed(&error))?;
        self.with_people(found).await
    }

    async fn resolved(&self, before: Option<IncidentId>) -> Result<Vec<Happened>, WorldError> {
        let filter = Filter { show: Show::Resolved, before, limit: incidents::list::MOST, ..Filter::default() };
        let found: Vec<Incident> = self.incidents.list(&Actor::worker(LOOKS), &filter).await.map_err(|error| failed(&error))?;
        self.with_people(found).await
    }

    async fn lines(&self, actor: &Actor, id: IncidentId, locale: Locale) -> Result<Vec<Line>, WorldError> {
        let story: Vec<StoryLine> = self.incidents.story(actor, id, locale).await.map_err(|error| failed(&error))?;
        Ok(story.into_iter().map(line).collect())
    }

    async fn actions(&self, actor: &Actor, id: IncidentId) -> Result<Vec<Action>, WorldError> {
        let Some(detail) = self.incidents.detail(actor, id).await.map_err(|error| failed(&error))? else {
            return Ok(Vec::new());
        };
        let own: Vec<FollowUp> = detail.follow_ups.into_iter().filter(|found| found.incident == id).collect();
        let owners: Vec<PersonId> = own.iter().filter_map(|found| found.owner).collect();
        let names: HashMap<PersonId, String> = self.names(&owners).await?;
        Ok(own.into_iter().map(|found| action(found, &names)).collect())
    }

    async fn graphs(&self, actor: &Actor, id: IncidentId) -> Result<Vec<Kept>, WorldError> {
        let found: Vec<Frozen> = self.incidents.graphs(actor, id).await.map_err(|error| failed(&error))?;
        Ok(found.into_iter().map(kept).collect())
    }

    async fn measure(&self, wish: &GraphWish) -> Result<Value, WorldError> {
        if let Err(errors) = promql::parse(&wish.query) {
            return Err(WorldError { reason: reasons(&wish.query, &errors) });
        }
        let ask = GraphAsk { query: wish.query.clone(), from: wish.from, until: wish.until, step_ms: wish.step_ms };
        self.graphs.freeze(&ask).await.map_err(|error| WorldError { reason: error.reason })
    }

    async fn facts(&self, kinds: &[&str], from: Time, until: Time, limit: i64) -> Result<Vec<Recorded>, WorldError> {
        facts::of_kinds(&self.db, kinds, from, until, limit).await.map_err(|error| failed(&error))
    }

    async fn people(&self, ids: &[PersonId]) -> Result<Vec<(PersonId, String)>, WorldError> {
        let people: Vec<PersonRow> = self.identity.people_list().await.map_err(|error| failed(&error))?;
        let able = people.into_iter().filter(|person| ids.contains(&person.id) && !person.disabled && !person.invited);
        Ok(able.map(|person| (person.id, person.name)).collect())
    }

    /// By the way of follow-ups: a postmortem is something to be done after the incident.
    async fn remind(&self, tx: &mut Tx, reminder: &Reminder) -> Result<(), WorldError> {
        let news: ClockNews = news(reminder);
        let told = match reminder.reason {
            Reason::DueSoon | Reason::ReviewAsked => self.alarm.warn(tx, &news).await,
            Reason::Overdue | Reason::ReviewDue => self.alarm.escalate(tx, &news).await,
        };
        told.map_err(|error| WorldError { reason: error.reason })
    }

    fn zone(&self, at: Time) -> Zone {
        zones::around(ZONE, at)
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.keys.sign(SHARES, message)
    }

    fn is_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.keys.is_signed(SHARES, message, signature)
    }
}

impl HouseIncidents {
    async fn names(&self, ids: &[PersonId]) -> Result<HashMap<PersonId, String>, WorldError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let people: Vec<PersonRow> = self.identity.people_list().await.map_err(|error| failed(&error))?;
        Ok(people.into_iter().filter(|person| ids.contains(&person.id)).map(|person| (person.id, person.name)).collect())
    }

    async fn with_people(&self, found: Vec<Incident>) -> Result<Vec<Happened>, WorldError> {
        let ids: Vec<PersonId> = found.iter().flat_map(|incident| incident.roles.people()).collect();
        let names: HashMap<PersonId, String> = self.names(&ids).await?;
        Ok(found.into_iter().map(|incident| happened(incident, &names)).collect())
    }
}

fn happened(incident: Incident, names: &HashMap<PersonId, String>) -> Happened {
    Happened {
        id: incident.id,
        people: parts(&incident, names),
        severity: incident.severity(),
        code: incident.level.code.to_string(),
        needs_postmortem: incident.level.needs_postmortem,
        status: incident.status,
        is_private: incident.is_private,
        team: incident.team,
        occurred_at: incident.moments.occurred_at,
        detected_at: incident.detected_at,
        declared_at: incident.declared_at,
        acknowledged_at: incident.acknowledged_at,
        mitigated_at: incident.mitigated_at,
        resolved_at: incident.resolved_at,
        commander: incident.roles.commander,
        title: incident.title,
        summary: incident.summary,
        systems: incident.systems,
    }
}

/// In the order of the roles. Who has no account any more has no name here.
fn parts(incident: &Incident, names: &HashMap<PersonId, String>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for role in IncidentRole::ALL {
        for person in incident.roles.holders(role) {
            if let Some(name) = names.get(&person) {
                parts.push(Part { role, person, name: name.clone() });
            }
        }
    }
    parts
}

fn line(line: StoryLine) -> Line {
    Line { id: line.id.0, at: line.at, text: line.text, is_starred: line.is_pinned, was_at: line.was_at }
}

fn action(found: FollowUp, names: &HashMap<PersonId, String>) -> Action {
    Action {
        id: found.id.0,
        owner_name: found.owner.and_then(|owner| names.get(&owner).cloned()),
        is_done: found.done_at.is_some(),
        title: found.title,
        kind: found.kind,
        owner: found.owner,
        due_on: found.due_on,
        evidence: found.evidence,
    }
}

fn kept(frozen: Frozen) -> Kept {
    Kept {
        title: frozen.title,
        query: frozen.query,
        from: frozen.from,
        until: frozen.until,
        step_ms: frozen.step_ms,
        data: frozen.data,
        at: frozen.frozen_at,
    }
}

fn news(reminder: &Reminder) -> ClockNews {
    let what: &str = match reminder.reason {
        Reason::DueSoon | Reason::Overdue => "ポストモーテムの公開 / Publish the postmortem",
        Reason::ReviewAsked | Reason::ReviewDue => "ポストモーテムのレビュー / Review the postmortem",
    };
    ClockNews {
        key: reminder.key.clone(),
        incident: reminder.incident,
        title: reminder.title.clone(),
        is_private: reminder.is_private,
        severity: reminder.severity,
        code: reminder.code.clone(),
        team: reminder.team,
        kind: ClockKind::FollowUp,
        follow_up: Some(what.to_owned()),
        due_at: reminder.due_at,
        people: reminder.people.clone(),
        alerts: Vec::new(),
        pages_out_of_hours: false,
        at: reminder.at,
    }
}

/// What is wrong with a query, each thing once: signs side by side that can't be read are one mistake, and so is what follows from them.
fn reasons(query: &str, errors: &[ParseError]) -> String {
    let (strange, others): (Vec<&ParseError>, Vec<&ParseError>) =
        errors.iter().partition(|error| error.message.starts_with(STRANGE));
    let mut signs: Vec<Span> = Vec::new();
    for error in strange {
        let follows = |last: &Span| query.get(last.end..error.span.start).is_some_and(|between| between.trim().is_empty());
        match signs.last_mut() {
            Some(last) if follows(last) => last.end = error.span.end,
            _ => signs.push(error.span),
        }
    }
    let mut told: Vec<String> = signs.iter().map(|span| format!("{STRANGE} {:?}", text_of(query, *span))).collect();
    for error in others {
        let is_of_signs: bool = signs.iter().any(|span| span.start <= error.span.start && error.span.end <= span.end);
        if !is_of_signs && !told.contains(&error.message) {
            told.push(error.message.clone());
        }
    }
    told.join("; ")
}

fn text_of(query: &str, span: Span) -> &str {
    query.get(span.start..span.end).unwrap_or_default()
}

fn failed(error: &(dyn std::error::Error + 'static)) -> WorldError {
    WorldError { reason: chain(error) }
}

#[cfg(test)]
mod tests {
    use super::reasons;

    fn told(query: &str) -> String {
        let errors = promql::parse(query).err().unwrap_or_default();
        reasons(query, &errors)
    }

    #[test]
    fn what_is_wrong_with_a_query_is_said_once() {
        let said: String = told("エラー率");
        assert_eq!(said.matches("unexpected character").count(), 1, "{said}");
        assert!(said.contains("エラー率"), "{said}");
        let twice: String = told("rate(foo, bar) + rate(foo, bar)");
        let parts: Vec<&str> = twice.split("; ").collect();
        let mut once: Vec<&str> = parts.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!((parts.len(), parts.is_empty()), (once.len(), false), "{twice}");
        assert!(!told("sum(").is_empty());
    }
}
