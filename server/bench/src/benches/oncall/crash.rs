//! What becomes of escalations when their workers die (the reference's case C9): three servers over one Postgres, one of them killed every two
//! seconds, Postgres away for ten, and a provider that does not answer a tenth of all requests, refuses a twentieth and hangs up on some.
//!
//! Every alert is routed to an escalation policy and to no channel, so whatever reaches the provider went through a run, its step and the
//! outbox. Counted is what came there, against what was confirmed to whoever raised it.

use crate::benches::alerting::counts::given;
use crate::benches::alerting::setup::{self, CHANNEL, File};
use crate::benches::alerting::sink::Mood;
use crate::benches::alerting::sink::ledger::Found;
use crate::benches::faults::firing::{Answers, Firing};
use crate::benches::faults::replicas::{Ground, Replicas};
use crate::error::Error;
use crate::line::{Line, percentile};
use crate::load::motion::mixed;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use tokio::time::sleep;

const BENCH: &str = "oncall";
/// A thousand alerts in two minutes.
const EVERY: Duration = Duration::from_millis(120);
const LASTS_S: u64 = 120;
const KILL_EVERY: Duration = Duration::from_secs(2);
const AWAY: Duration = Duration::from_secs(10);
const SERVERS: u64 = 3;
/// After replicas have met.
const SETTLE: Duration = Duration::from_secs(20);
/// Until what was confirmed last is told: a provider that hung up is asked again after a minute.
const LAST: Duration = Duration::from_secs(180);
const LOOK: Duration = Duration::from_millis(500);
const SEED: u64 = 9;

/// How many were lost, how many came twice, and how long the first page took.
///
/// # Errors
/// When a server does not come back.
pub async fn run() -> Result<Vec<Line>, Error> {
    let files: [File; 3] = [setup::no_rules(), routes(), policies()];
    let mut replicas: Replicas = Replicas::open(Ground { more: 1, ..Ground::default() }, &files).await?;
    sleep(SETTLE).await;
    replicas.sink.set(Mood::Mixed);
    let firing = Firing::begin(replicas.inlet()?, replicas.sink.reader(), EVERY);
    let n_kills: u64 = kill_on(&mut replicas, Duration::from_secs(given("MIMAMORI_BENCH_SECONDS", LASTS_S))).await?;
    replicas.ready().await?;
    let answers: Answers = firing.end().await?;
    let expected: BTreeSet<u64> = answers.keys().copied().collect();
    let found: Found = count(&replicas, &expected).await;
    let took_s: Vec<f64> = took(&replicas, &answers);
    replicas.close().await?;
    Ok(lines(found, &took_s, n_kills))
}

/// One route for everything, to the policy and to nobody else.
fn routes() -> File {
    let text: &str = "routes:\n  name: all\n  channels: []\n  escalation: bench\n  group_by: [\"...\"]\n  group_wait: 0\n  \
                      group_interval: 1s\n  repeat_interval: 7d\n  send_resolved: false\n";
    ("routes.yaml", text.to_owned())
}

/// One step, once.
fn policies() -> File {
    let text: String =
        format!("policies:\n  - name: bench\n    steps:\n      - wait: 24h\n        notify:\n          - channel: {CHANNEL}\n");
    ("policies.yaml", text)
}

/// Kills a server every two seconds, and takes Postgres away once; how many servers that were.
async fn kill_on(replicas: &mut Replicas, lasts: Duration) -> Result<u64, Error> {
    let began: Instant = Instant::now();
    let (mut n_kills, mut was_away): (u64, bool) = (0, false);
    while began.elapsed() < lasts {
        sleep(KILL_EVERY).await;
        if !was_away && began.elapsed() > lasts / 2 {
            was_away = true;
            eprintln!("   Postgres is away for {} s", AWAY.as_secs());
            replicas.stop_postgres().await?;
            sleep(AWAY).await;
            replicas.start_postgres().await?;
        }
        let victim: usize = usize::try_from(mixed(n_kills + SEED) % SERVERS).unwrap_or(0);
        replicas.kill(victim)?;
        replicas.start(victim).await?;
        n_kills += 1;
    }
    Ok(n_kills)
}

/// Waits until all that was expected came, and counts.
async fn count(replicas: &Replicas, expected: &BTreeSet<u64>) -> Found {
    let began: Instant = Instant::now();
    while began.elapsed() < LAST && !replicas.sink.read(|ledger| ledger.has_all(expected)) {
        sleep(LOOK).await;
    }
    replicas.sink.read(|ledger| ledger.compare(expected))
}

/// From the confirmation of each alert to its first page, of those that came.
fn took(replicas: &Replicas, answers: &Answers) -> Vec<f64> {
    let first: BTreeMap<u64, Instant> = replicas.sink.read(|ledger| ledger.first_calls());
    let one = |(number, at): (&u64, &Instant)| first.get(number).map(|told| told.saturating_duration_since(*at).as_secs_f64());
    answers.iter().filter_map(one).collect()
}

fn lines(found: Found, took_s: &[f64], n_kills: u64) -> Vec<Line> {
    let lower = |what: &str, value: f64, unit: &str| Line::lower(BENCH, &format!("crash: {what}"), value, unit);
    let higher = |what: &str, value: f64, unit: &str| Line::higher(BENCH, &format!("crash: {what}"), value, unit);
    vec![
        lower("first pages lost", found.lost as f64, "pages").with_goal(0.0),
        lower("paged twice under another key", found.doubled as f64, "pages").with_goal(0.0),
        lower("sent twice under the same key", found.duplicates_percent(), "%"),
        higher("pages expected", found.expected as f64, "pages").with_goal(1.0),
        lower("first page, p50", percentile(took_s, 0.5), "s"),
        lower("first page, slowest", percentile(took_s, 1.0), "s"),
        higher("kill -9 of a server", n_kills as f64, "kills"),
    ]
}
