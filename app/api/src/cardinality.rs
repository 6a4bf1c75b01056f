//! What eats series and disk, as the screen Metrics sees it: all of it, or one metric.

use crate::error::ApiError;
use crate::wire::Packed;
use async_trait::async_trait;
use leptos::prelude::*;
use model::Time;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The longest text that is looked for, in characters.
pub const LONGEST_SEARCH: u32 = 200;

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UsageQuery {
    /// A part of the names of metrics; blank for all.
    pub q: String,
    /// One metric, to look into.
    #[serde(default)]
    pub metric: Option<String>,
}

/// The answer. About one metric the lists of all of them are empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsageView {
    pub q: String,
    pub totals: UsageTotals,
    /// Those that fit `q`, the most series first.
    pub metrics: Vec<MetricRow>,
    /// How many fit, shown or not.
    pub metrics_found: u64,
    /// Labels by how many values they have.
    pub labels: Vec<CountRow>,
    /// Labels with their value, by how many series have them.
    pub pairs: Vec<CountRow>,
    pub quotas: QuotaView,
    pub metric: Option<MetricView>,
}

/// How much there is in all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UsageTotals {
    /// Series in memory: what counts towards the limit.
    pub series: u64,
    /// Of them those with a sample in the last hours.
    pub live: u64,
    /// How many there may be (`metrics.max_series`).
    pub limit: u64,
    /// Entered within the last hour.
    pub new: u64,
    /// Whether more than that were.
    pub new_is_cut: bool,
    pub metrics: u64,
    pub label_names: u64,
    pub label_pairs: u64,
    /// Samples committed a second, of the last minutes; unknown in the first seconds.
    pub samples_per_second: Option<f64>,
    /// What series and their last hours take in memory.
    pub memory_bytes: u64,
    pub disk: DiskView,
    /// The oldest sample, give or take two hours.
    pub oldest: Option<Time>,
    /// Where the oldest roll-up begins.
    pub oldest_roll: Option<Time>,
    /// How long samples are kept.
    pub retention_days: u32,
    /// How long roll-ups are kept.
    pub roll_days: u32,
    /// When this was counted.
    pub taken_at: Time,
}

/// Bytes on disk by what they hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiskView {
    pub batches: u64,
    pub chunks: u64,
    pub rolls: u64,
    pub labels: u64,
    pub indexes: u64,
}

impl DiskView {
    /// All of it.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.batches + self.chunks + self.rolls + self.labels + self.indexes
    }
}

/// A metric in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricRow {
    pub name: String,
    pub series: u64,
    /// Of these entered within the last hour.
    pub new: u64,
    /// Its type, as its sender told (`counter`); empty where none did.
    pub kind: String,
    /// An expression that shows it.
    pub expression: String,
}

/// A name, how many there are under it, and an expression that shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountRow {
    pub name: String,
    pub count: u64,
    pub expression: String,
}

/// One metric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricView {
    pub name: String,
    pub kind: String,
    pub help: String,
    pub unit: String,
    pub expression: String,
    pub series: u64,
    pub live: u64,
    pub new: u64,
    /// Its newest sample, when that is some hours old at most.
    pub newest: Option<Time>,
    /// A day on which it was surely seen.
    pub last_day: Time,
    pub labels: Vec<LabelView>,
    pub sources: Vec<SourceView>,
    /// Whether the figures of its labels are "at least".
    pub is_cut: bool,
}

/// A label of a metric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelView {
    pub name: String,
    pub values: u64,
    /// How many series have it.
    pub series: u64,
    /// Values of the most series, and how many these are.
    pub examples: Vec<(String, u64)>,
    /// An expression that counts its series by this label.
    pub expression: String,
}

/// Who sends a metric, by its labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceView {
    pub job: String,
    pub instance: String,
    pub series: u64,
    /// Whether a target that we scrape has these labels.
    pub is_scraped: bool,
}

/// What tokens may send, and did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaView {
    /// Series of one token (`metrics.token_max_series`); `None`: no limit of its own.
    pub max_series: Option<u32>,
    /// Samples a second of one token (`metrics.token_samples_per_second`).
    pub samples_per_second: Option<u32>,
    pub senders: Vec<QuotaRow>,
}

/// A token that sent something since the server began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaRow {
    pub name: String,
    /// Series it wrote within about an hour; `None` where they are not counted, because nothing limits them.
    pub series: Option<u64>,
    pub accepted: u64,
    pub refused: u64,
    /// Why samples were refused the last time.
    pub refusal: Option<Refusal>,
}

/// Why samples of a sender were refused, as far as it makes a difference to who reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The token's own limit of series.
    SenderSeries,
    /// The limit of all series.
    Series,
    TooOld,
    TooNew,
    /// Labels that are missing, wrong, too long or too many.
    Labels,
    /// Anything else: the sender is told.
    Other,
}

/// Answers the screen Metrics.
#[async_trait]
pub trait CardinalityApi: Send + Sync {
    async fn usage(&self, query: UsageQuery) -> Result<UsageView, ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn CardinalityApi> {
    expect_context::<Arc<dyn CardinalityApi>>()
}

/// What eats series and disk.
#[server(prefix = "/call", endpoint = "metrics_usage", output = Packed)]
pub async fn metrics_usage(query: UsageQuery) -> Result<UsageView, ApiError> {
    room().usage(query).await
}
