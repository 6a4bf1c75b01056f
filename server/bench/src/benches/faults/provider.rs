//! The provider misbehaves, each way for half a minute and then all ways together; there is a second one, the channel of last resort.

use super::replicas::{Ground, Replicas};
use super::{Outcome, higher, lower};
use crate::benches::alerting::counts::given;
use crate::benches::alerting::setup::{self, Grouping};
use crate::benches::alerting::sink::{Mood, Reader};
use crate::benches::alerting::storm::{self, Confirmed, Inlet, Status};
use crate::error::Error;
use crate::line::percentile;
use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

/// Alerts in mixed weather.
const PAGES: u64 = 1_000;
/// Alerts in each kind of bad weather: half a minute.
const FEW: u64 = 150;
const EVERY: Duration = Duration::from_millis(200);
const CONFIRMED: Duration = Duration::from_secs(30);
/// The next channel is asked after a minute; after that the page is sent.
const PATIENCE: Duration = Duration::from_secs(180);
const LOOK: Duration = Duration::from_millis(500);
/// A page that is refused for good goes to the next channel.
const GOAL_REFUSED_S: f64 = 5.0;
const SETTLE: Duration = Duration::from_secs(20);

/// A way to misbehave; without a mood connections are refused.
struct Weather {
    name: &'static str,
    mood: Option<Mood>,
    alerts: u64,
    /// Until the slowest first page.
    goal_s: Option<f64>,
}

/// An alert's number, and what became of sending it.
type Sent = (u64, Result<Confirmed, Error>);

/// What was lost in each, and how long the first page took.
pub async fn run() -> Result<Outcome, Error> {
    let files = [setup::no_rules(), setup::routes(Grouping::EACH)];
    let mut replicas: Replicas = Replicas::open(Ground { has_spare: true, ..Ground::default() }, &files).await?;
    sleep(SETTLE).await;
    let mut outcome = Outcome::default();
    let mut first: u64 = 1;
    for weather in all() {
        eprintln!("   {}", weather.name);
        let numbers: Range<u64> = first..first + weather.alerts;
        first = numbers.end;
        storm_through(&mut replicas, &weather, numbers, &mut outcome).await?;
    }
    replicas.close().await?;
    Ok(outcome)
}

fn all() -> Vec<Weather> {
    let pages: u64 = given("MIMAMORI_BENCH_PAGES", PAGES);
    let few: u64 = FEW.min(pages);
    let weather = |name: &'static str, mood: Option<Mood>| Weather { name, mood, alerts: few, goal_s: None };
    vec![
        Weather {
            goal_s: Some(GOAL_REFUSED_S),
            ..weather("refused for good (400), to the next channel", Some(Mood::Answers(400)))
        },
        weather("500", Some(Mood::Answers(500))),
        weather("takes the request and hangs up", Some(Mood::Drops)),
        weather("connections refused", None),
        weather("never answers", Some(Mood::Hangs)),
        Weather { alerts: pages, ..weather("10 % never answered, 5 % 500, 2 % hung up on", Some(Mood::Mixed)) },
    ]
}

async fn storm_through(
    replicas: &mut Replicas,
    weather: &Weather,
    numbers: Range<u64>,
    outcome: &mut Outcome,
) -> Result<(), Error> {
    match weather.mood {
        Some(mood) => replicas.sink.set(mood),
        None => replicas.sink.refuse().await,
    }
    let sent: BTreeMap<u64, Instant> = send(&replicas.inlet()?, numbers).await?;
    // In mixed weather it stays mixed to the end: so do providers.
    if weather.mood != Some(Mood::Mixed) {
        replicas.sink.set(Mood::Fine);
    }
    replicas.sink.welcome().await?;
    let readers: Vec<Reader> =
        [Some(replicas.sink.reader()), replicas.spare.as_ref().map(|spare| spare.reader())].into_iter().flatten().collect();
    let took_s: Vec<f64> = wait(&readers, &sent).await;
    replicas.sink.set(Mood::Fine);
    let case: String = format!("provider, {}", weather.name);
    let slowest = lower(&case, "first page, slowest", percentile(&took_s, 1.0), "s");
    outcome.lines.extend([
        lower(&case, "pages lost", (sent.len() - took_s.len()) as f64, "pages").with_goal(0.0),
        lower(&case, "first page, p50", percentile(&took_s, 0.5), "s"),
        match weather.goal_s {
            Some(goal_s) => slowest.with_goal(goal_s),
            None => slowest,
        },
        higher(&case, "pages expected", sent.len() as f64, "pages").with_goal(1.0),
    ]);
    Ok(())
}

/// Raises alerts at a steady pace; when each was sent.
async fn send(inlet: &Inlet, numbers: Range<u64>) -> Result<BTreeMap<u64, Instant>, Error> {
    let mut beat = interval(EVERY);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut sending: JoinSet<Sent> = JoinSet::new();
    for number in numbers {
        beat.tick().await;
        let (inlet, body): (Inlet, String) = (inlet.clone(), storm::single(Status::Firing, number..number + 1));
        sending.spawn(async move { (number, inlet.send(&body, CONFIRMED).await) });
    }
    let mut sent: BTreeMap<u64, Instant> = BTreeMap::new();
    while let Some(ended) = sending.join_next().await {
        let (number, confirmed): Sent = ended?;
        sent.insert(number, confirmed?.began);
    }
    Ok(sent)
}

/// Waits until each was told by one of the providers; how long each took, of those that were.
async fn wait(readers: &[Reader], sent: &BTreeMap<u64, Instant>) -> Vec<f64> {
    let began: Instant = Instant::now();
    loop {
        let took_s: Vec<f64> = took(readers, sent);
        if took_s.len() == sent.len() || began.elapsed() > PATIENCE {
            return took_s;
        }
        sleep(LOOK).await;
    }
}

fn took(readers: &[Reader], sent: &BTreeMap<u64, Instant>) -> Vec<f64> {
    let told: Vec<BTreeMap<u64, Instant>> = readers.iter().map(|reader| reader.read(|ledger| ledger.first_calls())).collect();
    let first = |number: &u64| told.iter().filter_map(|told| told.get(number)).min();
    let one = |(number, began): (&u64, &Instant)| first(number).map(|at| at.saturating_duration_since(*began).as_secs_f64());
    sent.iter().filter_map(one).collect()
}
