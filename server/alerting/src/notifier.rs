//! The notifier: a reconciler that decides who is told of what.
//!
//! It takes no input but the time, and any number of processes may run it: one holds the lease. A pass reads what fires, what is over,
//! who has what, and what was told, decides, and writes both what is told now and the orders of pages in one transaction, which the lease
//! fences and the version of every group guards. Killed before the commit, nothing was told and the next pass decides the same; killed
//! after it, the orders stand with the rest. So nothing is lost, and nothing is ordered twice.
//!
//! What is asked anew in every pass: silences, calendars, inhibitions. What is kept in memory can be lost: routes by their revision,
//! and the labels of alerts, which never change.

mod unheard;

use crate::error::Error;
use crate::grouping::{self, Decision, GroupId, Member, Mute, PageKind, Reason, Remembered};
use crate::inhibition::{Inhibited, Inhibition, Inhibitions};
use crate::needs::{Needless, PageOrder, PagedAlert, Pager};
use crate::routes::file::Definition;
use crate::routes::{self, Node, Settings, Tree};
use crate::silences::Holding;
use crate::store;
use crate::store::groups::{Firing, Group, Join};
use jobs::leases::{LEASE_MS, RENEW_EVERY_MS};
use jobs::{Lease, Leases};
use kernel::{Clock, Db, Ticks, Tx};
use model::ids::AlertId;
use model::labels::Labels;
use model::{Severity, Time};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Somebody is told at most this much later than it could be decided.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Alerts that are put into groups in one pass; more wait for the next, which follows at once.
const ROUTED_AT_ONCE: i64 = 5_000;
/// Passes in a row, while there are alerts that nobody has put into groups yet: half a million, and then it is said that we live.
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

/// The labels by which alerts are routed, with the severity they were made for.
type Known = HashMap<AlertId, (Severity, Arc<Labels>)>;

#[derive(Default)]
struct Memory {
    lease: Option<Lease>,
    rules: Option<Arc<Rules>>,
    labels: Known,
    /// What is over, waits to be told so, and whose pages were taken back already.
    over: BTreeSet<AlertId>,
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
}

/// All that is written at the end of a pass.
#[derive(Default)]
struct Written {
    changed: Vec<(GroupId, Remembered)>,
    gone: Vec<(GroupId, AlertId)>,
    groups: Vec<Group>,
    orders: Vec<Draft>,
    needless: BTreeMap<Needless, BTreeSet<AlertId>>,
}

/// An order before it is known what its alerts say.
struct Draft {
    group: GroupId,
    order: PageOrder,
    alerts: Vec<i64>,
}

/// Everything a decision needs besides the group itself.
struct Situation<'a> {
    nodes: HashMap<&'a str, &'a Node>,
    tree: &'a Tree,
    /// Why alerts that fire tell nobody, whatever their route.
    mutes: HashMap<AlertId, Mute>,
    now: Time,
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

    /// Passes until no alert waits to be put into a group.
    async fn catch_up(&self) -> Result<(), Error> {
        for _ in 0..MOST_IN_A_ROW {
            let passed: Passed = self.pass().await?;
            if i64::try_from(passed.routed).unwrap_or(0) < ROUTED_AT_ONCE {
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
        let Some(lease) = self.hold(now).await? else {
            return Ok(Passed::default());
        };
        let mut tx: Tx = self.db.begin().await?;
        match jobs::guard(&mut tx, &lease).await {
            Ok(()) => {}
            Err(jobs::Error::LostLease { .. }) => {
                self.remember(|memory| memory.lease = None);
                return Ok(Passed::default());
            }
            Err(error) => return Err(error.into()),
        }
        let rules: Arc<Rules> = self.rules(&mut tx).await?;
        let routed: usize = route(&mut tx, &rules, now).await?;
        let mut written: Written = self.decide(&mut tx, &rules, now).await?;
        let over: BTreeSet<AlertId> = self.leave_out_what_is_over(&mut written);
        let unheard: BTreeSet<GroupId> = self.hold_back(&mut tx, &mut written).await?;
        let Some(pages) = self.write(&mut tx, written).await? else {
            tracing::warn!("a group of alerts was written by somebody else; this pass is dropped");
            return Ok(Passed::default());
        };
        tx.commit().await?;
        self.remember(|memory| {
            memory.over = over;
            memory.unheard = unheard;
        });
        Ok(Passed { routed, pages })
    }

    /// The pages of what is over are taken back once, and not in every pass until that is told. Returns all that is over.
    fn leave_out_what_is_over(&self, written: &mut Written) -> BTreeSet<AlertId> {
        let Some(over) = written.needless.remove(&Needless::Resolved) else {
            return BTreeSet::new();
        };
        let before: BTreeSet<AlertId> = self.remember(|memory| memory.over.clone());
        let new: BTreeSet<AlertId> = over.difference(&before).copied().collect();
        if !new.is_empty() {
            written.needless.insert(Needless::Resolved, new);
        }
        over
    }

    async fn decide(&self, tx: &mut Tx, rules: &Rules, now: Time) -> Result<Written, Error> {
        let groups: Vec<Group> = store::groups::groups(tx).await?;
        let mut members: HashMap<GroupId, Vec<Member>> = HashMap::new();
        let mut firing: BTreeMap<AlertId, Severity> = BTreeMap::new();
        for (group, member) in store::groups::members(tx).await? {
            if member.is_firing {
                firing.insert(member.alert, member.severity);
            }
            members.entry(group).or_default().push(member);
        }
        let situation = Situation {
            nodes: rules.tree.nodes().iter().map(|node| (node.path.as_str(), node)).collect(),
            tree: &rules.tree,
            mutes: self.mutes(tx, rules, &firing, now).await?,
            now,
        };
        let mut written = Written::default();
        for group in groups {
            let inside: Vec<Member> = members.remove(&group.id).unwrap_or_default();
            written.look(group, inside, &situation);
        }
        Ok(written)
    }

    /// Why alerts that fire tell nobody: a silence, or another alert.
    async fn mutes(
        &self,
        tx: &mut Tx,
        rules: &Rules,
        firing: &BTreeMap<AlertId, Severity>,
        now: Time,
    ) -> Result<HashMap<AlertId, Mute>, Error> {
        let holding: Holding = Holding::at(store::silences::alive(tx, now).await?, now);
        let known: Known = self.labels(tx, firing).await?;
        let all = known.iter().map(|(id, (_, labels))| (*id, labels.as_ref()));
        let inhibitions = Inhibitions::new(&rules.inhibitions, all);
        let mut mutes: HashMap<AlertId, Mute> = HashMap::new();
        for (id, (_, labels)) in &known {
            if let Some(mute) = mute(&holding, &inhibitions, labels) {
                mutes.insert(*id, mute);
            }
        }
        Ok(mutes)
    }

    /// The labels of what fires; only what was not known before is asked for, and what is over is forgotten.
    async fn labels(&self, tx: &mut Tx, firing: &BTreeMap<AlertId, Severity>) -> Result<Known, Error> {
        let mut known: Known = self.remember(|memory| std::mem::take(&mut memory.labels));
        known.retain(|id, one| firing.get(id) == Some(&one.0));
        let new: Vec<i64> = firing.keys().filter(|id| !known.contains_key(*id)).map(|id| id.0).collect();
        if !new.is_empty() {
            for alert in store::groups::known(tx, &new).await? {
                let severity: Severity = firing.get(&alert.id).copied().unwrap_or(alert.severity);
                let labels: Labels = routes::labels_of(&alert.labels, &alert.rule, severity);
                known.insert(alert.id, (severity, Arc::new(labels)));
            }
        }
        self.remember(|memory| memory.labels = known.clone());
        Ok(known)
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

/// Puts alerts that fire into the groups of the routes that take them, and says how many those were.
async fn route(tx: &mut Tx, rules: &Rules, now: Time) -> Result<usize, Error> {
    let alerts: Vec<Firing> = store::groups::unrouted(tx, rules.revision, ROUTED_AT_ONCE).await?;
    if alerts.is_empty() {
        return Ok(0);
    }
    let mut wanted: BTreeMap<(String, Labels), Vec<usize>> = BTreeMap::new();
    for (index, alert) in alerts.iter().enumerate() {
        let labels: Labels = routes::labels_of(&alert.labels, &alert.rule, alert.severity);
        for node in rules.tree.takers(&labels) {
            wanted.entry((node.path.clone(), node.settings.group_of(&labels))).or_default().push(index);
        }
    }
    let keys: Vec<(String, Labels)> = wanted.keys().cloned().collect();
    let groups: Vec<GroupId> = store::groups::ensure(tx, &keys, now).await?;
    let mut joins: Vec<Join> = Vec::new();
    for (group, inside) in groups.into_iter().zip(wanted.into_values()) {
        for alert in inside.into_iter().filter_map(|index| alerts.get(index)) {
            joins.push(Join { group, alert: alert.id, severity: alert.severity, waits_since: alert.fired_at });
        }
    }
    store::groups::join(tx, &joins, rules.revision).await?;
    let routed: Vec<(AlertId, Severity)> = alerts.iter().map(|alert| (alert.id, alert.severity)).collect();
    store::groups::leave(tx, &routed, rules.revision).await?;
    Ok(alerts.len())
}

fn mute(holding: &Holding, inhibitions: &Inhibitions, labels: &Labels) -> Option<Mute> {
    if let Some(silence) = holding.of(labels) {
        return Some(Mute::Silence(silence.id));
    }
    let inhibited: Inhibited = inhibitions.of(labels)?;
    Some(Mute::Inhibition { by: inhibited.by, rule: inhibited.rule })
}

impl Written {
    /// Looks at one group, and notes what becomes of it.
    fn look(&mut self, group: Group, mut members: Vec<Member>, situation: &Situation<'_>) {
        let node: Option<&Node> = situation.nodes.get(group.route.as_str()).copied();
        let gone = Settings { channels: group.channels.clone(), ..Settings::default() };
        let settings: &Settings = node.map_or(&gone, |node| &node.settings);
        let quiet: Option<Mute> =
            node.and_then(|node| situation.tree.quiet(node, situation.now)).map(|quiet| Mute::Calendar(quiet.calendar));
        for member in members.iter_mut().filter(|member| member.is_firing && member.is_current) {
            member.mute = situation.mutes.get(&member.alert).cloned().or_else(|| quiet.clone());
        }
        let decision: Decision = grouping::decide(settings, group.paged_at, &members, situation.now);
        for member in &members {
            if let Some(why) = needless(member) {
                self.needless.entry(why).or_default().insert(member.alert);
            }
        }
        if decision != Decision::default() || members.is_empty() {
            self.note(group, decision, settings, situation.now);
        }
    }

    fn note(&mut self, mut group: Group, decision: Decision, settings: &Settings, now: Time) {
        if decision.counts() {
            group.paged_at = Some(now);
        }
        self.changed.extend(decision.changed.into_iter().map(|one| (group.id, one)));
        self.gone.extend(decision.gone.into_iter().map(|alert| (group.id, alert)));
        if let Some(page) = decision.page {
            group.seq += 1;
            group.channels.clone_from(&settings.channels);
            let (kind, reasons): (PageKind, Vec<Reason>) = (page.kind, page.reasons);
            let order = PageOrder {
                key: format!("g{}-{}", group.id, group.seq),
                story: format!("g{}-e{}", group.id, group.episode),
                route: group.route.clone(),
                channels: group.channels.clone(),
                escalation: settings.escalation.clone(),
                group: group.labels.clone(),
                kind,
                reasons,
                alerts: Vec::new(),
                at: now,
            };
            let alerts: Vec<i64> = page.firing.iter().chain(&page.over).map(|alert| alert.0).collect();
            self.orders.push(Draft { group: group.id, order, alerts });
            if kind == PageKind::Resolved {
                group.episode += 1;
            }
        }
        self.groups.push(group);
    }
}

/// Why what was ordered about an alert is not needed any more, at the first look that finds it so. That a route is quiet is no reason:
/// what was ordered before that was ordered in time.
fn needless(member: &Member) -> Option<Needless> {
    let told = member.told?;
    if !member.is_firing {
        return Some(Needless::Resolved);
    }
    if member.is_held && !told.is_held {
        return Some(Needless::Acknowledged);
    }
    let is_silenced: bool = matches!(member.mute, Some(Mute::Silence(_) | Mute::Inhibition { .. }));
    (is_silenced && member.was_mute.is_none()).then_some(Needless::Silenced)
}

/// Orders with what their alerts say.
async fn filled_in(tx: &mut Tx, drafts: Vec<Draft>) -> Result<Vec<PageOrder>, Error> {
    let mut orders: Vec<PageOrder> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let alerts: Vec<PagedAlert> = store::paged::paged(tx, &draft.alerts).await?;
        let kind: PageKind = kind_now(draft.order.kind, &alerts);
        orders.push(PageOrder { alerts, kind, ..draft.order });
    }
    Ok(orders)
}

/// What a page is for, once it is known how its alerts stand: while it was decided, somebody may have taken on the last that needed one.
/// Then it is an update.
fn kind_now(kind: PageKind, alerts: &[PagedAlert]) -> PageKind {
    let is_settled = |alert: &PagedAlert| alert.held_by.is_some() || alert.resolved_at.is_some();
    let calls: bool = matches!(kind, PageKind::Fired | PageKind::Again);
    if calls && !alerts.is_empty() && alerts.iter().all(is_settled) { PageKind::Acknowledged } else { kind }
}

#[cfg(test)]
mod tests;
