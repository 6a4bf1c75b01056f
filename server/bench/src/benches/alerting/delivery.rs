//! Fifty alerts a second for a minute, each told by itself: from sending an alert until the request that tells of it is at the provider.

use super::console::Console;
use super::counts::{given, seconds};
use super::list;
use super::setup::{self, Grouping};
use super::sink::ledger::Found;
use super::sink::{Format, Sink};
use super::storm::{self, Confirmed, Inlet, Status};
use crate::error::Error;
use crate::house::House;
use crate::line::{Line, percentile};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

const SECONDS: u64 = 60;
const A_SECOND: u64 = 50;
const GOAL_P50_S: f64 = 1.0;
const GOAL_P99_S: f64 = 5.0;
const CONFIRMED: Duration = Duration::from_secs(30);
/// After the last alert was confirmed.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(200);

/// An alert's number and when it was sent and confirmed.
type Sent = (u64, Result<Confirmed, Error>);

/// How long each took, and whether each came once.
pub async fn run() -> Result<Vec<Line>, Error> {
    let (a_second, seconds): (u64, u64) = (given("MIMAMORI_BENCH_RATE", A_SECOND), seconds(SECONDS));
    let sink: Sink = Sink::open(IpAddr::V4(Ipv4Addr::LOCALHOST), Format::Ours).await?;
    let mut house: House = House::set_up_with(setup::settings("127.0.0.0/8")).await?;
    let console: Console = Console::sign_in(&house.door.url).await?;
    let inlet: Inlet = list::open(&house, &console, &sink, Grouping::EACH).await?;
    let sent: BTreeMap<u64, Confirmed> = send(&inlet, a_second, a_second * seconds).await?;
    let expected: BTreeSet<u64> = sent.keys().copied().collect();
    let began: Instant = Instant::now();
    while began.elapsed() < PATIENCE && !sink.read(|ledger| ledger.has_all(&expected)) {
        sleep(LOOK).await;
    }
    house.stop().await?;
    let (first, found, forged) =
        sink.read(|ledger| (ledger.first_calls(), ledger.compare(&expected), ledger.forged + ledger.unreadable));
    let took = |(number, at): (&u64, &Instant)| sent.get(number).map(|sent| at.duration_since(sent.began).as_secs_f64());
    let took: Vec<f64> = first.iter().filter_map(took).collect();
    Ok(lines(&format!("{a_second} alerts/s for {seconds} s"), &took, found, forged))
}

fn lines(case: &str, took_s: &[f64], found: Found, forged: usize) -> Vec<Line> {
    let lower = |what: &str, value: f64, unit: &str| Line::lower("alerting", &format!("{case}: {what}"), value, unit);
    vec![
        lower("alert to provider, p50", percentile(took_s, 0.5), "s").with_goal(GOAL_P50_S),
        lower("alert to provider, p99", percentile(took_s, 0.99), "s").with_goal(GOAL_P99_S),
        lower("pages lost", found.lost as f64, "pages").with_goal(0.0),
        lower("pages doubled", (found.repeated + found.doubled) as f64, "pages").with_goal(0.0),
        lower("messages whose signature does not hold", forged as f64, "messages").with_goal(0.0),
        Line::higher("alerting", &format!("{case}: pages"), found.expected as f64, "pages"),
    ]
}

/// Sends at a steady pace, whatever earlier ones wait for.
async fn send(inlet: &Inlet, a_second: u64, alerts: u64) -> Result<BTreeMap<u64, Confirmed>, Error> {
    let mut beat = interval(Duration::from_secs(1) / u32::try_from(a_second).unwrap_or(u32::MAX));
    beat.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut sending: JoinSet<Sent> = JoinSet::new();
    for number in 0..alerts {
        beat.tick().await;
        let (inlet, body): (Inlet, String) = (inlet.clone(), storm::single(Status::Firing, number..number + 1));
        sending.spawn(async move { (number, inlet.send(&body, CONFIRMED).await) });
    }
    let mut sent: BTreeMap<u64, Confirmed> = BTreeMap::new();
    while let Some(ended) = sending.join_next().await {
        let (number, confirmed): Sent = ended?;
        sent.insert(number, confirmed?);
    }
    Ok(sent)
}
