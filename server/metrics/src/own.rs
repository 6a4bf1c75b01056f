//! What this room counts about itself, in Prometheus' text format.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::head::HeadSize;
use crate::sample::{Reason, Written};

/// Upper bounds of the commit histogram, in milliseconds.
const BOUNDS_MS: [u64; 10] = [1, 2, 5, 10, 20, 50, 100, 250, 1_000, 5_000];

/// Counters since the process started.
#[derive(Debug, Default)]
pub(crate) struct Own {
    pub(crate) samples: AtomicU64,
    pub(crate) batches: AtomicU64,
    pub(crate) batch_bytes: AtomicU64,
    pub(crate) failed_commits: AtomicU64,
    pub(crate) tail_batches: AtomicU64,
    pub(crate) tail_gaps: AtomicU64,
    pub(crate) damaged_batches: AtomicU64,
    commit_buckets: [AtomicU64; BOUNDS_MS.len() + 1],
    commit_us: AtomicU64,
    refused_samples: [AtomicU64; Reason::ALL.len()],
    refused_requests: [AtomicU64; REFUSALS.len()],
}

/// Why a whole request was refused, as a label value.
pub(crate) const REFUSALS: [&str; 5] = ["malformed", "too_large", "unsupported", "overloaded", "unavailable"];

/// What is measured when somebody asks, instead of being counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gauges {
    pub(crate) series: usize,
    pub(crate) waiting_samples: usize,
    pub(crate) conflicts: u64,
    pub(crate) head: HeadSize,
}

/// Adds to a counter.
pub(crate) fn add(counter: &AtomicU64, n: u64) {
    counter.fetch_add(n, Ordering::Relaxed);
}

impl Own {
    pub(crate) fn committed(&self, samples: usize, bytes: usize, took: Duration) {
        add(&self.samples, samples as u64);
        add(&self.batches, 1);
        add(&self.batch_bytes, bytes as u64);
        let took_us: u64 = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        add(&self.commit_us, took_us);
        let bucket: usize = BOUNDS_MS.partition_point(|bound| bound * 1_000 < took_us);
        add(&self.commit_buckets[bucket], 1);
    }

    pub(crate) fn refused(&self, written: &Written) {
        for rejected in &written.rejected {
            if let Some(counter) = Reason::ALL.iter().position(|reason| *reason == rejected.reason) {
                add(&self.refused_samples[counter], rejected.count);
            }
        }
    }

    /// Counts a request refused as a whole; `code` is one of [`REFUSALS`].
    pub(crate) fn refused_request(&self, code: &str) {
        if let Some(counter) = REFUSALS.iter().position(|known| *known == code) {
            add(&self.refused_requests[counter], 1);
        }
    }

    pub(crate) fn exposition(&self, gauges: Gauges) -> String {
        let mut text: String = String::new();
        self.counters(&mut text);
        self.commit_histogram(&mut text);
        self.refusals(&mut text);
        gauge(&mut text, "series", "Series known in memory.", gauges.series as u64);
        gauge(&mut text, "waiting_samples", "Samples waiting for their commit.", gauges.waiting_samples as u64);
        gauge(&mut text, "head_series", "Series with samples in the head.", gauges.head.series as u64);
        gauge(&mut text, "head_samples", "Samples in the head.", gauges.head.samples);
        gauge(&mut text, "head_bytes", "Bytes the head takes.", gauges.head.bytes as u64);
        counter(&mut text, "conflicts_total", "Samples that lost against another value of their time.", gauges.conflicts);
        text
    }

    fn counters(&self, text: &mut String) {
        let rows: [(&str, &str, &AtomicU64); 7] = [
            ("samples_total", "Samples committed.", &self.samples),
            ("batches_total", "Batches committed.", &self.batches),
            ("batch_bytes_total", "Bytes of the committed batches.", &self.batch_bytes),
            ("failed_commits_total", "Commits that failed or whose outcome had to be looked up.", &self.failed_commits),
            ("tail_batches_total", "Batches read that other writers committed.", &self.tail_batches),
            ("tail_gaps_total", "Polls that found a batch of another writer missing.", &self.tail_gaps),
            ("damaged_batches_total", "Batches that could not be read.", &self.damaged_batches),
        ];
        for (name, help, value) in rows {
            counter(text, name, help, value.load(Ordering::Relaxed));
        }
    }

    fn commit_histogram(&self, text: &mut String) {
        head_of(text, "commit_seconds", "Time from the first waiting request to its commit.", "histogram");
        let mut count: u64 = 0;
        for (bucket, bound) in self.commit_buckets.iter().zip(BOUNDS_MS) {
            count += bucket.load(Ordering::Relaxed);
            let bound: f64 = bound as f64 / 1_000.0;
            line(text, format_args!("commit_seconds_bucket{{le=\"{bound}\"}} {count}"));
        }
        count += self.commit_buckets[BOUNDS_MS.len()].load(Ordering::Relaxed);
        let sum: f64 = self.commit_us.load(Ordering::Relaxed) as f64 / 1_000_000.0;
        line(text, format_args!("commit_seconds_bucket{{le=\"+Inf\"}} {count}"));
        line(text, format_args!("commit_seconds_sum {sum}"));
        line(text, format_args!("commit_seconds_count {count}"));
    }

    fn refusals(&self, text: &mut String) {
        head_of(text, "refused_samples_total", "Samples refused.", "counter");
        for (reason, counter) in Reason::ALL.iter().zip(&self.refused_samples) {
            let value: u64 = counter.load(Ordering::Relaxed);
            line(text, format_args!("refused_samples_total{{reason=\"{}\"}} {value}", reason.code()));
        }
        head_of(text, "refused_requests_total", "Write requests refused as a whole.", "counter");
        for (code, counter) in REFUSALS.iter().zip(&self.refused_requests) {
            let value: u64 = counter.load(Ordering::Relaxed);
            line(text, format_args!("refused_requests_total{{code=\"{code}\"}} {value}"));
        }
    }
}

fn counter(text: &mut String, name: &str, help: &str, value: u64) {
    head_of(text, name, help, "counter");
    line(text, format_args!("{name} {value}"));
}

fn gauge(text: &mut String, name: &str, help: &str, value: u64) {
    head_of(text, name, help, "gauge");
    line(text, format_args!("{name} {value}"));
}

fn head_of(text: &mut String, name: &str, help: &str, kind: &str) {
    // Writing into a String can't fail.
    let _ = writeln!(text, "# HELP mimamori_metrics_{name} {help}\n# TYPE mimamori_metrics_{name} {kind}");
}

fn line(text: &mut String, rest: std::fmt::Arguments<'_>) {
    let _ = writeln!(text, "mimamori_metrics_{rest}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_stand_in_the_text() {
        let own = Own::default();
        own.committed(5, 100, Duration::from_millis(3));
        own.refused_request("overloaded");
        let mut written = Written::default();
        written.reject(Reason::TooOld, 2, || "up".to_owned());
        own.refused(&written);
        let text: String = own.exposition(Gauges { series: 1, waiting_samples: 0, conflicts: 4, head: HeadSize::default() });
        for wanted in [
            "mimamori_metrics_samples_total 5\n",
            "mimamori_metrics_commit_seconds_bucket{le=\"0.002\"} 0\n",
            "mimamori_metrics_commit_seconds_bucket{le=\"0.005\"} 1\n",
            "mimamori_metrics_commit_seconds_count 1\n",
            "mimamori_metrics_refused_samples_total{reason=\"too_old\"} 2\n",
            "mimamori_metrics_refused_requests_total{code=\"overloaded\"} 1\n",
            "mimamori_metrics_conflicts_total 4\n",
        ] {
            assert!(text.contains(wanted), "{wanted} is missing in\n{text}");
        }
    }
}
