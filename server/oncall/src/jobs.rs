//! The background work of this room: finds what is due and does it, one run a transaction.
//!
//! The transaction is the lease: a run is locked with `skip locked`, what is decided and every message are written with it, and a process
//! that dies has done nothing. So any number of processes may look, and none leads.

use crate::Oncall;
use crate::error::Error;
use crate::firing::{self, Look};
use crate::needs::Staffer;
use crate::paging;
use crate::runs::{Run, RunId, State};
use crate::store;
use crate::telling;
use kernel::{Ticks, Tx};
use model::Time;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// A step fires at most this much later than its moment, and a page goes at most this much later to be sent.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// What became of messages, acted on in one look.
const NEWS_AT_ONCE: i64 = 500;
/// Runs that go on in one look; then it is looked for news first.
const MOST_IN_A_ROW: usize = 500;
/// Steps and pages of one run that follow each other at one moment. A policy has fewer.
const MOST_TURNS: usize = 50;
/// For how long it is known why somebody was paged.
const KEEP_MS: i64 = 400 * 86_400_000;
/// Between two looks for what need not be kept.
const PURGE_EVERY_MS: i64 = 3_600_000;

/// Looks until `shutdown`. Two at a time, so that a run with many people holds up no other.
pub(crate) async fn run(oncall: Oncall, shutdown: CancellationToken) {
    tokio::join!(look_on(oncall.clone(), shutdown.clone()), look_on(oncall, shutdown));
}

async fn look_on(oncall: Oncall, shutdown: CancellationToken) {
    let mut ticks = Ticks::every(LOOK_EVERY, shutdown);
    while ticks.next().await {
        if let Err(error) = tick(&oncall).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "escalations could not go on");
        }
    }
}

/// Does everything that is due, and says how many runs went on.
pub(crate) async fn tick(oncall: &Oncall) -> Result<usize, Error> {
    let mut n_done: usize = 0;
    for key in store::calls::keys_of_news(&oncall.db, NEWS_AT_ONCE).await? {
        n_done += 1;
        if let Err(error) = oncall.hear(&key).await {
            tracing::error!(error = &error as &dyn std::error::Error, key, "what became of a page could not be acted on");
        }
    }
    let now: Time = oncall.clock.now();
    oncall.purge(now).await?;
    n_done += telling::tick(oncall, now).await?;
    if store::runs::oldest_due(&oncall.db).await?.is_none_or(|at| at > now) {
        return Ok(n_done);
    }
    let staff: Vec<Staffer> = oncall.needs.staff.everybody().await?;
    let look = Look { needs: &oncall.needs, staff: &staff, now };
    let mut broken: Vec<Uuid> = Vec::new();
    for _ in 0..MOST_IN_A_ROW {
        if !oncall.go_on(&look, &mut broken).await? {
            break;
        }
        n_done += 1;
    }
    Ok(n_done)
}

impl Oncall {
    /// Does what is due in the run that has waited longest. `false` when there is none.
    async fn go_on(&self, look: &Look<'_>, broken: &mut Vec<Uuid>) -> Result<bool, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let Some(id) = store::runs::claim(&mut tx, look.now, broken).await? else {
            return Ok(false);
        };
        match advance(&mut tx, look, id).await {
            Ok(()) => tx.commit().await?,
            Err(error) => {
                // One that can't go on must not keep the others from it.
                tracing::error!(error = &error as &dyn std::error::Error, run = %id, "an escalation could not go on");
                broken.push(id.0);
                tx.rollback().await?;
            }
        }
        Ok(true)
    }

    async fn purge(&self, now: Time) -> Result<(), Error> {
        if now.since(Time(self.purged_at.load(Ordering::Relaxed))) < PURGE_EVERY_MS {
            return Ok(());
        }
        self.purged_at.store(now.0, Ordering::Relaxed);
        let mut tx: Tx = self.db.begin().await?;
        store::runs::purge(&mut tx, now.plus_ms(-KEEP_MS)).await?;
        store::calls::purge(&mut tx, now.plus_ms(-KEEP_MS)).await?;
        store::tellings::purge(&mut tx, now.plus_ms(-KEEP_MS)).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Fires, sends, and fires again when nobody could be reached, until the next thing lies ahead.
async fn advance(tx: &mut Tx, look: &Look<'_>, id: RunId) -> Result<(), Error> {
    let Some(mut run) = store::runs::lock(tx, id).await? else {
        return Ok(());
    };
    for _ in 0..MOST_TURNS {
        if is_due(&run, look.now) {
            firing::fire(tx, look, &mut run).await?;
        }
        paging::send_due(tx, look, &mut run).await?;
        if !is_due(&run, look.now) {
            break;
        }
    }
    store::runs::save(tx, &run).await?;
    Ok(())
}

fn is_due(run: &Run, now: Time) -> bool {
    run.state == State::Running && run.next_step_at.is_some_and(|at| at <= now)
}
