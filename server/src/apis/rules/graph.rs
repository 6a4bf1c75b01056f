//! What a rule measures, drawn with its thresholds, and the states its alerts had or would have had.

use crate::apis::Door;
use crate::apis::plots::{self, Span};
use ::api::ApiError;
use ::api::rules::{RuleState, StateSpan};
use alerting::backtest;
use alerting::rules::Mode;
use alerting::state::Level;
use alerting::{AlertRow, Rule};
use chart::{Band, Limit, Plot, Scale, Series};
use figures::{Locale, Unit};
use metrics::source::SeriesData;
use model::Time;
use model::alert::{AlertState, Direction};
use model::labels::Labels;

/// More lines can't be told apart.
const MOST_LINES: usize = 8;
/// States of one graph: more are closer together than its pixels.
pub const MOST_STATES: usize = 500;

/// The lines of a rule over a span, with its thresholds.
///
/// # Errors
/// As [`plots::range`].
pub async fn plot(door: &Door, rule: &Rule, span: Span) -> Result<Plot, ApiError> {
    let found: Vec<SeriesData> = plots::range(&door.house, &rule.expr, span).await?;
    let viewer = &door.visitor.viewer;
    let name: &str = if viewer.locale == Locale::Ja { &rule.name.ja } else { &rule.name.en };
    Ok(Plot {
        series: lines(found, name),
        y: Scale { max: (rule.unit == Unit::Percent).then_some(100.0), unit: rule.unit, ..Scale::default() },
        bands: bands(rule),
        limits: limits(rule, viewer.locale),
        ..plots::empty(span, &viewer.zone, viewer.locale)
    })
}

fn lines(mut found: Vec<SeriesData>, name: &str) -> Vec<Series> {
    found.sort_by(|a, b| a.labels.cmp(&b.labels));
    found.truncate(MOST_LINES);
    let line = |(index, one): (usize, SeriesData)| Series {
        name: labels_text(&one.labels).unwrap_or_else(|| name.to_owned()),
        style: u8::try_from(index % MOST_LINES).unwrap_or(0) + 1,
        points: one.points.iter().map(|point| (point.at, point.value)).collect(),
        fill: false,
    };
    found.into_iter().enumerate().map(line).collect()
}

/// `host=app-01 mountpoint=/`; nothing without labels.
pub fn labels_text(labels: &Labels) -> Option<String> {
    let parts: Vec<String> = labels.without_name().iter().map(|(name, value)| format!("{name}={value}")).collect();
    if parts.is_empty() { None } else { Some(parts.join(" ")) }
}

/// Where it is critical.
fn bands(rule: &Rule) -> Vec<Band> {
    if rule.mode != Mode::Value {
        return Vec::new();
    }
    let (severity, threshold): (u8, f64) = (rule.severity.level(), rule.condition.threshold);
    vec![match rule.condition.direction() {
        Direction::Above => Band::above(severity, threshold),
        Direction::Below => Band::below(severity, threshold),
    }]
}

/// The thresholds as lines: critical, warning, and where each is over.
fn limits(rule: &Rule, locale: Locale) -> Vec<Limit> {
    if rule.mode != Mode::Value {
        return Vec::new();
    }
    let words: [&str; 3] = match locale {
        Locale::Ja => ["危険", "警告", "復旧"],
        Locale::En => ["critical", "warning", "recovered"],
    };
    let severity: u8 = rule.severity.level();
    let mut limits: Vec<Limit> = vec![limit(rule.condition.threshold, severity, words[0])];
    limits.extend(rule.recovery.map(|value| limit(value, severity, words[2])));
    if let Some(warning) = &rule.warning {
        let severity: u8 = warning.severity.level();
        limits.push(limit(warning.condition.threshold, severity, words[1]));
        limits.extend(warning.recovery.map(|value| limit(value, severity, words[2])));
    }
    limits
}

fn limit(value: f64, severity: u8, label: &str) -> Limit {
    Limit { value, severity, label: label.to_owned() }
}

/// The states that alerts of a rule had between two moments.
pub fn states_of(rule: &Rule, alerts: &[AlertRow], from: Time, to: Time) -> Vec<StateSpan> {
    let mut states: Vec<StateSpan> = Vec::new();
    for alert in alerts {
        let fired: Time = alert.fired_at.unwrap_or(to);
        push(&mut states, RuleState::Pending, alert.pending_since, fired, (from, to));
        let over: Time = alert.resolved_at.unwrap_or(to);
        let state: RuleState = if alert.severity == rule.severity { RuleState::Critical } else { RuleState::Warning };
        push(&mut states, state, fired, over, (from, to));
        if let Some(over) = alert.resolved_at.filter(|_| alert.state == AlertState::Resolved) {
            moment(&mut states, over, (from, to));
        }
    }
    sorted(states)
}

/// The states that a replay found.
pub fn states_of_replay(spans: &[backtest::Span], from: Time, to: Time) -> Vec<StateSpan> {
    let mut states: Vec<StateSpan> = Vec::new();
    for span in spans {
        let state: RuleState = match (span.state, span.level) {
            (AlertState::Pending, _) => RuleState::Pending,
            (_, Level::NoData) => RuleState::NoData,
            (_, Level::Warning) => RuleState::Warning,
            (_, Level::Critical) => RuleState::Critical,
        };
        push(&mut states, state, span.from, span.until.unwrap_or(to), (from, to));
        let goes_on = |at: Time| spans.iter().any(|other| other.alert == span.alert && other.from == at);
        if let Some(over) = span.until.filter(|at| span.state == AlertState::Firing && !goes_on(*at)) {
            moment(&mut states, over, (from, to));
        }
    }
    sorted(states)
}

fn push(states: &mut Vec<StateSpan>, state: RuleState, from: Time, to: Time, within: (Time, Time)) {
    let (from, to): (Time, Time) = (from.max(within.0), to.min(within.1));
    if from < to && states.len() < MOST_STATES {
        states.push(StateSpan { from, to, state });
    }
}

fn moment(states: &mut Vec<StateSpan>, at: Time, within: (Time, Time)) {
    if at >= within.0 && at <= within.1 && states.len() < MOST_STATES {
        states.push(StateSpan { from: at, to: at, state: RuleState::Recovered });
    }
}

/// What is worse is drawn above what is not.
fn sorted(mut states: Vec<StateSpan>) -> Vec<StateSpan> {
    states.sort_by_key(|span| (span.state, span.from));
    states
}

#[cfg(test)]
mod tests {
    use super::*;
    use alerting::backtest::Span as Replayed;
    use model::ids::AlertId;

    fn replayed(alert: i64, state: AlertState, level: Level, from: i64, until: Option<i64>) -> Replayed {
        let (from, until) = (Time(from), until.map(Time));
        Replayed { alert: AlertId(alert), labels: Labels::default(), state, level, from, until, value: None, worst: None }
    }

    #[test]
    fn a_replay_is_drawn_within_its_ends_with_the_worst_above_and_its_recoveries() {
        let spans = [
            replayed(1, AlertState::Pending, Level::Critical, -5, Some(2)),
            replayed(1, AlertState::Firing, Level::Warning, 2, Some(4)),
            replayed(1, AlertState::Firing, Level::Critical, 4, Some(6)),
            replayed(2, AlertState::Firing, Level::NoData, 8, None),
        ];
        let drawn: Vec<(RuleState, i64, i64)> =
            states_of_replay(&spans, Time(0), Time(10)).iter().map(|span| (span.state, span.from.0, span.to.0)).collect();
        let expected = [
            (RuleState::Pending, 0, 2),
            (RuleState::NoData, 8, 10),
            (RuleState::Warning, 2, 4),
            (RuleState::Critical, 4, 6),
            (RuleState::Recovered, 6, 6),
        ];
        assert_eq!(drawn, expected);
    }

    #[test]
    fn a_series_is_called_by_its_labels() {
        assert_eq!(labels_text(&Labels::new([("__name__", "cpu"), ("host", "a")])).as_deref(), Some("host=a"));
        assert_eq!(labels_text(&Labels::default()), None);
    }
}
