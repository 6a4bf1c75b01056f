//! `kill -9` of a random replica, forty times.

use super::Outcome;
use super::rounds::{self, Tally, Victim};
use crate::benches::alerting::counts::n;
use crate::error::Error;
use crate::load::motion::mixed;

const FAULTS: u64 = 40;
/// A lease lasts 15 s; the rest is for finding out, and for the page.
const GOAL_S: f64 = 20.0;
const SEED: u64 = 6;

/// What was lost or came twice, and how long the other one took.
pub async fn run() -> Result<Outcome, Error> {
    let faults: usize = n("MIMAMORI_BENCH_FAULTS", FAULTS);
    let tally: Tally = rounds::run(faults, victim).await?;
    Ok(rounds::outcome(&format!("{faults} × kill -9 of a replica"), Some(GOAL_S), tally))
}

/// The same ones in every run.
fn victim(round: usize) -> Victim {
    Victim::Replica(usize::from(mixed(round as u64 + SEED).is_multiple_of(2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_replicas_are_killed_about_as_often() {
        let second = (0..40).filter(|round| victim(*round) == Victim::Replica(1)).count();
        assert!((12..=28).contains(&second), "{second}");
    }
}
