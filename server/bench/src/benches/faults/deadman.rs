//! Something dies and stays dead, and somebody must be told that nobody would be told: by the other replica, which misses it, or by
//! `mimamori watch`, which looks from outside and pages over channels of its own.

use super::replicas::{Ground, Replicas};
use super::{Outcome, higher, lower};
use crate::benches::alerting::counts::n;
use crate::benches::alerting::setup::{self, Grouping};
use crate::benches::alerting::sink::Sink;
use crate::benches::alerting::sink::ledger::Received;
use crate::benches::alerting::sink::signature::SECRET;
use crate::error::Error;
use crate::house::{House, place};
use crate::line::{Line, percentile};
use crate::process;
use std::fs;
use std::process::Child;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::time::sleep;

/// Of each kind.
const FAULTS: u64 = 4;
const GOAL_S: f64 = 120.0;
/// Who was away himself listens for a minute before he misses anybody; this is longer, with the start of the other.
const SETTLE: Duration = Duration::from_secs(90);
const PATIENCE: Duration = Duration::from_secs(240);
const LOOK: Duration = Duration::from_millis(500);
/// The replica that the watcher does not look at.
const OTHER: usize = 1;

/// What dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Death {
    /// One of two replicas.
    Replica,
    Servers,
    Database,
}

impl Death {
    const ALL: [Self; 3] = [Self::Replica, Self::Servers, Self::Database];

    fn name(self) -> &'static str {
        match self {
            Self::Replica => "a replica stays dead",
            Self::Servers => "both replicas stay dead",
            Self::Database => "the database stays dead",
        }
    }

    /// How the keys of those begin who must say so: the watch inside, or the one outside.
    fn key(self) -> &'static str {
        match self {
            Self::Replica => "trouble/",
            Self::Servers | Self::Database => "watch-",
        }
    }
}

/// The watcher outside; it ends when this is dropped.
struct Watcher {
    child: Child,
    _place: TempDir,
}

/// From each death to the page about it.
pub async fn run() -> Result<Outcome, Error> {
    let faults: usize = n("MIMAMORI_BENCH_FAULTS", FAULTS);
    let files = [setup::no_rules(), setup::routes(Grouping::EACH)];
    let mut replicas: Replicas = Replicas::open(Ground::default(), &files).await?;
    let watcher: Watcher = Watcher::begin(replicas.house(0), &replicas.sink)?;
    let mut outcome = Outcome::default();
    for death in Death::ALL {
        let mut took_s: Vec<f64> = Vec::new();
        for fault in 0..faults {
            sleep(SETTLE).await;
            let told: Option<f64> = one(&mut replicas, death).await?;
            let said: String = told.map_or("nobody was paged".to_owned(), |told| format!("paged after {told:.1} s"));
            let note: String = format!("{}, {}: {said}", death.name(), fault + 1);
            eprintln!("   {note}");
            outcome.notes.push(note);
            took_s.extend(told);
        }
        outcome.lines.extend(lines(death.name(), faults, &took_s));
    }
    drop(watcher);
    replicas.close().await?;
    Ok(outcome)
}

fn lines(case: &str, faults: usize, took_s: &[f64]) -> [Line; 3] {
    [
        lower(case, "deaths nobody was paged of", (faults - took_s.len()) as f64, "deaths").with_goal(0.0),
        lower(case, "death to page, slowest", percentile(took_s, 1.0), "s").with_goal(GOAL_S),
        higher(case, "deaths", faults as f64, "deaths"),
    ]
}

/// One death, until somebody was told, and the return to life.
async fn one(replicas: &mut Replicas, death: Death) -> Result<Option<f64>, Error> {
    let began: Instant = Instant::now();
    match death {
        Death::Replica => replicas.kill(OTHER)?,
        Death::Servers => {
            replicas.kill(0)?;
            replicas.kill(OTHER)?;
        }
        Death::Database => replicas.stop_postgres().await?,
    }
    let told: Option<f64> = wait(&replicas.sink, began, death.key()).await;
    match death {
        Death::Replica => replicas.start(OTHER).await?,
        Death::Servers => {
            replicas.start(0).await?;
            replicas.start(OTHER).await?;
        }
        Death::Database => replicas.start_postgres().await?,
    }
    replicas.ready().await?;
    Ok(told)
}

/// How long after `began` the first page with such a key came.
async fn wait(sink: &Sink, began: Instant, key: &str) -> Option<f64> {
    while began.elapsed() < PATIENCE {
        let is_told = |call: &&Received| call.at > began && call.message.key.starts_with(key);
        let at: Option<Instant> = sink.read(|ledger| ledger.calls().find(is_told).map(|call| call.at));
        if let Some(at) = at {
            return Some(at.saturating_duration_since(began).as_secs_f64());
        }
        sleep(LOOK).await;
    }
    None
}

impl Watcher {
    /// Watches a server, and pages into the sink.
    fn begin(house: &House, sink: &Sink) -> Result<Self, Error> {
        let place: TempDir = place()?;
        let (channels, state) = (place.path().join("channels.toml"), place.path().join("state.json"));
        let text: String = format!(
            "allow = [\"127.0.0.0/8\"]\n\n[[channel]]\nname = \"outside\"\nkind = \"webhook\"\nlocale = \"en\"\n\
             settings = {{ url = \"{}\", secret = \"{SECRET}\" }}\n",
            sink.url()
        );
        fs::write(&channels, text).map_err(Error::io("write the watcher's channels"))?;
        let (channels, state): (String, String) = (channels.display().to_string(), state.display().to_string());
        let arguments: [&str; 7] =
            ["watch", "--url", &house.door.url, "--channel-file", channels.as_str(), "--state", state.as_str()];
        let child: Child = house.beside(&arguments, &[("MIMAMORI_TOKEN", house.door.token().to_owned())])?;
        Ok(Self { child, _place: place })
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        process::end(&mut self.child);
    }
}
