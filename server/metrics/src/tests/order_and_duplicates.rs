//! Samples may come in any order and more than once; the same samples come out.

use std::sync::Arc;

use sqlx::PgPool;

use super::{HOUR_MS, MINUTE_MS, NOON, clock, open, open_with, read, sample, write};
use crate::{Config, Metrics, Reason, STALE_NAN};

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn out_of_order_samples_are_sorted_in_and_survive_a_restart(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    for minute in [10, 3, 7, 1, 9, 2] {
        write(&metrics, vec![sample("late", NOON.plus_ms(-minute * MINUTE_MS), minute as f64)]).await;
    }
    let expected: Vec<(i64, u64)> =
        [10, 9, 7, 3, 2, 1].iter().map(|minute| (NOON.0 - minute * MINUTE_MS, (*minute as f64).to_bits())).collect();
    assert_eq!(read(&metrics, "late").await, expected);
    metrics.close().await;
    let again: Arc<Metrics> = open(&pool, &clock).await;
    assert_eq!(read(&again, "late").await, expected);
    again.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn one_rule_decides_between_two_values_of_one_time(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    for values in [[1.0, 2.0], [2.0, 1.0], [f64::from_bits(STALE_NAN), 1.0], [1.0, f64::from_bits(STALE_NAN)]] {
        for (at, value) in (0..).zip(values) {
            write(&metrics, vec![sample("twice", NOON.plus_ms(at / 2), value), sample("twice", NOON.plus_ms(1), value)]).await;
        }
    }
    let expected = [(NOON.0, 2.0_f64.to_bits()), (NOON.0 + 1, 2.0_f64.to_bits())];
    assert_eq!(read(&metrics, "twice").await, expected);
    metrics.close().await;
    let again: Arc<Metrics> = open(&pool, &clock).await;
    assert_eq!(read(&again, "twice").await, expected);
    again.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn good_samples_of_a_partly_bad_write_are_kept_and_bad_ones_named(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open_with(&pool, &clock, Config { max_series: 2, ..Config::default() }).await;
    let written = write(
        &metrics,
        vec![
            sample("good", NOON, 1.0),
            sample("good", NOON.plus_ms(-3 * HOUR_MS), 1.0),
            sample("good", NOON.plus_ms(HOUR_MS), 1.0),
            sample("other", NOON, 1.0),
            sample("one_too_many", NOON, 1.0),
        ],
    )
    .await;
    let reasons: Vec<Reason> = written.rejected.iter().map(|rejected| rejected.reason).collect();
    assert_eq!(written.accepted, 2);
    assert_eq!(reasons, [Reason::TooOld, Reason::TooNew, Reason::TooManySeries]);
    assert_eq!(written.rejected[2].example, "one_too_many{job=\"test\"}");
    assert_eq!(read(&metrics, "good").await.len(), 1);
    assert!(read(&metrics, "one_too_many").await.is_empty());
    metrics.close().await;
}
