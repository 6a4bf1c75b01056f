//! One expression: read, evaluated, and what keeps it from an answer.
//!
//! What is wrong with an expression is part of the answer, because the screen shows it where it stands; what is wrong with us is an error.

use crate::apis::explore::answer::{Found, Reading, Wanted};
use crate::apis::explore::number;
use crate::apis::explore::span::When;
use crate::house_error::unavailable;
use crate::wiring::House;
use ::api::ApiError;
use ::api::explore::{ExploreAnswer, ExploreError, ExploreFault, ExploreOne, LONGEST_EXPRESSION};
use metrics::error::Error;
use metrics::eval::{Answer, EvalError};
use promql::ast::{Expr, Span, ValueType};
use promql::error::{ParseError, line_col};

/// The answer to one of the queries.
///
/// # Errors
/// `Unavailable`: nobody could answer any of them.
pub async fn found(house: &House, one: &ExploreOne, when: &When, instant: bool, wanted: Wanted<'_>) -> Result<Found, ApiError> {
    let q: &str = &one.text;
    let blank = ExploreAnswer { q: q.to_owned(), is_hidden: one.is_hidden, instant, ..ExploreAnswer::default() };
    if one.is_hidden || q.trim().is_empty() {
        return Ok(Found::alone(blank));
    }
    let expr: Expr = match read(q) {
        Ok(expr) => expr,
        Err(error) => return Ok(Found::alone(ExploreAnswer { error: Some(error), ..blank })),
    };
    let instant: bool = instant || !has_range(&expr);
    match evaluate(house, &expr, when, instant).await {
        Ok(answer) => {
            let reading = Reading { expr: &expr, at: when.to, wanted };
            Ok(reading.found(ExploreAnswer { instant, ..blank }, answer))
        }
        Err(error) => Ok(Found::alone(ExploreAnswer { error: Some(refusal(&error, q)?), ..blank })),
    }
}

/// The expression, or what is wrong with it. Of several mistakes the first is told: the field finds all of them itself.
pub fn read(q: &str) -> Result<Expr, ExploreError> {
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
        Error::Overloaded => Ok(fault(q, ExploreFault::Busy, error.to_string(), None)),
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
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_told_with_their_place() {
        let error = read("sum(\n  foo(").unwrap_err();
        assert_eq!((error.fault, error.line, error.column), (ExploreFault::Syntax, 2, 3));
        assert_eq!(error.span, Some((7, 10)));
        assert_eq!(read(&"a".repeat(LONGEST_EXPRESSION as usize + 1)).unwrap_err().fault, ExploreFault::TooLong);
        assert!(read("up").is_ok());
    }

    #[test]
    fn what_keeps_one_expression_from_an_answer_is_not_our_trouble() {
        let refused = |error: Error| refusal(&error, "a + b").map(|error| (error.fault, error.span));
        let span = Span::new(0, 5);
        assert_eq!(refused(EvalError::TimedOut.into()), Ok((ExploreFault::TooSlow, None)));
        assert_eq!(refused(EvalError::TooManySamples.into()), Ok((ExploreFault::TooMuch, None)));
        assert_eq!(refused(Error::TooManySamples { found: 2, limit: 1 }), Ok((ExploreFault::TooMuch, None)));
        assert_eq!(refused(EvalError::ManyToOne { span }.into()), Ok((ExploreFault::Refused, Some((0, 5)))));
        let stored = EvalError::Storage(Box::new(Error::Overloaded));
        assert_eq!(refused(stored.into()), Ok((ExploreFault::Busy, None)));
        assert_eq!(refused(Error::Closed), Err(ApiError::Unavailable));
    }

    #[test]
    fn texts_and_ranges_have_a_value_at_one_moment_only() {
        for (q, expected) in [("up", true), ("1", true), ("up[5m]", false), ("\"a\"", false), ("rate(up[5m])", true)] {
            assert_eq!(has_range(&promql::parse(q).unwrap()), expected, "{q}");
        }
    }
}
