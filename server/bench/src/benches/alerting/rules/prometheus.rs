//! Prometheus with the same rules. It tells of the last tick of each group only, so it is asked more often than groups tick.

use super::lateness::Tick;
use super::{AFTER, Done, Feeding, SETTLE};
use crate::benches::alerting::rival::{Rival, Start, Which};
use crate::benches::alerting::texts;
use crate::door::Door;
use crate::error::Error;
use crate::process;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tokio::time::sleep;

const RULES: &str = "rules.yml";
const CONFIG: &str = "global: {evaluation_interval: 15s}\nrule_files: [rules.yml]\n";
/// Three times an interval.
const LOOK: Duration = Duration::from_secs(5);
const MISSED: &str = "prometheus_rule_group_iterations_missed_total";
const BEGAN: &str = "prometheus_rule_group_last_evaluation_timestamp_seconds";
const TOOK: &str = "prometheus_rule_group_last_duration_seconds";

/// Evaluations: by group and by the moment they began, in milliseconds.
type Seen = BTreeMap<(String, i64), f64>;

/// `None` when it is not installed.
pub async fn measure(rules: usize, seconds: u64, through: Vec<String>) -> Result<Option<Done>, Error> {
    let start = Start { config: CONFIG.to_owned(), beside: Some((RULES, texts::rules(rules))), through };
    let Some(rival) = Rival::open(Which::Prometheus, &start).await? else {
        eprintln!("   prometheus is not installed: no ratio to it");
        return Ok(None);
    };
    let feeding = Feeding::begin(rival.door.another()?, rules);
    sleep(SETTLE).await;
    let (missed, cpu_s, began) = (missed(&figures(&rival.door).await?), process::cpu_s(rival.pid()), Instant::now());
    let mut seen = Seen::new();
    while began.elapsed() < Duration::from_secs(seconds) {
        sleep(LOOK).await;
        look(&figures(&rival.door).await?, &mut seen);
    }
    let (cpu_s, took_s): (f64, f64) = (process::cpu_s(rival.pid()) - cpu_s, began.elapsed().as_secs_f64());
    sleep(AFTER).await;
    let missed: f64 = self::missed(&figures(&rival.door).await?) - missed;
    drop(feeding);
    Ok(Some(Done { missed, ticks: ticks(&seen), cpu_s, took_s }))
}

async fn figures(door: &Door) -> Result<String, Error> {
    Ok(door.screen("/metrics").await?.text().await?)
}

/// The value of each rule group, in the text format.
fn of_groups(text: &str, metric: &str) -> BTreeMap<String, f64> {
    let one = |line: &str| -> Option<(String, f64)> {
        let (labels, value): (&str, &str) = line.strip_prefix(metric)?.strip_prefix('{')?.rsplit_once("} ")?;
        Some((labels.to_owned(), value.trim().parse().ok()?))
    };
    text.lines().filter_map(one).collect()
}

fn missed(text: &str) -> f64 {
    of_groups(text, MISSED).values().sum()
}

/// What is new since the last look.
fn look(text: &str, seen: &mut Seen) {
    let took: BTreeMap<String, f64> = of_groups(text, TOOK);
    for (group, began) in of_groups(text, BEGAN) {
        if let Some(took_s) = took.get(&group) {
            seen.insert((group, (began * 1_000.0).round() as i64), *took_s);
        }
    }
}

/// Its groups tick at places of their own within the interval: the first tick of each says where about.
fn ticks(seen: &Seen) -> Vec<Tick> {
    let interval_ms: i64 = i64::try_from(texts::INTERVAL_S * 1_000).unwrap_or(i64::MAX);
    let mut first: BTreeMap<&str, i64> = BTreeMap::new();
    let mut ticks: Vec<Tick> = Vec::new();
    for ((group, began), took_s) in seen {
        let first: i64 = *first.entry(group.as_str()).or_insert(*began);
        // From half an interval early to half an interval late.
        let off_ms: i64 = (began - first + interval_ms / 2).rem_euclid(interval_ms) - interval_ms / 2;
        ticks.push(Tick { group: group.clone(), after_s: off_ms as f64 / 1_000.0, took_s: *took_s });
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# HELP x\nprometheus_rule_group_last_evaluation_timestamp_seconds{rule_group=\"r.yml;a\"} 1.0005e+03\n\
        prometheus_rule_group_last_duration_seconds{rule_group=\"r.yml;a\"} 0.25\n\
        prometheus_rule_group_iterations_missed_total{rule_group=\"r.yml;a\"} 2\n\
        prometheus_rule_group_iterations_missed_total{rule_group=\"r.yml;b\"} 1\n";

    #[test]
    fn its_figures_are_read_by_group() {
        let mut seen = Seen::new();
        look(TEXT, &mut seen);
        look(TEXT, &mut seen);
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [(("rule_group=\"r.yml;a\"".to_owned(), 1_000_500), 0.25)]);
        assert_eq!(missed(TEXT), 3.0);
    }

    #[test]
    fn ticks_are_late_by_what_they_differ_from_their_place() {
        let at = |ms: i64| (("a".to_owned(), ms), 0.5);
        let seen: Seen = [at(4_000), at(19_250), at(33_900)].into_iter().collect();
        let after: Vec<f64> = ticks(&seen).iter().map(|tick| tick.after_s).collect();
        assert_eq!(after, [0.0, 0.25, -0.1]);
        assert_eq!(super::super::lateness::late(&ticks(&seen)), [0.6, 0.85, 0.5]);
    }
}
