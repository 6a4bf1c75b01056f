//! What this room counts about itself, in Prometheus' text format.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::compact::Compacted;
use crate::error::Error;
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
    pub(crate) exemplars: AtomicU64,
    pub(crate) refused_exemplars: AtomicU64,
    /// Samples of senders whose twin is listened to, see [`crate::ha`].
    pub(crate) twin_samples: AtomicU64,
    /// Selections that were made of roll-ups.
    pub(crate) folded_selections: AtomicU64,
    pub(crate) failed_compactions: AtomicU64,
    compacted_windows: AtomicU64,
    late_passes: AtomicU64,
    compacted_samples: AtomicU64,
    chunks: AtomicU64,
    chunk_bytes: AtomicU64,
    roll_bytes: AtomicU64,
    damaged: [AtomicU64; TABLES.len()],
    commit_buckets: [AtomicU64; BOUNDS_MS.len() + 1],
    commit_us: AtomicU64,
    refused_samples: [AtomicU64; Reason::ALL.len()],
    refused_requests: [AtomicU64; REFUSALS.len()],
}

/// Why a whole request was refused, as a label value.
pub(crate) const REFUSALS: [&str; 5] = ["malformed", "too_large", "unsupported", "overloaded", "unavailable"];

/// Tables with values that may turn out to be damaged.
const TABLES: [&str; 4] = ["metric_batch", "metric_chunk", "metric_chunk_times", "metric_roll"];

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

    /// Counts one window that was written: what compaction had done before it, and has done with it.
    pub(crate) fn compacted(&self, before: &Compacted, after: &Compacted) {
        add(&self.compacted_windows, (after.windows - before.windows) as u64);
        add(&self.late_passes, (after.late - before.late) as u64);
        add(&self.compacted_samples, after.samples - before.samples);
        add(&self.chunks, (after.chunks - before.chunks) as u64);
        add(&self.chunk_bytes, after.chunk_bytes - before.chunk_bytes);
        add(&self.roll_bytes, after.roll_bytes - before.roll_bytes);
    }

    /// Counts a value that can't be read.
    pub(crate) fn damaged(&self, error: &Error) {
        let Error::Damaged { table, .. } = error else { return };
        if let Some(counter) = TABLES.iter().position(|known| known == table) {
            add(&self.damaged[counter], 1);
        }
    }

    pub(crate) fn exposition(&self, gauges: Gauges) -> String {
        let mut text: String = String::new();
        self.counters(&mut text);
        self.compaction(&mut text);
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
        let rows: [(&str, &str, &AtomicU64); 10] = [
            ("samples_total", "Samples committed.", &self.samples),
            ("batches_total", "Batches committed.", &self.batches),
            ("batch_bytes_total", "Bytes of the committed batches.", &self.batch_bytes),
            ("failed_commits_total", "Commits that failed or whose outcome had to be looked up.", &self.failed_commits),
            ("tail_batches_total", "Batches read that other writers committed.", &self.tail_batches),
            ("tail_gaps_total", "Polls that found a batch of another writer missing.", &self.tail_gaps),
            ("exemplars_total", "Exemplars committed.", &self.exemplars),
            (
                "refused_exemplars_total",
                "Exemplars not kept: out of order, too long, of no known series, or too many.",
                &self.refused_exemplars,
            ),
            ("twin_samples_total", "Samples dropped because the other sender of a pair is listened to.", &self.twin_samples),
            ("folded_selections_total", "Selections of queries answered from roll-ups.", &self.folded_selections),
        ];
        write_counters(text, &rows);
    }

    fn compaction(&self, text: &mut String) {
        let rows: [(&str, &str, &AtomicU64); 7] = [
            ("compacted_windows_total", "Windows of two hours rewritten as chunks.", &self.compacted_windows),
            ("late_passes_total", "Windows to which late samples were added.", &self.late_passes),
            ("compacted_samples_total", "Samples written in chunks.", &self.compacted_samples),
            ("chunks_total", "Chunks written.", &self.chunks),
            ("chunk_bytes_total", "Bytes of the chunks written and of their times.", &self.chunk_bytes),
            ("roll_bytes_total", "Bytes of the roll-ups written.", &self.roll_bytes),
            ("failed_compactions_total", "Rounds of compaction that ended with an error.", &self.failed_compactions),
        ];
        write_counters(text, &rows);
        head_of(text, "damaged_rows_total", "Stored values that could not be read, each time they were met.", "counter");
        for (table, counter) in TABLES.iter().zip(&self.damaged) {
            let value: u64 = counter.load(Ordering::Relaxed);
            line(text, format_args!("damaged_rows_total{{table=\"{table}\"}} {value}"));
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

fn write_counters(text: &mut String, rows: &[(&str, &str, &AtomicU64)]) {
    for (name, help, value) in rows {
        counter(text, name, help, value.load(Ordering::Relaxed));
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
    use crate::batch::Damage;

    #[test]
    fn counters_stand_in_the_text() {
        let own = Own::default();
        own.committed(5, 100, Duration::from_millis(3));
        own.refused_request("overloaded");
        let mut written = Written::default();
        written.reject(Reason::TooOld, 2, || "up".to_owned());
        own.refused(&written);
        let before = Compacted { chunks: 3, chunk_bytes: 70, ..Compacted::default() };
        own.compacted(&before, &Compacted { windows: 1, chunks: 5, chunk_bytes: 100, roll_bytes: 9, ..before });
        let source = Damage::Format(9_999);
        own.damaged(&Error::Damaged { table: "metric_roll", column: "body", row: String::new(), source });
        let text: String = own.exposition(Gauges { series: 1, waiting_samples: 0, conflicts: 4, head: HeadSize::default() });
        for wanted in [
            "mimamori_metrics_samples_total 5\n",
            "mimamori_metrics_commit_seconds_bucket{le=\"0.002\"} 0\n",
            "mimamori_metrics_commit_seconds_bucket{le=\"0.005\"} 1\n",
            "mimamori_metrics_commit_seconds_count 1\n",
            "mimamori_metrics_refused_samples_total{reason=\"too_old\"} 2\n",
            "mimamori_metrics_refused_requests_total{code=\"overloaded\"} 1\n",
            "mimamori_metrics_conflicts_total 4\n",
            "mimamori_metrics_compacted_windows_total 1\n",
            "mimamori_metrics_late_passes_total 0\n",
            "mimamori_metrics_chunks_total 2\n",
            "mimamori_metrics_chunk_bytes_total 30\n",
            "mimamori_metrics_roll_bytes_total 9\n",
            "mimamori_metrics_damaged_rows_total{table=\"metric_roll\"} 1\n",
            "mimamori_metrics_damaged_rows_total{table=\"metric_batch\"} 0\n",
        ] {
            assert!(text.contains(wanted), "{wanted} is missing in\n{text}");
        }
    }
}
