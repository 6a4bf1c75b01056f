//! A dashboard as one reader sees it: variables chosen, repeats carried out, queries answered. Made by `server/dashboards`, drawn by
//! `app/observe`.

use chart::{Figure, Gauge, Point};
use figures::Unit;
use model::Severity;
use serde::{Deserialize, Serialize};

use crate::board::Refresh;
use crate::panel::Legend;

/// The whole of it, in the reader's language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    pub slug: String,
    pub title: String,
    /// Markdown as it was written.
    pub description: String,
    pub tags: Vec<String>,
    pub team: Option<String>,
    /// The span that is shown, in milliseconds since the Unix epoch, and from one point to the next.
    pub from_ms: i64,
    pub to_ms: i64,
    pub step_ms: i64,
    /// The span by its word (`1h`, `7d`, `45m`); empty for one chosen by hand.
    pub range: String,
    /// Whether it ends now.
    pub is_now: bool,
    pub refresh: Refresh,
    pub links: Vec<ShownLink>,
    pub choices: Vec<Choice>,
    pub rows: Vec<ShownRow>,
    /// Whether panels were left out because repeating made too many ([`crate::MOST_STANDING`]).
    pub is_cut: bool,
}

/// A way to somewhere else, filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownLink {
    pub title: String,
    pub href: String,
}

/// A variable with what it offers and what was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub name: String,
    pub label: String,
    /// One of [`crate::Offer::WORDS`].
    pub offer: String,
    pub is_multi: bool,
    pub has_all: bool,
    pub is_hidden: bool,
    /// Value and what is shown of it, at most [`crate::MOST_CHOICES`]; empty where the reader types.
    pub offers: Vec<(String, String)>,
    /// The values in force; empty where nothing is offered, or where it is all.
    pub chosen: Vec<String>,
    pub is_all: bool,
    /// Whether there were more to choose from.
    pub is_cut: bool,
    pub trouble: Option<Trouble>,
}

/// A row as it stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ShownRow {
    /// Its place among the rows as written.
    pub index: usize,
    /// Once on its dashboard: the index, and behind `~` the value it stands for.
    pub key: String,
    pub title: String,
    /// Then its panels are there without bodies: nothing was asked for them.
    pub is_folded: bool,
    pub panels: Vec<ShownPanel>,
}

/// A panel as it stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ShownPanel {
    /// Once on its dashboard: [`crate::RepeatedPanel::key`].
    pub key: String,
    /// As written.
    pub id: String,
    pub title: String,
    /// Markdown.
    pub description: String,
    /// One of [`crate::Kind::WORDS`].
    pub kind: String,
    /// Columns of 24, and grid rows of 40 px.
    pub width: u8,
    pub height: u8,
    pub unit: Unit,
    pub decimals: Option<u8>,
    pub links: Vec<ShownLink>,
    /// Its queries, filled in: for Explore and for who wants to know.
    pub exprs: Vec<String>,
    pub body: Body,
    /// Queries that have no answer; what the others say still stands in the body.
    pub troubles: Vec<Trouble>,
    pub notes: Vec<Note>,
    /// The worst open alert whose rule asks for what this panel shows.
    pub severity: Option<Severity>,
}

/// What a panel shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// No data, or nothing was asked.
    #[default]
    Empty,
    /// Over time, by states, buckets or shares.
    Figure {
        figure: Figure,
        legend: Vec<Legend>,
    },
    Stats(Vec<Stat>),
    Gauges(Vec<NamedGauge>),
    Table(Table),
    /// Markdown.
    Text(String),
}

/// How values are written where that is not as their panel says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    pub unit: Option<Unit>,
    pub decimals: Option<u8>,
}

/// One number, large.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stat {
    pub name: String,
    /// NaN: no data.
    pub value: f64,
    /// By the panel's thresholds.
    pub severity: Option<Severity>,
    /// How it came there.
    pub spark: Vec<Point>,
    #[serde(default)]
    pub measure: Measure,
}

/// One number on its scale, and whose it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedGauge {
    pub name: String,
    pub gauge: Gauge,
    pub severity: Option<Severity>,
}

/// The newest values, by their labels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Names of labels: the first columns.
    pub labels: Vec<String>,
    /// What each query is called: the columns behind them.
    pub values: Vec<String>,
    /// How the values of each of these are written.
    #[serde(default)]
    pub measures: Vec<Measure>,
    pub rows: Vec<TableRow>,
}

/// One line of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TableRow {
    pub labels: Vec<String>,
    /// None: that query has no value for these labels.
    pub values: Vec<Option<f64>>,
    /// The worst judgement of its values.
    pub severity: Option<Severity>,
}

/// Why a query has no answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Its place among the panel's queries.
    pub query: usize,
    pub kind: TroubleKind,
    /// As its author wrote it.
    pub expr: String,
    /// What was wrong, in English, as the evaluator says it; empty where the kind says it all.
    pub message: String,
    /// The bytes of `expr` at fault.
    pub span: Option<(usize, usize)>,
}

/// What kind of trouble: the screen has words for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TroubleKind {
    /// It is no expression, or names a variable that is not there.
    #[default]
    Syntax,
    /// It can't be evaluated.
    Refused,
    /// It would read more than one query may.
    TooMuch,
    TooSlow,
    /// Too much is asked of the server now; later it may work.
    Busy,
    /// We have no answer at all.
    Unavailable,
}

/// What a reader should know about a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// Only the first so many series are drawn, the largest by their last value.
    SeriesLeftOut { shown: usize, of: usize },
    /// Values that have no place on a logarithmic axis.
    NotOnAxis { count: usize },
    /// A value below zero is no share of a whole.
    NotShares,
    /// Only the first so many lines of a table.
    RowsLeftOut { shown: usize, of: usize },
    /// The evaluator says something about a query.
    Said { query: usize },
}
