//! The background work of this room: claims what is due, has it sent side by side, and writes down how it ended.

use crate::deliveries::{Next, Outcome, Standing, State, Withdrawal, settle};
use crate::error::Error;
use crate::history::{self, About};
use crate::load::{Load, Slot};
use crate::needs::Personal;
use crate::outbox::tell_withdrawn;
use crate::passing;
use crate::personal;
use crate::retry::{LONGEST_WAIT_MS, Pace};
use crate::saved::{self, Saved};
use crate::sending::Sender;
use crate::store;
use crate::store::claims::{Claimed, Locked, Wish};
use crate::store::outbox::Taken;
use kernel::{Clock, Db, Tx};
use model::Time;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// A page begins to be sent at most this late, and the average one half of it. Nothing but this poll makes sure that it is found.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long a claimed delivery is out of everybody else's reach.
pub const LEASE_MS: i64 = 30_000;
/// Claimed in one transaction.
const CLAIM_LIMIT: usize = 20;
/// Requests under way in this process, over all channels.
const AT_ONCE: usize = 120;
/// How long the end of an attempt is tried to be written down: as long as nobody else may have claimed the delivery.
const RECORD_PATIENCE: Duration = Duration::from_secs(15);
const RECORD_AGAIN: Duration = Duration::from_secs(1);
/// For how long the log goes back.
pub(crate) const KEEP_MS: i64 = 90 * 86_400_000;
/// Between two looks for what the log need not keep.
const PURGE_EVERY_MS: i64 = 60_000;

/// The worker of one process.
pub(crate) struct Worker {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) sender: Sender,
    pub(crate) load: Arc<Load>,
    /// Names this process and this start of it.
    pub(crate) name: String,
    /// When it last looked for work and could; milliseconds, 0 for never.
    pub(crate) looked_at: AtomicI64,
    pub(crate) purged_at: AtomicI64,
}

/// Works until `shutdown`, then waits for the requests that have begun. Never gives up: while there is no database it looks again.
pub(crate) async fn run(worker: Arc<Worker>, shutdown: CancellationToken) {
    let mut sends: JoinSet<()> = JoinSet::new();
    let mut look = tokio::time::interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut more_is_due = false;
    loop {
        let looked: bool = tokio::select! {
            () = shutdown.cancelled() => break,
            _ = look.tick() => true,
            Some(_) = sends.join_next() => false,
        };
        if looked {
            worker.keep_house().await;
        }
        if looked || more_is_due {
            more_is_due = worker.take_on(&mut sends).await;
        }
    }
    // What has begun is finished, so that a stop sends nothing twice.
    while sends.join_next().await.is_some() {}
}

/// Looks once, sends everything that is due to its end, and says how much that was.
pub(crate) async fn tick(worker: &Arc<Worker>) -> Result<usize, Error> {
    let mut sent: usize = 0;
    loop {
        worker.tend(worker.clock.now()).await?;
        let claimed: Vec<Claimed> = worker.claim(CLAIM_LIMIT).await?;
        if claimed.is_empty() {
            return Ok(sent);
        }
        sent += claimed.len();
        let mut sends: JoinSet<()> = JoinSet::new();
        for one in claimed {
            let slot: Slot = worker.load.begin(&one.channel);
            sends.spawn(Arc::clone(worker).deliver(one, slot));
        }
        while sends.join_next().await.is_some() {}
    }
}

impl Worker {
    async fn keep_house(&self) {
        if let Err(error) = self.tend(self.clock.now()).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "pages could not be looked after");
        }
    }

    /// Ends what was withdrawn in the hands of a dead worker, asks next channels, and forgets what is old.
    async fn tend(&self, now: Time) -> Result<(), Error> {
        let mut tx: Tx = self.db.begin().await?;
        let closed: Vec<(Taken, Withdrawal)> = store::claims::close_withdrawn(&mut tx, now).await?;
        for (taken, why) in &closed {
            tell_withdrawn(&mut tx, taken, *why, now).await?;
        }
        if now.since(Time(self.purged_at.load(Ordering::Relaxed))) >= PURGE_EVERY_MS {
            store::claims::purge(&mut tx, now.plus_ms(-KEEP_MS)).await?;
            self.purged_at.store(now.0, Ordering::Relaxed);
        }
        tx.commit().await?;
        passing::pass_on(&self.db, self.personal(), now).await?;
        self.looked_at.store(now.0, Ordering::Relaxed);
        Ok(())
    }

    /// Claims as long as whole batches are due and there is room, and starts what was claimed. Returns whether more may be due.
    async fn take_on(self: &Arc<Self>, sends: &mut JoinSet<()>) -> bool {
        loop {
            let room: usize = CLAIM_LIMIT.min(AT_ONCE.saturating_sub(sends.len()));
            if room == 0 {
                return true;
            }
            let claimed: Vec<Claimed> = match self.claim(room).await {
                Ok(claimed) => claimed,
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "pages could not be claimed");
                    return false;
                }
            };
            let n_claimed: usize = claimed.len();
            for one in claimed {
                let slot: Slot = self.load.begin(&one.channel);
                sends.spawn(Arc::clone(self).deliver(one, slot));
            }
            if n_claimed < room {
                // A channel that has enough to do may have left some of it lying.
                return self.load.is_full();
            }
        }
    }

    /// Claims, and writes down that attempts begin, before anything is sent.
    pub(crate) async fn claim(&self, limit: usize) -> Result<Vec<Claimed>, Error> {
        let now: Time = self.clock.now();
        let limit: i64 = i64::try_from(limit).unwrap_or(0);
        let busy: Vec<String> = self.load.busy(now);
        let wish = Wish { limit, busy: &busy, now, lease_until: now.plus_ms(LEASE_MS) };
        let mut tx: Tx = self.db.begin().await?;
        let claimed: Vec<Claimed> = store::claims::claim(&mut tx, &wish).await?;
        if !claimed.is_empty() {
            store::claims::begin_attempts(&mut tx, &claimed, &self.name, now).await?;
        }
        tx.commit().await?;
        Ok(claimed)
    }

    async fn deliver(self: Arc<Self>, claimed: Claimed, slot: Slot) {
        let began: Instant = Instant::now();
        let outcome: Outcome = self.sender.attempt(&claimed, self.clock.now()).await;
        let took_ms: i64 = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.hold(&claimed, &outcome);
        drop(slot);
        self.record(&claimed, &outcome, took_ms).await;
    }

    /// A provider that names a time gets it from everything that goes there.
    fn hold(&self, claimed: &Claimed, outcome: &Outcome) {
        if let Outcome::Retry { after: Some(after), .. } = outcome {
            let wait_ms: i64 = i64::try_from(after.as_millis()).unwrap_or(LONGEST_WAIT_MS).min(LONGEST_WAIT_MS);
            self.load.hold(&claimed.channel, self.clock.now().plus_ms(wait_ms));
        }
    }

    /// Writes down how it ended, and goes on trying to as long as the lease is ours: every failure here would send the page again.
    pub(crate) async fn record(&self, claimed: &Claimed, outcome: &Outcome, took_ms: i64) {
        let began: Instant = Instant::now();
        loop {
            match self.try_record(claimed, outcome, took_ms).await {
                Ok(()) => return,
                Err(error) if began.elapsed() >= RECORD_PATIENCE => {
                    // Nothing is lost: the lease ends, and the page is sent once more under the same key.
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        delivery = %claimed.id,
                        "how a delivery ended could not be written down"
                    );
                    return;
                }
                Err(_) => tokio::time::sleep(RECORD_AGAIN).await,
            }
        }
    }

    async fn try_record(&self, claimed: &Claimed, outcome: &Outcome, took_ms: i64) -> Result<(), Error> {
        let pace: Pace = self.pace(claimed).await?;
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let locked: Option<Locked> = store::claims::lock(&mut tx, claimed).await?;
        store::claims::end_attempt(&mut tx, claimed, outcome, took_ms, now).await?;
        if let Some(locked) = locked {
            let next: Next = settle(&standing(claimed, &locked, pace), outcome, now);
            store::claims::settle(&mut tx, claimed, &next, outcome, now).await?;
            tell(&mut tx, claimed, &locked, &next, outcome, now).await?;
            personal::tell_end(&mut tx, self.personal(), claimed, &next, outcome).await?;
        } else {
            tracing::warn!(delivery = %claimed.id, outcome = outcome.as_str(), "a delivery ended after its lease was lost");
        }
        tx.commit().await?;
        Ok(())
    }

    fn personal(&self) -> Option<&dyn Personal> {
        self.sender.personal.get().map(AsRef::as_ref)
    }

    /// What summons somebody is in a hurry by every channel: only for the rest it matters which kind of channel that is.
    async fn pace(&self, claimed: &Claimed) -> Result<Pace, Error> {
        if claimed.kind.calls() {
            return Ok(Pace::Page);
        }
        let saved: Option<Saved> = saved::one(&self.db, &claimed.channel).await?;
        Ok(saved.map_or(Pace::Page, |saved| Pace::of(claimed.kind, &saved.row.kind)))
    }
}

fn standing(claimed: &Claimed, locked: &Locked, pace: Pace) -> Standing {
    Standing {
        id: claimed.id.0,
        kind: claimed.kind,
        pace,
        attempt: claimed.attempt,
        at: locked.at,
        first_attempt_at: locked.first_attempt_at,
        pass_on_at: locked.pass_on_at,
        withdrawn: locked.withdrawn.is_some(),
    }
}

/// Leaves the Facts of an end.
async fn tell(tx: &mut Tx, claimed: &Claimed, locked: &Locked, next: &Next, outcome: &Outcome, now: Time) -> Result<(), Error> {
    let about = About { delivery: claimed.id.0, kind: claimed.kind.as_str(), channel: &claimed.channel, alerts: &claimed.alerts };
    match next.state {
        State::Sent => {
            let body = json!({ "attempt": claimed.attempt, "detail": outcome.detail() });
            history::append(tx, &about, history::SENT, now, body).await?;
        }
        State::Failed => {
            tracing::error!(delivery = %claimed.id, channel = claimed.channel, reason = outcome.detail(), "a page failed");
            let body = json!({ "attempt": claimed.attempt, "reason": outcome.detail() });
            history::append(tx, &about, history::FAILED, now, body).await?;
        }
        State::Superseded => {
            let why: &str = locked.withdrawn.map_or("", Withdrawal::as_str);
            history::append(tx, &about, history::WITHDRAWN, now, json!({ "reason": why })).await?;
        }
        State::Due | State::Sending => {}
    }
    Ok(())
}
