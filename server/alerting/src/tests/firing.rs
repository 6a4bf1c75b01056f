//! How an alert comes and goes.

use super::{House, START, TICK_MS, cpu};
use crate::alerts::Show;
use crate::history;
use crate::state::ResolveReason;
use kernel::Clock;
use model::Time;
use model::alert::AlertState;
use sqlx::PgPool;

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn five_minutes_fire_on_the_21st_breaching_tick_and_not_before(pool: PgPool) {
    let house = House::new(pool, &cpu("5m")).await;
    house.world.set(&[("app-01", 83.0), ("app-02", 12.0)]);
    house.ticks(20).await;
    let pending = house.only().await;
    assert_eq!((pending.state, pending.pending_since, pending.fired_at), (AlertState::Pending, START, None));
    assert!(house.story(pending.id).await.is_empty());

    house.ticks(1).await;
    let firing = house.only().await;
    assert_eq!((firing.id, firing.state), (pending.id, AlertState::Firing));
    assert_eq!(firing.fired_at, Some(START.plus_ms(300_000)));
    assert_eq!(firing.summary.en, "app-01 is at 83%");
    assert_eq!((firing.value, firing.threshold), (Some(83.0), 80.0));

    let detail = house.alerting.alert(firing.id).await.unwrap().unwrap();
    let lines: Vec<(&str, Time)> = detail.history.iter().map(|line| (line.fact.as_str(), line.at)).collect();
    assert_eq!(lines, [(history::PENDING, START), (history::FIRED, START.plus_ms(300_000))]);
    assert_eq!(detail.rule.map(|rule| rule.open), Some(1));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_restart_in_the_middle_of_the_wait_changes_nothing(pool: PgPool) {
    let house = House::new(pool, &cpu("5m")).await;
    house.world.set(&[("app-01", 83.0)]);
    house.ticks(10).await;
    // Nobody is there for three minutes.
    house.clock.advance_ms(12 * TICK_MS);
    let restarted = house.another();
    assert_eq!(restarted.tick(house.clock.now()).await.unwrap(), 13);
    assert_eq!(house.only().await.fired_at, Some(START.plus_ms(300_000)));
    let asked: Vec<Time> = house.world.asked.lock().unwrap().clone();
    let expected: Vec<Time> = (0..23).map(|n| START.plus_ms(n * TICK_MS)).collect();
    assert_eq!(asked, expected);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn after_a_long_outage_a_short_wait_starts_over_and_firing_stays(pool: PgPool) {
    let house = House::new(pool, &cpu("5m")).await;
    house.world.set(&[("app-01", 83.0)]);
    house.ticks(21).await;
    house.world.set(&[("app-01", 83.0), ("app-02", 90.0)]);
    house.ticks(10).await;
    house.clock.advance_ms(3_600_000);
    house.ticks(1).await;
    assert_eq!(house.shown(Show::Open).await.len(), 1);
    assert_eq!(house.shown(Show::Pending).await[0].pending_since, house.clock.now().plus_ms(-TICK_MS));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_clears_while_pending_leaves_no_trace(pool: PgPool) {
    let house = House::new(pool, &cpu("1m")).await;
    house.world.set(&[("app-01", 83.0)]);
    house.ticks(3).await;
    let id = house.only().await.id;
    house.world.set(&[("app-01", 79.9)]);
    house.ticks(1).await;
    assert!(house.shown(Show::All).await.is_empty());
    assert!(house.story(id).await.is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_firing_ends_when_the_value_is_fine_and_the_next_one_has_another_number(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    house.world.set(&[("app-01", 80.0)]);
    house.ticks(1).await;
    house.world.set(&[]);
    house.ticks(3).await;
    assert_eq!(house.shown(Show::Open).await.len(), 1, "missing data is not recovery");
    house.world.set(&[("app-01", 40.0)]);
    house.ticks(1).await;
    let first = house.only().await;
    assert_eq!(first.resolved_reason, Some(ResolveReason::Recovered));
    assert_eq!((first.resolved_at, first.value), (Some(START.plus_ms(4 * TICK_MS)), Some(40.0)));
    assert_eq!(house.story(first.id).await, [history::FIRED, history::RESOLVED]);

    house.world.set(&[("app-01", 95.0)]);
    house.ticks(1).await;
    let rows = house.shown(Show::All).await;
    assert_eq!(rows.len(), 2);
    assert!(rows[0].id > first.id);
    assert_eq!(rows[1].id, first.id);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_query_error_changes_nothing_and_stands_on_the_rule(pool: PgPool) {
    let house = House::new(pool, &cpu("1m")).await;
    house.world.set(&[("app-01", 83.0)]);
    house.ticks(2).await;
    let before = house.only().await;
    *house.world.failing.lock().unwrap() = Some("too many series".to_owned());
    house.ticks(2).await;
    assert_eq!(house.only().await, before);
    let rule = house.alerting.rules().await.unwrap().remove(0);
    assert_eq!((rule.error.as_deref(), rule.errors), (Some("too many series"), 2));

    *house.world.failing.lock().unwrap() = None;
    house.ticks(1).await;
    let rule = house.alerting.rules().await.unwrap().remove(0);
    assert_eq!((rule.error, rule.errors, rule.series), (None, 2, Some(1)));
    assert_eq!(house.only().await.state, AlertState::Firing);
}
