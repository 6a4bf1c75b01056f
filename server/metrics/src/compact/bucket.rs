//! Windows of two hours: what is compacted at once. A window is named by its bucket, the time at which it begins.

/// How long a window is. A day holds a whole number of them, so that partitions of a day do too.
pub(crate) const WINDOW_MS: i64 = 2 * 3_600_000;

/// The bucket of the window that `at` lies in, milliseconds since the Unix epoch.
pub(crate) fn bucket_of(at: i64) -> i64 {
    at.div_euclid(WINDOW_MS).saturating_mul(WINDOW_MS)
}

/// The last millisecond of a window.
pub(crate) fn last_of(bucket: i64) -> i64 {
    bucket.saturating_add(WINDOW_MS - 1)
}

/// The buckets of all windows that `from..=to` touches, in order.
pub(crate) fn buckets(from: i64, to: i64) -> impl Iterator<Item = i64> {
    let first: i64 = bucket_of(from);
    (0..).map_while(move |n: i64| first.checked_add(n.checked_mul(WINDOW_MS)?).filter(|bucket| *bucket <= to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_lies_in_the_window_of_its_bucket() {
        for at in [0, 1, WINDOW_MS - 1, WINDOW_MS, -1, 1_795_348_800_123] {
            let bucket: i64 = bucket_of(at);
            assert!(bucket <= at && at <= last_of(bucket), "{at}");
            assert_eq!(bucket.rem_euclid(WINDOW_MS), 0);
        }
        assert_eq!(86_400_000 % WINDOW_MS, 0);
    }

    #[test]
    fn a_range_touches_the_windows_of_both_its_ends() {
        let touched: Vec<i64> = buckets(WINDOW_MS - 1, 2 * WINDOW_MS).collect();
        assert_eq!(touched, [0, WINDOW_MS, 2 * WINDOW_MS]);
        assert_eq!(buckets(5, 4).count(), 1);
        assert_eq!(buckets(WINDOW_MS, 0).count(), 0);
    }
}
