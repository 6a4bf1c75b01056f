//! The worker: claims due jobs, has their handlers do them side by side, and records how it ended.

use crate::error::Error;
use crate::job::Claimed;
use crate::queue::{CLAIM_LIMIT, JOB_LEASE_MS, claim, fail, finish, purge, retry_later};
use crate::schedules;
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{Clock, Db, Tx};
use model::Time;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// How often the table is looked at. This, and nothing else, makes sure that work is found.
const POLL: Duration = Duration::from_secs(1);

/// How many jobs are worked on at once: enough that one provider which hangs does not hold up the others.
const AT_ONCE: usize = 60;

/// What a handler may take unless it says otherwise. Half of the lease: the rest is for recording the end.
const USUAL_TIMEOUT: Duration = Duration::from_millis(JOB_LEASE_MS as u64 / 2);

/// What no handler may exceed, or it would work without a lease.
const LONGEST_TIMEOUT: Duration = Duration::from_millis(JOB_LEASE_MS as u64 - 5_000);

/// About a day and a half of retries.
const USUAL_ATTEMPTS: i32 = 225;

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is done; the worker records that.
    Done,
    /// The handler has called [`crate::finish`] (or `fail`, or `retry_later`) in its own transaction and committed it.
    Recorded,
    /// Not this time. The reason is shown to people.
    Retry(String),
    /// Never. The reason is shown to people.
    Fail(String),
}

/// Does the jobs of one kind. An attempt can be broken off at any `await`, and repeated.
#[async_trait]
pub trait Handler: Send + Sync {
    /// The kind of its jobs, `<room>.<verb>`.
    fn kind(&self) -> &'static str;

    /// How often a job is tried before it fails.
    fn max_attempts(&self) -> i32 {
        USUAL_ATTEMPTS
    }

    /// How long one attempt may take; cut at 25 s.
    fn timeout(&self) -> Duration {
        USUAL_TIMEOUT
    }

    /// One attempt, begun at `now`.
    async fn run(&self, job: &Claimed, now: Time) -> Verdict;
}

/// The handlers of this process. Jobs of other kinds stay for processes that know them, such as the next release.
#[derive(Clone, Default)]
pub struct Registry {
    handlers: BTreeMap<&'static str, Arc<dyn Handler>>,
}

impl Registry {
    /// Without handlers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more handler; it replaces an earlier one of the same kind.
    #[must_use]
    pub fn with(mut self, handler: Arc<dyn Handler>) -> Self {
        self.handlers.insert(handler.kind(), handler);
        self
    }

    fn kinds(&self) -> Vec<String> {
        self.handlers.keys().map(|kind| (*kind).to_owned()).collect()
    }
}

/// Works until `shutdown`, then waits for the jobs that have begun. Never gives up: while there is no database it looks again every second.
pub async fn run(db: Db, clock: Arc<dyn Clock>, registry: Registry, shutdown: CancellationToken) {
    let worker = Arc::new(Worker { db, clock, registry });
    let mut working: JoinSet<()> = JoinSet::new();
    let mut poll = tokio::time::interval(POLL);
    poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut more_is_due = false;
    loop {
        let polled: bool = tokio::select! {
            () = shutdown.cancelled() => break,
            _ = poll.tick() => true,
            Some(_) = working.join_next() => false,
        };
        if polled {
            worker.keep_house().await;
        }
        if polled || (more_is_due && working.len() + CLAIM_LIMIT <= AT_ONCE) {
            more_is_due = worker.take_on(&mut working).await;
        }
    }
    while working.join_next().await.is_some() {}
}

struct Worker {
    db: Db,
    clock: Arc<dyn Clock>,
    registry: Registry,
}

impl Worker {
    /// Moves schedules and removes what is old.
    async fn keep_house(&self) {
        if let Err(error) = self.tend(self.clock.now()).await {
            tracing::warn!(%error, "could not tend the schedules of jobs");
        }
    }

    async fn tend(&self, now: Time) -> Result<(), Error> {
        let mut tx: Tx = self.db.begin().await?;
        schedules::tick(&mut tx, now).await?;
        purge(&mut tx, now).await?;
        Ok(tx.commit().await?)
    }

    /// Claims as long as whole batches are due and there is room, and starts what was claimed. Returns whether more may be due.
    async fn take_on(self: &Arc<Self>, working: &mut JoinSet<()>) -> bool {
        loop {
            let room = CLAIM_LIMIT.min(AT_ONCE.saturating_sub(working.len()));
            let claimed = match self.claim(room).await {
                Ok(claimed) => claimed,
                Err(error) => {
                    tracing::warn!(%error, "could not claim jobs");
                    return false;
                }
            };
            let all_of_it = claimed.len() < room;
            for job in claimed {
                working.spawn(Arc::clone(self).work(job));
            }
            if all_of_it || working.len() + CLAIM_LIMIT > AT_ONCE {
                return !all_of_it;
            }
        }
    }

    async fn claim(&self, room: usize) -> Result<Vec<Claimed>, Error> {
        if room == 0 {
            return Ok(Vec::new());
        }
        let mut tx: Tx = self.db.begin().await?;
        let claimed = claim(&mut tx, &self.registry.kinds(), room, self.clock.now()).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    async fn work(self: Arc<Self>, job: Claimed) {
        let verdict = self.attempt(&job).await;
        if verdict == Verdict::Recorded {
            return;
        }
        if let Err(error) = self.record(&job, &verdict).await {
            // Nothing is lost: the lease ends, and the job is done once more.
            tracing::warn!(%error, job = %job.id, kind = job.kind, "could not record how a job ended");
        }
    }

    /// One attempt, whatever happens in it.
    async fn attempt(&self, job: &Claimed) -> Verdict {
        let Some(handler) = self.registry.handlers.get(job.kind.as_str()) else {
            return Verdict::Retry("no handler for this kind".to_owned());
        };
        if job.attempt > handler.max_attempts() {
            return Verdict::Fail("the worker died during the last attempt".to_owned());
        }
        let timeout = handler.timeout().min(LONGEST_TIMEOUT);
        let attempt = AssertUnwindSafe(handler.run(job, self.clock.now())).catch_unwind();
        let verdict = match tokio::time::timeout(timeout, attempt).await {
            Ok(Ok(verdict)) => verdict,
            Ok(Err(_panic)) => Verdict::Retry("the handler panicked".to_owned()),
            Err(_elapsed) => Verdict::Retry(format!("it took longer than {timeout:?}")),
        };
        settle(verdict, job.attempt, handler.max_attempts())
    }

    async fn record(&self, job: &Claimed, verdict: &Verdict) -> Result<(), Error> {
        let now = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        match verdict {
            Verdict::Recorded => {}
            Verdict::Done => finish(&mut tx, job, now).await?,
            Verdict::Retry(reason) => {
                let due_at = retry_later(&mut tx, job, reason, now).await?;
                tracing::info!(job = %job.id, kind = job.kind, reason, in_ms = due_at.since(now), "a job is tried again later");
            }
            Verdict::Fail(reason) => {
                fail(&mut tx, job, reason, now).await?;
                tracing::error!(job = %job.id, kind = job.kind, reason, "a job failed");
            }
        }
        Ok(tx.commit().await?)
    }
}

/// The last attempt's retry is a failure.
fn settle(verdict: Verdict, attempt: i32, max_attempts: i32) -> Verdict {
    match verdict {
        Verdict::Retry(reason) if attempt >= max_attempts => Verdict::Fail(reason),
        other => other,
    }
}
