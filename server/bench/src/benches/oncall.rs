//! Who is on call and what people do about an incident: whether a moment alone is answered as in the whole year, how long schedules take to
//! be worked out and to be painted, how a long incident is opened and followed, and whether everybody is reached while processes die.

mod browser;
mod crash;
mod incident;
mod instants;
mod painted;
mod rosters;
mod schedules;
mod screen;
mod window;

use crate::error::Error;
use crate::line::Line;

/// What can be measured alone, in the order of `all`.
pub const CASES: &[&str] = &["render", "instants", "screen", "crash"];
const BENCH: &str = "oncall";

/// Runs one of [`CASES`].
///
/// # Errors
/// Why there is no figure.
pub async fn run(case: &str) -> Result<Vec<Line>, Error> {
    eprintln!("   {case}");
    match case {
        "crash" => crash::run().await,
        "instants" => instants::run(),
        "render" => render().await,
        "screen" => screen::run().await,
        _ => Ok(Vec::new()),
    }
}

/// Worked out, and as browsers show it.
async fn render() -> Result<Vec<Line>, Error> {
    let mut lines: Vec<Line> = window::run()?;
    lines.extend(painted::run().await?);
    Ok(lines)
}
