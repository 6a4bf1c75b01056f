//! The text in which programs show their metrics: Prometheus' format (0.0.4, and 1.0.0 with quoted names) and OpenMetrics 1.0.0.
//!
//! An exposition is read whole or not at all: what is half understood is worse than an error with its line and column. Labels and
//! values are handed to a [`Sink`] one sample at a time, borrowed from the text, so that a large answer needs no second copy.
//! The two formats differ in more than they show: `text/plain` counts milliseconds and forgives white space, OpenMetrics counts
//! seconds, wants `# EOF` as its last line and exactly one space wherever there is any. Only it has exemplars.
//!
//! Sources: <https://prometheus.io/docs/instrumenting/exposition_formats/>, and "OpenMetrics 1.0.0" (prometheus/OpenMetrics
//! `specification/OpenMetrics.md`).

mod cursor;
mod number;
mod openmetrics;
mod series;
#[cfg(test)]
mod tests;
mod text;

use std::borrow::Cow;
use std::str::FromStr;

use model::Time;
use model::labels::Labels;

use crate::metadata::Kind;

/// How a text is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `text/plain`, version 0.0.4 or 1.0.0.
    Text,
    /// `application/openmetrics-text`.
    OpenMetrics,
}

/// A content type that can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownFormat {
    /// None was sent, and none is configured for this case.
    #[error(
        "the content type is missing: expected text/plain or application/openmetrics-text, or a configured fallback_scrape_protocol"
    )]
    Missing,
    /// Another one.
    #[error("the content type {0:?} can't be read: expected text/plain or application/openmetrics-text")]
    Unsupported(String),
}

impl Format {
    /// By a `Content-Type`; `fallback` stands in for one that is missing or unknown.
    ///
    /// # Errors
    /// [`UnknownFormat`] without a fallback.
    pub fn of(content_type: &str, fallback: Option<Self>) -> Result<Self, UnknownFormat> {
        let essence: &str = content_type.split(';').next().unwrap_or("").trim();
        if essence.eq_ignore_ascii_case("text/plain") {
            return Ok(Self::Text);
        }
        if essence.eq_ignore_ascii_case("application/openmetrics-text") {
            return Ok(Self::OpenMetrics);
        }
        let unknown: UnknownFormat =
            if essence.is_empty() { UnknownFormat::Missing } else { UnknownFormat::Unsupported(essence.to_owned()) };
        fallback.ok_or(unknown)
    }
}

/// Where a text can't be read, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {wrong}")]
pub struct ExpositionError {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// Why.
    pub wrong: Wrong,
}

/// What is wrong with a place in a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// Something else should stand here.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What should.
        expected: &'static str,
        /// What does.
        found: String,
    },
    /// A value or timestamp that is none.
    #[error("{0:?} is not a number")]
    Number(String),
    /// No timestamp that can be kept.
    #[error("{0:?} is not a timestamp")]
    Timestamp(String),
    /// Two labels of one name.
    #[error("the label {0:?} comes twice")]
    Twice(String),
    /// Labels without a metric.
    #[error("the name of the metric is missing")]
    NoName,
    /// A type nobody knows.
    #[error("{0:?} is not a type of metric")]
    Kind(String),
    /// OpenMetrics: the unit is part of the name.
    #[error("the unit {unit:?} is not the end of the name {name:?}")]
    Unit {
        /// As written.
        unit: String,
        /// Of the metric.
        name: String,
    },
    /// OpenMetrics: the end is missing, so the text may be cut.
    #[error("the text ends without # EOF, it may be incomplete")]
    NoEof,
    /// OpenMetrics: the end is not the end.
    #[error("nothing may follow # EOF")]
    AfterEof,
}

/// As much of a word as a message needs: texts come from strangers, and messages are kept.
fn short(word: &str) -> String {
    const SHOWN: usize = 80;
    word.chars().take(SHOWN).collect()
}

/// What a comment says about a metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note<'a> {
    /// `# TYPE`
    Kind(Kind),
    /// `# HELP`
    Help(Cow<'a, str>),
    /// `# UNIT`
    Unit(&'a str),
}

/// One sample, borrowed from the text where nothing had to be unescaped.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line<'a> {
    /// Sorted by name, each name once, the metric's as `__name__`. A value may be empty, which means that the label is absent.
    pub labels: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Never a stale marker: every NaN becomes the ordinary one.
    pub value: f64,
    /// Milliseconds since the Unix epoch, when the text says.
    pub at_ms: Option<i64>,
    /// Which trace stands behind it, when the text says.
    pub exemplar: Option<LineExemplar<'a>>,
}

/// An exemplar of a sample.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineExemplar<'a> {
    /// As written.
    pub labels: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// What was measured.
    pub value: f64,
    /// Milliseconds since the Unix epoch, when the text says; else it is of its sample's time.
    pub at_ms: Option<i64>,
}

/// Takes what is read.
pub trait Sink {
    /// A sample.
    fn sample(&mut self, line: &Line<'_>);

    /// A comment about the metric `name`.
    fn note(&mut self, _name: &str, _note: Note<'_>) {}
}

/// Reads a text from the first line to the last. What a sink got before an error should be thrown away.
///
/// # Errors
/// The first thing that can't be read, with its place.
pub fn read(text: &str, format: Format, sink: &mut dyn Sink) -> Result<(), ExpositionError> {
    match format {
        Format::Text => text::read(text, sink),
        Format::OpenMetrics => openmetrics::read(text, sink),
    }
}

/// A sample with labels of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedSample {
    /// All labels, the metric's name as `__name__`.
    pub labels: Labels,
    /// The value.
    pub value: f64,
    /// When the text says.
    pub at: Option<Time>,
}

/// What the comments say about one metric.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Family {
    /// Its name, without the endings of its series.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// What it means.
    pub help: String,
    /// What it counts in.
    pub unit: String,
}

/// A whole text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// In the order of the text.
    pub samples: Vec<ParsedSample>,
    /// In the order of the text.
    pub families: Vec<Family>,
}

impl Sink for Parsed {
    fn sample(&mut self, line: &Line<'_>) {
        let labels = Labels::new(line.labels.iter().map(|(name, value)| (&**name, &**value)));
        self.samples.push(ParsedSample { labels, value: line.value, at: line.at_ms.map(Time) });
    }

    fn note(&mut self, name: &str, note: Note<'_>) {
        Family::gather(&mut self.families, name, note);
    }
}

impl Family {
    /// Puts a comment to the family it is about. Comments about one family stand together.
    pub(crate) fn gather(families: &mut Vec<Self>, name: &str, note: Note<'_>) {
        if families.last().is_none_or(|family| family.name != name) {
            families.push(Self { name: name.to_owned(), ..Self::default() });
        }
        let Some(family) = families.last_mut() else { return };
        match note {
            Note::Kind(kind) => family.kind = kind,
            Note::Help(help) => family.help = help.into_owned(),
            Note::Unit(unit) => family.unit = unit.to_owned(),
        }
    }
}

/// Reads a text into memory.
///
/// # Errors
/// As [`read`].
pub fn parse(text: &str, format: Format) -> Result<Parsed, ExpositionError> {
    let mut parsed = Parsed::default();
    read(text, format, &mut parsed)?;
    Ok(parsed)
}

/// The value of a label as it is written between quotation marks.
///
/// Source: Prometheus, "Exposition formats", Comments, help text, and type information.
pub(crate) fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// The metric of the last `# TYPE`: its series have bounds that are written in one way only.
#[derive(Clone, Debug, Default)]
struct Current {
    name: String,
    kind: Kind,
}

impl Current {
    /// Bounds of buckets and quantiles as OpenMetrics writes floats, so that `le="1"` and `le="1.0"` are one series.
    fn normalise(&self, line: &mut Line<'_>) {
        let (label, ending) = match self.kind {
            Kind::Histogram | Kind::GaugeHistogram => ("le", "_bucket"),
            Kind::Summary => ("quantile", ""),
            _ => return,
        };
        let is_ours: bool =
            line.labels.iter().any(|(name, value)| name == "__name__" && value.strip_suffix(ending) == Some(self.name.as_str()));
        let bound = line.labels.iter_mut().find(|(name, _)| name == label).filter(|_| is_ours);
        if let Some((_, value)) = bound
            && let Some(float) = number::float(value)
        {
            let text: String = number::openmetrics(float);
            if *value != text {
                *value = Cow::Owned(text);
            }
        }
    }
}

/// The word of a `# TYPE` line.
impl FromStr for Kind {
    type Err = Wrong;

    fn from_str(word: &str) -> Result<Self, Wrong> {
        match word {
            "counter" => Ok(Self::Counter),
            "gauge" => Ok(Self::Gauge),
            "histogram" => Ok(Self::Histogram),
            "gaugehistogram" => Ok(Self::GaugeHistogram),
            "summary" => Ok(Self::Summary),
            "info" => Ok(Self::Info),
            "stateset" => Ok(Self::StateSet),
            "unknown" | "untyped" => Ok(Self::Unknown),
            other => Err(Wrong::Kind(short(other))),
        }
    }
}
