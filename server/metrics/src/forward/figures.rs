//! What is counted of each destination, in Prometheus' text format.

use std::fmt::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use crate::exposition::escaped;

/// Since the process started.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    /// Samples that were taken.
    pub(crate) samples: AtomicU64,
    /// Requests that will be tried again.
    pub(crate) failures: AtomicU64,
    /// Samples that will never be taken.
    pub(crate) refused_samples: AtomicU64,
    /// Batches that were dropped before they were sent.
    pub(crate) missed_batches: AtomicU64,
    /// Since when the oldest waiting batch waits; 0 when none does, or another replica sends.
    pub(crate) lag_ms: AtomicI64,
    /// 1 while the lag is beyond what batches are held for.
    pub(crate) beyond_hold: AtomicU64,
}

impl Figures {
    /// Notes how far the destination lags, and whether that is beyond `hold_ms`.
    pub(crate) fn lag(&self, lag_ms: i64, hold_ms: i64) {
        self.lag_ms.store(lag_ms.max(0), Ordering::Relaxed);
        self.beyond_hold.store(u64::from(lag_ms > hold_ms), Ordering::Relaxed);
    }
}

/// The counters of all destinations: metric by metric, as the format wants it.
pub(crate) fn exposition(all: &[(&str, &Figures)]) -> String {
    let mut text: String = String::new();
    if all.is_empty() {
        return text;
    }
    let of = |value: &AtomicU64| value.load(Ordering::Relaxed).to_string();
    let seconds = |figures: &Figures| (figures.lag_ms.load(Ordering::Relaxed) as f64 / 1_000.0).to_string();
    family(&mut text, "forward_samples_total", "counter", "Samples a destination took.", all, |figures| of(&figures.samples));
    let help = "Requests to a destination that failed and are tried again.";
    family(&mut text, "forward_failures_total", "counter", help, all, |figures| of(&figures.failures));
    let help = "Samples a destination refused for good.";
    family(&mut text, "forward_refused_samples_total", "counter", help, all, |figures| of(&figures.refused_samples));
    let help = "Batches dropped before a destination had them.";
    family(&mut text, "forward_missed_batches_total", "counter", help, all, |figures| of(&figures.missed_batches));
    let help = "For how long the oldest batch waits that a destination does not have.";
    family(&mut text, "forward_lag_seconds", "gauge", help, all, seconds);
    let help = "Whether a destination lags further than batches are held for it.";
    family(&mut text, "forward_beyond_hold", "gauge", help, all, |figures| of(&figures.beyond_hold));
    text
}

fn family(text: &mut String, name: &str, kind: &str, help: &str, all: &[(&str, &Figures)], value: impl Fn(&Figures) -> String) {
    // Writing into a String can't fail, here and below.
    let _ = writeln!(text, "# HELP mimamori_metrics_{name} {help}\n# TYPE mimamori_metrics_{name} {kind}");
    for (destination, figures) in all {
        let _ = writeln!(text, "mimamori_metrics_{name}{{destination=\"{}\"}} {}", escaped(destination), value(figures));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_destination_has_its_lines() {
        let (one, two) = (Figures::default(), Figures::default());
        one.samples.store(7, Ordering::Relaxed);
        two.lag(2_500, 2_000);
        let text: String = exposition(&[("vm", &one), ("a\"b", &two)]);
        for wanted in [
            "# TYPE mimamori_metrics_forward_samples_total counter\nmimamori_metrics_forward_samples_total{destination=\"vm\"} 7\n",
            "mimamori_metrics_forward_lag_seconds{destination=\"a\\\"b\"} 2.5\n",
            "mimamori_metrics_forward_beyond_hold{destination=\"vm\"} 0\n",
            "mimamori_metrics_forward_beyond_hold{destination=\"a\\\"b\"} 1\n",
        ] {
            assert!(text.contains(wanted), "{wanted} is missing in\n{text}");
        }
        assert_eq!(exposition(&[]), "");
    }
}
