//! Ten thousand rules every 15 s on one processor, which the server shares with its Postgres; who sends the samples has the others. Then
//! prometheus with the very same file of rules, on the same processor.

mod lateness;
mod prometheus;

use super::apart::Apart;
use super::console::Console;
use super::counts::{n, seconds};
use super::setup::{self, Grouping};
use super::sink::{Format, Sink};
use super::texts;
use crate::door::Door;
use crate::error::Error;
use crate::house::{House, Plan, place};
use crate::line::{Line, percentile};
use crate::process;
use crate::samples::now;
use lateness::{Points, Tick, late, of_ours};
use model::Time;
use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, sleep};

const RULES: u64 = 10_000;
const SECONDS: u64 = 180;
const GOAL_LAG_S: f64 = 1.0;
/// Until rates have their samples and every group has had its first tick.
const SETTLE: Duration = Duration::from_secs(45);
/// Ticks still under way when the time is over.
const AFTER: Duration = Duration::from_secs(3);

/// How one of them did.
struct Done {
    missed: f64,
    ticks: Vec<Tick>,
    /// Seconds of processor, of one that has as many as the clock.
    cpu_s: f64,
    took_s: f64,
}

/// Ticks missed, and how late they were.
pub async fn run() -> Result<Vec<Line>, Error> {
    let rules: usize = n("MIMAMORI_BENCH_RULES", RULES);
    let apart: Option<Apart> = Apart::begin()?;
    let through: Vec<String> = if apart.is_some() { Apart::through() } else { Vec::new() };
    if apart.is_none() {
        eprintln!("   there is no second processor: the load takes part of what is measured");
    }
    let theirs: Option<Done> = match prometheus::measure(rules, seconds(SECONDS), through.clone()).await {
        Ok(theirs) => theirs,
        Err(error) => {
            eprintln!("   prometheus has no figures: {error}");
            None
        }
    };
    let ours: Done = measure(rules, seconds(SECONDS), through).await?;
    Ok(lines(rules, &ours, theirs.as_ref()))
}

async fn measure(rules: usize, seconds: u64, through: Vec<String>) -> Result<Done, Error> {
    let sink: Sink = Sink::open(IpAddr::V4(Ipv4Addr::LOCALHOST), Format::Ours).await?;
    let plan = Plan { settings: setup::settings("127.0.0.0/8"), through, ..Plan::default() };
    let mut house: House = House::set_up_as(plan).await?;
    let console: Console = Console::sign_in(&house.door.url).await?;
    setup::add_channel(&console, &house.door.url, setup::CHANNEL, &sink).await?;
    let feeding = Feeding::begin(house.door.another()?, rules);
    take_rules(&house, rules).await?;
    sleep(SETTLE).await;
    let pid: u32 = house.pid().ok_or(Error::TooLate { what: "the server's process" })?;
    let (missed, cpu_s, began): (f64, f64, Instant) = (missed(&house).await?, process::cpu_s(pid), Instant::now());
    sleep(Duration::from_secs(seconds)).await;
    let (cpu_s, took_s): (f64, f64) = (process::cpu_s(pid) - cpu_s, began.elapsed().as_secs_f64());
    sleep(AFTER).await;
    let ticks: Vec<Tick> = ticks(&house.door, seconds).await?;
    let missed: f64 = self::missed(&house).await? - missed;
    drop(feeding);
    house.stop().await?;
    Ok(Done { missed, ticks, cpu_s, took_s })
}

/// The same file that prometheus reads, through `mimamori rules import` and `apply`.
async fn take_rules(house: &House, rules: usize) -> Result<(), Error> {
    let directory: TempDir = place()?;
    let file = directory.path().join("prometheus.yml");
    fs::write(&file, texts::rules(rules)).map_err(Error::io("write the rules"))?;
    let imported: String = house.run(&["rules", "import", &file.display().to_string()]).await?;
    let began: Instant = Instant::now();
    let routes = setup::routes(Grouping { by: "job", wait: "5s", interval: "1m" });
    setup::apply(house, &[("rules.yaml", imported), routes]).await?;
    eprintln!("   {rules} rules applied in {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}

/// Ticks that were missed since there are groups.
async fn missed(house: &House) -> Result<f64, Error> {
    let text: String = house.look("select coalesce(sum(missed), 0) from rule_group where name like 'bench-%'").await?;
    text.trim().parse().map_err(|_| Error::unreadable("the ticks that were missed", &text))
}

/// What the server's own series say of the last seconds.
async fn ticks(door: &Door, seconds: u64) -> Result<Vec<Tick>, Error> {
    let now: Time = now();
    let at: String = format!("{}.{:03}", now.0 / 1_000, now.0 % 1_000);
    let mut both: Vec<Points> = Vec::new();
    for metric in ["mimamori_rule_lag_seconds", "mimamori_rule_group_duration_seconds"] {
        let query: String = format!("{metric}{{rule_group=~\"bench-.*\"}}[{seconds}s]");
        let text: String = door.query("query", &[("query", query.as_str()), ("time", at.as_str())]).await?;
        both.push(lateness::points(&text)?);
    }
    let durations: Points = both.pop().unwrap_or_default();
    let lags: Points = both.pop().unwrap_or_default();
    Ok(of_ours(&lags, &durations))
}

fn lines(rules: usize, ours: &Done, theirs: Option<&Done>) -> Vec<Line> {
    let case = |what: &str| format!("{rules} rules at 15 s, one processor: {what}");
    let lower = |what: &str, value: f64, unit: &str| Line::lower("alerting", &case(what), value, unit);
    let from_tick: Vec<f64> = ours.ticks.iter().map(|tick| tick.after_s + tick.took_s).collect();
    // The newest tick may still be under way.
    let each: u64 = (ours.took_s as u64 / texts::INTERVAL_S).saturating_sub(1);
    let expected: f64 = (rules.div_ceil(texts::PER_GROUP) as u64 * each) as f64;
    vec![
        beside(lower("ticks missed", ours.missed, "ticks").with_goal(0.0), theirs, |done| done.missed),
        beside(lower("lag, p99", lag(ours, 0.99), "s").with_goal(GOAL_LAG_S), theirs, |done| lag(done, 0.99)),
        beside(lower("lag, p50", lag(ours, 0.5), "s"), theirs, |done| lag(done, 0.5)),
        // Groups of one interval begin up to 2 s after their tick, each always at the same place: that is in this figure.
        lower("from the tick to its commit, p99", percentile(&from_tick, 0.99), "s"),
        Line::higher("alerting", &case("ticks that were seen"), ours.ticks.len() as f64, "ticks").with_goal(expected),
        beside(lower("processor, with Postgres", cpu_percent(ours), "%"), theirs, cpu_percent),
    ]
}

fn beside(line: Line, theirs: Option<&Done>, value: fn(&Done) -> f64) -> Line {
    match theirs {
        Some(theirs) => line.beside("prometheus", value(theirs), None),
        None => line,
    }
}

fn lag(done: &Done, share: f64) -> f64 {
    percentile(&late(&done.ticks), share)
}

fn cpu_percent(done: &Done) -> f64 {
    100.0 * done.cpu_s / done.took_s
}

/// Samples every 15 s, until it is dropped.
struct Feeding(JoinHandle<()>);

impl Feeding {
    fn begin(door: Door, rules: usize) -> Self {
        Self(tokio::spawn(feed(door, rules)))
    }
}

impl Drop for Feeding {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn feed(door: Door, rules: usize) {
    let mut beat = interval(Duration::from_secs(texts::INTERVAL_S));
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for tick in 0.. {
        beat.tick().await;
        let bodies: Vec<Vec<u8>> = match texts::bodies(rules, tick, now()) {
            Ok(bodies) => bodies,
            Err(error) => return eprintln!("   no more samples: {error}"),
        };
        for body in bodies {
            if let Err(error) = door.write_all(body).await {
                eprintln!("   samples were not taken: {error}");
            }
        }
    }
}
