//! Prometheus' HTTP API.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use kernel::Grant;
use model::access::ReadMetrics;
use model::actor::Actor;
use serde_json::{Value, json};
use sqlx::PgPool;
use tower::ServiceExt;

use super::{NOON, clock, open, sample, write};
use crate::{Metrics, http};

async fn ask(metrics: &Arc<Metrics>, request: Request<Body>) -> (StatusCode, Value) {
    let grant: Grant<ReadMetrics> = kernel::authorize(&Actor::worker("test"), None).unwrap();
    let response = http::read_routes(Arc::clone(metrics)).layer(axum::Extension(grant)).oneshot(request).await.unwrap();
    let status: StatusCode = response.status();
    let text = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&text).unwrap())
}

async fn get(metrics: &Arc<Metrics>, path: &str) -> (StatusCode, Value) {
    ask(metrics, Request::get(path).body(Body::empty()).unwrap()).await
}

async fn filled(pool: &PgPool) -> Arc<Metrics> {
    let metrics: Arc<Metrics> = open(pool, &clock()).await;
    let samples = (0..5).map(|step| sample("up", NOON.plus_ms(step * 60_000), step as f64));
    write(&metrics, samples.collect()).await;
    metrics
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn expressions_are_answered_in_prometheus_json(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    let metric = json!({ "__name__": "up", "job": "test" });
    let (status, instant) = get(&metrics, "/api/v1/query?query=up").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        instant["data"],
        json!({ "resultType": "vector", "result": [{ "metric": metric, "value": [1_795_348_800, "0"] }] })
    );

    let form = "query=up&start=1795348800&end=1795348920&step=1m";
    let request = Request::post("/api/v1/query_range").header("content-type", "application/x-www-form-urlencoded");
    let (status, range) = ask(&metrics, request.body(Body::from(form)).unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    let values = json!([[1_795_348_800, "0"], [1_795_348_860, "1"], [1_795_348_920, "2"]]);
    assert_eq!(range["data"], json!({ "resultType": "matrix", "result": [{ "metric": metric, "values": values }] }));
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn series_and_labels_are_listed(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    let (_, series) = get(&metrics, "/api/v1/series?match[]=up&match[]=%7Bjob=%22test%22%7D").await;
    assert_eq!(series["data"], json!([{ "__name__": "up", "job": "test" }]));
    let (_, labels) = get(&metrics, "/api/v1/labels").await;
    assert_eq!(labels, json!({ "status": "success", "data": ["__name__", "job"] }));
    let (_, values) = get(&metrics, "/api/v1/label/job/values?match[]=up").await;
    assert_eq!(values["data"], json!(["test"]));
    let (_, none) = get(&metrics, "/api/v1/label/job/values?match[]=down").await;
    assert_eq!(none["data"], json!([]));
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn without_a_grant_nothing_is_answered(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    for path in ["/api/v1/query?query=up", "/api/v1/labels"] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = http::read_routes(Arc::clone(&metrics)).oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
    }
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_makes_no_sense_is_refused_in_prometheus_json(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    for path in [
        "/api/v1/query",
        "/api/v1/query?query=up%7B",
        "/api/v1/query?query=up&time=soon",
        "/api/v1/query?query=up%7Bjob=~%22(%22%7D",
        "/api/v1/query_range?query=up&start=2&end=1&step=1",
        "/api/v1/query_range?query=up&start=1&end=2&step=0",
        "/api/v1/series",
        "/api/v1/series?match[]=1",
    ] {
        let (status, error) = get(&metrics, path).await;
        assert_eq!(
            (status, &error["status"], &error["errorType"]),
            (StatusCode::BAD_REQUEST, &json!("error"), &json!("bad_data")),
            "{path}"
        );
    }
    metrics.close().await;
}
