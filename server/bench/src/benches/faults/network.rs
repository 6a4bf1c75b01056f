//! A half-open network: the packets of one replica vanish, and no connection ends. The other one must take over, and nothing may be lost.

use super::cluster::{self, Cluster};
use super::firing::{Answers, Firing};
use super::namespace::{Cut, NETWORK, Namespace, OURS, THEIRS};
use super::rounds::{self, EVERY};
use super::{Outcome, lanes, lower, replicas};
use crate::benches::alerting::console::Console;
use crate::benches::alerting::counts::n;
use crate::benches::alerting::setup::{self, Grouping};
use crate::benches::alerting::sink::ledger::Found;
use crate::benches::alerting::sink::{Format, Sink};
use crate::benches::alerting::storm::Inlet;
use crate::door::Door;
use crate::error::Error;
use crate::house::{House, Plan, Setting};
use crate::line::percentile;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tokio::time::sleep;

const FAULTS: u64 = 4;
/// As long as a lease, and as long again.
const GOAL_S: f64 = 20.0;
/// How long a network stays cut after pages flow again.
const CUT: Duration = Duration::from_secs(15);
/// After it was healed: connections that were half-open are found out, replicas meet again.
const HEALED: Duration = Duration::from_secs(40);

/// What was lost or came twice, and how long the other one took.
pub async fn run() -> Result<Outcome, Error> {
    if !nix::unistd::geteuid().is_root() {
        return Ok(Outcome::skipped("a network namespace can be made by root only"));
    }
    let Some(programs) = cluster::programs() else {
        return Ok(Outcome::skipped("no Postgres is installed that could listen on TCP (apt install postgresql)"));
    };
    let namespace: Namespace = match Namespace::open() {
        Ok(namespace) => namespace,
        Err(error) => return Ok(Outcome::skipped(&format!("no network namespace can be made here ({error})"))),
    };
    if let Err(error) = namespace.cut(Cut::Both).and_then(|()| namespace.heal(Cut::Both)) {
        return Ok(Outcome::skipped(&format!("packets can't be dropped here ({error})")));
    }
    let cluster: Cluster = Cluster::open(&programs).await?;
    let sink: Sink = Sink::open(OURS, Format::Ours).await?;
    measure(&namespace, &cluster, &sink).await
}

async fn measure(namespace: &Namespace, cluster: &Cluster, sink: &Sink) -> Result<Outcome, Error> {
    let plans: Vec<Plan> = vec![plan(1, cluster, None), plan(2, cluster, Some(namespace))];
    let (mut houses, console): (Vec<House>, Console) = replicas::houses(plans).await?;
    let inlet: Inlet = set_up(&houses, &console, sink).await?;
    let near: Vec<Door> = houses.iter().take(1).map(|house| house.door.clone()).collect();
    let firing = Firing::begin(inlet, sink.reader(), EVERY);
    let faults: usize = n("MIMAMORI_BENCH_FAULTS", FAULTS);
    let (mut took_s, mut notes): (Vec<f64>, Vec<String>) = (Vec::new(), Vec::new());
    let mut expected: BTreeSet<u64> = BTreeSet::new();
    for fault in 0..faults {
        sleep(HEALED).await;
        let (cut, numbers): (Cut, BTreeSet<u64>) = (if fault % 2 == 0 { Cut::Both } else { Cut::Sent }, lanes::numbers(fault));
        let began: Instant = Instant::now();
        namespace.cut(cut)?;
        lanes::write(&near, &numbers, 1.0).await?;
        let took_s_now: f64 = rounds::paged(sink, &numbers, began).await.as_secs_f64();
        sleep(CUT).await;
        namespace.heal(cut)?;
        lanes::write(&near, &numbers, 0.0).await?;
        expected.extend(&numbers);
        took_s.push(took_s_now);
        let which: &str = if cut == Cut::Both { "in both directions" } else { "that the replica sends" };
        let note: String = format!("{}: packets {which} vanish; pages again after {took_s_now:.1} s", fault + 1);
        eprintln!("   {note}");
        notes.push(note);
    }
    sleep(HEALED).await;
    let answers: Answers = firing.end().await?;
    expected.extend(answers.keys());
    let found: Found = rounds::count(sink, &expected).await;
    for house in &mut houses {
        house.stop().await?;
    }
    let case: String = format!("half-open network, {faults} ×");
    let mut lines = rounds::counted(&case, found);
    lines.push(lower(&case, "pages again, slowest", percentile(&took_s, 1.0), "s").with_goal(GOAL_S));
    Ok(Outcome { lines, notes })
}

/// The first replica is where the bench is, the second one in the namespace.
fn plan(number: usize, cluster: &Cluster, namespace: Option<&Namespace>) -> Plan {
    let mut settings: Vec<Setting> = setup::settings(NETWORK);
    settings.push(("DATABASE_URL", cluster.url.clone()));
    settings.push(("MIMAMORI_HOST_NAME", format!("bench-{number}")));
    let through: Vec<String> = namespace.map(Namespace::through).unwrap_or_default();
    Plan { settings, through, address: namespace.map(|_| THEIRS) }
}

/// Channel, integration, lanes and the route; where alerts are sent to, both replicas in turn.
async fn set_up(houses: &[House], console: &Console, sink: &Sink) -> Result<Inlet, Error> {
    let urls: Vec<String> = houses.iter().map(|house| house.door.url.clone()).collect();
    let (Some(first), Some(url)) = (houses.first(), urls.first()) else {
        return Err(Error::TooLate { what: "the first replica" });
    };
    setup::add_channel(console, url, setup::CHANNEL, sink).await?;
    let path: String = setup::add_integration(console, url).await?;
    setup::apply(first, &[lanes::rules(), setup::routes(Grouping::EACH)]).await?;
    Inlet::new(&urls, &path)
}
