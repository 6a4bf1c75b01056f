//! What a pass reads: what changed, what is due, and, when nothing is known that can be believed, everything.

use super::picture::{Picture, QuietRoutes, Rest, quiet_routes};
use super::written::{Situation, Written};
use super::{Notifier, ROUTED_AT_ONCE, Rules, placing};
use crate::error::Error;
use crate::grouping::{GroupId, Member};
use crate::routes::{self, Node};
use crate::silences::Holding;
use crate::store;
use crate::store::groups::{Firing, Group, chosen};
use kernel::Tx;
use model::ids::AlertId;
use model::labels::Labels;
use model::{Severity, Time};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Notes of changes that are taken in one pass; more wait for the next, which follows at once.
const TAKEN_AT_ONCE: i64 = 5_000;

/// What has happened since the last pass.
#[derive(Clone, Debug, Default)]
pub(super) struct News {
    /// Alerts that changed or were routed; not told by a pass that reads everything.
    changed: BTreeSet<AlertId>,
    /// Alerts that were put into groups.
    pub(super) routed: usize,
    /// There are alerts that were not looked for a group yet.
    pub(super) is_cut: bool,
    /// There may be more to hear.
    pub(super) is_behind: bool,
}

/// Groups as they were read.
#[derive(Default)]
pub(super) struct Looked {
    /// Every group there is was asked for.
    pub(super) is_all: bool,
    pub(super) asked: BTreeSet<GroupId>,
    pub(super) n_members: usize,
    groups: Vec<Group>,
    members: HashMap<GroupId, Vec<Member>>,
}

impl Looked {
    fn of(groups: Vec<Group>, members: Vec<(GroupId, Member)>) -> Self {
        let mut looked = Self { n_members: members.len(), groups, ..Self::default() };
        for (group, member) in members {
            looked.members.entry(group).or_default().push(member);
        }
        looked
    }

    async fn all(tx: &mut Tx) -> Result<Self, Error> {
        let groups: Vec<Group> = store::groups::groups(tx).await?;
        let looked = Self::of(groups, store::groups::members(tx).await?);
        let asked: BTreeSet<GroupId> = looked.groups.iter().map(|group| group.id).collect();
        Ok(Self { is_all: true, asked, ..looked })
    }

    async fn some(tx: &mut Tx, asked: BTreeSet<GroupId>) -> Result<Self, Error> {
        if asked.is_empty() {
            return Ok(Self::default());
        }
        let ids: Vec<i64> = asked.iter().map(|id| id.0).collect();
        let groups: Vec<Group> = chosen::groups(tx, &ids).await?;
        let looked = Self::of(groups, chosen::members(tx, &ids).await?);
        Ok(Self { asked, ..looked })
    }

    fn join(&mut self, others: Self) {
        self.n_members += others.n_members;
        self.asked.extend(others.asked);
        self.groups.extend(others.groups);
        self.members.extend(others.members);
    }

    fn firing(&self) -> BTreeSet<AlertId> {
        self.members.values().flatten().filter(|member| member.is_firing).map(|member| member.alert).collect()
    }
}

/// Hears what changed, and puts alerts that fire into the groups of the routes that take them.
pub(super) async fn hear(tx: &mut Tx, rules: &Rules, picture: &Picture, now: Time) -> Result<News, Error> {
    if !picture.is_whole() {
        store::changes::take_all(tx).await?;
        let found: Vec<Firing> = store::groups::unrouted(tx, rules.revision, ROUTED_AT_ONCE).await?;
        placing::place(tx, rules, &found, now).await?;
        let is_cut: bool = is_full(found.len(), ROUTED_AT_ONCE);
        return Ok(News { routed: found.len(), is_cut, is_behind: is_cut, ..News::default() });
    }
    let taken: Vec<i64> = store::changes::take(tx, TAKEN_AT_ONCE).await?;
    let mut changed: BTreeSet<AlertId> = taken.iter().copied().map(AlertId).collect();
    let ids: Vec<i64> = changed.iter().map(|id| id.0).collect();
    let mut found: Vec<Firing> = if ids.is_empty() { Vec::new() } else { chosen::unrouted(tx, rules.revision, &ids).await? };
    placing::place(tx, rules, &found, now).await?;
    let mut is_cut: bool = false;
    if picture.sweeps() {
        let missed: Vec<Firing> = store::groups::unrouted(tx, rules.revision, ROUTED_AT_ONCE).await?;
        placing::place(tx, rules, &missed, now).await?;
        is_cut = is_full(missed.len(), ROUTED_AT_ONCE);
        found.extend(missed);
    }
    changed.extend(found.iter().map(|alert| alert.id));
    Ok(News { changed, routed: found.len(), is_cut, is_behind: is_cut || is_full(taken.len(), TAKEN_AT_ONCE) })
}

fn is_full(n: usize, most: i64) -> bool {
    i64::try_from(n).is_ok_and(|n| n >= most)
}

/// Learns what keeps alerts quiet of which nothing is known.
async fn learn(tx: &mut Tx, rules: &Rules, picture: &mut Picture, looked: &Looked) -> Result<(), Error> {
    let unknown: BTreeMap<AlertId, Severity> = picture.meet(&rules.inhibitions, looked.members.values().flatten());
    if unknown.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = unknown.keys().map(|id| id.0).collect();
    for alert in store::groups::known(tx, &ids).await? {
        let severity: Severity = unknown.get(&alert.id).copied().unwrap_or(alert.severity);
        let labels: Labels = routes::labels_of(&alert.labels, &alert.rule, severity);
        picture.learn(&rules.inhibitions, alert.id, severity, labels);
    }
    Ok(())
}

impl Notifier {
    /// Reads the groups of which something may have to be told, and what keeps their alerts quiet.
    pub(super) async fn look(
        &self,
        tx: &mut Tx,
        rules: &Rules,
        picture: &mut Picture,
        news: &News,
        now: Time,
    ) -> Result<Looked, Error> {
        let quiet: QuietRoutes = quiet_routes(&rules.tree, now);
        let out_of_reach: BTreeSet<GroupId> = self.out_of_reach().await?;
        let mut wanted: BTreeSet<GroupId> = picture.due(now, quiet, &out_of_reach);
        let mut looked: Looked = if picture.is_whole() {
            wanted.extend(groups_of(tx, &news.changed).await?);
            Looked::some(tx, wanted).await?
        } else {
            Looked::all(tx).await?
        };
        if looked.is_all {
            picture.forget_others(&looked.firing());
        }
        learn(tx, rules, picture, &looked).await?;
        let holding: Holding = Holding::at(store::silences::alive(tx, now).await?, now);
        if picture.is_outdated(&holding) {
            let others: Vec<AlertId> = picture.mute_anew(&rules.inhibitions, holding);
            if !looked.is_all {
                let mut affected: BTreeSet<GroupId> = groups_of(tx, &others.into_iter().collect()).await?;
                affected.retain(|id| !looked.asked.contains(id));
                let more: Looked = Looked::some(tx, affected).await?;
                // What is learned here of something that explains others is asked about at the next pass.
                learn(tx, rules, picture, &more).await?;
                looked.join(more);
            }
        }
        Ok(looked)
    }
}

async fn groups_of(tx: &mut Tx, alerts: &BTreeSet<AlertId>) -> Result<BTreeSet<GroupId>, Error> {
    if alerts.is_empty() {
        return Ok(BTreeSet::new());
    }
    let ids: Vec<i64> = alerts.iter().map(|id| id.0).collect();
    Ok(chosen::of(tx, &ids).await?.into_iter().collect())
}

/// Decides on what was read, and remembers when each of it is due.
pub(super) fn judge(rules: &Rules, picture: &mut Picture, looked: &mut Looked, now: Time) -> Written {
    let nodes: HashMap<&str, &Node> = rules.tree.nodes().iter().map(|node| (node.path.as_str(), node)).collect();
    let mut written = Written::default();
    let mut rests: Vec<Rest> = Vec::with_capacity(looked.groups.len());
    let situation = Situation { nodes, quiet: picture.quiet(), mutes: picture.mutes(), now };
    for group in std::mem::take(&mut looked.groups) {
        let inside: Vec<Member> = looked.members.remove(&group.id).unwrap_or_default();
        rests.push(written.look(group, inside, &situation));
    }
    picture.rest(&looked.asked, rests);
    written
}
