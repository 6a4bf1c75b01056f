//! The tree, inhibitions and calendars, from the room's to the screens'.

use crate::apis::silences::shape;
use ::api::routing::{InhibitionView, OwnSettings, QuietTimes, QuietView, RevisionView, RouteNode};
use alerting::calendar::Calendar;
use alerting::inhibition::Inhibition;
use alerting::routes::file::{Definition, NamedCalendar};
use alerting::routes::{Node, Quiet, Route, Tree};
use alerting::routing::looking::Revision;
use model::Time;

/// A channel that is set up, and whether it is on.
pub type Known = (String, bool);

/// What routes may name, as far as it is there.
#[derive(Clone, Debug, Default)]
pub struct There {
    pub channels: Vec<Known>,
    /// Names of escalation policies.
    pub policies: Vec<String>,
}

/// Every route of a definition, the outermost first.
pub fn nodes(definition: &Definition, there: &There, now: Time) -> Vec<RouteNode> {
    let unwritten: Route = Route::unwritten();
    let tree: Tree = definition.tree();
    let mut written: Vec<&Route> = Vec::new();
    gather(definition.routes.as_ref().unwrap_or(&unwritten), &mut written);
    tree.nodes().iter().zip(written).map(|(route, own)| node(route, own, &tree, there, now)).collect()
}

/// Each route before those below it, as [`Tree::nodes`] has them.
fn gather<'r>(route: &'r Route, all: &mut Vec<&'r Route>) {
    all.push(route);
    for below in &route.routes {
        gather(below, all);
    }
}

fn node(node: &Node, own: &Route, tree: &Tree, there: &There, now: Time) -> RouteNode {
    let settings = &node.settings;
    let is_there = |name: &str| there.channels.iter().any(|(have, is_on)| have == name && *is_on);
    RouteNode {
        path: node.path.clone(),
        name: node.name.clone(),
        depth: u32::try_from(node.depth).unwrap_or(u32::MAX),
        matchers: shape::matchers(&node.matchers),
        goes_on: node.goes_on,
        channels: settings.channels.clone(),
        absent: settings.channels.iter().filter(|name| !is_there(name)).cloned().collect(),
        no_policy: settings.escalation.as_ref().is_some_and(|name| !there.policies.contains(name)),
        escalation: settings.escalation.clone(),
        group_by: settings.group_by.clone(),
        group_wait_ms: settings.group_wait_ms,
        group_interval_ms: settings.group_interval_ms,
        repeat_interval_ms: settings.repeat_interval_ms,
        send_resolved: settings.send_resolved,
        own: said(own),
        mute_during: node.mute_during.clone(),
        active_during: node.active_during.clone(),
        quiet: tree.quiet(node, now).map(quiet),
    }
}

fn said(route: &Route) -> OwnSettings {
    OwnSettings {
        channels: route.channels.is_some(),
        escalation: route.escalation.is_some(),
        group_by: route.group_by.is_some(),
        group_wait: route.group_wait.is_some(),
        group_interval: route.group_interval.is_some(),
        repeat_interval: route.repeat_interval.is_some(),
        send_resolved: route.send_resolved.is_some(),
    }
}

/// Why a route is quiet.
pub fn quiet(quiet: Quiet) -> QuietView {
    QuietView { calendar: quiet.calendar, until: quiet.until }
}

/// Inhibitions, in the order of the file.
pub fn inhibitions(inhibitions: &[Inhibition]) -> Vec<InhibitionView> {
    let view = |one: &Inhibition| InhibitionView {
        name: one.name.clone(),
        source: shape::matchers(&one.source),
        target: shape::matchers(&one.target),
        equal: one.equal.clone(),
    };
    inhibitions.iter().map(view).collect()
}

/// Calendars, and whether each is on.
pub fn calendars(calendars: &[NamedCalendar], now: Time) -> Vec<QuietTimes> {
    let view = |one: &NamedCalendar| {
        let calendar = Calendar { zone: one.zone, windows: one.windows.clone() };
        let until: Option<Time> = calendar.until(now);
        let next: Option<Time> = if until.is_some() { None } else { calendar.next(now).map(|span| span.from) };
        QuietTimes { name: one.name.clone(), calendar: shape::calendar(&calendar), until, next }
    };
    calendars.iter().map(view).collect()
}

/// What was applied, the newest first.
pub fn history(revisions: Vec<Revision>) -> Vec<RevisionView> {
    revisions.into_iter().map(|one| RevisionView { number: one.number, at: one.at, by: one.by }).collect()
}
