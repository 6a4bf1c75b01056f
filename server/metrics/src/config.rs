//! What can be set, with the reasons for each default.

use crate::engine::Choice;
use crate::engine::endpoint::Endpoint;
use crate::forward::Destination;
use crate::labels::LabelLimits;

/// Milliseconds of a minute and an hour.
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// A request's body as it comes, when it is compressed, whatever the protocol.
pub const MOST_BODY_BYTES: usize = 16 << 20;
/// A request's body when it is expanded, and as it comes when it is not compressed, whatever the protocol: the default of OTLP/HTTP.
pub const MOST_EXPANDED_BYTES: usize = 64 << 20;

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
    /// Other whole days for metrics whose names begin with a prefix; the longest prefix that fits decides.
    pub retention_by_prefix: Vec<(String, u32)>,
    /// Whole days that roll-ups of five minutes and of an hour are kept: thirteen months, so that a year can be held against the last.
    pub roll_days: u32,
    /// A window is compacted so long after its end: most of what is late has come by then, and the head still holds all of it.
    pub compact_after_ms: i64,
    /// Samples that may wait for their commit, over all requests; beyond that writes are refused as overload.
    pub max_waiting_samples: usize,
    /// Bytes of a compressed body as it comes, of every protocol.
    pub max_body_bytes: usize,
    /// Bytes of a body after decompression, of every protocol.
    pub max_decompressed_bytes: usize,
    /// Samples that one selection may read: a day of 20,000 series at 15 s. They are read and computed some series at a time, so this
    /// limits work; memory is limited by `max_query_samples`.
    pub max_selected_samples: u64,
    /// A writer waits this long for its commit before it is told that the outcome is unknown.
    pub commit_timeout_ms: u64,
    /// How far back an instant vector looks for its newest sample. Five minutes, as in Prometheus.
    pub lookback_ms: i64,
    /// Samples that the evaluator may hold at once, and cells of its columns: 16 and 8 bytes each.
    pub max_query_samples: usize,
    /// The labels by which samples of one sender of a pair are known: that of the pair and that of the sender in it, such as `cluster` and
    /// `__replica__`. Of each pair one sender is listened to. `None`: all are.
    pub ha_labels: Option<(String, String)>,
    /// Who answers queries and rules.
    pub engine: Choice,
    /// The other engine: to be asked in our place, or to be compared with.
    pub remote: Option<Endpoint>,
    /// Where every sample is sent besides.
    pub forward: Vec<Destination>,
    /// Batches stay for a destination that does not have them, no longer than this: a store that is gone must not fill our disk.
    pub forward_hold_ms: i64,
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
            retention_by_prefix: Vec::new(),
            roll_days: 396,
            compact_after_ms: 20 * MINUTE_MS,
            max_waiting_samples: 2_000_000,
            max_body_bytes: MOST_BODY_BYTES,
            max_decompressed_bytes: MOST_EXPANDED_BYTES,
            max_selected_samples: 120_000_000,
            commit_timeout_ms: 10_000,
            lookback_ms: 5 * MINUTE_MS,
            max_query_samples: 20_000_000,
            ha_labels: None,
            engine: Choice::Local,
            remote: None,
            forward: Vec::new(),
            forward_hold_ms: 24 * HOUR_MS,
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
        let shortest: u32 = self.retention_by_prefix.iter().map(|(_, days)| *days).fold(self.retention_days, u32::min);
        i32::try_from(shortest / 2).unwrap_or(i32::MAX).max(1)
    }

    /// For how many days any sample is kept.
    pub(crate) fn longest_retention_days(&self) -> i32 {
        let longest: u32 = self.retention_by_prefix.iter().map(|(_, days)| *days).fold(self.retention_days, u32::max);
        days(longest)
    }

    /// A series leaves memory when the partitions that could hold its samples are gone, with a day to spare.
    pub(crate) fn rest_after_days(&self) -> i32 {
        self.longest_retention_days() + 2
    }

    /// A series is forgotten for good when its roll-ups are gone too.
    pub(crate) fn forget_after_days(&self) -> i32 {
        self.rest_after_days().max(days(self.roll_days) + ROLL_PARTITION_DAYS + 2)
    }
}

/// Roll-ups are dropped by the month, so they may stay this much longer than asked for.
const ROLL_PARTITION_DAYS: i32 = 31;

/// Days as the database counts them; more than fit mean for ever.
pub(crate) fn days(days: u32) -> i32 {
    const FOR_EVER: i32 = 1_000_000;
    i32::try_from(days).unwrap_or(FOR_EVER).min(FOR_EVER)
}
