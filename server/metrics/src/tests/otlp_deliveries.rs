//! OTLP and Datadog at their doors, down to what can be queried.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use flate2::Compression;
use flate2::read::GzEncoder;
use serde_json::{Value, json};
use sqlx::PgPool;
use std::io::Read;
use tower::ServiceExt;

use super::{MINUTE_MS, NOON, clock, grant, open, open_with, read};
use crate::quota::Sender;
use crate::{Config, Metrics, http};

async fn post(metrics: &Arc<Metrics>, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Response<Body> {
    let mut request = Request::post(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let routes = http::write_routes(Arc::clone(metrics)).merge(http::datadog_routes(Arc::clone(metrics)));
    routes.layer(axum::Extension(grant())).oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
}

async fn post_as(metrics: &Arc<Metrics>, sender: Sender, path: &str, body: Vec<u8>) -> Response<Body> {
    let request = Request::post(path).header(JSON.0, JSON.1).body(Body::from(body)).unwrap();
    let routes = http::write_routes(Arc::clone(metrics)).merge(http::datadog_routes(Arc::clone(metrics)));
    routes.layer(axum::Extension(grant())).layer(axum::Extension(sender)).oneshot(request).await.unwrap()
}

async fn text(response: Response<Body>) -> Value {
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

const JSON: (&str, &str) = ("content-type", "application/json");

/// A delta sum whose points are begin, end and value in minutes after noon.
fn sums(points: &[(i64, i64, i64)]) -> Vec<u8> {
    let nanos = |minutes: i64| ((NOON.0 + minutes * MINUTE_MS) * 1_000_000).to_string();
    let points: Vec<Value> = points
        .iter()
        .map(|(begin, end, value)| json!({ "startTimeUnixNano": nanos(*begin), "timeUnixNano": nanos(*end), "asInt": value.to_string() }))
        .collect();
    let sum = json!({ "aggregationTemporality": 1, "isMonotonic": true, "dataPoints": points });
    json!({ "resourceMetrics": [{ "scopeMetrics": [{ "metrics": [{ "name": "hits", "sum": sum }] }] }] }).to_string().into_bytes()
}

fn numbers(samples: &[(i64, u64)]) -> Vec<f64> {
    samples.iter().map(|(_, bits)| f64::from_bits(*bits)).collect()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn differences_become_a_counter_that_outlives_the_process(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    let response: Response<Body> = post(&metrics, "/v1/metrics", &[JSON], sums(&[(0, 1, 5), (1, 2, 7)])).await;
    assert_eq!((response.status(), response.headers()["content-type"].to_str().unwrap()), (StatusCode::OK, "application/json"));
    assert_eq!(text(response).await, json!({ "partialSuccess": {} }));
    metrics.close().await;
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    let response: Response<Body> = post(&metrics, "/api/v1/otlp/v1/metrics", &[JSON], sums(&[(2, 3, 1)])).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(numbers(&read(&metrics, "hits_total").await), [5.0, 12.0, 13.0]);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_left_out_is_told_in_a_success(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    // The second begins before the first ended, the third is too far ahead.
    let response: Response<Body> = post(&metrics, "/v1/metrics", &[JSON], sums(&[(0, 2, 5), (1, 3, 7), (2, 30, 1)])).await;
    assert_eq!(response.status(), StatusCode::OK);
    let answer: Value = text(response).await;
    assert_eq!(answer["partialSuccess"]["rejectedDataPoints"], "2");
    let message: &str = answer["partialSuccess"]["errorMessage"].as_str().unwrap();
    assert!(message.starts_with("2 of 3 data points were refused") && message.contains("too far in the future"), "{message}");
    assert_eq!(numbers(&read(&metrics, "hits_total").await), [5.0]);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn refusals_of_otlp_are_in_kind(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    let response: Response<Body> = post(&metrics, "/v1/metrics", &[JSON], b"{".to_vec()).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(text(response).await["code"], 3);
    let protobuf = ("content-type", "application/x-protobuf");
    let response: Response<Body> = post(&metrics, "/v1/metrics", &[protobuf], b"\xff".to_vec()).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(response.headers()["content-type"], "application/x-protobuf");
    assert!(to_bytes(response.into_body(), 1 << 20).await.unwrap().starts_with(b"\x08\x03\x12"));
    let response: Response<Body> = post(&metrics, "/v1/metrics", &[("content-type", "text/plain")], Vec::new()).await;
    assert_eq!(response.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let response: Response<Body> = post(&metrics, "/v1/metrics", &[JSON, ("content-encoding", "zstd")], Vec::new()).await;
    assert_eq!(response.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    // An empty request is a complete one.
    let response: Response<Body> = post(&metrics, "/v1/metrics", &[protobuf], Vec::new()).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(to_bytes(response.into_body(), 1 << 20).await.unwrap().is_empty());
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn missing_room_may_pass_and_a_bomb_may_not(pool: PgPool) {
    let config = Config { max_series: 0, ..Config::default() };
    let metrics: Arc<Metrics> = open_with(&pool, &clock(), config).await;
    let response: Response<Body> = post(&metrics, "/v1/metrics", &[JSON], sums(&[(0, 1, 5)])).await;
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(response.headers().contains_key("retry-after"));
    let mut bomb: Vec<u8> = Vec::new();
    let zeros: Vec<u8> = vec![b' '; 65 << 20];
    GzEncoder::new(zeros.as_slice(), Compression::fast()).read_to_end(&mut bomb).unwrap();
    let response: Response<Body> = post(&metrics, "/v1/metrics", &[JSON, ("content-encoding", "gzip")], bomb).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(text(response).await["code"], 8);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn every_door_takes_bodies_of_the_same_size(pool: PgPool) {
    let config = Config { max_body_bytes: 1_000, max_decompressed_bytes: 5_000, ..Config::default() };
    let metrics: Arc<Metrics> = open_with(&pool, &clock(), config).await;
    let gzip = ("content-encoding", "gzip");
    for path in ["/v1/metrics", "/api/v2/series"] {
        // Not JSON, but read to its end.
        assert_eq!(post(&metrics, path, &[JSON], vec![b' '; 5_000]).await.status(), StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(post(&metrics, path, &[JSON], vec![b' '; 5_001]).await.status(), StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert_eq!(post(&metrics, path, &[JSON, gzip], vec![b' '; 1_000]).await.status(), StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(
            post(&metrics, path, &[JSON, gzip], vec![b' '; 1_001]).await.status(),
            StatusCode::PAYLOAD_TOO_LARGE,
            "{path}"
        );
    }
    metrics.close().await;
}

fn datadog(at_s: i64, value: i64) -> Vec<u8> {
    let point = json!({ "timestamp": at_s, "value": value });
    let host = json!({ "type": "host", "name": "a1" });
    let series =
        json!({ "metric": "web.hits", "type": 1, "interval": 10, "tags": ["env:prod"], "resources": [host], "points": [point] });
    json!({ "series": [series] }).to_string().into_bytes()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn datadogs_counts_add_up_and_one_sent_twice_counts_once(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    let noon_s: i64 = NOON.0 / 1_000;
    for (at_s, value) in [(noon_s, 3), (noon_s, 3), (noon_s + 60, 4)] {
        let response: Response<Body> = post(&metrics, "/api/v2/series", &[JSON], datadog(at_s, value)).await;
        assert_eq!(response.status(), StatusCode::ACCEPTED);
        assert_eq!(text(response).await, json!({ "errors": [] }));
    }
    assert_eq!(numbers(&read(&metrics, "web_hits_total").await), [3.0, 7.0]);
    // Older than the newest: none of it can be taken.
    let response: Response<Body> = post(&metrics, "/api/v2/series", &[JSON], datadog(noon_s - 60, 1)).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(text(response).await["errors"].as_array().unwrap().len(), 1);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_sender_in_debt_is_told_when_to_come_again(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    let sender = Sender { id: uuid::Uuid::from_u128(1), max_series: Some(1), samples_per_second: Some(1) };
    let points: Vec<(i64, i64, i64)> = (-60..0).map(|minute| (minute, minute + 1, 1)).collect();
    assert_eq!(post_as(&metrics, sender, "/v1/metrics", sums(&points)).await.status(), StatusCode::OK);
    let refused: Response<Body> = post_as(&metrics, sender, "/v1/metrics", sums(&points)).await;
    assert_eq!((refused.status(), refused.headers()["retry-after"].to_str().unwrap()), (StatusCode::TOO_MANY_REQUESTS, "45"));
    clock.advance_ms(46_000);
    // A second series is one too many; the sender may come back when the first is forgotten.
    let refused: Response<Body> = post_as(&metrics, sender, "/api/v2/series", datadog(NOON.0 / 1_000, 1)).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(text(refused).await["errors"][0].as_str().unwrap().contains("too many active series of this sender"));
    metrics.close().await;
}
