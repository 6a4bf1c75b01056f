//! More than one evaluator, and one that is too slow.

use super::{House, START, TICK_MS, cpu};
use crate::alerts::Show;
use crate::history;
use kernel::Clock;
use model::Time;
use sqlx::PgPool;
use std::collections::HashSet;

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_evaluators_never_write_a_tick_twice(pool: PgPool) {
    let house = House::new(pool, &cpu("1m")).await;
    house.world.set(&[("app-01", 83.0), ("app-02", 99.0)]);
    let other = house.another();
    for _ in 0..12 {
        let now = house.clock.now();
        let (ours, theirs) = tokio::join!(house.alerting.tick(now), other.tick(now));
        assert_eq!(ours.unwrap() + theirs.unwrap(), 1);
        house.clock.advance_ms(TICK_MS);
    }
    let asked: Vec<Time> = house.world.asked.lock().unwrap().clone();
    assert_eq!(asked.iter().collect::<HashSet<_>>().len(), 12);
    let rows = house.shown(Show::All).await;
    assert_eq!(rows.len(), 2);
    for row in rows {
        assert_eq!(house.story(row.id).await, [history::PENDING, history::FIRED]);
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_owner_that_was_fenced_out_writes_nothing(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    house.world.set(&[("app-01", 10.0)]);
    house.ticks(1).await;
    house.world.set(&[("app-01", 83.0)]);
    *house.world.usurper.lock().unwrap() = Some((house.another(), house.clock.clone()));
    // While our query runs, our lease ends and another evaluator writes this tick and the next.
    assert_eq!(house.alerting.tick(house.clock.now()).await.unwrap(), 0);
    assert_eq!(house.clock.now(), START.plus_ms(TICK_MS + 16_000));
    let alert = house.only().await;
    assert_eq!(alert.fired_at, Some(START.plus_ms(TICK_MS)));
    assert_eq!(house.story(alert.id).await, [history::FIRED]);
    assert_eq!(house.alerting.tick(house.clock.now()).await.unwrap(), 0, "the other one has the group now");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_slow_evaluator_leaves_ticks_out_and_counts_them(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    house.ticks(1).await;
    house.clock.advance_ms(3 * TICK_MS);
    assert_eq!(house.alerting.tick(house.clock.now()).await.unwrap(), 1);
    assert_eq!(house.alerting.rules().await.unwrap()[0].missed, 3);
    assert_eq!(house.alerting.tick(house.clock.now()).await.unwrap(), 0);
}

/// Five groups of one rule each.
fn five_groups() -> String {
    let group = |n: usize| {
        cpu("0s")
            .replace("groups:\n", "")
            .replace("machines", &format!("machines-{n}"))
            .replace("id: cpu", &format!("id: cpu-{n}"))
    };
    format!("groups:\n{}", (0..5).map(group).collect::<String>())
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn groups_are_shared_and_whoever_is_left_takes_them_all(pool: PgPool) {
    let house = House::new(pool, &five_groups()).await;
    let (ours, theirs) = (house.alerting.evaluator.clone(), house.another().evaluator.clone());
    let groups = ours.groups().await.unwrap();
    assert_eq!(groups.len(), 5);
    for evaluator in [&ours, &theirs, &ours] {
        house.clock.advance_ms(5_000);
        evaluator.meet(house.clock.now()).await.unwrap();
    }
    for group in &groups {
        assert_ne!(ours.wants(&group.name).await, theirs.wants(&group.name).await, "{}", group.name);
    }
    // One falls silent: after a while it counts for nothing.
    house.clock.advance_ms(20_000);
    ours.meet(house.clock.now()).await.unwrap();
    for group in &groups {
        assert!(ours.wants(&group.name).await, "{}", group.name);
    }
}
