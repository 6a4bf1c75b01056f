//! Eight groups of rules that look every second, so that each replica has some of them, and samples that cross their threshold.

use crate::benches::alerting::setup::File;
use crate::benches::alerting::sink::message::LABEL;
use crate::door::Door;
use crate::error::Error;
use crate::samples::now;
use metrics::Sample;
use metrics::remote_write::encode;
use model::Time;
use model::labels::{Labels, METRIC_NAME};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};

/// Groups, of one rule each.
pub const LANES: u64 = 8;
const METRIC: &str = "bench_lane";
/// A replica that does not answer for so long is left for the other.
const ANSWER: Duration = Duration::from_secs(3);
const AGAIN: Duration = Duration::from_millis(100);
/// Until somebody takes samples.
const PATIENCE: Duration = Duration::from_secs(150);

/// The rules, as a file that can be applied.
pub fn rules() -> File {
    let mut text: String = "groups:\n".to_owned();
    for lane in 0..LANES {
        text.push_str(&format!(
            "  - name: lane-{lane}\n    interval: 1s\n    rules:\n      - id: lane-{lane}\n        name: {{ja: レーン{lane}, en: Lane {lane}}}\n        \
             summary: {{ja: \"{{{{{LABEL}}}}}\", en: \"{{{{{LABEL}}}}}\"}}\n        expr: {METRIC}{{lane=\"{lane}\"}}\n        \
             condition: \"> 0\"\n        severity: P2\n"
        ));
    }
    ("rules.yaml", text)
}

/// The numbers of a round: one a lane.
pub fn numbers(round: usize) -> BTreeSet<u64> {
    let first: u64 = 1 + round as u64 * LANES;
    (first..first + LANES).collect()
}

/// Sends one sample for each number, until a replica has confirmed them.
///
/// # Errors
/// When none did.
pub async fn write(doors: &[Door], numbers: &BTreeSet<u64>, value: f64) -> Result<Instant, Error> {
    let began: Instant = Instant::now();
    let mut turn: usize = 0;
    while began.elapsed() < PATIENCE {
        let body: Vec<u8> = body(numbers, value, now())?;
        let Some(door) = doors.get(turn % doors.len().max(1)) else { break };
        if matches!(timeout(ANSWER, door.write_all(body)).await, Ok(Ok(()))) {
            return Ok(Instant::now());
        }
        turn += 1;
        sleep(AGAIN).await;
    }
    Err(Error::TooLate { what: "the confirmation of samples" })
}

fn body(numbers: &BTreeSet<u64>, value: f64, at: Time) -> Result<Vec<u8>, Error> {
    let labels = |number: u64| -> Labels {
        let lane: String = (number % LANES).to_string();
        Labels::new([(METRIC_NAME, METRIC.to_owned()), ("lane", lane), (LABEL, number.to_string())])
    };
    let samples: Vec<Sample> = numbers.iter().map(|number| Sample { labels: labels(*number), at, value }).collect();
    Ok(encode(&samples)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_round_has_one_number_a_lane_and_none_of_another_round() {
        let (first, second) = (numbers(0), numbers(1));
        assert!(first.is_disjoint(&second));
        assert_eq!(first.iter().map(|number| number % LANES).collect::<BTreeSet<u64>>().len(), 8);
        assert!(!body(&first, 1.0, Time(1)).unwrap().is_empty());
    }

    #[test]
    fn the_rules_are_written_as_they_are_read() {
        let (_, text) = rules();
        assert_eq!(text.matches("- id: lane-").count(), 8);
        assert!(text.contains("en: \"{{bench}}\"") && text.contains("expr: bench_lane{lane=\"7\"}\n"));
    }
}
