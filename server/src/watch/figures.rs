//! The condition of the pager as series, so that a dashboard shows it and the shipped rules about Mimamori itself watch it like anything else.

use super::condition::{Condition, LATE_MS};
use crate::house_error::chain;
use crate::wiring::House;
use metrics::Sample;
use model::labels::{Labels, METRIC_NAME};
use model::{Actor, Time};
use notify::processes::ProcessRow;

/// What tells these series from those of other programs on the host.
const JOB: &str = "mimamori";

/// Writes them. What fails is told and lost: the next look writes its own.
pub(super) async fn keep(house: &House, condition: &Condition, rows: &[ProcessRow], now: Time) {
    let worker = Actor::worker("watch");
    let Ok(grant) = kernel::authorize::<model::access::WriteMetrics>(&worker, None) else { return };
    let samples: Vec<Sample> = samples(condition, rows, &house.config.host_name, now);
    if let Err(error) = house.metrics.write(&grant, samples).await {
        tracing::warn!(error = chain(&error), "the figures of the pager were not stored");
    }
}

fn samples(condition: &Condition, rows: &[ProcessRow], host: &str, now: Time) -> Vec<Sample> {
    let seconds = |ms: i64| ms.max(0) as f64 / 1_000.0;
    let age = |at: Option<Time>| seconds(at.map_or(0, |at| now.since(at)));
    let started: Option<Time> = Some(condition.started_at);
    let n_alive = rows.iter().filter(|row| row.left_at.is_none() && now.since(row.beat_at) <= LATE_MS).count();
    let figures: [(&str, f64); 7] = [
        ("mimamori_notify_oldest_due_seconds", age(condition.oldest_due)),
        ("mimamori_escalation_oldest_due_seconds", age(condition.escalation_due)),
        ("mimamori_notify_look_age_seconds", age(condition.looked_at.or(started))),
        ("mimamori_notifier_pass_age_seconds", age(condition.passed_at.or(started))),
        ("mimamori_evaluator_lag_seconds", seconds(condition.lag_ms.unwrap_or(0))),
        ("mimamori_processes_alive", n_alive as f64),
        ("mimamori_notify_failing_channels", condition.n_failing_channels as f64),
    ];
    let sample = |(name, value): (&str, f64)| {
        let labels = Labels::new([(METRIC_NAME, name), ("host", host), ("job", JOB)]);
        Sample { labels, at: now, value }
    };
    figures.into_iter().map(sample).collect()
}

#[cfg(test)]
mod tests {
    use super::super::condition::tests::{NOW, well};
    use super::*;

    #[test]
    fn nothing_due_is_no_wait_and_every_figure_is_of_this_host() {
        let ago: Option<Time> = Some(NOW.plus_ms(-20_000));
        let due = Condition { oldest_due: ago, escalation_due: ago, ..well() };
        for (condition, waits) in [(well(), 0.0), (due, 20.0)] {
            let samples: Vec<Sample> = samples(&condition, &[], "web-1", NOW);
            assert!(samples[..2].iter().all(|sample| (sample.value - waits).abs() < 1e-9), "{waits}");
            assert!(samples.iter().all(|sample| sample.labels.get("host") == "web-1"));
        }
    }
}
