//! `kill -9` of one server, of the other, and of Postgres in turn, every few seconds, while two replicas take samples. Whoever gets no
//! confirmation sends again, to the other replica: what was confirmed must be on both afterwards, and nothing twice.

use crate::door::Door;
use crate::error::Error;
use crate::house::{House, Setting, place};
use crate::ledger::{Found, Ledger, SLOTS};
use crate::line::Line;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use postgres::{EmbeddedConfig, Health, Supervisor};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

const WRITERS: usize = 4;
/// Between two kills: long enough to take samples again, short enough to meet recovery now and then.
const BETWEEN: Duration = Duration::from_secs(3);
/// Recovery of Postgres and of both servers at the end.
const PATIENCE: Duration = Duration::from_secs(60);
/// A writer that was refused comes again after this.
const AGAIN: Duration = Duration::from_millis(20);
/// Times run from an hour ago in steps of 10 ms: more bodies than this would lie in the future.
const MOST_BODIES: i64 = 300_000;
/// One replica follows the other every quarter of a second.
const FOLLOWED: Duration = Duration::from_secs(3);

/// A Postgres of its own and two servers on it.
struct Pair {
    /// First, so that they end before their Postgres does when this is dropped.
    houses: [House; 2],
    postgres: Supervisor,
    kills: usize,
}

/// Kills for `seconds`, then looks on both replicas.
pub async fn run(seconds: u64) -> Result<Vec<Line>, Error> {
    let place = place()?;
    let config = EmbeddedConfig { data_dir: place.path().join("data"), bin_dir: None };
    let postgres: Supervisor = postgres::start(config).await?;
    let mut pair: Pair = Pair::open(postgres).await?;
    let ledger = Ledger::new();
    let stop = Arc::new(AtomicBool::new(false));
    let doors: [Door; 2] = [pair.houses[0].door.clone(), pair.houses[1].door.clone()];
    let writers: Vec<JoinHandle<Vec<i64>>> =
        (0..WRITERS).map(|number| tokio::spawn(write(doors.clone(), number, ledger.clone(), stop.clone()))).collect();
    let began: Instant = Instant::now();
    while began.elapsed() < Duration::from_secs(seconds) {
        sleep(BETWEEN).await;
        pair.kill_next().await?;
    }
    pair.ready().await?;
    stop.store(true, Ordering::SeqCst);
    let mut confirmed: BTreeSet<i64> = BTreeSet::new();
    for writer in writers {
        confirmed.extend(writer.await?);
    }
    sleep(FOLLOWED).await;
    let found: Found = pair.audit(&ledger, &confirmed).await?;
    let (kills, n_confirmed) = (pair.kills as f64, (confirmed.len() * SLOTS) as f64);
    pair.close().await?;
    Ok(vec![
        Line::lower("metrics", "two replicas, kill -9: confirmed samples lost", found.lost as f64, "samples").with_goal(0.0),
        Line::lower("metrics", "two replicas, kill -9: samples doubled", found.doubled as f64, "samples").with_goal(0.0),
        Line::higher("metrics", "two replicas, kill -9: confirmed samples", n_confirmed, "samples").with_goal(1.0),
        Line::higher("metrics", "two replicas, kill -9: kills", kills, "kills"),
    ])
}

impl Pair {
    async fn open(postgres: Supervisor) -> Result<Self, Error> {
        let settings: Vec<Setting> = vec![("DATABASE_URL", postgres.url())];
        let first: House = House::set_up_with(settings.clone()).await?;
        let mut second: House = House::open_with(settings).await?;
        second.door = first.door.at(second.door.url.clone())?;
        Ok(Self { houses: [first, second], postgres, kills: 0 })
    }

    /// One server, the other, Postgres, and again. A server is started again at once; Postgres is by its keeper.
    async fn kill_next(&mut self) -> Result<(), Error> {
        let number: usize = self.kills % 3;
        self.kills += 1;
        match self.houses.get_mut(number) {
            Some(house) => {
                eprintln!("   {}: kill -9 of server {}", self.kills, number + 1);
                house.kill_server()?;
                house.start().await.map(drop)
            }
            None => {
                eprintln!("   {}: kill -9 of Postgres", self.kills);
                kill_postgres(&self.postgres).await
            }
        }
    }

    async fn ready(&mut self) -> Result<(), Error> {
        for house in &mut self.houses {
            house.ready(PATIENCE).await?;
        }
        Ok(())
    }

    /// The worse of what both replicas say.
    async fn audit(&self, ledger: &Ledger, confirmed: &BTreeSet<i64>) -> Result<Found, Error> {
        let mut worst = Found::default();
        for (number, house) in self.houses.iter().enumerate() {
            let found: Found = ledger.audit(&house.door, 0, confirmed).await?;
            eprintln!("   replica {}: {} lost, {} doubled", number + 1, found.lost, found.doubled);
            worst.lost = worst.lost.max(found.lost);
            worst.doubled = worst.doubled.max(found.doubled);
        }
        Ok(worst)
    }

    async fn close(mut self) -> Result<(), Error> {
        for house in &mut self.houses {
            house.stop().await?;
        }
        self.postgres.stop().await.map_err(Error::from)
    }
}

/// Ends the Postgres that runs, and waits until another one is ready.
async fn kill_postgres(postgres: &Supervisor) -> Result<(), Error> {
    let mut health = postgres.health();
    let before: Health = health.borrow_and_update().clone();
    let Health::Ready { pid } = before else { return Err(Error::TooLate { what: "Postgres' process" }) };
    kill(Pid::from_raw(pid), Signal::SIGKILL).map_err(|error| Error::Io { what: "kill Postgres", source: error.into() })?;
    let is_another = |now: &Health| matches!(now, Health::Ready { pid: another } if *another != pid);
    let came: bool = timeout(PATIENCE, health.wait_for(is_another)).await.is_ok_and(|seen| seen.is_ok());
    if came { Ok(()) } else { Err(Error::TooLate { what: "another Postgres" }) }
}

/// Sends bodies until told to stop, each until it is confirmed, and by turns to both replicas; the numbers of those that were.
async fn write(doors: [Door; 2], number: usize, ledger: Ledger, stop: Arc<AtomicBool>) -> Vec<i64> {
    let mut confirmed: Vec<i64> = Vec::new();
    let mut turn: usize = number;
    while !stop.load(Ordering::SeqCst) && ledger.issued() < MOST_BODIES {
        let body_number: i64 = ledger.issue();
        let Ok(body) = ledger.body(body_number) else { break };
        while !stop.load(Ordering::SeqCst) {
            turn += 1;
            match doors[turn % doors.len()].write_all(body.clone()).await {
                Ok(()) => {
                    confirmed.push(body_number);
                    break;
                }
                // It may be there or not: sent again it must not be there twice.
                Err(_) => sleep(AGAIN).await,
            }
        }
    }
    confirmed
}
