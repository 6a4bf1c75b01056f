//! Behind the retention of samples: those that roll-ups have kept.
//!
//! A roll-up of five minutes knows the first and the last sample of its time, bit for bit, and whether the series went stale at its end. These
//! stand in for all others where a query's windows are not made of whole roll-ups, so any function has an answer; functions that look
//! at every sample (`quantile_over_time`, `count_over_time`) see two in five minutes.

use std::collections::{HashMap, HashSet};

use kernel::Tx;
use model::labels::METRIC_NAME;

use crate::compact::bucket::bucket_of;
use crate::compact::rolls::NARROW_MS;
use crate::duplicates::{Raw, STALE_NAN};
use crate::error::Error;
use crate::labels;
use crate::rollup::Rolled;
use crate::select::history::{Span, within};
use crate::select::rolls::{self, Wanted, WindowRolls};
use crate::select::{Reader, Selected};
use crate::store;

impl Reader {
    /// What is left of the samples of `span` that may be gone, by the series' ids in the database.
    pub(crate) async fn thinned(
        &self,
        series: &[Selected],
        name: Option<&str>,
        span: Span,
    ) -> Result<HashMap<i64, Vec<Raw>>, Error> {
        let mut thinned: HashMap<i64, Vec<Raw>> = HashMap::new();
        let behind = Span { from: span.from.max(0), to: span.to.min(self.all_kept_since().saturating_sub(1)) };
        if behind.from > behind.to {
            return Ok(thinned);
        }
        let ids: HashSet<i64> = series.iter().map(|series| series.id).collect();
        let most: u64 = self.most_held();
        let windows: (i64, i64) = (bucket_of(behind.from), bucket_of(behind.to));
        let wanted = Wanted { width_ms: NARROW_MS, windows, name, ids: &ids, most };
        let mut tx: Tx = store::writers::moment(&self.db).await?;
        let n: u64 = rolls::read(&mut tx, &self.state, &wanted, |_, window| take(&mut thinned, window, behind)).await?;
        tx.commit().await?;
        within(n, most)?;
        Ok(thinned)
    }

    /// What is left of old samples, and behind it the samples that are kept.
    pub(crate) fn appended(&self, series: &Selected, mut thinned: Vec<Raw>, kept: Vec<Raw>) -> Vec<Raw> {
        if thinned.is_empty() {
            return kept;
        }
        let since: i64 = self.kept_since(labels::get(&series.labels, METRIC_NAME));
        // Samples that are still there although their time is over are better than what is left of them.
        let end: i64 = kept.first().map_or(since, |(at, _)| since.min(*at));
        thinned.retain(|(at, _)| *at < end);
        thinned.extend(kept);
        thinned
    }
}

fn take(thinned: &mut HashMap<i64, Vec<Raw>>, window: WindowRolls, span: Span) {
    for (series_id, rolled) in window {
        let samples: &mut Vec<Raw> = thinned.entry(series_id).or_default();
        samples.extend(rolled.iter().flat_map(left_of).filter(|(at, _)| span.holds(*at)));
    }
}

/// The samples that a roll-up knows, in order. Of a stale marker behind values only that it came is known, not when.
fn left_of(rolled: &Rolled) -> Vec<Raw> {
    if rolled.count == 0 {
        return vec![(rolled.last_at, STALE_NAN)];
    }
    let mut left: Vec<Raw> = vec![(rolled.first_at, rolled.first.to_bits())];
    if rolled.last_at > rolled.first_at {
        left.push((rolled.last_at, rolled.last.to_bits()));
    }
    if rolled.ends_stale {
        left.push((rolled.last_at.saturating_add(1), STALE_NAN));
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rollup::fold;

    #[test]
    fn the_first_and_the_last_sample_and_a_marker_are_left() {
        let bits = |value: f64| value.to_bits();
        let times: [i64; 5] = [10, 20, 30, 40, 300_010];
        let values: [u64; 5] = [bits(1.0), bits(9.0), bits(3.0), STALE_NAN, STALE_NAN];
        let left: Vec<Raw> = fold(&times, &values, i64::from(NARROW_MS), None).iter().flat_map(left_of).collect();
        assert_eq!(left, [(10, bits(1.0)), (30, bits(3.0)), (31, STALE_NAN), (300_010, STALE_NAN)]);
    }
}
