//! The handlers of Prometheus' HTTP API. Limits and lookback are the room's; `timeout`, `limit` and `stats` are ignored.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use kernel::Grant;
use model::Time;
use model::access::ReadMetrics;
use promql::ast::Matcher;

use crate::Metrics;
use crate::http::json::{self, Failure, Success};
use crate::http::params::{Given, Params};

/// Proof that the caller may read. Nothing is answered without it.
type MayRead = Extension<Grant<ReadMetrics>>;

/// `/api/v1/query`: `query`, and `time` (default now).
pub(crate) async fn instant(State(metrics): State<Arc<Metrics>>, _: MayRead, given: Given) -> Result<Success, Failure> {
    let params: Params = Params::new(given)?;
    let at: Time = params.time_or("time")?.unwrap_or_else(|| metrics.now());
    let answer = metrics.instant(&params.expr()?, at).await?;
    Ok(json::answer_at(&answer, at.0))
}

/// `/api/v1/query_range`: `query`, `start`, `end`, `step`.
pub(crate) async fn range(State(metrics): State<Arc<Metrics>>, _: MayRead, given: Given) -> Result<Success, Failure> {
    let params: Params = Params::new(given)?;
    let (start, end) = (params.time("start")?, params.time("end")?);
    if end < start {
        return Err(Failure::bad_data("the parameter end must not be before start"));
    }
    let answer = metrics.range(&params.expr()?, start, end, params.step_ms()?).await?;
    Ok(json::answer(&answer))
}

/// `/api/v1/series`: one to eight `match[]`, and `start` (to the day).
pub(crate) async fn series(State(metrics): State<Arc<Metrics>>, _: MayRead, given: Given) -> Result<Success, Failure> {
    let params: Params = Params::new(given)?;
    let selectors: Vec<Vec<Matcher>> = params.selectors()?;
    if selectors.is_empty() {
        return Err(Failure::bad_data("the parameter match[] is missing"));
    }
    let since: Time = params.time_or("start")?.unwrap_or(Time(0));
    Ok(json::label_sets(&metrics.series(&selectors, since).await?))
}

/// `/api/v1/labels`: up to eight `match[]`.
pub(crate) async fn labels(State(metrics): State<Arc<Metrics>>, _: MayRead, given: Given) -> Result<Success, Failure> {
    let selectors: Vec<Vec<Matcher>> = Params::new(given)?.selectors()?;
    Ok(json::words(&metrics.label_names(&selectors).await?))
}

/// `/api/v1/label/{name}/values`: up to eight `match[]`.
pub(crate) async fn label_values(
    State(metrics): State<Arc<Metrics>>,
    _: MayRead,
    Path(name): Path<String>,
    given: Given,
) -> Result<Success, Failure> {
    let selectors: Vec<Vec<Matcher>> = Params::new(given)?.selectors()?;
    Ok(json::words(&metrics.label_values(&name, &selectors).await?))
}
