//! What a pass decides about the groups it has read, before it is written.

use super::picture::{QuietRoutes, Rest};
use crate::error::Error;
use crate::grouping::{self, Decision, GroupId, Member, Mute, PageKind, Reason, Remembered, due};
use crate::needs::{Needless, PageOrder, PagedAlert};
use crate::routes::{Node, Settings};
use crate::store;
use crate::store::groups::Group;
use kernel::Tx;
use model::Time;
use model::ids::AlertId;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// All that is written at the end of a pass.
#[derive(Default)]
pub(super) struct Written {
    pub(super) changed: Vec<(GroupId, Remembered)>,
    pub(super) gone: Vec<(GroupId, AlertId)>,
    pub(super) groups: Vec<Group>,
    pub(super) orders: Vec<Draft>,
    pub(super) needless: BTreeMap<Needless, BTreeSet<AlertId>>,
    /// What is over, in the groups that were told of it and still wait to be told so.
    pub(super) over: BTreeMap<GroupId, BTreeSet<AlertId>>,
}

/// An order before it is known what its alerts say.
pub(super) struct Draft {
    pub(super) group: GroupId,
    pub(super) order: PageOrder,
    alerts: Vec<i64>,
}

/// Everything a decision needs besides the group itself.
pub(super) struct Situation<'a> {
    pub(super) nodes: HashMap<&'a str, &'a Node>,
    pub(super) quiet: &'a QuietRoutes,
    /// Why alerts that fire tell nobody, whatever their route.
    pub(super) mutes: &'a HashMap<AlertId, Mute>,
    pub(super) now: Time,
}

impl Written {
    /// Looks at one group, notes what becomes of it, and says when it is due again.
    pub(super) fn look(&mut self, group: Group, mut members: Vec<Member>, situation: &Situation<'_>) -> Rest {
        let node: Option<&Node> = situation.nodes.get(group.route.as_str()).copied();
        let gone = Settings { channels: group.channels.clone(), ..Settings::default() };
        let settings: &Settings = node.map_or(&gone, |node| &node.settings);
        let quiet: Option<Mute> = situation.quiet.get(&group.route).cloned().map(Mute::Calendar);
        for member in members.iter_mut().filter(|member| member.is_firing && member.is_current) {
            member.mute = situation.mutes.get(&member.alert).cloned().or_else(|| quiet.clone());
        }
        let decision: Decision = grouping::decide(settings, group.paged_at, &members, situation.now);
        for member in &members {
            match needless(member) {
                Some(Needless::Resolved) => {
                    self.over.entry(group.id).or_default().insert(member.alert);
                }
                Some(why) => {
                    self.needless.entry(why).or_default().insert(member.alert);
                }
                None => {}
            }
        }
        let mut rest = Rest { group: group.id, route: group.route.clone(), due: Some(due::AT_ONCE) };
        if decision != Decision::default() || members.is_empty() {
            // How it stands then is seen by another look at what was written.
            self.note(group, decision, settings, situation.now);
        } else {
            rest.due = due::next(settings, group.paged_at, &members);
        }
        rest
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
pub(super) async fn filled_in(tx: &mut Tx, drafts: Vec<Draft>) -> Result<Vec<PageOrder>, Error> {
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
