//! Acknowledgements raced against pages that become due: once one was confirmed, no page about its alert may come later than a second.

use super::replicas::{Ground, Replicas};
use super::{Outcome, higher, lower};
use crate::benches::alerting::console::Console;
use crate::benches::alerting::counts::given;
use crate::benches::alerting::setup::{self, Grouping};
use crate::benches::alerting::storm::{self, Confirmed, Inlet, Status};
use crate::error::Error;
use crate::line::percentile;
use crate::load::motion::share;
use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::{sleep, sleep_until};

const PAGES: u64 = 1_000;
/// Alerts of one wave.
const WAVE: u64 = 100;
/// A page is due so long after its alert; the routes say the same.
const WAIT: Duration = Duration::from_secs(4);
const GROUPING: Grouping = Grouping { by: "...", wait: "4s", interval: "1s" };
/// Acknowledgements come from so long before the page is due …
const EARLY: Duration = Duration::from_millis(500);
/// … over this time: notifier and sender look twice a second each, so the page goes out within it.
const SPREAD: Duration = Duration::from_millis(2_000);
const ALLOWED: Duration = Duration::from_secs(1);
/// Pages that come late come within this.
const AFTER: Duration = Duration::from_secs(6);
const CONFIRMED: Duration = Duration::from_secs(30);
const SETTLE: Duration = Duration::from_secs(20);
const SEED: u64 = 0xacc;

/// An alert's number in the bench, and its number in the house.
type Pair = (u64, String);

/// Pages that came too late, and that it was a race: some were stopped, some were not.
pub async fn run() -> Result<Outcome, Error> {
    let pages: u64 = given("MIMAMORI_BENCH_PAGES", PAGES);
    let files = [setup::no_rules(), setup::routes(GROUPING)];
    let replicas: Replicas = Replicas::open(Ground::default(), &files).await?;
    sleep(SETTLE).await;
    let inlet: Inlet = replicas.inlet()?;
    let mut acknowledged: BTreeMap<u64, Instant> = BTreeMap::new();
    for first in (1..=pages).step_by(WAVE as usize) {
        let numbers: Range<u64> = first..(pages + 1).min(first + WAVE);
        acknowledged.extend(wave(&replicas, &inlet, numbers).await?);
    }
    sleep(AFTER).await;
    let (last, forged) = replicas.sink.read(|ledger| (ledger.last_calls(), ledger.forged + ledger.unreadable));
    replicas.close().await?;
    Ok(outcome(&acknowledged, &last, forged))
}

/// Raises a wave, and acknowledges each of it at its own moment.
async fn wave(replicas: &Replicas, inlet: &Inlet, numbers: Range<u64>) -> Result<BTreeMap<u64, Instant>, Error> {
    let confirmed: Confirmed = inlet.send(&storm::single(Status::Firing, numbers.clone()), CONFIRMED).await?;
    let begin: Instant = confirmed.at + WAIT - EARLY;
    let mut answering: JoinSet<Result<(u64, Instant), Error>> = JoinSet::new();
    for (turn, pair) in pairs(replicas, &numbers).await?.into_iter().enumerate() {
        let at: Instant = begin + SPREAD.mul_f64(share(SEED, pair.0));
        let (console, url): (Console, String) = (replicas.console.clone(), replicas.house(turn).door.url.clone());
        answering.spawn(answer(console, url, pair, at));
    }
    let mut answered: BTreeMap<u64, Instant> = BTreeMap::new();
    while let Some(ended) = answering.join_next().await {
        let (number, at): (u64, Instant) = ended??;
        answered.insert(number, at);
    }
    eprintln!("   {} of {}: {} acknowledged", numbers.end - 1, numbers.end - numbers.start, answered.len());
    Ok(answered)
}

/// When it was confirmed.
async fn answer(console: Console, url: String, pair: Pair, at: Instant) -> Result<(u64, Instant), Error> {
    sleep_until(at.into()).await;
    console.call(&url, "alert_acknowledge", &[("id", pair.1.as_str())]).await?;
    Ok((pair.0, Instant::now()))
}

/// The house's numbers of the alerts of a wave.
async fn pairs(replicas: &Replicas, numbers: &Range<u64>) -> Result<Vec<Pair>, Error> {
    let (first, end): (u64, u64) = (numbers.start, numbers.end);
    let statement: String = format!(
        "select labels->>'bench', id from alert where state = 'firing' and (labels->>'bench')::bigint >= {first} \
         and (labels->>'bench')::bigint < {end}"
    );
    let text: String = replicas.house(0).look(&statement).await?;
    let pair = |line: &str| -> Option<Pair> {
        let (number, id): (&str, &str) = line.split_once('|')?;
        Some((number.parse().ok()?, id.trim().to_owned()))
    };
    let pairs: Vec<Pair> = text.lines().filter_map(pair).collect();
    if pairs.len() as u64 == end - first { Ok(pairs) } else { Err(Error::unreadable("the numbers of alerts", &text)) }
}

fn outcome(acknowledged: &BTreeMap<u64, Instant>, last: &BTreeMap<u64, Instant>, forged: usize) -> Outcome {
    let after = |(number, at): (&u64, &Instant)| last.get(number).map(|last| last.saturating_duration_since(*at));
    let after: Vec<Duration> = acknowledged.iter().filter_map(after).collect();
    let late: usize = after.iter().filter(|after| **after > ALLOWED).count();
    let late_s: Vec<f64> = after.iter().map(Duration::as_secs_f64).collect();
    let (all, stopped): (usize, usize) = (acknowledged.len(), acknowledged.len() - after.len());
    let case: String = format!("{all} acknowledgements raced");
    Outcome {
        lines: vec![
            lower(&case, "pages later than 1 s after", late as f64, "pages").with_goal(0.0),
            lower(&case, "latest page after, slowest", percentile(&late_s, 1.0), "s"),
            higher(&case, "pages that were stopped", stopped as f64, "pages").with_goal(1.0),
            higher(&case, "pages that were there first", after.len() as f64, "pages").with_goal(1.0),
            lower(&case, "messages whose signature does not hold", forged as f64, "messages").with_goal(0.0),
        ],
        notes: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_within_the_second_is_allowed_and_a_later_one_is_counted() {
        let began = Instant::now();
        let acknowledged = BTreeMap::from([(1, began), (2, began), (3, began)]);
        let last = BTreeMap::from([(1, began + Duration::from_millis(900)), (2, began + Duration::from_millis(1_100))]);
        let lines = outcome(&acknowledged, &last, 0).lines;
        let values: Vec<f64> = lines.iter().map(|line| line.value).collect();
        assert_eq!(values, [1.0, 1.1, 1.0, 2.0, 0.0]);
        assert!(!lines[0].ok && lines[2].ok);
    }
}
