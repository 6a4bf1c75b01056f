//! `kill -9` of the server or of Postgres while samples come in, twenty times. What was confirmed before must be there after, and the
//! server must serve again: by itself when Postgres dies, after a plain start when it died itself.

use crate::door::Door;
use crate::error::Error;
use crate::house::House;
use crate::ledger::{Ledger, SLOTS};
use crate::line::{Line, percentile};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

const ROUNDS: usize = 20;
const WRITERS: usize = 2;
/// Bodies that one round may send: more than two writers manage until the last moment to kill.
const MOST_BODIES: i64 = 4_000;
/// Recovery of Postgres and of the server.
const PATIENCE: Duration = Duration::from_secs(60);

/// What happened over all rounds.
#[derive(Default)]
struct Tally {
    confirmed: usize,
    lost: usize,
    back_s: Vec<f64>,
}

/// Confirmed samples that are gone, and how long it took to serve again.
pub async fn run() -> Result<Vec<Line>, Error> {
    let mut house = House::set_up().await?;
    let ledger = Ledger::new();
    let mut tally = Tally::default();
    for number in 0..ROUNDS {
        round(&mut house, &ledger, number, &mut tally).await?;
    }
    house.stop().await?;
    Ok(vec![
        Line::lower("crash", "confirmed samples lost in 20 kills", tally.lost as f64, "samples").with_goal(0.0),
        Line::higher("crash", "confirmed samples", tally.confirmed as f64, "samples"),
        Line::lower("crash", "ready again, slowest of 20", percentile(&tally.back_s, 1.0), "s"),
    ])
}

/// One kill: odd rounds the server, even ones Postgres, each at another moment.
async fn round(house: &mut House, ledger: &Ledger, number: usize, tally: &mut Tally) -> Result<(), Error> {
    let from = ledger.issued();
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<JoinHandle<Vec<i64>>> =
        (0..WRITERS).map(|_| tokio::spawn(write(house.door.clone(), ledger.clone(), from, stop.clone()))).collect();
    tokio::time::sleep(Duration::from_millis(200 + (number as u64 * 137) % 900)).await;
    let (victim, began) = (if number % 2 == 1 { "server" } else { "postgres" }, Instant::now());
    if number % 2 == 1 {
        house.kill_server()?;
        house.start().await?;
    } else {
        let killed = house.kill_postgres()?;
        house.postgres_again(killed, PATIENCE).await?;
    }
    tally.back_s.push(began.elapsed().as_secs_f64());
    stop.store(true, Ordering::SeqCst);
    let mut confirmed: BTreeSet<i64> = BTreeSet::new();
    for writer in writers {
        confirmed.extend(writer.await?);
    }
    if confirmed.is_empty() {
        return Err(Error::TooLate { what: "a confirmed sample" });
    }
    let lost = ledger.audit(&house.door, from, &confirmed).await?.lost;
    eprintln!("   {}: killed {victim}, {} bodies confirmed, {lost} samples lost", number + 1, confirmed.len());
    tally.confirmed += confirmed.len() * SLOTS;
    tally.lost += lost;
    Ok(())
}

/// Sends bodies until told to stop; the numbers of those that were confirmed.
async fn write(door: Door, ledger: Ledger, from: i64, stop: Arc<AtomicBool>) -> Vec<i64> {
    let mut confirmed: Vec<i64> = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let number = ledger.issue();
        if number - from >= MOST_BODIES {
            break;
        }
        let Ok(body) = ledger.body(number) else { break };
        match door.write_all(body).await {
            Ok(()) => confirmed.push(number),
            // Not confirmed: it may be there or not. Asking at once again would only count up.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    confirmed
}
