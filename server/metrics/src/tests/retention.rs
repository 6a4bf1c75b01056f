//! Days are dropped whole, and what is empty is forgotten.

use std::sync::Arc;

use sqlx::PgPool;

use super::{HOUR_MS, NOON, clock, open, open_with, sample, write};
use crate::{Config, Metrics};

const DAY_MS: i64 = 24 * HOUR_MS;

async fn partitions(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar("select inhrelid::regclass::text from pg_inherits where inhparent = 'metric_batch'::regclass order by 1")
        .fetch_all(pool)
        .await
        .unwrap()
}

async fn n_series(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from metric_series").fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn partitions_stand_ahead_and_are_dropped_behind_the_retention(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open_with(&pool, &clock, Config { retention_days: 2, ..Config::default() }).await;
    let days = |days: [u32; 4]| days.map(|day| format!("metric_batch_202611{day}"));
    assert_eq!(partitions(&pool).await, days([22, 23, 24, 25]));
    write(&metrics, vec![sample("old", NOON, 1.0)]).await;

    clock.advance_ms(2 * DAY_MS);
    metrics.maintain().await.unwrap();
    assert_eq!(partitions(&pool).await[..4], days([22, 23, 24, 25]));
    clock.advance_ms(DAY_MS);
    metrics.maintain().await.unwrap();
    metrics.maintain().await.unwrap();
    assert_eq!(partitions(&pool).await[..3], days([23, 24, 25, 26])[..3]);
    let batches: i64 = sqlx::query_scalar("select count(*) from metric_batch").fetch_one(&pool).await.unwrap();
    assert_eq!(batches, 0);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_empty_series_is_forgotten_and_may_come_back(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open_with(&pool, &clock, Config { retention_days: 2, max_series: 1, ..Config::default() }).await;
    write(&metrics, vec![sample("old", NOON, 1.0)]).await;
    clock.advance_ms(5 * DAY_MS);
    metrics.state.head.write().unwrap().trim(NOON.0 + 5 * DAY_MS);
    metrics.maintain().await.unwrap();
    assert_eq!(n_series(&pool).await, 0);
    assert_eq!(metrics.label_names(&[]).await.unwrap().found, [] as [&str; 0]);
    // There is room again, for a newcomer and, after another rest, for the old one.
    let later = NOON.plus_ms(5 * DAY_MS);
    assert_eq!(write(&metrics, vec![sample("old", later, 1.0)]).await.accepted, 1);
    assert_eq!(n_series(&pool).await, 1);
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
    assert_eq!(super::read_between(&again, "rested", now, now).await, [(now.0, 2.0_f64.to_bits())]);
    again.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_day_without_a_prepared_partition_is_made_by_the_writer(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    clock.advance_ms(10 * DAY_MS);
    assert_eq!(write(&metrics, vec![sample("up", NOON.plus_ms(10 * DAY_MS), 1.0)]).await.accepted, 1);
    assert!(partitions(&pool).await.contains(&"metric_batch_20261202".to_owned()));
    metrics.close().await;
}
