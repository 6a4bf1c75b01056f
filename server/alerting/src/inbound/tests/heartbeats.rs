//! What should have been heard of and was not.

use super::{Gate, manager, responder};
use crate::alerts::{AlertRow, Show};
use crate::error::Error;
use crate::history;
use crate::inbound::http::routes;
use crate::inbound::settings::{Settings, Written};
use crate::inbound::{Kind, Wrong};
use crate::state::ResolveReason;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use sqlx::PgPool;
use tower::ServiceExt;

const MINUTE: i64 = 60_000;

async fn backup(pool: PgPool) -> Gate {
    Gate::with(pool, Kind::Heartbeat, written("5")).await
}

fn written(timeout: &str) -> Written {
    let (name, default_severity) = ("Tokyo tool".to_owned(), "P2".to_owned());
    Written { name, default_severity, timeout: timeout.to_owned(), ..Written::default() }
}

impl Gate {
    async fn ping(&self) {
        let path = format!("/hooks/heartbeat/{}", self.key);
        assert_eq!(self.knock(Method::POST, &path, None).await, StatusCode::OK);
    }

    async fn knock(&self, method: Method, path: &str, key: Option<&str>) -> StatusCode {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(key) = key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        routes(self.inbound().clone()).oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status()
    }

    async fn change_to(&self, timeout: &str, is_enabled: bool) -> Result<(), Error> {
        self.inbound().change(&manager(), self.id, &Settings::read(&written(timeout)).unwrap(), is_enabled).await
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn silence_is_an_alert_and_the_next_ping_ends_it(pool: PgPool) {
    let gate = backup(pool).await;
    assert_eq!(gate.listen_ms(60 * MINUTE).await, 0, "nothing is expected before the first ping");
    gate.ping().await;
    assert_eq!(gate.listen_ms(4 * MINUTE).await, 0);
    gate.ping().await;
    assert_eq!((gate.listen_ms(5 * MINUTE - 1).await, gate.listen_ms(1).await, gate.listen_ms(60 * MINUTE).await), (0, 1, 0));
    let row: AlertRow = gate.only().await;
    assert_eq!((row.name.ja.as_str(), row.rule_id.0.as_str()), ("Tokyo tool", "tokyo-tool/Tokyo tool"));
    assert_eq!(row.summary.en, "No heartbeat from Tokyo tool for 5 min or more");
    assert_eq!(row.summary.ja, "Tokyo tool のハートビートが 5 分以上届いていません");
    assert_eq!(row.fired_at.unwrap().since(row.pending_since), 5 * MINUTE);
    assert_eq!((row.labels.get("alertname"), row.labels.get("integration")), ("Tokyo tool", "tokyo-tool"));
    gate.ping().await;
    assert_eq!(gate.only().await.resolved_reason, Some(ResolveReason::Recovered));
    assert_eq!(gate.story(row.id).await, [history::FIRED, history::RESOLVED]);
    assert_eq!(gate.listen_ms(6 * MINUTE).await, 1, "another silence is another alert");
    assert_eq!(gate.shown(Show::All).await.len(), 2);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whoever_was_away_listens_before_it_judges(pool: PgPool) {
    let gate = backup(pool).await;
    gate.ping().await;
    gate.listen_ms(MINUTE).await;
    gate.clock.advance_ms(60 * MINUTE);
    assert_eq!(gate.listen_ms(4 * MINUTE).await, 0, "it could not have been heard");
    gate.ping().await;
    assert_eq!((gate.listen_ms(4 * MINUTE).await, gate.listen_ms(MINUTE).await), (0, 1));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_processes_raise_one_alert(pool: PgPool) {
    let gate = backup(pool).await;
    let other = crate::inbound::Inbound::new(gate.db.clone(), gate.clock.clone());
    gate.ping().await;
    let mut raised: usize = 0;
    for _ in 0..40 {
        let (one, another) = tokio::join!(gate.inbound().expire(), other.expire());
        raised += one.unwrap() + another.unwrap();
        gate.clock.advance_ms(10_000);
    }
    assert_eq!((raised, gate.shown(Show::All).await.len()), (1, 1));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn resolved_by_hand_it_fires_again_only_after_another_ping(pool: PgPool) {
    let gate = backup(pool).await;
    gate.ping().await;
    gate.listen_ms(6 * MINUTE).await;
    let id = gate.only().await.id;
    gate.alerting.resolve(&responder(), id, None).await.unwrap();
    assert_eq!(gate.listen_ms(60 * MINUTE).await, 0);
    gate.ping().await;
    assert_eq!(gate.listen_ms(6 * MINUTE).await, 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn one_that_is_switched_off_is_not_missed_and_another_grace_counts_from_now(pool: PgPool) {
    let gate = backup(pool).await;
    gate.ping().await;
    gate.listen_ms(6 * MINUTE).await;
    gate.change_to("5", false).await.unwrap();
    assert_eq!(gate.only().await.resolved_reason, Some(ResolveReason::SourceRemoved));
    gate.change_to("5", true).await.unwrap();
    assert_eq!(gate.listen_ms(60 * MINUTE).await, 0, "until it is heard again");
    gate.ping().await;
    gate.listen_ms(2 * MINUTE).await;
    gate.change_to("10", true).await.unwrap();
    assert_eq!((gate.listen_ms(9 * MINUTE).await, gate.listen_ms(MINUTE).await), (0, 1));
    let refused: Result<(), Error> = gate.change_to("", true).await;
    assert!(matches!(refused, Err(Error::Inbound(Wrong { field, .. })) if field == "timeout"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn it_is_made_with_a_grace_and_heard_at_its_own_door_only(pool: PgPool) {
    let gate = Gate::new(pool.clone(), Kind::Heartbeat).await;
    assert_eq!(gate.integration().await.timeout_ms, Some(10 * MINUTE));
    let other = Gate::new(pool, Kind::Json).await;
    let (key, wrong) = (gate.key.as_str(), "a".repeat(32));
    for (method, path, key, expected) in [
        (Method::GET, "/hooks/heartbeat", Some(key), StatusCode::OK),
        (Method::HEAD, "/hooks/heartbeat", Some(key), StatusCode::OK),
        (Method::POST, "/hooks/heartbeat", Some(key), StatusCode::OK),
        (Method::POST, "/hooks/heartbeat", None, StatusCode::UNAUTHORIZED),
        (Method::POST, "/hooks/heartbeat", Some(wrong.as_str()), StatusCode::UNAUTHORIZED),
        (Method::POST, "/hooks/heartbeat", Some(other.key.as_str()), StatusCode::BAD_REQUEST),
        (Method::POST, "/hooks/in/heartbeat", Some(key), StatusCode::NOT_FOUND),
    ] {
        assert_eq!(gate.knock(method.clone(), path, key).await, expected, "{method} {path}");
    }
    assert_eq!(gate.integration().await.received, 3);
    assert!(gate.integration().await.last_received_at.is_some());
}
