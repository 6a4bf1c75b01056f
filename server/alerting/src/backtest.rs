//! What a rule would have said: replayed over stored history, honouring every setting, and writing nothing.

pub mod summary;

use crate::needs::{Course, History, Measured, QueryError};
use crate::replay::{Active, Replay};
use crate::rules::Rule;
use crate::rules::condition::Condition;
use crate::state::{Level, Tracked};
use crate::verdict::{self, Frozen};
use model::Time;
use model::alert::AlertState;
use model::ids::AlertId;
use model::labels::Labels;
use promql::ast::Expr;
use std::collections::HashMap;

/// Steps of one query: below the 11,000 that PromQL allows.
pub const MOST_STEPS: i64 = 10_000;
/// Ticks of one backtest: a week at 15 s is 40,320.
pub const MOST_TICKS: i64 = 100_000;
/// Spans nobody looks through any more.
pub const MOST_SPANS: usize = 10_000;
/// So long before its beginning a backtest looks at most, to know what was pending then.
const MOST_WARM_UP_MS: i64 = 24 * 3_600_000;

/// A stretch of time in which an alert stood at one level.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// The same number for all spans of one alert, counted from 1.
    pub alert: AlertId,
    pub labels: Labels,
    /// Pending or firing.
    pub state: AlertState,
    pub level: Level,
    /// May lie before the beginning of the backtest.
    pub from: Time,
    /// `None` when it lasts beyond its end.
    pub until: Option<Time>,
    /// The first value in it.
    pub value: Option<f64>,
    /// The value in it that was furthest beyond the threshold.
    pub worst: Option<f64>,
}

/// Why a rule could not be replayed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BacktestError {
    #[error("a backtest needs a step above 0 and a beginning before its end")]
    Backwards,
    #[error("a backtest may have {max} steps, this one has {n}", max = MOST_TICKS)]
    TooLong { n: i64 },
    #[error("the rule would have raised more than {max} alerts", max = MOST_SPANS)]
    TooMany,
    #[error("read the expression of rule {rule}: {reason}")]
    Expression { rule: String, reason: String },
    #[error("ask for the history of a rule")]
    Query(#[from] QueryError),
    #[error("this installation keeps no history that rules can be replayed over")]
    NoHistory,
    #[error("at {moment}: {frozen}", moment = .at.to_utc().to_rfc3339())]
    Frozen { at: Time, frozen: Frozen },
}

/// The ticks of a backtest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ticks {
    first: Time,
    last: Time,
    step_ms: i64,
}

/// Replays `rule` from `from` to `to`, and gives what it would have raised, in order of time. It begins as long before as the rule waits,
/// so that what was pending then is known.
///
/// # Errors
/// [`BacktestError`]. A tick that the rule can't be judged at ends the backtest with it.
pub async fn run(history: &dyn History, rule: &Rule, from: Time, to: Time, step_ms: i64) -> Result<Vec<Span>, BacktestError> {
    let expr: Expr = tree(rule)?;
    let ticks: Ticks = ticks(rule, from, to, step_ms)?;
    let mut replay = Replay::new(rule.clone());
    let mut spans = Spans::new(rule.condition);
    let mut first: Time = ticks.first;
    while first <= ticks.last {
        let last: Time = first.plus_ms(step_ms.saturating_mul(MOST_STEPS - 1)).min(ticks.last);
        let courses: Vec<Course> = history.range(&expr, replay.asked_at(first), replay.asked_at(last), step_ms).await?;
        play(&mut replay, &mut spans, &courses, Ticks { first, last, step_ms })?;
        first = last.plus_ms(step_ms);
    }
    Ok(spans.told(from))
}

fn tree(rule: &Rule) -> Result<Expr, BacktestError> {
    promql::parse(&rule.expr).map_err(|errors| {
        let reasons: Vec<String> = errors.iter().map(|error| error.describe(&rule.expr)).collect();
        BacktestError::Expression { rule: rule.id.0.clone(), reason: reasons.join("; ") }
    })
}

fn ticks(rule: &Rule, from: Time, to: Time, step_ms: i64) -> Result<Ticks, BacktestError> {
    if step_ms <= 0 || to < from {
        return Err(BacktestError::Backwards);
    }
    let wait_ms: i64 = rule.warning.as_ref().map_or(rule.for_ms, |warning| rule.for_ms.max(warning.for_ms));
    let begin: i64 = from.0.saturating_sub(wait_ms.min(MOST_WARM_UP_MS));
    let first = Time(begin.div_euclid(step_ms).saturating_mul(step_ms));
    let last = Time(to.0.div_euclid(step_ms).saturating_mul(step_ms));
    let n: i64 = last.since(first) / step_ms + 1;
    if n > MOST_TICKS { Err(BacktestError::TooLong { n }) } else { Ok(Ticks { first, last, step_ms }) }
}

/// Every tick of one answer.
fn play(replay: &mut Replay, spans: &mut Spans, courses: &[Course], ticks: Ticks) -> Result<(), BacktestError> {
    let mut places: Vec<usize> = vec![0; courses.len()];
    let mut at: Time = ticks.first;
    while at <= ticks.last {
        let measured: Vec<Measured> = measured(courses, &mut places, replay.asked_at(at));
        replay.tick(&measured, at).map_err(|frozen| BacktestError::Frozen { at, frozen })?;
        spans.follow(replay.active(), at)?;
        at = at.plus_ms(ticks.step_ms);
    }
    Ok(())
}

/// What every series measured at one moment; `places` moves on with the moments.
fn measured(courses: &[Course], places: &mut [usize], at: Time) -> Vec<Measured> {
    let mut measured: Vec<Measured> = Vec::new();
    for (course, place) in courses.iter().zip(places.iter_mut()) {
        while course.points.get(*place).is_some_and(|(moment, _)| *moment < at) {
            *place += 1;
        }
        if let Some((_, value)) = course.points.get(*place).filter(|(moment, _)| *moment == at) {
            measured.push(Measured { labels: course.labels.clone(), value: *value });
        }
    }
    measured
}

/// Spans that ended, and those that go on.
struct Spans {
    condition: Condition,
    ended: Vec<Span>,
    open: HashMap<AlertId, Span>,
}

impl Spans {
    fn new(condition: Condition) -> Self {
        Self { condition, ended: Vec::new(), open: HashMap::new() }
    }

    fn follow(&mut self, active: &[Active], at: Time) -> Result<(), BacktestError> {
        let mut going: HashMap<AlertId, Span> = HashMap::with_capacity(active.len());
        for alert in active {
            let Some(span) = begun(alert, at) else {
                continue;
            };
            let same: Option<Span> = self.open.remove(&alert.id);
            let (kept, over): (Span, Option<Span>) = match same {
                Some(open) if open.state == span.state && open.level == span.level => {
                    let worst: Option<f64> = worse(self.condition, open.worst, alert.value);
                    (Span { worst, ..open }, None)
                }
                other => (span, other),
            };
            self.ended.extend(over.map(|open| Span { until: Some(at), ..open }));
            going.insert(alert.id, kept);
        }
        self.ended.extend(self.open.drain().map(|(_, open)| Span { until: Some(at), ..open }));
        self.open = going;
        if self.ended.len() + self.open.len() > MOST_SPANS { Err(BacktestError::TooMany) } else { Ok(()) }
    }

    /// All of them that reach beyond `from`, in order.
    fn told(self, from: Time) -> Vec<Span> {
        let mut spans: Vec<Span> = self.ended.into_iter().chain(self.open.into_values()).collect();
        spans.retain(|span| span.until.is_none_or(|until| until > from));
        spans.sort_by_key(|span| (span.from, span.alert.0));
        spans
    }
}

/// The span an alert stands in, if it began now.
fn begun(alert: &Active, at: Time) -> Option<Span> {
    let state: AlertState = match alert.tracked {
        Tracked::Pending { .. } => AlertState::Pending,
        Tracked::Firing(_) => AlertState::Firing,
        Tracked::Inactive | Tracked::Dismissed { .. } => return None,
    };
    let level: Level = verdict::level(&alert.tracked)?;
    let (labels, value) = (alert.labels.clone(), alert.value);
    Some(Span { alert: alert.id, labels, state, level, from: at, until: None, value, worst: value })
}

/// The one of two values that is further beyond the threshold.
pub(crate) fn worse(condition: Condition, one: Option<f64>, other: Option<f64>) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) if (other - one) * condition.sense() > 0.0 => Some(other),
        (Some(one), _) => Some(one),
        (None, other) => other,
    }
}

#[cfg(test)]
mod tests;
