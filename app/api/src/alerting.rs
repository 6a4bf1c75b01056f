//! Alerts and rules, as screens see them.

use crate::error::ApiError;
use crate::text::Text;
use crate::wire::Packed;
use async_trait::async_trait;
use chart::Plot;
use figures::Unit;
use leptos::prelude::*;
use model::alert::{AlertState, Direction};
use model::ids::{AlertId, IntegrationId, RuleId};
use model::{Severity, Time};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Which alerts to show; the same words stand in the address (`/alerts?show=open&severity=p1`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AlertQuery {
    /// `open` (default), `unanswered`, `held`, `pending`, `resolved`, `all`.
    #[serde(default)]
    pub show: String,
    /// `p0` … `p3`.
    #[serde(default)]
    pub severity: Option<String>,
    #[serde(default)]
    pub rule: Option<String>,
    /// Free text over names and label values.
    #[serde(default)]
    pub search: Option<String>,
    /// Only alerts older than this one: the next screenful.
    #[serde(default)]
    pub before: Option<i64>,
    /// Where a list by urgency (`open`, `unanswered`) goes on: the word that [`AlertList::next`] gave.
    #[serde(default)]
    pub after: Option<String>,
}

/// Who has an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub by: String,
    pub at: Time,
    pub comment: Option<String>,
}

/// One alert in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertRow {
    pub id: AlertId,
    pub rule: RuleId,
    pub name: Text,
    /// The sentence with the labels filled in.
    pub summary: Text,
    pub severity: Severity,
    pub state: AlertState,
    pub labels: Vec<(String, String)>,
    pub host: Option<String>,
    pub value: Option<f64>,
    /// When that was measured.
    #[serde(default)]
    pub value_at: Option<Time>,
    pub threshold: f64,
    pub direction: Direction,
    pub unit: Unit,
    pub for_ms: i64,
    /// When the value crossed the threshold.
    pub crossed_at: Time,
    pub fired_at: Option<Time>,
    pub resolved_at: Option<Time>,
    pub held: Option<Held>,
    /// Who raised it, when no rule of ours did. Then threshold and direction say nothing.
    #[serde(default)]
    pub source: Option<AlertSource>,
    /// The last hour of the measured value; empty where a list does not draw it.
    pub spark: Vec<(i64, f64)>,
}

/// The integration that raised an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertSource {
    pub id: IntegrationId,
    pub name: String,
    /// Where the alert stands in the sender's tool.
    pub url: Option<String>,
}

impl AlertRow {
    /// Whether nobody has it although somebody is needed.
    #[must_use]
    pub fn needs_somebody(&self) -> bool {
        self.state == AlertState::Firing && self.held.is_none()
    }

    /// Since when: the firing, or the crossing while it is pending.
    #[must_use]
    pub fn since(&self) -> Time {
        self.fired_at.unwrap_or(self.crossed_at)
    }
}

/// Open alerts of one severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub severity: Severity,
    pub unanswered: u32,
    pub held: u32,
}

/// What became of taking an alert on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    pub id: AlertId,
    /// Who has it now.
    pub by: String,
    /// Somebody had it before this act, and keeps it.
    pub already: bool,
}

/// How many alerts are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenCount {
    pub unanswered: u32,
    pub held: u32,
}

/// A screenful of alerts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertList {
    pub rows: Vec<AlertRow>,
    pub tally: Vec<Tally>,
    pub pending: u32,
    /// Where the next screenful begins.
    pub more: Option<i64>,
    /// Where the next screenful of a list by urgency begins.
    #[serde(default)]
    pub next: Option<String>,
    /// How many stand behind these in a list by urgency; others are not counted.
    #[serde(default)]
    pub rest: u32,
}

/// One line of an alert's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryEntry {
    pub at: Time,
    /// The Fact: `AlertFired` …; `NoticeSent` for a page that called nobody.
    pub fact: String,
    pub by: String,
    /// Of a page: the channel it went by.
    pub channel: Option<String>,
    pub comment: Option<String>,
    pub value: Option<f64>,
    /// Of a resolution: `recovered`, `by hand`, `rule changed`, `rule deleted`. Of a page: why it failed, or was not needed.
    pub reason: Option<String>,
}

/// An earlier firing of the same rule for the same labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PastAlert {
    pub id: AlertId,
    pub fired_at: Time,
    pub resolved_at: Option<Time>,
    pub held_by: Option<String>,
}

/// A rule as shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleRow {
    pub id: RuleId,
    pub group: String,
    pub name: Text,
    pub expr: String,
    /// `>= 80`, with the unit beside it.
    pub condition: String,
    pub unit: Unit,
    pub for_ms: i64,
    pub interval_ms: i64,
    pub severity: Severity,
    pub runbook: Text,
    pub evaluated_at: Option<Time>,
    pub error: Option<String>,
    pub open: u32,
}

/// Everything on an alert's screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertDetail {
    pub row: AlertRow,
    pub rule: Option<RuleRow>,
    /// The measured value with threshold, bands, the crossing and the firing.
    pub plot: Plot,
    /// Oldest first.
    pub history: Vec<HistoryEntry>,
    pub past: Vec<PastAlert>,
    /// Other alerts that were open around the time it fired.
    pub others: Vec<AlertRow>,
}

/// One figure of a host on the Now screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    pub value: Option<f64>,
    pub unit: Unit,
    pub limit: Option<f64>,
    /// The worst open alert on it.
    pub severity: Option<Severity>,
    pub spark: Vec<(i64, f64)>,
}

/// A host and its four signals: CPU, memory, disk, network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostSignals {
    pub host: String,
    pub about: String,
    pub signals: Vec<Signal>,
    pub last_seen: Option<Time>,
}

/// Something that changed lately.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub at: Time,
    pub fact: String,
    pub by: String,
    pub what: String,
    /// How many more of the same kind happened with it.
    pub more: u32,
    pub link: Option<String>,
}

/// The Now screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NowView {
    /// When this was so, by the server's clock.
    pub now: Time,
    pub tally: Vec<Tally>,
    pub pending: u32,
    /// The first of the open alerts; the tally has their number.
    pub alerts: Vec<AlertRow>,
    /// What ended lately, newest first.
    #[serde(default)]
    pub ended: Vec<AlertRow>,
    pub hosts: Vec<HostSignals>,
    pub changes: Vec<Change>,
    /// Firings of the last 18 h and now: from, to (or still open), severity, id.
    pub day: Vec<(Time, Option<Time>, Severity, AlertId)>,
    pub rules: u32,
    pub rules_failing: u32,
}

/// Answers the screens of `respond`.
#[async_trait]
pub trait AlertingApi: Send + Sync {
    async fn now(&self) -> Result<NowView, ApiError>;
    async fn alerts(&self, query: AlertQuery) -> Result<AlertList, ApiError>;
    async fn alert(&self, id: AlertId) -> Result<AlertDetail, ApiError>;
    async fn open_count(&self) -> Result<OpenCount, ApiError>;
    async fn acknowledge(&self, id: AlertId, comment: Option<String>) -> Result<Taken, ApiError>;
    /// Gives an alert back whoever has it.
    async fn unacknowledge(&self, id: AlertId) -> Result<(), ApiError>;
    /// Gives an alert back only if the asker has it; says whether they had.
    async fn undo_take(&self, id: AlertId) -> Result<bool, ApiError>;
    async fn comment(&self, id: AlertId, comment: String) -> Result<(), ApiError>;
    async fn resolve(&self, id: AlertId, comment: Option<String>) -> Result<(), ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn AlertingApi> {
    expect_context::<Arc<dyn AlertingApi>>()
}

/// The Now screen.
#[server(name = AskNow, prefix = "/call", endpoint = "now", output = Packed)]
pub async fn now_view() -> Result<NowView, ApiError> {
    room().now().await
}

/// A screenful of alerts.
#[server(name = AskAlertList, prefix = "/call", endpoint = "alert_list", output = Packed)]
pub async fn alert_list(query: AlertQuery) -> Result<AlertList, ApiError> {
    room().alerts(query).await
}

/// One alert.
#[server(name = AskAlertDetail, prefix = "/call", endpoint = "alert_detail", output = Packed)]
pub async fn alert_detail(id: AlertId) -> Result<AlertDetail, ApiError> {
    room().alert(id).await
}

/// How many alerts are open.
#[server(prefix = "/call", endpoint = "alert_tally", output = Packed)]
pub async fn alert_tally() -> Result<OpenCount, ApiError> {
    room().open_count().await
}

/// Takes an alert on; one that somebody has stays theirs.
#[server(prefix = "/call", endpoint = "alert_acknowledge", output = Packed)]
pub async fn alert_acknowledge(id: AlertId, #[server(default)] comment: Option<String>) -> Result<Taken, ApiError> {
    room().acknowledge(id, comment).await
}

/// Takes back one's own taking on: nobody else's.
#[server(prefix = "/call", endpoint = "alert_undo_take", output = Packed)]
pub async fn alert_undo_take(id: AlertId) -> Result<bool, ApiError> {
    room().undo_take(id).await
}

/// Gives an alert back.
#[server(prefix = "/call", endpoint = "alert_unacknowledge", output = Packed)]
pub async fn alert_unacknowledge(id: AlertId) -> Result<(), ApiError> {
    room().unacknowledge(id).await
}

/// Says something about an alert.
#[server(prefix = "/call", endpoint = "alert_comment", output = Packed)]
pub async fn alert_comment(id: AlertId, comment: String) -> Result<(), ApiError> {
    room().comment(id, comment).await
}

/// Resolves an alert by hand.
#[server(prefix = "/call", endpoint = "alert_resolve", output = Packed)]
pub async fn alert_resolve(id: AlertId, #[server(default)] comment: Option<String>) -> Result<(), ApiError> {
    room().resolve(id, comment).await
}
