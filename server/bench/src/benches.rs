//! The benchmarks, one file each.

mod chart;
mod crash;
mod idle;
mod ingest;
mod live;
pub mod metrics;
mod now;
mod plain;
mod promql;
mod start;
mod wasm;

use crate::error::Error;
use crate::line::Line;

/// Every bench, the quick ones first.
pub const NAMES: &[&str] = &["wasm", "chart", "plain", "start", "now", "live", "promql", "ingest", "idle", "crash", "metrics"];

/// Runs one bench; `case` is one of `metrics::CASES` for that bench, and empty for the others.
///
/// # Errors
/// Why there is no figure. An unknown name has no lines.
pub async fn run(name: &str, case: &str) -> Result<Vec<Line>, Error> {
    match name {
        "chart" => Ok(chart::run()),
        "crash" => crash::run().await,
        "idle" => idle::run().await,
        "ingest" => ingest::run().await,
        "live" => live::run().await,
        "metrics" => metrics::run(case).await,
        "now" => now::run().await,
        "plain" => plain::run().await,
        "promql" => promql::run().await,
        "start" => start::run().await,
        "wasm" => wasm::run(),
        _ => Ok(Vec::new()),
    }
}
