//! What can be set, with the reasons for each default.

use crate::labels::LabelLimits;

/// Milliseconds of a minute and an hour.
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// Settings of the metrics room. All replicas of one installation should have the same.
#[derive(Clone, Debug)]
pub struct Config {
    /// Series that may exist at once. A series takes about 2 KB of memory, so the default stays near 1 GB.
    pub max_series: usize,
    /// Labels of one series.
    pub max_labels: usize,
    /// Bytes of a label's name.
    pub max_label_name_bytes: usize,
    /// Bytes of a label's value.
    pub max_label_value_bytes: usize,
    /// Samples older than this are refused. Two hours is what a Prometheus agent keeps while it can't deliver.
    pub out_of_order_ms: i64,
    /// Samples further ahead than this are refused. Ten minutes, as in Prometheus.
    pub future_ms: i64,
    /// How far back samples stand in memory. Longer than `out_of_order_ms`, so that late samples still find their chunk.
    pub head_ms: i64,
    /// Whole days that samples are kept. Fifteen, as in Prometheus.
    pub retention_days: u32,
    /// Samples that may wait for their commit, over all requests; beyond that writes are refused as overload.
    pub max_waiting_samples: usize,
    /// Bytes of a remote write body as it comes.
    pub max_body_bytes: usize,
    /// Bytes of a remote write body after decompression.
    pub max_decompressed_bytes: usize,
    /// Samples that one selection may read.
    pub max_selected_samples: u64,
    /// A writer waits this long for its commit before it is told that the outcome is unknown.
    pub commit_timeout_ms: u64,
    /// How far back an instant vector looks for its newest sample. Five minutes, as in Prometheus.
    pub lookback_ms: i64,
    /// Samples that the evaluator may hold at once.
    pub max_query_samples: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_series: 500_000,
            max_labels: 64,
            max_label_name_bytes: 1_024,
            max_label_value_bytes: 4_096,
            out_of_order_ms: 2 * HOUR_MS,
            future_ms: 10 * MINUTE_MS,
            head_ms: 3 * HOUR_MS,
            retention_days: 15,
            max_waiting_samples: 2_000_000,
            max_body_bytes: 16 << 20,
            max_decompressed_bytes: 32 << 20,
            max_selected_samples: 50_000_000,
            commit_timeout_ms: 10_000,
            lookback_ms: 5 * MINUTE_MS,
            max_query_samples: 20_000_000,
        }
    }
}

impl Config {
    pub(crate) fn label_limits(&self) -> LabelLimits {
        LabelLimits { count: self.max_labels, name_bytes: self.max_label_name_bytes, value_bytes: self.max_label_value_bytes }
    }

    /// A series that nobody wrote for half the retention is confirmed in the database before it is written again, because
    /// another replica may be about to forget it.
    pub(crate) fn confirm_after_days(&self) -> i32 {
        i32::try_from(self.retention_days / 2).unwrap_or(i32::MAX).max(1)
    }

    /// A series is forgotten when the partitions that could hold its samples are gone, with a day to spare.
    pub(crate) fn forget_after_days(&self) -> i32 {
        i32::try_from(self.retention_days).unwrap_or(i32::MAX - 2) + 2
    }
}
