//! Replays over histories that are told as rows of values, one a minute.

use super::*;
use crate::rules::levels::Warning;
use crate::verdict::tests::rule;
use async_trait::async_trait;
use model::Severity;
use std::sync::Mutex;

const MINUTE_MS: i64 = 60_000;

/// One series; NaN is a gap. Notes what it was asked.
struct Told {
    values: Vec<f64>,
    asked: Mutex<Vec<(i64, i64)>>,
}

#[async_trait]
impl History for Told {
    async fn range(&self, _: &Expr, from: Time, to: Time, step_ms: i64) -> Result<Vec<Course>, QueryError> {
        self.asked.lock().unwrap().push((from.0 / MINUTE_MS, to.0 / MINUTE_MS));
        let mut points: Vec<(Time, f64)> = Vec::new();
        let mut at = from;
        while at <= to {
            let minute = usize::try_from(at.0 / MINUTE_MS).unwrap_or(usize::MAX);
            if let Some(value) = self.values.get(minute).filter(|value| !value.is_nan()) {
                points.push((at, *value));
            }
            at = at.plus_ms(step_ms);
        }
        Ok(vec![Course { labels: Labels::new([("host", "a")]), points }])
    }
}

fn told(values: &[f64]) -> Told {
    Told { values: values.to_vec(), asked: Mutex::new(Vec::new()) }
}

fn at(minute: i64) -> Time {
    Time(minute * MINUTE_MS)
}

/// `pending critical 1..3` a span.
async fn spans(rule: &Rule, values: &[f64], from: i64) -> Vec<String> {
    let to: i64 = i64::try_from(values.len()).unwrap() - 1;
    let spans: Vec<Span> = run(&told(values), rule, at(from), at(to), MINUTE_MS).await.unwrap();
    let minute = |time: Time| time.0 / MINUTE_MS;
    let end = |until: Option<Time>| until.map_or("end".to_owned(), |until| minute(until).to_string());
    let line = |span: &Span| {
        let (state, level) = (span.state.as_str(), span.level.as_str());
        format!("{} {state} {level} {}..{}", span.alert.0, minute(span.from), end(span.until))
    };
    spans.iter().map(line).collect()
}

#[tokio::test]
async fn for_keep_firing_and_levels_are_honoured() {
    let warning = Warning { condition: ">= 50".parse().unwrap(), severity: Severity::P3, for_ms: MINUTE_MS, recovery: None };
    let rule = Rule { for_ms: 2 * MINUTE_MS, keep_firing_for_ms: MINUTE_MS, warning: Some(warning), ..rule(&[]) };
    let values = [1.0, 60.0, 60.0, 90.0, 90.0, 90.0, 60.0, 1.0, 1.0, 1.0];
    let expected = ["1 pending warning 1..2", "1 firing warning 2..5", "1 firing critical 5..6", "1 firing warning 6..8"];
    assert_eq!(spans(&rule, &values, 0).await, expected);
}

#[tokio::test]
async fn what_was_pending_before_the_beginning_is_known() {
    let rule = Rule { for_ms: 3 * MINUTE_MS, ..rule(&[]) };
    assert_eq!(spans(&rule, &[90.0; 6], 3).await, ["1 firing critical 3..end"]);
}

#[tokio::test]
async fn a_gap_is_missing_data_and_every_firing_has_its_number() {
    let values = [90.0, f64::NAN, 90.0, 1.0, 90.0, 1.0];
    assert_eq!(spans(&rule(&[]), &values, 0).await, ["1 firing critical 0..3", "2 firing critical 4..5"]);
}

#[tokio::test]
async fn a_span_knows_its_worst_value() {
    let values = [85.0, 96.0, 90.0, 1.0];
    let spans = run(&told(&values), &rule(&[]), at(0), at(3), MINUTE_MS).await.unwrap();
    assert_eq!((spans[0].value, spans[0].worst), (Some(85.0), Some(96.0)));
}

#[tokio::test]
async fn the_evaluation_delay_asks_for_earlier_values() {
    let rule = Rule { evaluation_delay_ms: 2 * MINUTE_MS, ..rule(&[]) };
    let history = told(&[1.0, 90.0, 1.0, 1.0, 1.0, 1.0]);
    let spans = run(&history, &rule, at(2), at(5), MINUTE_MS).await.unwrap();
    assert_eq!((spans[0].from, spans[0].until), (at(3), Some(at(4))));
    assert_eq!(*history.asked.lock().unwrap(), [(0, 3)]);
}

#[tokio::test]
async fn long_histories_are_asked_for_in_parts_and_longer_ones_refused() {
    let history = told(&[90.0; 12_000]);
    let spans = run(&history, &rule(&[]), at(0), at(11_999), MINUTE_MS).await.unwrap();
    assert_eq!((spans.len(), spans[0].until), (1, None));
    assert_eq!(*history.asked.lock().unwrap(), [(0, 9_999), (10_000, 11_999)]);
    let refused = run(&history, &rule(&[]), at(0), at(MOST_TICKS), MINUTE_MS).await;
    assert_eq!(refused, Err(BacktestError::TooLong { n: MOST_TICKS + 1 }));
    assert_eq!(run(&history, &rule(&[]), at(1), at(0), MINUTE_MS).await, Err(BacktestError::Backwards));
}
