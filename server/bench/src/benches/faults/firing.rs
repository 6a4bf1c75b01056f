//! Alerts that come in all the while: one after the other at a steady pace, each repeated until a replica has confirmed it. Whether
//! the page about it came is counted afterwards.

use crate::benches::alerting::sink::Reader;
use crate::benches::alerting::storm::{self, Confirmed, Inlet, Status};
use crate::error::Error;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{MissedTickBehavior, interval};

/// Apart from the numbers of lanes.
pub const FIRST: u64 = 1_000_000;
/// How long a sender repeats.
const PATIENCE: Duration = Duration::from_secs(150);
/// What was told and is so old is over: longer than a lease, so that a page which a dead worker would repeat is not taken back before.
const OVER_AFTER: Duration = Duration::from_secs(90);
/// Between two words that some are over.
const RESOLVE_EVERY: u64 = 40;
/// Of one body.
const MOST_RESOLVED: usize = 500;
/// Alerts that wait for their confirmation at once; more is a server that never comes back.
const MOST_OPEN: usize = 2_000;

/// An alert's number, and what became of sending it.
type Sent = (u64, Result<Confirmed, Error>);
/// When each was confirmed.
pub type Answers = BTreeMap<u64, Instant>;

/// A load at work.
pub struct Firing {
    stop: Arc<AtomicBool>,
    task: JoinHandle<Result<Answers, Error>>,
}

impl Firing {
    /// One alert every `every`; `reader` says what was told.
    pub fn begin(inlet: Inlet, reader: Reader, every: Duration) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let task = tokio::spawn(fire(inlet, reader, every, Arc::clone(&stop)));
        Self { stop, task }
    }

    /// Raises no more, waits until all are confirmed, and says which were.
    ///
    /// # Errors
    /// When an alert was never confirmed: the sender is right to complain.
    pub async fn end(mut self) -> Result<Answers, Error> {
        self.stop.store(true, Ordering::SeqCst);
        (&mut self.task).await?
    }
}

impl Drop for Firing {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn fire(inlet: Inlet, reader: Reader, every: Duration, stop: Arc<AtomicBool>) -> Result<Answers, Error> {
    let mut beat = interval(every);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut sending: JoinSet<Sent> = JoinSet::new();
    let (mut answers, mut over): (Answers, BTreeSet<u64>) = (Answers::new(), BTreeSet::new());
    let mut turn: u64 = 0;
    while !stop.load(Ordering::SeqCst) {
        beat.tick().await;
        if sending.len() < MOST_OPEN {
            sending.spawn(raise(inlet.clone(), FIRST + turn));
            turn += 1;
        }
        while let Some(ended) = sending.try_join_next() {
            let (number, confirmed): Sent = ended?;
            answers.insert(number, confirmed?.at);
        }
        if turn.is_multiple_of(RESOLVE_EVERY) {
            resolve(&inlet, &reader, &answers, &mut over);
        }
    }
    while let Some(ended) = sending.join_next().await {
        let (number, confirmed): Sent = ended?;
        answers.insert(number, confirmed?.at);
    }
    Ok(answers)
}

async fn raise(inlet: Inlet, number: u64) -> Sent {
    let body: String = storm::single(Status::Firing, number..number + 1);
    (number, inlet.send(&body, PATIENCE).await)
}

/// Ends what was told long ago, so that a long run does not pile up. Whether that arrives does not matter.
fn resolve(inlet: &Inlet, reader: &Reader, answers: &Answers, over: &mut BTreeSet<u64>) {
    let told: BTreeMap<u64, Instant> = reader.read(|ledger| ledger.first_calls());
    let is_old = |number: &u64| told.get(number).is_some_and(|at| at.elapsed() > OVER_AFTER);
    let some = answers.keys().filter(|number| !over.contains(*number) && is_old(number)).take(MOST_RESOLVED);
    let some: Vec<u64> = some.copied().collect();
    if some.is_empty() {
        return;
    }
    over.extend(&some);
    let (inlet, body): (Inlet, String) = (inlet.clone(), storm::body(Status::Resolved, "single", some.into_iter()));
    tokio::spawn(async move {
        let _ = inlet.send(&body, PATIENCE).await;
    });
}
