//! Every sample reaches every destination, whatever happens on the way.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::post;
use model::Time;
use sqlx::PgPool;
use tokio::task::JoinHandle;

use super::{STEPS, Store, asking, free_port, hour};
use crate::engine::endpoint::Endpoint;
use crate::eval::Value;
use crate::forward::Destination;
use crate::remote_write::{self, Note, Sink};
use crate::sample::Reason;
use crate::tests::{HOUR_MS, NOON, at, clock, count, open, open_with, sample, write};
use crate::{Config, Metrics};

/// A destination that does as it is told, and remembers what it took.
#[derive(Clone, Default)]
struct Told {
    /// Refuses for now with these statuses, the last one first.
    later: Arc<Mutex<Vec<u16>>>,
    /// Never takes a body that holds this metric.
    dislikes: &'static str,
    requests: Arc<Mutex<usize>>,
    /// Times by metric, as they came.
    taken: Arc<Mutex<BTreeMap<String, Vec<i64>>>>,
}

impl Told {
    /// Listens until the test ends.
    async fn listen(&self) -> (Destination, JoinHandle<()>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url: String = format!("http://{}/write", listener.local_addr().unwrap());
        let router: Router = Router::new().route("/write", post(take)).with_state(self.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (Destination { name: "told".to_owned(), endpoint: Endpoint::at(&url) }, serving)
    }

    fn times(&self, metric: &str) -> Vec<i64> {
        self.taken.lock().unwrap().get(metric).cloned().unwrap_or_default()
    }

    fn n_requests(&self) -> usize {
        *self.requests.lock().unwrap()
    }
}

async fn take(State(told): State<Told>, body: Bytes) -> impl IntoResponse {
    *told.requests.lock().unwrap() += 1;
    if let Some(status) = told.later.lock().unwrap().pop() {
        return (StatusCode::from_u16(status).unwrap(), [("retry-after", "7")], "not now");
    }
    let mut found = Found::default();
    remote_write::decode(&remote_write::decompress(&body, 1 << 24).unwrap(), &mut found).unwrap();
    if found.0.iter().any(|(metric, _)| metric == told.dislikes) {
        return (StatusCode::BAD_REQUEST, [("retry-after", "0")], "I dislike it");
    }
    let mut taken = told.taken.lock().unwrap();
    for (metric, times) in found.0 {
        taken.entry(metric).or_default().extend(times);
    }
    (StatusCode::NO_CONTENT, [("retry-after", "0")], "")
}

#[derive(Default)]
struct Found(Vec<(String, Vec<i64>)>);

impl Sink for Found {
    fn series(&mut self, labels: &[(&[u8], &[u8])]) {
        let name = labels.iter().find(|(name, _)| *name == b"__name__").map_or(&b""[..], |(_, value)| *value);
        self.0.push((String::from_utf8(name.to_vec()).unwrap(), Vec::new()));
    }

    fn sample(&mut self, at: i64, _bits: u64) {
        self.0.last_mut().unwrap().1.push(at);
    }

    fn refuse(&mut self, reason: Reason, n: u64) {
        panic!("{n} refused: {reason}");
    }

    fn bad_series(&mut self, reason: Reason) {
        panic!("refused: {reason}");
    }

    fn note(&mut self, note: Note<'_>) {
        panic!("nobody wrote {note:?}");
    }
}

fn forwarding(destination: Destination) -> Config {
    Config { forward: vec![destination], ..Config::default() }
}

/// How many samples of the hour a store has.
async fn n_samples(metrics: &Metrics) -> f64 {
    let expr = promql::parse("sum(count_over_time(requests_total[2h])) + sum(count_over_time(temperature[2h]))").unwrap();
    match metrics.instant(&expr, NOON).await.unwrap().value {
        Value::Vector(samples) => samples.first().map_or(0.0, |sample| sample.value),
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn every_sample_arrives_at_victoria_metrics_and_at_prometheus(pool: PgPool) {
    let clock = clock();
    let (victoria, prometheus): (Store, Store) = (Store::victoria_metrics().await, Store::prometheus().await);
    let forward = vec![victoria.destination("victoria"), prometheus.destination("prometheus")];
    let metrics: Arc<Metrics> = open_with(&pool, &clock, Config { forward, ..Config::default() }).await;
    write(&metrics, hour()).await;
    metrics.forward().await.unwrap();
    victoria.flush().await;
    let expected: f64 = (4 * STEPS) as f64;
    for store in [&victoria, &prometheus] {
        let there: Arc<Metrics> = asking(&pool, &clock, store).await;
        assert_eq!(n_samples(&there).await, expected, "{}", store.base);
        there.close().await;
    }
    let figures: String = metrics.exposition();
    for destination in ["victoria", "prometheus"] {
        let line: String = format!("forward_samples_total{{destination=\"{destination}\"}} {expected}\n");
        assert!(figures.contains(&line), "{line} is missing in\n{figures}");
    }
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_destination_that_says_when_is_asked_then_and_not_before(pool: PgPool) {
    let clock = clock();
    let told = Told { later: Arc::new(Mutex::new(vec![429, 503])), ..Told::default() };
    let (destination, serving) = told.listen().await;
    let metrics: Arc<Metrics> = open_with(&pool, &clock, forwarding(destination)).await;
    write(&metrics, vec![sample("up", NOON, 1.0)]).await;
    for (advance_ms, n_requests) in [(0, 1), (6_999, 1), (1, 2), (7_000, 3)] {
        clock.advance_ms(advance_ms);
        metrics.forward().await.unwrap();
        assert_eq!(told.n_requests(), n_requests, "after {advance_ms} ms more");
    }
    assert_eq!(told.times("up"), [NOON.0]);
    assert!(metrics.exposition().contains("forward_failures_total{destination=\"told\"} 2\n"));
    metrics.close().await;
    serving.abort();
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_refused_for_good_takes_no_others_with_it(pool: PgPool) {
    let clock = clock();
    let told = Told { dislikes: "bad", ..Told::default() };
    let (destination, serving) = told.listen().await;
    let metrics: Arc<Metrics> = open_with(&pool, &clock, forwarding(destination)).await;
    let mut samples: Vec<crate::Sample> = hour();
    samples.push(sample("bad", NOON, 1.0));
    write(&metrics, samples).await;
    metrics.forward().await.unwrap();
    assert_eq!(told.times("requests_total").len() + told.times("temperature").len(), usize::try_from(4 * STEPS).unwrap());
    assert!(told.times("bad").is_empty());
    assert!(metrics.exposition().contains("forward_refused_samples_total{destination=\"told\"} 1\n"));
    write(&metrics, vec![sample("up", NOON, 1.0)]).await;
    metrics.forward().await.unwrap();
    assert_eq!(told.times("up"), [NOON.0], "the queue goes on behind what was refused");
    metrics.close().await;
    serving.abort();
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_restart_goes_on_where_the_destination_stood(pool: PgPool) {
    let clock = clock();
    let told = Told::default();
    let (destination, serving) = told.listen().await;
    let metrics: Arc<Metrics> = open_with(&pool, &clock, forwarding(destination.clone())).await;
    write(&metrics, vec![sample("up", NOON, 1.0)]).await;
    metrics.forward().await.unwrap();
    metrics.close().await;
    // Written while nobody forwards.
    let other: Arc<Metrics> = open(&pool, &clock).await;
    write(&other, vec![sample("up", at(1), 2.0)]).await;
    other.close().await;
    let again: Arc<Metrics> = open_with(&pool, &clock, forwarding(destination)).await;
    write(&again, vec![sample("up", at(2), 3.0)]).await;
    again.forward().await.unwrap();
    let expected: [Time; 3] = [NOON, at(1), at(2)];
    assert_eq!(told.times("up"), expected.map(|at| at.0), "each once, none missing");
    again.close().await;
    serving.abort();
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn of_two_replicas_one_sends_what_both_took(pool: PgPool) {
    let clock = clock();
    let told = Told::default();
    let (destination, serving) = told.listen().await;
    let one: Arc<Metrics> = open_with(&pool, &clock, forwarding(destination.clone())).await;
    let two: Arc<Metrics> = open_with(&pool, &clock, forwarding(destination)).await;
    write(&one, vec![sample("up", NOON, 1.0), sample("one", NOON, 1.0)]).await;
    write(&two, vec![sample("up", at(1), 1.0), sample("two", NOON, 1.0)]).await;
    let (first, second) = tokio::join!(one.forward(), two.forward());
    first.unwrap();
    second.unwrap();
    assert_eq!((told.times("one"), told.times("two")), (vec![NOON.0], vec![NOON.0]));
    assert_eq!(told.times("up"), [NOON, at(1)].map(|at| at.0));
    one.close().await;
    two.close().await;
    serving.abort();
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn batches_stay_for_a_destination_that_is_gone_but_not_for_ever(pool: PgPool) {
    let clock = clock();
    let batches = "select count(*) from metric_batch";
    let alone: Arc<Metrics> = open(&pool, &clock).await;
    write(&alone, vec![sample("up", NOON, 1.0)]).await;
    clock.set(at(150));
    assert_eq!(alone.compact().await.unwrap().windows, 1);
    clock.set(at(240));
    alone.maintain().await.unwrap();
    assert_eq!(count(&pool, batches).await, 0, "without destinations nobody needs them");
    alone.close().await;

    let url: String = format!("http://127.0.0.1:{}/write", free_port());
    let gone = Destination { name: "gone".to_owned(), endpoint: Endpoint::at(&url) };
    let config = Config { forward_hold_ms: 6 * HOUR_MS, ..forwarding(gone) };
    let metrics: Arc<Metrics> = open_with(&pool, &clock, config).await;
    write(&metrics, vec![sample("up", at(240), 1.0)]).await;
    clock.set(at(390));
    assert_eq!(metrics.compact().await.unwrap().windows, 1);
    clock.set(at(480));
    metrics.forward().await.unwrap();
    metrics.maintain().await.unwrap();
    assert_eq!(count(&pool, batches).await, 1, "the destination does not have it");
    assert!(metrics.exposition().contains("forward_lag_seconds{destination=\"gone\"} 14400\n"));

    clock.set(at(720));
    metrics.forward().await.unwrap();
    assert!(metrics.exposition().contains("forward_beyond_hold{destination=\"gone\"} 1\n"));
    metrics.maintain().await.unwrap();
    assert_eq!(count(&pool, batches).await, 0, "the disk comes first");
    metrics.close().await;
}
