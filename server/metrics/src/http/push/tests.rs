//! Pushing by paths and texts, and on real Postgres.

use super::*;
use axum::body::{Body, to_bytes};
use serde_json::Value;
use sqlx::PgPool;
use tower::ServiceExt;

use crate::tests::{NOON, clock, grant, open, read as stored};

async fn push(metrics: &Arc<Metrics>, path: &str, content_type: &str, body: impl Into<Body>) -> (StatusCode, String) {
    let request = axum::http::Request::post(path).header("content-type", content_type).body(body.into()).unwrap();
    let router = crate::http::push_routes(Arc::clone(metrics)).layer(Extension(grant()));
    let response: Response = router.oneshot(request).await.unwrap();
    let status: StatusCode = response.status();
    let text = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let error: Value = serde_json::from_slice(&text).unwrap_or_default();
    (status, error["error"]["message"].as_str().unwrap_or("").to_owned())
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_pushed_text_is_stored_at_its_time_or_now(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    let earlier: i64 = NOON.0 - 5_000;
    let text: String = format!("# HELP night_rows Rows copied.\nnight_rows 5\nnight_rows{{at=\"own\"}} 6 {earlier}\n");
    assert_eq!(push(&metrics, "/api/v1/push/text", "text/plain", text).await, (StatusCode::NO_CONTENT, String::new()));
    let mut found: Vec<(i64, u64)> = stored(&metrics, "night_rows").await;
    found.sort_unstable();
    assert_eq!(found, [(earlier, 6.0_f64.to_bits()), (NOON.0, 5.0_f64.to_bits())]);
    assert_eq!(metrics.metadata().all(None, Some("night_rows"))[0].1[0].help, "Rows copied.");
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_pushgateways_path_labels_every_sample(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    let text = "night_rows{job=\"said\",shop=\"tokyo\"} 5\n";
    let (status, _) = push(&metrics, "/metrics/job/copy/instance/a%2Fb", "application/x-www-form-urlencoded", text).await;
    assert_eq!(status, StatusCode::OK);
    let scope = crate::listing::Scope { selectors: vec![crate::tests::named("night_rows").to_vec()], ..Default::default() };
    let series = metrics.series(scope).await.unwrap();
    let shown: Vec<String> = series.found.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["night_rows{instance=\"a/b\",job=\"copy\",shop=\"tokyo\"}"]);
    assert_eq!(push(&metrics, "/metrics/job/copy/odd", "text/plain", text).await.0, StatusCode::BAD_REQUEST);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_error_refuses_the_whole_text_and_names_its_place(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    let (status, message) = push(&metrics, "/api/v1/push/text", "text/plain", "good 1\nbad{ 2\n").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(message.starts_with("line 2, column 6: expected the name of a label"), "{message}");
    let unfinished = push(&metrics, "/api/v1/push/text", "application/openmetrics-text", "good 1\n").await;
    assert!(unfinished.1.contains("# EOF"), "{unfinished:?}");
    assert_eq!(push(&metrics, "/api/v1/push/text", "text/plain", vec![0xff_u8]).await.0, StatusCode::BAD_REQUEST);
    let protobuf = push(&metrics, "/api/v1/push/text", "application/vnd.google.protobuf", "x").await;
    assert_eq!(protobuf.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(stored(&metrics, "good").await.is_empty());
    let old: String = format!("good 1\nlate 2 {}\n", NOON.0 - 86_400_000);
    let (status, message) = push(&metrics, "/api/v1/push/text", "text/plain", old).await;
    assert_eq!((status, message.contains("too old")), (StatusCode::BAD_REQUEST, true));
    assert_eq!(stored(&metrics, "good").await.len(), 1);
    metrics.close().await;
}

#[test]
fn a_path_gives_labels() {
    let table = [
        ("/metrics/job/backup", "{job=\"backup\"}"),
        ("/metrics/job/a%2Fb/instance/x%20y", "{instance=\"x y\",job=\"a/b\"}"),
        ("/metrics/job@base64/L3Zhci90bXA=/path@base64/L3Zhcg", "{job=\"/var/tmp\",path=\"/var\"}"),
        ("/metrics/job/a/empty@base64/=", "{job=\"a\"}"),
    ];
    for (path, expected) in table {
        assert_eq!(grouping(path).map(|labels| labels.to_string()).as_deref(), Ok(expected), "{path}");
    }
    for path in [
        "/metrics/",
        "/metrics/job",
        "/metrics/job/",
        "/metrics/job/a/b",
        "/metrics/instance/a",
        "/metrics/job/a/job/b",
        "/metrics/job/a/b/1/b/2",
        "/metrics/job/a/__name__/b",
        "/metrics/job/a/1b/c",
        "/metrics/job/%zz",
        "/metrics/job/%ff",
        "/metrics/job@base64/!",
    ] {
        assert!(grouping(path).is_err(), "{path}");
    }
}

#[test]
fn a_path_has_an_end() {
    let path = |n: usize| -> String {
        let pairs: String = (1..n).map(|number| format!("/l{number}/v")).collect();
        format!("/metrics/job/a{pairs}")
    };
    assert_eq!(grouping(&path(MOST_PATH_LABELS)).map(|labels| labels.len()), Ok(MOST_PATH_LABELS));
    assert_eq!(grouping(&path(MOST_PATH_LABELS + 1)), Err("a path has at most 32 labels".to_owned()));
}

#[test]
fn curl_may_say_what_it_likes() {
    assert_eq!(format_of("application/x-www-form-urlencoded").unwrap(), Format::Text);
    assert_eq!(format_of("").unwrap(), Format::Text);
    assert_eq!(format_of("application/openmetrics-text; version=1.0.0").unwrap(), Format::OpenMetrics);
    let refused: Refused = format_of("application/vnd.google.protobuf; encoding=delimited").unwrap_err();
    assert_eq!(refused.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}
