//! `kill -9` of the server or of Postgres while samples come in, twenty times. What was confirmed before must be there after, and the
//! server must serve again: by itself when Postgres dies, after a plain start when it died itself.

use crate::door::Door;
use crate::error::Error;
use crate::house::House;
use crate::line::{Line, percentile};
use crate::samples::now;
use metrics::Sample;
use metrics::remote_write::encode;
use model::Time;
use model::labels::{Labels, METRIC_NAME};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

const ROUNDS: usize = 20;
const WRITERS: usize = 2;
/// Series in a body; all carry the body's number as their value, 10 ms after the body before.
const SLOTS: usize = 50;
const STEP_MS: i64 = 10;
/// Bodies that one round may send: more than two writers manage until the last moment to kill.
const MOST_BODIES: i64 = 4_000;
/// Recovery of Postgres and of the server.
const PATIENCE: Duration = Duration::from_secs(60);
const METRIC: &str = "bench_crash";

/// What happened over all rounds.
#[derive(Default)]
struct Tally {
    confirmed: usize,
    lost: usize,
    back_s: Vec<f64>,
}

/// Confirmed samples that are gone, and how long it took to serve again.
pub async fn run() -> Result<Vec<Line>, Error> {
    let mut house = House::set_up().await?;
    let ledger = Ledger { first: now().plus_ms(-3_600_000), next: Arc::new(AtomicI64::new(0)) };
    let mut tally = Tally::default();
    for number in 0..ROUNDS {
        round(&mut house, &ledger, number, &mut tally).await?;
    }
    house.stop().await?;
    Ok(vec![
        Line::lower("crash", "confirmed samples lost in 20 kills", tally.lost as f64, "samples").with_goal(0.0),
        Line::higher("crash", "confirmed samples", tally.confirmed as f64, "samples"),
        Line::lower("crash", "ready again, slowest of 20", percentile(&tally.back_s, 1.0), "s"),
    ])
}

/// Numbers bodies; a body's number says its time.
#[derive(Clone)]
struct Ledger {
    first: Time,
    next: Arc<AtomicI64>,
}

impl Ledger {
    fn time(&self, body: i64) -> Time {
        self.first.plus_ms(body * STEP_MS)
    }
}

/// One kill: odd rounds the server, even ones Postgres, each at another moment.
async fn round(house: &mut House, ledger: &Ledger, number: usize, tally: &mut Tally) -> Result<(), Error> {
    let from = ledger.next.load(Ordering::SeqCst);
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<JoinHandle<Vec<i64>>> =
        (0..WRITERS).map(|_| tokio::spawn(write(house.door.clone(), ledger.clone(), from, stop.clone()))).collect();
    tokio::time::sleep(Duration::from_millis(200 + (number as u64 * 137) % 900)).await;
    let (victim, began) = (if number % 2 == 1 { "server" } else { "postgres" }, Instant::now());
    if number % 2 == 1 {
        house.kill_server()?;
        house.start().await?;
    } else {
        let killed = house.kill_postgres()?;
        house.postgres_again(killed, PATIENCE).await?;
    }
    tally.back_s.push(began.elapsed().as_secs_f64());
    stop.store(true, Ordering::SeqCst);
    let mut confirmed: Vec<i64> = Vec::new();
    for writer in writers {
        confirmed.extend(writer.await?);
    }
    if confirmed.is_empty() {
        return Err(Error::TooLate { what: "a confirmed sample" });
    }
    let lost = lost(&house.door, ledger, from, &confirmed).await?;
    eprintln!("   {}: killed {victim}, {} bodies confirmed, {lost} samples lost", number + 1, confirmed.len());
    tally.confirmed += confirmed.len() * SLOTS;
    tally.lost += lost;
    Ok(())
}

/// Sends bodies until told to stop; the numbers of those that were confirmed.
async fn write(door: Door, ledger: Ledger, from: i64, stop: Arc<AtomicBool>) -> Vec<i64> {
    let mut confirmed: Vec<i64> = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let number = ledger.next.fetch_add(1, Ordering::SeqCst);
        if number - from >= MOST_BODIES {
            break;
        }
        let Ok(body) = encode(&samples(number, ledger.time(number))) else { break };
        match door.write_all(body).await {
            Ok(()) => confirmed.push(number),
            // Not confirmed: it may be there or not. Asking at once again would only count up.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    confirmed
}

fn samples(number: i64, at: Time) -> Vec<Sample> {
    let labels = |slot: usize| Labels::new([(METRIC_NAME, METRIC.to_owned()), ("slot", slot.to_string())]);
    (0..SLOTS).map(|slot| Sample { labels: labels(slot), at, value: number as f64 }).collect()
}

/// Samples of confirmed bodies that the query API does not give back.
async fn lost(door: &Door, ledger: &Ledger, from: i64, confirmed: &[i64]) -> Result<usize, Error> {
    let to = ledger.next.load(Ordering::SeqCst);
    let at = ledger.time(to).0;
    let time = format!("{}.{:03}", at / 1_000, at % 1_000);
    let query = format!("{METRIC}[{}ms]", (to - from + 1) * STEP_MS);
    let text = door.query("query", &[("query", query.as_str()), ("time", time.as_str())]).await?;
    let found = found(&text)?;
    Ok(confirmed.iter().map(|number| SLOTS - found.get(number).copied().unwrap_or(0).min(SLOTS)).sum())
}

/// How many series hold each body's number.
fn found(text: &str) -> Result<BTreeMap<i64, usize>, Error> {
    let unreadable = || Error::unreadable("the samples", text);
    let answer: Value = serde_json::from_str(text).map_err(|_| unreadable())?;
    let series = answer.pointer("/data/result").and_then(Value::as_array).ok_or_else(unreadable)?;
    let points = series.iter().filter_map(|series| series.get("values")?.as_array()).flatten();
    let mut found: BTreeMap<i64, usize> = BTreeMap::new();
    for point in points {
        let value = point.get(1).and_then(Value::as_str).ok_or_else(unreadable)?;
        let number: i64 = value.parse().map_err(|_| unreadable())?;
        *found.entry(number).or_default() += 1;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_counted_by_the_body_that_brought_them() {
        let text = r#"{"status":"success","data":{"resultType":"matrix","result":[
            {"metric":{"slot":"0"},"values":[[1.1,"7"],[1.2,"8"]]},{"metric":{"slot":"1"},"values":[[1.1,"7"]]}]}}"#;
        assert_eq!(found(text).unwrap(), BTreeMap::from([(7, 2), (8, 1)]));
        assert!(found("{}").is_err());
    }
}
