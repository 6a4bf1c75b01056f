//! What a program puts is what it gets, once; what it may not or what is wrong is told in JSON.

use super::routes;
use crate::context::Visitor;
use crate::strangers::rooms;
use api::Viewer;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::{Extension, Router};
use model::actor::Who;
use model::ids::TokenId;
use model::{Actor, Role, Time};
use serde_json::{Value, json};
use sqlx::PgPool;
use std::sync::Arc;
use tower::ServiceExt;

const WEB: &str = "dashboards:\n- slug: web\n  title: Web\n  rows:\n  - panels:\n    - id: up\n      title: Up\n      kind: line\n      queries:\n      - up\n";
const PATH: &str = "/api/v1/dashboards";
const ONE: &str = "/api/v1/dashboards/web";

/// The door for a token with these scopes.
async fn door(pool: PgPool, scopes: &[&str]) -> Router {
    let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let who = Who::Token { id: TokenId(kernel::ids::new_uuid()), name: "pipeline".to_owned(), scopes };
    let actor = Actor { who, role: Role::Admin, team_roles: Vec::new() };
    let visitor = Visitor { actor: Some(actor), ..Visitor::nobody(Viewer::stranger(Time(0))) };
    routes(&rooms(pool).await).layer(Extension(Arc::new(visitor)))
}

/// Status, ETag and body.
async fn asked(router: &Router, request: Request<Body>) -> (StatusCode, String, String) {
    let answer = router.clone().oneshot(request).await.unwrap();
    let (status, tag) = (answer.status(), answer.headers().get(header::ETAG).map(|tag| tag.to_str().unwrap().to_owned()));
    let body = to_bytes(answer.into_body(), 4_000_000).await.unwrap();
    (status, tag.unwrap_or_default(), String::from_utf8(body.to_vec()).unwrap())
}

async fn got(router: &Router, path: &str) -> (StatusCode, String, String) {
    asked(router, Request::get(path).body(Body::empty()).unwrap()).await
}

async fn put(router: &Router, path: &str, text: &str, matching: Option<&str>) -> (StatusCode, String, Value) {
    let mut request = Request::put(path);
    if let Some(matching) = matching {
        request = request.header(header::IF_MATCH, matching);
    }
    let (status, tag, body) = asked(router, request.body(Body::from(text.to_owned())).unwrap()).await;
    (status, tag, serde_json::from_str(&body).unwrap())
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_a_program_puts_is_what_it_gets_and_the_same_again_makes_no_version(pool: PgPool) {
    let router: Router = door(pool, &["read", "dashboards:write"]).await;
    assert_eq!(got(&router, ONE).await.0, StatusCode::NOT_FOUND);
    let (status, tag, body) = put(&router, ONE, WEB, None).await;
    assert_eq!((status, tag.as_str()), (StatusCode::CREATED, "\"1\""));
    assert_eq!(body, json!({ "slug": "web", "version": 1, "result": "added" }));
    let (status, tag, written) = got(&router, ONE).await;
    assert_eq!((status, tag.as_str()), (StatusCode::OK, "\"1\""));
    let (status, _, body) = put(&router, ONE, &written, None).await;
    assert_eq!((status, &body["result"]), (StatusCode::OK, &json!("same")));
    // All of them are one file, which changes nothing.
    let (_, _, everything) = got(&router, PATH).await;
    let (_, _, body) = put(&router, PATH, &everything, None).await;
    assert_eq!((&body["added"], &body["changed"]), (&json!([]), &json!([])));
    assert!(body["same"].as_array().unwrap().contains(&json!("web")) && body["same"].as_array().unwrap().len() > 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn with_a_version_nothing_is_written_over_that_somebody_else_saved(pool: PgPool) {
    let router: Router = door(pool, &["dashboards:write"]).await;
    let renamed: String = WEB.replace("title: Web", "title: Shop");
    assert_eq!(put(&router, ONE, WEB, Some("*")).await.0, StatusCode::PRECONDITION_FAILED, "there is none yet");
    assert_eq!(put(&router, ONE, WEB, None).await.0, StatusCode::CREATED);
    let (status, tag, _) = put(&router, ONE, &renamed, Some("\"1\"")).await;
    assert_eq!((status, tag.as_str()), (StatusCode::OK, "\"2\""));
    let (status, _, body) = put(&router, ONE, WEB, Some("\"1\"")).await;
    assert_eq!((status, &body["error"]["code"]), (StatusCode::PRECONDITION_FAILED, &json!("stale")));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_may_read_may_not_write(pool: PgPool) {
    let router: Router = door(pool, &["read"]).await;
    let (status, _, body) = put(&router, ONE, WEB, None).await;
    assert_eq!((status, &body["error"]["code"]), (StatusCode::FORBIDDEN, &json!("forbidden")));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_no_dashboard_of_that_address_is_refused(pool: PgPool) {
    let router: Router = door(pool, &["dashboards:write"]).await;
    assert_eq!(got(&router, ONE).await.0, StatusCode::FORBIDDEN, "who may write may not read by that alone");
    for (text, says) in [
        ("dashboards: []", "expected one dashboard, found 0"),
        (&*WEB.replace("slug: web", "slug: shop"), "expected the slug"),
        ("dashboards:\n- slug: web\n  titel: Web\n", "body:3:"),
    ] {
        let (status, _, body) = put(&router, ONE, text, None).await;
        assert_eq!((status, &body["error"]["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("invalid")), "{body}");
        assert!(body["error"]["message"].as_str().unwrap().contains(says), "{body}");
    }
}
