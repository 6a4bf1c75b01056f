//! Remote write at the door.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Request, Response, StatusCode};
use serde_json::Value;
use sqlx::PgPool;
use tower::ServiceExt;

use super::{HOUR_MS, NOON, clock, grant, open, open_with, read, sample};
use crate::allowance::Allowance;
use crate::ingest::{Incoming, Version};
use crate::quota::Sender;
use crate::remote_write::encode;
use crate::{Config, Error, Metrics, Sample, http};

async fn post(metrics: &Arc<Metrics>, headers: &[(&str, &str)], body: Vec<u8>) -> Response<Body> {
    let mut request = Request::post("/api/v1/write");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let router = http::write_routes(Arc::clone(metrics)).layer(axum::Extension(grant()));
    router.oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
}

const PROTOBUF: (&str, &str) = ("content-type", "application/x-protobuf");
const SNAPPY: (&str, &str) = ("content-encoding", "snappy");
const VERSION: (&str, &str) = ("x-prometheus-remote-write-version", "0.1.0");
const GOOD: [(&str, &str); 3] = [PROTOBUF, SNAPPY, VERSION];

async fn refused(metrics: &Arc<Metrics>, headers: &[(&str, &str)], body: Vec<u8>) -> (StatusCode, String) {
    let response: Response<Body> = post(metrics, headers, body).await;
    let status: StatusCode = response.status();
    let text = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let error: Value = serde_json::from_slice(&text).unwrap();
    assert!(error["error"]["message"].as_str().is_some_and(|message| !message.is_empty()));
    (status, error["error"]["code"].as_str().unwrap_or("").to_owned())
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_good_request_is_stored_before_it_is_answered(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    let body: Vec<u8> = encode(&[sample("pushed", NOON, 1.0), sample("pushed", NOON.plus_ms(1), 2.0)]).unwrap();
    let response: Response<Body> = post(&metrics, &GOOD, body).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(response.headers()["x-prometheus-remote-write-samples-written"], "2");
    assert_eq!(read(&metrics, "pushed").await.len(), 2);
    assert!(metrics.exposition().contains("mimamori_metrics_samples_total 2\n"));
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_can_not_be_read_is_refused_and_counted(pool: PgPool) {
    let config = Config { max_body_bytes: 1_000, max_decompressed_bytes: 2_000, ..Config::default() };
    let metrics: Arc<Metrics> = open_with(&pool, &clock(), config).await;
    let good: Vec<u8> = encode(&[sample("pushed", NOON, 1.0)]).unwrap();
    let unsupported = (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported".to_owned());
    let version_two = ("content-type", "application/x-protobuf;proto=io.prometheus.write.v3.Request");
    assert_eq!(refused(&metrics, &[version_two, SNAPPY], good.clone()).await, unsupported);
    assert_eq!(refused(&metrics, &[SNAPPY], good.clone()).await, unsupported);
    assert_eq!(refused(&metrics, &[PROTOBUF], good.clone()).await, unsupported);
    assert_eq!(
        refused(&metrics, &[PROTOBUF, SNAPPY, ("x-prometheus-remote-write-version", "2.0.0")], good.clone()).await,
        unsupported
    );

    let malformed = (StatusCode::BAD_REQUEST, "malformed".to_owned());
    assert_eq!(refused(&metrics, &GOOD, b"not snappy at all".to_vec()).await, malformed);
    let nonsense: Vec<u8> = snap::raw::Encoder::new().compress_vec(b"\x0a\xff\xff").unwrap();
    assert_eq!(refused(&metrics, &GOOD, nonsense).await, malformed);
    assert_eq!(refused(&metrics, &GOOD, good[..good.len() - 1].to_vec()).await, malformed);

    let too_large = (StatusCode::PAYLOAD_TOO_LARGE, "too_large".to_owned());
    assert_eq!(refused(&metrics, &GOOD, vec![0; 1_001]).await, too_large);
    let bomb: Vec<u8> = snap::raw::Encoder::new().compress_vec(&[0; 5_000]).unwrap();
    assert!(bomb.len() < 1_000);
    assert_eq!(refused(&metrics, &GOOD, bomb).await, too_large);

    assert!(read(&metrics, "pushed").await.is_empty());
    assert!(metrics.exposition().contains("refused_requests_total{code=\"unsupported\"} 4\n"));
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn without_a_grant_nothing_is_stored(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    let mut request = Request::post("/api/v1/write");
    for (name, value) in GOOD {
        request = request.header(name, value);
    }
    let body: Vec<u8> = encode(&[sample("pushed", NOON, 1.0)]).unwrap();
    let request = request.body(Body::from(body)).unwrap();
    let response: Response<Body> = http::write_routes(Arc::clone(&metrics)).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(read(&metrics, "pushed").await.is_empty());
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_good_part_of_a_partly_bad_request_is_stored(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    let body: Vec<u8> = encode(&[sample("partly", NOON, 1.0), sample("partly", NOON.plus_ms(-5 * HOUR_MS), 2.0)]).unwrap();
    let response: Response<Body> = post(&metrics, &GOOD, body).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(response.headers()["x-prometheus-remote-write-samples-written"], "1");
    let text = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let error: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(
        error["error"]["message"],
        "1 of 2 samples were refused, the others are stored: too old (1, such as partly{job=\"test\"})"
    );
    assert_eq!(read(&metrics, "partly").await.len(), 1);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_body_takes_of_the_memory_that_all_requests_share(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    let body: Vec<u8> = encode(&[sample("pushed", NOON, 1.0)]).unwrap();
    let mut others: Vec<Allowance> = vec![metrics.ingest.memory.allowance(), metrics.ingest.memory.allowance()];
    others.iter_mut().for_each(|other| other.spend(256 << 20).unwrap());
    let response: Response<Body> = post(&metrics, &GOOD, body.clone()).await;
    assert_eq!((response.status(), &response.headers()["retry-after"]), (StatusCode::SERVICE_UNAVAILABLE, &HeaderValue::from(5)));
    assert!(read(&metrics, "pushed").await.is_empty());
    // Room for the body as it comes, and none for what it becomes.
    others.pop();
    others[0] = metrics.ingest.memory.allowance();
    let mut rest: Allowance = metrics.ingest.memory.allowance();
    others[0].spend(256 << 20).unwrap();
    rest.spend((256 << 20) - (64 << 10)).unwrap();
    let response: Response<Body> = post(&metrics, &GOOD, encode(&many()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    drop((others, rest));
    assert_eq!(post(&metrics, &GOOD, body).await.status(), StatusCode::NO_CONTENT);
    // All of it was given back.
    let mut all: Vec<Allowance> = vec![metrics.ingest.memory.allowance(), metrics.ingest.memory.allowance()];
    assert!(all.iter_mut().all(|one| one.spend(256 << 20).is_ok()));
    metrics.close().await;
}

/// A request that is small as it comes and larger than a unit of memory when it is expanded.
fn many() -> Vec<Sample> {
    (0..10_000).map(|_| sample("pushed", NOON, 1.0)).collect()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn of_two_requests_at_once_one_goes_into_debt(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    let sender = Sender { id: uuid::Uuid::from_u128(1), max_series: None, samples_per_second: Some(1) };
    let send = |metric: &'static str| {
        let samples: Vec<Sample> = (0..30).map(|ms| sample(metric, NOON.plus_ms(ms), 1.0)).collect();
        let incoming =
            Incoming { version: Version::One, bytes: encode(&samples).unwrap(), allowance: metrics.ingest.memory.allowance() };
        let metrics: Arc<Metrics> = Arc::clone(&metrics);
        async move { metrics.take_body(&grant(), incoming, Some(sender)).await }
    };
    // Both are past the first look at the door.
    let (one, two) = (send("one"), send("two"));
    assert_eq!(one.await.unwrap().accepted, 30);
    assert!(matches!(two.await, Err(Error::TooFast { wait_s: 15 })));
    assert_eq!((read(&metrics, "one").await.len(), read(&metrics, "two").await.len()), (30, 0));
    metrics.close().await;
}
