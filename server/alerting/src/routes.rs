//! Routes: a tree that says who hears of an alert, how alerts are put together, and how often.
//!
//! An alert enters at the root and goes down: of the routes below one that matches, the first that matches takes it, and the next too
//! where that one says `continue`. A route whose children all decline takes it itself (prometheus/alertmanager `dispatch/route.go`).
//! What a route does not say its parent says, except when it is quiet.

pub mod edit;
pub mod explain;
pub mod file;
pub mod first_told;
pub mod matcher_list;
pub mod matchers;
pub mod moved;
pub mod printer;

use crate::calendar::Calendar;
use matchers::{Matcher, all_hold};
use model::ids::RuleId;
use model::labels::Labels;
use model::{Severity, Time};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// What comes together within this time is told together.
pub const DEFAULT_GROUP_WAIT_MS: i64 = 30_000;
/// The least time between two pages about one group.
pub const DEFAULT_GROUP_INTERVAL_MS: i64 = 5 * 60_000;
/// After this time without an answer it is said again.
pub const DEFAULT_REPEAT_INTERVAL_MS: i64 = 4 * 3_600_000;
/// The label that holds the id of the rule.
pub const RULE_LABEL: &str = "alertname";
/// The label that holds the severity, `P0` to `P3`.
pub const SEVERITY_LABEL: &str = "severity";
/// In `escalation`: nobody, whatever the route above says.
pub const NO_ESCALATION: &str = "none";
/// In `group_by`: every alert by itself.
pub const BY_ALL: &str = "...";

/// Calendars by name.
pub type Calendars = BTreeMap<String, Calendar>;

/// A route as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Unique among its siblings. The names down to it are its path, by which its groups are known: a renamed route tells again.
    pub name: String,
    #[serde(default, rename = "match", skip_serializing_if = "Vec::is_empty")]
    pub matchers: Vec<Matcher>,
    /// Whether its later siblings are asked too.
    #[serde(default, rename = "continue")]
    pub goes_on: bool,
    /// Names of channels; nobody's when the list is empty, which means the administrators, unless a policy escalates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<String>>,
    /// The escalation policy by which people are paged, besides the channels; [`NO_ESCALATION`] where a route above names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation: Option<String>,
    /// Labels whose values put alerts together; `["..."]` puts none together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_by: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_wait: Option<file::Duration>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_interval: Option<file::Duration>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_interval: Option<file::Duration>,
    /// Whether it is told that alerts are over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_resolved: Option<bool>,
    /// Quiet while one of these calendars says so. Not inherited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mute_during: Vec<String>,
    /// Quiet unless one of these calendars says so. Not inherited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub active_during: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<Route>,
}

impl Route {
    /// What holds while nobody has written a route: the administrators hear of everything, by rule.
    #[must_use]
    pub fn unwritten() -> Self {
        Self {
            name: "default".to_owned(),
            matchers: Vec::new(),
            goes_on: false,
            channels: None,
            escalation: None,
            group_by: None,
            group_wait: None,
            group_interval: None,
            repeat_interval: None,
            send_resolved: None,
            mute_during: Vec::new(),
            active_during: Vec::new(),
            routes: Vec::new(),
        }
    }
}

/// What a route does with what it takes, with what it inherits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Empty means the administrators, unless a policy escalates.
    pub channels: Vec<String>,
    /// The escalation policy by which people are paged.
    pub escalation: Option<String>,
    pub group_by: Vec<String>,
    pub group_wait_ms: i64,
    pub group_interval_ms: i64,
    pub repeat_interval_ms: i64,
    pub send_resolved: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            channels: Vec::new(),
            escalation: None,
            group_by: vec![RULE_LABEL.to_owned()],
            group_wait_ms: DEFAULT_GROUP_WAIT_MS,
            group_interval_ms: DEFAULT_GROUP_INTERVAL_MS,
            repeat_interval_ms: DEFAULT_REPEAT_INTERVAL_MS,
            send_resolved: true,
        }
    }
}

impl Settings {
    fn below(&self, route: &Route) -> Self {
        let ms = |own: Option<file::Duration>, inherited: i64| own.map_or(inherited, |duration| duration.0);
        Self {
            channels: route.channels.clone().unwrap_or_else(|| self.channels.clone()),
            escalation: route.escalation.clone().or_else(|| self.escalation.clone()).filter(|policy| policy != NO_ESCALATION),
            group_by: route.group_by.clone().unwrap_or_else(|| self.group_by.clone()),
            group_wait_ms: ms(route.group_wait, self.group_wait_ms),
            group_interval_ms: ms(route.group_interval, self.group_interval_ms),
            repeat_interval_ms: ms(route.repeat_interval, self.repeat_interval_ms),
            send_resolved: route.send_resolved.unwrap_or(self.send_resolved),
        }
    }

    /// The labels that make the group of an alert. A label it has not is left out.
    #[must_use]
    pub fn group_of(&self, labels: &Labels) -> Labels {
        if self.group_by.iter().any(|name| name == BY_ALL) {
            return labels.clone();
        }
        let kept = self.group_by.iter().map(|name| (name.clone(), labels.get(name).to_owned()));
        Labels::new(kept)
    }
}

/// One route of the tree, ready to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// `default/databases/night`.
    pub path: String,
    pub name: String,
    /// 0 for the root.
    pub depth: usize,
    pub matchers: Vec<Matcher>,
    pub goes_on: bool,
    pub settings: Settings,
    pub mute_during: Vec<String>,
    pub active_during: Vec<String>,
    /// Indices of the routes below it, in their order.
    pub children: Vec<usize>,
}

/// Why a route is quiet now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// The calendar that says so; of a route outside its active times, the first of these.
    pub calendar: String,
    /// When that changes, if that can be told.
    pub until: Option<Time>,
}

/// All routes, the root first, each before its children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    nodes: Vec<Node>,
    calendars: Calendars,
}

impl Tree {
    /// Of checked routes.
    #[must_use]
    pub fn new(root: &Route, calendars: Calendars) -> Self {
        let mut tree = Self { nodes: Vec::new(), calendars };
        tree.add(root, "", 0, &Settings::default());
        tree
    }

    fn add(&mut self, route: &Route, above: &str, depth: usize, inherited: &Settings) -> usize {
        let path: String = if above.is_empty() { route.name.clone() } else { format!("{above}/{}", route.name) };
        let settings: Settings = inherited.below(route);
        let index: usize = self.nodes.len();
        self.nodes.push(Node {
            path: path.clone(),
            name: route.name.clone(),
            depth,
            matchers: route.matchers.clone(),
            goes_on: route.goes_on,
            settings: settings.clone(),
            mute_during: route.mute_during.clone(),
            active_during: route.active_during.clone(),
            children: Vec::new(),
        });
        let children: Vec<usize> = route.routes.iter().map(|child| self.add(child, &path, depth + 1, &settings)).collect();
        self.nodes[index].children = children;
        index
    }

    /// Every route, the root first.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The route of a path.
    #[must_use]
    pub fn node(&self, path: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.path == path)
    }

    /// Who takes an alert with these labels: at least the root.
    #[must_use]
    pub fn takers(&self, labels: &Labels) -> Vec<&Node> {
        let mut taken: Vec<&Node> = Vec::new();
        if !self.descend(0, labels, &mut taken) {
            // A root with matchers is refused when it is read; nobody may be lost for one that was stored by hand.
            taken.extend(self.nodes.first());
        }
        taken
    }

    fn descend<'t>(&'t self, index: usize, labels: &Labels, taken: &mut Vec<&'t Node>) -> bool {
        let Some(node) = self.nodes.get(index) else {
            return false;
        };
        if !all_hold(&node.matchers, labels) {
            return false;
        }
        let before: usize = taken.len();
        for child in &node.children {
            let did: bool = self.descend(*child, labels, taken);
            let goes_on: bool = self.nodes.get(*child).is_some_and(|child| child.goes_on);
            if did && !goes_on {
                break;
            }
        }
        if taken.len() == before {
            taken.push(node);
        }
        true
    }

    /// Whether a route is quiet at `at`, and why.
    #[must_use]
    pub fn quiet(&self, node: &Node, at: Time) -> Option<Quiet> {
        for name in &node.mute_during {
            if let Some(until) = self.calendars.get(name).and_then(|calendar| calendar.until(at)) {
                return Some(Quiet { calendar: name.clone(), until: Some(until) });
            }
        }
        let first: &String = node.active_during.first()?;
        let mut active = node.active_during.iter().filter_map(|name| self.calendars.get(name));
        if active.any(|calendar| calendar.covers(at)) {
            return None;
        }
        let next = node.active_during.iter().filter_map(|name| self.calendars.get(name)?.next(at)).map(|span| span.from).min();
        Some(Quiet { calendar: first.clone(), until: next })
    }
}

/// The labels by which an alert is routed, silenced and inhibited: its own, its rule as `alertname`, and its severity. The last two
/// are ours whatever a series says, so that nothing that is measured can choose who is woken.
#[must_use]
pub fn labels_of(labels: &Labels, rule: &RuleId, severity: Severity) -> Labels {
    let mut all: Labels = labels.clone();
    all.set(RULE_LABEL.to_owned(), name_of(rule).to_owned());
    all.set(SEVERITY_LABEL.to_owned(), severity.code().to_owned());
    all
}

/// The `alertname` of a rule's alerts. A foreign alert's rule is the slug of its integration, a slash, and the name that its sender gives it;
/// no rule's id has a slash.
#[must_use]
pub fn name_of(rule: &RuleId) -> &str {
    rule.0.split_once('/').map_or(rule.0.as_str(), |(_, name)| name)
}

/// The names of channels that routes use, each once.
#[must_use]
pub fn channels_of(tree: &Tree) -> Vec<String> {
    let mut seen: HashSet<&str> = HashSet::new();
    let named = tree.nodes.iter().flat_map(|node| node.settings.channels.iter());
    named.filter(|name| seen.insert(name.as_str())).cloned().collect()
}

#[cfg(test)]
mod tests;
