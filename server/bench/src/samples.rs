//! Samples as a fleet of hosts would send them: many series, a few labels each, values that move a little.

use crate::error::Error;
use metrics::Sample;
use metrics::remote_write::encode;
use model::Time;
use model::labels::{Labels, METRIC_NAME};
use std::time::SystemTime;

/// Now, as the senders of samples see it.
#[must_use]
pub fn now() -> Time {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Time(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// `n` series of one metric, ten a host.
#[must_use]
pub fn series(metric: &str, group: usize, n: usize) -> Vec<Labels> {
    let one = |at: usize| {
        Labels::new([
            (METRIC_NAME, metric.to_owned()),
            ("cluster", format!("tokyo-{group}")),
            ("host", format!("app-{:04}", at / 10)),
            ("instance", format!("10.0.{}.{}:9100", at / 2_500, at / 10 % 250)),
            ("job", format!("job-{}", at % 5)),
            ("slot", format!("{}", at % 10)),
        ])
    };
    (0..n).map(one).collect()
}

/// A counter's value after `tick` steps: every series has a pace of its own, with noise smaller than any step.
fn value(series: usize, tick: usize) -> f64 {
    let noise = (series.wrapping_mul(2_654_435_761).wrapping_add(tick.wrapping_mul(40_503)) >> 7) % 9;
    (tick * (10 + series % 90) + noise) as f64
}

/// The body that brings one sample of each series at `at`.
pub fn body(series: &[Labels], tick: usize, at: Time) -> Result<Vec<u8>, Error> {
    let sample = |(which, labels): (usize, &Labels)| Sample { labels: labels.clone(), at, value: value(which, tick) };
    let samples: Vec<Sample> = series.iter().enumerate().map(sample).collect();
    Ok(encode(&samples)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn series_are_distinct_and_counters_grow() {
        let made = series("m", 0, 5_000);
        let distinct: BTreeSet<&Labels> = made.iter().collect();
        assert_eq!(distinct.len(), 5_000);
        assert!((0..100).all(|which| (1..100).all(|tick| value(which, tick + 1) > value(which, tick))));
        assert!(!body(&made[..10], 1, Time(1)).unwrap().is_empty());
    }
}
