//! One picture of a dashboard, and what it asks.

use chart::Axis;
use figures::Unit;
use model::Severity;
use serde::{Deserialize, Serialize};

use crate::board::Link;
use crate::said::Said;
use crate::series::{SeriesOverride, TableLayout};

/// A panel. The grid has 24 columns; panels flow in their order, each into the first place it fits, and stand below each other on a phone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Panel {
    /// Once in its dashboard: `a-z`, `0-9`, `-`; 1 to 64 characters.
    pub id: String,
    pub title: Said,
    /// Markdown; shown behind a mark beside the title.
    pub description: Said,
    pub kind: Kind,
    pub queries: Vec<Query>,
    pub unit: Unit,
    /// Decimals of values; none: as many as the value needs.
    pub decimals: Option<u8>,
    /// Ends of the value axis; none follows the data.
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub axis: Axis,
    /// Lines a value is judged by.
    pub judges: Vec<Judge>,
    /// What the legend says of each series; empty: no legend.
    pub legend: Vec<Legend>,
    /// Columns, 1 to 24.
    pub width: u8,
    /// Grid rows of 40 px, 2 to 30.
    pub height: u8,
    /// The variable for each of whose chosen values the panel stands once.
    pub repeat: Option<String>,
    pub links: Vec<Link>,
    /// Compare with this many milliseconds ago, drawn faintly; none: not.
    pub past_ms: Option<i64>,
    /// What is otherwise for single series. Dashboards that were kept before there was such a thing have none.
    #[serde(default)]
    pub series: Vec<SeriesOverride>,
    /// How a table stands.
    #[serde(default)]
    pub table: TableLayout,
}

/// How it is drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Over time.
    Lines(Lines),
    /// One number a series, large, with a spark.
    Stat(Reduce),
    /// One number a series on an arc or bar between `min` and `max`.
    Gauge(Reduce),
    /// Counts by bucket (`le`) over time, or of values sorted into buckets of ours.
    HeatMap,
    /// Which state each series was in, over time; the names of values.
    States(Vec<(f64, Said)>),
    /// The newest value of each series, by its labels.
    Table,
    /// How often values occurred.
    Histogram,
    /// Shares of a whole.
    Pie(Reduce),
    /// Markdown; no query.
    Text(Said),
}

impl Kind {
    /// The words of all kinds; the usual one first.
    pub const WORDS: [&str; 14] = [
        "line",
        "area",
        "stacked",
        "bars",
        "stacked_bars",
        "points",
        "stat",
        "gauge",
        "heatmap",
        "states",
        "table",
        "histogram",
        "pie",
        "text",
    ];

    /// The word in files and forms, one of [`Kind::WORDS`].
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Kind::Lines(lines) => lines.as_str(),
            Kind::Stat(_) => "stat",
            Kind::Gauge(_) => "gauge",
            Kind::HeatMap => "heatmap",
            Kind::States(_) => "states",
            Kind::Table => "table",
            Kind::Histogram => "histogram",
            Kind::Pie(_) => "pie",
            Kind::Text(_) => "text",
        }
    }
}

impl Default for Kind {
    fn default() -> Self {
        Self::Lines(Lines::default())
    }
}

/// How a line over time is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lines {
    #[default]
    Line,
    Area,
    Stacked,
    Bars,
    StackedBars,
    Points,
}

impl Lines {
    /// Every one; the usual one first.
    pub const ALL: [Lines; 6] = [Lines::Line, Lines::Area, Lines::Stacked, Lines::Bars, Lines::StackedBars, Lines::Points];

    /// The word in files and forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Lines::Line => "line",
            Lines::Area => "area",
            Lines::Stacked => "stacked",
            Lines::Bars => "bars",
            Lines::StackedBars => "stacked_bars",
            Lines::Points => "points",
        }
    }

    /// Reads what [`Lines::as_str`] wrote.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Lines> {
        Lines::ALL.into_iter().find(|lines| lines.as_str() == word)
    }
}

/// One number of many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reduce {
    #[default]
    Last,
    Min,
    Max,
    Mean,
    Sum,
    P95,
    /// The last minus the first.
    Change,
}

impl Reduce {
    /// Every one; the usual one first.
    pub const ALL: [Reduce; 7] = [Reduce::Last, Reduce::Min, Reduce::Max, Reduce::Mean, Reduce::Sum, Reduce::P95, Reduce::Change];

    /// The word in files and forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Reduce::Last => "last",
            Reduce::Min => "min",
            Reduce::Max => "max",
            Reduce::Mean => "mean",
            Reduce::Sum => "sum",
            Reduce::P95 => "p95",
            Reduce::Change => "change",
        }
    }

    /// Reads what [`Reduce::as_str`] wrote.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Reduce> {
        Reduce::ALL.into_iter().find(|reduce| reduce.as_str() == word)
    }
}

/// A threshold: from this value on, the severity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judge {
    pub value: f64,
    pub severity: Severity,
    /// Whether it is crossed downwards.
    pub is_below: bool,
    pub label: Said,
}

/// A column of the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Legend {
    Last,
    Min,
    Max,
    Mean,
    P95,
}

impl Legend {
    /// Every one; the usual one first.
    pub const ALL: [Legend; 5] = [Legend::Last, Legend::Min, Legend::Max, Legend::Mean, Legend::P95];

    /// The word in files and forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Legend::Last => "last",
            Legend::Min => "min",
            Legend::Max => "max",
            Legend::Mean => "mean",
            Legend::P95 => "p95",
        }
    }

    /// Reads what [`Legend::as_str`] wrote.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Legend> {
        Legend::ALL.into_iter().find(|legend| legend.as_str() == word)
    }
}

/// One question. At most 12 a panel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// PromQL, with `$variable`s.
    pub expr: String,
    /// The name of its series: text with `{{label}}`; empty: the labels that differ.
    pub name: String,
    /// Drawn, or only there to be used by a table.
    pub is_hidden: bool,
    /// Asked at the end of the span only.
    pub is_instant: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        assert!(Lines::ALL.into_iter().all(|lines| Lines::from_word(lines.as_str()) == Some(lines)));
        assert!(Reduce::ALL.into_iter().all(|reduce| Reduce::from_word(reduce.as_str()) == Some(reduce)));
        assert!(Legend::ALL.into_iter().all(|legend| Legend::from_word(legend.as_str()) == Some(legend)));
        assert_eq!((Lines::from_word("curve"), Reduce::from_word("median"), Legend::from_word("sum")), (None, None, None));
    }

    #[test]
    fn every_kind_has_one_of_the_words() {
        let lines = Lines::ALL.into_iter().map(Kind::Lines);
        let reduced = [Kind::Stat(Reduce::Last), Kind::Gauge(Reduce::Last), Kind::HeatMap, Kind::States(Vec::new()), Kind::Table];
        let others = [Kind::Histogram, Kind::Pie(Reduce::Last), Kind::Text(Said::default())];
        let words: Vec<&str> = lines.chain(reduced).chain(others).map(|kind| kind.as_str()).collect();
        assert_eq!(words, Kind::WORDS);
    }
}
