//! Range functions: a window slides over the points of one series, from step to step.
//!
//! Both borders only ever move forward, so a series is walked once. What happened between two neighbouring points (a
//! counter fell, a value changed) is found once per series and looked up per window.

use std::sync::Arc;

use model::labels::Labels;

use super::failure::EvalError;
use super::grid::{Grid, Shift};
use super::over_time;
use super::rates;
use super::select::Track;
use super::series::{ABSENT, Deadline, Series, present};
use super::sums::{Any, Count, Deviation, Greatest, Least, Mean, Sum, Variance, accumulate};
use crate::source::{Folding, Point};
use promql::ast::Span;

/// The functions of a range vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RangeFn {
    Rate,
    Increase,
    Delta,
    InstantRate,
    InstantDelta,
    Derivative,
    PredictLinear,
    Smoothing,
    Changes,
    Resets,
    Sum,
    Avg,
    Min,
    Max,
    Count,
    First,
    Last,
    Present,
    Absent,
    Quantile,
    Deviation,
    Variance,
    MedianDeviation,
    TimeOfMin,
    TimeOfMax,
    TimeOfFirst,
    TimeOfLast,
}

/// The points of one series that one step sees.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window<'a> {
    /// All points of the series.
    pub points: &'a [Point],
    /// Index of the first point inside; there is one.
    pub first: usize,
    /// Index after the last point inside.
    pub end: usize,
    /// Indices inside, `first` excluded, at which something happened since the point before.
    pub marks: &'a [usize],
    /// Right border, inclusive, in milliseconds.
    pub to_ms: i64,
    /// Length in milliseconds; the left border is exclusive.
    pub range_ms: i64,
    /// The moment of evaluation, which `@` and `offset` do not move.
    pub at_ms: i64,
    /// The scalars at this step.
    pub params: &'a [f64],
}

impl<'a> Window<'a> {
    /// The points inside, at least one.
    pub fn inside(&self) -> &'a [Point] {
        &self.points[self.first..self.end]
    }

    /// Their values.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        self.inside().iter().map(|point| point.value)
    }
}

impl RangeFn {
    /// The function of that name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "rate" => Self::Rate,
            "increase" => Self::Increase,
            "delta" => Self::Delta,
            "irate" => Self::InstantRate,
            "idelta" => Self::InstantDelta,
            "deriv" => Self::Derivative,
            "predict_linear" => Self::PredictLinear,
            "double_exponential_smoothing" => Self::Smoothing,
            "changes" => Self::Changes,
            "resets" => Self::Resets,
            "sum_over_time" => Self::Sum,
            "avg_over_time" => Self::Avg,
            "min_over_time" => Self::Min,
            "max_over_time" => Self::Max,
            "count_over_time" => Self::Count,
            "first_over_time" => Self::First,
            "last_over_time" => Self::Last,
            "present_over_time" => Self::Present,
            "absent_over_time" => Self::Absent,
            "quantile_over_time" => Self::Quantile,
            "stddev_over_time" => Self::Deviation,
            "stdvar_over_time" => Self::Variance,
            "mad_over_time" => Self::MedianDeviation,
            "ts_of_min_over_time" => Self::TimeOfMin,
            "ts_of_max_over_time" => Self::TimeOfMax,
            "ts_of_first_over_time" => Self::TimeOfFirst,
            "ts_of_last_over_time" => Self::TimeOfLast,
            _ => return None,
        })
    }

    /// Which argument is the range vector.
    pub fn range_argument(self) -> usize {
        usize::from(self == Self::Quantile)
    }

    /// Whether the result still is the metric it came from.
    pub fn keeps_name(self) -> bool {
        matches!(self, Self::First | Self::Last)
    }

    /// Whether the function is meant for counters alone.
    pub fn wants_counter(self) -> bool {
        matches!(self, Self::Rate | Self::Increase)
    }

    /// How its windows can be made of steps, see [`super::folds`].
    pub fn folding(self) -> Folding {
        match self {
            Self::Last | Self::TimeOfLast | Self::Present | Self::Absent => Folding::Newest,
            Self::Rate | Self::Increase | Self::Delta | Self::First | Self::TimeOfFirst => Folding::Whole,
            Self::Sum | Self::Avg | Self::Min | Self::Max | Self::Count => Folding::Whole,
            _ => Folding::Never,
        }
    }

    /// The indices at which something happened that matters to this function.
    fn marks(self, points: &[Point]) -> Vec<usize> {
        let happened: fn(f64, f64) -> bool = match self {
            Self::Rate | Self::Increase | Self::Resets => |before, now| now < before,
            Self::Changes => |before, now| now != before && !(now.is_nan() && before.is_nan()),
            _ => return Vec::new(),
        };
        (1..points.len()).filter(|at| happened(points[at - 1].value, points[*at].value)).collect()
    }

    /// The value for one window; `None` when the function has none.
    fn value(self, window: &Window<'_>) -> Option<f64> {
        match self {
            Self::Rate => rates::extrapolated(window, true).map(|total| total / (window.range_ms as f64 / 1000.0)),
            Self::Increase => rates::extrapolated(window, true),
            Self::Delta => rates::extrapolated(window, false),
            Self::InstantRate => rates::instant_rate(window),
            Self::InstantDelta => rates::instant_delta(window),
            Self::Derivative => rates::derivative(window),
            Self::PredictLinear => rates::predict_linear(window),
            Self::Smoothing => rates::double_exponential_smoothing(window),
            Self::Changes | Self::Resets => Some(window.marks.len() as f64),
            _ => Some(self.over_time(window)),
        }
    }

    /// The functions that have a value for every window.
    fn over_time(self, window: &Window<'_>) -> f64 {
        match self {
            Self::Sum => accumulate::<Sum>(window.values()),
            Self::Avg => accumulate::<Mean>(window.values()),
            Self::Min => accumulate::<Least>(window.values()),
            Self::Max => accumulate::<Greatest>(window.values()),
            Self::Count => accumulate::<Count>(window.values()),
            Self::Deviation => accumulate::<Deviation>(window.values()),
            Self::Variance => accumulate::<Variance>(window.values()),
            Self::First => window.points[window.first].value,
            Self::Last => window.points[window.end - 1].value,
            Self::Quantile => over_time::quantile(window),
            Self::MedianDeviation => over_time::median_deviation(window),
            Self::TimeOfMin => over_time::time_of(window, |value, least| value <= least),
            Self::TimeOfMax => over_time::time_of(window, |value, greatest| value >= greatest),
            Self::TimeOfFirst => seconds(window.points[window.first]),
            Self::TimeOfLast => seconds(window.points[window.end - 1]),
            _ => accumulate::<Any>(window.values()),
        }
    }

    /// Refuses factors outside 0 … 1 of `double_exponential_smoothing`.
    ///
    /// # Errors
    /// [`EvalError::BadFactor`].
    pub fn check_params(self, params: &[Vec<f64>], span: Span) -> Result<(), EvalError> {
        if self != Self::Smoothing {
            return Ok(());
        }
        let names: [(&'static str, &'static str); 2] = [("smoothing", "sf"), ("trend", "tf")];
        for ((which, short), column) in names.into_iter().zip(params) {
            // Written so that NaN passes, as it does in Prometheus.
            if let Some(value) = column.iter().copied().find(|value| *value <= 0.0 || *value >= 1.0) {
                return Err(EvalError::BadFactor { which, short, value, span });
            }
        }
        Ok(())
    }
}

/// The time of a point in seconds.
fn seconds(point: Point) -> f64 {
    point.at as f64 / 1000.0
}

/// Where the windows lie.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// The moments of evaluation.
    pub grid: Grid,
    /// `@` and `offset`.
    pub shift: Shift,
    /// Length of each window.
    pub range_ms: i64,
    /// When all windows must be computed.
    pub deadline: Deadline,
}

/// Points looked at between two looks at the deadline: a few hundred microseconds of work.
const POINTS_PER_LOOK: usize = 65_536;

/// The function over every track; `params` are columns.
///
/// # Errors
/// Those of [`Deadline::check`].
pub(super) fn slide(
    function: RangeFn,
    tracks: Vec<Track>,
    params: &[Vec<f64>],
    layout: &Layout,
) -> Result<Vec<Series>, EvalError> {
    let mut out: Vec<Series> = Vec::with_capacity(tracks.len());
    for track in tracks {
        let values: Vec<f64> = column(function, &track.points, params, layout)?;
        let drop_name: bool = track.drop_name || !function.keeps_name();
        let series: Series = Series { values, drop_name, labels: track.labels };
        if series.is_present() {
            out.push(series);
        }
    }
    Ok(out)
}

fn column(function: RangeFn, points: &[Point], params: &[Vec<f64>], layout: &Layout) -> Result<Vec<f64>, EvalError> {
    layout.deadline.check()?;
    let len: usize = layout.grid.len;
    let marks: Vec<usize> = function.marks(points);
    let mut values: Vec<f64> = Vec::with_capacity(len);
    let (mut first, mut end): (usize, usize) = (0, 0);
    let mut looked_at: usize = 0;
    // One row for all steps: nothing is allocated per step.
    let mut row: Vec<f64> = Vec::with_capacity(params.len());
    for index in 0..len {
        let at_ms: i64 = layout.grid.time(index);
        let to_ms: i64 = layout.shift.apply(at_ms);
        let from_ms: i64 = to_ms.saturating_sub(layout.range_ms);
        while end < points.len() && points[end].at <= to_ms {
            end += 1;
        }
        while first < end && points[first].at <= from_ms {
            first += 1;
        }
        if first == end {
            values.push(ABSENT);
            continue;
        }
        looked_at += end - first;
        if looked_at >= POINTS_PER_LOOK {
            layout.deadline.check()?;
            looked_at = 0;
        }
        row.clear();
        row.extend(params.iter().map(|column| column[index]));
        let marks: &[usize] = between(&marks, first, end);
        let window: Window<'_> = Window { points, first, end, marks, to_ms, range_ms: layout.range_ms, at_ms, params: &row };
        let value: f64 = function.value(&window).unwrap_or(ABSENT);
        values.push(value);
        // A pinned window is the same at every step, and without scalars so is its value.
        if layout.shift.pinned_ms.is_some() && params.is_empty() {
            values.resize(len, value);
            break;
        }
    }
    Ok(values)
}

/// The marks strictly after `first` and before `end`.
fn between(marks: &[usize], first: usize, end: usize) -> &[usize] {
    let from: usize = marks.partition_point(|mark| *mark <= first);
    let to: usize = marks.partition_point(|mark| *mark < end);
    &marks[from..to.max(from)]
}

/// 1 wherever none of the series has a value.
pub(super) fn absence(series: &[Series], labels: &Labels, grid: &Grid) -> Vec<Series> {
    let mut values: Vec<f64> = vec![1.0; grid.len];
    for one in series {
        for (cell, value) in values.iter_mut().zip(&one.values) {
            if present(*value) {
                *cell = ABSENT;
            }
        }
    }
    let answer: Series = Series { labels: Arc::new(labels.clone()), drop_name: false, values };
    if answer.is_present() { vec![answer] } else { Vec::new() }
}
