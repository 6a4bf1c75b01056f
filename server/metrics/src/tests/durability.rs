//! What was answered with success is on disk, and nothing else was.

use std::sync::Arc;

use sqlx::PgPool;

use super::{NOON, clock, grant, kill_whoever_waits, open, open_with, read, sample, write};
use crate::{Config, Error, Metrics, STALE_NAN};

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_was_answered_is_there_after_reopening(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    let written =
        write(&metrics, vec![sample("up", NOON, 1.0), sample("up", NOON.plus_ms(1_000), 0.5), sample("down", NOON, 2.0)]).await;
    assert_eq!((written.accepted, written.rejected.len()), (3, 0));
    let before = read(&metrics, "up").await;
    assert_eq!(before, [(NOON.0, 1.0_f64.to_bits()), (NOON.0 + 1_000, 0.5_f64.to_bits())]);
    // Dropped without closing, as a killed process would.
    drop(metrics);
    let again: Arc<Metrics> = open(&pool, &clock).await;
    assert_eq!(read(&again, "up").await, before);
    assert_eq!(read(&again, "down").await.len(), 1);
    again.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn stale_markers_and_nan_payloads_survive_disk(pool: PgPool) {
    let clock = clock();
    let bits: [u64; 4] = [STALE_NAN, 0x7ff8_0000_dead_beef, (-0.0_f64).to_bits(), 0.1_f64.to_bits()];
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    let times = (0_i64..).map(|step| NOON.plus_ms(step * 15_000));
    let samples = times.clone().zip(bits).map(|(at, bits)| sample("odd", at, f64::from_bits(bits)));
    write(&metrics, samples.collect()).await;
    let expected: Vec<(i64, u64)> = times.map(|at| at.0).zip(bits).collect();
    assert_eq!(read(&metrics, "odd").await, expected);
    metrics.close().await;
    let again: Arc<Metrics> = open(&pool, &clock).await;
    assert_eq!(read(&again, "odd").await, expected);
    again.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_batch_whose_connection_dies_before_commit_is_absent_and_not_acknowledged(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    write(&metrics, vec![sample("first", NOON, 1.0)]).await;

    let mut blocker = pool.begin().await.unwrap();
    sqlx::query("lock table metric_batch in exclusive mode").execute(&mut *blocker).await.unwrap();
    let writer: Arc<Metrics> = Arc::clone(&metrics);
    let waiting = tokio::spawn(async move { writer.write(&grant(), vec![sample("lost", NOON, 1.0)]).await });
    kill_whoever_waits(&pool, "%metric_batch%").await;
    assert!(matches!(waiting.await.unwrap(), Err(Error::NotCommitted)));
    blocker.rollback().await.unwrap();

    assert!(read(&metrics, "lost").await.is_empty());
    write(&metrics, vec![sample("second", NOON, 1.0)]).await;
    metrics.close().await;
    let again: Arc<Metrics> = open(&pool, &clock).await;
    assert!(read(&again, "lost").await.is_empty());
    assert_eq!((read(&again, "first").await.len(), read(&again, "second").await.len()), (1, 1));
    again.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn many_requests_share_commits_and_all_are_answered(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    let requests = (0..50_i64).map(|number| {
        let metrics: Arc<Metrics> = Arc::clone(&metrics);
        async move { write(&metrics, vec![sample("shared", NOON.plus_ms(number), 1.0)]).await.accepted }
    });
    let accepted: Vec<u64> = futures::future::join_all(requests).await;
    assert_eq!(accepted.iter().sum::<u64>(), 50);
    assert_eq!(read(&metrics, "shared").await.len(), 50);
    let (batches, series): (i64, i64) =
        sqlx::query_as("select (select count(*) from metric_batch), (select count(*) from metric_series)")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert!(batches < 50, "{batches} batches");
    assert_eq!(series, 1);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_closed_room_takes_nothing_and_a_full_queue_refuses(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open_with(&pool, &clock, Config { max_waiting_samples: 1, ..Config::default() }).await;
    let requests = (0..20_i64).map(|number| {
        let metrics: Arc<Metrics> = Arc::clone(&metrics);
        async move { metrics.write(&grant(), vec![sample("crowd", NOON.plus_ms(number), 1.0)]).await }
    });
    let outcomes: Vec<Result<crate::Written, Error>> = futures::future::join_all(requests).await;
    let refused: usize = outcomes.iter().filter(|outcome| matches!(outcome, Err(Error::Overloaded))).count();
    let accepted: usize = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert!(refused > 0 && accepted > 0);
    assert_eq!(refused + accepted, 20);
    assert_eq!(read(&metrics, "crowd").await.len(), accepted);
    metrics.close().await;
    assert!(matches!(metrics.write(&grant(), vec![sample("late", NOON, 1.0)]).await, Err(Error::Closed)));
}
