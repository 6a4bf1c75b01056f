#![doc = include_str!("../README.md")]

// What is written and asked.
mod config;
pub mod error;
pub mod sample;
pub mod source;
// On the way in.
mod admit;
pub mod http;
mod ingest;
pub mod remote_write;
mod writer;
// On disk.
mod batch;
mod retention;
mod store;
// In memory.
mod head;
mod matchers;
mod series;
mod state;
mod tail;
mod xor;
// On the way out.
pub mod eval;
mod own;
mod select;
// The ground.
mod duplicates;
mod hash;
mod labels;
mod lock;
mod wire;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kernel::{Clock, Db, Grant};
use model::Time;
use model::access::WriteMetrics;
use model::labels::Labels;
use promql::ast::{Expr, Matcher};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, SemaphorePermit, mpsc, watch};
use tokio::task::JoinHandle;
use uuid::Uuid;

pub use batch::Damage;
pub use config::Config;
pub use duplicates::STALE_NAN;
pub use error::Error;
pub use sample::{Reason, Rejected, Sample, Written};

use eval::{Answer, Engine, EvalError};
use head::Head;
use ingest::Ingest;
use select::Reader;
use series::{Day, Index, day_of};
use state::State;
use tail::Tail;
use writer::{Job, Writer};

/// Requests in the writer's queue. Their samples are limited by [`Config::max_waiting_samples`]; this limits their number.
const QUEUE: usize = 4_096;
/// Commits on their way into the head: enough to keep both sides busy, few enough to stay in step.
const COMMITS: usize = 4;
/// The head is trimmed this often.
const SWEEP: Duration = Duration::from_secs(60);
/// Queries computed at once. More would only share the same processors and add up in memory.
const QUERIES: usize = 8;

/// The metrics room: takes samples, keeps them, answers expressions.
pub struct Metrics {
    db: Db,
    clock: Arc<dyn Clock>,
    config: Arc<Config>,
    state: Arc<State>,
    ingest: Ingest,
    reader: Reader,
    engine: Engine,
    queries: Semaphore,
    queue: Mutex<Option<mpsc::Sender<Job>>>,
    writing: Mutex<Vec<JoinHandle<()>>>,
    watching: Vec<JoinHandle<()>>,
}

impl Metrics {
    /// Makes the partitions, reads back what the head needs, and starts the writer and the followers of other writers.
    ///
    /// # Errors
    /// When the database can't be reached or refuses.
    pub async fn open(db: Db, clock: Arc<dyn Clock>, config: Config) -> Result<Arc<Self>, Error> {
        let now: Time = clock.now();
        let config: Arc<Config> = Arc::new(config);
        retention::make_partitions(&db, now).await?;
        let seed: [u8; 32] = kernel::secrets::random_256();
        let index = Index::new(hash::hash64(hash::CHECKSUM_SEED, &seed));
        let state: Arc<State> = Arc::new(State::new(index, Head::new(now.plus_ms(-config.head_ms).0)));
        let me: Uuid = kernel::ids::new_uuid();
        store::writers::register(&db, me, now).await?;
        let tail: Tail = Tail::open(db.clone(), Arc::clone(&clock), Arc::clone(&state), me, &config).await?;
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (commits, committed) = mpsc::channel(COMMITS);
        let writer = Writer::new(db.clone(), Arc::clone(&clock), Arc::clone(&state), me, jobs, commits);
        let writing = vec![tokio::spawn(writer.run()), tokio::spawn(writer::apply(Arc::clone(&state), committed))];
        let sweeping = sweep(Arc::clone(&state), Arc::clone(&clock), config.head_ms);
        let watching = vec![tokio::spawn(tail.run()), tokio::spawn(sweeping)];
        Ok(Arc::new(Self {
            ingest: Ingest { state: Arc::clone(&state), config: Arc::clone(&config), clock: Arc::clone(&clock) },
            reader: Reader { db: db.clone(), state: Arc::clone(&state), config: Arc::clone(&config) },
            engine: Engine { lookback_ms: config.lookback_ms, max_samples: config.max_query_samples },
            queries: Semaphore::new(QUERIES),
            queue: Mutex::new(Some(queue)),
            writing: Mutex::new(writing),
            watching,
            db,
            clock,
            config,
            state,
        }))
    }

    /// Writes samples; when it returns, those it accepted are on disk and can be queried. The grant says that the caller may.
    ///
    /// # Errors
    /// [`Error::Overloaded`], [`Error::NotCommitted`], [`Error::Unconfirmed`], [`Error::Closed`]. Writing the same samples again is safe.
    pub async fn write(&self, _grant: &Grant<WriteMetrics>, samples: Vec<Sample>) -> Result<Written, Error> {
        self.ingest.samples(self.queue()?, samples).await
    }

    /// Writes a remote write 1.0 body as it came from the network. Whether the caller may is decided at the door.
    pub(crate) async fn write_body(&self, body: Vec<u8>) -> Result<Written, Error> {
        self.ingest.remote_write(self.queue()?, body).await
    }

    fn queue(&self) -> Result<mpsc::Sender<Job>, Error> {
        lock::mutex(&self.queue).clone().ok_or(Error::Closed)
    }

    /// The value of an expression at one moment.
    ///
    /// # Errors
    /// The evaluator's, [`Error::TooManySamples`], the database's for times behind the head.
    pub async fn instant(&self, expr: &Expr, at: Time) -> Result<Answer, Error> {
        let (engine, reader, expr) = (self.engine.clone(), self.reader.clone(), expr.clone());
        self.compute(move |handle| handle.block_on(engine.instant(&reader, &expr, at))).await
    }

    /// The values of an expression at `start`, `start + step_ms` … up to `end`.
    ///
    /// # Errors
    /// As [`Metrics::instant`].
    pub async fn range(&self, expr: &Expr, start: Time, end: Time, step_ms: i64) -> Result<Answer, Error> {
        let (engine, reader, expr) = (self.engine.clone(), self.reader.clone(), expr.clone());
        self.compute(move |handle| handle.block_on(engine.range(&reader, &expr, start, end, step_ms))).await
    }

    /// Queries compute for a while without a pause, so they get a thread on which nobody else waits.
    async fn compute(&self, query: impl FnOnce(Handle) -> Result<Answer, EvalError> + Send + 'static) -> Result<Answer, Error> {
        let _permit: SemaphorePermit<'_> = self.queries.acquire().await.map_err(|_| Error::Closed)?;
        let handle: Handle = Handle::current();
        let answer: Result<Answer, EvalError> =
            tokio::task::spawn_blocking(move || query(handle)).await.map_err(|_| Error::Closed)?;
        Ok(answer?)
    }

    /// Moves with every commit, our own or another replica's, once its samples can be queried; holds the time at which the newest
    /// batch was received.
    #[must_use]
    pub fn newest(&self) -> watch::Receiver<Time> {
        self.state.newest.subscribe()
    }

    /// The labels of series that satisfy all matchers and had samples on the day of `since` or later.
    ///
    /// # Errors
    /// [`Error::Regex`].
    pub fn series(&self, matchers: &[Matcher], since: Time) -> Result<Vec<Labels>, Error> {
        let tests = matchers::compile(matchers)?;
        let index = lock::read(&self.state.index);
        let head = lock::read(&self.state.head);
        let day: Day = day_of(since.0);
        let mut found: Vec<Labels> = Vec::new();
        for slot in index.select(&tests) {
            if let Some(entry) = index.entry(slot).filter(|entry| entry.last_day >= day || head.holds(slot)) {
                found.push(labels::to_labels(&entry.labels));
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// The names of all labels, sorted; with matchers, of the series that satisfy them.
    ///
    /// # Errors
    /// [`Error::Regex`].
    pub fn label_names(&self, matchers: &[Matcher]) -> Result<Vec<String>, Error> {
        if matchers.is_empty() {
            return Ok(lock::read(&self.state.index).label_names());
        }
        let series: Vec<Labels> = self.series(matchers, Time(0))?;
        Ok(distinct(series.iter().flat_map(|labels| labels.iter()).map(|(name, _)| name)))
    }

    /// The values of one label, sorted; with matchers, of the series that satisfy them.
    ///
    /// # Errors
    /// [`Error::Regex`].
    pub fn label_values(&self, name: &str, matchers: &[Matcher]) -> Result<Vec<String>, Error> {
        if matchers.is_empty() {
            return Ok(lock::read(&self.state.index).label_values(name));
        }
        let series: Vec<Labels> = self.series(matchers, Time(0))?;
        Ok(distinct(series.iter().map(|labels| labels.get(name)).filter(|value| !value.is_empty())))
    }

    /// Makes partitions ahead, drops those behind the retention, forgets series of which nothing is left. Idempotent; meant to be
    /// called about once an hour.
    ///
    /// # Errors
    /// The database's.
    pub async fn maintain(&self) -> Result<(), Error> {
        retention::maintain(&self.db, &self.state, &self.config, self.clock.now()).await
    }

    /// What the room counts about itself, in Prometheus' text format.
    #[must_use]
    pub fn exposition(&self) -> String {
        self.state.own.exposition(self.state.gauges())
    }

    /// Takes no more samples, commits and answers what waits, and stops. Queries still work.
    pub async fn close(&self) {
        drop(lock::mutex(&self.queue).take());
        let writing: Vec<JoinHandle<()>> = std::mem::take(&mut *lock::mutex(&self.writing));
        for task in writing {
            if let Err(error) = task.await {
                tracing::error!(error = &error as &dyn std::error::Error, "metrics writer ended badly");
            }
        }
        self.watching.iter().for_each(JoinHandle::abort);
    }

    /// For the doors: what they count and limit.
    pub(crate) fn door(&self) -> (&State, &Config) {
        (&self.state, &self.config)
    }

    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }
}

impl Drop for Metrics {
    fn drop(&mut self) {
        self.watching.iter().for_each(JoinHandle::abort);
    }
}

fn distinct<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
    let sorted: std::collections::BTreeSet<&str> = words.collect();
    sorted.into_iter().map(str::to_owned).collect()
}

/// Raises the head's floor with time.
async fn sweep(state: Arc<State>, clock: Arc<dyn Clock>, head_ms: i64) {
    let mut ticks = tokio::time::interval(SWEEP);
    loop {
        ticks.tick().await;
        lock::write(&state.head).trim(clock.now().plus_ms(-head_ms).0);
    }
}
