//! `kill -9` of Postgres, twenty times.

use super::Outcome;
use super::rounds::{self, Tally, Victim};
use crate::benches::alerting::counts::n;
use crate::error::Error;

const FAULTS: u64 = 20;

/// What was lost or came twice, and how long it took until pages flowed again.
pub async fn run() -> Result<Outcome, Error> {
    let faults: usize = n("MIMAMORI_BENCH_FAULTS", FAULTS);
    let tally: Tally = rounds::run(faults, |_| Victim::Postgres).await?;
    Ok(rounds::outcome(&format!("{faults} × kill -9 of Postgres"), None, tally))
}
