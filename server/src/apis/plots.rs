//! From PromQL answers to plots.

use crate::house_error::unavailable;
use crate::wiring::House;
use ::api::ApiError;
use ::api::error::Expected;
use chart::{Plot, Series};
use figures::{Locale, Zone};
use metrics::error::Error;
use metrics::eval::{EvalError, Value};
use metrics::source::SeriesData;
use model::Time;

/// A span of time and its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Time,
    pub to: Time,
    pub step_ms: i64,
}

/// About this many points make one line: more than a panel has pixel columns only costs bytes.
const POINTS: i64 = 360;
/// When too much is asked at once it is worth asking again after this long.
const LATER_S: u32 = 5;
/// Never finer than the collector looks.
const FINEST_MS: i64 = 5_000;

impl Span {
    /// The last `length_ms` until `now`, aligned to its step so that a reload draws the same points.
    #[must_use]
    pub fn last(length_ms: i64, now: Time) -> Self {
        Self::between(Time(now.0 - length_ms), now)
    }

    /// From `from` to `to`, with a step that gives about [`POINTS`] points.
    #[must_use]
    pub fn between(from: Time, to: Time) -> Self {
        let length = to.since(from).max(1);
        let step_ms = round_step(length / POINTS);
        Self { from: Time(from.0 - from.0.rem_euclid(step_ms)), to: Time(to.0 - to.0.rem_euclid(step_ms)), step_ms }
    }

    /// A rate window that always holds several samples.
    #[must_use]
    pub fn rate_window_s(&self) -> i64 {
        (self.step_ms * 2).max(30_000) / 1000
    }
}

/// The next of 5, 10, 15, 30 s, 1, 2, 5, 10, 15, 30 min, then hours.
fn round_step(ms: i64) -> i64 {
    const STEPS_S: [i64; 10] = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800];
    let found = STEPS_S.into_iter().map(|seconds| seconds * 1000).find(|step| *step >= ms.max(FINEST_MS));
    found.unwrap_or_else(|| (ms / 3_600_000 + 1) * 3_600_000)
}

/// How a line is called.
#[derive(Clone, Copy, Debug)]
pub enum Named {
    /// Always the same.
    As(&'static str),
    /// By one of its labels.
    By(&'static str),
}

impl Named {
    /// The name of this series.
    #[must_use]
    pub fn of(self, labels: &model::labels::Labels) -> String {
        match self {
            Self::As(name) => name.to_owned(),
            Self::By(label) => labels.get(label).to_owned(),
        }
    }
}

/// The most lines of one panel: more can't be told apart.
const MOST_LINES: usize = 8;

/// The lines of `expr` over `span`.
///
/// # Errors
/// As [`range`].
pub async fn lines(house: &House, expr: &str, named: Named, span: Span, first_style: u8) -> Result<Vec<Series>, ApiError> {
    let matrix = range(house, expr, span).await?;
    let mut lines: Vec<(String, SeriesData)> = matrix.into_iter().map(|series| (named.of(&series.labels), series)).collect();
    lines.sort_by(|a, b| a.0.cmp(&b.0));
    lines.truncate(MOST_LINES);
    let one = |(index, (name, series)): (usize, (String, SeriesData))| Series {
        name,
        style: style(first_style, index),
        points: series.points.into_iter().map(|point| (point.at, point.value)).collect(),
        fill: false,
    };
    Ok(lines.into_iter().enumerate().map(one).collect())
}

fn style(first: u8, index: usize) -> u8 {
    let index = u8::try_from(index % MOST_LINES).unwrap_or(0);
    (first - 1 + index) % 8 + 1
}

/// Evaluates `expr` over `span`. An expression that the evaluator refuses has no lines, and that is logged.
///
/// # Errors
/// `Unavailable`, `TryLater` while too much is asked, `Invalid` where the span would read too much.
pub async fn range(house: &House, expr: &str, span: Span) -> Result<Vec<SeriesData>, ApiError> {
    let parsed = match promql::parse(expr) {
        Ok(parsed) => parsed,
        Err(errors) => {
            tracing::error!(expr, ?errors, "a panel's expression does not parse");
            return Ok(Vec::new());
        }
    };
    match house.metrics.range(&parsed, span.from, span.to, span.step_ms).await {
        Ok(answer) => Ok(match answer.value {
            Value::Matrix(matrix) => matrix,
            Value::Scalar(_) | Value::String(_) | Value::Vector(_) => Vec::new(),
        }),
        Err(error) => unanswered(expr, &error),
    }
}

/// Evaluates `expr` at `at`: label sets and values.
///
/// # Errors
/// As [`range`].
pub async fn instant(house: &House, expr: &str, at: Time) -> Result<Vec<(model::labels::Labels, f64)>, ApiError> {
    let Ok(parsed) = promql::parse(expr) else {
        tracing::error!(expr, "an expression does not parse");
        return Ok(Vec::new());
    };
    match house.metrics.instant(&parsed, at).await {
        Ok(answer) => Ok(match answer.value {
            Value::Vector(samples) => samples.into_iter().map(|sample| (sample.labels, sample.value)).collect(),
            Value::Scalar(value) => vec![(model::labels::Labels::default(), value)],
            Value::Matrix(_) | Value::String(_) => Vec::new(),
        }),
        Err(error) => unanswered(expr, &error),
    }
}

/// What a query without an answer means: what the evaluator refuses concerns this expression alone and is no data, anything else is
/// the whole screen's trouble and must not look like "no data".
fn unanswered<T>(expr: &str, error: &Error) -> Result<Vec<T>, ApiError> {
    match error {
        Error::Overloaded => Err(ApiError::TryLater { seconds: LATER_S }),
        Error::TooManySamples { .. } => Err(too_long(&error.to_string())),
        Error::Eval(refusal) => match &**refusal {
            EvalError::Storage(inner) => unanswered(expr, inner),
            EvalError::TimedOut => Err(ApiError::TryLater { seconds: LATER_S }),
            EvalError::TooManySamples | EvalError::TooManySteps => Err(too_long(&refusal.to_string())),
            _ => {
                tracing::warn!(%error, expr, "an expression could not be evaluated");
                Ok(Vec::new())
            }
        },
        _ => Err(unavailable(error)),
    }
}

fn too_long(said: &str) -> ApiError {
    ApiError::Invalid { field: "range".to_owned(), expected: Expected::other(said) }
}

/// An empty plot over `span` for a reader.
#[must_use]
pub fn empty(span: Span, zone: &Zone, locale: Locale) -> Plot {
    Plot { gap_ms: span.step_ms * 3, ..Plot::new(span.from.0, span.to.0, zone.clone(), locale) }
}

/// A label value inside a matcher: PromQL's string escapes.
#[must_use]
pub fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_give_a_few_hundred_points() {
        for (length_ms, step_ms) in [(900_000, 5_000), (3_600_000, 10_000), (86_400_000, 300_000), (7 * 86_400_000, 1_800_000)] {
            let span = Span::last(length_ms, Time(1_795_000_000_123));
            assert_eq!(span.step_ms, step_ms);
            assert_eq!(span.to.0 % step_ms, 0);
        }
    }

    #[test]
    fn a_label_value_cannot_leave_its_matcher() {
        assert_eq!(quoted("a\"} or up{x=\""), r#""a\"} or up{x=\"""#);
        assert!(promql::parse(&format!("up{{host={}}}", quoted("a\\\"\n"))).is_ok());
    }

    #[test]
    fn only_what_one_expression_is_refused_for_looks_like_no_data() {
        let refused = Error::from(EvalError::SameLabelset);
        assert_eq!(unanswered::<u8>("up", &refused), Ok(Vec::new()));
        assert_eq!(unanswered::<u8>("up", &Error::Closed), Err(ApiError::Unavailable));
        assert!(matches!(unanswered::<u8>("up", &Error::Overloaded), Err(ApiError::TryLater { .. })));
        let stored = Error::from(EvalError::Storage(Box::new(Error::Closed)));
        assert_eq!(unanswered::<u8>("up", &stored), Err(ApiError::Unavailable));
        let long = Error::TooManySamples { found: 2, limit: 1 };
        assert!(matches!(unanswered::<u8>("up", &long), Err(ApiError::Invalid { .. })));
    }
}
