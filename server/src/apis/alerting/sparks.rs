//! The small lines beside alerts: one range query a rule, whatever the number of its alerts.

use crate::apis::plots::{self, Span};
use crate::wiring::House;
use ::api::alerting::AlertRow;
use alerting::RuleRow;
use metrics::source::SeriesData;
use model::Time;
use model::ids::RuleId;
use std::collections::HashMap;

const HOUR_MS: i64 = 3_600_000;
/// One point a minute is more than a line of 132 px shows.
const STEP_MS: i64 = 60_000;
/// Rules drawn in one answer; the rows of further ones have no line.
const MOST_RULES: usize = 20;

/// Draws the last hour beside each row, in place.
pub async fn fill(house: &House, rules: &[RuleRow], rows: &mut [AlertRow]) {
    let span = hour(house.clock.now());
    let mut found: HashMap<RuleId, Vec<SeriesData>> = HashMap::new();
    for row in rows.iter().filter(|row| row.resolved_at.is_none()) {
        if found.contains_key(&row.rule) || found.len() >= MOST_RULES {
            continue;
        }
        let Some(rule) = rules.iter().find(|rule| rule.rule.id == row.rule) else { continue };
        // A list is worth showing without its small lines.
        let series = plots::range(house, &rule.rule.expr, span).await.unwrap_or_default();
        found.insert(row.rule.clone(), series);
    }
    for row in rows.iter_mut().filter(|row| row.resolved_at.is_none()) {
        row.spark = found.get(&row.rule).and_then(|series| of_row(series, &row.labels)).unwrap_or_default();
    }
}

/// The last hour until `now`.
pub fn hour(now: Time) -> Span {
    let to = now.0 - now.0.rem_euclid(STEP_MS);
    Span { from: Time(to - HOUR_MS), to: Time(to), step_ms: STEP_MS }
}

/// The series all of whose labels the alert carries.
pub fn of_row(series: &[SeriesData], labels: &[(String, String)]) -> Option<Vec<(i64, f64)>> {
    let carries = |name: &str, value: &str| labels.iter().any(|(have, is)| have == name && is == value);
    let found = series.iter().find(|series| {
        series.labels.iter().filter(|(name, _)| *name != model::labels::METRIC_NAME).all(|(name, value)| carries(name, value))
    })?;
    Some(found.points.iter().map(|point| (point.at, point.value)).collect())
}
