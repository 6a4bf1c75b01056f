//! Ten thousand rules, written as a file of Prometheus': both engines are given the same one.

use crate::error::Error;
use crate::load::motion::{mixed, share};
use metrics::Sample;
use metrics::remote_write::encode;
use model::Time;
use model::labels::{Labels, METRIC_NAME};

/// Rules of one group.
pub const PER_GROUP: usize = 100;
/// Seconds between two ticks.
pub const INTERVAL_S: u64 = 15;
/// Samples of a body.
const PER_BODY: usize = 5_000;
/// For so many samples a gauge stays where it is, so that `for` can elapse.
const STAYS: u64 = 8;

/// The name of a group.
pub fn group(number: usize) -> String {
    format!("bench-{number:03}")
}

/// Rules `0` to `n`: six of ten compare a gauge, three the rate of a counter, one a sum over the hundred series of a group. About one of
/// a hundred fires.
pub fn rules(n: usize) -> String {
    let mut text: String = "groups:\n".to_owned();
    for number in 0..n {
        if number % PER_GROUP == 0 {
            let name: String = group(number / PER_GROUP);
            text.push_str(&format!("  - name: {name}\n    interval: {INTERVAL_S}s\n    rules:\n"));
        }
        text.push_str(&format!(
            "      - alert: Bench{number:05}\n        expr: {}\n        for: 30s\n        labels: {{severity: warning}}\n        \
             annotations: {{summary: 'rule {number}: {{{{ $value }}}}'}}\n",
            expr(number)
        ));
    }
    text
}

fn expr(number: usize) -> String {
    match number % 10 {
        0..=5 => format!("bench_gauge{{slot=\"{number}\"}} > 90"),
        6..=8 => format!("rate(bench_total{{slot=\"{number}\"}}[1m]) > 50"),
        _ => format!("sum by (job) (bench_gauge{{job=\"{}\"}}) > 6000", group(number / PER_GROUP)),
    }
}

/// The bodies that bring one sample of each series that `n` rules ask for.
///
/// # Errors
/// When one can't be encoded.
pub fn bodies(n: usize, tick: u64, at: Time) -> Result<Vec<Vec<u8>>, Error> {
    let labels = |metric: &str, number: usize| -> Labels {
        let (slot, job): (String, String) = (number.to_string(), group(number / PER_GROUP));
        Labels::new([(METRIC_NAME, metric.to_owned()), ("slot", slot), ("job", job)])
    };
    let gauges = (0..n).map(|number| Sample { labels: labels("bench_gauge", number), at, value: gauge(number, tick) });
    let counters = (0..n).filter(|number| (6..=8).contains(&(number % 10)));
    let counters = counters.map(|number| Sample { labels: labels("bench_total", number), at, value: total(number, tick) });
    let samples: Vec<Sample> = gauges.chain(counters).collect();
    samples.chunks(PER_BODY).map(|some| encode(some).map_err(Error::from)).collect()
}

/// Up to 91: of a hundred about one is above 90.
fn gauge(number: usize, tick: u64) -> f64 {
    91.0 * share(mixed(number as u64), tick / STAYS)
}

/// Grows by 10 to 45 a second; of a hundred one by 60.
fn total(number: usize, tick: u64) -> f64 {
    let seed: u64 = mixed(number as u64);
    let a_second: f64 = if seed.is_multiple_of(100) { 60.0 } else { 10.0 + 35.0 * share(seed, 0) };
    a_second * (tick * INTERVAL_S) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_name_and_groups_have_a_hundred() {
        let text: String = rules(250);
        assert_eq!((text.matches("- alert: ").count(), text.matches("- name: ").count()), (250, 3));
        assert!(text.contains("alert: Bench00249\n") && text.contains("summary: 'rule 7: {{ $value }}'"));
        assert!(promql::parse(&expr(0)).is_ok() && promql::parse(&expr(7)).is_ok() && promql::parse(&expr(9)).is_ok());
    }

    #[test]
    fn about_one_of_a_hundred_gauges_is_above_its_threshold() {
        let above = (0..10_000).filter(|number| gauge(*number, 0) > 90.0).count();
        assert!((60..180).contains(&above), "{above}");
        assert!((0..100).all(|number| total(number, 2) > total(number, 1)));
    }

    #[test]
    fn bodies_hold_all_samples() {
        assert_eq!(bodies(5_000, 1, Time(1)).unwrap().len(), 2);
    }
}
