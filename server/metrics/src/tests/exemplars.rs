//! Exemplars, from the wire to `query_exemplars`.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use kernel::{Grant, TestClock};
use model::access::ReadMetrics;
use model::actor::Actor;
use serde_json::{Value, json};
use sqlx::PgPool;
use tower::ServiceExt;

use super::{HOUR_MS, MINUTE_MS, NOON, clock, count, grant, open, read, sample, write};
use crate::needs::{NoRules, RuleGroup, Rules};
use crate::remote_write::put_bytes;
use crate::wire::put_uvarint;
use crate::{Metrics, http};

const ONE: &str = "application/x-protobuf";
const TWO: &str = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
const ROWS: &str = "select count(*) from metric_exemplar";

/// No rules.
struct Nothing;

#[async_trait::async_trait]
impl Rules for Nothing {
    async fn groups(&self) -> Result<Vec<RuleGroup>, NoRules> {
        Err(NoRules)
    }
}

fn label(name: &str, value: &str) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::new();
    put_bytes(&mut bytes, 1, name.as_bytes());
    put_bytes(&mut bytes, 2, value.as_bytes());
    bytes
}

/// `{ double value; int64 timestamp }` with these numbers of fields.
fn measured(value_field: u64, value: f64, at: i64) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::new();
    put_uvarint(&mut bytes, (value_field << 3) | 1);
    bytes.extend_from_slice(&value.to_bits().to_le_bytes());
    put_uvarint(&mut bytes, (value_field + 1) << 3);
    put_uvarint(&mut bytes, at as u64);
    bytes
}

fn exemplar(trace: &str, value: f64, at: i64) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::new();
    put_bytes(&mut bytes, 1, &label("trace_id", trace));
    bytes.extend(measured(2, value, at));
    bytes
}

/// A request of one series with these exemplars; with a sample at noon, or without.
fn request(metric: &str, with_sample: bool, exemplars: &[Vec<u8>]) -> Vec<u8> {
    let mut series: Vec<u8> = Vec::new();
    put_bytes(&mut series, 1, &label("__name__", metric));
    put_bytes(&mut series, 1, &label("job", "test"));
    if with_sample {
        put_bytes(&mut series, 2, &measured(1, 1.0, NOON.0));
    }
    for one in exemplars {
        put_bytes(&mut series, 3, one);
    }
    let mut body: Vec<u8> = Vec::new();
    put_bytes(&mut body, 1, &series);
    body
}

async fn post(metrics: &Arc<Metrics>, content_type: &str, body: &[u8]) -> Response<Body> {
    let request = Request::post("/api/v1/write")
        .header("content-type", content_type)
        .header("content-encoding", "snappy")
        .body(Body::from(snap::raw::Encoder::new().compress_vec(body).unwrap()));
    let router = http::write_routes(Arc::clone(metrics)).layer(axum::Extension(grant()));
    router.oneshot(request.unwrap()).await.unwrap()
}

fn n_written(response: &Response<Body>) -> &str {
    response.headers()["x-prometheus-remote-write-exemplars-written"].to_str().unwrap()
}

async fn asked(metrics: &Arc<Metrics>, request: Request<Body>) -> (StatusCode, Value) {
    let grant: Grant<ReadMetrics> = kernel::authorize(&Actor::worker("test"), None).unwrap();
    let api = http::Api { metrics: Arc::clone(metrics), rules: Arc::new(Nothing), scraper: None, started: NOON };
    let router: Router = http::prometheus_routes(api).layer(axum::Extension(grant));
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    (parts.status, serde_json::from_slice(&to_bytes(body, 1 << 20).await.unwrap()).unwrap())
}

async fn found(metrics: &Arc<Metrics>, query: &str) -> Value {
    let path: String = format!("/api/v1/query_exemplars?query={query}");
    let (status, mut answer) = asked(metrics, Request::get(path).body(Body::empty()).unwrap()).await;
    assert_eq!((status, &answer["status"]), (StatusCode::OK, &json!("success")), "{answer}");
    answer["data"].take()
}

/// An exemplar as the answer has it, so long after noon.
fn told(trace: &str, value: &str, after_ms: i64) -> Value {
    let at: i64 = NOON.0 + after_ms;
    let timestamp: Value = if at % 1_000 == 0 { json!(at / 1_000) } else { json!(at as f64 / 1_000.0) };
    json!({ "labels": { "trace_id": trace }, "value": value, "timestamp": timestamp })
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_a_sender_of_version_one_marks_is_told_for_every_selector_of_a_query(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    let exemplars = [exemplar("aa", 0.5, NOON.0 - 40_500), exemplar("bb", 1.5, NOON.0)];
    let response: Response<Body> = post(&metrics, ONE, &request("seen", true, &exemplars)).await;
    assert_eq!((response.status(), n_written(&response)), (StatusCode::NO_CONTENT, "2"));
    write(&metrics, vec![sample("other", NOON, 1.0)]).await;
    let seen = json!([{
        "seriesLabels": { "__name__": "seen", "job": "test" },
        "exemplars": [told("aa", "0.5", -40_500), told("bb", "1.5", 0)],
    }]);
    assert_eq!(found(&metrics, "histogram_quantile(0.9,rate(seen[5m]))%2Fother").await, seen);
    assert_eq!(found(&metrics, "other").await, json!([]));
    assert_eq!(found(&metrics, "seen&start=1795348760&end=1795348900").await[0]["exemplars"], json!([told("bb", "1.5", 0)]));
    let form = Request::post("/api/v1/query_exemplars")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("query=seen&end=1795348799"))
        .unwrap();
    let (_, answer) = asked(&metrics, form).await;
    assert_eq!(answer["data"][0]["exemplars"], json!([told("aa", "0.5", -40_500)]));
    for bad in ["", "seen[", "seen&start=2&end=1", "seen&start=soon"] {
        let path: String = format!("/api/v1/query_exemplars?query={bad}");
        let (status, answer) = asked(&metrics, Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!((status, &answer["errorType"]), (StatusCode::BAD_REQUEST, &json!("bad_data")), "{bad}");
    }
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_out_of_order_or_of_no_series_is_left_and_the_samples_are_not(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    let mixed = [
        exemplar("new", 1.0, NOON.0),
        exemplar("old", 1.0, NOON.0 - 60_000),
        exemplar(&"x".repeat(200), 1.0, NOON.0 + 1),
        exemplar("late", 1.0, NOON.0 - 5 * HOUR_MS),
    ];
    let response: Response<Body> = post(&metrics, ONE, &request("seen", true, &mixed)).await;
    assert_eq!((response.status(), n_written(&response)), (StatusCode::NO_CONTENT, "1"));
    assert_eq!(read(&metrics, "seen").await.len(), 1);
    let again: Response<Body> = post(&metrics, ONE, &request("seen", true, &mixed[..1])).await;
    assert_eq!((again.status(), n_written(&again)), (StatusCode::NO_CONTENT, "1"), "the same again is no harm");
    let nobodys: Response<Body> = post(&metrics, ONE, &request("unseen", false, &mixed[..1])).await;
    assert_eq!((nobodys.status(), n_written(&nobodys)), (StatusCode::NO_CONTENT, "0"));
    let alone: Response<Body> = post(&metrics, ONE, &request("seen", false, &[exemplar("alone", 2.0, NOON.0 + 20_000)])).await;
    assert_eq!((alone.status(), n_written(&alone)), (StatusCode::NO_CONTENT, "1"), "its sample came before");
    let kept: Value = found(&metrics, "%7Bjob%3D%22test%22%7D").await;
    assert_eq!(kept[0]["exemplars"], json!([told("new", "1", 0), told("alone", "2", 20_000)]));
    assert_eq!((kept.as_array().map(Vec::len), count(&pool, ROWS).await), (Some(1), 2));
    assert!(metrics.exposition().contains("refused_exemplars_total 4\n"));
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_sender_of_version_two_may_send_exemplars_alone(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    write(&metrics, vec![sample("seen", NOON, 1.0)]).await;
    let mut body: Vec<u8> = Vec::new();
    for symbol in ["", "__name__", "seen", "job", "test", "trace_id", "cc"] {
        put_bytes(&mut body, 4, symbol.as_bytes());
    }
    let mut one: Vec<u8> = Vec::new();
    put_bytes(&mut one, 1, &[5, 6]);
    one.extend(measured(2, 2.5, NOON.0));
    let mut series: Vec<u8> = Vec::new();
    put_bytes(&mut series, 1, &[1, 2, 3, 4]);
    put_bytes(&mut series, 4, &one);
    put_bytes(&mut body, 5, &series);
    let response: Response<Body> = post(&metrics, TWO, &body).await;
    assert_eq!((response.status(), n_written(&response)), (StatusCode::NO_CONTENT, "1"));
    assert_eq!(found(&metrics, "seen").await[0]["exemplars"], json!([told("cc", "2.5", 0)]));
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_a_text_marks_is_kept_and_another_replica_tells_it(pool: PgPool) {
    let clock: Arc<TestClock> = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    let text = "# TYPE h histogram\nh_bucket{le=\"1.0\"} 3 # {trace_id=\"dd\"} 0.7\nh_bucket{le=\"+Inf\"} 3\nh_count 3\nh_sum 2.1\n# EOF\n";
    let pushed = Request::post("/api/v1/push/text").header("content-type", "application/openmetrics-text").body(Body::from(text));
    let router: Router = http::push_routes(Arc::clone(&metrics)).layer(axum::Extension(grant()));
    assert_eq!(router.oneshot(pushed.unwrap()).await.unwrap().status(), StatusCode::NO_CONTENT);
    let expected = json!([{
        "seriesLabels": { "__name__": "h_bucket", "le": "1.0" }, "exemplars": [told("dd", "0.7", 0)],
    }]);
    assert_eq!(found(&metrics, "h_bucket").await, expected);
    let other: Arc<Metrics> = open(&pool, &clock).await;
    assert_eq!(found(&other, "h_bucket").await, expected);
    other.close().await;
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn exemplars_are_few_and_go_after_two_hours(pool: PgPool) {
    let clock: Arc<TestClock> = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    let many: Vec<Vec<u8>> = (0..60_i64).map(|second| exemplar(&format!("t{second}"), 1.0, NOON.0 + second * 1_000)).collect();
    let response: Response<Body> = post(&metrics, ONE, &request("seen", true, &many)).await;
    assert_eq!(n_written(&response), "60");
    let kept: Value = found(&metrics, "seen").await;
    let traces: Vec<&str> =
        kept[0]["exemplars"].as_array().unwrap().iter().map(|one| one["labels"]["trace_id"].as_str().unwrap()).collect();
    assert_eq!(traces, ["t14", "t29", "t44", "t59"], "the newest of every fifteen seconds");
    clock.advance_ms(2 * HOUR_MS + 2 * MINUTE_MS);
    assert_eq!((found(&metrics, "seen").await, count(&pool, ROWS).await), (json!([]), 4));
    metrics.maintain().await.unwrap();
    assert_eq!(count(&pool, ROWS).await, 0);
    metrics.close().await;
}
