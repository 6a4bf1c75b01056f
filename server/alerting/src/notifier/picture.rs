//! What a notifier remembers between passes, so that a pass reads what changed and nothing else.
//!
//! None of it is needed to decide rightly: whatever is lost is read again. It is believed only while nobody else can have decided since (the
//! epoch of the lease is the same), by the same routes, and while all that was decided with it was committed; else the next pass reads
//! everything. And because something may change that nobody hears of, every group is read again within [`EVERY`] passes, a few at a time.

use crate::grouping::{GroupId, Member, Mute};
use crate::inhibition::{Inhibited, Inhibition, Inhibitions};
use crate::routes::matchers::all_hold;
use crate::routes::{Node, Tree};
use crate::silences::Holding;
use model::ids::AlertId;
use model::labels::Labels;
use model::{Severity, Time};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Passes within which every group is read and every alert that nobody has routed is found, whatever was heard: a minute. Counted in passes,
/// because a clock may be put back.
pub(super) const EVERY: u64 = 120;

/// The labels by which alerts are silenced and explained, with the severity they were made for.
type Known = HashMap<AlertId, (Severity, Arc<Labels>)>;

/// The paths of the routes that are quiet, each with the calendar by which it is.
pub(super) type QuietRoutes = BTreeMap<String, String>;

/// Which routes are quiet at `now`.
pub(super) fn quiet_routes(tree: &Tree, now: Time) -> QuietRoutes {
    let quiet = |node: &Node| tree.quiet(node, now).map(|found| (node.path.clone(), found.calendar));
    tree.nodes().iter().filter_map(quiet).collect()
}

/// A group after it was looked at.
#[derive(Clone, Debug)]
pub(super) struct Rest {
    pub(super) group: GroupId,
    /// The path of its route.
    pub(super) route: String,
    /// When somebody is told of it if nothing happens.
    pub(super) due: Option<Time>,
}

struct Kept {
    route: String,
    due: Option<Time>,
    /// The pass in which it is looked at whatever was heard.
    again: u64,
}

/// What is remembered.
#[derive(Default)]
pub(super) struct Picture {
    is_whole: bool,
    epoch: i64,
    revision: i64,
    n_passes: u64,
    groups: HashMap<GroupId, Kept>,
    labels: Known,
    /// Why alerts that fire tell nobody, whatever their route.
    mutes: HashMap<AlertId, Mute>,
    holding: Holding,
    inhibitions: Inhibitions,
    /// Something that explains others has come or gone since `inhibitions` were made.
    is_outdated: bool,
    quiet: QuietRoutes,
}

impl Picture {
    /// Begins a pass under a lease and by routes.
    pub(super) fn begin(&mut self, epoch: i64, revision: i64) {
        self.n_passes += 1;
        if (self.epoch, self.revision) != (epoch, revision) {
            (self.epoch, self.revision) = (epoch, revision);
            self.is_whole = false;
        }
        if !self.is_whole {
            self.groups.clear();
            self.is_outdated = true;
        }
    }

    /// Ends a pass: what is remembered can be believed at the next one, or not.
    pub(super) fn end(&mut self, is_whole: bool) {
        self.is_whole = is_whole;
    }

    /// Whether everything but what changed is known.
    pub(super) fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Whether alerts that nobody has routed are looked for among all.
    pub(super) fn sweeps(&self) -> bool {
        self.n_passes.is_multiple_of(EVERY)
    }

    pub(super) fn mutes(&self) -> &HashMap<AlertId, Mute> {
        &self.mutes
    }

    pub(super) fn quiet(&self) -> &QuietRoutes {
        &self.quiet
    }

    /// Notes which routes are quiet now, and says which groups are to be looked at without anything having been heard of them: those that are
    /// due, those whose route has become quiet or loud, and those whose turn it is. `out_of_reach` are left out of what is due.
    pub(super) fn due(&mut self, now: Time, quiet: QuietRoutes, out_of_reach: &BTreeSet<GroupId>) -> BTreeSet<GroupId> {
        let before: QuietRoutes = std::mem::replace(&mut self.quiet, quiet);
        let mut wanted: BTreeSet<GroupId> = BTreeSet::new();
        for (id, kept) in &self.groups {
            let is_time: bool = kept.due.is_some_and(|due| due <= now) && !out_of_reach.contains(id);
            let is_other: bool = before.get(&kept.route) != self.quiet.get(&kept.route);
            if is_time || is_other || kept.again <= self.n_passes {
                wanted.insert(*id);
            }
        }
        wanted
    }

    /// Remembers the groups that were looked at. Those that were asked for and are not among them are gone.
    pub(super) fn rest(&mut self, asked: &BTreeSet<GroupId>, groups: Vec<Rest>) {
        for id in asked {
            self.groups.remove(id);
        }
        for rest in groups {
            // After a pass that read everything they take turns, instead of coming all at once a minute later.
            let turn: u64 = if self.is_whole { EVERY } else { 1 + rest.group.0.unsigned_abs() % EVERY };
            let again: u64 = self.n_passes + turn;
            self.groups.insert(rest.group, Kept { route: rest.route, due: rest.due, again });
        }
    }

    /// Forgets alerts that are in no group any more, of a pass that has read all members.
    pub(super) fn forget_others(&mut self, firing: &BTreeSet<AlertId>) {
        self.labels.retain(|id, _| firing.contains(id));
        self.mutes.retain(|id, _| firing.contains(id));
    }

    /// Notes how alerts stand as they were just read, and says whose labels are to be learned.
    pub(super) fn meet<'a>(
        &mut self,
        rules: &[Inhibition],
        members: impl Iterator<Item = &'a Member>,
    ) -> BTreeMap<AlertId, Severity> {
        let mut unknown: BTreeMap<AlertId, Severity> = BTreeMap::new();
        for member in members {
            let is_known: bool = self.labels.get(&member.alert).is_some_and(|(severity, _)| *severity == member.severity);
            if member.is_firing && is_known {
                continue;
            }
            if let Some((_, labels)) = self.labels.remove(&member.alert) {
                self.is_outdated |= explains(rules, &labels);
            }
            self.mutes.remove(&member.alert);
            if member.is_firing {
                unknown.insert(member.alert, member.severity);
            }
        }
        unknown
    }

    /// Learns the labels of an alert that fires.
    pub(super) fn learn(&mut self, rules: &[Inhibition], id: AlertId, severity: Severity, labels: Labels) {
        self.is_outdated |= explains(rules, &labels);
        if let Some(mute) = mute(&self.holding, &self.inhibitions, &labels) {
            self.mutes.insert(id, mute);
        }
        self.labels.insert(id, (severity, Arc::new(labels)));
    }

    /// Whether what keeps alerts quiet may be something else for alerts that did not change.
    pub(super) fn is_outdated(&self, holding: &Holding) -> bool {
        self.is_outdated || self.holding != *holding
    }

    /// Asks about every alert what keeps it quiet, and says for which the answer is another.
    pub(super) fn mute_anew(&mut self, rules: &[Inhibition], holding: Holding) -> Vec<AlertId> {
        self.holding = holding;
        self.inhibitions = Inhibitions::new(rules, self.labels.iter().map(|(id, (_, labels))| (*id, labels.as_ref())));
        self.is_outdated = false;
        let mut others: Vec<AlertId> = Vec::new();
        for (id, (_, labels)) in &self.labels {
            let new: Option<Mute> = mute(&self.holding, &self.inhibitions, labels);
            if self.mutes.get(id) == new.as_ref() {
                continue;
            }
            others.push(*id);
            match new {
                Some(new) => self.mutes.insert(*id, new),
                None => self.mutes.remove(id),
            };
        }
        others
    }
}

/// Whether an alert with these labels may keep others quiet.
fn explains(rules: &[Inhibition], labels: &Labels) -> bool {
    rules.iter().any(|rule| all_hold(&rule.source, labels))
}

/// What keeps an alert with these labels quiet on whatever route.
fn mute(holding: &Holding, inhibitions: &Inhibitions, labels: &Labels) -> Option<Mute> {
    if let Some(silence) = holding.of(labels) {
        return Some(Mute::Silence(silence.id));
    }
    let inhibited: Inhibited = inhibitions.of(labels)?;
    Some(Mute::Inhibition { by: inhibited.by, rule: inhibited.rule })
}
