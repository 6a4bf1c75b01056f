//! Asking measurements a question of one's own: an expression, a span, the answer, and what could be written next.

use crate::error::ApiError;
use crate::wire::Packed;
use async_trait::async_trait;
use chart::Plot;
use figures::Unit;
use leptos::prelude::*;
use model::Time;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The longest expression that is evaluated, in characters: many times what anybody writes, and it still fits into an address.
pub const LONGEST_EXPRESSION: u32 = 8_000;

/// What is asked, and when. Without `from` and `to`: the last `range` until now, live.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ExploreQuery {
    /// The expression; blank asks nothing.
    pub q: String,
    /// `15m`, `1h`, `3h`, `6h`, `24h`, `7d`. Without it: one hour.
    #[serde(default)]
    pub range: Option<String>,
    #[serde(default)]
    pub from: Option<i64>,
    #[serde(default)]
    pub to: Option<i64>,
    /// The values at the end of the span alone.
    #[serde(default)]
    pub instant: bool,
}

/// The answer. With an `error` it holds nothing else but the span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExploreView {
    /// What was asked.
    pub q: String,
    pub from: Time,
    pub to: Time,
    /// Between two points of the plot.
    pub step_ms: i64,
    /// Whether the span ends now and goes on by itself.
    pub live: bool,
    /// Whether the rows are about one moment (`to`): asked for, or all that the expression can say.
    pub instant: bool,
    /// The first series drawn; none where there is nothing to draw.
    pub plot: Option<Plot>,
    /// What the values are measured in, as far as the expression tells.
    pub unit: Unit,
    /// The first series in figures.
    pub rows: Vec<ExploreRow>,
    /// How many series there are in all.
    pub series_total: u32,
    /// The answer of an expression that is a text.
    pub text: Option<String>,
    /// Likely mistakes and suspicions, in the evaluator's words.
    pub warnings: Vec<String>,
    pub error: Option<ExploreError>,
}

impl ExploreView {
    /// An answer that says nothing yet.
    #[must_use]
    pub fn blank(q: &str, from: Time, to: Time, step_ms: i64) -> Self {
        Self {
            q: q.to_owned(),
            from,
            to,
            step_ms,
            live: false,
            instant: false,
            plot: None,
            unit: Unit::None,
            rows: Vec::new(),
            series_total: 0,
            text: None,
            warnings: Vec::new(),
            error: None,
        }
    }
}

/// A series in figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExploreRow {
    /// The metric; empty where the expression dropped it.
    pub metric: String,
    /// Name and value, sorted by name.
    pub labels: Vec<(String, String)>,
    /// 1 to 8: how its line looks. 0: it is not drawn.
    pub style: u8,
    pub last: f64,
    /// As the next two: of the values that are numbers, NaN where none is.
    pub min: f64,
    pub max: f64,
    pub avg: f64,
    /// How many values there are.
    pub count: u32,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExploreFault {
    /// It is not PromQL.
    Syntax,
    /// Longer than [`LONGEST_EXPRESSION`].
    TooLong,
    /// It would read or hold more samples than one query may.
    TooMuch,
    /// It took longer than one query may.
    TooSlow,
    /// It can't be evaluated over these series, or not at all.
    Refused,
}

/// Why there is no answer, and where in the expression that lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExploreError {
    pub fault: ExploreFault,
    /// What is wrong, in the evaluator's words.
    pub message: String,
    /// The bytes of the expression at fault, if it lies in one place.
    pub span: Option<(u32, u32)>,
    /// Where that begins, both counted from 1, the column in characters.
    pub line: u32,
    pub column: u32,
}

/// A word that could be written: a metric, a label, a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExploreWord {
    pub word: String,
    /// Of a metric: its type and what it means, as its sender told. May be empty.
    pub hint: String,
}

/// Some of the words, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExploreWords {
    pub words: Vec<ExploreWord>,
    pub total: u32,
}

/// Answers the screen Explore.
#[async_trait]
pub trait ExploreApi: Send + Sync {
    async fn explore(&self, query: ExploreQuery) -> Result<ExploreView, ApiError>;
    /// Metrics whose names hold `prefix`, those that begin with it first.
    async fn metrics(&self, prefix: String) -> Result<ExploreWords, ApiError>;
    /// The labels of a metric; of all of them for an empty one.
    async fn labels(&self, metric: String) -> Result<ExploreWords, ApiError>;
    /// The values of a label that hold `prefix`, those that begin with it first.
    async fn values(&self, metric: String, label: String, prefix: String) -> Result<ExploreWords, ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn ExploreApi> {
    expect_context::<Arc<dyn ExploreApi>>()
}

/// The answer to an expression.
#[server(prefix = "/call", endpoint = "explore", output = Packed)]
pub async fn explore(query: ExploreQuery) -> Result<ExploreView, ApiError> {
    room().explore(query).await
}

/// Names of metrics for completion.
#[server(prefix = "/call", endpoint = "explore_metrics", output = Packed)]
pub async fn explore_metrics(prefix: String) -> Result<ExploreWords, ApiError> {
    room().metrics(prefix).await
}

/// Names of labels for completion.
#[server(prefix = "/call", endpoint = "explore_labels", output = Packed)]
pub async fn explore_labels(metric: String) -> Result<ExploreWords, ApiError> {
    room().labels(metric).await
}

/// Values of a label for completion.
#[server(prefix = "/call", endpoint = "explore_values", output = Packed)]
pub async fn explore_values(metric: String, label: String, prefix: String) -> Result<ExploreWords, ApiError> {
    room().values(metric, label, prefix).await
}
