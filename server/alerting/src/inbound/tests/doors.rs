//! The doors, as senders see them.

use super::{Gate, manager};
use crate::alerts::Show;
use crate::inbound::http::routes;
use crate::inbound::mapped::Mapping;
use crate::inbound::settings::{Settings, Written};
use crate::inbound::{Kind, NOTED};
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, Response, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::facts;
use serde_json::{Value, json};
use sqlx::PgPool;
use tower::ServiceExt;

impl Gate {
    async fn send(&self, request: Request<Body>) -> (StatusCode, Value, Response<()>) {
        let answer = routes(self.inbound().clone()).oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = to_bytes(body, 100_000).await.unwrap();
        let value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        (parts.status, value, Response::from_parts(parts, ()))
    }

    async fn post(&self, path: &str, authorization: Option<String>, body: &Value) -> (StatusCode, Value) {
        let mut request = Request::builder().method(Method::POST).uri(path);
        if let Some(value) = authorization {
            request = request.header(header::AUTHORIZATION, value);
        }
        let (status, value, _) = self.send(request.body(Body::from(body.to_string())).unwrap()).await;
        (status, value)
    }

    fn bearer(&self) -> Option<String> {
        Some(format!("Bearer {}", self.key))
    }

    async fn enqueue(&self, body: Value) -> (StatusCode, Value) {
        self.post("/v2/enqueue", None, &body).await
    }
}

fn group(status: &str) -> Value {
    json!({"version": "4", "alerts": [
        {"status": status, "labels": {"alertname": "A", "host": "x"}, "fingerprint": "f1", "startsAt": "2026-11-22T05:00:00Z"}
    ]})
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_key_is_taken_from_header_or_address(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Alertmanager).await;
    let basic = format!("Basic {}", STANDARD.encode(format!("mimamori:{}", gate.key)));
    for (path, authorization, fired) in [
        (format!("/hooks/in/alertmanager/{}", gate.key), None, 1),
        ("/hooks/in/alertmanager".to_owned(), gate.bearer(), 0),
        ("/hooks/in/alertmanager".to_owned(), Some(basic), 0),
    ] {
        let (status, body) = gate.post(&path, authorization, &group("firing")).await;
        assert_eq!((status, body["status"].as_str(), body["fired"].as_i64()), (StatusCode::OK, Some("success"), Some(fired)));
    }
    assert_eq!(gate.shown(Show::Open).await.len(), 1);
    let (_, body) = gate.post("/hooks/in/alertmanager", gate.bearer(), &group("resolved")).await;
    assert_eq!(body["resolved"], 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_has_no_key_is_turned_away(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Alertmanager).await;
    let wrong = format!("Bearer {}", "a".repeat(32));
    for (path, authorization, expected) in [
        ("/hooks/in/alertmanager", None, StatusCode::UNAUTHORIZED),
        ("/hooks/in/alertmanager", Some(wrong), StatusCode::UNAUTHORIZED),
        ("/hooks/in/grafana", gate.bearer(), StatusCode::BAD_REQUEST),
        ("/hooks/in/pagerduty", gate.bearer(), StatusCode::NOT_FOUND),
        ("/hooks/in/nothing", gate.bearer(), StatusCode::NOT_FOUND),
    ] {
        assert_eq!(gate.post(path, authorization, &group("firing")).await.0, expected, "{path}");
    }
    let (status, body) = gate.enqueue(json!({"routing_key": gate.key, "event_action": "resolve", "dedup_key": "a"})).await;
    assert_eq!((status, body["errors"].as_array().map(Vec::len)), (StatusCode::BAD_REQUEST, Some(1)), "a key of another kind");
    gate.inbound().rekey(&manager(), gate.id).await.unwrap();
    assert_eq!(gate.post("/hooks/in/alertmanager", gate.bearer(), &group("firing")).await.0, StatusCode::UNAUTHORIZED);
    assert!(gate.shown(Show::All).await.is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_refusal_names_the_field_and_is_kept_for_people(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Alertmanager).await;
    let (status, body) = gate.post("/hooks/in/alertmanager", gate.bearer(), &json!({"alerts": [{"status": "on"}]})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(body["error"]["field"], "alerts[0].status");
    assert_eq!(body["error"]["expected"], "\"firing\" or \"resolved\"");
    let large =
        Request::builder().method(Method::POST).uri("/hooks/in/alertmanager").header("authorization", gate.bearer().unwrap());
    let large = large.header("content-length", "8388609").body(Body::empty()).unwrap();
    assert_eq!(gate.send(large).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    let receipts = gate.inbound().receipts(gate.id).await.unwrap();
    assert_eq!((receipts.len(), gate.integration().await.refused), (2, 2));
    assert_eq!(receipts[1].said, "alerts[0].status: expected \"firing\" or \"resolved\"");
    assert!(receipts.iter().all(|receipt| !receipt.is_taken && receipt.payload.is_none()));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn one_that_is_switched_off_is_told_so(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Alertmanager).await;
    let written = Written { name: "x".to_owned(), default_severity: "p2".to_owned(), ..Written::default() };
    gate.inbound().change(&manager(), gate.id, &Settings::read(&written).unwrap(), false).await.unwrap();
    assert_eq!(gate.post("/hooks/in/alertmanager", gate.bearer(), &group("firing")).await.0, StatusCode::FORBIDDEN);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_flood_is_held_off_in_the_way_its_sender_repeats_after(pool: PgPool) {
    for (kind, expected) in
        [(Kind::Alertmanager, StatusCode::SERVICE_UNAVAILABLE), (Kind::Grafana, StatusCode::TOO_MANY_REQUESTS)]
    {
        let gate = Gate::new(pool.clone(), kind).await;
        while gate.inbound().rates.take(gate.id, super::START).is_ok() {}
        let path = format!("/hooks/in/{}", kind.as_str());
        let request = Request::builder().method(Method::POST).uri(path).header("authorization", gate.bearer().unwrap());
        let (status, body, answer) = gate.send(request.body(Body::from(group("firing").to_string())).unwrap()).await;
        assert_eq!((status, body["error"]["code"].as_str()), (expected, Some("too_many_requests")));
        assert_eq!(answer.headers()[header::RETRY_AFTER], "5");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn pagers_are_answered_as_pagerduty_answers(pool: PgPool) {
    let gate = Gate::new(pool, Kind::PagerDuty).await;
    let payload = json!({"summary": "down", "source": "x", "severity": "critical"});
    let trigger = json!({"routing_key": gate.key, "event_action": "trigger", "payload": payload});
    let (status, body) = gate.enqueue(trigger.clone()).await;
    assert_eq!((status, body["status"].as_str()), (StatusCode::ACCEPTED, Some("success")));
    assert_eq!(body["message"], "Event processed");
    let key = body["dedup_key"].as_str().unwrap().to_owned();
    assert_eq!(key.len(), 32);
    let mut again = trigger;
    again["dedup_key"] = json!(key);
    assert_eq!(gate.enqueue(again.clone()).await.1["dedup_key"], json!(key));
    assert_eq!(gate.shown(Show::Open).await.len(), 1);
    for (action, show) in [("acknowledge", Show::Held), ("resolve", Show::Resolved)] {
        let (status, _) = gate.enqueue(json!({"routing_key": gate.key, "event_action": action, "dedup_key": key})).await;
        assert_eq!((status, gate.shown(show).await.len()), (StatusCode::ACCEPTED, 1), "{action}");
    }
    let unknown = json!({"routing_key": gate.key, "event_action": "resolve", "dedup_key": "never"});
    assert_eq!(gate.enqueue(unknown).await.0, StatusCode::ACCEPTED, "no harm");
    again["payload"]["severity"] = json!("bad");
    let (status, body) = gate.enqueue(again).await;
    assert_eq!((status, body["status"].as_str()), (StatusCode::BAD_REQUEST, Some("invalid event")));
    assert_eq!(body["message"], "Event object is invalid");
    assert_eq!(body["errors"], json!(["payload.severity: expected \"critical\", \"error\", \"warning\" or \"info\""]));
    let (status, body) = gate.enqueue(json!({"event_action": "trigger"})).await;
    assert_eq!((status, body["status"].as_str()), (StatusCode::BAD_REQUEST, Some("invalid event")));
    while gate.inbound().rates.take(gate.id, super::START).is_ok() {}
    let (status, body) = gate.enqueue(json!({"routing_key": gate.key})).await;
    assert_eq!((status, body["status"].as_str()), (StatusCode::TOO_MANY_REQUESTS, Some("throttle exceeded")));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_change_is_noted_once(pool: PgPool) {
    let gate = Gate::new(pool, Kind::PagerDuty).await;
    let payload = json!({"summary": "deployed 42", "timestamp": "2026-11-22T05:06:00Z", "source": "ci"});
    let change = json!({"routing_key": gate.key, "payload": payload, "links": [{"href": "https://ci.example.jp/42"}]});
    for _ in 0..2 {
        let (status, body) = gate.post("/v2/change/enqueue", None, &change).await;
        assert_eq!((status, body), (StatusCode::ACCEPTED, json!({"status": "success", "message": "Change event processed"})));
    }
    let found = facts::about(&gate.db, &format!("integration/{}", gate.id), 50).await.unwrap();
    let noted: Vec<_> = found.into_iter().filter(|fact| fact.kind == NOTED).collect();
    assert_eq!(noted.len(), 1);
    assert_eq!(
        (noted[0].body["name"].as_str(), noted[0].body["url"].as_str()),
        (Some("deployed 42"), Some("https://ci.example.jp/42"))
    );
    assert_eq!(noted[0].at, super::START.plus_ms(-7_000));
    let (status, body) = gate.post("/v2/change/enqueue", None, &json!({"routing_key": gate.key, "payload": {}})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(body["errors"], json!(["payload.summary: expected a text of 1 to 1024 characters"]));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn any_json_is_read_by_the_mapping_in_force_and_its_body_is_kept(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Json).await;
    let body = json!({"id": 7, "state": "down", "what": "queue"});
    let (status, refused) = gate.post("/hooks/in/json", gate.bearer(), &body).await;
    assert_eq!((status, refused["error"]["field"].as_str()), (StatusCode::BAD_REQUEST, Some("mapping.key")));
    let mapping = Mapping { key: "/id".to_owned(), status: "/state".to_owned(), name: "/what".to_owned(), ..Mapping::default() };
    gate.inbound().set_draft(&manager(), gate.id, mapping, body.to_string(), true).await.unwrap();
    assert_eq!(gate.post("/hooks/in/json", gate.bearer(), &body).await.1["fired"], 1);
    let receipts = gate.inbound().receipts(gate.id).await.unwrap();
    let kept: Vec<Option<&str>> = receipts.iter().map(|receipt| receipt.payload.as_deref()).collect();
    assert_eq!(kept, [Some(body.to_string().as_str()); 2]);
}
