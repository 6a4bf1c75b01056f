//! The strangers test: every route and every server function, asked by nobody. What is not refused and not on the short public list fails.

use crate::config::{self, Config};
use crate::routes;
use crate::wiring::{self, House};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use kernel::{Clock, Db, SystemClock};
use leptos::prelude::LeptosOptions;
use leptos::server_fn::axum::server_fn_paths;
use sqlx::PgPool;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// What strangers may ask. Everything else is refused without a session or a token.
const PUBLIC: &[&str] = &["/livez", "/readyz", "/startupz", "/set-up"];

/// Of an installation in which nothing was configured.
pub(crate) fn test_config() -> Config {
    // A key that is given, so that no test makes one in a directory.
    let key = |name: &str| (name == "MIMAMORI_SECRET_KEY").then(|| "5".repeat(64));
    let found = config::gather(None, &key).unwrap();
    config::check(&found, false).unwrap()
}

/// Every room over a test's database.
pub(crate) async fn rooms(pool: PgPool) -> House {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    wiring::build_at(test_config(), Db::from_pool(pool), clock, CancellationToken::new()).await.unwrap()
}

async fn house(pool: PgPool) -> Router {
    let leptos = LeptosOptions::builder().output_name("mimamori").build();
    routes::router(rooms(pool).await, leptos)
}

async fn ask(router: &Router, method: Method, path: &str, html: bool) -> StatusCode {
    let accept = if html { "text/html" } else { "application/json" };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("accept", accept)
        .header("origin", "http://127.0.0.1:3000")
        .body(Body::empty())
        .unwrap();
    router.clone().oneshot(request).await.unwrap().status()
}

fn is_refusal(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::SEE_OTHER)
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nobody_reads_a_screen(pool: PgPool) {
    let rooms = rooms(pool).await;
    let router = routes::router(rooms, LeptosOptions::builder().output_name("mimamori").build());
    for (path, _) in app::SCREENS {
        let path = path.replace("{id}", "1").replace(['{', '}'], "");
        assert!(is_refusal(ask(&router, Method::GET, &path, true).await), "{path} answers a stranger");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nobody_calls_a_server_function(pool: PgPool) {
    let router = house(pool).await;
    let calls: Vec<_> = server_fn_paths().collect();
    assert!(calls.len() >= 20, "only {} server functions are registered", calls.len());
    for (path, method) in calls {
        let status = ask(&router, method.clone(), path, false).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path} answers a stranger");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nobody_pushes_or_reads_metrics_or_watches_the_stream(pool: PgPool) {
    let router = house(pool).await;
    for (method, path) in [
        (Method::POST, "/api/v1/write"),
        (Method::GET, "/api/v1/query?query=up"),
        (Method::POST, "/api/v1/query"),
        (Method::GET, "/api/v1/query_range"),
        (Method::GET, "/api/v1/series"),
        (Method::GET, "/api/v1/labels"),
        (Method::GET, "/api/v1/label/host/values"),
        (Method::POST, "/api/v1/otlp/v1/metrics"),
        (Method::POST, "/v1/metrics"),
        (Method::POST, "/api/v2/series"),
        (Method::POST, "/api/v1/push/text"),
        (Method::PUT, "/metrics/job/night"),
        (Method::GET, "/prometheus/api/v1/query?query=up"),
        (Method::GET, "/prometheus/api/v1/rules"),
        (Method::GET, "/prometheus/api/v1/targets"),
        (Method::GET, "/prometheus/api/v1/status/buildinfo"),
        (Method::POST, "/prometheus/api/v1/read"),
        (Method::GET, "/prometheus/federate"),
        (Method::GET, "/api/pager/health"),
        (Method::GET, "/live"),
        (Method::GET, "/postmortems/I-1/export"),
        (Method::GET, "/postmortems/I-1/print"),
        (Method::GET, "/collab/0191d3a5-7c00-7000-8000-000000000001"),
        (Method::GET, "/metrics"),
        (Method::POST, "/documents/deploy/edit"),
        (Method::POST, "/documents/deploy/preview"),
        (Method::POST, "/documents/deploy/files"),
        (Method::GET, "/documents/files/0191d3a5-7c00-7000-8000-000000000001"),
        (Method::POST, "/documents/import"),
        (Method::GET, "/documents/export?space=technical"),
        (Method::GET, "/r/HighCPU"),
        (Method::POST, "/api/v1/documents/changes"),
        (Method::POST, "/dashboards/import"),
        (Method::GET, "/d/host/export"),
        (Method::GET, "/d/host/panel.csv?panel=cpu"),
        (Method::GET, "/d/host/panel.svg?panel=cpu"),
        (Method::GET, "/d/host/panel.png?panel=cpu"),
        (Method::GET, "/api/v1/dashboards"),
        (Method::PUT, "/api/v1/dashboards"),
        (Method::GET, "/api/v1/dashboards/host"),
        (Method::PUT, "/api/v1/dashboards/host"),
        (Method::POST, "/expressions/look"),
        (Method::POST, "/sign-out"),
    ] {
        let status = ask(&router, method.clone(), path, false).await;
        assert!(is_refusal(status), "{method} {path} answers a stranger with {status}");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nobody_reads_what_was_shared_without_its_link(pool: PgPool) {
    let router = house(pool).await;
    for token in ["0", "00ff", "zz", "0".repeat(96).as_str(), "f".repeat(300).as_str()] {
        let path = format!("/shared/{token}");
        assert_eq!(ask(&router, Method::GET, &path, true).await, StatusCode::NOT_FOUND, "{path}");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nobody_answers_in_the_name_of_a_provider(pool: PgPool) {
    let router = house(pool).await;
    for path in ["/hooks/slack", "/hooks/pagerduty/pager", "/hooks/pagerduty/a%2Fb"] {
        let status = ask(&router, Method::POST, path, false).await;
        assert!(is_refusal(status), "{path} answers a stranger with {status}");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nobody_raises_an_alert(pool: PgPool) {
    let router = house(pool).await;
    let unknown = format!("/hooks/in/json/{}", "a".repeat(32));
    for path in ["/hooks/in/alertmanager", "/hooks/in/grafana", "/hooks/in/datadog", "/hooks/in/json", unknown.as_str()] {
        let status = ask(&router, Method::POST, path, false).await;
        assert!(is_refusal(status), "{path} answers a stranger with {status}");
    }
    let unknown = format!("/hooks/heartbeat/{}", "a".repeat(32));
    for (method, path) in [(Method::POST, "/hooks/heartbeat"), (Method::GET, "/hooks/heartbeat"), (Method::GET, unknown.as_str())]
    {
        let status = ask(&router, method, path, false).await;
        assert!(is_refusal(status), "{path} answers a stranger with {status}");
    }
    for path in ["/v2/enqueue", "/v2/change/enqueue"] {
        // As PagerDuty answers whoever has no routing key.
        assert_eq!(ask(&router, Method::POST, path, false).await, StatusCode::BAD_REQUEST, "{path}");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn at_metrics_a_browser_is_sent_to_sign_in_and_a_program_is_told_that_it_needs_a_token(pool: PgPool) {
    let router = house(pool).await;
    assert_eq!(ask(&router, Method::GET, "/metrics", true).await, StatusCode::SEE_OTHER);
    assert_eq!(ask(&router, Method::GET, "/metrics", false).await, StatusCode::UNAUTHORIZED);
    assert_eq!(ask(&router, Method::HEAD, "/metrics", false).await, StatusCode::UNAUTHORIZED);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_public_is_exactly_the_short_list(pool: PgPool) {
    let router = house(pool).await;
    for path in PUBLIC {
        assert_eq!(ask(&router, Method::GET, path, true).await, StatusCode::OK, "{path}");
    }
    assert!(is_refusal(ask(&router, Method::GET, "/no-such-screen", true).await));
    assert_eq!(ask(&router, Method::GET, "/no-such-thing", false).await, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_request_from_elsewhere_changes_nothing(pool: PgPool) {
    let router = house(pool).await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("x-nothing", "")] {
        let request = Request::builder().method(Method::POST).uri("/sign-in").header(name, value).body(Body::empty()).unwrap();
        assert_eq!(router.clone().oneshot(request).await.unwrap().status(), StatusCode::FORBIDDEN, "{name}: {value}");
    }
}

async fn json(answer: axum::response::Response) -> serde_json::Value {
    let body = axum::body::to_bytes(answer.into_body(), 10_000).await.unwrap();
    serde_json::from_slice(&body).unwrap()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_program_without_a_token_is_told_so_in_json(pool: PgPool) {
    let router = house(pool).await;
    for (method, path, status, code) in [
        (Method::POST, "/api/v1/write", StatusCode::UNAUTHORIZED, "unauthorized"),
        (Method::POST, "/api/v1/query", StatusCode::UNAUTHORIZED, "unauthorized"),
        (Method::POST, "/api/v1/documents/changes", StatusCode::UNAUTHORIZED, "unauthorized"),
        (Method::GET, "/api/v1/documents/changes", StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
        (Method::PUT, "/api/v1/dashboards/host", StatusCode::UNAUTHORIZED, "unauthorized"),
        (Method::DELETE, "/api/v1/dashboards/host", StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
        (Method::POST, "/api/v1/nothing", StatusCode::NOT_FOUND, "not_found"),
        (Method::GET, "/api", StatusCode::NOT_FOUND, "not_found"),
        (Method::DELETE, "/api/v1/write", StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
    ] {
        let request = Request::builder().method(method).uri(path).header("cookie", "mimamori=x").body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(json(answer).await["error"]["code"], code, "{path}");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn without_the_database_probes_files_and_trouble_are_still_answered(pool: PgPool) {
    let router = house(pool.clone()).await;
    pool.close().await;
    let session = format!("mimamori={}", "A".repeat(43));
    for (method, path, accept, status) in [
        (Method::GET, "/livez", "*/*", StatusCode::OK),
        (Method::GET, "/pkg/nothing.css", "text/css", StatusCode::NOT_FOUND),
        (Method::GET, "/readyz", "*/*", StatusCode::SERVICE_UNAVAILABLE),
        (Method::GET, "/alerts", "text/html", StatusCode::SERVICE_UNAVAILABLE),
        (Method::POST, "/call/alert_acknowledge", "text/html", StatusCode::SERVICE_UNAVAILABLE),
    ] {
        let request = Request::builder().method(method).uri(path).header("accept", accept).header("cookie", &session);
        let request = request.header("origin", "http://127.0.0.1:3000").body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        if accept == "text/html" {
            assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"), "{path}");
        }
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whoever_comes_with_a_session_that_is_over_is_told_so_and_brought_back(pool: PgPool) {
    let rooms = rooms(pool).await;
    let code = rooms.identity.set_up_code().await.unwrap().unwrap();
    let router = routes::router(rooms.clone(), LeptosOptions::builder().output_name("mimamori").build());
    let form = format!("code={code}&organisation=Shop&name=Hana&email=hana%40example.com&password=correct+horse+battery");
    let origin = "http://127.0.0.1:3000";
    let request = Request::builder().method(Method::POST).uri("/set-up").header("origin", origin);
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(Body::from(form)).unwrap();
    assert_eq!(router.clone().oneshot(request).await.unwrap().status(), StatusCode::SEE_OTHER);
    let session = format!("mimamori={}", "A".repeat(43));
    for (method, path) in [(Method::GET, "/people"), (Method::POST, "/call/alert_acknowledge")] {
        let request = Request::builder().method(method).uri(path).header("origin", origin).header("cookie", &session);
        let request = request.header("referer", format!("{origin}/people")).header("accept", "text/html");
        let answer = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(answer.headers()["location"], "/sign-in?why=expired&next=%2Fpeople", "{path}");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn every_answer_carries_the_headers_of_the_house(pool: PgPool) {
    let router = house(pool).await;
    for path in ["/livez", "/set-up", "/no-such-thing", "/alerts"] {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        for name in ["content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options"] {
            assert!(answer.headers().contains_key(name), "{path} has no {name}");
        }
    }
}
