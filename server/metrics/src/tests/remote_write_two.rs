//! Remote write 2.0 at the door.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use sqlx::PgPool;
use tower::ServiceExt;

use super::{HOUR_MS, NOON, clock, grant, open, read};
use crate::metadata::Kind;
use crate::remote_write::put_bytes;
use crate::wire::put_uvarint;
use crate::{Metrics, http};

const TWO: &str = "application/x-protobuf;proto=io.prometheus.write.v2.Request";

async fn post(metrics: &Arc<Metrics>, body: &[u8]) -> Response<Body> {
    let request = Request::post("/api/v1/write")
        .header("content-type", TWO)
        .header("content-encoding", "snappy")
        .header("x-prometheus-remote-write-version", "2.0.0")
        .body(Body::from(snap::raw::Encoder::new().compress_vec(body).unwrap()));
    let router = http::write_routes(Arc::clone(metrics)).layer(axum::Extension(grant()));
    router.oneshot(request.unwrap()).await.unwrap()
}

fn written(response: &Response<Body>) -> [&str; 3] {
    ["samples", "histograms", "exemplars"].map(|what| {
        let name: String = format!("x-prometheus-remote-write-{what}-written");
        response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("absent")
    })
}

fn sample(at: i64, value: f64) -> Vec<u8> {
    let mut bytes: Vec<u8> = vec![0x09];
    bytes.extend_from_slice(&value.to_bits().to_le_bytes());
    bytes.push(0x10);
    put_uvarint(&mut bytes, at as u64);
    bytes
}

/// One series `pushed{job="test"}`, which is a counter, with these samples and one exemplar; and one of a native histogram, if wanted.
fn request(samples: &[Vec<u8>], with_histogram: bool) -> Vec<u8> {
    let mut body: Vec<u8> = Vec::new();
    for symbol in ["", "__name__", "pushed", "job", "test", "What was pushed."] {
        put_bytes(&mut body, 4, symbol.as_bytes());
    }
    let mut series: Vec<u8> = Vec::new();
    put_bytes(&mut series, 1, &[1, 2, 3, 4]);
    for sample in samples {
        put_bytes(&mut series, 2, sample);
    }
    put_bytes(&mut series, 4, b"");
    put_bytes(&mut series, 5, &[0x08, 1, 0x18, 5]);
    put_bytes(&mut body, 5, &series);
    if with_histogram {
        put_bytes(&mut body, 5, b"\x0a\x02\x01\x02\x1a\x00");
    }
    body
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_good_request_is_stored_and_its_headers_say_so(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    let response: Response<Body> = post(&metrics, &request(&[sample(NOON.0, 1.0), sample(NOON.0 + 1, 2.0)], false)).await;
    assert_eq!((response.status(), written(&response)), (StatusCode::NO_CONTENT, ["2", "0", "0"]));
    assert_eq!(read(&metrics, "pushed").await, [(NOON.0, 1.0_f64.to_bits()), (NOON.0 + 1, 2.0_f64.to_bits())]);
    let known = metrics.metadata().all(None, Some("pushed"));
    assert_eq!((known[0].1[0].kind, known[0].1[0].help.as_str()), (Kind::Counter, "What was pushed."));
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_partly_bad_request_is_never_a_success(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    let response: Response<Body> = post(&metrics, &request(&[sample(NOON.0, 1.0)], true)).await;
    assert_eq!((response.status(), written(&response)), (StatusCode::BAD_REQUEST, ["1", "0", "0"]));
    let too_old: Vec<u8> = request(&[sample(NOON.0 - 5 * HOUR_MS, 1.0)], false);
    let response: Response<Body> = post(&metrics, &too_old).await;
    assert_eq!((response.status(), written(&response)), (StatusCode::BAD_REQUEST, ["0", "0", "0"]));
    let response: Response<Body> = post(&metrics, b"\x22\x01x").await;
    assert_eq!((response.status(), written(&response)), (StatusCode::BAD_REQUEST, ["0", "0", "0"]));
    assert_eq!(read(&metrics, "pushed").await.len(), 1);
    assert!(metrics.exposition().contains("refused_samples_total{reason=\"native_histogram\"} 1\n"));
    metrics.close().await;
}
