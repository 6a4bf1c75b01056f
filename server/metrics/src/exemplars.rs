//! Exemplars: which trace stood behind a sample. Kept beside the samples, for two hours, and for nothing but
//! [`query_exemplars`](crate::http).
//!
//! Rules, as Prometheus has them (prometheus/prometheus `tsdb/exemplar.go`):
//! 1. Names and values of an exemplar's labels have 128 characters at most, together.
//! 2. Of a series, an exemplar that is older than its newest is out of order and not kept; so is one of the same time with a smaller value.
//!    The same one again is no harm.
//! 3. Without a timestamp it has that of its sample. Without its series it is not kept: an exemplar makes none.
//!
//! Ours: an exemplar that is not kept never makes a write fail, its sender only learns that it was not written; times are judged as those of
//! samples; of one series the newest of every fifteen seconds is kept, so that the table has a bound. Order is judged by this process alone:
//! where two replicas take exemplars of one series, the newer of both stays in its place.

pub mod answer;

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use crate::admit::Key;
use crate::hash::{CHECKSUM_SEED, hash64};
use crate::labels;
use crate::lock;

/// Characters of names and values together. Source: OpenMetrics 1.0.0, Exemplars.
pub(crate) const MOST_LETTERS: usize = 128;
/// One exemplar of a series is kept for so long a time: as often as most are scraped.
const PLACE_MS: i64 = 15_000;
/// Exemplars of a series.
const PLACES: i64 = 480;
/// What is older stands in nobody's way, and is not told any more.
pub(crate) const KEPT_MS: i64 = PLACE_MS * PLACES;
/// Series with exemplars, of one process: with [`PLACES`] that bounds the table.
const MOST_SERIES: usize = 10_000;
/// Exemplars of one request: labels that are shared in the body are not shared here.
const MOST_OF_REQUEST: usize = 20_000;
/// When there is no room for another series, it is looked for this often.
const SWEEP_MS: i64 = 60_000;

/// An exemplar as a request has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exemplar<'a> {
    pub(crate) at: i64,
    pub(crate) bits: u64,
    pub(crate) labels: &'a [(&'a [u8], &'a [u8])],
}

/// An exemplar that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Marked {
    pub(crate) key: Key,
    pub(crate) at: i64,
    pub(crate) bits: u64,
    /// Canonical.
    pub(crate) labels: Vec<u8>,
}

/// An exemplar as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placed {
    pub(crate) series_id: i64,
    pub(crate) place: i16,
    pub(crate) at: i64,
    pub(crate) value: f64,
    pub(crate) labels: Vec<u8>,
}

/// The newest exemplars, by which order is judged.
#[derive(Debug, Default)]
pub(crate) struct Newest(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// By the hash of a series' labels: a collision costs an exemplar.
    series: HashMap<u64, Last>,
    swept_at: Option<i64>,
}

#[derive(Clone, Copy, Debug)]
struct Last {
    at: i64,
    value: f64,
    labels: u64,
}

/// Takes an exemplar of the series `key`, whose canonical labels are `series`. `None` when it is not kept.
pub(crate) fn mark(newest: &Newest, series: &[u8], key: Key, exemplar: &Exemplar<'_>, now: i64, n: usize) -> Option<Marked> {
    if n >= MOST_OF_REQUEST {
        return None;
    }
    let labels: Vec<u8> = canonical(exemplar.labels)?;
    let last = Last { at: exemplar.at, value: f64::from_bits(exemplar.bits), labels: hash64(CHECKSUM_SEED, &labels) };
    newest.admits(hash64(CHECKSUM_SEED, series), last, now).then_some(Marked {
        key,
        at: exemplar.at,
        bits: exemplar.bits,
        labels,
    })
}

/// Sorted, without empty ones; `None` when they can't be kept.
fn canonical(given: &[(&[u8], &[u8])]) -> Option<Vec<u8>> {
    let mut sorted: BTreeMap<&str, &str> = BTreeMap::new();
    let mut n_letters: usize = 0;
    for (name, value) in given {
        let (name, value): (&str, &str) = (std::str::from_utf8(name).ok()?, std::str::from_utf8(value).ok()?);
        n_letters += name.chars().count() + value.chars().count();
        if name.is_empty() || n_letters > MOST_LETTERS || sorted.insert(name, value).is_some() {
            return None;
        }
    }
    let mut labels: Vec<u8> = Vec::new();
    for (name, value) in sorted.into_iter().filter(|(_, value)| !value.is_empty()) {
        labels::push(&mut labels, name.as_bytes(), value.as_bytes());
    }
    Some(labels)
}

impl Newest {
    /// Whether an exemplar of a series comes in order. The same as the newest does: it may be sent again because its commit failed.
    fn admits(&self, series: u64, exemplar: Last, now: i64) -> bool {
        let mut known = lock::mutex(&self.0);
        if let Some(last) = known.series.get_mut(&series) {
            let is_in_order: bool = !is_before(&exemplar, last);
            if is_in_order {
                *last = exemplar;
            }
            return is_in_order;
        }
        if !known.has_room(now) {
            return false;
        }
        known.series.insert(series, exemplar);
        true
    }
}

impl Known {
    /// Whether another series may have exemplars; makes room of those that have none any more.
    fn has_room(&mut self, now: i64) -> bool {
        if self.series.len() >= MOST_SERIES && self.swept_at.is_none_or(|at| now.saturating_sub(at) >= SWEEP_MS) {
            self.swept_at = Some(now);
            let oldest: i64 = now.saturating_sub(KEPT_MS);
            self.series.retain(|_, last| last.at >= oldest);
        }
        self.series.len() < MOST_SERIES
    }
}

fn is_before(exemplar: &Last, newest: &Last) -> bool {
    let order = exemplar.at.cmp(&newest.at).then(exemplar.value.total_cmp(&newest.value));
    order.then(exemplar.labels.cmp(&newest.labels)).is_lt()
}

/// What is stored of exemplars: the newest of each place, in the order in which every writer locks them.
pub(crate) fn placed<'a>(marked: impl Iterator<Item = (i64, &'a Marked)>) -> Vec<Placed> {
    let mut places: BTreeMap<(i64, i16), Placed> = BTreeMap::new();
    for (series_id, marked) in marked {
        let place: i16 = place_of(marked.at);
        let value: f64 = f64::from_bits(marked.bits);
        let is_newer = |there: &Placed| (there.at, there.value) < (marked.at, value);
        if places.get(&(series_id, place)).is_none_or(is_newer) {
            let labels: Vec<u8> = marked.labels.clone();
            places.insert((series_id, place), Placed { series_id, place, at: marked.at, value, labels });
        }
    }
    places.into_values().collect()
}

fn place_of(at: i64) -> i16 {
    i16::try_from(at.div_euclid(PLACE_MS).rem_euclid(PLACES)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 1_795_348_800_000;

    fn take(newest: &Newest, series: &str, at: i64, value: f64, labels: &[(&str, &str)]) -> Option<Marked> {
        let labels: Vec<(&[u8], &[u8])> = labels.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        let exemplar = Exemplar { at, bits: value.to_bits(), labels: &labels };
        mark(newest, series.as_bytes(), Key::Known(1), &exemplar, NOW, 0)
    }

    #[test]
    fn of_a_series_only_what_is_not_older_is_kept() {
        let newest = Newest::default();
        let is_taken = |at: i64, value: f64, trace: &str| take(&newest, "a", at, value, &[("trace_id", trace)]).is_some();
        for (at, value, trace, expected, why) in [
            (10, 1.0, "x", true, "the first"),
            (10, 1.0, "x", true, "the same again"),
            (9, 9.0, "y", false, "older"),
            (10, 0.5, "y", false, "of the same time and smaller"),
            (10, 2.0, "y", true, "of the same time and greater"),
            (11, 0.1, "z", true, "newer"),
            (10, 2.0, "y", false, "what was the newest before"),
        ] {
            assert_eq!(is_taken(at, value, trace), expected, "{why}");
        }
        assert!(take(&newest, "b", 1, 1.0, &[]).is_some(), "each series has its own order");
    }

    #[test]
    fn labels_are_sorted_and_short() {
        let taken = |labels: &[(&str, &str)]| {
            let marked: Option<Marked> = take(&Newest::default(), "a", NOW, 1.0, labels);
            marked.map(|marked| labels::to_labels(&marked.labels).to_string())
        };
        assert_eq!(taken(&[("b", "2"), ("a", "1"), ("c", "")]).as_deref(), Some("{a=\"1\",b=\"2\"}"));
        let (fits, long) = ("あ".repeat(126), "あ".repeat(127));
        assert!(taken(&[("ab", &fits)]).is_some() && taken(&[("ab", &long)]).is_none(), "characters count, not bytes");
        assert!(taken(&[("a", "1"), ("a", "2")]).is_none() && taken(&[("", "1")]).is_none());
        let newest = Newest::default();
        let bytes = Exemplar { at: NOW, bits: 0, labels: &[(b"a", b"\xff")] };
        assert_eq!(mark(&newest, b"a", Key::Known(1), &bytes, NOW, 0), None);
        let plain = Exemplar { labels: &[], ..bytes };
        assert!(mark(&newest, b"c", Key::Known(1), &plain, NOW, MOST_OF_REQUEST - 1).is_some());
        assert_eq!(mark(&newest, b"c", Key::Known(1), &plain, NOW, MOST_OF_REQUEST), None);
    }

    #[test]
    fn series_with_exemplars_are_limited_and_old_ones_make_room() {
        let newest = Newest::default();
        let plain = |at: i64| Exemplar { at, bits: 0, labels: &[] };
        let is_taken =
            |series: usize, at: i64, now: i64| mark(&newest, &series.to_le_bytes(), Key::Known(1), &plain(at), now, 0).is_some();
        for series in 0..MOST_SERIES {
            assert!(is_taken(series, NOW + i64::from(series > 0), NOW));
        }
        assert!(!is_taken(MOST_SERIES, NOW, NOW) && is_taken(0, NOW, NOW));
        let later: i64 = NOW + KEPT_MS + 1;
        assert!(is_taken(MOST_SERIES, later, later), "the first has none any more");
        assert!(!is_taken(MOST_SERIES + 1, later, later), "looked for again only in a while");
    }

    proptest! {
        #[test]
        fn a_place_holds_its_newest_and_a_series_no_more_than_its_places(
            all in proptest::collection::vec((0_i64..3, 0_i64..4_000_000_000, 0_u8..3), 0..200),
        ) {
            let marked: Vec<(i64, Marked)> = all
                .iter()
                .map(|(series, at, value)| {
                    (*series, Marked { key: Key::Known(0), at: *at, bits: f64::from(*value).to_bits(), labels: vec![] })
                })
                .collect();
            let placed: Vec<Placed> = placed(marked.iter().map(|(series, marked)| (*series, marked)));
            prop_assert!(placed.is_sorted_by_key(|one| (one.series_id, one.place)));
            for one in &placed {
                prop_assert!((0..480).contains(&one.place));
                let rivals = marked.iter().filter(|(series, rival)| *series == one.series_id && place_of(rival.at) == one.place);
                let newest: Option<i64> = rivals.map(|(_, rival)| rival.at).max();
                prop_assert_eq!(Some(one.at), newest);
            }
            let places: std::collections::BTreeSet<(i64, i16)> =
                marked.iter().map(|(series, marked)| (*series, place_of(marked.at))).collect();
            prop_assert_eq!(placed.len(), places.len());
        }
    }
}
