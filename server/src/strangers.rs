//! The strangers test: every route and every server function, asked by nobody. What is not refused and not on the short public list fails.

use crate::config::{self, Config};
use crate::routes;
use crate::wiring::{self, House};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use kernel::Db;
use leptos::prelude::LeptosOptions;
use leptos::server_fn::axum::server_fn_paths;
use sqlx::PgPool;
use tower::ServiceExt;

/// What strangers may ask. Everything else is refused without a session or a token.
const PUBLIC: &[&str] = &["/livez", "/readyz", "/startupz", "/set-up"];

fn test_config() -> Config {
    let found = config::gather(None, &|_| None).unwrap();
    config::check(&found, false).unwrap()
}

async fn rooms(pool: PgPool) -> House {
    wiring::build(test_config(), Db::from_pool(pool)).await.unwrap()
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
    let screens = routes::screens(&rooms);
    let router = routes::router(rooms, LeptosOptions::builder().output_name("mimamori").build());
    assert!(screens.len() >= 8, "the route table lost screens");
    for screen in screens {
        let path = screen.path().replace("{id}", "1").replace("{host}", "a");
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
        (Method::GET, "/live"),
        (Method::GET, "/metrics"),
        (Method::POST, "/sign-out"),
    ] {
        let status = ask(&router, method.clone(), path, false).await;
        assert!(is_refusal(status), "{method} {path} answers a stranger with {status}");
    }
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
