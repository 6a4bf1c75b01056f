//! Another engine answers in our place, and both can be compared.

use std::sync::Arc;

use model::labels::Labels;
use promql::ast::Expr;
use sqlx::PgPool;

use super::{STEP_MS, Store, asking, hour, of_host};
use crate::compare::{Outcome, Question, Report, Window};
use crate::engine::endpoint::Endpoint;
use crate::eval::{Answer, Value};
use crate::listing::Scope;
use crate::tests::{HOUR_MS, NOON, clock, named, open, open_with, write};
use crate::{Config, Error, Metrics};

fn expr(text: &str) -> Expr {
    promql::parse(text).unwrap()
}

/// Labels and value of each element.
fn vector(answer: Answer) -> Vec<(Labels, f64)> {
    match answer.value {
        Value::Vector(samples) => samples.into_iter().map(|sample| (sample.labels, sample.value)).collect(),
        other => panic!("{other:?}"),
    }
}

fn scope(metric: &str) -> Scope {
    Scope { selectors: vec![named(metric).to_vec()], ..Scope::default() }
}

/// Half an hour, so that every window is full of samples; between them, because Debian's Prometheus counts the sample at a window's left
/// end and version 3 does not.
fn window() -> Window {
    Window { start: NOON.plus_ms(5_000 - HOUR_MS / 2), end: NOON, step_ms: 4 * STEP_MS }
}

async fn answers_in_our_place(pool: &PgPool, store: &Store) {
    let clock = clock();
    let elsewhere = Labels::new([("__name__", "elsewhere"), ("host", "z")]);
    store.push(&[of_host("elsewhere", "z", NOON.plus_ms(-30_000), 7.5)]).await;
    store.flush().await;
    let there: Arc<Metrics> = asking(pool, &clock, store).await;
    let found = vector(there.instant(&expr("elsewhere"), NOON).await.unwrap());
    assert_eq!(found, [(elsewhere.clone(), 7.5)]);
    let found = vector(there.instant_for_rules(&expr("elsewhere > 8"), NOON).await.unwrap());
    assert!(found.is_empty());
    let (start, end) = (NOON.plus_ms(-30_000), NOON.plus_ms(-15_000));
    let ranged = there.range(&expr("elsewhere * 2"), start, end, STEP_MS).await.unwrap();
    let Value::Matrix(series) = ranged.value else { panic!("{:?}", ranged.value) };
    let points: Vec<(i64, f64)> = series[0].points.iter().map(|point| (point.at, point.value)).collect();
    assert_eq!(points, [30_000, 15_000].map(|before| (NOON.0 - before, 15.0)));
    assert_eq!(there.series(scope("elsewhere")).await.unwrap().found, [elsewhere]);
    assert_eq!(there.label_names_in(scope("elsewhere")).await.unwrap().found, ["__name__", "host"]);
    assert_eq!(there.label_values("host", scope("elsewhere")).await.unwrap().found, ["z"]);
    there.close().await;
    let here: Arc<Metrics> = open(pool, &clock).await;
    assert!(vector(here.instant(&expr("elsewhere"), NOON).await.unwrap()).is_empty());
    here.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn prometheus_answers_in_our_place(pool: PgPool) {
    answers_in_our_place(&pool, &Store::prometheus().await).await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn victoria_metrics_answers_in_our_place(pool: PgPool) {
    answers_in_our_place(&pool, &Store::victoria_metrics().await).await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_engine_that_is_gone_fails_with_its_reason(pool: PgPool) {
    let clock = clock();
    let store: Store = Store::prometheus().await;
    let there: Arc<Metrics> = asking(&pool, &clock, &store).await;
    drop(store);
    let error: Error = there.instant_for_rules(&expr("up"), NOON).await.unwrap_err();
    assert!(error.to_string().starts_with("the remote engine can't be asked: "), "{error}");
    there.close().await;
}

/// One of each kind that rules and dashboards are made of.
const QUERIES: [&str; 6] = [
    "temperature",
    "sum by (host) (rate(requests_total[5m]))",
    "max_over_time(temperature[10m]) > 20.5",
    "avg(temperature) / 3",
    "increase(requests_total{host=\"a\"}[15m])",
    "absent(nothing_of_the_kind)",
];

fn questions() -> Vec<Question> {
    QUERIES.iter().map(|text| Question { name: (*text).to_owned(), expr: expr(text) }).collect()
}

/// A replica that answers by itself, forwards to `store`, and can compare.
async fn beside(pool: &PgPool, store: &Store) -> Arc<Metrics> {
    let remote: Option<Endpoint> = Some(Endpoint::at(&store.base));
    let config = Config { remote, forward: vec![store.destination("beside")], ..Config::default() };
    let metrics: Arc<Metrics> = open_with(pool, &clock(), config).await;
    write(&metrics, hour()).await;
    metrics.forward().await.unwrap();
    store.flush().await;
    metrics
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn prometheus_gives_the_same_answers_until_it_has_other_samples(pool: PgPool) {
    let store: Store = Store::prometheus().await;
    let metrics: Arc<Metrics> = beside(&pool, &store).await;
    let report: Report = metrics.compare(&questions(), window()).await.unwrap();
    assert_eq!(report.n_equal(), QUERIES.len(), "{report}");

    store.push(&[of_host("temperature", "c", NOON.plus_ms(-120_000), 99.0)]).await;
    let report: Report = metrics.compare(&questions()[..1], window()).await.unwrap();
    let Outcome::Differs(difference) = &report.compared[0].outcome else { panic!("{report}") };
    assert_eq!((difference.only_here.n, difference.only_there.n, difference.points_differ), (0, 1, 0));
    assert_eq!(difference.only_there.examples[0].get("host"), "c");
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn where_victoria_metrics_differs_is_shown(pool: PgPool) {
    let store: Store = Store::victoria_metrics().await;
    let metrics: Arc<Metrics> = beside(&pool, &store).await;
    let report: Report = metrics.compare(&questions(), window()).await.unwrap();
    assert!(matches!(report.compared[0].outcome, Outcome::Equal { series: 2, .. }), "{report}");
    // It keeps the name where PromQL drops it, and does not extrapolate an increase.
    assert!(matches!(report.compared[2].outcome, Outcome::Differs(_)), "{report}");
    assert!(matches!(report.compared[4].outcome, Outcome::Differs(_)), "{report}");
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn without_a_remote_engine_there_is_nothing_to_compare(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    assert!(matches!(metrics.compare(&questions(), window()).await, Err(Error::Remote(_))));
    metrics.close().await;
}
