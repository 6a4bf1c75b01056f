//! The benchmarks, one file each.

pub mod alerting;
mod browser;
mod chart;
mod charts;
mod crash;
mod dashboards;
mod documents;
mod documents_search;
pub mod faults;
mod idle;
mod ingest;
mod live;
pub mod metrics;
mod now;
mod oncall;
mod plain;
mod promql;
mod served;
mod start;
mod wasm;

use crate::error::Error;
use crate::line::Line;
use faults::report::Report;

/// Every bench, the quick ones first.
pub const NAMES: &[&str] = &[
    "wasm",
    "chart",
    "charts",
    "oncall",
    "plain",
    "start",
    "now",
    "live",
    "promql",
    "ingest",
    "idle",
    "crash",
    "metrics",
    "alerting",
    "documents",
    "documents_search",
    "dashboards",
    "faults",
];
/// Not part of `all`: it takes some two hours, and wants to be root.
pub const APART: &str = "faults";

/// What can be measured alone of a bench; nothing for most.
pub fn cases(name: &str) -> &'static [&'static str] {
    match name {
        "alerting" => alerting::CASES,
        "dashboards" => dashboards::CASES,
        "documents" => documents::CASES,
        "faults" => faults::CASES,
        "metrics" => metrics::CASES,
        "oncall" => oncall::CASES,
        _ => &[],
    }
}

/// Runs one bench; `case` is one of its [`cases`], and empty where there are none. Faults go into the report.
///
/// # Errors
/// Why there is no figure. An unknown name has no lines.
pub async fn run(name: &str, case: &str, report: &mut Report) -> Result<Vec<Line>, Error> {
    match name {
        "alerting" => alerting::run(case).await,
        "chart" => Ok(chart::run()),
        "charts" => charts::run(),
        "crash" => crash::run().await,
        "dashboards" => dashboards::run(case).await,
        "documents" => documents::run(case).await,
        "documents_search" => documents_search::run().await,
        "faults" => faults::run(case, report).await,
        "idle" => idle::run().await,
        "ingest" => ingest::run().await,
        "live" => live::run().await,
        "metrics" => metrics::run(case).await,
        "now" => now::run().await,
        "oncall" => oncall::run(case).await,
        "plain" => plain::run().await,
        "promql" => promql::run().await,
        "start" => start::run().await,
        "wasm" => wasm::run(),
        _ => Ok(Vec::new()),
    }
}
