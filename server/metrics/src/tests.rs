//! The room on real Postgres, one file per behaviour.

mod behind_the_head;
mod beyond;
mod compaction;
mod durability;
mod exemplars;
mod http_prometheus;
mod http_queries;
mod http_writes;
mod order_and_duplicates;
mod otlp_deliveries;
mod remote_write_two;
mod replicas;
mod retention;
mod rolled;
mod sender_pairs;
mod surveys;

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

/// So many minutes after noon.
pub(crate) fn at(minutes: i64) -> Time {
    NOON.plus_ms(minutes * MINUTE_MS)
}

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

/// The one number that a statement yields.
pub(crate) async fn count(pool: &PgPool, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).fetch_one(pool).await.unwrap()
}

/// Ends the one backend of this database that waits for a lock with a statement like `pattern`, as soon as there is one.
pub(crate) async fn kill_whoever_waits(pool: &PgPool, pattern: &str) {
    loop {
        let killed: i64 = sqlx::query_scalar(
            "select count(pg_terminate_backend(pid))
             from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock' and query like $1",
        )
        .bind(pattern)
        .fetch_one(pool)
        .await
        .unwrap();
        if killed > 0 {
            return;
        }
        tokio::task::yield_now().await;
    }
}
