//! The room on real Postgres, one file per behaviour.

mod behind_the_head;
mod durability;
mod http_queries;
mod http_writes;
mod order_and_duplicates;
mod replicas;
mod retention;

use std::sync::Arc;

use kernel::{Db, Grant, TestClock};
use model::access::WriteMetrics;
use model::actor::Actor;
use model::labels::Labels;
use model::time::Time;
use promql::ast::{MatchOp, Matcher, Span};
use sqlx::PgPool;

use crate::source::{SeriesData, Source};
use crate::{Config, Metrics, Sample, Written};

/// Where every test begins: noon of 2026-11-22, UTC.
pub(crate) const NOON: Time = Time(1_795_348_800_000);
pub(crate) const MINUTE_MS: i64 = 60_000;
pub(crate) const HOUR_MS: i64 = 60 * MINUTE_MS;

pub(crate) fn clock() -> Arc<TestClock> {
    Arc::new(TestClock::new(NOON))
}

pub(crate) async fn open(pool: &PgPool, clock: &Arc<TestClock>) -> Arc<Metrics> {
    open_with(pool, clock, Config::default()).await
}

pub(crate) async fn open_with(pool: &PgPool, clock: &Arc<TestClock>, config: Config) -> Arc<Metrics> {
    let clock: Arc<TestClock> = Arc::clone(clock);
    Metrics::open(Db::from_pool(pool.clone()), clock, config).await.unwrap()
}

pub(crate) fn grant() -> Grant<WriteMetrics> {
    kernel::authorize(&Actor::worker("test"), None).unwrap()
}

pub(crate) fn sample(metric: &str, at: Time, value: f64) -> Sample {
    Sample { labels: Labels::new([("__name__", metric), ("job", "test")]), at, value }
}

pub(crate) async fn write(metrics: &Metrics, samples: Vec<Sample>) -> Written {
    metrics.write(&grant(), samples).await.unwrap()
}

pub(crate) fn named(metric: &str) -> [Matcher; 1] {
    [Matcher { op: MatchOp::Eq, name: "__name__".to_owned(), value: metric.to_owned(), span: Span::default() }]
}

/// Time and bits of every sample of `metric` in `from..=to`.
pub(crate) async fn read_between(metrics: &Metrics, metric: &str, from: Time, to: Time) -> Vec<(i64, u64)> {
    let found: Vec<SeriesData> = metrics.reader.select(&named(metric), from, to).await.unwrap();
    found.iter().flat_map(|series| series.points.iter().map(|point| (point.at, point.value.to_bits()))).collect()
}

/// The last hour and the next.
pub(crate) async fn read(metrics: &Metrics, metric: &str) -> Vec<(i64, u64)> {
    read_between(metrics, metric, NOON.plus_ms(-HOUR_MS), NOON.plus_ms(HOUR_MS)).await
}
