//! A graph of thirty days, as a report shows it: one point an hour of 1,000 gauges. They are sent once a minute, which spares the peers
//! three quarters of what they would have to read at 15 s; roll-ups are as many either way.

use super::Factor;
use super::fill::{Filled, History, fill};
use super::queries::{Panel, timed};
use crate::contender::{Contender, Ground, Who};
use crate::error::Error;
use crate::line::Line;
use crate::load::fleet::{Series, gauges};

const SERIES: usize = 1_000;
const HOURS: i64 = 30 * 24;
const STEP_MS: i64 = 60_000;
const CASE: &str = "30 d × 1,000 series, mean of each hour by path, p99";

const PANEL: Panel = Panel {
    case: CASE,
    expr: "sum by (path) (avg_over_time(bench_temperature_celsius[1h]))",
    hours: HOURS,
    step_s: 3_600,
    requests: 20,
    goal_ms: Some(500.0),
};

/// Reference, goals.
pub const FACTORS: &[Factor] = &[Factor { case: CASE, prometheus: 0.3, victoria_metrics: 1.0 }];

/// Fills, compacts, restarts, asks.
pub async fn measure(who: Who) -> Result<Option<Vec<Line>>, Error> {
    let ground = Ground { late_hours: HOURS + 2, series: 0 };
    let Some(mut contender) = Contender::open(who, &ground).await? else { return Ok(None) };
    let all: Vec<Series> = gauges(SERIES);
    let series = |at: usize| -> Series { all[at].clone() };
    let filled: Filled = fill(&contender, &History { n_series: SERIES, series: &series, hours: HOURS, step_ms: STEP_MS }).await?;
    contender.settle(&ground).await?;
    contender.restart().await?;
    let line: Line = timed(&contender, &PANEL, filled).await;
    contender.stop().await?;
    Ok(Some(vec![line]))
}
