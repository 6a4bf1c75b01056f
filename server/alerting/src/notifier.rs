//! The notifier: a reconciler that decides who is told of what.
//!
//! It takes no input but the time, and any number of processes may run it: one holds the lease. A pass reads what fires, what is over,
//! who has what, and what was told, decides, and writes both what is told now and the orders of pages in one transaction, which the lease
//! fences and the version of every group guards. Killed before the commit, nothing was told and the next pass decides the same; killed
//! after it, the orders stand with the rest. So nothing is lost, and nothing is ordered twice.
//!
//! A pass reads what changed (`look.rs`), not what there is: the groups of alerts of which the database noted a change in the transaction that made
//! it, the groups that are due (`grouping/due.rs`), and those that a silence, a calendar or another alert now keeps quiet or no longer does.
//! What is kept in memory for that (`picture.rs`) can be lost; then a pass reads everything. In every pass anew: silences and calendars.

mod look;
mod picture;
mod placing;
mod unheard;
mod written;

use crate::error::Error;
use crate::grouping::GroupId;
use crate::inhibition::Inhibition;
use crate::needs::{Needless, PageOrder, Pager};
use crate::routes::Tree;
use crate::routes::file::Definition;
use crate::store;
use jobs::leases::{LEASE_MS, RENEW_EVERY_MS};
use jobs::{Lease, Leases};
use kernel::{Clock, Db, Ticks, Tx};
use look::{Looked, News};
use model::Time;
use model::ids::AlertId;
use picture::Picture;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use written::{Written, filled_in};

/// Somebody is told at most this much later than it could be decided.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Alerts that are put into groups in one pass; more wait for the next, which follows at once.
const ROUTED_AT_ONCE: i64 = 5_000;
/// Passes in a row, while there are changes that nobody has looked at yet: half a million, and then it is said that we live.
const MOST_IN_A_ROW: usize = 100;
const LEASE_NAME: &str = "alerting.notifier";

/// Decides pages. One per process.
pub struct Notifier {
    db: Db,
    clock: Arc<dyn Clock>,
    pager: Arc<dyn Pager>,
    leases: Leases,
    memory: Mutex<Memory>,
    /// One pass at a time in this process.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Memory {
    lease: Option<Lease>,
    rules: Option<Arc<Rules>>,
    picture: Picture,
    /// What is over, waits to be told so, and whose pages were taken back already.
    over: BTreeMap<GroupId, BTreeSet<AlertId>>,
    /// Groups that would call somebody, and nobody can be told; see `unheard`.
    unheard: BTreeSet<GroupId>,
}

/// What was applied, ready to be asked.
struct Rules {
    revision: i64,
    tree: Tree,
    inhibitions: Vec<Inhibition>,
}

/// What a pass did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Alerts that were put into groups.
    pub routed: usize,
    /// Orders of pages.
    pub pages: usize,
    /// Alerts that were read in their groups: the work it was.
    pub members: usize,
    /// There may be more to do at once.
    pub is_behind: bool,
}

impl Notifier {
    /// Over `db`; nothing is decided before [`Notifier::run`].
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, pager: Arc<dyn Pager>) -> Self {
        let leases = Leases::new(db.clone(), format!("notifier/{}", kernel::ids::new_uuid()));
        Self { db, clock, pager, leases, memory: Mutex::new(Memory::default()), turn: tokio::sync::Mutex::new(()) }
    }

    /// Decides until `shutdown`. Any number of processes may do this over one database. Whatever was decided in full, or is another
    /// process' to decide, is told to `passed`: a notifier that only fails says nothing, and stands still as far as anybody who should be
    /// told is concerned.
    pub async fn run(self, shutdown: CancellationToken, passed: impl Fn() + Send + Sync) {
        let mut ticks = Ticks::every(LOOK_EVERY, shutdown);
        while ticks.next().await {
            match self.catch_up().await {
                Ok(()) => passed(),
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "who is to be told could not be decided");
                }
            }
        }
        self.release().await;
    }

    /// Passes until nothing that changed waits to be looked at.
    async fn catch_up(&self) -> Result<(), Error> {
        for _ in 0..MOST_IN_A_ROW {
            if !self.pass().await?.is_behind {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Decides once. Nothing when another process has the lease.
    ///
    /// # Errors
    /// The database's and the pager's; then nothing was written.
    pub async fn pass(&self) -> Result<Passed, Error> {
        let _turn = self.turn.lock().await;
        let now: Time = self.clock.now();
        // Taken out, so that a pass that is broken off leaves nothing that could be believed.
        let mut picture: Picture = self.remember(|memory| std::mem::take(&mut memory.picture));
        let Some(lease) = self.hold(now).await? else {
            return Ok(Passed::default());
        };
        let passed: Result<Option<Passed>, Error> = self.pass_with(&lease, &mut picture, now).await;
        if !matches!(passed, Ok(Some(_))) {
            picture.end(false);
        }
        self.remember(|memory| memory.picture = picture);
        Ok(passed?.unwrap_or_default())
    }

    /// Decides once under a lease. `None` when nothing of it was written.
    async fn pass_with(&self, lease: &Lease, picture: &mut Picture, now: Time) -> Result<Option<Passed>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        match jobs::guard(&mut tx, lease).await {
            Ok(()) => {}
            Err(jobs::Error::LostLease { .. }) => {
                self.remember(|memory| memory.lease = None);
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        }
        let rules: Arc<Rules> = self.rules(&mut tx).await?;
        picture.begin(lease.epoch, rules.revision);
        let news: News = look::hear(&mut tx, &rules, picture, now).await?;
        let mut looked: Looked = self.look(&mut tx, &rules, picture, &news, now).await?;
        let mut written: Written = look::judge(&rules, picture, &mut looked, now);
        let over: BTreeMap<GroupId, BTreeSet<AlertId>> = self.leave_out_what_is_over(&mut written);
        let waiting: BTreeSet<GroupId> = self.hold_back(&mut tx, &mut written).await?;
        let Some(pages) = self.write(&mut tx, written).await? else {
            tracing::warn!("a group of alerts was written by somebody else; this pass is dropped");
            return Ok(None);
        };
        tx.commit().await?;
        picture.end(!news.is_cut);
        self.remember(|memory| memory.note(&looked, over, waiting));
        Ok(Some(Passed { routed: news.routed, pages, members: looked.n_members, is_behind: news.is_behind }))
    }

    /// The pages of what is over are taken back once, and not in every look until that is told. Returns all that is over in what was
    /// looked at.
    fn leave_out_what_is_over(&self, written: &mut Written) -> BTreeMap<GroupId, BTreeSet<AlertId>> {
        let over: BTreeMap<GroupId, BTreeSet<AlertId>> = std::mem::take(&mut written.over);
        if !over.is_empty() {
            let before: BTreeSet<AlertId> = self.remember(|memory| memory.over.values().flatten().copied().collect());
            let new: BTreeSet<AlertId> = over.values().flatten().filter(|id| !before.contains(id)).copied().collect();
            if !new.is_empty() {
                written.needless.insert(Needless::Resolved, new);
            }
        }
        over
    }

    /// Writes a pass, and says how many orders it had; `None` when a group was written by somebody else meanwhile.
    async fn write(&self, tx: &mut Tx, written: Written) -> Result<Option<usize>, Error> {
        if !written.orders.is_empty() {
            store::answers::order(tx).await?;
        }
        for group in &written.groups {
            if !store::groups::save(tx, group).await? {
                return Ok(None);
            }
        }
        if !written.changed.is_empty() {
            store::groups::remember(tx, &written.changed).await?;
        }
        if !written.gone.is_empty() {
            store::groups::forget(tx, &written.gone).await?;
        }
        for (why, alerts) in written.needless {
            let alerts: Vec<AlertId> = alerts.into_iter().collect();
            self.pager.withdraw(tx, &alerts, why).await?;
        }
        let orders: Vec<PageOrder> = filled_in(tx, written.orders).await?;
        let n: usize = orders.len();
        if n > 0 {
            self.pager.page(tx, orders).await?;
        }
        let left: Vec<i64> = written.groups.iter().map(|group| group.id.0).collect();
        if !left.is_empty() {
            store::groups::remove_empty(tx, &left).await?;
        }
        Ok(Some(n))
    }

    /// What was applied, read again only when that is another revision.
    async fn rules(&self, tx: &mut Tx) -> Result<Arc<Rules>, Error> {
        let revision: i64 = store::routes::revision(tx).await?;
        let remembered: Option<Arc<Rules>> = self.remember(|memory| memory.rules.clone());
        if let Some(rules) = remembered.filter(|rules| rules.revision == revision) {
            return Ok(rules);
        }
        let (revision, definition): (i64, Definition) = store::routes::newest(tx).await?;
        let rules = Arc::new(Rules { revision, tree: definition.tree(), inhibitions: definition.inhibitions });
        self.remember(|memory| memory.rules = Some(Arc::clone(&rules)));
        Ok(rules)
    }

    /// The lease: the one held, renewed in time, or a new one if nobody has it.
    async fn hold(&self, now: Time) -> Result<Option<Lease>, Error> {
        if let Some(lease) = self.remember(|memory| memory.lease.clone()) {
            if lease.until.since(now) > LEASE_MS - RENEW_EVERY_MS {
                return Ok(Some(lease));
            }
            match self.leases.renew(&lease, now).await {
                Ok(renewed) => return Ok(Some(self.keep(renewed))),
                Err(jobs::Error::LostLease { .. }) => self.remember(|memory| memory.lease = None),
                Err(error) => return Err(error.into()),
            }
        }
        let lease: Option<Lease> = self.leases.acquire(LEASE_NAME, now).await?;
        Ok(lease.map(|lease| self.keep(lease)))
    }

    fn keep(&self, lease: Lease) -> Lease {
        self.remember(|memory| memory.lease = Some(lease.clone()));
        lease
    }

    /// Gives the lease back, so that another process need not wait for its end.
    async fn release(&self) {
        let Some(lease) = self.remember(|memory| memory.lease.take()) else {
            return;
        };
        if let Err(error) = self.leases.release(&lease, self.clock.now()).await {
            tracing::warn!(lease = lease.name, %error, "a lease was left to run out");
        }
    }

    /// Looks at or changes what is remembered. Never across an await. A panic elsewhere leaves nothing half-written here.
    fn remember<T>(&self, change: impl FnOnce(&mut Memory) -> T) -> T {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut memory)
    }
}

impl Memory {
    /// Notes what a pass that was committed has found in the groups it looked at.
    fn note(&mut self, looked: &Looked, over: BTreeMap<GroupId, BTreeSet<AlertId>>, waiting: BTreeSet<GroupId>) {
        let is_left = |id: &GroupId| !looked.is_all && !looked.asked.contains(id);
        self.over.retain(|id, _| is_left(id));
        self.over.extend(over);
        self.unheard.retain(is_left);
        self.unheard.extend(waiting);
    }
}

#[cfg(test)]
mod tests;
