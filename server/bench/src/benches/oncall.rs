//! Who is on call: whether a moment alone is answered as in the whole year, and how long schedules take to be worked out. No server: the
//! same lines run in it and in the browser's preview. And whether everybody is reached while processes die.

mod crash;
mod instants;
mod schedules;
mod window;

use crate::error::Error;
use crate::line::Line;

/// What can be measured alone, in the order of `all`.
pub const CASES: &[&str] = &["render", "instants", "crash"];

/// Runs one of [`CASES`].
///
/// # Errors
/// When a zone of the bench is none of the zone database's.
pub async fn run(case: &str) -> Result<Vec<Line>, Error> {
    eprintln!("   {case}");
    match case {
        "crash" => crash::run().await,
        "instants" => instants::run(),
        "render" => window::run(),
        _ => Ok(Vec::new()),
    }
}
