//! `/livez`, `/readyz` and `/metrics`: what load balancers and other watchers ask.

use crate::address;
use crate::context::Visitor;
use crate::wiring::House;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::fmt::Write as _;

/// The process runs.
pub async fn livez() -> &'static str {
    "ok\n"
}

/// The database can be written and we are not stopping.
pub async fn readyz(State(house): State<House>) -> Response {
    if house.shutdown.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    match house.database_writable().await {
        Ok(()) => (StatusCode::OK, "ok\n").into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready: the database can't be written");
            (StatusCode::SERVICE_UNAVAILABLE, "database unavailable\n").into_response()
        }
    }
}

/// Our own figures in the Prometheus text format. For a token with `metrics:read`, or for this machine itself.
pub async fn metrics(State(house): State<House>, visitor: Visitor, request: Request) -> Response {
    let local = address::is_local(&request);
    let may = visitor.actor.as_ref().is_some_and(|actor| kernel::authorize::<model::access::ReadMetrics>(actor, None).is_ok());
    if !local && !may {
        return (StatusCode::UNAUTHORIZED, "a token with the scope metrics:read is needed\n").into_response();
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], figures(&house)).into_response()
}

/// Everything we count about ourselves.
pub fn figures(house: &House) -> String {
    let mut out = of_rooms(house);
    gauge(&mut out, "mimamori_live_streams", "Open live streams.", house.live.open_streams() as f64);
    let resident = crate::collector::own_resident_bytes();
    gauge(&mut out, "process_resident_memory_bytes", "Resident memory of this process.", resident);
    out
}

/// What the metrics room and the pool count about themselves. The collector keeps these lines as series.
pub fn of_rooms(house: &House) -> String {
    let mut out = house.metrics.exposition();
    let (open, idle, most) = house.db.usage();
    gauge(&mut out, "mimamori_db_pool_connections", "Connections of this server's pool.", f64::from(open));
    gauge(&mut out, "mimamori_db_pool_idle", "Idle connections of this server's pool.", idle as f64);
    gauge(&mut out, "mimamori_db_pool_max", "Most connections this server's pool may have.", f64::from(most));
    out
}

fn gauge(out: &mut String, name: &str, help: &str, value: f64) {
    // Writing into a String can't fail.
    let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
}
