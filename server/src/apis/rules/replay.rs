//! A rule replayed over what was stored, in a sentence and a list.

use super::graph::labels_text;
use crate::apis::Door;
use ::api::rules::{Backtested, WouldFire};
use alerting::backtest::Span;
use alerting::backtest::summary::{Firing, Summary};
use alerting::state::Level;
use alerting::{BacktestError, Rule};
use model::Time;

const DAY_MS: i64 = 86_400_000;
/// As many as a person reads through.
const MOST_LISTED: usize = 100;
/// Ticks of one backtest that a screen waits for.
const MOST_TICKS: i64 = 20_000;

/// Spans that can be replayed, by their word in the address.
const DAYS: [(&str, u32); 3] = [("1d", 1), ("7d", 7), ("30d", 30)];

/// How many days a word of the address means.
pub fn days_of(word: &str) -> Option<u32> {
    DAYS.into_iter().find(|(known, _)| *known == word).map(|(_, days)| days)
}

/// A stretch of time that is replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub from: Time,
    pub to: Time,
    pub step_ms: i64,
    pub days: u32,
}

impl Stretch {
    /// The last `days`, evaluated as often as the rule is, or as often as [`MOST_TICKS`] allow.
    pub fn last(days: u32, interval_ms: i64, now: Time) -> Self {
        let length_ms: i64 = i64::from(days.max(1)) * DAY_MS;
        let mut step_ms: i64 = interval_ms.max(1_000);
        while length_ms / step_ms > MOST_TICKS {
            step_ms *= 2;
        }
        let to = Time(now.0 - now.0.rem_euclid(step_ms));
        Self { from: to.plus_ms(-length_ms), to, step_ms, days }
    }
}

/// What the rule would have raised, and that in words.
pub async fn replayed(door: &Door, rule: &Rule, stretch: Stretch) -> (Vec<Span>, Backtested) {
    let blank = Backtested { days: stretch.days, step_ms: stretch.step_ms, ..Backtested::default() };
    match door.house.alerting.backtest(rule, stretch.from, stretch.to, stretch.step_ms).await {
        Ok(spans) => {
            let summary: Summary = Summary::of(rule, &spans, stretch.from, stretch.to);
            let told: Backtested = told(blank, &summary);
            (spans, told)
        }
        Err(error) => (Vec::new(), Backtested { failed: Some(why(&error)), ..blank }),
    }
}

fn told(blank: Backtested, summary: &Summary) -> Backtested {
    Backtested {
        n_fired: u32::try_from(summary.firings.len()).unwrap_or(u32::MAX),
        firing_ms: summary.firing_ms,
        worst: summary.worst,
        list: summary.firings.iter().rev().take(MOST_LISTED).map(line).collect(),
        ..blank
    }
}

fn line(firing: &Firing) -> WouldFire {
    WouldFire {
        labels: labels_text(&firing.labels).unwrap_or_default(),
        from: firing.from,
        until: firing.until,
        worst: firing.worst,
        is_warning: firing.level == Level::Warning,
    }
}

/// With what the query said, because that is what can be mended.
fn why(error: &BacktestError) -> String {
    match error {
        BacktestError::Query(reason) => reason.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_is_evaluated_as_often_as_the_rule_unless_that_is_too_often() {
        let now = Time(1_795_000_020_123);
        for (days, interval_ms, step_ms) in [(1, 15_000, 15_000), (7, 15_000, 60_000), (7, 60_000, 60_000), (30, 15_000, 240_000)]
        {
            let stretch = Stretch::last(days, interval_ms, now);
            assert_eq!(stretch.step_ms, step_ms, "{days} {interval_ms}");
            assert_eq!(stretch.to.since(stretch.from), i64::from(days) * DAY_MS);
            assert_eq!(stretch.to.0 % step_ms, 0);
        }
        assert_eq!((days_of("7d"), days_of("9d"), days_of("")), (Some(7), None, None));
    }
}
