//! How late ticks were, by their group's own timetable.
//!
//! Both engines spread their groups: one begins each group at a place of its own within the interval. That is not lateness. So a tick is
//! measured from the earliest moment after its time at which its group ever began, to the end of its evaluation.

use crate::error::Error;
use serde_json::Value;
use std::collections::BTreeMap;

/// One evaluation of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub group: String,
    /// From the tick's time to the beginning of its evaluation.
    pub after_s: f64,
    /// Of the evaluation.
    pub took_s: f64,
}

/// A value of a group at a time in milliseconds.
pub type Points = BTreeMap<(String, i64), f64>;

/// How late each was, in seconds.
pub fn late(ticks: &[Tick]) -> Vec<f64> {
    let mut first: BTreeMap<&str, f64> = BTreeMap::new();
    for tick in ticks {
        let earliest: &mut f64 = first.entry(tick.group.as_str()).or_insert(tick.after_s);
        *earliest = earliest.min(tick.after_s);
    }
    ticks.iter().map(|tick| tick.after_s - first.get(tick.group.as_str()).copied().unwrap_or(0.0) + tick.took_s).collect()
}

/// Of our own series: the lag goes from the tick to the end of its evaluation.
pub fn of_ours(lags: &Points, durations: &Points) -> Vec<Tick> {
    let tick = |(key, lag): (&(String, i64), &f64)| {
        let took_s: f64 = durations.get(key).copied()?;
        Some(Tick { group: key.0.clone(), after_s: lag - took_s, took_s })
    };
    lags.iter().filter_map(tick).collect()
}

/// The points of an answer of the query API, by `rule_group`.
///
/// # Errors
/// When it can't be read.
pub fn points(text: &str) -> Result<Points, Error> {
    let unreadable = || Error::unreadable("the series of rules", text);
    let answer: Value = serde_json::from_str(text).map_err(|_| unreadable())?;
    let all: &Vec<Value> = answer.pointer("/data/result").and_then(Value::as_array).ok_or_else(unreadable)?;
    let mut points = Points::new();
    for series in all {
        let group: &str = series.pointer("/metric/rule_group").and_then(Value::as_str).ok_or_else(unreadable)?;
        for point in series.get("values").and_then(Value::as_array).ok_or_else(unreadable)? {
            let at: f64 = point.get(0).and_then(Value::as_f64).ok_or_else(unreadable)?;
            let value: &str = point.get(1).and_then(Value::as_str).ok_or_else(unreadable)?;
            points.insert((group.to_owned(), (at * 1_000.0).round() as i64), value.parse().map_err(|_| unreadable())?);
        }
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tick(group: &str, after_s: f64, took_s: f64) -> Tick {
        Tick { group: group.to_owned(), after_s, took_s }
    }

    #[test]
    fn a_group_that_always_begins_later_is_not_late() {
        let ticks = [tick("a", 1.5, 0.25), tick("a", 1.75, 0.25), tick("b", 0.0, 0.5)];
        assert_eq!(late(&ticks), [0.25, 0.5, 0.5]);
    }

    #[test]
    fn the_two_series_of_a_group_are_put_together_by_their_times() {
        let text = |value: &str| {
            format!(r#"{{"data":{{"result":[{{"metric":{{"rule_group":"a"}},"values":[[15.0,"{value}"],[30.0,"{value}"]]}}]}}}}"#)
        };
        let (lags, mut durations) = (points(&text("1.5")).unwrap(), points(&text("0.5")).unwrap());
        durations.remove(&("a".to_owned(), 30_000));
        assert_eq!(of_ours(&lags, &durations), [tick("a", 1.0, 0.5)]);
        assert!(points("{}").is_err());
    }
}
