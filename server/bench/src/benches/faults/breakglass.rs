//! The database is gone for good. Every replica says so by itself, and says when it is back.

use super::replicas::{Ground, Replicas};
use super::{Outcome, higher, lower};
use crate::benches::alerting::counts::n;
use crate::benches::alerting::setup::{self, Grouping};
use crate::benches::alerting::sink::Sink;
use crate::benches::alerting::sink::ledger::Received;
use crate::error::Error;
use crate::line::percentile;
use std::time::{Duration, Instant};
use tokio::time::sleep;

const FAULTS: u64 = 4;
const GOAL_S: f64 = 60.0;
/// Whom to reach without the database is read every minute.
const SETTLE: Duration = Duration::from_secs(75);
const PATIENCE: Duration = Duration::from_secs(180);
const LOOK: Duration = Duration::from_millis(200);
/// The keys of these pages begin so. The last part is a number, or `over`.
const KEY: &str = "breakglass-";

/// From the end of Postgres to the page, and from its return to the word that it is back.
pub async fn run() -> Result<Outcome, Error> {
    let faults: usize = n("MIMAMORI_BENCH_FAULTS", FAULTS);
    let files = [setup::no_rules(), setup::routes(Grouping::EACH)];
    let mut replicas: Replicas = Replicas::open(Ground::default(), &files).await?;
    let (mut gone_s, mut back_s): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    let mut notes: Vec<String> = Vec::new();
    for fault in 0..faults {
        sleep(SETTLE).await;
        let began: Instant = Instant::now();
        replicas.stop_postgres().await?;
        let gone: Option<f64> = wait(&replicas.sink, began, |received| received.message.calls()).await;
        let again: Instant = Instant::now();
        replicas.start_postgres().await?;
        let back: Option<f64> = wait(&replicas.sink, again, |received| received.message.kind == "resolved").await;
        replicas.ready().await?;
        let said = |after: Option<f64>| after.map_or("never".to_owned(), |after| format!("after {after:.1} s"));
        let note: String = format!("{}: paged {}, said to be back {}", fault + 1, said(gone), said(back));
        eprintln!("   {note}");
        notes.push(note);
        gone_s.extend(gone);
        back_s.extend(back);
    }
    replicas.close().await?;
    let case: &str = "the database is gone";
    Ok(Outcome {
        lines: vec![
            lower(case, "outages nobody was paged of", (faults - gone_s.len()) as f64, "outages").with_goal(0.0),
            lower(case, "outage to page, slowest", percentile(&gone_s, 1.0), "s").with_goal(GOAL_S),
            lower(case, "its return to the word that it is back, slowest", percentile(&back_s, 1.0), "s"),
            higher(case, "outages", faults as f64, "outages"),
        ],
        notes,
    })
}

/// How long after `began` the first page of that kind came that needs no database.
async fn wait(sink: &Sink, began: Instant, is_meant: fn(&Received) -> bool) -> Option<f64> {
    let waiting: Instant = Instant::now();
    while waiting.elapsed() < PATIENCE {
        let is_it = |received: &&Received| {
            received.taken && received.at > began && received.message.key.starts_with(KEY) && is_meant(received)
        };
        let at: Option<Instant> = sink.read(|ledger| ledger.all().iter().find(is_it).map(|received| received.at));
        if let Some(at) = at {
            return Some(at.saturating_duration_since(began).as_secs_f64());
        }
        sleep(LOOK).await;
    }
    None
}
