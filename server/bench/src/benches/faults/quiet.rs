//! Nothing is wrong, and nobody may be paged. Rules watch steady series, and that none of them falls silent; the server's own rules watch
//! the server; the replicas watch each other.

use super::replicas::{Ground, Replicas};
use super::{Outcome, higher, lower};
use crate::benches::alerting::counts::seconds;
use crate::benches::alerting::setup::{self, File, Grouping};
use crate::benches::alerting::sink::ledger::Received;
use crate::door::Door;
use crate::error::Error;
use crate::samples::now;
use metrics::Sample;
use metrics::remote_write::encode;
use model::labels::{Labels, METRIC_NAME};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

const SECONDS: u64 = 1_800;
const GROUPS: usize = 10;
/// Series of each group, which has one rule about all of them.
const SERIES: usize = 50;
const METRIC: &str = "bench_steady";
const EVERY: Duration = Duration::from_secs(10);
/// Both replicas are there, have met, and have read each other's samples.
const SETTLE: Duration = Duration::from_secs(60);
/// The server's own rules, as they are shipped.
const OWN: &str = "own.yaml";

/// Pages of half an hour.
pub async fn run() -> Result<Outcome, Error> {
    let seconds: u64 = seconds(SECONDS);
    let files: [File; 2] = [steady(), setup::routes(Grouping::EACH)];
    let replicas: Replicas = Replicas::open(Ground::default(), &files).await?;
    let doors: Vec<Door> = replicas.doors();
    // Ends with whatever becomes of this.
    let mut feeding: JoinSet<()> = JoinSet::new();
    feeding.spawn(feed(doors));
    let own: String = replicas.house(0).run(&["rules", "catalogue", OWN]).await?;
    sleep(SETTLE).await;
    setup::apply(replicas.house(0), &[steady(), (OWN, own), setup::routes(Grouping::EACH)]).await?;
    sleep(Duration::from_secs(seconds)).await;
    let named = |call: &Received| format!("{} ({})", call.message.name, call.message.key);
    let alarms: Vec<String> = replicas.sink.read(|ledger| ledger.calls().map(named).collect());
    let evaluated: String = replicas.house(0).look("select count(*) from alert_rule where evaluated_at is not null").await?;
    let rules: f64 = evaluated.trim().parse().map_err(|_| Error::unreadable("the number of rules", &evaluated))?;
    replicas.close().await?;
    let case: String = format!("{seconds} s in which nothing is wrong");
    Ok(Outcome {
        lines: vec![
            lower(&case, "false alarms", alarms.len() as f64, "pages").with_goal(0.0),
            higher(&case, "rules that looked", rules, "rules").with_goal(GROUPS as f64),
        ],
        notes: alarms,
    })
}

/// Each group's rule fires when a series is out of bounds, or was not heard of for a minute and a half.
fn steady() -> File {
    let mut text: String = "groups:\n".to_owned();
    for group in 0..GROUPS {
        text.push_str(&format!(
            "  - name: steady-{group}\n    interval: 15s\n    rules:\n      - id: steady-{group}\n        \
             name: {{ja: 一定 {group}, en: Steady {group}}}\n        summary: {{ja: \"{{{{slot}}}}\", en: \"{{{{slot}}}}\"}}\n        \
             expr: {METRIC}{{group=\"{group}\"}}\n        condition: \"> 90\"\n        severity: P2\n        \
             no_data: {{policy: notify, timeframe: 90s}}\n"
        ));
    }
    ("rules.yaml", text)
}

/// Sends all series every ten seconds, to the replicas in turn.
async fn feed(doors: Vec<Door>) {
    let mut beat = interval(EVERY);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for turn in 0_usize.. {
        beat.tick().await;
        let Some(door) = doors.get(turn % doors.len().max(1)) else { return };
        let sent = match body(turn) {
            Ok(body) => door.write_all(body).await,
            Err(error) => Err(error),
        };
        if let Err(error) = sent {
            // Samples that were not taken are something wrong: what comes of it is no false alarm.
            eprintln!("   samples were not taken: {error}");
        }
    }
}

fn body(turn: usize) -> Result<Vec<u8>, Error> {
    let at = now();
    let sample = |slot: usize| {
        let group: String = (slot / SERIES).to_string();
        let labels = Labels::new([(METRIC_NAME, METRIC.to_owned()), ("group", group), ("slot", slot.to_string())]);
        Sample { labels, at, value: 40.0 + ((slot + turn) % 20) as f64 }
    };
    Ok(encode(&(0..GROUPS * SERIES).map(sample).collect::<Vec<Sample>>())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_has_its_rule_and_every_series_its_sample() {
        let (_, text) = steady();
        assert_eq!(text.matches("no_data: {policy: notify, timeframe: 90s}\n").count(), GROUPS);
        assert!(text.contains("expr: bench_steady{group=\"9\"}\n") && text.contains("ja: \"{{slot}}\""));
        assert!(!body(3).unwrap().is_empty());
    }
}
