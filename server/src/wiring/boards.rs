//! What the dashboards room needs of the house: numbers from metrics, and what went on from alerting and incidents.

use crate::house_error::chain;
use alerting::alerts::MOST;
use alerting::{AlertRow, Alerting, RuleRow, Show};
use async_trait::async_trait;
use chart::{Marker, MarkerKind};
use dashboards::needs::{Happenings, Line, Needs, Number, Numbers, Unanswered};
use figures::Locale;
use futures::future::join_all;
use incidents::{Incident, Incidents};
use metrics::Metrics;
use metrics::engine::error::RemoteError;
use metrics::error::Error;
use metrics::eval::{EvalError, Value};
use metrics::listing::{Listing, Scope};
use metrics::source::SeriesData;
use model::alert::AlertState;
use model::ids::RuleId;
use model::incident::IncidentStatus;
use model::labels::Labels;
use model::{Actor, Severity, Time};
use promql::ast::{Expr, ExprKind, METRIC_NAME, MatchOp, Matcher, VectorSelector};
use promql::visit::selectors;
use std::sync::Arc;

/// Flags of each kind: more stand on each other and say nothing.
const MOST_FLAGS: usize = 30;
/// Alerts and incidents that are read for flags.
const MOST_READ: i64 = 200;
/// An incident may have begun so long before it was declared, and go on so long after.
const AROUND_MS: i64 = 7 * 86_400_000;
/// Rules of open alerts that are looked up, the worst first.
const MOST_RULES: usize = 40;

/// All of it.
pub(super) fn needs(metrics: &Arc<Metrics>, alerting: &Alerting, incidents: &Incidents) -> Needs {
    let happenings = HouseHappenings { alerting: alerting.clone(), incidents: incidents.clone() };
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
    incidents: Incidents,
}

#[async_trait]
impl Happenings for HouseHappenings {
    async fn flags(&self, from: Time, to: Time, locale: Locale) -> Vec<Marker> {
        let (alerts, incidents) = futures::join!(self.fired(from, to, locale), self.incidents(from, to, locale));
        let mut flags: Vec<Marker> = alerts.into_iter().chain(incidents).collect();
        flags.sort_by_key(|flag| flag.ms);
        flags
    }

    async fn open(&self) -> Vec<(Vec<String>, Severity)> {
        let filter = alerting::Filter { show: Show::Open, limit: MOST, ..alerting::Filter::default() };
        let open: Vec<AlertRow> = self.alerting.alerts(&filter).await.unwrap_or_else(|error| missing(&error));
        let rules = join_all(worst(&open).into_iter().map(|(id, severity)| self.metrics_of(id, severity))).await;
        rules.into_iter().filter(|(metrics, _)| !metrics.is_empty()).collect()
    }
}

impl HouseHappenings {
    /// Alerts that fired and called somebody, of too many the worst and newest.
    async fn fired(&self, from: Time, to: Time, locale: Locale) -> Vec<Marker> {
        let touching = Some((from, to));
        let filter = alerting::Filter { show: Show::All, touching, limit: MOST_READ, ..alerting::Filter::default() };
        let found: Vec<AlertRow> = self.alerting.alerts(&filter).await.unwrap_or_else(|error| missing(&error));
        let mut fired: Vec<(Time, AlertRow)> = found
            .into_iter()
            .filter(|row| !row.is_muted)
            .filter_map(|row| row.fired_at.filter(|at| (from..=to).contains(at)).map(|at| (at, row)))
            .collect();
        fired.sort_by_key(|(at, row)| (row.severity, std::cmp::Reverse(*at)));
        fired.truncate(MOST_FLAGS);
        fired.iter().map(|(at, row)| flag(*at, row.severity, fired_words(row, locale))).collect()
    }

    /// Incidents that began or were resolved, of too many the newest. Everybody sees a dashboard: private ones are not on it.
    async fn incidents(&self, from: Time, to: Time, locale: Locale) -> Vec<Marker> {
        let filter = incidents::Filter {
            show: incidents::Show::All,
            from: Some(from.plus_ms(-AROUND_MS)),
            until: Some(to.plus_ms(AROUND_MS)),
            limit: MOST_READ,
            ..incidents::Filter::default()
        };
        let found = self.incidents.list(&Actor::worker("dashboards"), &filter).await;
        let found: Vec<Incident> = found.unwrap_or_else(|error| missing(&error));
        let seen = found.iter().filter(|incident| is_seen(incident));
        let mut flags: Vec<Marker> = seen.flat_map(|incident| moments(incident, locale)).collect();
        flags.retain(|flag| (from.0..=to.0).contains(&flag.ms));
        flags.sort_by_key(|flag| std::cmp::Reverse(flag.ms));
        flags.truncate(MOST_FLAGS);
        flags
    }

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

fn is_seen(incident: &Incident) -> bool {
    !incident.is_private && !matches!(incident.status, IncidentStatus::Merged | IncidentStatus::Dismissed)
}

/// When it began, as far as that is known, and when it was over.
fn moments(incident: &Incident, locale: Locale) -> Vec<Marker> {
    let known = incident.moments.occurred_at.or(incident.detected_at);
    let (id, title) = (incident.id, incident.title.as_str());
    let (began, over): (String, String) = match locale {
        Locale::Ja => (format!("{id} 発生 {title}"), format!("{id} 解決")),
        Locale::En => (format!("{id} began: {title}"), format!("{id} resolved")),
    };
    let began: Marker = flag(known.unwrap_or(incident.declared_at), incident.severity(), began);
    let over: Option<Marker> = incident.resolved_at.map(|at| flag(at, incident.severity(), over));
    std::iter::once(began).chain(over).collect()
}

fn fired_words(row: &AlertRow, locale: Locale) -> String {
    match locale {
        Locale::Ja => format!("{} 発報", row.name.ja),
        Locale::En => format!("{} fired", row.name.en),
    }
}

fn flag(at: Time, severity: Severity, label: String) -> Marker {
    Marker { ms: at.0, kind: MarkerKind::Flag, severity: severity.level(), label }
}

fn missing<T: Default>(error: &(dyn std::error::Error + 'static)) -> T {
    tracing::warn!(error = chain(error), "what went on is missing on a dashboard");
    T::default()
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
    async fn flags(&self, _: Time, _: Time, _: Locale) -> Vec<Marker> {
        Vec::new()
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
