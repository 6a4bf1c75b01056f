//! What the dashboards room needs of the house: numbers from metrics, and what went on from alerting and incidents.

use crate::happenings::{Past, missing};
use crate::house_error::chain;
use alerting::alerts::MOST;
use alerting::{AlertRow, Alerting, RuleRow, Show};
use async_trait::async_trait;
use dashboards::needs::{Happened, Happenings, Line, Needs, Number, Numbers, Unanswered};
use figures::Locale;
use futures::future::join_all;
use metrics::Metrics;
use metrics::engine::error::RemoteError;
use metrics::error::Error;
use metrics::eval::{EvalError, Value};
use metrics::listing::{Listing, Scope};
use metrics::source::SeriesData;
use model::alert::AlertState;
use model::ids::RuleId;
use model::labels::Labels;
use model::{Severity, Time};
use promql::ast::{Expr, ExprKind, METRIC_NAME, MatchOp, Matcher, VectorSelector};
use promql::visit::selectors;
use std::sync::Arc;

/// Rules of open alerts that are looked up, the worst first.
const MOST_RULES: usize = 40;

/// All of it.
pub(super) fn needs(metrics: &Arc<Metrics>, past: Past) -> Needs {
    let happenings = HouseHappenings { alerting: past.alerting.clone(), past };
    Needs { numbers: Arc::new(HouseNumbers(Arc::clone(metrics))), happenings: Arc::new(happenings) }
}

/// For commands, which keep dashboards and show none.
pub(super) fn nobody() -> Needs {
    Needs { numbers: Arc::new(Nobody), happenings: Arc::new(Nobody) }
}

/// Numbers of this house's metrics.
struct HouseNumbers(Arc<Metrics>);

#[async_trait]
impl Numbers for HouseNumbers {
    async fn instant(&self, expr: &Expr, at: Time) -> Result<Vec<Number>, Unanswered> {
        let answer = self.0.instant(expr, at).await.map_err(|error| unanswered(&error))?;
        match answer.value {
            Value::Vector(samples) => {
                Ok(samples.into_iter().map(|sample| Number { labels: sample.labels, value: sample.value }).collect())
            }
            Value::Scalar(value) => Ok(vec![Number { labels: Labels::default(), value }]),
            Value::Matrix(_) | Value::String(_) => Err(refused("expected an instant vector or a scalar", expr)),
        }
    }

    async fn range(&self, expr: &Expr, from: Time, to: Time, step_ms: i64) -> Result<Vec<Line>, Unanswered> {
        let answer = self.0.range(expr, from, to, step_ms).await.map_err(|error| unanswered(&error))?;
        match answer.value {
            Value::Matrix(found) => Ok(found.into_iter().map(line).collect()),
            Value::Scalar(_) | Value::Vector(_) | Value::String(_) => {
                Err(refused("expected an instant vector or a scalar", expr))
            }
        }
    }

    async fn label_values(
        &self,
        label: &str,
        selector: &str,
        span: (Time, Time),
        most: usize,
    ) -> Result<Vec<String>, Unanswered> {
        let scope = Scope { selectors: matchers(selector)?, since: span.0, most };
        let found: Listing<String> = self.0.label_values(label, scope).await.map_err(|error| unanswered(&error))?;
        Ok(found.found)
    }
}

fn line(series: SeriesData) -> Line {
    Line { labels: series.labels, points: series.points.iter().map(|point| (point.at, point.value)).collect() }
}

fn refused(message: &str, expr: &Expr) -> Unanswered {
    Unanswered::Refused { message: message.to_owned(), span: Some(expr.span) }
}

/// Of a selector; none for all series.
fn matchers(selector: &str) -> Result<Vec<Vec<Matcher>>, Unanswered> {
    if selector.trim().is_empty() {
        return Ok(Vec::new());
    }
    let expr: Expr = promql::parse(selector).map_err(|errors| match errors.into_iter().next() {
        Some(error) => Unanswered::Refused { message: error.message, span: Some(error.span) },
        None => Unanswered::Refused { message: "no expression found in input".to_owned(), span: None },
    })?;
    match &expr.unparen().kind {
        ExprKind::VectorSelector(selector) => Ok(vec![selector.all_matchers()]),
        _ => Err(refused("expected a selector of series", &expr)),
    }
}

/// Why there is no answer. What is no fault of the question is logged here and not told.
fn unanswered(error: &Error) -> Unanswered {
    match error {
        Error::Overloaded | Error::Busy => Unanswered::Busy,
        Error::TooManySamples { .. } => Unanswered::TooMuch(error.to_string()),
        Error::Regex { .. } | Error::TooManyMatchers { .. } => Unanswered::Refused { message: chain(error), span: None },
        Error::Eval(inner) => match &**inner {
            EvalError::Storage(inner) => unanswered(inner),
            EvalError::TooManySamples | EvalError::TooManySteps => Unanswered::TooMuch(inner.to_string()),
            EvalError::TimedOut => Unanswered::TooSlow(inner.to_string()),
            EvalError::Abandoned => Unanswered::Unavailable,
            other => Unanswered::Refused { message: other.to_string(), span: other.span() },
        },
        Error::Remote(inner) => elsewhere(error, inner),
        _ => unavailable(error),
    }
}

/// The same of an engine elsewhere, by the `errorType` of Prometheus' HTTP API.
fn elsewhere(error: &Error, inner: &RemoteError) -> Unanswered {
    match inner {
        RemoteError::Refused { kind, message } if kind == "timeout" => Unanswered::TooSlow(message.clone()),
        RemoteError::Refused { kind, message } if kind == "bad_data" || kind == "execution" => {
            Unanswered::Refused { message: message.clone(), span: None }
        }
        _ => unavailable(error),
    }
}

fn unavailable(error: &Error) -> Unanswered {
    tracing::error!(error = chain(error), "metrics do not answer a dashboard");
    Unanswered::Unavailable
}

/// What went on. What can't be read is missing: a graph without flags is better than none.
struct HouseHappenings {
    alerting: Alerting,
    past: Past,
}

#[async_trait]
impl Happenings for HouseHappenings {
    async fn happened(&self, from: Time, to: Time, locale: Locale) -> Happened {
        self.past.everywhere(from, to, locale).await
    }

    async fn open(&self) -> Vec<(Vec<String>, Severity)> {
        let filter = alerting::Filter { show: Show::Open, limit: MOST, ..alerting::Filter::default() };
        let open: Vec<AlertRow> = self.alerting.alerts(&filter).await.unwrap_or_else(|error| missing(&error));
        let rules = join_all(worst(&open).into_iter().map(|(id, severity)| self.metrics_of(id, severity))).await;
        rules.into_iter().filter(|(metrics, _)| !metrics.is_empty()).collect()
    }
}

impl HouseHappenings {
    async fn metrics_of(&self, id: RuleId, severity: Severity) -> (Vec<String>, Severity) {
        let rule: Option<RuleRow> = self.alerting.rule(&id).await.unwrap_or_else(|error| missing(&error));
        let expr: Option<Expr> = rule.and_then(|row| promql::parse(&row.rule.expr).ok());
        (expr.as_ref().map(metrics_named).unwrap_or_default(), severity)
    }
}

/// Rules of what fires, each once with its worst alert; the list is by urgency.
fn worst(open: &[AlertRow]) -> Vec<(RuleId, Severity)> {
    let mut rules: Vec<(RuleId, Severity)> = Vec::new();
    for row in open.iter().filter(|row| row.state == AlertState::Firing) {
        if let Some((_, severity)) = rules.iter_mut().find(|(id, _)| *id == row.rule_id) {
            *severity = row.severity.min(*severity);
        } else if rules.len() < MOST_RULES {
            rules.push((row.rule_id.clone(), row.severity));
        }
    }
    rules
}

fn metrics_named(expr: &Expr) -> Vec<String> {
    selectors(expr).into_iter().filter_map(metric_of).collect()
}

fn metric_of(selector: &VectorSelector) -> Option<String> {
    let named = || selector.matchers.iter().find(|matcher| matcher.name == METRIC_NAME && matcher.op == MatchOp::Eq);
    selector.name.clone().or_else(|| named().map(|matcher| matcher.value.clone()))
}

struct Nobody;

#[async_trait]
impl Numbers for Nobody {
    async fn instant(&self, _: &Expr, _: Time) -> Result<Vec<Number>, Unanswered> {
        Err(Unanswered::Unavailable)
    }

    async fn range(&self, _: &Expr, _: Time, _: Time, _: i64) -> Result<Vec<Line>, Unanswered> {
        Err(Unanswered::Unavailable)
    }

    async fn label_values(&self, _: &str, _: &str, _: (Time, Time), _: usize) -> Result<Vec<String>, Unanswered> {
        Err(Unanswered::Unavailable)
    }
}

#[async_trait]
impl Happenings for Nobody {
    async fn happened(&self, _: Time, _: Time, _: Locale) -> Happened {
        Happened::default()
    }

    async fn open(&self) -> Vec<(Vec<String>, Severity)> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keeps_an_expression_from_its_answer_is_told_and_what_keeps_us_is_not() {
        let refusal = Error::from(EvalError::SameLabelset);
        assert!(matches!(unanswered(&refusal), Unanswered::Refused { span: None, .. }));
        assert_eq!(unanswered(&Error::Overloaded), Unanswered::Busy);
        assert_eq!(unanswered(&Error::Closed), Unanswered::Unavailable);
        assert!(matches!(unanswered(&Error::TooManySamples { found: 2, limit: 1 }), Unanswered::TooMuch(_)));
        assert!(matches!(unanswered(&Error::from(EvalError::TimedOut)), Unanswered::TooSlow(_)));
        let stored = Error::from(EvalError::Storage(Box::new(Error::Overloaded)));
        assert_eq!(unanswered(&stored), Unanswered::Busy);
        let elsewhere = |kind: &str| {
            let refused = RemoteError::Refused { kind: kind.to_owned(), message: "no".to_owned() };
            unanswered(&Error::from(refused))
        };
        assert_eq!(elsewhere("bad_data"), Unanswered::Refused { message: "no".to_owned(), span: None });
        assert_eq!(
            [elsewhere("timeout"), elsewhere("internal")],
            [Unanswered::TooSlow("no".to_owned()), Unanswered::Unavailable]
        );
    }

    #[test]
    fn only_a_selector_selects() {
        assert_eq!(matchers(" ").unwrap(), Vec::<Vec<Matcher>>::new());
        let found = matchers("(up{job=~\"a|b\"})").unwrap();
        let names: Vec<&str> = found[0].iter().map(|matcher| matcher.name.as_str()).collect();
        assert_eq!(names, [METRIC_NAME, "job"]);
        assert!(matches!(matchers("sum(up)"), Err(Unanswered::Refused { span: Some(_), .. })));
        assert!(matches!(matchers("up{"), Err(Unanswered::Refused { span: Some(_), .. })));
    }

    #[test]
    fn metrics_are_found_by_either_way_of_naming_them() {
        let expr = promql::parse("rate(a_total[5m]) / on (x) {__name__=\"b\"} + {job=\"c\"}").unwrap();
        assert_eq!(metrics_named(&expr), ["a_total", "b"]);
    }
}
