//! Compaction: closed windows of two hours are rewritten from batches, which are ordered by arrival, as chunks, which are ordered by series.
//!
//! A reconciler under a lease. It asks the database in which closed windows there are batches that no chunk stands for, and writes these
//! windows, oldest first, each in one transaction: chunks, time columns, roll-ups and, last, the watermark with the numbers of the
//! batches it stands for. A crash at any moment leaves the batches readable, as they were. The transaction guards the lease from its first
//! statement on, so no other replica can lead before it ends, and a leader that was given up can't commit.
//!
//! A window is made from the live head when that holds all of it, and else from a head that is filled from its batches (`gather`).
//! What comes late (it may, for as long as `out_of_order_ms` says) is added as another run of the same window: chunks overlap, and readers
//! merge. Until that has happened its batches stay, and are read beside the chunks.

pub(crate) mod bucket;
pub(crate) mod build;
pub(crate) mod class;
mod gather;
pub(crate) mod rolls;

use std::collections::HashMap;
use std::sync::Arc;

use jobs::{Lease, Leases};
use kernel::{Clock, Tx};
use model::Time;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::compact::bucket::last_of;
use crate::compact::build::{Build, Member, Piece};
use crate::compact::class::{Class, Classes};
use crate::compact::gather::Source;
use crate::compact::rolls::{RollPiece, Rolls};
use crate::config::{self, Config};
use crate::duplicates::Raw;
use crate::error::Error;
use crate::own::add;
use crate::select::Reader;
use crate::select::history::{Limits, Span, searches};
use crate::series::{Slot, day_of};
use crate::store;
use crate::store::chunks::Run;
use crate::store::uncovered::Search;
use crate::store::windows::Window;

/// What is led.
const LEASE: &str = "metrics.compaction";
/// Pieces that are finished and not yet written: enough to keep both sides busy.
const PIECES: usize = 4;
/// Series of which roll-ups are made anew at once, when late samples came for them.
const LATE_SERIES: usize = 2_000;
/// Queries that roll-ups of one window are made anew with, at most; with more series than that allows each reads more of them.
const LATE_QUERIES: usize = 16;

/// What one call of [`crate::Metrics::compact`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Whether this replica led. When it did not, another one does the work, and nothing was done here.
    pub led: bool,
    /// Windows that stand in chunks now and did not before.
    pub windows: usize,
    /// Windows to which late samples were added.
    pub late: usize,
    /// Samples written.
    pub samples: u64,
    /// Chunks written.
    pub chunks: usize,
    /// Bytes of the chunks and their time columns.
    pub chunk_bytes: u64,
    /// Bytes of the roll-ups.
    pub roll_bytes: u64,
}

/// A window that has something to be compacted.
#[derive(Clone, Copy, Debug)]
struct Due {
    bucket: i64,
    /// When it was compacted before.
    window: Option<Window>,
}

/// Compacts.
pub(crate) struct Compactor {
    reader: Reader,
    clock: Arc<dyn Clock>,
    classes: Arc<Classes>,
    leases: Leases,
    turn: tokio::sync::Mutex<()>,
}

impl Compactor {
    /// For the process whose writer is `me`.
    pub(crate) async fn open(reader: Reader, clock: Arc<dyn Clock>, me: Uuid) -> Result<Self, Error> {
        let classes: Arc<Classes> = Arc::new(enter_classes(&reader).await?);
        let leases = Leases::new(reader.db.clone(), format!("metrics {me}"));
        Ok(Self { reader, clock, classes, leases, turn: tokio::sync::Mutex::new(()) })
    }

    /// The classes of the settings.
    pub(crate) fn classes(&self) -> &Classes {
        &self.classes
    }

    /// Compacts whatever is due, when no other replica leads and no other call is at it.
    pub(crate) async fn run(&self) -> Result<Compacted, Error> {
        let Ok(_turn) = self.turn.try_lock() else { return Ok(Compacted::default()) };
        if self.reader.state.has_met_newer_release() {
            tracing::warn!("a newer release writes metric batches: compaction is left to it");
            return Ok(Compacted::default());
        }
        let Some(lease) = self.leases.acquire(LEASE, self.clock.now()).await? else { return Ok(Compacted::default()) };
        let outcome: Result<Compacted, Error> = self.lead(&lease).await;
        self.leases.release(&lease, self.clock.now()).await?;
        outcome
    }

    /// Compacts whatever is due under a lease.
    pub(crate) async fn lead(&self, lease: &Lease) -> Result<Compacted, Error> {
        let mut compacted = Compacted { led: true, ..Compacted::default() };
        for due in self.due().await? {
            self.leases.renew(lease, self.clock.now()).await?;
            self.compact(lease, due, &mut compacted).await?;
        }
        Ok(compacted)
    }

    /// Closed windows with batches that no chunk stands for. Of those that are compacted only the ones to which nothing can come any
    /// more, so that what is late is added at once.
    async fn due(&self) -> Result<Vec<Due>, Error> {
        let config: &Config = &self.reader.config;
        let closed: i64 = self.clock.now().plus_ms(-config.compact_after_ms).0;
        let newest: i64 = bucket::bucket_of(closed).saturating_sub(1);
        let mut tx: Tx = store::writers::moment(&self.reader.db).await?;
        let found: Vec<(Search, Option<Window>)> = searches(&mut tx, config, Span { from: 0, to: newest }).await?;
        let windows: HashMap<i64, Option<Window>> = found.iter().map(|(search, window)| (search.bucket, *window)).collect();
        let all: Vec<Search> = found.iter().map(|(search, _)| *search).collect();
        let buckets: Vec<i64> = store::uncovered::buckets(&mut tx, &all).await?;
        tx.commit().await?;
        let due = buckets.into_iter().map(|bucket| Due { bucket, window: windows.get(&bucket).copied().flatten() });
        let is_final = |due: &Due| last_of(due.bucket).saturating_add(config.out_of_order_ms) < closed;
        Ok(due.filter(|due| due.window.is_none() || is_final(due)).collect())
    }

    /// Writes one window.
    async fn compact(&self, lease: &Lease, due: Due, compacted: &mut Compacted) -> Result<(), Error> {
        self.make_partitions(due.bucket).await?;
        let mut tx: Tx = self.reader.db.begin().await?;
        jobs::guard(&mut tx, lease).await?;
        let source: Source = self.source(due).await?;
        let runs: i32 = due.window.map_or(0, |window| window.runs);
        let mut writing = Writing { bucket: due.bucket, run: runs, compacted: *compacted };
        let build = Build {
            state: Arc::clone(&self.reader.state),
            origin: source.origin,
            classes: Arc::clone(&self.classes),
            bucket: due.bucket,
            is_whole: due.window.is_none(),
        };
        let found: Vec<Member> = writing.build(&mut tx, build).await?;
        if due.window.is_some() {
            self.roll_anew(&mut tx, &found, &mut writing).await?;
        }
        let window = Window { bucket: due.bucket, runs: runs.saturating_add(1), read_at: source.read_at };
        store::windows::put(&mut tx, window, &source.writers, self.clock.now()).await?;
        tx.commit().await?;
        let before: Compacted = *compacted;
        *compacted = writing.compacted;
        compacted.windows += usize::from(due.window.is_none());
        compacted.late += usize::from(due.window.is_some());
        self.reader.state.own.compacted(&before, compacted);
        tracing::debug!(bucket = due.bucket, late = due.window.is_some(), series = found.len(), "metric window compacted");
        Ok(())
    }

    async fn make_partitions(&self, bucket: i64) -> Result<(), Error> {
        for class in self.classes.ids() {
            store::partitions::make_chunks(&self.reader.db, class, day_of(bucket)).await?;
        }
        store::partitions::make_rolls(&self.reader.db, Time(bucket)).await?;
        Ok(())
    }

    async fn source(&self, due: Due) -> Result<Source, Error> {
        let clock: &dyn Clock = &*self.clock;
        if due.window.is_none()
            && let Some(source) = gather::live(&self.reader, clock, due.bucket).await?
        {
            return Ok(source);
        }
        gather::gathered(&self.reader, clock, due.bucket, due.window).await
    }

    /// Makes the roll-ups of a window anew for series to which late samples came: an increase can't be corrected with the late sample
    /// alone. What they were made of before is read back.
    async fn roll_anew(&self, tx: &mut Tx, found: &[Member], writing: &mut Writing) -> Result<(), Error> {
        let span = Span { from: writing.bucket.saturating_sub(build::BEFORE_MS), to: last_of(writing.bucket) };
        let limits = Limits { read: u64::MAX, held: u64::MAX };
        let mut by_name: Vec<&Member> = found.iter().collect();
        by_name.sort_by(|left, right| left.name().cmp(right.name()));
        let mut rolls = Rolls::new(writing.bucket);
        for some in by_name.chunks(LATE_SERIES.max(by_name.len() / LATE_QUERIES)) {
            let ids: HashMap<i64, Slot> = some.iter().map(|member| (member.id, member.slot)).collect();
            let mut samples: HashMap<Slot, Vec<Raw>> = self.reader.history(&ids, None, span, limits).await?;
            for member in some {
                let samples: Vec<Raw> = samples.remove(&member.slot).unwrap_or_default();
                for roll in rolls.push_samples(member, &samples) {
                    writing.roll(tx, &roll).await?;
                }
            }
        }
        for roll in rolls.close() {
            writing.roll(tx, &roll).await?;
        }
        Ok(())
    }
}

/// The numbers of the classes that the settings name.
async fn enter_classes(reader: &Reader) -> Result<Classes, Error> {
    let config: &Config = &reader.config;
    let otherwise: i32 = config::days(config.retention_days);
    let mut days: HashMap<String, i32> =
        config.retention_by_prefix.iter().map(|(prefix, days)| (prefix.clone(), config::days(*days))).collect();
    days.entry(String::new()).or_insert(otherwise);
    let prefixes: Vec<String> = days.keys().cloned().collect();
    let rows = store::classes::enter(&reader.db, &prefixes).await?;
    let class = |row: store::classes::ClassRow| {
        let days: i32 = days.get(&row.prefix).copied().unwrap_or(otherwise);
        Class { id: row.id, prefix: row.prefix, days }
    };
    Ok(Classes::new(rows.into_iter().map(class).collect(), otherwise))
}

/// One window on its way into the database, and what was written with it.
struct Writing {
    bucket: i64,
    run: i32,
    compacted: Compacted,
}

impl Writing {
    /// Builds on a thread of its own and writes what it yields. Returns the series that were found.
    async fn build(&mut self, tx: &mut Tx, build: Build) -> Result<Vec<Member>, Error> {
        let (out, mut pieces) = mpsc::channel::<Piece>(PIECES);
        let building = tokio::task::spawn_blocking(move || build.run(&out));
        let written: Result<(), Error> = self.write(tx, &mut pieces).await;
        // Whoever still builds then learns that nobody writes any more.
        drop(pieces);
        let built: Result<Vec<Member>, Error> = building.await.map_err(|_| Error::Closed)?;
        written?;
        built
    }

    async fn write(&mut self, tx: &mut Tx, pieces: &mut mpsc::Receiver<Piece>) -> Result<(), Error> {
        while let Some(piece) = pieces.recv().await {
            match piece {
                Piece::Chunk { class, seq, names, chunk } => {
                    let run = Run { class, bucket: self.bucket, run: self.run };
                    store::chunks::insert(tx, run, seq, &names, &chunk).await?;
                    self.compacted.chunks += 1;
                    self.compacted.samples += chunk.n as u64;
                    self.compacted.chunk_bytes += (chunk.dir.len() + chunk.body.len()) as u64;
                }
                Piece::Times { class, part, body } => {
                    let run = Run { class, bucket: self.bucket, run: self.run };
                    store::chunks::insert_times(tx, run, part, &body).await?;
                    self.compacted.chunk_bytes += body.len() as u64;
                }
                Piece::Roll(roll) => self.roll(tx, &roll).await?,
            }
        }
        Ok(())
    }

    async fn roll(&mut self, tx: &mut Tx, roll: &RollPiece) -> Result<(), Error> {
        store::rolls::insert(tx, self.bucket, self.run, roll).await?;
        self.compacted.roll_bytes += roll.rolls.body.len() as u64;
        Ok(())
    }
}

/// Closed windows are looked for this often.
pub(crate) const EVERY: std::time::Duration = std::time::Duration::from_secs(60);

/// Compacts whenever something is due, for ever; the owner aborts it. The first look is not at once: at start others have more urgent work.
pub(crate) async fn keep(compactor: Arc<Compactor>) {
    let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + EVERY, EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = compactor.run().await {
            add(&compactor.reader.state.own.failed_compactions, 1);
            tracing::warn!(error = &error as &dyn std::error::Error, "metrics could not be compacted");
        }
    }
}
