//! The questions of screens, on a real Postgres.

use std::sync::Arc;

use kernel::TestClock;
use model::Time;
use model::labels::Labels;
use sqlx::PgPool;

use super::{HOUR_MS, MINUTE_MS, NOON, at, clock, open, sample, write};
use crate::cardinality::Count;
use crate::cardinality::metric::MetricSurvey;
use crate::cardinality::survey::{Storage, Survey};
use crate::{Metrics, Sample};

fn count(name: &str, count: u64) -> Count {
    Count { name: name.to_owned(), count }
}

fn request(path: &str, at: Time) -> Sample {
    Sample {
        labels: Labels::new([("__name__", "Requests"), ("instance", "web-1:80"), ("job", "web"), ("path", path)]),
        at,
        value: 1.0,
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_survey_tells_the_greatest_and_what_the_hour_brought(pool: PgPool) {
    let clock: Arc<TestClock> = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    write(&metrics, vec![request("/a", NOON), request("/b", NOON)]).await;
    clock.set(NOON.plus_ms(2 * HOUR_MS));
    write(&metrics, vec![request("/c", at(120)), sample("other", at(120), 1.0)]).await;
    let survey: Arc<Survey> = metrics.survey(" REQ ").await.unwrap();
    assert_eq!(survey.cardinality.series_by_metric, [count("Requests", 3)]);
    assert_eq!((survey.cardinality.series, survey.cardinality.metrics, survey.cardinality.metrics_found), (4, 2, 1));
    assert_eq!((survey.new.count, survey.new.is_cut), (2, false));
    assert_eq!(survey.new.by_metric.get("Requests"), Some(&1));
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_survey_stands_for_ten_seconds(pool: PgPool) {
    let clock: Arc<TestClock> = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    write(&metrics, vec![request("/a", NOON)]).await;
    let first: Arc<Survey> = metrics.survey("").await.unwrap();
    write(&metrics, vec![request("/b", NOON)]).await;
    clock.advance_ms(9_999);
    assert!(Arc::ptr_eq(&first, &metrics.survey("").await.unwrap()));
    clock.advance_ms(1);
    assert_eq!(metrics.survey("").await.unwrap().cardinality.series, 2);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_metric_tells_its_labels_its_senders_and_its_newest_sample(pool: PgPool) {
    let clock: Arc<TestClock> = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    write(&metrics, vec![request("/a", at(-1)), request("/b", NOON)]).await;
    let found: Arc<Option<MetricSurvey>> = metrics.metric_survey("Requests").await.unwrap();
    let survey: &MetricSurvey = (*found).as_ref().unwrap();
    assert_eq!((survey.series, survey.live, survey.new, survey.newest), (2, 2, 2, Some(NOON)));
    assert_eq!((survey.labels[0].name.as_str(), survey.labels[0].values), ("path", 2));
    assert_eq!((survey.sources[0].job.as_str(), survey.sources[0].instance.as_str()), ("web", "web-1:80"));
    for nothing in ["requests".to_owned(), String::new(), "x".repeat(100_000)] {
        assert!(metrics.metric_survey(&nothing).await.unwrap().is_none());
    }
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_metric_that_rests_is_told_by_an_older_sample(pool: PgPool) {
    let clock: Arc<TestClock> = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    write(&metrics, vec![request("/a", at(-30)), request("/a", at(-31))]).await;
    clock.advance_ms(30 * MINUTE_MS);
    let found: Arc<Option<MetricSurvey>> = metrics.metric_survey("Requests").await.unwrap();
    assert_eq!((*found).as_ref().and_then(|survey| survey.newest), Some(at(-30)));
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_lies_on_disk_is_told_by_what_it_holds(pool: PgPool) {
    let clock: Arc<TestClock> = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    let empty: Arc<Storage> = metrics.storage().await.unwrap();
    assert_eq!((empty.oldest, empty.oldest_roll), (None, None));
    write(&metrics, vec![request("/a", at(-7))]).await;
    clock.advance_ms(10_000);
    let storage: Arc<Storage> = metrics.storage().await.unwrap();
    assert_eq!((storage.oldest, storage.chunks), (Some(at(-7)), 0));
    assert!(storage.batches > 0 && storage.labels > 0 && storage.indexes > 0);
    assert!(storage.bytes() > empty.bytes());
    // After compaction a window's samples stand in chunks, and it is the window that tells how far back they reach.
    clock.set(NOON.plus_ms(3 * HOUR_MS));
    metrics.compact().await.unwrap();
    let compacted: Arc<Storage> = metrics.storage().await.unwrap();
    assert!(compacted.chunks > 0 && compacted.rolls > 0);
    assert!(compacted.oldest.is_some_and(|oldest| oldest <= at(-7)) && compacted.oldest_roll.is_some());
    metrics.close().await;
}
