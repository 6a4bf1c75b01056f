//! Dashboards as people meet them: what the server sends before any script runs, and in headless Chromium when the largest part of it is
//! painted, how much it shifts, how soon it answers a hand, how soon twenty viewers see a sample, and what five thousand series do to that.

mod board;
mod browser;
mod hands;
mod html;
mod loads;
mod painting;
mod viewers;
mod vitals;
mod wide;
mod world;

use crate::error::Error;
use crate::line::Line;

/// What can be measured alone, in the order of `all`.
pub const CASES: &[&str] = &["html", "painting", "loads", "hands", "viewers", "wide"];
const BENCH: &str = "dashboards";
/// How much slower the browser's processor is made, as a phone of some years' standing has it.
const SLOW: u32 = 4;

/// Runs one of [`CASES`].
///
/// # Errors
/// Why there is no figure.
pub async fn run(case: &str) -> Result<Vec<Line>, Error> {
    eprintln!("   {case}");
    match case {
        "hands" => hands::run().await,
        "html" => html::run().await,
        "loads" => loads::run().await,
        "painting" => painting::run().await,
        "viewers" => viewers::run().await,
        "wide" => wide::run().await,
        _ => Ok(Vec::new()),
    }
}
