//! Times older than the head are read from the batches.

use std::sync::Arc;

use sqlx::PgPool;

use super::{HOUR_MS, MINUTE_MS, NOON, clock, named, open, open_with, read_between, sample, write};
use crate::source::Source;
use crate::{Config, Error, Metrics};

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn old_and_recent_samples_join_without_a_seam(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    let mut expected: Vec<(i64, u64)> = Vec::new();
    for half_hour in 0..16_i64 {
        let now = NOON.plus_ms(half_hour * 30 * MINUTE_MS);
        clock.set(now);
        write(&metrics, vec![sample("long", now, half_hour as f64), sample("other", now, 0.0)]).await;
        expected.push((now.0, (half_hour as f64).to_bits()));
    }
    let (from, to) = (NOON, NOON.plus_ms(8 * HOUR_MS));
    assert_eq!(read_between(&metrics, "long", from, to).await, expected);
    metrics.close().await;
    let again: Arc<Metrics> = open(&pool, &clock).await;
    assert!(again.state.head.read().unwrap().floor() > NOON.0);
    assert_eq!(read_between(&again, "long", from, to).await, expected);
    assert_eq!(read_between(&again, "long", NOON, NOON.plus_ms(HOUR_MS)).await, expected[..3]);
    again.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_selection_beyond_the_limit_is_refused_with_its_numbers(pool: PgPool) {
    let clock = clock();
    let config = Config { max_selected_samples: 10, ..Config::default() };
    let metrics: Arc<Metrics> = open_with(&pool, &clock, config.clone()).await;
    let samples = (0..11).map(|second| sample("many", NOON.plus_ms(second * 1_000), 1.0));
    write(&metrics, samples.collect()).await;
    let recent = metrics.reader.select(&named("many"), NOON, NOON.plus_ms(HOUR_MS)).await;
    assert!(matches!(recent, Err(Error::TooManySamples { found: 11, limit: 10 })));
    metrics.close().await;
    clock.advance_ms(5 * HOUR_MS);
    let again: Arc<Metrics> = open_with(&pool, &clock, config).await;
    let old = again.reader.select(&named("many"), NOON, NOON.plus_ms(HOUR_MS)).await;
    assert!(matches!(old, Err(Error::TooManySamples { found: 11, limit: 10 })));
    again.close().await;
}
