//! What can be drawn besides a plot: counts over time, states, shares, one number on its scale. They travel like a plot does.

use figures::{Locale, Unit, Zone};
use serde::{Deserialize, Serialize};

use crate::plot::{Band, Plot};

/// Anything there is a picture of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    Plot(Plot),
    Heat(HeatMap),
    States(States),
    Histogram(Histogram),
    Pie(Pie),
    Gauge(Gauge),
}

/// How often values fell into buckets, over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeatMap {
    /// The left edge, epoch milliseconds.
    pub from_ms: i64,
    /// The right edge.
    pub to_ms: i64,
    /// How long a column is.
    pub column_ms: i64,
    /// Where the first column begins.
    pub first_ms: i64,
    /// Ascending, each beginning where the one before ends. All are drawn equally high, so that buckets which grow by a factor make a
    /// scale like a logarithm's.
    pub rows: Vec<HeatRow>,
    /// Of the values, not of the counts.
    pub unit: Unit,
    pub zone: Zone,
    pub locale: Locale,
}

/// One bucket of a heat map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeatRow {
    /// May be infinite, as may be `high`.
    pub low: f64,
    pub high: f64,
    /// One a column; NaN: no data.
    pub counts: Vec<f64>,
}

/// Which state each of several things was in, over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct States {
    pub from_ms: i64,
    pub to_ms: i64,
    pub lanes: Vec<Lane>,
    pub zone: Zone,
    pub locale: Locale,
}

/// One thing, and its states.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lane {
    pub name: String,
    /// Ascending by time; they don't overlap. Between them nothing is known.
    pub spans: Vec<StateSpan>,
}

/// A stretch of one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateSpan {
    pub from_ms: i64,
    pub to_ms: i64,
    pub label: String,
    /// 0 is fine and quiet, 1 to 8 are the colours of series, 101 to 104 the severities 0 (worst) to 3.
    pub style: u8,
}

/// How often values occurred.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// Ascending, each beginning where the one before ends.
    pub bins: Vec<Bin>,
    /// Of the values, not of the counts.
    pub unit: Unit,
    pub locale: Locale,
}

/// One bucket of a histogram.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// May be infinite, as may be `high`.
    pub low: f64,
    pub high: f64,
    pub count: f64,
}

/// Shares of a whole. A value below zero is no share: then none is drawn, and the picture says why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pie {
    pub slices: Vec<Slice>,
    pub unit: Unit,
    pub locale: Locale,
}

/// One share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slice {
    pub name: String,
    pub value: f64,
    /// 1 to 8, as of a series; 0 is what needs no colour.
    pub style: u8,
}

/// One number on its scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gauge {
    /// NaN: no data.
    pub value: f64,
    pub low: f64,
    pub high: f64,
    pub bands: Vec<Band>,
    pub unit: Unit,
    /// As many as the number needs, where it is `None`.
    pub decimals: Option<u8>,
    pub locale: Locale,
}
