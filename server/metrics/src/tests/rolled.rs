//! Roll-ups say what the samples said.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use kernel::TestClock;
use sqlx::PgPool;

use super::{HOUR_MS, NOON, at, clock, named, open, open_with, sample, write};
use crate::eval::{Answer, Engine, Value};
use crate::rolled::{Step, Width};
use crate::{Config, Metrics, STALE_NAN, Sample};

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
    let found = metrics.cardinality(1).await.unwrap();
    assert_eq!((found.series, found.head_series, found.head_samples, found.metrics), (2, 2, 3, 2));
    assert_eq!(found.series_by_pair.iter().map(|count| count.name.as_str()).collect::<Vec<_>>(), ["job=test"]);
    metrics.close().await;
}

/// Minutes after noon at which a query begins and ends, and its step.
type Frame = (i64, i64, i64);
/// Series and their points: minutes after noon, and values.
type Found = Vec<(String, Vec<(i64, f64)>)>;

/// What windows of whole roll-ups are made of.
const FOLDED: [&str; 17] = [
    "gauge",
    "timestamp(gauge)",
    "gauge offset 30m",
    "last_over_time(gauge[7m])",
    "present_over_time(gauge[11m])",
    "absent_over_time(gauge[5m])",
    "min_over_time(gauge[1h])",
    "max_over_time(gauge[30m])",
    "sum_over_time(gauge[1h])",
    "avg_over_time(gauge[5m])",
    "count_over_time(gauge[2h])",
    "first_over_time(gauge[30m])",
    "delta(gauge[1h])",
    "increase(counter_total[1h])",
    "sum by (job) (rate(counter_total[30m]))",
    "rate(counter_total[3h] offset 1h)",
    "max_over_time(rate(counter_total[1h])[2h:30m])",
];

async fn ask(metrics: &Metrics, text: &str, (start, end, step): Frame, with_rolls: bool) -> Found {
    let engine = Engine { with_rolls, ..metrics.engine.clone() };
    let expr = promql::parse(text).unwrap();
    let answer: Answer = engine.range(&metrics.reader, &expr, at(start), at(end), step * 60_000).await.unwrap();
    let Value::Matrix(series) = answer.value else { panic!("a range query gives a matrix") };
    let points = |one: &crate::source::SeriesData| -> Vec<(i64, f64)> {
        one.points.iter().map(|point| ((point.at - NOON.0) / 60_000, point.value)).collect()
    };
    series.iter().map(|one| (one.labels.to_string(), points(one))).collect()
}

/// The same, but for what the rounding of sums leaves.
fn assert_same(text: &str, left: &Found, right: &Found) {
    assert_eq!(left.len(), right.len(), "{text}: {left:?} and {right:?}");
    for ((left_labels, left), (right_labels, right)) in left.iter().zip(right) {
        let close = |(left, right): (&(i64, f64), &(i64, f64))| {
            left.0 == right.0 && (left.1 - right.1).abs() <= 1e-9 * left.1.abs().max(1.0)
        };
        let is_same: bool = left.len() == right.len() && left.iter().zip(right).all(close);
        assert!(left_labels == right_labels && is_same, "{text}: {left:?} and {right:?}");
    }
}

fn folded(metrics: &Metrics) -> u64 {
    metrics.state.own.folded_selections.load(Ordering::Relaxed)
}

/// Five hours of two series, unevenly spaced: a counter that is reset now and then, and a gauge with gaps and stale markers.
fn uneven() -> Vec<Sample> {
    let mut seed: u64 = 7;
    let mut random = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let (mut ms, mut value): (i64, f64) = (0, 1_000.5);
    let mut samples: Vec<Sample> = vec![sample("counter_total", NOON, value), sample("gauge", at(120), 3.25)];
    while ms < 5 * HOUR_MS {
        let longest_ms: u64 = if random(30) == 0 { 1_500_000 } else { 60_000 };
        ms += 1 + random(longest_ms) as i64;
        value = if random(50) == 0 { 0.5 } else { value + random(100) as f64 };
        samples.push(sample("counter_total", NOON.plus_ms(ms), value));
        let gauge: f64 = if random(10) == 0 { f64::from_bits(STALE_NAN) } else { random(1_000) as f64 - 500.0 };
        samples.push(sample("gauge", NOON.plus_ms(ms + 1), gauge));
    }
    samples
}

fn far_back() -> Config {
    Config { out_of_order_ms: 12 * HOUR_MS, head_ms: 13 * HOUR_MS, retention_days: 2, ..Config::default() }
}

async fn five_hours(pool: &PgPool, clock: &Arc<TestClock>) -> Arc<Metrics> {
    let metrics: Arc<Metrics> = open_with(pool, clock, far_back()).await;
    clock.set(at(6 * 60));
    write(&metrics, uneven()).await;
    metrics
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn aligned_windows_are_answered_from_roll_ups_and_the_answers_are_the_same(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = five_hours(&pool, &clock).await;
    clock.set(at(30 * 60));
    assert_eq!(metrics.compact().await.unwrap().windows, 3);
    for frame in [(60, 300, 30), (120, 300, 60), (65, 300, 5), (180, 180, 5)] {
        for text in FOLDED {
            let before: u64 = folded(&metrics);
            let wanted: Found = ask(&metrics, text, frame, false).await;
            assert_eq!(folded(&metrics), before, "{text}: samples were asked for");
            let found: Found = ask(&metrics, text, frame, true).await;
            assert_eq!(folded(&metrics), before + 1, "{text} {frame:?}");
            assert_same(text, &found, &wanted);
        }
    }
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn other_windows_are_answered_from_samples(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = five_hours(&pool, &clock).await;
    clock.set(at(30 * 60));
    metrics.compact().await.unwrap();
    let texts: [(&str, Frame); 5] = [
        ("sum_over_time(gauge[7m])", (60, 300, 5)),
        ("gauge", (61, 301, 5)),
        ("gauge", (60, 300, 1)),
        ("quantile_over_time(0.5, gauge[1h])", (60, 300, 60)),
        ("changes(gauge[1h])", (60, 300, 60)),
    ];
    for (text, frame) in texts {
        let wanted: Found = ask(&metrics, text, frame, false).await;
        assert_same(text, &ask(&metrics, text, frame, true).await, &wanted);
    }
    // What is neither a day long nor a day old.
    clock.set(at(7 * 60));
    ask(&metrics, "gauge", (60, 300, 5), true).await;
    assert_eq!(folded(&metrics), 0);
    // Rules never.
    clock.set(at(30 * 60));
    let expr = promql::parse("sum_over_time(gauge[1h])").unwrap();
    metrics.instant_for_rules(&expr, at(180)).await.unwrap();
    assert_eq!(folded(&metrics), 0);
    metrics.instant(&expr, at(180)).await.unwrap();
    assert_eq!(folded(&metrics), 1);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_new_or_late_is_never_missing(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = five_hours(&pool, &clock).await;
    let frame: Frame = (-24 * 60, 300, 60);
    // Two windows are closed, the third is not.
    assert_eq!(metrics.compact().await.unwrap().windows, 2);
    for text in FOLDED {
        assert_same(text, &ask(&metrics, text, frame, true).await, &ask(&metrics, text, frame, false).await);
    }
    assert_eq!(folded(&metrics), FOLDED.len() as u64);
    write(&metrics, vec![sample("gauge", at(150), 9_000.0), sample("counter_total", at(151), 9_000.0)]).await;
    for text in FOLDED {
        assert_same(text, &ask(&metrics, text, frame, true).await, &ask(&metrics, text, frame, false).await);
    }
    let greatest: Found = ask(&metrics, "max_over_time(gauge[1h])", (180, 180, 60), false).await;
    assert_eq!(greatest[0].1, [(180, 9_000.0)]);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn behind_the_retention_series_are_found_and_answered_from_roll_ups(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = five_hours(&pool, &clock).await;
    clock.set(at(30 * 60));
    metrics.compact().await.unwrap();
    let frame: Frame = (60, 300, 30);
    let mut wanted: Vec<Found> = Vec::new();
    for text in FOLDED {
        wanted.push(ask(&metrics, text, frame, false).await);
    }
    metrics.close().await;

    clock.advance_ms(10 * 24 * HOUR_MS);
    let later: Arc<Metrics> = open_with(&pool, &clock, far_back()).await;
    later.maintain().await.unwrap();
    assert_eq!(later.cardinality(1).await.unwrap().series, 0, "the index has forgotten them");
    assert!(ask(&later, "gauge", frame, false).await.is_empty());
    for (text, wanted) in FOLDED.iter().zip(&wanted) {
        assert_same(text, &ask(&later, text, frame, true).await, wanted);
    }
    // Windows that are not whole have what is left of the samples.
    let thinned: Found = ask(&later, "gauge", (120, 299, 1), true).await;
    assert_eq!((thinned.len(), thinned[0].1[0]), (1, (120, 3.25)));
    let counted: Found = ask(&later, "count_over_time(counter_total[61m])", (120, 120, 5), true).await;
    assert!(counted[0].1[0].1 > 2.0, "{counted:?}");
    assert!(ask(&later, "no_such_metric", frame, true).await.is_empty());
    later.close().await;
}
