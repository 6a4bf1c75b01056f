//! The machine-facing doors: remote write, OTLP and Datadog for samples, and Prometheus' HTTP API for queries.
//!
//! Who may pass is decided outside: whoever mounts these routers wraps them and hands the [`kernel::Grant`] on as an
//! [`axum::Extension`]; without one nothing is answered. A [`crate::quota::Sender`] beside it says who sends and how much that
//! one may. Paths are those of the protocols, so that agents and Grafana need only an address.

mod alerts;
mod body;
mod datadog;
mod delivery;
mod federate;
mod format;
mod json;
mod meta;
mod otlp;
mod params;
mod push;
mod query;
mod read;
mod status;
mod targets;
mod write;

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::{any, get, post};
use model::Time;

use crate::Metrics;
use crate::needs::Rules;
use crate::scrape::Scraper;

/// `POST /api/v1/write`, `/api/v1/otlp/v1/metrics` and `/v1/metrics`, for requests that carry a `Grant<WriteMetrics>`.
pub fn write_routes(metrics: Arc<Metrics>) -> Router {
    Router::new()
        .route("/api/v1/write", post(write::write))
        .route("/api/v1/otlp/v1/metrics", post(otlp::metrics))
        .route("/v1/metrics", post(otlp::metrics))
        .with_state(metrics)
}

/// `POST /api/v2/series`, for requests that carry a `Grant<WriteMetrics>`. Apart from the others because its senders show their token as
/// `DD-API-KEY`, and read refusals as `{"errors": ["…"]}`.
pub fn datadog_routes(metrics: Arc<Metrics>) -> Router {
    Router::new().route("/api/v2/series", post(datadog::series)).with_state(metrics)
}

/// `GET|POST /api/v1/{query,query_range,series,labels}`, `GET /api/v1/label/{name}/values`, for requests that carry a
/// `Grant<ReadMetrics>`.
pub fn read_routes(metrics: Arc<Metrics>) -> Router {
    Router::new()
        .route("/api/v1/query", get(query::instant).post(query::instant))
        .route("/api/v1/query_range", get(query::range).post(query::range))
        .route("/api/v1/series", get(meta::series).post(meta::series))
        .route("/api/v1/labels", get(meta::labels).post(meta::labels))
        .route("/api/v1/label/{name}/values", get(meta::label_values))
        .with_state(metrics)
}

/// What the whole of Prometheus' HTTP API is answered from.
#[derive(Clone)]
pub struct Api {
    /// Samples and expressions.
    pub metrics: Arc<Metrics>,
    /// Rules and alerts.
    pub rules: Arc<dyn Rules>,
    /// Targets, where any are scraped.
    pub scraper: Option<Arc<Scraper>>,
    /// When this process began.
    pub started: Time,
}

impl FromRef<Api> for Arc<Metrics> {
    fn from_ref(api: &Api) -> Self {
        Self::clone(&api.metrics)
    }
}

impl FromRef<Api> for Arc<dyn Rules> {
    fn from_ref(api: &Api) -> Self {
        Self::clone(&api.rules)
    }
}

/// Prometheus' HTTP API as far as it reads, for requests that carry a `Grant<ReadMetrics>`: what [`read_routes`] and [`target_routes`] have,
/// and `/federate`. To be mounted under a prefix, which is then the address that Grafana and `promtool` are given.
pub fn prometheus_routes(api: Api) -> Router {
    let targets: Router = match api.scraper.clone() {
        Some(scraper) => target_routes(scraper),
        None => Router::new().route("/api/v1/targets", get(status::no_targets)),
    };
    let others: Router = Router::new()
        .merge(about_metrics())
        .merge(about_the_server())
        .route("/federate", get(federate::federate))
        .route("/api/v1/{*call}", any(status::nothing_here))
        .with_state(api.clone());
    read_routes(api.metrics).merge(targets).merge(others)
}

fn about_metrics() -> Router<Api> {
    Router::new()
        .route("/api/v1/query_exemplars", get(query::exemplars).post(query::exemplars))
        .route("/api/v1/format_query", get(format::format).post(format::format))
        .route("/api/v1/parse_query", get(format::parse).post(format::parse))
        .route("/api/v1/metadata", get(meta::metadata))
        .route("/api/v1/read", post(read::read))
        .route("/api/v1/rules", get(alerts::rules))
        .route("/api/v1/alerts", get(alerts::alerts))
}

fn about_the_server() -> Router<Api> {
    Router::new()
        .route("/api/v1/targets/metadata", get(status::targets_metadata))
        .route("/api/v1/scrape_pools", get(status::scrape_pools))
        .route("/api/v1/status/buildinfo", get(status::buildinfo))
        .route("/api/v1/status/config", get(status::config))
        .route("/api/v1/status/flags", get(status::flags))
        .route("/api/v1/status/runtimeinfo", get(status::runtimeinfo))
        .route("/api/v1/status/tsdb", get(status::tsdb))
}

/// `POST /api/v1/push/text` and, as a Pushgateway takes it, `POST|PUT /metrics/job/<job>{/<label>/<value>}`, for requests that carry a
/// `Grant<WriteMetrics>`.
pub fn push_routes(metrics: Arc<Metrics>) -> Router {
    Router::new()
        .route("/api/v1/push/text", post(push::text))
        .route("/metrics/{*grouping}", post(push::grouped).put(push::grouped))
        .with_state(metrics)
}

/// `GET /api/v1/targets`, for requests that carry a `Grant<ReadMetrics>`.
pub fn target_routes(scraper: Arc<Scraper>) -> Router {
    Router::new().route("/api/v1/targets", get(targets::targets)).with_state(scraper)
}
