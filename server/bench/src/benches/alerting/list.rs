//! Fifty thousand alerts that fire: how long the list of them takes, and the screen Now.

use super::console::Console;
use super::counts::given;
use super::setup::{self, Grouping};
use super::sink::{Format, Sink};
use super::storm::{self, Inlet, Inlets, Status};
use crate::error::Error;
use crate::house::House;
use crate::line::{Line, ms_since, percentile};
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};
use tokio::time::sleep;

const ALERTS: u64 = 50_000;
/// Of one body: five bodies a minute of a busy Alertmanager.
const PER_BODY: u64 = 2_000;
/// Groups they are told in.
const GROUPS: u64 = 12;
const WARM_UP: usize = 5;
const REQUESTS: usize = 100;
const GOAL_MS: f64 = 200.0;
/// A body of two thousand, taken.
const PATIENCE: Duration = Duration::from_secs(60);
/// Until all are put into groups and told.
const TOLD: Duration = Duration::from_secs(180);
const LOOK: Duration = Duration::from_secs(1);
/// Those that nobody was told of yet.
const UNTOLD: &str = "select (select count(*) from alert where state = 'firing') \
    - (select count(*) from alert_group_member where told_severity is not null)";

/// Both screens, one request after the other, each from the first byte sent to the last received.
pub async fn run() -> Result<Vec<Line>, Error> {
    let alerts: u64 = given("MIMAMORI_BENCH_ALERTS", ALERTS);
    let sink: Sink = Sink::open(IpAddr::V4(Ipv4Addr::LOCALHOST), Format::Ours).await?;
    let mut house: House = House::set_up_with(setup::settings("127.0.0.0/8")).await?;
    let console: Console = Console::sign_in(&house.door.url).await?;
    let grouping = Grouping { by: "system", wait: "5s", interval: "15s" };
    let inlets: Inlets = open_for(alerts, &house, &console, &sink, grouping).await?;
    fill(&inlets, alerts).await?;
    settle(&house).await?;
    let mut lines: Vec<Line> = Vec::new();
    for (path, name) in [("/alerts", "the list"), ("/", "Now")] {
        lines.extend(screen(&house, path, &format!("{alerts} alerts fire: {name}")).await?);
    }
    house.stop().await?;
    Ok(lines)
}

/// Lets a house page into the sink, with no rules of its own; where alerts are sent to.
///
/// # Errors
/// When any of it is refused.
pub async fn open(house: &House, console: &Console, sink: &Sink, grouping: Grouping) -> Result<Inlet, Error> {
    Ok(open_for(1, house, console, sink, grouping).await?.first)
}

/// The same for so many alerts at once, by as many integrations as that takes.
///
/// # Errors
/// When any of it is refused.
pub async fn open_for(alerts: u64, house: &House, console: &Console, sink: &Sink, grouping: Grouping) -> Result<Inlets, Error> {
    let url: &str = &house.door.url;
    setup::add_channel(console, url, setup::CHANNEL, sink).await?;
    let inlet = |path: &str| Inlet::new(&[url.to_owned()], path);
    let first: Inlet = inlet(&setup::add_integration(console, url).await?)?;
    let mut others: Vec<Inlet> = Vec::new();
    for number in 1..Inlets::needed(alerts) {
        others.push(inlet(&setup::add_named(console, url, &format!("Bench {}", number + 1)).await?)?);
    }
    setup::apply(house, &[setup::no_rules(), setup::routes(grouping)]).await?;
    Ok(Inlets::new(first, others))
}

async fn fill(inlets: &Inlets, alerts: u64) -> Result<(), Error> {
    let began: Instant = Instant::now();
    for (turn, first) in (0..alerts).step_by(PER_BODY as usize).enumerate() {
        let numbers = first..alerts.min(first + PER_BODY);
        let body: String = storm::body(Status::Firing, &storm::system(turn as u64 % GROUPS), numbers);
        inlets.of(first).send(&body, PATIENCE).await?;
    }
    eprintln!("   {alerts} alerts taken in {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}

/// Waits until everybody was told of everything, so that screens are measured in a house at rest.
async fn settle(house: &House) -> Result<(), Error> {
    let began: Instant = Instant::now();
    while began.elapsed() < TOLD {
        if house.look(UNTOLD).await?.trim() == "0" {
            return Ok(());
        }
        sleep(LOOK).await;
    }
    Err(Error::TooLate { what: "the last page about an alert" })
}

async fn screen(house: &House, path: &str, case: &str) -> Result<Vec<Line>, Error> {
    let mut took: Vec<f64> = Vec::with_capacity(REQUESTS);
    let mut bytes: usize = 0;
    for round in 0..WARM_UP + REQUESTS {
        let began: Instant = Instant::now();
        let answer = house.door.screen(path).await?;
        let status: u16 = answer.status().as_u16();
        bytes = answer.bytes().await?.len();
        if status != 200 {
            return Err(Error::Refused { what: path.to_owned(), status, body: String::new() });
        }
        if round >= WARM_UP {
            took.push(ms_since(began));
        }
    }
    Ok(vec![
        Line::lower("alerting", &format!("{case}, p50"), percentile(&took, 0.5), "ms"),
        Line::lower("alerting", &format!("{case}, p99"), percentile(&took, 0.99), "ms").with_goal(GOAL_MS),
        Line::lower("alerting", &format!("{case}, not compressed"), bytes as f64 / 1_000.0, "kB"),
    ])
}
