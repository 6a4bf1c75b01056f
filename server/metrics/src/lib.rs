#![doc = include_str!("../README.md")]

// What is written and asked.
mod config;
pub mod error;
pub mod sample;
pub mod source;
// On the way in.
mod admit;
mod allowance;
mod datadog;
pub mod exemplars;
pub mod exposition;
#[doc(hidden)]
pub mod fuzzed;
mod ha;
pub mod http;
mod ingest;
pub mod metadata;
pub mod needs;
mod otlp;
pub mod quota;
mod remote_read;
pub mod remote_write;
mod remote_write2;
pub mod scrape;
mod writer;
// On the way out of the house.
pub mod forward;
// On disk.
mod batch;
mod chunk;
mod compact;
mod retention;
mod rollup;
mod store;
// In memory.
mod head;
mod lookup;
mod matchers;
mod series;
mod state;
mod tail;
mod xor;
// On the way out.
pub mod cardinality;
pub mod compare;
pub mod engine;
pub mod eval;
pub mod listing;
mod own;
pub mod rolled;
mod select;
mod turns;
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
use promql::ast::Expr;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use uuid::Uuid;

pub use batch::Damage;
pub use compact::Compacted;
pub use config::{Config, MOST_BODY_BYTES, MOST_EXPANDED_BYTES};
pub use duplicates::STALE_NAN;
pub use error::Error;
pub use sample::{Reason, Rejected, Sample, Written};

use cardinality::senders::Senders;
use cardinality::survey::Looks;
use compact::Compactor;
use engine::Engines;
use eval::{Answer, Engine, Until};
use forward::Forwarder;
use head::Head;
use ingest::Ingest;
use select::Reader;
use series::Index;
use state::State;
use tail::Tail;
use turns::Turns;
use writer::{Job, Writer};

/// Requests in the writer's queue. Their samples are limited by [`Config::max_waiting_samples`]; this limits their number.
const QUEUE: usize = 4_096;
/// Commits on their way into the head: enough to keep both sides busy, few enough to stay in step.
const COMMITS: usize = 4;
/// The head is trimmed this often.
const SWEEP: Duration = Duration::from_secs(60);
/// Queries computed at once. More would only share the same processors and add up in memory.
const QUERIES: usize = 8;
/// What took longer than this nobody waits for any more.
const LONGEST_QUERY: Duration = Duration::from_secs(20);
/// Queries of rules computed at once: as many as groups of rules are evaluated at once.
const RULE_QUERIES: usize = 4;
/// A rule that takes longer would delay the other rules of its group.
const LONGEST_RULE_QUERY: Duration = Duration::from_secs(5);

/// The metrics room: takes samples, keeps them, answers expressions.
pub struct Metrics {
    db: Db,
    clock: Arc<dyn Clock>,
    config: Arc<Config>,
    state: Arc<State>,
    ingest: Ingest,
    reader: Reader,
    compactor: Arc<Compactor>,
    engine: Engine,
    engines: Engines,
    forwarder: Forwarder,
    queries: Turns,
    rule_queries: Turns,
    looks: Looks,
    senders: Senders,
    queue: Mutex<Option<mpsc::Sender<Job>>>,
    writing: Mutex<Vec<JoinHandle<()>>>,
    watching: Vec<JoinHandle<()>>,
}

impl Metrics {
    /// Makes the partitions, reads back what the head needs, and starts the writer, the followers of other writers, compaction, and
    /// forwarding.
    ///
    /// # Errors
    /// When the database can't be reached or refuses; [`Error::Remote`] when a remote engine or a destination can't be used as it is set.
    pub async fn open(db: Db, clock: Arc<dyn Clock>, config: Config) -> Result<Arc<Self>, Error> {
        let now: Time = clock.now();
        let engines: Engines = Engines::open(config.engine, config.remote.as_ref())?;
        let config: Arc<Config> = Arc::new(config);
        retention::prepare(&db, now).await?;
        let seed: [u8; 32] = kernel::secrets::random_256();
        let index = Index::new(hash::hash64(hash::CHECKSUM_SEED, &seed));
        let state: Arc<State> = Arc::new(State::new(index, Head::new(now.plus_ms(-config.head_ms).0)));
        let me: Uuid = kernel::ids::new_uuid();
        store::writers::register(&db, me, now).await?;
        let tail: Tail = Tail::open(db.clone(), Arc::clone(&clock), Arc::clone(&state), me, &config).await?;
        let reader = Reader::new(db.clone(), Arc::clone(&state), Arc::clone(&config), Arc::clone(&clock));
        let compactor: Arc<Compactor> = Arc::new(Compactor::open(reader.clone(), Arc::clone(&clock), me).await?);
        let forwarder: Forwarder = Forwarder::open(&reader, &clock, me)?;
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (commits, committed) = mpsc::channel(COMMITS);
        let writer = Writer::new(db.clone(), Arc::clone(&clock), Arc::clone(&state), me, jobs, commits);
        let writing = vec![tokio::spawn(writer.run()), tokio::spawn(writer::apply(Arc::clone(&state), committed))];
        let sweeping = sweep(Arc::clone(&state), Arc::clone(&clock), config.head_ms);
        let compacting = compact::keep(Arc::clone(&compactor));
        let mut watching = vec![tokio::spawn(tail.run()), tokio::spawn(sweeping), tokio::spawn(compacting)];
        watching.extend(forwarder.start());
        Ok(Arc::new(Self {
            ingest: Ingest::new(Arc::clone(&state), Arc::clone(&config), Arc::clone(&clock)),
            reader,
            compactor,
            engine: Engine {
                lookback_ms: config.lookback_ms,
                max_samples: config.max_query_samples,
                deadline: None,
                with_rolls: true,
            },
            engines,
            forwarder,
            queries: Turns::new(QUERIES, LONGEST_QUERY),
            rule_queries: Turns::new(RULE_QUERIES, LONGEST_RULE_QUERY),
            looks: Looks::default(),
            senders: Senders::default(),
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

    fn queue(&self) -> Result<mpsc::Sender<Job>, Error> {
        lock::mutex(&self.queue).clone().ok_or(Error::Closed)
    }

    /// The value of an expression at one moment.
    ///
    /// # Errors
    /// The evaluator's, [`Error::TooManySamples`], [`Error::Overloaded`], the database's for times behind the head.
    pub async fn instant(&self, expr: &Expr, at: Time) -> Result<Answer, Error> {
        self.instant_in(&self.queries, self.engine.clone(), expr, at).await
    }

    /// As [`Metrics::instant`], but in turns of its own: rules are evaluated however much people and programs ask. And of samples alone,
    /// never of roll-ups: what pages somebody must not depend on how far compaction has come.
    ///
    /// # Errors
    /// As [`Metrics::instant`].
    pub async fn instant_for_rules(&self, expr: &Expr, at: Time) -> Result<Answer, Error> {
        let engine = Engine { with_rolls: false, ..self.engine.clone() };
        self.instant_in(&self.rule_queries, engine, expr, at).await
    }

    async fn instant_in(&self, turns: &Turns, engine: Engine, expr: &Expr, at: Time) -> Result<Answer, Error> {
        if let Some(remote) = self.remote() {
            return remote.instant(turns, expr, at).await;
        }
        let (reader, expr, handle) = (self.reader.clone(), expr.clone(), Handle::current());
        let query = move |until: Until| {
            let reader: Reader = reader.asked(&until);
            let engine = Engine { deadline: Some(until), ..engine };
            handle.block_on(engine.instant(&reader, &expr, at)).map_err(Error::from)
        };
        turns.compute(query).await
    }

    /// The values of an expression at `start`, `start + step_ms` … up to `end`.
    ///
    /// # Errors
    /// As [`Metrics::instant`].
    pub async fn range(&self, expr: &Expr, start: Time, end: Time, step_ms: i64) -> Result<Answer, Error> {
        match self.remote() {
            Some(remote) => remote.range(&self.queries, expr, start, end, step_ms).await,
            None => self.range_here(expr, start, end, step_ms).await,
        }
    }

    /// Computed here, whoever answers otherwise.
    async fn range_here(&self, expr: &Expr, start: Time, end: Time, step_ms: i64) -> Result<Answer, Error> {
        let (engine, reader, expr, handle) = (self.engine.clone(), self.reader.clone(), expr.clone(), Handle::current());
        let query = move |until: Until| {
            let reader: Reader = reader.asked(&until);
            let engine = Engine { deadline: Some(until), ..engine };
            handle.block_on(engine.range(&reader, &expr, start, end, step_ms)).map_err(Error::from)
        };
        self.queries.compute(query).await
    }

    /// Moves with every commit, our own or another replica's, once its samples can be queried; holds the time at which the newest
    /// batch was received.
    #[must_use]
    pub fn newest(&self) -> watch::Receiver<Time> {
        self.state.newest.subscribe()
    }

    /// Makes partitions ahead, drops batches that stand in chunks and whatever is behind its retention, forgets series of which nothing
    /// is left. Idempotent; meant to be called about once an hour.
    ///
    /// # Errors
    /// The database's.
    pub async fn maintain(&self) -> Result<(), Error> {
        retention::maintain(&self.db, &self.state, &self.config, self.compactor.classes(), self.clock.now()).await
    }

    /// Rewrites the closed windows that are due as chunks and roll-ups. The room does so by itself every minute; one replica at a time.
    ///
    /// # Errors
    /// The database's, [`Error::Lease`] when another replica took over meanwhile, [`Error::Damaged`] for batches of a newer release. What
    /// was not compacted stays readable, and is tried again.
    pub async fn compact(&self) -> Result<Compacted, Error> {
        self.compactor.run().await
    }

    /// What the room counts about itself, in Prometheus' text format.
    #[must_use]
    pub fn exposition(&self) -> String {
        let mut text: String = self.state.own.exposition(self.state.gauges());
        text.push_str(&self.forwarder.exposition());
        text
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
        self.forwarder.release().await;
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

/// Raises the head's floor with time.
async fn sweep(state: Arc<State>, clock: Arc<dyn Clock>, head_ms: i64) {
    let mut ticks = tokio::time::interval(SWEEP);
    loop {
        ticks.tick().await;
        lock::write(&state.head).trim(clock.now().plus_ms(-head_ms).0);
    }
}
