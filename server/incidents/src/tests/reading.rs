//! The timeline that builds itself from Facts: once each, over restarts, late links, and what follows for the incident.

use super::{House, MINUTE, START, actor, declares, person, works};
use crate::timeline::{Entry, EntryKind};
use crate::{Declaration, Incident, Seen};
use model::Actor;
use model::clock::ClockKind;
use model::ids::{AlertId, IncidentId};
use model::incident::{IncidentStatus, Move};
use serde_json::json;
use sqlx::PgPool;

fn evaluator() -> Actor {
    Actor::worker("evaluator")
}

async fn about(house: &House, alerts: &[i64]) -> Incident {
    let alerts: Vec<AlertId> = alerts.iter().map(|alert| AlertId(*alert)).collect();
    house.incidents.declare_from_alerts(&declares(1), &alerts, &Declaration::default()).await.unwrap()
}

/// What Facts brought, in order.
async fn told(house: &House, id: IncidentId) -> Vec<String> {
    let lines: Vec<Entry> = house.lines(id).await;
    let facts = lines.iter().filter_map(|line| line.body["fact"].as_str()).filter(|fact| *fact != "linked");
    facts.map(str::to_owned).collect()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_happens_to_linked_alerts_is_told_once_and_nothing_else_is(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = about(&house, &[1]).await;
    let (pager, evaluator) = (Actor::worker("pager"), evaluator());
    house.fact("AlertRaised", 1, &evaluator, json!({ "severity": "P0" })).await;
    house.fact("PageSent", 1, &pager, json!({ "delivery": "d1", "channel": "ops" })).await;
    house.fact("EscalationStepFired", 1, &Actor::worker("escalation"), json!({ "run": "r1", "step": 1, "pass": 1 })).await;
    house.fact("AlertPending", 1, &evaluator, json!({})).await;
    house.fact("PageSent", 99, &pager, json!({ "delivery": "d2" })).await;
    house.read().await;
    house.read().await;
    assert_eq!(told(&house, incident.id).await, ["AlertRaised", "PageSent", "EscalationStepFired"]);
    assert_eq!(house.incident(incident.id).await.moments.alerted_at, Some(START));
    let page = house.lines(incident.id).await.into_iter().find(|line| line.kind == EntryKind::Page).unwrap();
    assert_eq!((page.by.name.as_str(), &page.body["alert"], &page.body["channel"]), ("pager", &json!(1), &json!("ops")));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_page_about_two_alerts_of_one_incident_is_one_line(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = about(&house, &[1, 2]).await;
    for alert in [1, 2] {
        house.fact("PageSent", alert, &Actor::worker("pager"), json!({ "delivery": "d1" })).await;
    }
    house.read().await;
    assert_eq!(told(&house, incident.id).await, ["PageSent"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_process_that_died_before_it_wrote_its_place_down_tells_nothing_twice(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = about(&house, &[1]).await;
    house.fact("AlertRaised", 1, &evaluator(), json!({})).await;
    house.fact("AlertResolved", 1, &evaluator(), json!({})).await;
    house.read().await;
    let told_before: Vec<String> = told(&house, incident.id).await;
    assert_eq!(told_before, ["AlertRaised", "AlertResolved"]);
    sqlx::query("update incident_cursor set xact = 0, fact = 0").execute(house.db.pool()).await.unwrap();
    house.fact("AlertCommented", 1, &actor(2), json!({ "comment": "再発" })).await;
    // Another process goes on, from the place that stands in the database.
    house.clock.advance_ms(MINUTE);
    let other = House { incidents: house.another(), ..house };
    other.read().await;
    assert_eq!(told(&other, incident.id).await, ["AlertRaised", "AlertResolved", "AlertCommented"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_happened_before_an_alert_was_linked_comes_too(pool: PgPool) {
    let house = House::new(pool).await;
    house.fact("AlertFired", 5, &evaluator(), json!({ "name": { "ja": "遅い", "en": "Slow" } })).await;
    house.fact("PageSent", 5, &Actor::worker("pager"), json!({ "delivery": "d1" })).await;
    house.read().await;
    house.clock.advance_ms(5 * MINUTE);
    let incident: Incident = house.declare("P2").await;
    assert_eq!(house.incidents.link(&works(1), incident.id, &[AlertId(5), AlertId(5)]).await.unwrap(), 1);
    assert_eq!(told(&house, incident.id).await, ["AlertFired", "PageSent"]);
    house.read().await;
    assert_eq!(told(&house, incident.id).await.len(), 2);
    let first: Entry = house.lines(incident.id).await.remove(0);
    assert_eq!((first.kind, first.at), (EntryKind::Alert, START), "it stands where it happened");
    assert!(house.incidents.unlink(&works(1), incident.id, AlertId(5)).await.unwrap());
    house.fact("AlertResolved", 5, &evaluator(), json!({})).await;
    house.read().await;
    assert_eq!(told(&house, incident.id).await, ["AlertFired", "PageSent", "unlinked"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whoever_takes_a_linked_alert_on_has_the_incident(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = about(&house, &[1]).await;
    house.clock.advance_ms(4 * MINUTE);
    house.fact("AlertAcknowledged", 1, &actor(3), json!({})).await;
    house.read().await;
    let found: Incident = house.incident(incident.id).await;
    assert_eq!((found.status, found.acknowledged_at), (IncidentStatus::Acknowledged, Some(START.plus_ms(4 * MINUTE))));
    assert_eq!(
        (found.roles.responders.clone(), found.version),
        (vec![person(3)], incident.version),
        "nobody's form is stale for it"
    );
    let detail = house.detail(incident.id).await;
    let ack = detail.clocks.iter().find(|view| view.row.clock.kind == ClockKind::Ack).unwrap();
    assert_eq!(ack.row.clock.met_at, found.acknowledged_at);
    house.incidents.act(&works(1), Seen::any(incident.id), Move::Resolve, "").await.unwrap();
    house.fact("AlertAcknowledged", 1, &actor(4), json!({})).await;
    house.read().await;
    assert_eq!(house.incident(incident.id).await.status, IncidentStatus::Resolved, "it does not go back");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_alert_that_somebody_had_already_makes_an_incident_that_somebody_has(pool: PgPool) {
    let house = House::new(pool).await;
    house.fact("AlertAcknowledged", 1, &actor(3), json!({})).await;
    house.clock.advance_ms(10 * MINUTE);
    let incident: Incident = about(&house, &[1]).await;
    assert_eq!((incident.status, incident.acknowledged_at), (IncidentStatus::Acknowledged, Some(incident.declared_at)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn deploys_of_its_systems_stand_in_the_timeline(pool: PgPool) {
    let house = House::new(pool).await;
    let wanted = Declaration { systems: vec!["api".to_owned()], ..super::declaration("P2") };
    let incident: Incident = house.incidents.declare(&declares(1), &wanted).await.unwrap();
    let other: Incident = house.declare("P2").await;
    house.fact("DeployFinished", 0, &Actor::worker("deploys"), json!({ "system": "api", "version": "1.2" })).await;
    house.read().await;
    let deploys: Vec<Entry> = house.lines(incident.id).await.into_iter().filter(|line| line.kind == EntryKind::Deploy).collect();
    assert_eq!((deploys.len(), &deploys[0].body["version"]), (1, &json!("1.2")));
    assert!(!house.kinds(other.id).await.contains(&EntryKind::Deploy));
}
