//! Several notifiers, and one that dies.

use super::{House, MINUTE, ROUTES, S, heard};
use kernel::Clock;
use sqlx::PgPool;
use std::collections::HashSet;
use std::sync::atomic::Ordering;

const CLUSTERS: i32 = 12;

impl House {
    /// `n` alerts that fire now, spread over the clusters, numbered from `first`.
    async fn burst(&self, first: i32, n: i32) {
        sqlx::query(
            "insert into alert (rule_id, labels, name_ja, name_en, summary_ja, summary_en, severity, direction, threshold, unit, \
             for_ms, state, value, value_at, pending_since, fired_at) \
             select 'cpu', jsonb_build_object('host', n::text, 'cluster', (n % $3)::text), '', '', '', '', 'P2', 'above', 80, \
             'percent', 0, 'firing', 83, $4, $4, $4 from generate_series($1, $1 + $2 - 1) as n",
        )
        .bind(first)
        .bind(n)
        .bind(CLUSTERS)
        .bind(self.clock.now().to_utc())
        .execute(&self.pool)
        .await
        .unwrap();
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn five_thousand_alerts_in_a_minute_are_a_few_pages_with_none_lost_and_none_doubled(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let other = house.another();
    for second in 0..60 {
        house.burst(second * 84, 84).await;
        let (ours, theirs) = tokio::join!(house.notifier.pass(), other.pass());
        let (ours, theirs) = (ours.unwrap(), theirs.unwrap());
        assert!(ours.routed == 0 || theirs.routed == 0, "one of them has the lease");
        house.clock.advance_ms(S);
    }
    for _ in 0..6 {
        let (ours, theirs) = tokio::join!(house.notifier.pass(), other.pass());
        ours.unwrap();
        theirs.unwrap();
        house.clock.advance_ms(MINUTE);
    }
    assert_eq!(house.routing.groups().await.unwrap().len(), 12);
    let told = house.told().await;
    assert_eq!(told.len(), 24, "each cluster is told after the wait, and of the rest after the interval");
    let last: Vec<i64> = told[12..].iter().flat_map(|one| one.alerts.clone()).collect();
    assert_eq!(last.len(), 5_040, "the second page of each says everything that fires");
    assert_eq!(last.iter().collect::<HashSet<_>>().len(), 5_040);
    let keys: HashSet<&String> = told.iter().map(|one| &one.key).collect();
    assert_eq!(keys.len(), 24);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn killed_before_the_commit_nothing_was_told_and_the_next_one_tells_it(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let alert = house.fire("cpu", "app-01", "P0").await;
    house.sink.fails.store(true, Ordering::SeqCst);
    assert!(house.notifier.pass().await.is_err());
    assert!(house.told().await.is_empty());
    assert!(house.routing.groups().await.unwrap().is_empty());
    house.sink.fails.store(false, Ordering::SeqCst);
    // The dead one's lease runs out first.
    let successor = house.another();
    assert_eq!(successor.pass().await.unwrap().pages, 0);
    house.clock.advance_ms(16 * S);
    assert_eq!(successor.pass().await.unwrap().pages, 1);
    assert_eq!(house.heard().await, [heard("pager", "fired", &[alert])]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_restart_in_the_middle_of_a_wait_changes_nothing(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let alert = house.fire("cpu", "app-01", "P2").await;
    house.after(20 * S).await;
    let successor = house.another();
    house.clock.advance_ms(16 * S);
    assert_eq!(successor.pass().await.unwrap().pages, 1);
    let third = house.another();
    house.clock.advance_ms(16 * S);
    assert_eq!(third.pass().await.unwrap().pages, 0, "it was told");
    assert_eq!(house.heard().await, [heard("ops", "fired", &[alert])]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_lost_the_lease_decides_nothing(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    house.pass().await;
    let other = house.another();
    house.clock.advance_ms(16 * S);
    other.pass().await.unwrap();
    house.fire("cpu", "app-01", "P0").await;
    let ours = house.pass().await;
    assert_eq!((ours.routed, ours.pages), (0, 0));
    let theirs = other.pass().await.unwrap();
    assert_eq!((theirs.routed, theirs.pages), (1, 1));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_second_pass_at_the_same_moment_finds_nothing_to_do(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    house.fire("cpu", "app-01", "P0").await;
    house.fire("cpu", "app-02", "P2").await;
    house.after(30 * S).await;
    let versions = "select sum(version)::bigint from alert_group";
    let before: i64 = sqlx::query_scalar(versions).fetch_one(&house.pool).await.unwrap();
    assert_eq!(house.pass().await.pages, 0);
    let after: i64 = sqlx::query_scalar(versions).fetch_one(&house.pool).await.unwrap();
    assert_eq!(before, after);
    assert_eq!(house.clock.now(), super::START.plus_ms(30 * S));
}
