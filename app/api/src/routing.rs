//! Routes, as screens see them: the tree, where an alert would go, whom one was told to, and changes of a route before they are in force.

use crate::error::{ApiError, Expected};
use crate::silences::{CalendarView, CoveredAlert, MatcherView};
use crate::text::Text;
use crate::wire::Packed;
use async_trait::async_trait;
use leptos::prelude::*;
use model::Time;
use model::ids::AlertId;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Why a route is quiet now, and until when if that can be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietView {
    pub calendar: String,
    pub until: Option<Time>,
}

/// What a route says itself; the rest it has from its parent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnSettings {
    pub channels: bool,
    pub escalation: bool,
    pub group_by: bool,
    pub group_wait: bool,
    pub group_interval: bool,
    pub repeat_interval: bool,
    pub send_resolved: bool,
}

/// One route, with what it inherits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteNode {
    /// `default/databases/night`.
    pub path: String,
    pub name: String,
    /// 0 for the outermost.
    pub depth: u32,
    pub matchers: Vec<MatcherView>,
    /// Its later siblings are asked too.
    pub goes_on: bool,
    /// Empty means the administrators, unless a policy escalates.
    pub channels: Vec<String>,
    /// Those of them that nobody has set up, or that are switched off.
    pub absent: Vec<String>,
    /// The escalation policy by which people are paged.
    pub escalation: Option<String>,
    /// There is no policy of that name: the administrators are paged in its place.
    pub no_policy: bool,
    /// `["..."]` puts none together; empty puts all together.
    pub group_by: Vec<String>,
    pub group_wait_ms: i64,
    pub group_interval_ms: i64,
    pub repeat_interval_ms: i64,
    pub send_resolved: bool,
    pub own: OwnSettings,
    pub mute_during: Vec<String>,
    pub active_during: Vec<String>,
    pub quiet: Option<QuietView>,
}

/// An alert that keeps others quiet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InhibitionView {
    pub name: String,
    pub source: Vec<MatcherView>,
    pub target: Vec<MatcherView>,
    pub equal: Vec<String>,
}

/// A calendar that routes or silences name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietTimes {
    pub name: String,
    pub calendar: CalendarView,
    /// Set while it is on.
    pub until: Option<Time>,
    /// When it is on next.
    pub next: Option<Time>,
}

/// Something that was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionView {
    pub number: i64,
    pub at: Time,
    pub by: String,
}

/// An alert or a rule whose way can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// `A-12` or `rule:cpu-usage`.
    pub key: String,
    pub name: Text,
}

/// The screen of routes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutesView {
    /// 0 while nothing was applied: the administrators hear of everything.
    pub revision: i64,
    /// The newest first.
    pub history: Vec<RevisionView>,
    /// The outermost first, each before those below it.
    pub nodes: Vec<RouteNode>,
    pub inhibitions: Vec<InhibitionView>,
    pub calendars: Vec<QuietTimes>,
    /// Everything in force as a file.
    pub yaml: String,
    /// Alerts that fire, and every rule.
    pub alerts: Vec<Subject>,
    pub rules: Vec<Subject>,
    pub way: Option<WayView>,
}

/// Whose way is asked; the same words stand in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WayAsk {
    /// The key of a [`Subject`].
    #[serde(default)]
    pub about: String,
    /// `alertname="cpu-usage", severity="P1"`; goes before `about`.
    #[serde(default)]
    pub labels: String,
}

/// What a route did with an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Turn {
    /// Some matcher does not hold.
    Declined,
    /// It matches, and routes below it take the alert.
    HandedDown,
    Taken,
    /// A sibling before it took the alert.
    NotAsked,
}

/// A matcher, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestView {
    pub matcher: MatcherView,
    /// Empty when the alert has no such label.
    pub found: String,
    pub holds: bool,
}

/// One turn of the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnView {
    pub path: String,
    pub depth: u32,
    pub turn: Turn,
    pub tests: Vec<TestView>,
    /// Of what was not asked: who took it before.
    pub taken_by: String,
    /// Of what took it: why it tells nobody now.
    pub quiet: Option<QuietView>,
}

/// A silence that covers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilencedView {
    pub id: i64,
    pub comment: String,
    pub by: String,
    pub until: Time,
}

/// A route that takes it, and when somebody would hear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldView {
    pub path: String,
    /// Empty means the administrators, unless a policy escalates.
    pub channels: Vec<String>,
    /// The escalation policy by which people are paged.
    pub escalation: Option<String>,
    pub group: Vec<(String, String)>,
    /// `None` while something keeps it quiet whose end nobody knows.
    pub at: Option<Time>,
}

/// The way of an alert.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayView {
    /// What was asked can't be read, or is not there: the text at fault.
    pub problem: Option<String>,
    /// By which it is routed.
    pub labels: Vec<(String, String)>,
    pub turns: Vec<TurnView>,
    pub silenced: Vec<SilencedView>,
    /// The rule, and the alert that explains this one.
    pub inhibited: Option<(String, AlertId)>,
    pub told: Vec<ToldView>,
}

/// Why an alert tells nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MutedView {
    /// The number of a silence, and its end.
    Silence(i64, Option<Time>),
    /// By this alert, because of that rule.
    Inhibition(AlertId, String),
    Calendar(String, Option<Time>),
}

/// Whom an alert was told to on one route, and what comes next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellingView {
    pub route: String,
    /// Empty means the administrators, unless a policy escalates.
    pub channels: Vec<String>,
    /// The escalation policy by which people are paged.
    pub escalation: Option<String>,
    pub is_told: bool,
    pub paged_at: Option<Time>,
    pub muted: Option<MutedView>,
    pub next_at: Option<Time>,
}

/// What somebody writes about a route; the same names stand in the address of its screen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RouteAsk {
    #[serde(default)]
    pub path: String,
    /// `set` (also when empty), `add` below it, `remove`, `up` or `down`.
    #[serde(default)]
    pub act: String,
    /// Whether the fields below are written, or to be filled with what is in force.
    #[serde(default)]
    pub written: bool,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub matchers: String,
    #[serde(default)]
    pub goes_on: bool,
    /// `inherit` (also when empty), `chosen` or `admins`.
    #[serde(default)]
    pub to: String,
    #[serde(default)]
    pub channels: Vec<String>,
    /// The name of a policy; empty inherits, `none` pages nobody.
    #[serde(default)]
    pub escalation: String,
    /// Names with commas; empty inherits, `[]` puts all together.
    #[serde(default)]
    pub group_by: String,
    /// `30s`; empty inherits.
    #[serde(default)]
    pub group_wait: String,
    #[serde(default)]
    pub group_interval: String,
    #[serde(default)]
    pub repeat_interval: String,
    /// `yes`, `no`; empty inherits.
    #[serde(default)]
    pub send_resolved: String,
    #[serde(default)]
    pub mute_during: Vec<String>,
    #[serde(default)]
    pub active_during: Vec<String>,
}

/// What can be wrong with what is written about a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RouteTrouble {
    /// There is no such route (any more).
    NoRoute,
    /// It can't be done to the outermost route.
    Outermost,
    /// It has no sibling on that side.
    Edge,
    Name,
    NameTaken,
    Matcher,
    Duration,
    /// What the tree as a whole gets wrong, in the words of who reads files.
    Tree,
    /// Another revision is in force by now.
    Stale,
}

impl RouteTrouble {
    const ALL: [(Self, &str); 9] = [
        (Self::NoRoute, "route.path"),
        (Self::Outermost, "route.outermost"),
        (Self::Edge, "route.edge"),
        (Self::Name, "route.name"),
        (Self::NameTaken, "route.name_taken"),
        (Self::Matcher, "route.matcher"),
        (Self::Duration, "route.duration"),
        (Self::Tree, "route.tree"),
        (Self::Stale, "route.revision"),
    ];

    /// As it crosses the door: the word is the field, what was expected is said in English for programs.
    #[must_use]
    pub fn refused(self, expected: &str) -> ApiError {
        let word = Self::ALL.iter().find(|(trouble, _)| *trouble == self).map_or("route", |(_, word)| *word);
        ApiError::Invalid { field: word.to_owned(), expected: Expected::other(expected) }
    }

    /// What a refusal is about, if it is one of these.
    #[must_use]
    pub fn of(error: &ApiError) -> Option<Self> {
        let ApiError::Invalid { field, .. } = error else { return None };
        Self::ALL.iter().find(|(_, word)| *word == field.as_str()).map(|(trouble, _)| *trouble)
    }
}

/// One line of a file that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanLine {
    /// `+`, `-`, or a blank for what stays.
    pub sign: char,
    pub text: String,
}

/// An alert that would be told elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedView {
    pub alert: CoveredAlert,
    /// Paths.
    pub before: Vec<String>,
    pub after: Vec<String>,
}

/// What a change would bring about, before it is in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutePlan {
    /// What keeps it from being put in force, with what was found.
    pub problems: Vec<(RouteTrouble, String)>,
    /// What changes in the file, with a few lines around it; empty when nothing does.
    pub lines: Vec<PlanLine>,
    /// The whole file.
    pub yaml: String,
    pub n_moved: u32,
    /// The first of those.
    pub moved: Vec<MovedView>,
}

/// The screen on which a route is edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteSheet {
    /// As the form shows it: what was written, or what is in force.
    pub ask: RouteAsk,
    /// The route above it, whose settings an empty field inherits; above the outermost, what holds without any route.
    pub inherits: RouteNode,
    pub is_outermost: bool,
    /// Of the revision that was looked at.
    pub revision: i64,
    /// Names of channels that are set up, and whether each is on.
    pub channels: Vec<(String, bool)>,
    /// Names of escalation policies.
    pub policies: Vec<String>,
    pub calendars: Vec<String>,
    /// Set where something was written, or nothing needs to be.
    pub plan: Option<RoutePlan>,
}

/// Answers the screens of routes.
#[async_trait]
pub trait RoutingApi: Send + Sync {
    async fn routes(&self, ask: WayAsk) -> Result<RoutesView, ApiError>;
    /// Whom an alert was told to.
    async fn tellings(&self, alert: AlertId) -> Result<Vec<TellingView>, ApiError>;
    /// A route to be edited, and what the change would bring about. Changes nothing.
    async fn edit(&self, ask: RouteAsk) -> Result<RouteSheet, ApiError>;
    /// Puts a file in force over the revision that was looked at, and says its number.
    async fn apply(&self, yaml: String, revision: i64) -> Result<i64, ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn RoutingApi> {
    expect_context::<Arc<dyn RoutingApi>>()
}

/// The tree, and the way that is asked for.
#[server(prefix = "/call", endpoint = "route_list", output = Packed)]
pub async fn route_list(ask: WayAsk) -> Result<RoutesView, ApiError> {
    room().routes(ask).await
}

/// Whom an alert was told to.
#[server(prefix = "/call", endpoint = "route_tellings", output = Packed)]
pub async fn route_tellings(alert: AlertId) -> Result<Vec<TellingView>, ApiError> {
    room().tellings(alert).await
}

/// A route to be edited.
#[server(prefix = "/call", endpoint = "route_edit", output = Packed)]
pub async fn route_edit(ask: RouteAsk) -> Result<RouteSheet, ApiError> {
    room().edit(ask).await
}

/// Puts routes in force.
#[server(prefix = "/call", endpoint = "route_apply", output = Packed)]
pub async fn route_apply(yaml: String, revision: i64) -> Result<i64, ApiError> {
    room().apply(yaml, revision).await
}

#[cfg(test)]
mod tests {
    use super::RouteTrouble;
    use crate::ApiError;

    #[test]
    fn every_trouble_comes_back_from_its_refusal() {
        for (trouble, word) in RouteTrouble::ALL {
            assert_eq!(RouteTrouble::of(&trouble.refused("something else")), Some(trouble), "{word}");
        }
        assert_eq!(RouteTrouble::of(&ApiError::Unavailable), None);
    }
}
