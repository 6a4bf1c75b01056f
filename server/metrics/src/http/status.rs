//! What Prometheus tells about itself, as far as there is something to tell: clients ask for it to learn whom they talk to.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use model::Time;
use promql::numbers::format_duration;
use serde_json::{Value, json};

use crate::cardinality::{Cardinality, Count};
use crate::config::Config;
use crate::http::Api;
use crate::http::alerts::moment;
use crate::http::json::{self, Failure, Success};
use crate::http::meta::written;
use crate::http::params::Params;
use crate::http::query::MayRead;
use crate::{LONGEST_QUERY, Metrics, QUERIES};

/// The release of Prometheus whose API and expressions these are. Clients decide by it what they may ask.
const SPEAKS: &str = "3.14.0";
/// Entries of a list of cardinalities: without being asked, and at most.
const TOP: usize = 10;
const MOST_TOP: usize = 10_000;

/// `/api/v1/status/buildinfo`. The version is that of the API; the revision says who answers.
pub(crate) async fn buildinfo(_: MayRead) -> Success {
    json::data(&json!({
        "version": SPEAKS,
        "revision": concat!("mimamori-", env!("CARGO_PKG_VERSION")),
        "branch": "",
        "buildUser": "",
        "buildDate": "",
        "goVersion": "",
    }))
}

/// `/api/v1/status/runtimeinfo`. Paths, names of hosts and what only Go has are left empty.
pub(crate) async fn runtimeinfo(State(api): State<Api>, _: MayRead) -> Success {
    let (_, config) = api.metrics.door();
    json::data(&json!({
        "startTime": moment(Some(api.started)),
        "serverTime": moment(Some(api.metrics.now())),
        "CWD": "",
        "hostname": "",
        "reloadConfigSuccess": true,
        "lastConfigTime": moment(Some(api.started)),
        "corruptionCount": 0,
        "goroutineCount": 0,
        "GOMAXPROCS": std::thread::available_parallelism().map_or(1, usize::from),
        "GOMEMLIMIT": 0,
        "GOGC": "",
        "GODEBUG": "",
        "storageRetention": format!("{}d", config.retention_days),
    }))
}

/// `/api/v1/status/flags`: the settings that have a name in Prometheus.
pub(crate) async fn flags(State(metrics): State<Arc<Metrics>>, _: MayRead) -> Success {
    let (_, config) = metrics.door();
    json::data(&json!(flags_of(config)))
}

fn flags_of(config: &Config) -> BTreeMap<&'static str, String> {
    let longest_ms: u64 = u64::try_from(LONGEST_QUERY.as_millis()).unwrap_or(u64::MAX);
    BTreeMap::from([
        ("query.lookback-delta", format_duration(config.lookback_ms.unsigned_abs())),
        ("query.max-concurrency", QUERIES.to_string()),
        ("query.max-samples", config.max_query_samples.to_string()),
        ("query.timeout", format_duration(longest_ms)),
        ("storage.tsdb.out-of-order-time-window", format_duration(config.out_of_order_ms.unsigned_abs())),
        ("storage.tsdb.retention.time", format!("{}d", config.retention_days)),
        ("web.enable-otlp-receiver", "true".to_owned()),
        ("web.enable-remote-write-receiver", "true".to_owned()),
    ])
}

/// `/api/v1/status/config`. What is scraped may hold secrets and is not shown; the rest has no form of Prometheus'.
pub(crate) async fn config(_: MayRead) -> Success {
    json::data(&json!({ "yaml": "global: {}\n" }))
}

/// `/api/v1/status/tsdb`: `limit` (entries of each list).
pub(crate) async fn tsdb(State(metrics): State<Arc<Metrics>>, _: MayRead, params: Params) -> Result<Success, Failure> {
    let top: usize = match params.number::<i64>("limit")?.map(usize::try_from) {
        None => TOP,
        Some(Ok(top)) if (1..=MOST_TOP).contains(&top) => top,
        Some(_) => return Err(Failure::bad_parameter("limit", &format!("limit must be from 1 to {MOST_TOP}"))),
    };
    let found: Cardinality = metrics.cardinality(top).await?;
    written(move || json::data(&tsdb_json(&metrics, &found))).await
}

/// A series in the head is one chunk there.
fn tsdb_json(metrics: &Metrics, found: &Cardinality) -> Value {
    let newest: Time = *metrics.newest().borrow();
    json!({
        "headStats": {
            "numSeries": found.head_series,
            "numLabelPairs": found.label_pairs,
            "chunkCount": found.head_series,
            "minTime": crate::lock::read(&metrics.state.head).floor(),
            "maxTime": newest.0,
        },
        "seriesCountByMetricName": counts(&found.series_by_metric),
        "labelValueCountByLabelName": counts(&found.values_by_label),
        "memoryInBytesByLabelName": counts(&found.bytes_by_label),
        "seriesCountByLabelValuePair": counts(&found.series_by_pair),
    })
}

fn counts(counts: &[Count]) -> Vec<Value> {
    counts.iter().map(|count| json!({ "name": count.name, "value": count.count })).collect()
}

/// `/api/v1/scrape_pools`: the jobs that are scraped.
pub(crate) async fn scrape_pools(State(api): State<Api>, _: MayRead) -> Success {
    let jobs = api.scraper.iter().flat_map(|scraper| scraper.jobs());
    let mut names: Vec<String> = jobs.map(|job| job.job).collect();
    names.sort_unstable();
    json::data(&json!({ "scrapePools": names }))
}

/// `/api/v1/targets` where nothing is scraped.
pub(crate) async fn no_targets(_: MayRead) -> Success {
    json::data(&json!({ "activeTargets": [], "droppedTargets": [], "droppedTargetCounts": {} }))
}

/// `/api/v1/targets/metadata`. What a metric means is not kept by target, so none is known to have told anything.
pub(crate) async fn targets_metadata(_: MayRead) -> Failure {
    Failure::not_found("specified metadata not found")
}

/// Anything else under the prefix.
pub(crate) async fn nothing_here(_: MayRead, Path(call): Path<String>) -> Failure {
    Failure::not_found(format!("there is no /api/v1/{call}"))
}
