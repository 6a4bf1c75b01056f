//! Scraping: asking programs for their metrics, as Prometheus does it.
//!
//! `config` reads what is written, `discovery` (files, DNS) finds addresses, `target` and `relabel` make targets of them, `fetch` asks,
//! `intake` reads the answer, `work` writes it and ends what vanished; `cache` remembers what a target showed. This file is the loop.
//!
//! 1. Each target has its own moment within its interval, by a hash of what it is: stable over restarts, spread over all targets.
//! 2. Each scrape asks first whose turn it is ([`needs::Turn`]), so that of several replicas one scrapes. Who loses its turn forgets what it saw
//!    and ends nothing; who gains it starts afresh. Series that vanish in between end by the lookback of queries, after five minutes.
//! 3. An answer is taken whole or not at all. Either way `up` and four others are written; after a failure all series of the target
//!    are marked stale, as are those that are missing in an answer and those of a target that is gone.
//! 4. Requests go out by `kernel::outbound`, which refuses addresses that nobody allowed. Operators own the list of targets and may open
//!    private networks in their settings; metadata addresses of clouds stay closed unless each is listed. Where a target sends us on to
//!    another host is its own idea, so that way is set apart ([`Ways`]), and credentials do not go along.
//! 5. Memory is bounded: targets, scrapes at once, bytes and samples of an answer, what all answers take (`budget`), what is shown of
//!    what was dropped. A target may bring 100,000 samples unless its job says otherwise.
//!
//! Deliberately absent: other service discoveries, protobuf and native histograms, exemplars, `scrape_protocols`, proxies, OAuth.

mod budget;
mod cache;
pub mod config;
pub mod discovery;
mod dns;
pub mod error;
mod fetch;
mod intake;
mod job;
pub mod needs;
mod redirect;
pub mod relabel;
pub mod scalars;
pub mod target;
#[cfg(test)]
mod tests;
mod watched;
mod work;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::join_all;
use kernel::outbound::Outbound;
use kernel::{Clock, Grant};
use model::Time;
use model::access::WriteMetrics;
use model::actor::Actor;
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinHandle;

pub use job::JobState;
pub use watched::{Health, TargetState};

use budget::Budget;
use config::{JobConfig, ScrapeConfig};
use error::ScrapeError;
use job::Job;
use needs::Turn;
use target::Target;
use watched::Watched;
use work::Worker;

use crate::{Metrics, lock};

/// Targets of one installation. Each takes a few kB, and about a hundred bytes a series.
const MOST_TARGETS: usize = 20_000;
/// Scrapes at once. Each may hold an answer of [`JobConfig::body_bytes`] and what is read from it, all of them what [`Budget`] has.
const MOST_SCRAPES: u32 = 32;
/// The loops look at least this often.
const LONGEST_REST: Duration = Duration::from_secs(1);

/// The ways out: which addresses may be asked.
#[derive(Clone, Debug)]
pub struct Ways {
    /// Where targets may be.
    pub targets: Outbound,
    /// Where a target may send us on to, when that is another host. The file names targets; this is named by whoever answers.
    pub redirects: Outbound,
}

/// Targets by job and key.
type ByJob = BTreeMap<String, BTreeMap<String, Arc<Watched>>>;

/// Scrapes what its configuration names, until it is closed.
pub struct Scraper {
    core: Arc<Core>,
    running: Mutex<Vec<JoinHandle<()>>>,
}

struct Core {
    worker: Worker,
    clock: Arc<dyn Clock>,
    ways: Ways,
    jobs: Mutex<Vec<Arc<Job>>>,
    watched: Mutex<ByJob>,
    /// Held while targets are looked for or the configuration changes.
    settling: tokio::sync::Mutex<()>,
    room: Semaphore,
    is_closed: AtomicBool,
    /// There may be targets that are due earlier than was thought.
    nudge: Notify,
}

impl Scraper {
    /// Starts scraping. Targets appear as they are discovered; this does not wait for it. `ways` decide which addresses may be asked.
    ///
    /// # Errors
    /// When a certificate of the configuration can't be read.
    pub async fn open(
        metrics: Arc<Metrics>,
        config: ScrapeConfig,
        clock: Arc<dyn Clock>,
        ways: Ways,
        turn: Arc<dyn Turn>,
    ) -> Result<Arc<Self>, ScrapeError> {
        let core: Arc<Core> = Arc::new(Core::new(metrics, clock, ways, turn)?);
        core.install(config).await?;
        let running = vec![tokio::spawn(scraping(Arc::clone(&core))), tokio::spawn(discovering(Arc::clone(&core)))];
        Ok(Arc::new(Self { core, running: Mutex::new(running) }))
    }

    /// Scrapes by another configuration from now on. Targets that are in both go on without a gap; the series of those that are gone
    /// are ended.
    ///
    /// # Errors
    /// When a certificate can't be read; nothing has changed then.
    pub async fn apply(&self, config: ScrapeConfig) -> Result<(), ScrapeError> {
        self.core.apply(config, self.core.clock.now()).await
    }

    /// Every target, by job.
    #[must_use]
    pub fn targets(&self) -> Vec<TargetState> {
        self.core.all().iter().map(|watched| watched.state()).collect()
    }

    /// What discovery says about every job, in the order of the configuration.
    #[must_use]
    pub fn jobs(&self) -> Vec<JobState> {
        lock::mutex(&self.core.jobs).iter().map(|job| job.state()).collect()
    }

    /// The room that the samples go to.
    pub(crate) fn metrics(&self) -> Arc<Metrics> {
        Arc::clone(&self.core.worker.metrics)
    }

    /// Begins no more scrapes and waits for those that run. Series are not ended: whoever comes next goes on with them.
    pub async fn close(&self) {
        let running: Vec<JoinHandle<()>> = std::mem::take(&mut *lock::mutex(&self.running));
        running.iter().for_each(JoinHandle::abort);
        self.core.close().await;
    }
}

impl Drop for Scraper {
    fn drop(&mut self) {
        lock::mutex(&self.running).iter().for_each(JoinHandle::abort);
    }
}

async fn scraping(core: Arc<Core>) {
    loop {
        // Each scrape runs by itself; its handle is not needed.
        drop(core.begin(core.clock.now()));
        let rest: Duration = core.until_next();
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            () = core.nudge.notified() => {}
        }
    }
}

async fn discovering(core: Arc<Core>) {
    loop {
        core.discover(core.clock.now()).await;
        tokio::time::sleep(LONGEST_REST).await;
    }
}

impl Core {
    fn new(metrics: Arc<Metrics>, clock: Arc<dyn Clock>, ways: Ways, turn: Arc<dyn Turn>) -> Result<Self, ScrapeError> {
        let grant: Grant<WriteMetrics> = kernel::authorize(&Actor::worker("scraper"), None)?;
        Ok(Self {
            worker: Worker { metrics, grant, turn, budget: Budget::new() },
            clock,
            ways,
            jobs: Mutex::default(),
            watched: Mutex::default(),
            settling: tokio::sync::Mutex::new(()),
            room: Semaphore::new(MOST_SCRAPES as usize),
            is_closed: AtomicBool::new(false),
            nudge: Notify::new(),
        })
    }

    /// Takes a configuration; its sources have not been looked at yet.
    async fn install(&self, config: ScrapeConfig) -> Result<(), ScrapeError> {
        let opening = config.jobs.into_iter().map(|job: JobConfig| Job::open(job, &self.ways));
        let opened: Vec<Result<Job, ScrapeError>> = join_all(opening).await;
        let mut jobs: Vec<Arc<Job>> = Vec::with_capacity(opened.len());
        for job in opened {
            jobs.push(Arc::new(job?));
        }
        *lock::mutex(&self.jobs) = jobs;
        Ok(())
    }

    async fn apply(&self, config: ScrapeConfig, now: Time) -> Result<(), ScrapeError> {
        let _settling = self.settling.lock().await;
        self.install(config).await?;
        let names: Vec<String> = lock::mutex(&self.jobs).iter().map(|job| job.config.name.clone()).collect();
        let gone: Vec<Arc<Watched>> = self.without_job(&names);
        self.end(gone, now).await;
        self.look(now).await;
        Ok(())
    }

    /// Takes out the targets of jobs that are not named.
    fn without_job(&self, names: &[String]) -> Vec<Arc<Watched>> {
        let mut watched = lock::mutex(&self.watched);
        let jobs: Vec<String> = watched.keys().filter(|job| !names.contains(job)).cloned().collect();
        let mut gone: Vec<Arc<Watched>> = Vec::new();
        for job in &jobs {
            gone.extend(watched.remove(job).unwrap_or_default().into_values());
        }
        gone
    }

    /// Looks for targets where it is time to.
    async fn discover(&self, now: Time) {
        let _settling = self.settling.lock().await;
        self.look(now).await;
    }

    async fn look(&self, now: Time) {
        let jobs: Vec<Arc<Job>> = lock::mutex(&self.jobs).clone();
        join_all(jobs.iter().map(|job| self.look_at(job, now))).await;
    }

    async fn look_at(&self, job: &Arc<Job>, now: Time) {
        let Some(targets) = job.discover(now).await else { return };
        let gone: Vec<Arc<Watched>> = self.settle(job, targets, now);
        self.nudge.notify_one();
        self.end(gone, now).await;
    }

    /// Makes `targets` those of the job; hands back the ones that are gone.
    fn settle(&self, job: &Arc<Job>, targets: Vec<Target>, now: Time) -> Vec<Arc<Watched>> {
        let mut watched = lock::mutex(&self.watched);
        let mut before: BTreeMap<String, Arc<Watched>> = watched.remove(&job.config.name).unwrap_or_default();
        let n_others: usize = watched.values().map(BTreeMap::len).sum();
        let room: usize = MOST_TARGETS.saturating_sub(n_others);
        if targets.len() > room {
            job.complain(format!("{} targets are too many: there is room for {room}", targets.len()));
        }
        let mut after: BTreeMap<String, Arc<Watched>> = BTreeMap::new();
        for target in targets.into_iter().take(room) {
            let key: String = target.key.clone();
            let known: Option<Arc<Watched>> = before.remove(&key);
            after.insert(key, settled(known, job, target, now));
        }
        watched.insert(job.config.name.clone(), after);
        before.into_values().collect()
    }

    /// Ends targets that are gone. One that waits for its scrape to end does not hold up the others.
    async fn end(&self, gone: Vec<Arc<Watched>>, now: Time) {
        gone.iter().for_each(|watched| watched.leave());
        join_all(gone.iter().map(|watched| self.worker.end(watched, now))).await;
    }

    /// Begins every scrape that is due.
    fn begin(self: &Arc<Self>, now: Time) -> Vec<JoinHandle<()>> {
        let due = self.all().into_iter().filter_map(|watched| watched.begin(now).map(|at| (watched, at)));
        due.map(|(watched, at)| tokio::spawn(Arc::clone(self).scrape(watched, at))).collect()
    }

    async fn scrape(self: Arc<Self>, watched: Arc<Watched>, at: Time) {
        let busy = Busy(watched);
        let Ok(_place) = self.room.acquire().await else { return };
        if !self.is_closed.load(Ordering::Acquire) {
            self.worker.scrape(&busy.0, at).await;
        }
    }

    fn all(&self) -> Vec<Arc<Watched>> {
        lock::mutex(&self.watched).values().flat_map(BTreeMap::values).cloned().collect()
    }

    /// How long until a target is due.
    fn until_next(&self) -> Duration {
        let now: Time = self.clock.now();
        let next: Option<i64> = self.all().iter().map(|watched| watched.due().since(now)).min();
        let wait_ms: u64 = next.map_or(u64::MAX, |ms| u64::try_from(ms).unwrap_or(0));
        Duration::from_millis(wait_ms.max(1)).min(LONGEST_REST)
    }

    async fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        // Whoever has all places knows that nobody works any more. An error means that it was closed before.
        drop(self.room.acquire_many(MOST_SCRAPES).await);
        self.room.close();
    }
}

/// The known one, when nothing about it has changed; else its successor, or a new one.
fn settled(known: Option<Arc<Watched>>, job: &Arc<Job>, target: Target, now: Time) -> Arc<Watched> {
    match known {
        Some(known) if Arc::ptr_eq(&known.job, job) && known.target == target => known,
        Some(known) => {
            known.leave();
            Arc::new(known.successor(job, target, now))
        }
        None => Arc::new(Watched::new(job, target, now)),
    }
}

/// A target whose scrape runs; it rests however the scrape ends.
struct Busy(Arc<Watched>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.rest();
    }
}
