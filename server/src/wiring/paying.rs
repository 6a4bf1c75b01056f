//! What pay needs of the house: who had an alert or an incident, from when to when. Told from Facts, which nothing edits.
//!
//! An alert has one holder at a time. On an incident several people work at once: whoever moves it on, or takes a part in it, works on it
//! until it is resolved. Of a private incident Facts say nothing but that something happened: what was worked there is added by hand.

use crate::house_error::chain;
use alerting::history as alerts;
use async_trait::async_trait;
use kernel::facts::{self, Recorded};
use kernel::{Clock, Db};
use model::Time;
use model::ids::{AlertId, PersonId};
use oncall::Pay;
use oncall::needs::{Staff, WorldError};
use oncall::pay::needs::{Answered, Answers};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// As `incidents::history` has them; that room's own words, which this file alone translates.
const MOVED: &str = "IncidentMoved";
const ROLE_CHANGED: &str = "IncidentRoleChanged";
const MERGED: &str = "IncidentMerged";
/// Moves by which somebody begins to work, and by which all end.
const BEGINNING: [&str; 4] = ["acknowledge", "identify", "mitigate", "reopen"];
const ENDING: [&str; 4] = ["resolve", "close", "dismiss", "merge"];
/// Subjects of one look: more are left to the next, which begins a little earlier.
const MOST_SUBJECTS: i64 = 2_000;
/// Facts of one alert or incident that matter: its newest.
const MOST_FACTS: i64 = 2_000;

/// The part of the on-call room that pays, over what it needs.
pub(super) fn pay(db: &Db, clock: &Arc<dyn Clock>, staff: Arc<dyn Staff>) -> Pay {
    Pay::new(db.clone(), Arc::clone(clock), staff, Arc::new(Told(db.clone())))
}

/// Answers as Facts tell them.
struct Told(Db);

#[async_trait]
impl Answers for Told {
    async fn since(&self, since: Time, open: &[String]) -> Result<Vec<Answered>, WorldError> {
        let kinds: [&str; 3] = [alerts::ACKNOWLEDGED, MOVED, ROLE_CHANGED];
        let mut subjects = facts::subjects_of(&self.0, &kinds, since, MOST_SUBJECTS).await.map_err(|error| failed(&error))?;
        subjects.extend(open.iter().cloned());
        subjects.sort_unstable();
        subjects.dedup();
        let mut answered: Vec<Answered> = Vec::new();
        for subject in subjects {
            let told: Vec<Recorded> = facts::about(&self.0, &subject, MOST_FACTS).await.map_err(|error| failed(&error))?;
            answered.extend(answers_of(&subject, &told));
        }
        Ok(answered)
    }
}

fn failed(error: &(dyn std::error::Error + 'static)) -> WorldError {
    WorldError { reason: chain(error) }
}

/// Everybody who had what these Facts are about, in the order in which they began.
fn answers_of(subject: &str, told: &[Recorded]) -> Vec<Answered> {
    let Some((kind, number)) = subject.split_once('/') else { return Vec::new() };
    let Ok(number) = number.parse::<i64>() else { return Vec::new() };
    let (label, turns): (String, Vec<Turn>) = match kind {
        "alert" => (AlertId(number).to_string(), turns_of_alert(told)),
        "incident" => (format!("I-{number}"), turns_of_incident(told)),
        _ => return Vec::new(),
    };
    let answered = |turn: Turn| Answered {
        person: turn.person,
        source: subject.to_owned(),
        label: label.clone(),
        from: turn.from,
        until: turn.until,
    };
    turns.into_iter().map(answered).collect()
}

/// Somebody had it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Turn {
    person: PersonId,
    from: Time,
    until: Option<Time>,
}

/// The person who did it; programs and links have no pay.
fn doer(fact: &Recorded) -> Option<PersonId> {
    let is_person: bool = fact.actor.get("kind").and_then(Value::as_str) == Some("person");
    let id: Option<&str> = fact.actor.get("id").and_then(Value::as_str);
    id.filter(|_| is_person).and_then(|id| id.parse::<Uuid>().ok()).map(PersonId)
}

fn turns_of_alert(told: &[Recorded]) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for fact in told {
        let is_taken: bool = fact.kind == alerts::ACKNOWLEDGED;
        let is_left: bool = [alerts::UNACKNOWLEDGED, alerts::EXPIRED, alerts::RESOLVED].contains(&fact.kind.as_str());
        if is_taken || is_left {
            end(&mut turns, fact.at, |_| true);
        }
        if let Some(person) = doer(fact).filter(|_| is_taken) {
            turns.push(Turn { person, from: fact.at, until: None });
        }
    }
    turns
}

fn turns_of_incident(told: &[Recorded]) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for fact in told {
        let said = |name: &str| fact.body.get(name).and_then(Value::as_str).unwrap_or_default();
        match fact.kind.as_str() {
            MOVED if BEGINNING.contains(&said("move")) => begin(&mut turns, doer(fact), fact.at),
            MOVED if ENDING.contains(&said("move")) => end(&mut turns, fact.at, |_| true),
            MERGED => end(&mut turns, fact.at, |_| true),
            ROLE_CHANGED => {
                let person: Option<PersonId> = said("person").parse::<Uuid>().ok().map(PersonId);
                let has_left: bool = fact.body.get("given_up").and_then(Value::as_bool) == Some(true);
                if has_left {
                    end(&mut turns, fact.at, |turn| Some(turn.person) == person);
                } else {
                    begin(&mut turns, person, fact.at);
                }
            }
            _ => {}
        }
    }
    one_a_moment(turns)
}

fn begin(turns: &mut Vec<Turn>, person: Option<PersonId>, at: Time) {
    let Some(person) = person else { return };
    let is_there: bool = turns.iter().any(|turn| turn.person == person && turn.until.is_none());
    if !is_there {
        turns.push(Turn { person, from: at, until: None });
    }
}

fn end(turns: &mut [Turn], at: Time, is_meant: impl Fn(&Turn) -> bool) {
    for turn in turns.iter_mut().filter(|turn| turn.until.is_none() && is_meant(turn)) {
        turn.until = Some(at);
    }
}

/// Of turns that begin at one moment the last: who takes a part, gives it up and takes another at once has one turn.
fn one_a_moment(turns: Vec<Turn>) -> Vec<Turn> {
    let mut kept: BTreeMap<(Time, PersonId), Turn> = BTreeMap::new();
    for turn in turns {
        kept.insert((turn.from, turn.person), turn);
    }
    kept.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::facts::Cursor;
    use serde_json::json;

    fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    fn fact(at: i64, kind: &str, by: Option<u128>, body: Value) -> Recorded {
        let actor: Value = match by {
            Some(n) => json!({ "kind": "person", "id": person(n), "name": "x" }),
            None => json!({ "kind": "worker", "name": "evaluator" }),
        };
        let cursor = Cursor { xact: at, id: at };
        Recorded { cursor, kind: kind.to_owned(), actor, subject: String::new(), body, at: Time(at) }
    }

    fn turn(n: u128, from: i64, until: Option<i64>) -> Turn {
        Turn { person: person(n), from: Time(from), until: until.map(Time) }
    }

    #[test]
    fn an_alert_is_had_by_one_person_at_a_time() {
        let told = [
            fact(1, "AlertFired", None, json!({})),
            fact(2, alerts::ACKNOWLEDGED, Some(1), json!({})),
            fact(3, alerts::UNACKNOWLEDGED, Some(2), json!({})),
            fact(4, alerts::ACKNOWLEDGED, Some(2), json!({})),
            fact(6, alerts::EXPIRED, None, json!({})),
            fact(7, alerts::ACKNOWLEDGED, None, json!({})),
            fact(8, alerts::ACKNOWLEDGED, Some(3), json!({})),
        ];
        assert_eq!(turns_of_alert(&told), [turn(1, 2, Some(3)), turn(2, 4, Some(6)), turn(3, 8, None)]);
        let answered: Vec<Answered> = answers_of("alert/12", &told);
        assert_eq!((answered.len(), answered[0].label.as_str(), answered[0].source.as_str()), (3, "A-12", "alert/12"));
        assert!(answers_of("rule/cpu", &told).is_empty() && answers_of("alert", &told).is_empty());
    }

    #[test]
    fn on_an_incident_everybody_works_until_it_is_resolved() {
        let moved = |at: i64, by: u128, word: &str| fact(at, MOVED, Some(by), json!({ "move": word }));
        let part =
            |at: i64, n: u128, left: bool| fact(at, ROLE_CHANGED, Some(1), json!({ "person": person(n), "given_up": left }));
        let told = [
            moved(2, 1, "acknowledge"),
            part(3, 2, false),
            moved(4, 1, "mitigate"),
            part(5, 2, true),
            moved(9, 3, "resolve"),
            moved(12, 3, "reopen"),
        ];
        let mut turns: Vec<Turn> = turns_of_incident(&told);
        turns.sort_by_key(|turn| turn.from);
        assert_eq!(turns, [turn(1, 2, Some(9)), turn(2, 3, Some(5)), turn(3, 12, None)]);
        assert!(turns_of_incident(&[fact(2, MOVED, Some(1), json!({ "private": true }))]).is_empty());
    }
}
