//! Rules, alerts, and the pages that come of them, beside prometheus and prometheus-alertmanager as Debian ships them where they do the
//! same job. Pages go to a provider of our own on this machine, which checks signatures and counts.

mod apart;
mod burst;
pub mod console;
pub mod counts;
mod delivery;
mod list;
mod rival;
mod rules;
pub mod setup;
pub mod sink;
pub mod storm;
mod texts;

use crate::error::Error;
use crate::line::Line;

/// What can be measured alone, in the order of `all`.
pub const CASES: &[&str] = &["delivery", "burst", "list", "rules"];

/// Runs one of [`CASES`].
///
/// # Errors
/// Why there is no figure of ours. A peer without figures is said on standard error and has no ratio.
pub async fn run(case: &str) -> Result<Vec<Line>, Error> {
    eprintln!("   {case}");
    match case {
        "burst" => burst::run().await,
        "delivery" => delivery::run().await,
        "list" => list::run().await,
        "rules" => rules::run().await,
        _ => Ok(Vec::new()),
    }
}
