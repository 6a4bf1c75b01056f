//! Asking measurements questions of one's own: expressions, a span, the answers, and what helps to ask.
//!
//! The server alone draws the screen, so one question brings everything that stands on it.

use crate::dashboards::keeping::view::Choosable;
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
/// Queries that are asked at once. More letters and colours nobody keeps apart.
pub const MOST_QUERIES: usize = 8;
/// Rows of a table that are shown at once.
pub const ROWS_AT_ONCE: u32 = 100;
/// Characters of what is looked for among names.
pub const LONGEST_FIND: u32 = 200;

/// What is asked, and when. Without `from` and `to`: the last `range` until now, live.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ExploreQuery {
    /// At most [`MOST_QUERIES`] are looked at.
    pub queries: Vec<ExploreOne>,
    /// `15m`, `1h`, `3h`, `6h`, `24h`, `7d`. Without it: one hour.
    pub range: Option<String>,
    pub from: Option<i64>,
    pub to: Option<i64>,
    /// The values at the end of the span alone.
    pub instant: bool,
    /// The same queries a second time: so much earlier (`1h`, `24h`, `7d`). Empty: once.
    pub split: String,
    /// What the rows of every table stand by. `None`: the order of the answer.
    pub sort: Option<ExploreSort>,
    /// Of which query, from 1, which part of its table is shown, from 1. The others show their first.
    pub part: Option<(u32, u32)>,
    /// A window that is compared with what came before it, in epoch milliseconds.
    pub mark: Option<(i64, i64)>,
    /// What is looked for among the names of metrics.
    pub find: String,
    /// What is unfolded of the names; `None`: nothing.
    pub inside: Option<Inside>,
}

/// What rows stand by, and which way. What has no such value stands last either way.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ExploreSort {
    pub by: ExploreBy,
    pub is_falling: bool,
}

/// What a row can stand by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExploreBy {
    /// Its metric and all its labels.
    Series,
    /// One of its labels, numbers as numbers.
    Label(String),
    Last,
    Min,
    Max,
    Avg,
    Count,
}

/// One of the queries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ExploreOne {
    /// The expression; blank asks nothing.
    pub text: String,
    /// Kept, but not asked.
    pub is_hidden: bool,
}

/// How deep somebody looks into the names: all metrics, the labels of one, the values of a label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Inside {
    /// Empty: all metrics.
    pub metric: String,
    /// Empty: all labels.
    pub label: String,
}

/// Everything that stands on the screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExploreView {
    /// The span that was asked for, and the one beside it, if there is one.
    pub columns: Vec<ExploreColumn>,
    /// What the reader asked before, the newest first.
    pub history: Vec<String>,
    /// The dashboards there are, by title; `None` where the reader may change none.
    pub boards: Option<Vec<Choosable>>,
    /// What is unfolded of the names.
    pub names: Option<ExploreNames>,
    pub unlike: Option<UnlikeView>,
    /// What stands before an address of this console, where somebody else opens it.
    pub base: String,
}

/// The answers over one span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExploreColumn {
    pub from: Time,
    pub to: Time,
    /// Between two points of the plots.
    pub step_ms: i64,
    /// Whether the span ends now and goes on by itself.
    pub live: bool,
    /// A graph for each unit, in the order of the queries.
    pub plots: Vec<Plot>,
    /// One for each query, in their order.
    pub answers: Vec<ExploreAnswer>,
}

/// The answer to one query. With an `error` it holds nothing else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExploreAnswer {
    /// What was asked.
    pub q: String,
    /// Whether it was left out because its author hid it.
    pub is_hidden: bool,
    /// Whether the rows are about one moment (the span's end): asked for, or all that the expression can say.
    pub instant: bool,
    /// What the values are measured in, as far as the expression tells.
    pub unit: Unit,
    /// The labels that tell the series apart best, and the one that they stand by: each has a column of its own.
    pub labels: Vec<String>,
    /// At most [`ROWS_AT_ONCE`] of the series in figures.
    pub rows: Vec<ExploreRow>,
    /// How many series stand before those rows.
    pub n_before: u32,
    /// How many series there are in all.
    pub series_total: u32,
    /// How many of them, from the first in the order they stand in, have a line in a plot.
    pub n_drawn: u32,
    /// The answer of an expression that is a text.
    pub text: Option<String>,
    /// Likely mistakes and suspicions, in the evaluator's words.
    pub warnings: Vec<String>,
    pub error: Option<ExploreError>,
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
    /// More is asked at once than can be answered: worth asking again.
    Busy,
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

/// Names as somebody looks through them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExploreNames {
    pub inside: Inside,
    pub all: Vec<ExploreName>,
    /// How many there are in all.
    pub total: u32,
}

/// A metric, a label of it, or a value of that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExploreName {
    pub name: String,
    /// Of a metric: its type and what it means.
    pub hint: String,
    /// Of a label: how many values it has. Of a value: how many series have it now. `None` where that is not known.
    pub count: Option<u64>,
}

/// What was unlike its past in a window, the most unlike first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnlikeView {
    pub from: Time,
    pub to: Time,
    /// Where the past begins that the window is compared with; it ends where the window begins.
    pub since: Time,
    pub rows: Vec<UnlikeRow>,
    /// Metrics that were looked at, that have samples of that time at all, and of these those that gave no answer in time.
    pub n_looked: u32,
    pub n_known: u32,
    pub n_unanswered: u32,
    /// Whether the time was over before all were looked at.
    pub is_cut: bool,
}

/// A metric that was unlike its past.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnlikeRow {
    pub metric: String,
    /// What was looked at.
    pub expression: String,
    pub unit: Unit,
    /// How many of its usual deviations the window lies off; more is more unlike.
    pub score: f64,
    /// What it usually was, and what it was in the window.
    pub usual: f64,
    pub inside: f64,
    /// The past and the window.
    pub points: Vec<(i64, f64)>,
}

/// Answers the screen Explore.
#[async_trait]
pub trait ExploreApi: Send + Sync {
    async fn explore(&self, query: ExploreQuery) -> Result<ExploreView, ApiError>;
    /// Leads to the form of a new panel with an expression in it: on the dashboard `slug`, or on a new one of that title.
    async fn pin(&self, q: String, instant: bool, slug: String, title: String) -> Result<(), ApiError>;
    /// Forgets what the asker asked.
    async fn forget(&self) -> Result<(), ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn ExploreApi> {
    expect_context::<Arc<dyn ExploreApi>>()
}

/// The answers to expressions, and what stands around them.
#[server(prefix = "/call", endpoint = "explore", output = Packed)]
pub async fn explore(query: ExploreQuery) -> Result<ExploreView, ApiError> {
    room().explore(query).await
}

/// Leads to the form of a new panel with an expression in it.
#[server(prefix = "/call", endpoint = "explore_pin", output = Packed)]
pub async fn explore_pin(
    #[server(default)] q: String,
    #[server(default)] instant: bool,
    #[server(default)] slug: String,
    #[server(default)] title_ja: String,
) -> Result<(), ApiError> {
    room().pin(q, instant, slug, title_ja).await
}

/// Forgets what the reader asked.
#[server(prefix = "/call", endpoint = "explore_forget", output = Packed)]
pub async fn explore_forget() -> Result<(), ApiError> {
    room().forget().await
}
