//! What becomes of pages when something dies: replicas and Postgres are killed, providers misbehave, networks swallow, disks are full. Each
//! case counts at the provider which pages came, and how often, against those that had to come, and says how long it took.
//!
//! A page is expected for every alert that was confirmed to whoever raised it (a sender repeats what was not), and for every sample beyond
//! a threshold that was confirmed. The clock of this machine is not turned: a server is told by a file how wrong its machine's clock is.

mod breakglass;
mod clocks;
mod cluster;
mod database;
mod deadman;
mod disk;
pub mod firing;
mod kills;
mod lanes;
mod namespace;
mod network;
mod provider;
mod quiet;
mod race;
pub mod replicas;
pub mod report;
mod rounds;

use crate::error::Error;
use crate::line::Line;
use report::{Report, Section};

/// What can be measured alone, in the order of a whole run.
pub const CASES: &[&str] =
    &["race", "provider", "kills", "postgres", "clocks", "network", "disk", "deadman", "breakglass", "quiet"];
/// How lines of these are called.
const BENCH: &str = "faults";

/// What a case found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    pub lines: Vec<Line>,
    /// One a fault, or why nothing could be measured.
    pub notes: Vec<String>,
}

impl Outcome {
    /// Nothing could be measured here, and why.
    fn skipped(why: &str) -> Self {
        eprintln!("   skipped: {why}");
        Self { lines: Vec::new(), notes: vec![format!("Not measured: {why}.")] }
    }
}

/// Runs one of [`CASES`] and puts it into the report.
///
/// # Errors
/// Why there are no figures, which the report says too.
pub async fn run(case: &str, report: &mut Report) -> Result<Vec<Line>, Error> {
    eprintln!("   {case}");
    match measure(case).await {
        Ok(outcome) => {
            report.put(Section { case: case.to_owned(), outcome: outcome.clone() })?;
            Ok(outcome.lines)
        }
        Err(error) => {
            let notes: Vec<String> = vec![format!("Broke off: {error}.")];
            report.put(Section { case: case.to_owned(), outcome: Outcome { lines: Vec::new(), notes } })?;
            Err(error)
        }
    }
}

async fn measure(case: &str) -> Result<Outcome, Error> {
    match case {
        "breakglass" => breakglass::run().await,
        "clocks" => clocks::run().await,
        "deadman" => deadman::run().await,
        "disk" => disk::run().await,
        "kills" => kills::run().await,
        "network" => network::run().await,
        "postgres" => database::run().await,
        "provider" => provider::run().await,
        "quiet" => quiet::run().await,
        "race" => race::run().await,
        _ => Ok(Outcome::default()),
    }
}

/// A figure of which less is better.
fn lower(case: &str, what: &str, value: f64, unit: &str) -> Line {
    Line::lower(BENCH, &format!("{case}: {what}"), value, unit)
}

/// A figure of which more is better.
fn higher(case: &str, what: &str, value: f64, unit: &str) -> Line {
    Line::higher(BENCH, &format!("{case}: {what}"), value, unit)
}
