//! One alert that is a warning, gets worse, and better.

use super::{House, START, TICK_MS, cpu};
use crate::alerts::{AlertRow, Show};
use crate::history;
use crate::needs::{QueryError, Sample, Series};
use crate::state::ResolveReason;
use async_trait::async_trait;
use kernel::Clock;
use model::Severity;
use model::alert::AlertState;
use sqlx::PgPool;
use std::sync::{Arc, Mutex};

/// 80 % is critical, 60 % a warning, and below 55 % it is over.
fn two_levels() -> String {
    format!(
        "{}        recovery: 75\n        warning: {{condition: \">= 60\", severity: P3, recovery: 55}}\n",
        cpu("0s").replace(
            "{{host}} is at {{value}}",
            "{{host}} is at {{value}} of {{threshold}}{{#is_alert_to_warning}}, less bad{{/is_alert_to_warning}}"
        )
    )
}

async fn at(house: &House, value: f64) -> AlertRow {
    house.world.set(&[("app-01", value)]);
    house.ticks(1).await;
    house.only().await
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_warning_gets_worse_and_better_and_stays_the_same_alert(pool: PgPool) {
    let house = House::new(pool, &two_levels()).await;
    let warned = at(&house, 60.0).await;
    assert_eq!((warned.state, warned.severity, warned.threshold), (AlertState::Firing, Severity::P3, 60.0));
    assert_eq!(warned.summary.en, "app-01 is at 60% of 60%");
    let worse = at(&house, 80.0).await;
    assert_eq!((worse.id, worse.severity, worse.threshold), (warned.id, Severity::P2, 80.0));
    assert_eq!(at(&house, 75.0).await.severity, Severity::P2, "not yet behind the recovery threshold");
    let better = at(&house, 74.0).await;
    assert_eq!((better.severity, better.summary.en.as_str()), (Severity::P3, "app-01 is at 74% of 60%, less bad"));
    assert_eq!(at(&house, 55.0).await.state, AlertState::Firing);
    let over = at(&house, 54.0).await;
    assert_eq!((over.id, over.resolved_reason), (warned.id, Some(ResolveReason::Recovered)));
    let story = [history::FIRED, history::RAISED, history::LOWERED, history::RESOLVED];
    assert_eq!(house.story(warned.id).await, story);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_took_a_warning_has_not_taken_what_it_becomes(pool: PgPool) {
    let house = House::new(pool, &two_levels()).await;
    let warned = at(&house, 60.0).await;
    house.alerting.acknowledge(&super::responder("佐藤"), warned.id, None).await.unwrap();
    assert!(at(&house, 70.0).await.held.is_some());
    assert!(at(&house, 80.0).await.held.is_none(), "it is worse than it was");
    house.alerting.acknowledge(&super::responder("鈴木"), warned.id, None).await.unwrap();
    at(&house, 74.0).await;
    assert!(at(&house, 80.0).await.held.is_some(), "no worse than when it was taken");
    let story = [
        history::FIRED,
        history::ACKNOWLEDGED,
        history::RAISED,
        history::UNACKNOWLEDGED,
        history::ACKNOWLEDGED,
        history::LOWERED,
        history::RAISED,
    ];
    assert_eq!(house.story(warned.id).await, story);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_restart_forgets_neither_the_level_nor_the_critical_wait(pool: PgPool) {
    let rules = two_levels().replace("for: 0s", "for: 1m").replace("severity: P3, recovery", "severity: P3, for: 0s, recovery");
    let house = House::new(pool, &rules).await;
    house.world.set(&[("app-01", 90.0)]);
    house.ticks(2).await;
    assert_eq!(house.only().await.severity, Severity::P3);
    // Nobody is there for a minute, and then somebody else is.
    house.clock.advance_ms(4 * TICK_MS);
    house.another().tick(house.clock.now()).await.unwrap();
    let critical = house.only().await;
    assert_eq!((critical.severity, critical.fired_at), (Severity::P2, Some(START)));
    assert_eq!(house.story(critical.id).await, [history::FIRED, history::RAISED]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_was_resolved_by_hand_as_a_warning_fires_again_when_it_is_critical(pool: PgPool) {
    let house = House::new(pool, &two_levels()).await;
    let warned = at(&house, 61.0).await;
    house.alerting.resolve(&super::responder("佐藤"), warned.id, None).await.unwrap();
    at(&house, 62.0).await;
    house.world.set(&[("app-01", 95.0)]);
    house.ticks(1).await;
    let open = house.shown(Show::Open).await;
    assert_eq!((open.len(), open[0].severity), (1, Severity::P2));
    assert!(open[0].id > warned.id);
}

#[derive(Default)]
struct Taken(Mutex<Vec<Sample>>);

#[async_trait]
impl Series for Taken {
    async fn write(&self, samples: Vec<Sample>) -> Result<(), QueryError> {
        self.0.lock().unwrap().extend(samples);
        Ok(())
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn alerts_are_written_as_series_once_a_tick_and_ended_with_a_mark(pool: PgPool) {
    let mut house = House::new(pool, &cpu("15s")).await;
    let taken = Arc::new(Taken::default());
    house.alerting = house.alerting.clone().with_series(taken.clone());
    house.world.set(&[("app-01", 90.0)]);
    house.ticks(2).await;
    house.world.set(&[("app-01", 1.0)]);
    house.ticks(1).await;
    let all: Vec<Sample> = taken.0.lock().unwrap().clone();
    let of = |name: &str| all.iter().filter(|one| one.labels.metric() == name).collect::<Vec<&Sample>>();
    let told: Vec<(&str, i64, bool)> = of("ALERTS")
        .iter()
        .map(|one| (one.labels.get("alertstate"), one.at.since(START) / TICK_MS, one.value.is_nan()))
        .collect();
    assert_eq!(told, [("pending", 0, false), ("firing", 1, false), ("pending", 1, true), ("firing", 2, true)]);
    let since: Vec<i64> =
        of("ALERTS_FOR_STATE").iter().filter(|one| !one.value.is_nan()).map(|one| (one.value * 1_000.0) as i64).collect();
    assert_eq!(since, [START.0, START.0]);
    assert_eq!(of("mimamori_rule_lag_seconds").len(), 3);
}
