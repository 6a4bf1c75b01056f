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
    /// `open` (default), `unanswered`, `held`, `silenced`, `pending`, `resolved`, `all`.
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
    /// When it needs a person again unless it is taken on anew; `None` while it lasts until the alert is over.
    pub until: Option<Time>,
    pub comment: Option<String>,
}

/// How long somebody may take an alert on for, besides until it is over: the word of a form, and milliseconds.
pub const SPANS: [(&str, i64); 4] = [("30m", 30 * 60_000), ("1h", 3_600_000), ("4h", 4 * 3_600_000), ("8h", 8 * 3_600_000)];

/// The time that a form's word means: `Some(None)` for the empty one, until it is over; `None` for one that nobody knows.
#[must_use]
pub fn span_ms(word: &str) -> Option<Option<i64>> {
    if word.is_empty() {
        return Some(None);
    }
    SPANS.into_iter().find(|(known, _)| *known == word).map(|(_, ms)| Some(ms))
}

/// What keeps an alert that fires from calling anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MutedBy {
    /// The number of a silence, and of one that is a maintenance.
    Silence(i64),
    Maintenance(i64),
    /// Another alert that explains it, by that rule.
    Alert(AlertId, String),
    /// The name of a calendar of its route.
    Calendar(String),
}

/// That an alert calls nobody, as whoever decides that has decided it last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Muted {
    pub by: MutedBy,
    /// As far as that can be told.
    pub until: Option<Time>,
    /// What the maker of a silence said of it.
    pub comment: String,
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
    /// Whatever its rule's expression gives is a breach, or another tool has judged. Then threshold and direction say nothing.
    pub matches: bool,
    /// Of such a rule of ours: what its own expression compares with, where it does and the rule is still there (`>`, 0.5).
    pub compares: Option<(String, f64)>,
    pub threshold: f64,
    pub direction: Direction,
    pub unit: Unit,
    pub for_ms: i64,
    /// When the value crossed the threshold.
    pub crossed_at: Time,
    pub fired_at: Option<Time>,
    pub resolved_at: Option<Time>,
    pub held: Option<Held>,
    /// Set while it fires and calls nobody.
    pub muted: Option<Muted>,
    /// Who raised it, when no rule of ours did.
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
        self.state == AlertState::Firing && self.held.is_none() && self.muted.is_none()
    }

    /// The number its value is held against, where there is one.
    #[must_use]
    pub fn limit(&self) -> Option<f64> {
        if self.matches { self.compares.as_ref().map(|(_, number)| *number) } else { Some(self.threshold) }
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
    /// Those that call nobody, and that nobody has.
    pub silenced: u32,
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

/// What became of answering several alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub done: u32,
    /// Somebody else had them, or nobody did.
    pub left: u32,
    /// They were over.
    pub gone: u32,
}

/// How many alerts are open, besides those that call nobody and that nobody has.
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
    /// How many fire and call nobody, whoever has them.
    pub muted: u32,
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
    /// Of a page: the channel it went by, or the person and the way.
    pub channel: Option<String>,
    pub comment: Option<String>,
    pub value: Option<f64>,
    /// Of a resolution: `recovered`, `by hand`, `rule changed`, `rule deleted`. Of a page: why it failed, or was not needed.
    pub reason: Option<String>,
    /// Of an acknowledgement with an end: when that is.
    pub until: Option<Time>,
    /// Of one that ends or has ended: whose it is.
    pub holder: Option<String>,
}

/// What a rule or a sender says of an alert beside its sentence. Addresses are of the web.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes {
    /// What happened, at length.
    pub description: Option<Text>,
    pub runbook_url: Option<String>,
    pub dashboard_url: Option<String>,
    /// Everything else, by name.
    pub others: Vec<(String, Text)>,
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
    pub notes: Notes,
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
    /// How many fire and call nobody, whoever has them.
    pub muted: u32,
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
    /// `span` is a word of [`SPANS`]; empty is until the alert is over.
    async fn acknowledge(&self, id: AlertId, comment: Option<String>, span: String) -> Result<Taken, ApiError>;
    async fn acknowledge_all(&self, ids: Vec<AlertId>, comment: Option<String>, span: String) -> Result<Answered, ApiError>;
    /// Says anew how long the asker has an alert; `false` when they have not.
    async fn prolong(&self, id: AlertId, span: String) -> Result<bool, ApiError>;
    async fn unacknowledge_all(&self, ids: Vec<AlertId>) -> Result<Answered, ApiError>;
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
#[server(prefix = "/call", endpoint = "alert_tally")]
pub async fn alert_tally() -> Result<OpenCount, ApiError> {
    room().open_count().await
}

/// Takes an alert on, for a time or until it is over; one that somebody has stays theirs.
#[server(prefix = "/call", endpoint = "alert_acknowledge", output = Packed)]
pub async fn alert_acknowledge(
    id: AlertId,
    #[server(default)] comment: Option<String>,
    #[server(default)] span: String,
) -> Result<Taken, ApiError> {
    room().acknowledge(id, comment, span).await
}

/// Takes several alerts on; a form sends `ids[]` once for each.
#[server(prefix = "/call", endpoint = "alert_acknowledge_all", output = Packed)]
pub async fn alert_acknowledge_all(
    #[server(default)] ids: Vec<AlertId>,
    #[server(default)] comment: Option<String>,
    #[server(default)] span: String,
) -> Result<Answered, ApiError> {
    room().acknowledge_all(ids, comment, span).await
}

/// Gives several alerts back.
#[server(prefix = "/call", endpoint = "alert_unacknowledge_all", output = Packed)]
pub async fn alert_unacknowledge_all(#[server(default)] ids: Vec<AlertId>) -> Result<Answered, ApiError> {
    room().unacknowledge_all(ids).await
}

/// Says anew how long one has an alert.
#[server(prefix = "/call", endpoint = "alert_prolong", output = Packed)]
pub async fn alert_prolong(id: AlertId, #[server(default)] span: String) -> Result<bool, ApiError> {
    room().prolong(id, span).await
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

#[cfg(test)]
mod tests {
    use super::{SPANS, span_ms};

    #[test]
    fn the_words_of_a_form_mean_a_time_or_none_at_all() {
        assert_eq!(span_ms(""), Some(None));
        for (word, ms) in SPANS {
            assert_eq!(span_ms(word), Some(Some(ms)), "{word}");
        }
        assert_eq!((span_ms("5m"), span_ms("1H")), (None, None));
    }
}
