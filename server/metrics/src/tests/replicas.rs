//! Two processes on one database.

use std::sync::Arc;

use model::Time;
use sqlx::PgPool;
use tokio::sync::watch;

use super::{NOON, clock, open, read, sample, write};
use crate::Metrics;

/// Waits until `metrics` shows `n` samples; every commit and every poll that found something wakes.
async fn wait_for(metrics: &Metrics, metric: &str, n: usize) {
    let mut newest: watch::Receiver<Time> = metrics.newest();
    while read(metrics, metric).await.len() < n {
        newest.changed().await.unwrap();
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_replicas_see_each_others_samples(pool: PgPool) {
    let clock = clock();
    let one: Arc<Metrics> = open(&pool, &clock).await;
    let two: Arc<Metrics> = open(&pool, &clock).await;
    write(&one, vec![sample("shared", NOON, 1.0)]).await;
    write(&two, vec![sample("shared", NOON.plus_ms(1), 2.0), sample("only_two", NOON, 3.0)]).await;
    write(&one, vec![sample("shared", NOON.plus_ms(2), 3.0)]).await;
    wait_for(&one, "only_two", 1).await;
    wait_for(&one, "shared", 3).await;
    wait_for(&two, "shared", 3).await;
    assert_eq!(read(&one, "shared").await, read(&two, "shared").await);
    let series: i64 = sqlx::query_scalar("select count(*) from metric_series").fetch_one(&pool).await.unwrap();
    assert_eq!(series, 2);
    one.close().await;
    two.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn conflicting_replicas_agree(pool: PgPool) {
    let clock = clock();
    let one: Arc<Metrics> = open(&pool, &clock).await;
    let two: Arc<Metrics> = open(&pool, &clock).await;
    write(&one, vec![sample("conflict", NOON, 1.0)]).await;
    write(&two, vec![sample("conflict", NOON, 2.0), sample("mark", NOON, 0.0)]).await;
    write(&one, vec![sample("mark", NOON.plus_ms(1), 0.0)]).await;
    wait_for(&one, "mark", 2).await;
    wait_for(&two, "mark", 2).await;
    assert_eq!(read(&one, "conflict").await, [(NOON.0, 2.0_f64.to_bits())]);
    assert_eq!(read(&two, "conflict").await, [(NOON.0, 2.0_f64.to_bits())]);
    one.close().await;
    two.close().await;
}
