//! `kill -9` of the server, and every so often of Postgres, while people type; half of the editors die with it and lose what they had.
//! Every line that was said to be saved must be there afterwards, and none twice. The peer dies as often.

use super::crowd::count;
use super::editor::{Editor, Heard};
use super::hocuspocus::{self, Hocuspocus};
use super::places::Address;
use super::stage::{make_documents, served};
use crate::error::Error;
use crate::house::House;
use crate::line::Line;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

const N_EDITORS: usize = 20;
/// Two hundred lines a second together.
const EVERY: Duration = Duration::from_millis(100);
/// Between two kills: long enough to type again.
const BETWEEN: Duration = Duration::from_secs(2);
const AGAIN: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(60);
/// Of the kills, every so many is of Postgres: of 110, 10.
const POSTGRES_EVERY: usize = 11;

/// How often at most, and for how long at most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) n_kills: usize,
    pub(super) lasts: Duration,
}

/// Whoever is killed.
enum Victim {
    Ours(Box<House>),
    Theirs(Box<Hocuspocus>),
}

impl Victim {
    /// Kills it, and comes back when it works again.
    async fn die(&mut self, number: usize) -> Result<(), Error> {
        match self {
            Self::Ours(house) if number.is_multiple_of(POSTGRES_EVERY) => {
                eprintln!("   {number}: kill -9 of Postgres");
                let killed = house.kill_postgres()?;
                house.postgres_again(killed, PATIENCE).await
            }
            Self::Ours(house) => {
                eprintln!("   {number}: kill -9 of the server");
                house.kill_server()?;
                house.start().await.map(drop)
            }
            Self::Theirs(server) => {
                eprintln!("   {number}: kill -9 of {}", hocuspocus::NAME);
                server.kill()?;
                server.start().await
            }
        }
    }
}

/// What was left.
struct Left {
    n_lost: f64,
    n_doubled: f64,
    n_saved: f64,
    n_kills: f64,
}

/// Kills ours, then the peer.
pub(super) async fn run(bounds: Bounds) -> Result<Vec<Line>, Error> {
    let house: House = House::set_up().await?;
    let address = Address { server: served(&house), document: make_documents(&house, 1)?[0] };
    let ours: Left = survive(Victim::Ours(Box::new(house)), address, bounds).await?;
    // What becomes of the peer is no reason to lose what was measured of ours.
    let theirs: Option<Left> = peer(bounds).await.unwrap_or_else(|error| {
        eprintln!("   {} is left out: {error}", hocuspocus::NAME);
        None
    });
    let beside = |line: Line, figure: fn(&Left) -> f64| match &theirs {
        Some(left) => line.beside(hocuspocus::NAME, figure(left), None),
        None => line,
    };
    let lower = |said: &str, value: f64| Line::lower("documents", &format!("kill -9: {said}"), value, "lines").with_goal(0.0);
    let saved = Line::higher("documents", "kill -9: acknowledged lines", ours.n_saved, "lines").with_goal(1.0);
    let kills = Line::higher("documents", "kill -9: kills", ours.n_kills, "kills");
    Ok(vec![
        beside(lower("acknowledged lines lost", ours.n_lost), |left| left.n_lost),
        beside(lower("lines twice", ours.n_doubled), |left| left.n_doubled),
        beside(saved, |left| left.n_saved),
        beside(kills, |left| left.n_kills),
    ])
}

async fn peer(bounds: Bounds) -> Result<Option<Left>, Error> {
    let Some(server) = Hocuspocus::open().await? else { return Ok(None) };
    let address: Address = server.places(1).address(0, 0);
    survive(Victim::Theirs(Box::new(server)), address, bounds).await.map(Some)
}

async fn survive(mut victim: Victim, address: Address, bounds: Bounds) -> Result<Left, Error> {
    let (stop, kills) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let editors: Vec<JoinHandle<Vec<String>>> =
        (0..N_EDITORS).map(|number| tokio::spawn(live(number, address.clone(), stop.clone(), kills.clone()))).collect();
    let began: Instant = Instant::now();
    let mut n_kills: usize = 0;
    while n_kills < bounds.n_kills && began.elapsed() < bounds.lasts {
        tokio::time::sleep(BETWEEN).await;
        n_kills += 1;
        kills.fetch_add(1, Ordering::SeqCst);
        victim.die(n_kills).await?;
    }
    stop.store(true, Ordering::SeqCst);
    let mut saved: Vec<String> = Vec::new();
    for editor in editors {
        saved.extend(editor.await?);
    }
    let mut late = Editor::new();
    late.connect(&address).await?;
    let (n_lost, n_doubled) = count(&late.text(), &saved);
    if let Victim::Ours(house) = &mut victim {
        house.stop().await?;
    }
    Ok(Left { n_lost, n_doubled, n_saved: saved.len() as f64, n_kills: n_kills as f64 })
}

/// Types until told to stop; the lines that were said to be saved. Odd ones die with every kill, and begin anew with nothing.
async fn live(number: usize, address: Address, stop: Arc<AtomicBool>, kills: Arc<AtomicU64>) -> Vec<String> {
    let mut saved: Vec<String> = Vec::new();
    let mut editor = Editor::new();
    let mut n_saved: u64 = 0;
    let mut seen: u64 = 0;
    let mut ticks = tokio::time::interval(EVERY);
    while !stop.load(Ordering::SeqCst) {
        let now: u64 = kills.load(Ordering::SeqCst);
        if now != seen && number % 2 == 1 {
            saved.extend(lines(&editor, n_saved));
            (editor, n_saved) = (Editor::new(), 0);
        }
        seen = now;
        if !editor.is_connected() && editor.connect(&address).await.is_err() {
            editor.disconnect();
            tokio::time::sleep(AGAIN).await;
            continue;
        }
        tokio::select! {
            _ = ticks.tick() => {
                let (_, frame) = editor.type_line();
                // A socket that broke is opened again; what it did not take goes with the greeting.
                if editor.send(frame).await.is_ok() {
                    let _ = editor.probe().await;
                }
            }
            heard = editor.hear() => {
                if let Ok(Heard::Saved(n)) = heard {
                    n_saved = n_saved.max(n);
                }
            }
        }
    }
    saved.extend(lines(&editor, n_saved));
    saved
}

fn lines(editor: &Editor, n_saved: u64) -> Vec<String> {
    let client: u64 = editor.client();
    (1..=n_saved).map(|n| format!("{client}.{n}")).collect()
}
