//! Explore's door: an expression evaluated for a reader, and the words it can be completed with.
//!
//! What is wrong with the expression is part of the answer, because the screen shows it where it stands; what is wrong with us is an error.

mod answer;
pub mod names;
mod unit;

use crate::apis::Door;
use crate::house_error::unavailable;
use crate::wiring::House;
use ::api::ApiError;
use ::api::error::Expected;
use ::api::explore::{ExploreApi, ExploreError, ExploreFault, ExploreQuery, ExploreView, ExploreWords, LONGEST_EXPRESSION};
use answer::Sheet;
use async_trait::async_trait;
use metrics::error::Error;
use metrics::eval::{Answer, EvalError};
use model::Time;
use model::access::ReadMetrics;
use promql::ast::{Expr, Span, ValueType};
use promql::error::{ParseError, line_col};

/// Answers the screen Explore.
pub struct Adapter(pub Door);

/// Ranges by the word in the address.
const RANGES: &[(&str, i64)] =
    &[("15m", 900_000), ("1h", 3_600_000), ("3h", 10_800_000), ("6h", 21_600_000), ("24h", 86_400_000), ("7d", 604_800_000)];
/// The range of an address that names none.
const USUAL: &str = "1h";
const SECOND_MS: i64 = 1_000;
const HOUR_MS: i64 = 3_600_000;
/// The longest span one may choose by hand.
const LONGEST_MS: i64 = 366 * 24 * HOUR_MS;
/// Steps of a span, about: a wide graph has twice as many columns, and fifty series of more would weigh as much as all else together.
const POINTS: i64 = 720;
/// Steps that a reader can count with. Longer ones are whole hours.
const STEPS_S: [i64; 12] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800];
/// When too much is asked at once it is worth asking again after this long.
const LATER_S: u32 = 5;

#[async_trait]
impl ExploreApi for Adapter {
    async fn explore(&self, query: ExploreQuery) -> Result<ExploreView, ApiError> {
        self.0.admit::<ReadMetrics>()?;
        let (house, viewer) = (&self.0.house, &self.0.visitor.viewer);
        let when: When = when(&query, house.clock.now())?;
        let mut view = ExploreView { live: when.is_live, ..ExploreView::blank(&query.q, when.from, when.to, when.step_ms) };
        if query.q.trim().is_empty() {
            return Ok(view);
        }
        let expr: Expr = match read(&query.q) {
            Ok(expr) => expr,
            Err(error) => return Ok(ExploreView { error: Some(error), ..view }),
        };
        view.instant = query.instant || !has_range(&expr);
        match evaluate(house, &expr, &when, view.instant).await {
            Ok(answer) => {
                let sheet = Sheet { expr: &expr, zone: &viewer.zone, locale: viewer.locale };
                Ok(sheet.filled(view, answer))
            }
            Err(error) => Ok(ExploreView { error: Some(refusal(&error, &query.q)?), ..view }),
        }
    }

    async fn metrics(&self, prefix: String) -> Result<ExploreWords, ApiError> {
        self.0.admit::<ReadMetrics>()?;
        names::metrics(&self.0.house, &prefix).await
    }

    async fn labels(&self, metric: String) -> Result<ExploreWords, ApiError> {
        self.0.admit::<ReadMetrics>()?;
        names::labels(&self.0.house, &metric).await
    }

    async fn values(&self, metric: String, label: String, prefix: String) -> Result<ExploreWords, ApiError> {
        self.0.admit::<ReadMetrics>()?;
        names::values(&self.0.house, &metric, &label, &prefix).await
    }
}

/// The span that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct When {
    from: Time,
    to: Time,
    step_ms: i64,
    /// Its end as it was asked for, not moved to a step.
    end: Time,
    is_live: bool,
}

impl When {
    /// Moved to whole steps, so that asking again draws the same points.
    fn between(from: Time, to: Time, is_live: bool) -> Self {
        let step_ms: i64 = step_ms(to.since(from));
        let whole = |at: Time| Time(at.0 - at.0.rem_euclid(step_ms));
        Self { from: whole(from), to: whole(to), step_ms, end: to, is_live }
    }
}

/// The shortest of the countable steps that makes no more than about [`POINTS`] of them.
fn step_ms(length_ms: i64) -> i64 {
    let least: i64 = (length_ms / POINTS).max(SECOND_MS);
    let countable = STEPS_S.into_iter().map(|seconds| seconds * SECOND_MS).find(|step| *step >= least);
    countable.unwrap_or_else(|| (least + HOUR_MS - 1) / HOUR_MS * HOUR_MS)
}

fn when(query: &ExploreQuery, now: Time) -> Result<When, ApiError> {
    match (query.from, query.to) {
        (Some(from), Some(to)) if from >= 0 && (SECOND_MS..=LONGEST_MS).contains(&to.saturating_sub(from)) => {
            Ok(When::between(Time(from), Time(to), false))
        }
        (None, None) => {
            let word: &str = query.range.as_deref().unwrap_or(USUAL);
            let length = RANGES.iter().find(|(name, _)| *name == word).map(|(_, length)| *length);
            let length = length.ok_or_else(|| invalid("range", "15m, 1h, 3h, 6h, 24h or 7d"))?;
            Ok(When::between(now.plus_ms(-length), now, true))
        }
        _ => Err(invalid("from, to", "both, a span from one second to 366 days, `from` before `to`")),
    }
}

fn invalid(field: &str, expected: &str) -> ApiError {
    ApiError::Invalid { field: field.to_owned(), expected: Expected::other(expected) }
}

/// The expression, or what is wrong with it. Of several mistakes the first is told: the field finds all of them itself.
fn read(q: &str) -> Result<Expr, ExploreError> {
    if q.chars().count() > LONGEST_EXPRESSION as usize {
        let message: String = format!("the expression is longer than {LONGEST_EXPRESSION} characters");
        return Err(fault(q, ExploreFault::TooLong, message, None));
    }
    promql::parse(q).map_err(|errors: Vec<ParseError>| match errors.into_iter().next() {
        Some(error) => fault(q, ExploreFault::Syntax, error.message, Some(error.span)),
        None => fault(q, ExploreFault::Syntax, "no expression found in input".to_owned(), None),
    })
}

fn fault(q: &str, fault: ExploreFault, message: String, span: Option<Span>) -> ExploreError {
    let (line, column) = line_col(q, span.map_or(0, |span| span.start));
    ExploreError {
        fault,
        message,
        span: span.map(|span| (number(span.start), number(span.end))),
        line: number(line),
        column: number(column),
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Whether the expression has a value at every step of a span. Texts and range selectors have one at a moment only.
fn has_range(expr: &Expr) -> bool {
    matches!(expr.value_type(), ValueType::Scalar | ValueType::Vector)
}

async fn evaluate(house: &House, expr: &Expr, when: &When, instant: bool) -> Result<Answer, Error> {
    if instant {
        house.metrics.instant(expr, when.end).await
    } else {
        house.metrics.range(expr, when.from, when.to, when.step_ms).await
    }
}

/// What keeps this expression from an answer; what keeps us from any is an error.
fn refusal(error: &Error, q: &str) -> Result<ExploreError, ApiError> {
    match error {
        Error::Overloaded => Err(ApiError::TryLater { seconds: LATER_S }),
        Error::TooManySamples { .. } => Ok(fault(q, ExploreFault::TooMuch, error.to_string(), None)),
        Error::Regex { .. } | Error::TooManyMatchers { .. } => Ok(fault(q, ExploreFault::Refused, error.to_string(), None)),
        Error::Eval(inner) => match &**inner {
            EvalError::Storage(inner) => refusal(inner, q),
            EvalError::TooManySamples | EvalError::TooManySteps => Ok(fault(q, ExploreFault::TooMuch, inner.to_string(), None)),
            EvalError::TimedOut => Ok(fault(q, ExploreFault::TooSlow, inner.to_string(), None)),
            other => Ok(fault(q, ExploreFault::Refused, other.to_string(), other.span())),
        },
        _ => Err(unavailable(error)),
    }
}

#[cfg(test)]
mod tests;
