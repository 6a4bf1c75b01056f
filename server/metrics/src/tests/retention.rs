//! Partitions are dropped whole, no earlier than they may be, and what is empty is forgotten.

use std::sync::Arc;

use sqlx::PgPool;

use super::{HOUR_MS, NOON, at, clock, count, open, open_with, read_between, sample, write};
use crate::{Config, Metrics};

const DAY_MS: i64 = 24 * HOUR_MS;

async fn partitions(pool: &PgPool, table: &str) -> Vec<String> {
    sqlx::query_scalar("select relid::text from pg_partition_tree($1::regclass) where isleaf and level > 0 order by 1")
        .bind(table)
        .fetch_all(pool)
        .await
        .unwrap()
}

async fn n_series(pool: &PgPool) -> i64 {
    count(pool, "select count(*) from metric_series").await
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn half_hours_stand_ahead_and_expire_even_when_nothing_is_compacted(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open_with(&pool, &clock, Config { retention_days: 2, ..Config::default() }).await;
    assert_eq!(partitions(&pool, "metric_batch").await, ["metric_batch_20261122_1200", "metric_batch_20261122_1230"]);
    write(&metrics, vec![sample("old", NOON, 1.0)]).await;
    metrics.maintain().await.unwrap();
    let ahead: Vec<String> = partitions(&pool, "metric_batch").await;
    assert_eq!((ahead.len(), ahead[24].as_str()), (25, "metric_batch_20261123_0000"));

    clock.advance_ms(2 * DAY_MS);
    metrics.maintain().await.unwrap();
    assert_eq!(count(&pool, "select count(*) from metric_batch").await, 1);
    clock.advance_ms(DAY_MS);
    metrics.maintain().await.unwrap();
    metrics.maintain().await.unwrap();
    assert_eq!(count(&pool, "select count(*) from metric_batch").await, 0);
    assert!(!partitions(&pool, "metric_batch").await.contains(&"metric_batch_20261122_1200".to_owned()));
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_day_of_an_earlier_release_serves_until_it_is_over(pool: PgPool) {
    sqlx::query(
        "create table metric_batch_20261122 partition of metric_batch
         for values from ('2026-11-22 00:00:00+00') to ('2026-11-23 00:00:00+00')",
    )
    .execute(&pool)
    .await
    .unwrap();
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    assert_eq!(write(&metrics, vec![sample("up", NOON, 1.0)]).await.accepted, 1);
    metrics.maintain().await.unwrap();
    assert_eq!(partitions(&pool, "metric_batch").await, ["metric_batch_20261122", "metric_batch_20261123_0000"]);
    clock.set(at(13 * 60));
    assert_eq!(write(&metrics, vec![sample("up", at(13 * 60), 2.0)]).await.accepted, 1);
    metrics.compact().await.unwrap();
    clock.set(at(14 * 60));
    metrics.maintain().await.unwrap();
    assert!(!partitions(&pool, "metric_batch").await.contains(&"metric_batch_20261122".to_owned()));
    assert_eq!(read_between(&metrics, "up", NOON, at(20 * 60)).await.len(), 2);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn batches_are_dropped_when_chunks_stand_for_all_of_them(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    for minute in (0..=145).step_by(5) {
        clock.set(at(minute));
        write(&metrics, vec![sample("steady", at(minute), minute as f64)]).await;
    }
    assert_eq!(metrics.compact().await.unwrap().windows, 1);
    let oldest = async || partitions(&pool, "metric_batch").await[0].clone();
    // A query that began before the compaction may still read them.
    metrics.maintain().await.unwrap();
    assert_eq!(oldest().await, "metric_batch_20261122_1200");
    clock.set(at(150));
    write(&metrics, vec![sample("steady", at(63), 0.5)]).await;

    clock.set(at(4 * 60));
    metrics.maintain().await.unwrap();
    // Received from two o'clock on, and of a window that is still open.
    assert_eq!(oldest().await, "metric_batch_20261122_1400");
    clock.set(at(265));
    assert_eq!(metrics.compact().await.unwrap().late, 1);
    clock.set(at(280));
    metrics.maintain().await.unwrap();
    assert_eq!(count(&pool, "select count(*) from metric_batch").await, 0);
    assert_eq!(read_between(&metrics, "steady", NOON, at(280)).await.len(), 31);
    metrics.close().await;
    let again: Arc<Metrics> = open(&pool, &clock).await;
    assert_eq!(read_between(&again, "steady", NOON, at(280)).await.len(), 31);
    again.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_late_batch_keeps_its_partition_until_it_is_compacted(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    write(&metrics, vec![sample("steady", NOON, 1.0)]).await;
    clock.set(at(150));
    metrics.compact().await.unwrap();
    // Nothing but the late sample lies in this half hour.
    write(&metrics, vec![sample("steady", at(60), 2.0)]).await;
    clock.set(at(255));
    metrics.compact().await.unwrap();
    metrics.maintain().await.unwrap();
    assert_eq!(partitions(&pool, "metric_batch").await[0], "metric_batch_20261122_1430");
    clock.set(at(265));
    assert_eq!(metrics.compact().await.unwrap().late, 1);
    clock.set(at(280));
    metrics.maintain().await.unwrap();
    assert_ne!(partitions(&pool, "metric_batch").await[0], "metric_batch_20261122_1430");
    assert_eq!(read_between(&metrics, "steady", NOON, at(280)).await.len(), 2);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn each_class_of_metrics_is_kept_for_its_own_time(pool: PgPool) {
    let clock = clock();
    let by_prefix = vec![("slo_".to_owned(), 5)];
    let config = Config { retention_days: 2, retention_by_prefix: by_prefix, roll_days: 10, ..Config::default() };
    let metrics: Arc<Metrics> = open_with(&pool, &clock, config).await;
    write(&metrics, vec![sample("up", NOON, 1.0), sample("slo_ratio", NOON, 1.0)]).await;
    clock.set(at(150));
    assert_eq!(metrics.compact().await.unwrap().chunks, 2);
    assert_eq!(partitions(&pool, "metric_chunk").await.len(), 2);

    let after = async |days: i64| {
        clock.set(NOON.plus_ms(days * DAY_MS));
        // What lies in memory is trimmed with time.
        metrics.state.head.write().unwrap().trim(NOON.0 + days * DAY_MS - 3 * HOUR_MS);
        metrics.maintain().await.unwrap();
        let up: usize = read_between(&metrics, "up", NOON, NOON).await.len();
        (up, read_between(&metrics, "slo_ratio", NOON, NOON).await.len())
    };
    assert_eq!(after(2).await, (1, 1));
    assert_eq!(after(3).await, (0, 1));
    assert_eq!(after(6).await, (0, 0));
    assert_eq!(partitions(&pool, "metric_chunk").await.len(), 0);
    assert_eq!(partitions(&pool, "metric_chunk_times").await.len(), 0);
    // Roll-ups go by the month: this one ended on the first of December.
    after(18).await;
    assert_eq!(partitions(&pool, "metric_roll").await, ["metric_roll_202611"]);
    after(19).await;
    assert_eq!(partitions(&pool, "metric_roll").await.len(), 0);
    assert_eq!(count(&pool, "select count(*) from metric_window").await, 0);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_empty_series_is_forgotten_and_may_come_back(pool: PgPool) {
    let clock = clock();
    let config = Config { retention_days: 2, roll_days: 2, max_series: 1, ..Config::default() };
    let metrics: Arc<Metrics> = open_with(&pool, &clock, config).await;
    write(&metrics, vec![sample("old", NOON, 1.0)]).await;
    let later = NOON.plus_ms(5 * DAY_MS);
    clock.set(later);
    metrics.state.head.write().unwrap().trim(later.0);
    metrics.maintain().await.unwrap();
    // Its roll-ups may still be there, so the table keeps its name; memory does not.
    assert_eq!(n_series(&pool).await, 1);
    assert_eq!(metrics.label_names(&[]).await.unwrap().found, [] as [&str; 0]);
    // There is room again, for a newcomer and, after another rest, for the old one.
    assert_eq!(write(&metrics, vec![sample("old", later, 1.0)]).await.accepted, 1);
    assert_eq!(n_series(&pool).await, 1);

    let at_last = NOON.plus_ms(60 * DAY_MS);
    clock.set(at_last);
    metrics.state.head.write().unwrap().trim(at_last.0);
    metrics.maintain().await.unwrap();
    assert_eq!(n_series(&pool).await, 0);
    assert_eq!(write(&metrics, vec![sample("new", at_last, 1.0)]).await.accepted, 1);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_resting_series_is_confirmed_before_it_is_written_again(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    write(&metrics, vec![sample("rested", NOON, 1.0)]).await;
    // What another replica would do after the retention, while this one still knows the series.
    sqlx::query("delete from metric_series").execute(&pool).await.unwrap();
    clock.advance_ms(16 * DAY_MS);
    let now = NOON.plus_ms(16 * DAY_MS);
    assert_eq!(write(&metrics, vec![sample("rested", now, 2.0)]).await.accepted, 1);
    assert_eq!(n_series(&pool).await, 1);
    metrics.close().await;
    let again: Arc<Metrics> = open(&pool, &clock).await;
    assert_eq!(read_between(&again, "rested", now, now).await, [(now.0, 2.0_f64.to_bits())]);
    again.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_half_hour_without_a_prepared_partition_is_made_by_the_writer(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    clock.advance_ms(10 * DAY_MS);
    assert_eq!(write(&metrics, vec![sample("up", NOON.plus_ms(10 * DAY_MS), 1.0)]).await.accepted, 1);
    assert!(partitions(&pool, "metric_batch").await.contains(&"metric_batch_20261202_1200".to_owned()));
    metrics.close().await;
}
