//! What people do about alerts.

use super::{House, START, TICK_MS, cpu, responder};
use crate::alerts::{Filter, SeverityTally, Show};
use crate::error::Error;
use crate::history;
use crate::state::ResolveReason;
use model::Severity;
use model::alert::AlertState;
use model::ids::AlertId;
use sqlx::PgPool;

async fn burning(pool: PgPool) -> (House, AlertId) {
    let house = House::new(pool, &cpu("0s")).await;
    house.world.set(&[("app-01", 83.0)]);
    house.ticks(1).await;
    let id = house.only().await.id;
    (house, id)
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn acknowledging_twice_is_fine_and_says_who_has_it(pool: PgPool) {
    let (house, id) = burning(pool).await;
    let first = house.alerting.acknowledge(&responder("佐藤 健"), id, Some(" 見ています ".to_owned())).await.unwrap();
    assert!(!first.already);
    let second = house.alerting.acknowledge(&responder("鈴木 葵"), id, Some("me too".to_owned())).await.unwrap();
    assert!(second.already);
    assert_eq!((second.held.by.as_str(), second.held.comment.as_deref()), ("佐藤 健", Some("見ています")));
    assert_eq!(house.only().await.held, Some(second.held));
    assert_eq!(house.only().await.state, AlertState::Firing, "an overlay, never a state");
    assert_eq!(house.story(id).await, [history::FIRED, history::ACKNOWLEDGED, history::COMMENTED]);
    let detail = house.alerting.alert(id).await.unwrap().unwrap();
    assert_eq!((detail.history[2].by.as_str(), detail.history[2].comment.as_deref()), ("鈴木 葵", Some("me too")));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_was_given_back_needs_somebody_again(pool: PgPool) {
    let (house, id) = burning(pool).await;
    let grant = responder("佐藤 健");
    assert!(!house.alerting.unacknowledge(&grant, id).await.unwrap());
    house.alerting.acknowledge(&grant, id, None).await.unwrap();
    assert_eq!((house.shown(Show::Held).await.len(), house.shown(Show::Unanswered).await.len()), (1, 0));
    assert!(house.alerting.unacknowledge(&grant, id).await.unwrap());
    assert_eq!((house.shown(Show::Held).await.len(), house.shown(Show::Unanswered).await.len()), (0, 1));
    assert_eq!(house.story(id).await, [history::FIRED, history::ACKNOWLEDGED, history::UNACKNOWLEDGED]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn resolved_by_hand_it_stays_resolved_until_it_was_clear_once(pool: PgPool) {
    let (house, id) = burning(pool).await;
    let grant = responder("佐藤 健");
    assert!(house.alerting.resolve(&grant, id, Some("known load test".to_owned())).await.unwrap());
    assert!(!house.alerting.resolve(&grant, id, None).await.unwrap());
    house.ticks(5).await;
    let resolved = house.only().await;
    assert_eq!((resolved.resolved_reason, resolved.value), (Some(ResolveReason::ByHand), Some(83.0)));
    assert_eq!(resolved.resolved_at, Some(START.plus_ms(TICK_MS)));

    house.world.set(&[("app-01", 20.0)]);
    house.ticks(1).await;
    assert_eq!(house.story(id).await, [history::FIRED, history::RESOLVED, history::RECOVERED]);
    house.world.set(&[("app-01", 84.0)]);
    house.ticks(1).await;
    let open = house.shown(Show::Open).await;
    assert_eq!(open.len(), 1);
    assert!(open[0].id > id);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn only_what_fires_can_be_answered(pool: PgPool) {
    let house = House::new(pool, &cpu("5m")).await;
    house.world.set(&[("app-01", 83.0)]);
    house.ticks(1).await;
    let id = house.only().await.id;
    let grant = responder("佐藤 健");
    let refused = house.alerting.acknowledge(&grant, id, None).await;
    assert!(matches!(refused, Err(Error::NotFiring { state: AlertState::Pending, .. })));
    assert!(matches!(house.alerting.resolve(&grant, id, None).await, Err(Error::NotFiring { .. })));
    assert!(matches!(house.alerting.acknowledge(&grant, AlertId(999), None).await, Err(Error::NotFound(AlertId(999)))));
    assert!(matches!(house.alerting.comment(&grant, id, "  ".to_owned()).await, Err(Error::EmptyComment)));
    let long = "あ".repeat(4_001);
    assert!(matches!(house.alerting.comment(&grant, id, long).await, Err(Error::LongComment { n: 4_001 })));
    assert_eq!(house.alerting.alert(AlertId(999)).await.unwrap(), None);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn lists_are_filtered_searched_and_counted(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    house.world.set(&[("app-01", 83.0), ("app-02", 84.0), ("db-01", 85.0)]);
    house.ticks(1).await;
    let found = |filter: Filter| {
        let alerting = house.alerting.clone();
        async move {
            let rows = alerting.alerts(&filter).await.unwrap();
            rows.iter().map(|row| row.labels.get("host").to_owned()).collect::<Vec<String>>()
        }
    };
    let any = Filter::default();
    assert_eq!(found(any.clone()).await, ["db-01", "app-02", "app-01"]);
    assert_eq!(found(Filter { search: Some("APP".to_owned()), ..any.clone() }).await, ["app-02", "app-01"]);
    assert_eq!(found(Filter { search: Some("%".to_owned()), limit: 1, ..any.clone() }).await, ["db-01"]);
    assert_eq!(found(Filter { host: Some("app".to_owned()), ..any.clone() }).await, Vec::<String>::new());
    assert_eq!(found(Filter { host: Some("app-02".to_owned()), ..any.clone() }).await, ["app-02"]);
    assert_eq!(found(Filter { severity: Some(Severity::P0), ..any.clone() }).await, Vec::<String>::new());
    let newest = house.shown(Show::Open).await[0].id;
    assert_eq!(found(Filter { before: Some(newest), limit: 1, ..any }).await, ["app-02"]);

    house.alerting.acknowledge(&responder("佐藤 健"), newest, None).await.unwrap();
    let tally = house.alerting.tally().await.unwrap();
    let severities: Vec<Severity> = tally.by_severity.iter().map(|one| one.severity).collect();
    assert_eq!(severities, Severity::ALL);
    assert_eq!(tally.by_severity[2], SeverityTally { severity: Severity::P2, unanswered: 2, held: 1 });
    assert_eq!(tally.pending, 0);
}
