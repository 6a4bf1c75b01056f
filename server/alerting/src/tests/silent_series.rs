//! Series that go silent, and series that come.

use super::{House, TICK_MS, cpu};
use crate::alerts::Show;
use crate::state::ResolveReason;
use kernel::Clock;
use model::Severity;
use sqlx::PgPool;

fn with(more: &str) -> String {
    format!("{}{more}", cpu("0s"))
}

const NOTIFY: &str = "        no_data: {policy: notify, timeframe: 1m, severity: P1}\n";

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn one_silent_series_raises_one_alert_also_across_a_restart(pool: PgPool) {
    let house = House::new(pool, &with(NOTIFY)).await;
    house.world.set(&[("app-01", 1.0), ("app-02", 1.0)]);
    house.ticks(1).await;
    house.world.set(&[("app-02", 1.0)]);
    house.ticks(3).await;
    assert!(house.shown(Show::All).await.is_empty());
    let restarted = house.another();
    house.clock.advance_ms(15_000);
    for _ in 0..4 {
        restarted.tick(house.clock.now()).await.unwrap();
        house.clock.advance_ms(TICK_MS);
    }
    let silent = house.only().await;
    assert_eq!((silent.labels.get("host"), silent.severity, silent.value), ("app-01", Severity::P1, None));

    house.world.set(&[("app-01", 1.0), ("app-02", 1.0)]);
    restarted.tick(house.clock.now()).await.unwrap();
    assert_eq!(house.only().await.resolved_reason, Some(ResolveReason::Recovered));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn data_that_come_back_and_breach_raise_an_alert_of_their_own(pool: PgPool) {
    let house = House::new(pool, &with(NOTIFY)).await;
    house.world.set(&[("app-01", 1.0)]);
    house.ticks(1).await;
    house.world.set(&[]);
    house.ticks(5).await;
    let silent = house.only().await.id;
    house.world.set(&[("app-01", 99.0)]);
    house.ticks(1).await;
    let open = house.shown(Show::Open).await;
    assert_eq!((open.len(), open[0].severity, open[0].value), (1, Severity::P2, Some(99.0)));
    assert!(open[0].id > silent);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_series_that_comes_is_given_time_and_one_that_was_there_is_not(pool: PgPool) {
    let house = House::new(pool, &with("        new_group_delay: 30s\n")).await;
    house.world.set(&[("app-01", 99.0)]);
    house.ticks(1).await;
    assert_eq!(house.shown(Show::Open).await.len(), 1, "it was there before the rule");
    house.world.set(&[("app-01", 99.0), ("app-02", 99.0)]);
    house.ticks(2).await;
    assert_eq!(house.shown(Show::Open).await.len(), 1);
    house.ticks(1).await;
    assert_eq!(house.shown(Show::Open).await.len(), 2);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_rule_that_measures_something_else_remembers_nothing(pool: PgPool) {
    let house = House::new(pool, &with(NOTIFY)).await;
    house.world.set(&[("app-01", 1.0)]);
    house.ticks(1).await;
    let other = with(NOTIFY).replace(">= 80", ">= 90");
    house.alerting.apply(&super::editor(), vec![super::file(&other)]).await.unwrap();
    house.world.set(&[]);
    house.ticks(8).await;
    assert!(house.shown(Show::All).await.is_empty());
}
