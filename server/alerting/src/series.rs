//! The samples the evaluator writes: `ALERTS` and `ALERTS_FOR_STATE` as Prometheus does (prometheus/prometheus `rules/alerting.go`), and how
//! its own work goes. Pure.
//!
//! They follow the commit of the tick and are never the truth: state stands in the database. A tick whose samples were lost leaves a gap.

use crate::needs::Sample;
use crate::rules::{Mode, Rule};
use crate::state::Tracked;
use crate::verdict::{self, Known, Verdict};
use model::Time;
use model::labels::{Labels, METRIC_NAME};
use std::collections::BTreeMap;

/// Prometheus' mark at the end of a series.
pub const STALE_NAN: u64 = 0x7ff0_0000_0000_0002;
/// 1 for every pending and firing alert.
pub const ALERTS: &str = "ALERTS";
/// Since when each is active, in seconds.
pub const ALERTS_FOR_STATE: &str = "ALERTS_FOR_STATE";

/// What an alert is written as, by the labels of the series.
type Written = BTreeMap<Labels, f64>;

/// The samples of a rule's alerts for the tick `at`: what they are now, and an end for what they no longer are.
#[must_use]
pub fn of_rule(rule: &Rule, alert_name: &str, before: &[Known], verdicts: &[Verdict], at: Time) -> Vec<Sample> {
    let mut past = Written::new();
    for known in before {
        put(&mut past, rule, alert_name, &known.labels, &known.tracked);
    }
    let mut now = Written::new();
    for verdict in verdicts {
        put(&mut now, rule, alert_name, &verdict.labels, &verdict.tracked);
    }
    let ended = past.into_keys().filter(|labels| !now.contains_key(labels)).map(|labels| (labels, f64::from_bits(STALE_NAN)));
    let ended: Vec<(Labels, f64)> = ended.collect();
    now.into_iter().chain(ended).map(|(labels, value)| Sample { labels, at, value }).collect()
}

fn put(written: &mut Written, rule: &Rule, alert_name: &str, alert: &Labels, tracked: &Tracked) {
    let (state, since): (&str, Time) = match tracked {
        Tracked::Pending { since, .. } => ("pending", *since),
        Tracked::Firing(firing) => ("firing", firing.since),
        Tracked::Inactive | Tracked::Dismissed { .. } => return,
    };
    let mut labels: Labels = alert.clone();
    labels.set("alertname".to_owned(), alert_name.to_owned());
    labels.set(METRIC_NAME.to_owned(), ALERTS_FOR_STATE.to_owned());
    // Milliseconds since the epoch are exact in a float for 285,000 years.
    written.insert(labels.clone(), since.0 as f64 / 1_000.0);
    labels.set(METRIC_NAME.to_owned(), ALERTS.to_owned());
    labels.set("alertstate".to_owned(), state.to_owned());
    // A rule of Prometheus has the severity that it says itself, or none.
    if rule.mode == Mode::Value
        && let Some(level) = verdict::level(tracked)
    {
        labels.set("severity".to_owned(), rule.severity_at(level).code().to_owned());
    }
    written.insert(labels, 1.0);
}

/// How a tick of a group went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// Ticks missed since the group exists.
    pub missed: i64,
    /// Rules that failed at this tick.
    pub failed: i64,
    /// From the tick to the end of its evaluation.
    pub lag_ms: i64,
    pub took_ms: i64,
    pub interval_ms: i64,
}

/// The samples of a group's work, with the label `rule_group`.
#[must_use]
pub fn of_group(group: &str, work: &Work, at: Time) -> Vec<Sample> {
    let seconds = |ms: i64| ms as f64 / 1_000.0;
    let figures = [
        ("mimamori_rule_group_iterations_missed_total", work.missed as f64),
        ("mimamori_rule_group_failed_rules", work.failed as f64),
        ("mimamori_rule_lag_seconds", seconds(work.lag_ms)),
        ("mimamori_rule_group_duration_seconds", seconds(work.took_ms)),
        ("mimamori_rule_interval_seconds", seconds(work.interval_ms)),
    ];
    let sample =
        |(name, value): (&str, f64)| Sample { labels: Labels::new([(METRIC_NAME, name), ("rule_group", group)]), at, value };
    figures.into_iter().map(sample).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{Firing, Level};
    use crate::verdict::tests::rule;
    use model::ids::AlertId;

    fn firing() -> Tracked {
        let at = Time(90_000);
        Tracked::Firing(Firing {
            level: Level::Critical,
            since: Time(30_000),
            critical_since: Some(Time(30_000)),
            fired_at: at,
            clear_since: None,
            absent_since: None,
        })
    }

    fn verdict(tracked: Tracked) -> Verdict {
        let labels = Labels::new([("host", "a")]);
        Verdict { known: Some(AlertId(1)), labels, value: None, tracked, transitions: vec![] }
    }

    fn told(before: Tracked, after: Tracked) -> Vec<String> {
        let known = Known { id: AlertId(1), labels: Labels::new([("host", "a")]), tracked: before };
        let samples = of_rule(&rule(&[]), "r", &[known], &[verdict(after)], Time(90_000));
        let is_end = |sample: &Sample| sample.value.to_bits() == STALE_NAN;
        samples.iter().map(|one| format!("{}={}", one.labels, if is_end(one) { -1.0 } else { one.value })).collect()
    }

    #[test]
    fn what_an_alert_is_no_longer_ends_with_a_mark() {
        let pending = Tracked::Pending { since: Time(30_000), critical_since: Some(Time(30_000)) };
        let alert = |state: &str, value: i64| {
            format!("ALERTS{{alertname=\"r\",alertstate=\"{state}\",host=\"a\",severity=\"P1\"}}={value}")
        };
        let since = |value: i64| format!("ALERTS_FOR_STATE{{alertname=\"r\",host=\"a\"}}={value}");
        assert_eq!(told(Tracked::Inactive, pending), [alert("pending", 1), since(30)]);
        assert_eq!(told(pending, firing()), [alert("firing", 1), since(30), alert("pending", -1)]);
        assert_eq!(told(firing(), Tracked::Inactive), [alert("firing", -1), since(-1)]);
    }

    #[test]
    fn the_work_of_a_group_is_told_in_seconds() {
        let work = Work { missed: 3, failed: 1, lag_ms: 1_500, took_ms: 250, interval_ms: 15_000 };
        let told: Vec<String> =
            of_group("g", &work, Time(0)).iter().map(|one| format!("{}={}", one.labels.metric(), one.value)).collect();
        assert_eq!(told[0], "mimamori_rule_group_iterations_missed_total=3");
        assert_eq!(told[2], "mimamori_rule_lag_seconds=1.5");
    }
}
