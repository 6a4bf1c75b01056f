//! The clock of one machine is set by an hour, forward and back, while alerts come in; then a server starts on a machine whose clock is wrong.

use super::firing::{Answers, Firing};
use super::replicas::{Ground, Replicas};
use super::rounds::{self, EVERY, Tally};
use super::{Outcome, lanes};
use crate::benches::alerting::sink::ledger::Found;
use crate::error::Error;
use crate::load::motion::share;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tokio::time::sleep;

const HOUR_MS: i64 = 3_600_000;
/// A server looks at the file five times a second, and asks the database for the time every five seconds: whatever it makes of a jump, it
/// has made by then.
const SINKS_IN: Duration = Duration::from_secs(7);
/// Nothing is taken over: a jump costs no more than any other look of a worker.
const GOAL_S: f64 = 10.0;
const SEED: u64 = 0xc10c;

/// What happens in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Jump {
    replica: usize,
    /// By how much its machine's clock is wrong from then on.
    to_ms: i64,
    /// Whether the server starts anew with it.
    restarts: bool,
}

/// Each replica an hour ahead and behind and right again, also from one extreme to the other; then each starts with a wrong clock.
const JUMPS: [Jump; 10] = [
    Jump { replica: 0, to_ms: HOUR_MS, restarts: false },
    Jump { replica: 0, to_ms: 0, restarts: false },
    Jump { replica: 1, to_ms: -HOUR_MS, restarts: false },
    Jump { replica: 1, to_ms: HOUR_MS, restarts: false },
    Jump { replica: 0, to_ms: -HOUR_MS, restarts: false },
    Jump { replica: 1, to_ms: 0, restarts: false },
    Jump { replica: 0, to_ms: 0, restarts: false },
    Jump { replica: 0, to_ms: HOUR_MS, restarts: true },
    Jump { replica: 1, to_ms: -HOUR_MS, restarts: true },
    Jump { replica: 0, to_ms: 0, restarts: true },
];

/// What was lost or came twice, and how long pages took right after a jump.
pub async fn run() -> Result<Outcome, Error> {
    let mut replicas: Replicas = rounds::open_on(Ground { has_wrong_clocks: true, ..Ground::default() }).await?;
    let firing = Firing::begin(replicas.inlet()?, replicas.sink.reader(), EVERY);
    let (mut takeover_s, mut notes): (Vec<f64>, Vec<String>) = (Vec::new(), Vec::new());
    let mut expected: BTreeSet<u64> = BTreeSet::new();
    for (round, jump) in JUMPS.iter().enumerate() {
        sleep(SINKS_IN + Duration::from_secs_f64(4.0 * share(SEED, round as u64))).await;
        let numbers: BTreeSet<u64> = lanes::numbers(round);
        let took: Duration = one(&mut replicas, *jump, &numbers).await?;
        expected.extend(&numbers);
        takeover_s.push(took.as_secs_f64());
        let note: String = format!("{}: {}; all lanes paged after {:.1} s", round + 1, said(*jump), took.as_secs_f64());
        eprintln!("   {note}");
        notes.push(note);
    }
    replicas.ready().await?;
    let answers: Answers = firing.end().await?;
    expected.extend(answers.keys());
    let found: Found = rounds::count(&replicas.sink, &expected).await;
    replicas.close().await?;
    let case: String = format!("{} clocks set by an hour", JUMPS.len());
    Ok(rounds::outcome(&case, Some(GOAL_S), Tally { found, takeover_s, notes }))
}

/// One jump, with samples that cross their threshold right after it.
async fn one(replicas: &mut Replicas, jump: Jump, numbers: &BTreeSet<u64>) -> Result<Duration, Error> {
    let doors = replicas.doors();
    if jump.restarts {
        replicas.kill(jump.replica)?;
    }
    replicas.set_clock(jump.replica, jump.to_ms)?;
    if jump.restarts {
        replicas.start(jump.replica).await?;
        replicas.ready().await?;
    }
    let began: Instant = Instant::now();
    lanes::write(&doors, numbers, 1.0).await?;
    let took: Duration = rounds::paged(&replicas.sink, numbers, began).await;
    lanes::write(&doors, numbers, 0.0).await?;
    Ok(took)
}

fn said(jump: Jump) -> String {
    let to: &str = match jump.to_ms.signum() {
        1 => "an hour ahead",
        -1 => "an hour behind",
        _ => "right",
    };
    let how: &str = if jump.restarts { "started with its clock" } else { "its clock set" };
    format!("replica {}, {how} {to}", jump.replica + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_clocks_jump_in_both_directions_and_are_right_in_between() {
        for replica in [0, 1] {
            let of_it: Vec<&Jump> = JUMPS.iter().filter(|jump| jump.replica == replica).collect();
            for to_ms in [HOUR_MS, 0, -HOUR_MS] {
                assert!(of_it.iter().any(|jump| jump.to_ms == to_ms), "{replica} {to_ms}");
            }
            assert!(of_it.iter().any(|jump| jump.restarts));
            assert!(of_it.windows(2).all(|pair| pair[0].to_ms != pair[1].to_ms), "each is a jump");
        }
        assert_eq!(said(JUMPS[8]), "replica 2, started with its clock an hour behind");
    }
}
