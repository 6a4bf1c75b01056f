//! The doors of providers over the whole router: what is believed, what it does, and what is refused.

use crate::routes;
use crate::strangers::rooms;
use crate::wiring::House;
use alerting::inbound::Kind;
use alerting::inbound::settings::{Settings, Written};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use figures::Locale;
use kernel::Grant;
use leptos::prelude::LeptosOptions;
use model::Actor;
use model::access::ManageChannels;
use notify::ChannelDraft;
use serde_json::{Map, Value, json};
use sqlx::PgPool;
use tower::ServiceExt;

const SIGNING_SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
const WEBHOOK_SECRET: &str = "webhook-secret-of-the-test";

fn admin() -> Grant<ManageChannels> {
    kernel::authorize::<ManageChannels>(&Actor::worker("test"), None).unwrap()
}

async fn with_channel(house: &House, name: &str, kind: &str, settings: Value) {
    let settings: Map<String, Value> = settings.as_object().cloned().unwrap();
    let draft = ChannelDraft {
        name: name.to_owned(),
        kind: kind.to_owned(),
        version: None,
        settings,
        enabled: true,
        last_resort: false,
        locale: Locale::Ja,
        zone: "Asia/Tokyo".to_owned(),
    };
    house.notify.save_channel(&admin(), draft).await.unwrap();
}

fn router(house: &House) -> Router {
    routes::router(house.clone(), LeptosOptions::builder().output_name("mimamori").build())
}

fn tag(secret: &str, said: &[u8]) -> String {
    let tag = ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes()), said);
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A press about no alert, signed as Slack signs.
fn pressed(at_s: i64) -> Request<Body> {
    let payload = json!({
        "type": "block_actions",
        "team": { "id": "T1" },
        "user": { "id": "U1", "username": "sato" },
        "actions": [{ "action_id": "ack", "value": "none" }],
    });
    let body: String = format!("payload={}", model::links::encode(&payload.to_string()));
    let timestamp: String = at_s.to_string();
    let signature: String = tag(SIGNING_SECRET, format!("v0:{timestamp}:{body}").as_bytes());
    Request::builder()
        .method(Method::POST)
        .uri("/hooks/slack")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-slack-request-timestamp", timestamp)
        .header("x-slack-signature", format!("v0={signature}"))
        .body(Body::from(body))
        .unwrap()
}

async fn status(router: &Router, request: Request<Body>) -> StatusCode {
    router.clone().oneshot(request).await.unwrap().status()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_button_is_believed_once_and_only_while_it_is_fresh(pool: PgPool) {
    let house = rooms(pool).await;
    with_channel(&house, "ops", "slack", json!({ "token": "xoxb-1", "channel": "#ops", "signing_secret": SIGNING_SECRET })).await;
    let router = router(&house);
    let now_s: i64 = house.clock.now().0 / 1_000;
    assert_eq!(status(&router, pressed(now_s)).await, StatusCode::OK);
    assert_eq!(status(&router, pressed(now_s)).await, StatusCode::CONFLICT, "the same request");
    assert_eq!(status(&router, pressed(now_s + 1)).await, StatusCode::OK);
    assert_eq!(status(&router, pressed(now_s - 302)).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&router, pressed(now_s + 330)).await, StatusCode::UNAUTHORIZED);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_channel_that_is_gone_signs_nothing_and_a_large_body_is_not_read(pool: PgPool) {
    let house = rooms(pool).await;
    let router = router(&house);
    assert_eq!(status(&router, pressed(house.clock.now().0 / 1_000)).await, StatusCode::FORBIDDEN);
    let large = Request::builder().method(Method::POST).uri("/hooks/slack").body(Body::from(vec![b'a'; 300 * 1024])).unwrap();
    assert_eq!(status(&router, large).await, StatusCode::PAYLOAD_TOO_LARGE);
}

fn heard(channel: &str, kind: &str, signature: Option<String>) -> Request<Body> {
    let told = json!({ "event": {
        "id": "01",
        "event_type": kind,
        "agent": { "summary": "Hana", "type": "user_reference" },
        "data": { "incident_key": "unknown" },
    } });
    let body: String = told.to_string();
    let signature: String = signature.unwrap_or_else(|| format!("v1=00,v1={}", tag(WEBHOOK_SECRET, body.as_bytes())));
    let request = Request::builder().method(Method::POST).uri(format!("/hooks/pagerduty/{channel}"));
    request.header("x-pagerduty-signature", signature).body(Body::from(body)).unwrap()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn pagerduty_is_believed_by_the_secret_of_its_channel(pool: PgPool) {
    let house = rooms(pool).await;
    let settings = json!({ "routing_key": "0123456789abcdef0123456789abcdef", "webhook_secret": WEBHOOK_SECRET });
    with_channel(&house, "pager", "pagerduty", settings).await;
    with_channel(&house, "deaf", "pagerduty", json!({ "routing_key": "0123456789abcdef0123456789abcdef" })).await;
    let router = router(&house);
    assert_eq!(status(&router, heard("pager", "incident.resolved", None)).await, StatusCode::OK);
    assert!(house.notify.is_heard("pager", "01").await.unwrap());
    assert_eq!(status(&router, heard("pager", "incident.resolved", None)).await, StatusCode::OK, "told twice, done once");
    assert_eq!(status(&router, heard("pager", "pagey.ping", None)).await, StatusCode::OK);
    let wrong: String = format!("v1={}", tag("another", b"x"));
    assert_eq!(status(&router, heard("pager", "incident.resolved", Some(wrong))).await, StatusCode::FORBIDDEN);
    assert_eq!(status(&router, heard("pager", "incident.resolved", Some(String::new()))).await, StatusCode::BAD_REQUEST);
    assert_eq!(status(&router, heard("deaf", "incident.resolved", None)).await, StatusCode::FORBIDDEN);
    assert_eq!(status(&router, heard("nobody", "incident.resolved", None)).await, StatusCode::FORBIDDEN);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_guesses_is_not_asked_any_more_and_a_sender_with_a_key_never_notices(pool: PgPool) {
    let house = rooms(pool).await;
    let grant = kernel::authorize::<model::access::ManageIntegrations>(&Actor::worker("test"), None).unwrap();
    let written = Written { name: "tool".to_owned(), default_severity: "P2".to_owned(), ..Written::default() };
    let settings = Settings::read(&written).unwrap();
    let key: String = house.alerting.inbound().make(&grant, Kind::Alertmanager, &settings).await.unwrap().key;
    let router = router(&house);
    for _ in 0..200 {
        assert_eq!(status(&router, sent(&key)).await, StatusCode::OK);
    }
    let mut said: Vec<StatusCode> = Vec::new();
    while said.len() < 1_000 && said.last() != Some(&StatusCode::SERVICE_UNAVAILABLE) {
        let door = if said.len().is_multiple_of(2) { heard("nobody", "incident.resolved", None) } else { sent(&"a".repeat(32)) };
        said.push(status(&router, door).await);
    }
    assert!((96..1_000).contains(&said.len()), "held off after {}", said.len());
    assert!(said[..96].iter().all(|status| matches!(*status, StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED)));
}

/// A group without alerts.
fn sent(key: &str) -> Request<Body> {
    let request = Request::builder().method(Method::POST).uri("/hooks/in/alertmanager");
    let request = request.header("authorization", format!("Bearer {key}"));
    request.body(Body::from(json!({ "version": "4", "alerts": [] }).to_string())).unwrap()
}
