//! Roll-ups say what the samples said.

use std::sync::Arc;

use sqlx::PgPool;

use super::{NOON, at, clock, named, open, sample, write};
use crate::Metrics;
use crate::rolled::{Step, Width};

async fn steps(metrics: &Metrics, width: Width, from_minute: i64, to_minute: i64) -> Vec<Step> {
    let found = metrics.rolled(&named("counter"), width, at(from_minute), at(to_minute)).await.unwrap();
    found.into_iter().flat_map(|series| series.steps).collect()
}

/// Minute after minute, a counter that grows by one, and begins anew after `reset`.
async fn count_up(metrics: &Metrics, clock: &kernel::TestClock, minutes: std::ops::RangeInclusive<i64>, reset: i64) {
    for minute in minutes {
        clock.set(at(minute));
        let value: i64 = if minute > reset { minute - reset } else { minute };
        write(metrics, vec![sample("counter", at(minute), value as f64)]).await;
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn steps_count_and_add_up_across_windows(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    count_up(&metrics, &clock, 0..=265, 90).await;
    assert_eq!(metrics.compact().await.unwrap().windows, 2);

    let hours: Vec<Step> = steps(&metrics, Width::Hour, 1, 180).await;
    let counts: Vec<(i64, u64)> = hours.iter().map(|step| ((step.until.0 - NOON.0) / 60_000, step.count)).collect();
    assert_eq!(counts, [(60, 60), (120, 60), (180, 60)]);
    let increases: Vec<f64> = hours.iter().map(|step| step.increase).collect();
    assert_eq!(increases, [60.0, 60.0, 60.0]);
    assert_eq!((hours[1].min, hours[1].max, hours[1].last), (1.0, 90.0, 30.0));
    assert_eq!(hours[0].sum, (1..=60).sum::<i64>() as f64);

    let narrow: Vec<Step> = steps(&metrics, Width::FiveMinutes, 116, 125).await;
    let around: Vec<(i64, u64, f64)> =
        narrow.iter().map(|step| ((step.until.0 - NOON.0) / 60_000, step.count, step.increase)).collect();
    assert_eq!(around, [(120, 5, 5.0), (125, 5, 5.0)]);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn late_samples_are_rolled_up_with_what_was_there(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    for (minute, value) in [(61, 1.0), (63, 3.0), (145, 145.0)] {
        clock.set(at(minute));
        write(&metrics, vec![sample("counter", at(minute), value)]).await;
    }
    metrics.compact().await.unwrap();
    // Between the two, and higher than the later one: there was a reset.
    write(&metrics, vec![sample("counter", at(62), 10.0), sample("counter", at(95), 40.0)]).await;
    assert_eq!(steps(&metrics, Width::FiveMinutes, 61, 65).await[0].increase, 2.0);
    clock.set(at(265));
    assert_eq!(metrics.compact().await.unwrap().late, 1);
    let found: Vec<Step> = steps(&metrics, Width::FiveMinutes, 61, 100).await;
    let found: Vec<(u64, f64)> = found.iter().map(|step| (step.count, step.increase)).collect();
    assert_eq!(found, [(3, 12.0), (1, 37.0)]);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn cardinality_counts_series_and_samples(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    write(&metrics, vec![sample("counter", NOON, 1.0), sample("counter", at(1), 1.0), sample("other", NOON, 1.0)]).await;
    let found = metrics.cardinality(1);
    assert_eq!((found.series, found.head_series, found.head_samples, found.metrics), (2, 2, 3, 2));
    assert_eq!(found.series_by_pair.iter().map(|count| count.name.as_str()).collect::<Vec<_>>(), ["job=test"]);
    metrics.close().await;
}
