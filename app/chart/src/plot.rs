//! What there is to see: the nouns a chart is described with. They travel from server to browser.

use figures::{Locale, Unit, Zone};
use serde::{Deserialize, Serialize};

/// One sample: epoch milliseconds and a value in the base of the plot's unit. NaN says that the sample is
/// known to be missing.
pub type Point = (i64, f64);

/// A chart: series over a span of time, and what stands around them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plot {
    pub series: Vec<Series>,
    /// The left edge, epoch milliseconds.
    pub from_ms: i64,
    /// The right edge, epoch milliseconds; after `from_ms`.
    pub to_ms: i64,
    /// Two samples further apart than this have a gap between them. Zero or less: only NaN makes a gap.
    pub gap_ms: i64,
    pub y: Scale,
    pub marks: Marks,
    pub bands: Vec<Band>,
    /// Lines a value is judged by. Where there are any, the first series is the one they judge.
    pub limits: Vec<Limit>,
    pub markers: Vec<Marker>,
    /// What lasted for a while around the series.
    #[serde(default)]
    pub stretches: Vec<Stretch>,
    /// Whether each series stands on the ones before it.
    pub stacked: bool,
    pub zone: Zone,
    pub locale: Locale,
}

impl Plot {
    /// An empty plot over a span, to be filled by struct update.
    #[must_use]
    pub fn new(from_ms: i64, to_ms: i64, zone: Zone, locale: Locale) -> Plot {
        Plot {
            series: Vec::new(),
            from_ms,
            to_ms,
            gap_ms: 0,
            y: Scale::default(),
            marks: Marks::default(),
            bands: Vec::new(),
            limits: Vec::new(),
            markers: Vec::new(),
            stretches: Vec::new(),
            stacked: false,
            zone,
            locale,
        }
    }

    /// The length of the span in milliseconds, at least one.
    #[must_use]
    pub fn span_ms(&self) -> i64 {
        self.to_ms.saturating_sub(self.from_ms).max(1)
    }

    /// Whether a value has a place on the axis at all.
    pub(crate) fn has_place(&self, value: f64) -> bool {
        value.is_finite() && (self.y.axis != Axis::Log || value > 0.0)
    }
}

/// How samples are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Marks {
    /// A line from sample to sample.
    #[default]
    Line,
    /// One bar a step, side by side where there are several series, on each other where the plot is stacked. The past stays a line.
    Bars,
    /// A mark for each sample, in a shape of its series.
    Points,
}

/// How values are laid along their axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    #[default]
    Linear,
    /// Logarithmic, base 10 (bytes: base 16). Zero and what is less has no place on it: see `not_on_axis`.
    Log,
    /// Logarithmic in both directions, around a linear middle.
    Symlog,
}

impl Axis {
    /// Every one; the usual one first.
    pub const ALL: [Axis; 3] = [Axis::Linear, Axis::Log, Axis::Symlog];

    /// The word in files and forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Axis::Linear => "linear",
            Axis::Log => "log",
            Axis::Symlog => "symlog",
        }
    }

    /// Reads what [`Axis::as_str`] wrote.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Axis> {
        Axis::ALL.into_iter().find(|axis| axis.as_str() == word)
    }
}

/// One line of a chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    pub name: String,
    /// 1 to 8 choose colour and dash. 0 is the past (last week, a baseline): drawn faintly, never stacked,
    /// never a reason for a gap.
    pub style: u8,
    /// Ascending by time.
    #[serde(with = "crate::wire")]
    pub points: Vec<Point>,
    /// Whether the area below is shaded.
    pub fill: bool,
}

impl Series {
    #[must_use]
    pub fn is_past(&self) -> bool {
        self.style == 0
    }
}

/// The value axis. An end that is `None` follows the data and the limits near them, and starts at zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    pub min: Option<f64>,
    /// The most there can be (100 of percentages). The axis ends there once the data pass its half, and follows them below that.
    pub max: Option<f64>,
    pub unit: Unit,
    pub axis: Axis,
}

/// A shaded range of values. An end that is `None` reaches the edge of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// 0 (worst) to 3.
    pub severity: u8,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

impl Band {
    /// Everything from a value upwards.
    #[must_use]
    pub fn above(severity: u8, value: f64) -> Band {
        Band { severity, low: Some(value), high: None }
    }

    /// Everything from a value downwards.
    #[must_use]
    pub fn below(severity: u8, value: f64) -> Band {
        Band { severity, low: None, high: Some(value) }
    }
}

/// A line a value must not cross.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    pub value: f64,
    /// 0 (worst) to 3.
    pub severity: u8,
    /// What stands on the line of a large chart; empty shows the value. Small charts always show the value.
    pub label: String,
}

/// Something that happened at an instant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Marker {
    pub ms: i64,
    pub kind: MarkerKind,
    /// 0 (worst) to 3: the shape of a `Fired` marker; without meaning for the others.
    pub severity: u8,
    /// The words behind the time.
    pub label: String,
}

/// What kind of thing a marker marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkerKind {
    /// The judged series crossed a limit: a ring on the line.
    Crossed,
    /// The alert fired: its severity's shape on the line.
    Fired,
    /// The alert was resolved: a ring on the line.
    Resolved,
    /// Something around the series: an incident, who took an alert, a deploy, a handover.
    Flag,
}

/// Something that lasted: a maintenance, a silence. It lies behind everything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    pub from_ms: i64,
    /// May lie in the future.
    pub to_ms: i64,
    /// What it was.
    pub label: String,
}
