//! Declaring: by hand, from alerts, from a group, by a rule, and what is refused.

use super::{House, MINUTE, START, actor, declaration, declares, grant, person, works};
use crate::error::Error;
use crate::timeline::EntryKind;
use crate::{Declaration, Definition, Incident, Seen, Source};
use model::access::SetUpIncidents;
use model::ids::AlertId;
use model::incident::steps::{StageState, Step};
use model::incident::{IncidentStatus, Move};
use model::scheme::Scheme;
use model::{Actor, Severity};
use serde_json::json;
use sqlx::PgPool;

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn by_hand_it_has_its_level_its_clocks_and_its_nine_steps(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("p1").await;
    assert_eq!((incident.status, incident.severity(), incident.source), (IncidentStatus::Declared, Severity::P1, Source::Hand));
    assert_eq!((incident.declared_by.person, incident.version), (Some(person(1)), 1));
    let detail = house.detail(incident.id).await;
    assert_eq!(detail.stages.len(), 9);
    assert_eq!(detail.stages[1].state, StageState::Done { at: Some(START) });
    assert_eq!((detail.stages[2].step, detail.stages[2].state), (Step::Alert, StageState::Current));
    assert_eq!(detail.clocks.len(), 2, "an answer and updates");
    assert!(detail.moves.contains(&Move::Acknowledge) && detail.moves.contains(&Move::Dismiss));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whoever_takes_it_has_it_and_commands(pool: PgPool) {
    let house = House::new(pool).await;
    let wanted = Declaration { takes_it: true, ..declaration("P1") };
    let incident: Incident = house.incidents.declare(&declares(2), &wanted).await.unwrap();
    assert_eq!((incident.status, incident.roles.commander), (IncidentStatus::Acknowledged, Some(person(2))));
    assert_eq!(house.kinds(incident.id).await, [EntryKind::Declared, EntryKind::Status, EntryKind::Role]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_not_said_is_the_worst_alerts(pool: PgPool) {
    let house = House::new(pool).await;
    let alerts = [AlertId(2), AlertId(1)];
    let incident: Incident = house.incidents.declare_from_alerts(&declares(1), &alerts, &Declaration::default()).await.unwrap();
    assert_eq!((incident.title.as_str(), &*incident.level.code, incident.source), ("警報 1", "P0", Source::Group));
    assert_eq!(
        (incident.detected_at, incident.moments.occurred_at),
        (Some(START.plus_ms(-5 * MINUTE)), Some(START.plus_ms(-10 * MINUTE)))
    );
    assert_eq!((incident.moments.classified_at, incident.systems.clone()), (None, vec!["api".to_owned()]));
    let english = Declaration { title_in_english: true, ..Declaration::default() };
    let again = house.incidents.declare_from_alerts(&declares(1), &[AlertId(1)], &english).await;
    assert!(matches!(again, Err(Error::AlertTaken(AlertId(1), taken)) if taken == incident.id));
    let linked: Vec<i64> = house.detail(incident.id).await.alerts.iter().map(|link| link.alert.0).collect();
    assert_eq!(linked, [1, 2]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn one_source_has_one_open_incident(pool: PgPool) {
    let house = House::new(pool).await;
    let first: Incident = house.incidents.declare_from_group(&declares(1), 2, &Declaration::default()).await.unwrap();
    assert_eq!(first.source_ref.as_deref(), Some("group/2"));
    let wanted = Declaration { source_ref: Some("group/2".to_owned()), ..Declaration::default() };
    let joined: Incident = house.incidents.declare_from_alerts(&declares(2), &[AlertId(2), AlertId(3)], &wanted).await.unwrap();
    assert_eq!(joined.id, first.id);
    assert_eq!(house.detail(first.id).await.alerts.len(), 3);
    house.incidents.act(&works(1), Seen::any(first.id), Move::Resolve, "").await.unwrap();
    let second: Incident = house.incidents.declare_from_alerts(&declares(2), &[AlertId(4)], &wanted).await.unwrap();
    assert_ne!(second.id, first.id, "what is over takes nothing new");
    let reopened: Incident = house.incidents.act(&works(1), Seen::any(first.id), Move::Reopen, "戻った").await.unwrap();
    assert_eq!(reopened.source_ref, None, "the source is the newer one's");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_rule_that_says_so_declares_one_and_its_next_alert_joins(pool: PgPool) {
    let house = House::new(pool).await;
    let evaluator = Actor::worker("evaluator");
    let body = |code: &str| json!({ "rule": "payment-down", "name": { "ja": "決済停止", "en": "Payment down" }, "annotations": { "incident": { "ja": code, "en": code } } });
    house.fact("AlertFired", 11, &evaluator, body("P1")).await;
    house.fact("AlertFired", 12, &evaluator, body("P1")).await;
    house.fact("AlertFired", 13, &evaluator, body("P9")).await;
    house.fact("AlertFired", 14, &evaluator, json!({ "rule": "other" })).await;
    house.read().await;
    let found: Vec<Incident> = house.incidents.list(&actor(1), &crate::Filter { limit: 10, ..Default::default() }).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].source, found[0].source_ref.as_deref()), (Source::Rule, Some("rule/payment-down")));
    assert_eq!((&*found[0].level.code, found[0].title.as_str()), ("P1", "警報 11"));
    assert_eq!(house.detail(found[0].id).await.alerts.len(), 2);
    let fired = house.lines(found[0].id).await.into_iter().filter(|line| line.body["fact"] == "AlertFired").count();
    assert_eq!(fired, 2, "each is told once");
    house.fact("AlertRaised", 11, &evaluator, body("P1")).await;
    house.read().await;
    assert_eq!(house.incidents.list(&actor(1), &crate::Filter { limit: 10, ..Default::default() }).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_organisation_has_its_own_levels_and_what_was_promised_stays(pool: PgPool) {
    let house = House::new(pool).await;
    let before: Incident = house.declare("P1").await;
    let admin = grant::<SetUpIncidents>(&actor(8));
    let levels = Definition { scheme: Scheme::three_levels(), ..Definition::default() };
    assert_eq!(house.incidents.set_up(&admin, &levels, 0).await.unwrap(), 1);
    assert!(matches!(house.incidents.set_up(&admin, &levels, 0).await, Err(Error::Stale { found: 1, .. })));
    let refused = house.incidents.declare(&declares(1), &declaration("P1")).await;
    assert!(matches!(refused, Err(Error::NoLevel { code }) if code == "P1"));
    let after: Incident = house.declare("l2").await;
    assert_eq!((&*after.level.code, after.severity()), ("L2", Severity::P2));
    assert_eq!(&*house.incident(before.id).await.level.code, "P1");
}

async fn tried(house: &House, wanted: Declaration) -> Result<Incident, Error> {
    house.incidents.declare(&declares(1), &wanted).await
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nonsense_is_refused_with_a_reason(pool: PgPool) {
    let house = House::new(pool).await;
    let empty = tried(&house, Declaration { title: "  ".to_owned(), ..declaration("P1") }).await;
    assert!(matches!(empty, Err(Error::Empty { what: "the title" })));
    let long = tried(&house, Declaration { title: "長".repeat(201), ..declaration("P1") }).await;
    assert!(matches!(long, Err(Error::Large { n: 201, max: 200, .. })));
    let ahead = tried(&house, Declaration { occurred_at: Some(START.plus_ms(10 * MINUTE)), ..declaration("P1") }).await;
    assert!(matches!(ahead, Err(Error::BadTime { .. })));
    let none = house.incidents.declare_from_alerts(&declares(1), &[AlertId(5_000)], &Declaration::default()).await;
    assert!(matches!(none, Err(Error::NoAlerts)));
    let unsaid = tried(&house, Declaration { code: None, ..declaration("P1") }).await;
    assert!(matches!(unsaid, Err(Error::NoLevel { .. })));
}
