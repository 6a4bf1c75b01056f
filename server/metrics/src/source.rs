//! What the evaluator asks of storage: series by matchers, with their points, and nothing more.
//!
//! It asks in two ways. [`Source::select`] gives the samples, all at once. [`Source::read`] says besides which windows the samples are for
//! ([`Windows`]): then a source may give series part by part, so that no more of them are held than one part has, and instead of samples
//! what each step made of them ([`Fold`]), where the windows come out the same.

use std::ops::ControlFlow;

use async_trait::async_trait;
use model::Time;
use model::labels::Labels;
use promql::ast::Matcher;

use crate::error::Error;

/// One sample of a series.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    /// Milliseconds since the Unix epoch.
    pub at: i64,
    /// The value, bit for bit as it was sent: stale markers and NaN payloads included.
    pub value: f64,
}

/// A series and the points of it that fall into what was asked.
#[derive(Debug, Clone)]
pub struct SeriesData {
    /// All labels, the metric name as `__name__`.
    pub labels: Labels,
    /// Sorted by time, one point per time.
    pub points: Vec<Point>,
}

/// What a series did in one step. Stale markers are no values.
#[derive(Debug, Clone, Copy)]
pub struct Fold {
    /// The step holds what came after this, in milliseconds since the Unix epoch …
    pub after: i64,
    /// … up to this, inclusive.
    pub until: i64,
    /// How many values. With none, the step only says that the series went stale, and the values are no numbers.
    pub count: u64,
    /// The oldest value.
    pub first: Point,
    /// The newest.
    pub last: Point,
    /// The least value that is a number, NaN when none is.
    pub min: f64,
    /// The greatest.
    pub max: f64,
    /// All of them added.
    pub sum: f64,
    /// As of a counter: how far it came from the first value to the last, corrected for resets.
    pub growth: f64,
    /// Whether the newest sample is a stale marker.
    pub ends_stale: bool,
}

/// A series and its steps, in order. All are of one width; those that hold nothing are left out.
#[derive(Debug, Clone)]
pub struct FoldedSeries {
    /// All labels, the metric name as `__name__`.
    pub labels: Labels,
    /// The steps.
    pub folds: Vec<Fold>,
}

/// Some of the series that were asked for; no series is in two parts.
#[derive(Debug)]
pub enum Part {
    /// With their samples.
    Samples(Vec<SeriesData>),
    /// With steps between which all borders of the windows fall that matter, see [`Folding`].
    Folds(Vec<FoldedSeries>),
}

/// How windows can be made of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folding {
    /// Not at all: the samples are needed.
    Never,
    /// The newest sample decides: steps have to end where windows do, and may begin before them.
    Newest,
    /// All of a window counts: steps have to begin and to end where windows do.
    Whole,
}

/// What samples are wanted for: windows of one length, at even distances, open on the left and closed on the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    /// Where the first one ends, in milliseconds since the Unix epoch.
    pub first_ms: i64,
    /// From end to end; 0 when there is one window.
    pub step_ms: i64,
    /// How long each is.
    pub range_ms: i64,
    /// What would be enough for them.
    pub folding: Folding,
}

/// Series to be read, and what for.
#[derive(Debug, Clone, Copy)]
pub struct Demand<'a> {
    /// Which series, as in [`Source::select`].
    pub matchers: &'a [Matcher],
    /// The first millisecond that is needed.
    pub from: Time,
    /// The last one.
    pub to: Time,
    /// What for.
    pub windows: Windows,
    /// Whether anything but samples may be used: roll-ups in their place, and where there are no samples any more.
    pub with_rolls: bool,
}

/// Takes what is read, part by part.
pub trait Taker: Send {
    /// Takes one part. After [`ControlFlow::Break`] no other is wanted.
    fn take(&mut self, part: Part) -> ControlFlow<()>;
}

/// Where the evaluator gets its series from.
#[async_trait]
pub trait Source: Send + Sync {
    /// The series whose labels satisfy every matcher (the metric name is matched as `__name__`), with their points
    /// in `from..=to`, both ends inclusive. Series without a point there may be left out; stale markers are points
    /// and are returned. Fails when more would have to be read than the room's limit.
    async fn select(&self, matchers: &[Matcher], from: Time, to: Time) -> Result<Vec<SeriesData>, Error>;

    /// The same, part by part and with what they are for in mind. By itself a source does not mind: all samples are one part.
    async fn read(&self, demand: &Demand<'_>, taker: &mut dyn Taker) -> Result<(), Error> {
        let found: Vec<SeriesData> = self.select(demand.matchers, demand.from, demand.to).await?;
        // It was the last part in any case.
        let _ = taker.take(Part::Samples(found));
        Ok(())
    }
}
