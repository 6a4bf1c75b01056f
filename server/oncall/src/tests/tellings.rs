//! What people hear that is no alert: by which contact, who else when nobody can be reached or answers, and when it ends.

use super::{House, MINUTE, S, START, Said, actor, calls, failed, grant, person};
use crate::contacts::ContactKind;
use crate::needs::Tone;
use crate::outcomes::Outcome;
use crate::personal::Urgency;
use crate::runs::State;
use crate::schedules::change::Effective;
use crate::schedules::definition::{Definition, NO_HOLIDAYS};
use crate::{Circle, Telling, Whom};
use kernel::{Clock, Fact, Tx, facts};
use model::ids::{AlertId, PersonId};
use model::{Actor, Severity};
use serde_json::{Value, json};
use sqlx::PgPool;

const POLICY: &str = "\
policies:
  - name: p
    steps:
      - {wait: 5m, notify: [{person: person-2@example.jp}]}
      - {wait: 60m, notify: [{person: person-3@example.jp}]}
  - name: nights
    owner: web
    steps:
      - {wait: 5m, notify: [{schedule: nobody}]}
      - {wait: 5m, notify: [{person: person-4@example.jp}]}
";

fn circle(whom: Whom, words: &str) -> Circle {
    Circle { whom, words: json!(words) }
}

fn people(numbers: &[u128]) -> Whom {
    Whom::People(numbers.iter().map(|n| person(*n)).collect())
}

/// About incident 12: those people, else whoever is on call, else the administrators.
fn telling(tone: Tone, numbers: &[u128]) -> Telling {
    Telling {
        key: "clock-1".to_owned(),
        subject: "incident/12".to_owned(),
        tone,
        urgency: Urgency::High,
        circles: vec![
            circle(people(numbers), "yours"),
            circle(Whom::OnCall { team: Some("web".to_owned()) }, "on call"),
            circle(Whom::Administrators, "admins"),
        ],
        last_resort: Some(json!("last resort")),
        widen_after_ms: None,
        answers: vec!["IncidentMoved".to_owned()],
        is_private: false,
        why: "the first response is overdue".to_owned(),
        at: START,
    }
}

impl House {
    /// Asks, commits and looks.
    async fn tell(&self, telling: &Telling) -> bool {
        let mut tx: Tx = self.db.begin().await.unwrap();
        let is_new: bool = self.oncall.tell(&mut tx, telling).await.unwrap();
        tx.commit().await.unwrap();
        self.look().await;
        is_new
    }

    async fn escalate(&self, alerts: &[i64], telling: &Telling) {
        let alerts: Vec<AlertId> = alerts.iter().map(|alert| AlertId(*alert)).collect();
        let mut tx: Tx = self.db.begin().await.unwrap();
        self.oncall.escalate(&mut tx, &alerts, telling).await.unwrap();
        tx.commit().await.unwrap();
        self.look().await;
    }

    /// A Fact about incident 12, now.
    async fn happens(&self, kind: &'static str) {
        let actor: Actor = actor(2);
        let (subject, body) = ("incident/12".to_owned(), json!({}));
        let fact = Fact { kind, actor: &actor, subject, body, at: self.clock.now() };
        let mut tx: Tx = self.db.begin().await.unwrap();
        facts::append(&mut tx, &fact).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A schedule that this team looks after; whoever is on call in it, the world says.
    async fn schedule(&self, name: &str, owner: Option<&str>) {
        let (owner, calendar) = (owner.map(str::to_owned), NO_HOLIDAYS.to_owned());
        let definition = Definition { owner, calendar, ..Definition::empty(name, "Asia/Tokyo") };
        let schedules = self.oncall.schedules();
        schedules.make(&grant(&Actor::worker("test")), &definition, Effective::NextHandoff).await.unwrap();
    }

    /// Seconds since the start, whom and in which words; nobody is the last resort.
    fn told(&self) -> Vec<(i64, Option<PersonId>, String)> {
        let said = self.world.said.lock().unwrap();
        let line = |said: &Said| match said {
            Said::Told { at, to, words, .. } => Some((at.since(START) / S, to.map(|(person, _)| person), words.clone())),
            _ => None,
        };
        said.iter().filter_map(line).collect()
    }

    /// In which words, in order.
    fn words(&self) -> Vec<String> {
        self.told().into_iter().map(|(_, _, words)| words).collect()
    }

    async fn facts_of(&self, subject: &str) -> Vec<(String, Value)> {
        let recorded = facts::about(&self.db, subject, 50).await.unwrap();
        recorded.into_iter().map(|fact| (fact.kind, fact.body)).collect()
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_warning_is_told_once_by_the_first_contact_and_the_next_when_that_fails(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    house.reach(2, ContactKind::Sms).await;
    house.reach(2, ContactKind::Email).await;
    assert!(house.tell(&telling(Tone::Warning, &[2])).await);
    assert!(!house.tell(&telling(Tone::Warning, &[2])).await, "the same key is the same telling");
    assert_eq!(house.words(), ["yours"]);
    house.became(failed()).await;
    house.look().await;
    house.became(Outcome::Accepted).await;
    house.pass(30 * MINUTE).await;
    assert_eq!(house.told(), [(0, Some(person(2)), "yours".to_owned()), (0, Some(person(2)), "yours".to_owned())]);
    let facts: Vec<(String, Value)> = house.facts_of("incident/12").await;
    assert_eq!(facts, [("PeopleTold".to_owned(), json!({ "tone": "warning", "people": [person(2)] }))]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_call_goes_on_by_ones_own_rules_until_somebody_answers(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    for kind in [ContactKind::Slack, ContactKind::Sms, ContactKind::Voice] {
        house.reach(2, kind).await;
    }
    house.tell(&telling(Tone::Call, &[2])).await;
    house.became(Outcome::Accepted).await;
    house.pass(2 * MINUTE).await;
    assert_eq!(house.told().iter().map(|(at, _, _)| *at).collect::<Vec<i64>>(), [0, 120]);
    house.happens("IncidentNoted").await;
    house.happens("IncidentMoved").await;
    house.pass(30 * MINUTE).await;
    assert_eq!(house.told().len(), 2, "somebody has answered");
    assert_eq!(house.oncall.oldest_due().await.unwrap(), None);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_happened_before_is_no_answer_and_neither_is_anything_else(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    house.reach(2, ContactKind::Slack).await;
    house.reach(2, ContactKind::Sms).await;
    house.happens("IncidentMoved").await;
    house.clock.advance_ms(S);
    house.tell(&Telling { at: START.plus_ms(S), ..telling(Tone::Call, &[2]) }).await;
    house.happens("IncidentNoted").await;
    house.pass(2 * MINUTE).await;
    assert_eq!(house.words().len(), 2);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whoever_cannot_be_reached_is_followed_by_whoever_is_on_call_and_so_on_to_the_last_resort(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    house.schedule("payments", Some("web")).await;
    house.on_call("payments/secondary", &[(START, 3)]);
    house.reach(3, ContactKind::Sms).await;
    house.tell(&telling(Tone::Warning, &[2])).await;
    assert_eq!(house.told(), [(0, Some(person(3)), "on call".to_owned())], "2 has no contact, and nobody is primary");
    house.reach(1, ContactKind::Email).await;
    house.tell(&Telling { key: "clock-2".to_owned(), ..telling(Tone::Warning, &[3]) }).await;
    assert_eq!(house.words(), ["yours"]);
    house.became(failed()).await;
    house.look().await;
    assert_eq!(house.words(), ["yours", "admins"], "3 was told already");
    house.became(failed()).await;
    house.look().await;
    assert_eq!(house.told().pop(), Some((0, None, "last resort".to_owned())));
    let kinds: Vec<String> = house.facts_of("incident/12").await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["PeopleTold", "PeopleTold", "PeopleTold", "LastResortTold"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn on_call_is_the_teams_schedule_else_its_policy_else_a_schedule_of_nobody_in_particular(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    for n in 2..=4 {
        house.reach(n, ContactKind::Sms).await;
    }
    house.schedule("house", None).await;
    house.on_call("house/primary", &[(START, 3)]);
    let mut told: Vec<Option<PersonId>> = Vec::new();
    for (n, team) in [Some("web"), Some("data"), None].into_iter().enumerate() {
        let team: Option<String> = team.map(str::to_owned);
        let circles: Vec<Circle> = vec![circle(Whom::OnCall { team }, "on call")];
        house.tell(&Telling { key: format!("clock-{n}"), circles, ..telling(Tone::Warning, &[]) }).await;
        told.extend(house.told().pop().map(|(_, person, _)| person));
    }
    assert_eq!(told, [Some(person(4)), Some(person(3)), Some(person(3))]);
    house.schedule("web", Some("web")).await;
    house.on_call("web/primary", &[(START, 2)]);
    let circles: Vec<Circle> = vec![circle(Whom::OnCall { team: Some("web".to_owned()) }, "on call")];
    house.tell(&Telling { key: "clock-9".to_owned(), circles, ..telling(Tone::Warning, &[]) }).await;
    assert_eq!(house.told().pop().and_then(|(_, person, _)| person), Some(person(2)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_call_that_nobody_answers_widens_circle_by_circle(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    for n in 1..=2 {
        house.reach(n, ContactKind::Sms).await;
    }
    house.tell(&Telling { widen_after_ms: Some(5 * MINUTE), ..telling(Tone::Call, &[2]) }).await;
    house.became(Outcome::Accepted).await;
    house.pass(5 * MINUTE).await;
    house.became(Outcome::Accepted).await;
    house.pass(60 * MINUTE).await;
    let line = |minutes: i64, who: Option<u128>, words: &str| (minutes * 60, who.map(person), words.to_owned());
    let expected = [line(0, Some(2), "yours"), line(5, Some(1), "admins"), line(10, None, "last resort")];
    assert_eq!(house.told(), expected, "nobody of the team is on call");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_only_new_rings_no_telephone_and_calls_nobody_else(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    house.reach(2, ContactKind::Voice).await;
    house.reach(3, ContactKind::Voice).await;
    house.reach(3, ContactKind::Email).await;
    let update = Telling {
        urgency: Urgency::Low,
        circles: vec![circle(people(&[2, 3, 9]), "how it stands")],
        last_resort: None,
        answers: Vec::new(),
        is_private: true,
        ..telling(Tone::Quiet, &[])
    };
    house.tell(&update).await;
    assert_eq!(house.told(), [(0, Some(person(3)), "how it stands".to_owned())]);
    house.became(failed()).await;
    house.pass(10 * MINUTE).await;
    assert_eq!(house.told().len(), 1, "their telephone stays quiet");
    assert_eq!(house.facts_of("incident/12").await, [("PeopleTold".to_owned(), json!({ "private": true }))]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whoever_may_not_come_in_is_not_told(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    house.reach(1, ContactKind::Sms).await;
    house.reach(2, ContactKind::Sms).await;
    house.disable(2);
    house.tell(&telling(Tone::Warning, &[2])).await;
    assert_eq!(house.words(), ["admins"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_broken_promise_fires_the_next_step_of_what_runs_at_once_and_once(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    for n in 2..=3 {
        house.reach(n, ContactKind::Sms).await;
    }
    house.order(&calls("g1-e1", Severity::P1, &[1])).await;
    house.look().await;
    house.became(Outcome::Accepted).await;
    house.clock.advance_ms(MINUTE);
    house.escalate(&[1, 2], &telling(Tone::Call, &[4])).await;
    assert_eq!(house.calls(), [(0, person(2)), (60, person(3))]);
    assert!(house.words().is_empty(), "whoever runs after the alert is enough");
    house.escalate(&[1, 2], &telling(Tone::Call, &[4])).await;
    assert_eq!(house.newest().await.state, State::Running, "the same key hastens nothing twice");
    let run = house.oncall.explain(house.newest().await.id).await.unwrap().unwrap();
    let reasons: Vec<Option<String>> =
        run.log.iter().filter(|entry| entry.what.as_str() == "hastened").map(|entry| entry.detail.clone()).collect();
    assert_eq!(reasons, [Some("the first response is overdue".to_owned())]);
    let facts: Vec<(String, Value)> = house.facts_of("alert/1").await;
    let (_, body): &(String, Value) = facts.iter().find(|(kind, _)| kind == "EscalationHastened").unwrap();
    assert_eq!(body["reason"], "the first response is overdue");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn where_no_step_is_left_or_somebody_has_it_people_are_called_instead(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    for n in 2..=4 {
        house.reach(n, ContactKind::Sms).await;
    }
    house.order(&calls("g1-e1", Severity::P1, &[1])).await;
    house.look().await;
    house.pass(5 * MINUTE).await;
    house.forget();
    house.escalate(&[1], &telling(Tone::Call, &[4])).await;
    assert_eq!(house.words(), ["yours"], "both steps have fired");
    house.acknowledge(1, &actor(3), true).await;
    house.escalate(&[1], &Telling { key: "clock-2".to_owned(), ..telling(Tone::Call, &[4]) }).await;
    assert_eq!(house.words(), ["yours", "yours"]);
    house.escalate(&[], &Telling { key: "clock-3".to_owned(), ..telling(Tone::Call, &[4]) }).await;
    assert_eq!(house.words().len(), 3, "an incident without alerts");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_processes_tell_it_once(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    for n in 2..=4 {
        house.reach(n, ContactKind::Sms).await;
    }
    let mut tx: Tx = house.db.begin().await.unwrap();
    for n in 0..20 {
        let one = Telling { key: format!("clock-{n}"), ..telling(Tone::Warning, &[2, 3, 4]) };
        house.oncall.tell(&mut tx, &one).await.unwrap();
    }
    tx.commit().await.unwrap();
    let (one, other) = (house.oncall.clone(), house.oncall.clone());
    let (one, other) = (tokio::spawn(async move { one.tick().await }), tokio::spawn(async move { other.tick().await }));
    one.await.unwrap().unwrap();
    other.await.unwrap().unwrap();
    house.look().await;
    assert_eq!(house.told().len(), 60);
}
