//! A storm: five thousand alerts in a minute that belong to twelve systems. Ours is sent what an Alertmanager's webhook would send, each
//! request twice, as after a lost answer. Then Debian's Alertmanager is sent the same alerts by its API, with the same waits.

mod alertmanager;
mod told;

use super::console::Console;
use super::counts::{given, seconds};
use super::list;
use super::setup::{self, Grouping};
use super::sink::ledger::Ledger;
use super::sink::{Format, Sink};
use super::storm::{self, Confirmed, Inlet, Inlets, Status};
use crate::error::Error;
use crate::house::House;
use crate::line::{Line, percentile};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};
use told::{Told, told};

const ALERTS: u64 = 5_000;
const SECONDS: u64 = 60;
const SYSTEMS: u64 = 12;
/// Of one request.
const PER_BODY: u64 = 50;
const GROUPING: Grouping = Grouping { by: "system", wait: "5s", interval: "15s" };
const GOAL_INGEST_MS: f64 = 250.0;
const CONFIRMED: Duration = Duration::from_secs(30);
/// From the last alert to the last message about it: an interval of a group and some.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(500);
/// One that is there twice is one too many.
const STORED: &str = "select count(*) from alert where state = 'firing'";

/// When each alert was confirmed, in the order of its system.
type Waves = BTreeMap<String, Vec<Instant>>;

/// What one of them did.
struct Done {
    ingest_ms: Vec<f64>,
    groups: usize,
    messages: usize,
    told: Told,
}

/// Groups, messages, what was lost or doubled, and how long it took.
pub async fn run() -> Result<Vec<Line>, Error> {
    let (alerts, seconds): (u64, u64) = (given("MIMAMORI_BENCH_ALERTS", ALERTS), seconds(SECONDS));
    let theirs: Option<Done> = match alertmanager::measure(alerts, seconds).await {
        Ok(theirs) => theirs,
        Err(error) => {
            eprintln!("   prometheus-alertmanager has no figures: {error}");
            None
        }
    };
    let sink: Sink = Sink::open(IpAddr::V4(Ipv4Addr::LOCALHOST), Format::Ours).await?;
    let mut house: House = House::set_up_with(setup::settings("127.0.0.0/8")).await?;
    let console: Console = Console::sign_in(&house.door.url).await?;
    let inlets: Inlets = list::open_for(alerts, &house, &console, &sink, GROUPING).await?;
    let (waves, ingest_ms): (Waves, Vec<f64>) = send(&inlets, alerts, seconds).await?;
    let told: Told = wait(&sink, &waves).await;
    let stored: String = house.look(STORED).await?;
    let stored: f64 = stored.trim().parse().map_err(|_| Error::unreadable("the number of alerts", &stored))?;
    house.stop().await?;
    let repeated: usize = sink.read(|ledger| ledger.compare(&BTreeSet::new()).repeated);
    let ours: Done = done(&sink, ingest_ms, told);
    let doubled: f64 = (stored - alerts as f64).max(0.0) + repeated as f64;
    Ok(lines(&format!("{alerts} alerts in {seconds} s"), &ours, theirs.as_ref(), doubled))
}

fn done(sink: &Sink, ingest_ms: Vec<f64>, told: Told) -> Done {
    let (groups, messages) = sink.read(|ledger: &Ledger| {
        let groups: BTreeSet<&str> = ledger.calls().map(|call| call.message.group.as_str()).collect();
        (groups.len(), ledger.calls().count())
    });
    Done { ingest_ms, groups, messages, told }
}

/// Requests at a steady pace, the systems in turn; each once more at once.
async fn send(inlets: &Inlets, alerts: u64, seconds: u64) -> Result<(Waves, Vec<f64>), Error> {
    let mut beat: Interval = pace(alerts, seconds);
    let (mut waves, mut took): (Waves, Vec<f64>) = (Waves::new(), Vec::new());
    for (turn, first) in (0..alerts).step_by(PER_BODY as usize).enumerate() {
        beat.tick().await;
        let system: String = storm::system(turn as u64 % SYSTEMS);
        let numbers = first..alerts.min(first + PER_BODY);
        let count: usize = usize::try_from(numbers.end - numbers.start).unwrap_or(0);
        let body: String = storm::body(Status::Firing, &system, numbers);
        let inlet: &Inlet = inlets.of(first);
        let confirmed: Confirmed = inlet.send(&body, CONFIRMED).await?;
        let again: Confirmed = inlet.send(&body, CONFIRMED).await?;
        took.extend([confirmed.took_ms, again.took_ms]);
        waves.entry(system).or_default().extend(vec![confirmed.began; count]);
    }
    Ok((waves, took))
}

/// As many requests as it takes, spread over the time.
fn pace(alerts: u64, seconds: u64) -> Interval {
    let requests: u64 = alerts.div_ceil(PER_BODY).max(1);
    let mut beat: Interval = interval(Duration::from_millis((seconds * 1_000 / requests).max(1)));
    beat.set_missed_tick_behavior(MissedTickBehavior::Burst);
    beat
}

/// Waits until all were told, and says how that went.
async fn wait(sink: &Sink, waves: &Waves) -> Told {
    let began: Instant = Instant::now();
    loop {
        let told: Told = sink.read(|ledger| told(ledger, waves));
        if told.lost == 0 || began.elapsed() > PATIENCE {
            return told;
        }
        sleep(LOOK).await;
    }
}

fn lines(case: &str, ours: &Done, theirs: Option<&Done>, doubled: f64) -> Vec<Line> {
    let lower = |what: &str, value: f64, unit: &str| Line::lower("alerting", &format!("{case}: {what}"), value, unit);
    let groups: f64 = SYSTEMS as f64;
    vec![
        beside(lower("groups", ours.groups as f64, "groups").with_goal(groups), theirs, |done| done.groups as f64),
        beside(lower("messages", ours.messages as f64, "messages"), theirs, |done| done.messages as f64),
        beside(lower("alerts nobody was told of", ours.told.lost as f64, "alerts").with_goal(0.0), theirs, |done| {
            done.told.lost as f64
        }),
        lower("alerts and messages doubled, each request sent twice", doubled, "of them").with_goal(0.0),
        beside(lower("ingest, p99", percentile(&ours.ingest_ms, 0.99), "ms").with_goal(GOAL_INGEST_MS), theirs, |done| {
            percentile(&done.ingest_ms, 0.99)
        }),
        beside(lower("alert to message, p50", percentile(&ours.told.took_s, 0.5), "s"), theirs, |done| {
            percentile(&done.told.took_s, 0.5)
        }),
        beside(lower("alert to message, p99", percentile(&ours.told.took_s, 0.99), "s"), theirs, |done| {
            percentile(&done.told.took_s, 0.99)
        }),
    ]
}

fn beside(line: Line, theirs: Option<&Done>, value: fn(&Done) -> f64) -> Line {
    match theirs {
        Some(theirs) => line.beside("prometheus-alertmanager", value(theirs), None),
        None => line,
    }
}
