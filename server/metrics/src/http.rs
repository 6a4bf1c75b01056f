//! The machine-facing doors: remote write, and Prometheus' HTTP API for queries.
//!
//! Who may pass is decided outside: whoever mounts these routers wraps them and hands the [`kernel::Grant`] on as an
//! [`axum::Extension`]; without one nothing is answered. Paths are those of Prometheus, so that agents and Grafana need only an
//! address.

mod json;
mod params;
mod query;
mod write;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::Metrics;

/// `POST /api/v1/write`, for requests that carry a `Grant<WriteMetrics>`.
pub fn write_routes(metrics: Arc<Metrics>) -> Router {
    Router::new().route("/api/v1/write", post(write::write)).with_state(metrics)
}

/// `GET|POST /api/v1/{query,query_range,series,labels}`, `GET /api/v1/label/{name}/values`, for requests that carry a
/// `Grant<ReadMetrics>`.
pub fn read_routes(metrics: Arc<Metrics>) -> Router {
    Router::new()
        .route("/api/v1/query", get(query::instant).post(query::instant))
        .route("/api/v1/query_range", get(query::range).post(query::range))
        .route("/api/v1/series", get(query::series).post(query::series))
        .route("/api/v1/labels", get(query::labels).post(query::labels))
        .route("/api/v1/label/{name}/values", get(query::label_values))
        .with_state(metrics)
}
