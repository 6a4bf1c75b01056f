//! Who keeps count while processes are killed: bodies have numbers, a number says its time and its value, and afterwards every sample
//! of a confirmed body must be there, once.

use crate::door::Door;
use crate::error::Error;
use crate::samples::now;
use metrics::Sample;
use metrics::remote_write::encode;
use model::Time;
use model::labels::{Labels, METRIC_NAME};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Series in a body; all carry the body's number as their value, 10 ms after the body before.
pub const SLOTS: usize = 50;
const STEP_MS: i64 = 10;
const HOUR_MS: i64 = 3_600_000;
/// Bodies that one question asks for, so that no answer is larger than a few megabytes.
const PART: i64 = 2_000;
const METRIC: &str = "bench_crash";

/// Numbers bodies from 0.
#[derive(Clone)]
pub struct Ledger {
    first: Time,
    next: Arc<AtomicI64>,
}

/// What was found of what had been confirmed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Confirmed samples that are not there.
    pub lost: usize,
    /// Samples that are there more than once.
    pub doubled: usize,
}

impl Ledger {
    /// Times begin an hour ago.
    pub fn new() -> Self {
        Self { first: now().plus_ms(-HOUR_MS), next: Arc::new(AtomicI64::new(0)) }
    }

    /// The next number; nobody else gets it.
    pub fn issue(&self) -> i64 {
        self.next.fetch_add(1, Ordering::SeqCst)
    }

    /// The number that is issued next.
    pub fn issued(&self) -> i64 {
        self.next.load(Ordering::SeqCst)
    }

    /// A remote write body.
    pub fn body(&self, number: i64) -> Result<Vec<u8>, Error> {
        let labels = |slot: usize| Labels::new([(METRIC_NAME, METRIC.to_owned()), ("slot", slot.to_string())]);
        let at: Time = self.time(number);
        let samples: Vec<Sample> = (0..SLOTS).map(|slot| Sample { labels: labels(slot), at, value: number as f64 }).collect();
        Ok(encode(&samples)?)
    }

    fn time(&self, number: i64) -> Time {
        self.first.plus_ms(number * STEP_MS)
    }

    /// Asks for everything since the body `from`.
    pub async fn audit(&self, door: &Door, from: i64, confirmed: &BTreeSet<i64>) -> Result<Found, Error> {
        let mut found = Found::default();
        let mut first: i64 = from;
        while first < self.issued() {
            let last: i64 = self.issued().min(first + PART) - 1;
            let at: i64 = self.time(last).0;
            let time: String = format!("{}.{:03}", at / 1_000, at % 1_000);
            // Half a step more, so that it does not matter whether the beginning of a range belongs to it.
            let query: String = format!("{METRIC}[{}ms]", (last - first) * STEP_MS + STEP_MS / 2);
            let text: String = door.query("query", &[("query", query.as_str()), ("time", time.as_str())]).await?;
            compare(&counts(&text)?, confirmed.range(first..=last).copied(), &mut found);
            first = last + 1;
        }
        Ok(found)
    }
}

fn compare(counts: &BTreeMap<(i64, String), usize>, confirmed: impl Iterator<Item = i64>, found: &mut Found) {
    let mut slots: BTreeMap<i64, usize> = BTreeMap::new();
    for (number, _) in counts.keys() {
        *slots.entry(*number).or_default() += 1;
    }
    for number in confirmed {
        found.lost += SLOTS - slots.get(&number).copied().unwrap_or(0).min(SLOTS);
    }
    found.doubled += counts.values().map(|n| n - 1).sum::<usize>();
}

/// How often each body's number stands in each series.
fn counts(text: &str) -> Result<BTreeMap<(i64, String), usize>, Error> {
    let unreadable = || Error::unreadable("the samples", text);
    let answer: Value = serde_json::from_str(text).map_err(|_| unreadable())?;
    let all: &Vec<Value> = answer.pointer("/data/result").and_then(Value::as_array).ok_or_else(unreadable)?;
    let mut counts: BTreeMap<(i64, String), usize> = BTreeMap::new();
    for series in all {
        let slot: &str = series.pointer("/metric/slot").and_then(Value::as_str).ok_or_else(unreadable)?;
        for point in series.get("values").and_then(Value::as_array).ok_or_else(unreadable)? {
            let value: &str = point.get(1).and_then(Value::as_str).ok_or_else(unreadable)?;
            let number: i64 = value.parse().map_err(|_| unreadable())?;
            *counts.entry((number, slot.to_owned())).or_default() += 1;
        }
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"status":"success","data":{"resultType":"matrix","result":[
        {"metric":{"slot":"0"},"values":[[1.1,"7"],[1.2,"8"],[1.2,"8"]]},{"metric":{"slot":"1"},"values":[[1.1,"7"]]}]}}"#;

    #[test]
    fn samples_are_counted_by_the_body_that_brought_them() {
        let counts: BTreeMap<(i64, String), usize> = counts(TEXT).unwrap();
        assert_eq!(counts.get(&(7, "1".to_owned())), Some(&1));
        assert_eq!(counts.get(&(8, "0".to_owned())), Some(&2));
        assert!(super::counts("{}").is_err());
    }

    #[test]
    fn what_is_missing_is_lost_and_what_is_there_twice_is_doubled() {
        let mut found = Found::default();
        compare(&counts(TEXT).unwrap(), [7, 8, 9].into_iter(), &mut found);
        assert_eq!(found, Found { lost: (SLOTS - 2) + (SLOTS - 1) + SLOTS, doubled: 1 });
    }
}
