//! A backtest in one sentence and one list: how often it would have fired, for how long in all, and how bad it got.

use super::{Span, worse};
use crate::rules::Rule;
use crate::state::Level;
use model::Time;
use model::alert::AlertState;
use model::ids::AlertId;
use model::labels::Labels;

/// One alert that would have fired.
#[derive(Clone, Debug, PartialEq)]
pub struct Firing {
    pub labels: Labels,
    /// When somebody would have been told.
    pub from: Time,
    /// `None` when it lasts beyond the end.
    pub until: Option<Time>,
    /// The worst it got.
    pub level: Level,
    /// The value furthest beyond the threshold while it fired.
    pub worst: Option<f64>,
}

/// All of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// In order of time.
    pub firings: Vec<Firing>,
    /// How long alerts fired between the two ends, added up.
    pub firing_ms: i64,
    /// Over all of them.
    pub worst: Option<f64>,
}

impl Summary {
    /// Of a backtest of `rule` from `from` to `to`.
    #[must_use]
    pub fn of(rule: &Rule, spans: &[Span], from: Time, to: Time) -> Self {
        let mut alerts: Vec<(AlertId, Firing)> = Vec::new();
        let mut firing_ms: i64 = 0;
        for span in spans.iter().filter(|span| span.state == AlertState::Firing) {
            firing_ms = firing_ms.saturating_add(within(span, from, to));
            match alerts.iter_mut().find(|(id, _)| *id == span.alert) {
                Some((_, firing)) => goes_on(rule, firing, span),
                None => alerts.push((span.alert, begun(span))),
            }
        }
        let firings: Vec<Firing> = alerts.into_iter().map(|(_, firing)| firing).collect();
        let worst = firings.iter().fold(None, |worst, firing| worse(rule.condition, worst, firing.worst));
        Self { firings, firing_ms, worst }
    }
}

/// How much of a span lies between the two ends.
fn within(span: &Span, from: Time, to: Time) -> i64 {
    let (begin, end): (Time, Time) = (span.from.max(from), span.until.unwrap_or(to).min(to));
    end.since(begin).max(0)
}

fn begun(span: &Span) -> Firing {
    Firing { labels: span.labels.clone(), from: span.from, until: span.until, level: span.level, worst: span.worst }
}

fn goes_on(rule: &Rule, firing: &mut Firing, span: &Span) {
    firing.until = span.until;
    firing.level = firing.level.max(span.level);
    firing.worst = worse(rule.condition, firing.worst, span.worst);
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE_MS: i64 = 60_000;

    fn at(minute: i64) -> Time {
        Time(minute * MINUTE_MS)
    }

    fn span(alert: i64, state: AlertState, level: Level, minutes: (i64, Option<i64>), worst: f64) -> Span {
        let (from, until) = (at(minutes.0), minutes.1.map(at));
        let (value, worst) = (Some(worst), Some(worst));
        Span { alert: AlertId(alert), labels: Labels::default(), state, level, from, until, value, worst }
    }

    #[test]
    fn an_alert_is_one_firing_whatever_its_level_and_counts_only_between_the_ends() {
        let rule = crate::verdict::tests::rule(&[]);
        let spans = [
            span(1, AlertState::Firing, Level::Warning, (-5, Some(2)), 81.0),
            span(1, AlertState::Firing, Level::Critical, (2, Some(4)), 96.0),
            span(1, AlertState::Firing, Level::Warning, (4, Some(5)), 82.0),
            span(2, AlertState::Pending, Level::Critical, (6, Some(7)), 99.0),
            span(3, AlertState::Firing, Level::Critical, (8, None), 90.0),
        ];
        let summary = Summary::of(&rule, &spans, at(0), at(10));
        assert_eq!((summary.firing_ms / MINUTE_MS, summary.worst), (7, Some(96.0)));
        let told: Vec<(i64, Option<i64>, Level)> =
            summary.firings.iter().map(|one| (one.from.0 / MINUTE_MS, one.until.map(|at| at.0 / MINUTE_MS), one.level)).collect();
        assert_eq!(told, [(-5, Some(5), Level::Critical), (8, None, Level::Critical)]);
    }

    #[test]
    fn below_a_threshold_less_is_worse() {
        let mut rule = crate::verdict::tests::rule(&[]);
        rule.condition = "< 5".parse().unwrap();
        let spans = [
            span(1, AlertState::Firing, Level::Critical, (0, Some(1)), 4.0),
            span(2, AlertState::Firing, Level::Critical, (2, Some(3)), 1.0),
        ];
        assert_eq!(Summary::of(&rule, &spans, at(0), at(10)).worst, Some(1.0));
        assert_eq!(Summary::of(&rule, &[], at(0), at(10)), Summary::default());
    }
}
