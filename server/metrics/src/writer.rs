//! Group commit: many requests wait, one writer commits, then all are answered.
//!
//! Requests queue; the writer takes what is there and what is about to be there, writes it as one row of `metric_batch`
//! together with the series it names for the first time, and only after COMMIT hands the samples to the head and the answer
//! to the requests. There is one writer a process, with a connection of its own, so its batches are numbered without
//! gaps; a restart is a new writer. When a commit ends in an error nobody knows whether it happened: the writer asks the
//! database, which waits for what may still run, and goes on only when it knows. Exemplars go with the commit of their samples; without any
//! nothing is done for them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, Db};
use model::Time;
use sqlx::pool::PoolConnection;
use sqlx::{Connection, PgConnection, Postgres};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use uuid::Uuid;

use crate::admit::{Key, Row};
use crate::batch::{BatchSample, Builder, Encoded};
use crate::error::Error;
use crate::exemplars::{self, Marked, Placed};
use crate::head::HeadSample;
use crate::lock;
use crate::own::add;
use crate::series::{Day, Index, Slot, day_of};
use crate::state::{Reservation, State};
use crate::store;
use crate::store::series::StoredSeries;

/// The longest time a request waits for others to share its commit.
const GATHER: Duration = Duration::from_millis(20);
/// A commit of this size is not made larger: 64 KiB rows and more all reach the disk's speed.
const GATHER_BYTES: usize = 256 << 10;
/// What a sample takes in a batch, by experience with scrapes.
const SAMPLE_BYTES: usize = 4;
/// Between two questions to a database that does not answer.
const ASK_AGAIN: Duration = Duration::from_millis(200);
/// Series entered by one statement, so that none grows without bound.
const SERIES_PER_STATEMENT: usize = 5_000;

/// One request on its way to disk.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) rows: Vec<Row>,
    pub(crate) exemplars: Vec<Marked>,
    pub(crate) new: Vec<Vec<u8>>,
    pub(crate) reply: oneshot::Sender<Result<(), Error>>,
    pub(crate) reservation: Reservation,
}

impl Job {
    fn weight(&self) -> usize {
        self.rows.len() * SAMPLE_BYTES + self.new.iter().map(Vec::len).sum::<usize>()
    }
}

/// The writer's side of the queue.
pub(crate) struct Writer {
    db: Db,
    clock: Arc<dyn Clock>,
    state: Arc<State>,
    id: Uuid,
    /// The newest batch that is known to be committed.
    wseq: i64,
    connection: Option<PoolConnection<Postgres>>,
    /// Where the partition begins that was asked for last.
    partition: Option<i64>,
    jobs: mpsc::Receiver<Job>,
    commits: mpsc::Sender<Commit>,
}

/// Committed samples on their way into the head.
#[derive(Debug)]
pub(crate) struct Commit {
    writer_id: Uuid,
    wseq: i64,
    parts: Vec<Part>,
    received_at: Time,
}

#[derive(Debug)]
struct Part {
    samples: Vec<HeadSample>,
    reply: oneshot::Sender<Result<(), Error>>,
    reservation: Reservation,
}

/// Database ids of the series that a group enters.
type Ids = HashMap<Vec<u8>, i64>;

/// What became of a batch.
enum Outcome {
    Committed(Ids),
    /// It is certainly not there, and never will be.
    Absent,
    /// The process ends before the database could say.
    Unknown,
}

impl Writer {
    pub(crate) fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        state: Arc<State>,
        id: Uuid,
        jobs: mpsc::Receiver<Job>,
        commits: mpsc::Sender<Commit>,
    ) -> Self {
        Self { db, clock, state, id, wseq: 0, connection: None, partition: None, jobs, commits }
    }

    /// Until the queue is closed and empty.
    pub(crate) async fn run(mut self) {
        while let Some(first) = self.jobs.recv().await {
            let jobs: Vec<Job> = self.gather(first).await;
            if !self.settle(jobs).await {
                return;
            }
        }
    }

    /// What is queued, and what is being read at this moment; never longer or more than the constants above say. When
    /// nobody is on the way, waiting would only cost time.
    async fn gather(&mut self, first: Job) -> Vec<Job> {
        let deadline: Instant = Instant::now() + GATHER;
        let mut weight: usize = first.weight();
        let mut jobs: Vec<Job> = vec![first];
        while weight < GATHER_BYTES {
            let job: Job = match self.jobs.try_recv() {
                Ok(job) => job,
                Err(_) if self.state.on_the_way() == 0 => break,
                Err(_) => match tokio::time::timeout_at(deadline, self.jobs.recv()).await {
                    Ok(Some(job)) => job,
                    _ => break,
                },
            };
            weight += job.weight();
            jobs.push(job);
        }
        jobs
    }

    /// Commits a group, whatever it takes to know the outcome, and passes the outcome on. False when it stays unknown: then no
    /// number may be given to another batch. Requests whose reply is dropped learn that they are unconfirmed.
    async fn settle(&mut self, jobs: Vec<Job>) -> bool {
        let began: Instant = Instant::now();
        let received_at: Time = self.clock.now();
        if jobs.iter().all(|job| job.rows.is_empty()) {
            self.mark(jobs, received_at).await;
            return true;
        }
        let outcome: Outcome = match self.connect(received_at).await {
            Ok(connection) => self.write(connection, &jobs, received_at, began).await,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "metric batch can't be written");
                Outcome::Absent
            }
        };
        match outcome {
            Outcome::Committed(ids) => self.publish(jobs, &ids, received_at).await,
            Outcome::Absent => refuse(jobs),
            Outcome::Unknown => return false,
        }
        true
    }

    /// Exemplars of samples that came before: there is no batch, and so no number to be sure of.
    async fn mark(&mut self, jobs: Vec<Job>, now: Time) {
        let outcome: Result<(), Error> = self.try_mark(&jobs, now).await;
        if let Err(error) = &outcome {
            tracing::warn!(error = error as &dyn std::error::Error, "exemplars can't be written");
            return refuse(jobs);
        }
        for job in jobs {
            let _ = job.reply.send(Ok(()));
        }
    }

    async fn try_mark(&mut self, jobs: &[Job], now: Time) -> Result<(), Error> {
        let mut connection: PoolConnection<Postgres> = self.connect(now).await?;
        let new: Vec<Vec<u8>> = new_series(jobs);
        let mut tx = connection.begin().await?;
        let ids: Ids = enter(&mut tx, &new, now).await?;
        put_exemplars(&mut tx, &self.state, jobs, &ids).await?;
        tx.commit().await?;
        self.connection = Some(connection);
        Ok(())
    }

    /// All that has to be there before the first byte of the batch is sent.
    async fn connect(&mut self, now: Time) -> Result<PoolConnection<Postgres>, sqlx::Error> {
        self.make_partition(now).await?;
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => store::writers::connection(&self.db).await,
        }
    }

    /// Commits, and when that fails finds out whether it did.
    async fn write(
        &mut self,
        mut connection: PoolConnection<Postgres>,
        jobs: &[Job],
        received_at: Time,
        began: Instant,
    ) -> Outcome {
        let new: Vec<Vec<u8>> = new_series(jobs);
        match self.commit(&mut connection, jobs, &new, received_at).await {
            Ok((ids, bytes)) => {
                // Kept only after success: a connection that failed is given up.
                self.connection = Some(connection);
                let n: usize = jobs.iter().map(|job| job.rows.len()).sum();
                self.state.own.committed(n, bytes, began.elapsed());
                Outcome::Committed(ids)
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, wseq = self.wseq + 1, "commit of a metric batch failed");
                drop(connection);
                self.look_up(&new).await
            }
        }
    }

    async fn make_partition(&mut self, now: Time) -> Result<(), sqlx::Error> {
        let begin: i64 = store::partitions::batch_begin(now);
        if self.partition != Some(begin) {
            store::partitions::make_batch(&self.db, begin).await?;
            self.partition = Some(begin);
        }
        Ok(())
    }

    /// Without new series and exemplars the one statement is its own transaction, which spares two round trips.
    async fn commit(
        &mut self,
        connection: &mut PoolConnection<Postgres>,
        jobs: &[Job],
        new: &[Vec<u8>],
        now: Time,
    ) -> Result<(Ids, usize), Error> {
        let has_exemplars: bool = jobs.iter().any(|job| !job.exemplars.is_empty());
        if new.is_empty() && !has_exemplars {
            let bytes: usize = self.insert(connection, jobs, &Ids::new(), now).await?;
            return Ok((Ids::new(), bytes));
        }
        let mut tx = connection.begin().await?;
        let ids: Ids = enter(&mut tx, new, now).await?;
        let bytes: usize = self.insert(&mut tx, jobs, &ids, now).await?;
        if has_exemplars {
            put_exemplars(&mut tx, &self.state, jobs, &ids).await?;
        }
        tx.commit().await?;
        Ok((ids, bytes))
    }

    async fn insert(&mut self, connection: &mut PgConnection, jobs: &[Job], ids: &Ids, now: Time) -> Result<usize, Error> {
        let batch: Encoded = encode(&self.state, jobs, ids)?;
        let inserted: bool = store::batches::insert(connection, self.id, self.wseq + 1, now, &batch).await?;
        if inserted { Ok(batch.body.len()) } else { Err(Error::NotCommitted) }
    }

    /// After an error: whether the batch is there all the same. Asks until the database answers; meanwhile the queue fills, and
    /// requests are refused instead of being forgotten.
    async fn look_up(&mut self, new: &[Vec<u8>]) -> Outcome {
        add(&self.state.own.failed_commits, 1);
        loop {
            match self.try_look_up(new).await {
                Ok(outcome) => return outcome,
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "outcome of a metric batch is unknown");
                    // A closed queue means that the process ends; the next start reads what is there.
                    if self.jobs.is_closed() {
                        return Outcome::Unknown;
                    }
                    tokio::time::sleep(ASK_AGAIN).await;
                }
            }
        }
    }

    async fn try_look_up(&mut self, new: &[Vec<u8>]) -> Result<Outcome, sqlx::Error> {
        if store::writers::settled_wseq(&self.db, self.id).await? <= self.wseq {
            return Ok(Outcome::Absent);
        }
        let stored: Vec<StoredSeries> = store::series::by_labels(&self.db, new).await?;
        Ok(Outcome::Committed(stored.into_iter().map(|series| (series.labels, series.id)).collect()))
    }

    /// After a commit: series into the index, samples towards the head.
    async fn publish(&mut self, jobs: Vec<Job>, ids: &Ids, received_at: Time) {
        self.wseq += 1;
        let slots: HashMap<&[u8], Slot> = {
            let mut index = lock::write(&self.state.index);
            let today: Day = day_of(received_at.0);
            ids.iter().map(|(labels, id)| (labels.as_slice(), index.insert(*id, labels, today))).collect()
        };
        let parts: Vec<Part> = jobs.into_iter().map(|job| place(job, &slots)).collect();
        // The receiver lives until this sender is gone.
        let _ = self.commits.send(Commit { writer_id: self.id, wseq: self.wseq, parts, received_at }).await;
    }
}

/// The series that the group enters, sorted and once each.
fn new_series(jobs: &[Job]) -> Vec<Vec<u8>> {
    let distinct: BTreeSet<&Vec<u8>> = jobs.iter().flat_map(|job| &job.new).collect();
    distinct.into_iter().cloned().collect()
}

async fn enter(connection: &mut PgConnection, new: &[Vec<u8>], now: Time) -> Result<Ids, sqlx::Error> {
    let mut ids: Ids = Ids::with_capacity(new.len());
    for some in new.chunks(SERIES_PER_STATEMENT) {
        for series in store::series::enter(connection, some, day_of(now.0), now).await? {
            ids.insert(series.labels, series.id);
        }
    }
    Ok(ids)
}

/// The exemplars of the group, into their places. Those of series that were forgotten meanwhile are left out.
async fn put_exemplars(connection: &mut PgConnection, state: &State, jobs: &[Job], ids: &Ids) -> Result<(), Error> {
    let placed: Vec<Placed> = {
        let index = lock::read(&state.index);
        let mut marked: Vec<(i64, &Marked)> = Vec::new();
        for job in jobs.iter().filter(|job| !job.exemplars.is_empty()) {
            let new: Vec<i64> = new_ids(job, ids)?;
            let known = |one: &Marked| id_of(&index, &new, one.key);
            marked.extend(job.exemplars.iter().filter_map(|one| Some((known(one)?, one))));
        }
        exemplars::placed(marked.into_iter())
    };
    store::exemplars::put(connection, &placed).await?;
    let n: usize = jobs.iter().map(|job| job.exemplars.len()).sum();
    add(&state.own.exemplars, n as u64);
    Ok(())
}

/// The body of the group's batch.
fn encode(state: &State, jobs: &[Job], ids: &Ids) -> Result<Encoded, Error> {
    let index = lock::read(&state.index);
    let mut builder = Builder::new();
    for job in jobs {
        let new: Vec<i64> = new_ids(job, ids)?;
        for row in &job.rows {
            let series_id: i64 = id_of(&index, &new, row.key).ok_or(Error::NotCommitted)?;
            builder.push(BatchSample { series_id, at: row.at, bits: row.bits });
        }
    }
    Ok(builder.finish()?)
}

/// The ids of the series that a request enters, by their number.
fn new_ids(job: &Job, ids: &Ids) -> Result<Vec<i64>, Error> {
    let new: Option<Vec<i64>> = job.new.iter().map(|labels| ids.get(labels).copied()).collect();
    new.ok_or(Error::NotCommitted)
}

/// `None` when the series was forgotten since the request was read; sent again, it is entered anew.
fn id_of(index: &Index, new: &[i64], key: Key) -> Option<i64> {
    match key {
        Key::Known(slot) => index.entry(slot).map(|entry| entry.id),
        Key::New(number) => new.get(number as usize).copied(),
    }
}

fn place(job: Job, slots: &HashMap<&[u8], Slot>) -> Part {
    let new: Vec<Option<Slot>> = job.new.iter().map(|labels| slots.get(labels.as_slice()).copied()).collect();
    let slot_of = |key: Key| match key {
        Key::Known(slot) => Some(slot),
        Key::New(number) => new.get(number as usize).copied().flatten(),
    };
    let sample = |row: &Row| Some(HeadSample { slot: slot_of(row.key)?, at: row.at, bits: row.bits });
    Part { samples: job.rows.iter().filter_map(sample).collect(), reply: job.reply, reservation: job.reservation }
}

fn refuse(jobs: Vec<Job>) {
    for job in jobs {
        // Whoever no longer waits has been told already that the outcome is unknown.
        let _ = job.reply.send(Err(Error::NotCommitted));
    }
}

/// Takes commits into the head and answers, while the writer is at the next one.
pub(crate) async fn apply(state: Arc<State>, mut commits: mpsc::Receiver<Commit>) {
    while let Some(commit) = commits.recv().await {
        for part in &commit.parts {
            state.apply(&part.samples);
            tokio::task::yield_now().await;
        }
        state.note_applied(commit.writer_id, commit.wseq);
        state.announce(commit.received_at);
        for part in commit.parts {
            drop(part.reservation);
            let _ = part.reply.send(Ok(()));
        }
    }
}
