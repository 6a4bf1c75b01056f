//! Queries over a day of 10,000 counters at 15 s, through the HTTP API as a dashboard asks them, after compaction. Each asks for another
//! job's thousand series than the one before, and caches of answers are passed by: they would measure the cache.

use super::Factor;
use super::fill::{Filled, History, fill};
use crate::contender::{Contender, Ground, Who};
use crate::error::Error;
use crate::line::{Line, ms_since, percentile};
use crate::load::fleet::{Series, counters};
use std::time::Instant;

const SERIES: usize = 10_000;
const HOURS: i64 = 24;
const STEP_MS: i64 = 15_000;
/// Until files and plans are warm.
const WARM_UP: usize = 2;
/// Jobs among which the series are divided.
const JOBS: usize = 10;
const RESTART: &str = "ready after a restart with a day of 10,000 series";
const RESTART_GOAL_S: f64 = 10.0;

/// A query that is timed.
#[derive(Clone, Copy, Debug)]
pub struct Panel {
    pub case: &'static str,
    /// `$job` is another one in each request.
    pub expr: &'static str,
    pub hours: i64,
    pub step_s: i64,
    pub requests: usize,
    pub goal_ms: Option<f64>,
}

const HOUR: &str = "1 h × 1,000 series, sum of rates by path, p99";
const DAY: &str = "24 h × 1,000 series, sum of rates by path, p99";
const WIDE: &str = "24 h × 10,000 series, sum of rates by path, p99";
const RATES: &str = "sum by (path) (rate(bench_requests_total{job=\"$job\"}[5m]))";

const PANELS: &[Panel] = &[
    Panel { case: HOUR, expr: RATES, hours: 1, step_s: 15, requests: 100, goal_ms: Some(50.0) },
    Panel {
        case: "1 h × 1,000 series, as they are, p99",
        expr: "bench_requests_total{job=\"$job\"}",
        hours: 1,
        step_s: 15,
        requests: 20,
        goal_ms: None,
    },
    Panel { case: DAY, expr: RATES, hours: 24, step_s: 120, requests: 30, goal_ms: Some(300.0) },
    Panel {
        case: WIDE,
        expr: "sum by (path) (rate(bench_requests_total[5m]))",
        hours: 24,
        step_s: 120,
        requests: 10,
        goal_ms: None,
    },
];

/// Reference, goals.
pub const FACTORS: &[Factor] = &[
    Factor { case: HOUR, prometheus: 1.0, victoria_metrics: 1.2 },
    Factor { case: DAY, prometheus: 1.0, victoria_metrics: 1.5 },
    Factor { case: WIDE, prometheus: 1.0, victoria_metrics: 1.5 },
];

/// Fills, compacts, restarts, asks.
pub async fn measure(who: Who) -> Result<Option<Vec<Line>>, Error> {
    let ground = Ground { late_hours: HOURS + 2, series: 0 };
    let Some(mut contender) = Contender::open(who, &ground).await? else { return Ok(None) };
    let all: Vec<Series> = counters(SERIES);
    let series = |at: usize| -> Series { all[at].clone() };
    let filled: Filled = fill(&contender, &History { n_series: SERIES, series: &series, hours: HOURS, step_ms: STEP_MS }).await?;
    contender.settle(&ground).await?;
    let again_s: f64 = contender.restart().await?.as_secs_f64();
    let mut lines: Vec<Line> = Vec::new();
    for panel in PANELS {
        lines.push(timed(&contender, panel, filled).await);
    }
    contender.stop().await?;
    let restart = Line::lower("metrics", RESTART, again_s, "s");
    lines.push(if filled.hours == HOURS { restart.with_goal(RESTART_GOAL_S) } else { restart });
    Ok(Some(lines))
}

/// The slowest but one in a hundred. A query that is refused, or asks for more than was sent, has no figure, and that is said.
pub async fn timed(contender: &Contender, panel: &Panel, filled: Filled) -> Line {
    let took: Vec<f64> = if panel.hours > filled.hours {
        eprintln!("   {}: there are only {} h", panel.case, filled.hours);
        Vec::new()
    } else {
        ask_all(contender, panel, filled.end).await.unwrap_or_else(|error| {
            eprintln!("   {}: {error}", panel.case);
            Vec::new()
        })
    };
    let line = Line::lower("metrics", panel.case, percentile(&took, 0.99), "ms");
    eprintln!("   {}: {:.1} ms (p50 {:.1})", panel.case, line.value, percentile(&took, 0.5));
    match panel.goal_ms {
        Some(goal_ms) => line.with_goal(goal_ms),
        None => line,
    }
}

async fn ask_all(contender: &Contender, panel: &Panel, end: i64) -> Result<Vec<f64>, Error> {
    let mut took: Vec<f64> = Vec::with_capacity(panel.requests);
    for number in 0..WARM_UP + panel.requests {
        let began: Instant = Instant::now();
        ask(contender, panel, number, end).await?;
        if number >= WARM_UP {
            took.push(ms_since(began));
        }
    }
    Ok(took)
}

async fn ask(contender: &Contender, panel: &Panel, number: usize, end: i64) -> Result<(), Error> {
    let expr: String = panel.expr.replace("$job", &format!("job-{}", number % JOBS));
    let end_s: i64 = end / 1_000;
    let (start, end, step) = ((end_s - panel.hours * 3_600).to_string(), end_s.to_string(), panel.step_s.to_string());
    let mut params: Vec<(&str, &str)> =
        vec![("query", expr.as_str()), ("start", start.as_str()), ("end", end.as_str()), ("step", step.as_str())];
    params.extend(contender.beside_query());
    let answer: String = contender.door().query("query_range", &params).await?;
    // One of the ten paths that every answer has.
    if answer.contains("\"path\":\"/p4\"") { Ok(()) } else { Err(Error::unreadable("the answer of a query", &answer)) }
}
