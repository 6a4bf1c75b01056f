//! One fault after the other, each measured until pages flow again, while alerts come in. Shared by what is killed.

use super::firing::{Answers, Firing};
use super::lanes;
use super::replicas::{Ground, Replicas};
use super::{Outcome, higher, lower};
use crate::benches::alerting::setup::{self, Grouping};
use crate::benches::alerting::sink::Sink;
use crate::benches::alerting::sink::ledger::Found;
use crate::error::Error;
use crate::line::{Line, percentile};
use crate::load::motion::share;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// Four alerts a second.
pub const EVERY: Duration = Duration::from_millis(250);
/// Until pages flow again: longer than any goal, so that what is late is seen and not broken off.
const PATIENCE: Duration = Duration::from_secs(150);
/// Until what was confirmed last is told.
const LAST: Duration = Duration::from_secs(120);
/// After replicas have met and shared the groups.
const SETTLE: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(100);
const SEED: u64 = 0xfa17;

/// Who is killed in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Victim {
    Replica(usize),
    Postgres,
}

/// What was found over all rounds.
pub struct Tally {
    pub found: Found,
    /// From each fault until all lanes had paged, in seconds.
    pub takeover_s: Vec<f64>,
    pub notes: Vec<String>,
}

/// Two replicas with lanes and one route, each alert told by itself.
///
/// # Errors
/// When they don't start.
pub async fn open(data: Option<PathBuf>) -> Result<Replicas, Error> {
    open_on(Ground { data, ..Ground::default() }).await
}

/// The same on another ground.
///
/// # Errors
/// When they don't start.
pub async fn open_on(ground: Ground) -> Result<Replicas, Error> {
    let files = [lanes::rules(), setup::routes(Grouping::EACH)];
    let replicas: Replicas = Replicas::open(ground, &files).await?;
    sleep(SETTLE).await;
    Ok(replicas)
}

/// Kills `faults` times whom `choose` names, with alerts coming in.
///
/// # Errors
/// When somebody does not come back.
pub async fn run(faults: usize, choose: fn(usize) -> Victim) -> Result<Tally, Error> {
    let mut replicas: Replicas = open(None).await?;
    let firing = Firing::begin(replicas.inlet()?, replicas.sink.reader(), EVERY);
    let (mut takeover_s, mut notes): (Vec<f64>, Vec<String>) = (Vec::new(), Vec::new());
    let mut expected: BTreeSet<u64> = BTreeSet::new();
    for round in 0..faults {
        // At another moment between two looks of workers, leases and groups each time.
        sleep(Duration::from_secs_f64(0.5 + 4.0 * share(SEED, round as u64))).await;
        let numbers: BTreeSet<u64> = lanes::numbers(round);
        let took: Duration = one(&mut replicas, choose(round), &numbers).await?;
        expected.extend(&numbers);
        takeover_s.push(took.as_secs_f64());
        let note: String =
            format!("{}: killed {}; pages again after {:.1} s", round + 1, name(choose(round)), took.as_secs_f64());
        eprintln!("   {note}");
        notes.push(note);
    }
    replicas.ready().await?;
    let answers: Answers = firing.end().await?;
    expected.extend(answers.keys());
    let found: Found = count(&replicas.sink, &expected).await;
    replicas.close().await?;
    Ok(Tally { found, takeover_s, notes })
}

fn name(victim: Victim) -> String {
    match victim {
        Victim::Replica(number) => format!("replica {}", number + 1),
        Victim::Postgres => "Postgres".to_owned(),
    }
}

/// One fault, until all lanes have paged; a killed replica is started again after that.
async fn one(replicas: &mut Replicas, victim: Victim, numbers: &BTreeSet<u64>) -> Result<Duration, Error> {
    let doors = replicas.doors();
    let began: Instant = Instant::now();
    match victim {
        Victim::Replica(number) => replicas.kill(number)?,
        Victim::Postgres => replicas.kill_postgres().await?,
    }
    lanes::write(&doors, numbers, 1.0).await?;
    let took: Duration = paged(&replicas.sink, numbers, began).await;
    if let Victim::Replica(number) = victim {
        replicas.start(number).await?;
    }
    lanes::write(&doors, numbers, 0.0).await?;
    Ok(took)
}

/// From `began` to the first page about the last of these. When that does not come it is as long as was waited: that it is lost is counted
/// at the end, and breaks nothing off.
pub async fn paged(sink: &Sink, numbers: &BTreeSet<u64>, began: Instant) -> Duration {
    let waiting: Instant = Instant::now();
    while waiting.elapsed() < PATIENCE {
        let first = sink.read(|ledger| ledger.first_calls());
        let times: Option<Vec<Instant>> = numbers.iter().map(|number| first.get(number).copied()).collect();
        if let Some(last) = times.and_then(|times| times.into_iter().max()) {
            return last.saturating_duration_since(began);
        }
        sleep(LOOK).await;
    }
    began.elapsed()
}

/// Waits until all that was expected came, and counts.
pub async fn count(sink: &Sink, expected: &BTreeSet<u64>) -> Found {
    let began: Instant = Instant::now();
    while began.elapsed() < LAST && !sink.read(|ledger| ledger.has_all(expected)) {
        sleep(LOOK * 5).await;
    }
    sink.read(|ledger| ledger.compare(expected))
}

/// The figures of a tally.
pub fn outcome(case: &str, goal_s: Option<f64>, tally: Tally) -> Outcome {
    let slowest: Line = lower(case, "pages again, slowest", percentile(&tally.takeover_s, 1.0), "s");
    let mut lines: Vec<Line> = counted(case, tally.found);
    lines.push(lower(case, "pages again, median", percentile(&tally.takeover_s, 0.5), "s"));
    lines.push(match goal_s {
        Some(goal_s) => slowest.with_goal(goal_s),
        None => slowest,
    });
    lines.push(higher(case, "faults", tally.takeover_s.len() as f64, "faults"));
    Outcome { lines, notes: tally.notes }
}

/// What was lost, and what came twice.
pub fn counted(case: &str, found: Found) -> Vec<Line> {
    vec![
        lower(case, "pages lost", found.lost as f64, "pages").with_goal(0.0),
        lower(case, "sent twice", found.duplicates_percent(), "%").with_goal(1.0),
        lower(case, "sent twice under another key", found.doubled as f64, "pages").with_goal(0.0),
        higher(case, "pages expected", found.expected as f64, "pages").with_goal(1.0),
    ]
}
