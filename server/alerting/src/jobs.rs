//! The background work of this room: the evaluator's loop.

use crate::error::Error;
use crate::evaluator::{Busy, Evaluator};
use crate::sharing;
use crate::store::rules::GroupHead;
use model::Time;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// A tick is begun at most this late.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Groups evaluated at once: each holds a connection while it writes, and people need some too.
const AT_ONCE: usize = 4;

/// Evaluates every group until `shutdown`. A slow group delays no other.
pub(crate) async fn run(evaluator: Arc<Evaluator>, shutdown: CancellationToken) {
    let mut visits: JoinSet<()> = JoinSet::new();
    let permits: Arc<Semaphore> = Arc::new(Semaphore::new(AT_ONCE));
    let mut look = tokio::time::interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => break,
            _ = look.tick() => {}
        }
        while let Some(ended) = visits.try_join_next() {
            if let Err(error) = ended {
                tracing::error!(%error, "the evaluation of a group of rules broke off");
            }
        }
        if let Err(error) = begin_visits(&evaluator, &permits, &mut visits).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "the groups of rules can't be listed");
        }
    }
    // What has begun is finished, so that a stop loses no tick.
    while visits.join_next().await.is_some() {}
    evaluator.release().await;
}

async fn begin_visits(evaluator: &Arc<Evaluator>, permits: &Arc<Semaphore>, visits: &mut JoinSet<()>) -> Result<(), Error> {
    if evaluator.meet(evaluator.now()).await? {
        visits.spawn(end_series(Arc::clone(evaluator)));
    }
    for head in evaluator.groups().await? {
        let Some(busy) = evaluator.begin(&head.name) else {
            continue;
        };
        if evaluator.wants(&head.name).await {
            visits.spawn(visit(Arc::clone(evaluator), Arc::clone(permits), head, busy));
        }
    }
    Ok(())
}

/// Beside the visits: a store of samples that does not answer must not keep rules from being evaluated.
async fn end_series(evaluator: Arc<Evaluator>) {
    if let Err(error) = evaluator.end_series().await {
        tracing::warn!(error = &error as &dyn std::error::Error, "series of recording rules that are gone can't be ended");
    }
}

async fn visit(evaluator: Arc<Evaluator>, permits: Arc<Semaphore>, head: GroupHead, busy: Busy) {
    // The semaphore is never closed, so the permit always comes.
    let permit = permits.acquire_owned().await;
    let now: Time = evaluator.now();
    // Groups of one interval don't all begin at once.
    let jitter_ms: i64 = sharing::jitter_ms(&head.name, head.interval_ms);
    if let Err(error) = evaluator.visit(&head, now, jitter_ms).await {
        tracing::warn!(group = head.name, error = &error as &dyn std::error::Error, "a group of rules was not evaluated");
    }
    drop(permit);
    drop(busy);
}

/// Visits every group once, one after the other, and says how many ticks were written.
pub(crate) async fn tick(evaluator: &Arc<Evaluator>, now: Time) -> Result<usize, Error> {
    let mut written: usize = 0;
    evaluator.end_series().await?;
    for head in evaluator.groups().await? {
        if let Some(busy) = evaluator.begin(&head.name) {
            written += evaluator.visit(&head, now, 0).await?;
            drop(busy);
        }
    }
    Ok(written)
}
