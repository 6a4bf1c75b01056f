//! What a sample takes on disk after compaction: a day of ten hosts' node_exporters at 15 s.

use super::Factor;
use super::fill::{Filled, History, fill};
use crate::contender::{Contender, Ground, Who};
use crate::error::Error;
use crate::line::Line;
use crate::load::fleet::{PER_TARGET, node};

const TARGETS: usize = 10;
const HOURS: i64 = 24;
const STEP_MS: i64 = 15_000;
const CASE: &str = "a sample on disk after compaction, all in";
const GOAL: f64 = 1.0;

/// Reference, goals.
pub const FACTORS: &[Factor] = &[Factor { case: CASE, prometheus: 0.6, victoria_metrics: 1.2 }];

/// Fills, compacts, looks.
pub async fn measure(who: Who) -> Result<Option<Vec<Line>>, Error> {
    let ground = Ground { late_hours: HOURS + 2, series: 0 };
    let Some(mut contender) = Contender::open(who, &ground).await? else { return Ok(None) };
    let history = History { n_series: TARGETS * PER_TARGET, series: &node, hours: HOURS, step_ms: STEP_MS };
    let filled: Filled = fill(&contender, &history).await?;
    contender.settle(&ground).await?;
    let bytes: f64 = contender.bytes_a_sample(filled.n_samples)?;
    let rolled: Option<f64> = contender.rolled_bytes_a_sample()?;
    contender.stop().await?;
    eprintln!("   {bytes:.3} B a sample");
    let mut lines: Vec<Line> = vec![Line::lower("metrics", CASE, bytes, "B").with_goal(GOAL)];
    lines.extend(rolled.map(|rolled| Line::lower("metrics", "of that, roll-ups of 5 min and 1 h", rolled, "B")));
    Ok(Some(lines))
}
