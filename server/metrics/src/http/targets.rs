//! What is scraped, as Prometheus' HTTP API tells it. Source: <https://prometheus.io/docs/prometheus/latest/querying/api/#targets>.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use chrono::SecondsFormat;
use kernel::Grant;
use model::access::ReadMetrics;
use model::labels::Labels;
use serde_json::{Value, json};

use crate::Metrics;
use crate::error::Error;
use crate::eval::Until;
use crate::http::json::{self, Failure, Success};
use crate::scrape::{Health, JobState, Scraper, TargetState};

/// What Prometheus says of a target that was never asked.
const NEVER: &str = "0001-01-01T00:00:00Z";

/// `GET /api/v1/targets`, with `state=active|dropped|any` and `scrapePool`.
pub(crate) async fn targets(
    State(scraper): State<Arc<Scraper>>,
    Extension(_grant): Extension<Grant<ReadMetrics>>,
    Query(params): Query<BTreeMap<String, String>>,
) -> Result<Success, Failure> {
    let metrics: Arc<Metrics> = scraper.metrics();
    // There may be tens of thousands, so it takes a turn as a query does.
    let write = move |until: Until| -> Result<Success, Error> {
        let (targets, jobs): (Vec<TargetState>, Vec<JobState>) = (scraper.targets(), scraper.jobs());
        until.check()?;
        Ok(json::data(&answer(&targets, &jobs, &params)))
    };
    Ok(metrics.queries.compute(write).await?)
}

fn answer(targets: &[TargetState], jobs: &[JobState], params: &BTreeMap<String, String>) -> Value {
    let state: &str = params.get("state").map_or("any", String::as_str);
    let pool: &str = params.get("scrapePool").map_or("", String::as_str);
    let is_wanted = |job: &str| pool.is_empty() || pool == job;
    let (mut active, mut dropped): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    if state != "dropped" {
        active.extend(targets.iter().filter(|target| is_wanted(&target.job)).map(target_json));
    }
    if state != "active" {
        for job in jobs.iter().filter(|job| is_wanted(&job.job)) {
            dropped.extend(job.dropped.iter().map(|labels| dropped_json(&job.job, labels)));
        }
    }
    let counts: BTreeMap<&str, usize> = jobs.iter().map(|job| (job.job.as_str(), job.n_dropped)).collect();
    // Prometheus has no such field; what can't be discovered is told nowhere else.
    let troubles: BTreeMap<&str, &Vec<String>> = jobs.iter().map(|job| (job.job.as_str(), &job.troubles)).collect();
    json!({
        "activeTargets": active,
        "droppedTargets": dropped,
        "droppedTargetCounts": counts,
        "troubles": troubles,
    })
}

fn map(labels: &Labels) -> BTreeMap<&str, &str> {
    labels.iter().collect()
}

fn dropped_json(job: &str, labels: &Labels) -> Value {
    json!({ "discoveredLabels": map(labels), "scrapePool": job })
}

fn target_json(target: &TargetState) -> Value {
    let last: String = target.last_scrape.map_or(NEVER.to_owned(), |at| at.to_utc().to_rfc3339_opts(SecondsFormat::Millis, true));
    let error: &str = target.last_error.as_deref().or(target.last_refused.as_deref()).unwrap_or("");
    let health: &str = if target.is_mine { target.health.as_str() } else { Health::Unknown.as_str() };
    json!({
        "discoveredLabels": map(&target.discovered),
        "labels": map(&target.labels),
        "scrapePool": target.job,
        "scrapeUrl": target.url,
        "globalUrl": target.url,
        "lastError": error,
        "lastScrape": last,
        "lastScrapeDuration": target.last_duration.as_secs_f64(),
        "health": health,
        "scrapeInterval": promql::numbers::format_duration(target.interval_ms.unsigned_abs()),
        "scrapeTimeout": promql::numbers::format_duration(target.timeout_ms.unsigned_abs()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Time;
    use std::time::Duration;

    fn state(job: &str) -> TargetState {
        TargetState {
            job: job.to_owned(),
            url: "http://a:1/metrics".to_owned(),
            labels: Labels::new([("job", job)]),
            discovered: Labels::new([("__address__", "a:1")]),
            interval_ms: 90_000,
            timeout_ms: 10_000,
            health: Health::Down,
            is_mine: true,
            last_scrape: Some(Time(1_500)),
            last_duration: Duration::from_millis(250),
            last_error: Some("no answer".to_owned()),
            last_refused: None,
            last_samples: 0,
        }
    }

    #[test]
    fn targets_have_the_documented_shape() {
        let dropped = JobState { job: "b".to_owned(), n_dropped: 3, dropped: vec![Labels::new([("x", "y")])], troubles: vec![] };
        let given = |params: &[(&str, &str)]| {
            let params = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            answer(&[state("a"), state("b")], std::slice::from_ref(&dropped), &params)
        };
        let all: Value = given(&[]);
        let first: &Value = &all["activeTargets"][0];
        assert_eq!((first["health"].as_str(), first["lastScrape"].as_str()), (Some("down"), Some("1970-01-01T00:00:01.500Z")));
        assert_eq!((first["scrapeInterval"].as_str(), first["lastError"].as_str()), (Some("1m30s"), Some("no answer")));
        assert_eq!(all["droppedTargets"][0]["discoveredLabels"]["x"], "y");
        assert_eq!(all["droppedTargetCounts"]["b"], 3);
        let active: Value = given(&[("state", "active"), ("scrapePool", "b")]);
        assert_eq!(active["activeTargets"].as_array().map(Vec::len), Some(1));
        assert_eq!(active["droppedTargets"].as_array().map(Vec::len), Some(0));
    }
}
