//! Running totals of what comes as differences.
//!
//! A difference is added to the total of its series when it begins where the one before ended. One that begins later starts a new
//! counter, because what lies between is lost; one that ends where the total stands was sent twice and gives the total again; an older
//! or overlapping one is refused.
//!
//! Totals stand in memory, bounded: two generations, of which the older is dropped when the younger is full, so what was not added to for
//! longest goes first. A total that is not in memory, or that does not fit the difference (another replica may have taken the ones
//! between), is read back from the newest samples of its series, once a request. Those of exponential histograms can't be read back,
//! because their buckets have moved: they start a new counter, which queries see as a reset.
//!
//! The database is the truth: when a commit fails, or a sample is refused, the totals it was made of are forgotten.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use model::Time;
use model::labels::Labels;

use super::measurement::{Histogram, Measurement, Refusals, Since, Value, Why};
use super::series;
use crate::config::Config;
use crate::duplicates::{Raw, STALE_NAN, winner};
use crate::head::Snapshot;
use crate::ingest::{NOBODYS, Owned};
use crate::labels::{self, LabelLimits};
use crate::lock;
use crate::sample::Sample;
use crate::series::Slot;
use crate::state::State;
use crate::xor;

/// Of both generations together: some hundred thousand numbers.
const MOST_BYTES: usize = 64 << 20;
/// What a total takes beside its key and its buckets.
const TOTAL_BYTES: usize = 256;

/// Knows the newest sample of a series.
pub(crate) trait LastValue: Send + Sync {
    /// Its time and value; `None` when there is none, or none that is young enough to go on from.
    fn last(&self, labels: &Labels) -> Option<(Time, f64)>;
}

/// The newest samples in the head.
pub(crate) struct Newest {
    state: Arc<State>,
    limits: LabelLimits,
    from: i64,
    to: i64,
}

impl Newest {
    pub(crate) fn new(state: &Arc<State>, config: &Config, now: Time) -> Self {
        let (from, to) = (now.plus_ms(-config.out_of_order_ms).0, now.plus_ms(config.future_ms).0);
        Self { state: Arc::clone(state), limits: config.label_limits(), from, to }
    }
}

impl LastValue for Newest {
    fn last(&self, labels: &Labels) -> Option<(Time, f64)> {
        let mut canonical: Vec<u8> = Vec::new();
        let pairs = labels.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
        labels::canonical(pairs, self.limits, &mut canonical).ok()?;
        let slot: Slot = lock::read(&self.state.index).find(&canonical)?;
        let (floor, snapshots) = lock::read(&self.state.head).snapshot(&[slot], self.from, self.to);
        let (at, bits) = newest(snapshots.first()?, self.from.max(floor), self.to)?;
        (bits != STALE_NAN).then_some((Time(at), f64::from_bits(bits)))
    }
}

/// The newest sample in `from..=to`. Pieces follow each other in time, so the last one that has such a sample decides, and the others need
/// not be decoded.
fn newest(snapshot: &Snapshot, from: i64, to: i64) -> Option<Raw> {
    let is_wanted = |sample: &Raw| (from..=to).contains(&sample.0);
    let in_piece = snapshot.pieces.iter().rev().find_map(|piece| xor::decode(&piece.bytes, piece.n).filter(is_wanted).last());
    snapshot.late.iter().copied().filter(is_wanted).fold(in_piece, |newest, late| Some(later(newest, late)))
}

/// The later of two; of one time the one that counts.
fn later(newest: Option<Raw>, late: Raw) -> Raw {
    match newest {
        Some((at, bits)) if at > late.0 => (at, bits),
        Some((at, bits)) if at == late.0 => (at, winner(bits, late.1)),
        _ => late,
    }
}

/// The total of a series, or of the series of a histogram.
#[derive(Clone, Debug, PartialEq)]
struct Total {
    at_ms: i64,
    value: Value,
}

/// A total that moved, and the place of the measurement that moved it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Added {
    pub(crate) owner: u32,
    key: Vec<u8>,
}

/// All totals in memory.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    known: Mutex<Generations>,
}

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Vec<u8>, Total>,
    old: HashMap<Vec<u8>, Total>,
    young_bytes: usize,
}

impl Generations {
    fn get(&self, key: &[u8]) -> Option<&Total> {
        self.young.get(key).or_else(|| self.old.get(key))
    }

    fn remove(&mut self, key: &[u8]) {
        if let Some(total) = self.young.remove(key) {
            self.young_bytes = self.young_bytes.saturating_sub(weight(key, &total));
        }
        self.old.remove(key);
    }

    fn put(&mut self, key: Vec<u8>, total: Total) {
        self.remove(&key);
        self.young_bytes += weight(&key, &total);
        self.young.insert(key, total);
        if self.young_bytes > MOST_BYTES / 2 {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
    }
}

fn weight(key: &[u8], total: &Total) -> usize {
    TOTAL_BYTES + key.len() + total.value.heap_bytes()
}

impl Totals {
    /// Makes totals of all differences, in order; those that can't be added are taken out and refused. Returns which totals moved.
    pub(crate) fn add_all(
        &self,
        last: &dyn LastValue,
        measurements: &mut Vec<Measurement>,
        refused: &mut Refusals,
    ) -> Vec<Added> {
        let mut added: Vec<Added> = Vec::new();
        let mut read_back: HashSet<Vec<u8>> = HashSet::new();
        for mut measurement in std::mem::take(measurements) {
            if !is_added_up(&measurement) {
                measurements.push(measurement);
                continue;
            }
            match self.add(last, &mut measurement, &mut read_back) {
                Some(key) => {
                    let owner: u32 = u32::try_from(measurements.len()).unwrap_or(NOBODYS);
                    added.push(Added { owner, key });
                    measurements.push(measurement);
                }
                None => refused.push(Why::Late, 1, &measurement.name),
            }
        }
        added
    }

    /// Forgets totals whose samples may not be on disk.
    pub(crate) fn forget<'a>(&self, added: impl Iterator<Item = &'a Added>) {
        let mut known = lock::mutex(&self.known);
        for total in added {
            known.remove(&total.key);
        }
    }

    fn add(&self, last: &dyn LastValue, measurement: &mut Measurement, read_back: &mut HashSet<Vec<u8>>) -> Option<Vec<u8>> {
        let key: Vec<u8> = key_of(measurement);
        let stored: Option<Total> = if self.stands(&key, measurement, read_back) {
            None
        } else {
            read_back.insert(key.clone());
            restore(last, measurement)
        };
        let mut known = lock::mutex(&self.known);
        let here: Option<&Total> = known.get(&key);
        let newest: Option<&Total> = match (here, stored.as_ref()) {
            (Some(here), Some(stored)) if stored.at_ms > here.at_ms => Some(stored),
            (here, stored) => here.or(stored),
        };
        let value: Value = step(newest, measurement)?;
        measurement.value = value.clone();
        known.put(key.clone(), Total { at_ms: measurement.at_ms, value });
        Some(key)
    }

    /// Whether the total in memory is the newest: because the difference fits it, or because what is stored was looked at for this
    /// request already.
    fn stands(&self, key: &[u8], measurement: &Measurement, read_back: &HashSet<Vec<u8>>) -> bool {
        let known = lock::mutex(&self.known);
        let Some(total) = known.get(key) else { return false };
        let fits: bool = total.at_ms == measurement.at_ms || measurement.since == Since::Time(total.at_ms);
        fits || read_back.contains(key)
    }
}

/// Whether a measurement is a difference.
pub(crate) fn is_added_up(measurement: &Measurement) -> bool {
    measurement.since != Since::Always && !measurement.is_stale
}

/// Name and labels.
fn key_of(measurement: &Measurement) -> Vec<u8> {
    let mut key: Vec<u8> = Vec::new();
    labels::push(&mut key, measurement.name.as_bytes(), b"");
    for (name, value) in measurement.labels.iter() {
        labels::push(&mut key, name.as_bytes(), value.as_bytes());
    }
    key
}

/// The new total; `None` when the difference is too late.
fn step(known: Option<&Total>, measurement: &Measurement) -> Option<Value> {
    let Some(known) = known else { return Some(measurement.value.clone()) };
    if measurement.at_ms == known.at_ms {
        return Some(known.value.clone());
    }
    if measurement.at_ms < known.at_ms {
        return None;
    }
    let begins_ms: i64 = match measurement.since {
        Since::Always => return Some(measurement.value.clone()),
        Since::Last => known.at_ms,
        Since::Time(begins_ms) => begins_ms,
    };
    if begins_ms < known.at_ms {
        return None;
    }
    let sum: Option<Value> = if begins_ms == known.at_ms { known.value.plus(&measurement.value) } else { None };
    Some(sum.unwrap_or_else(|| measurement.value.clone()))
}

/// The total as its series have it, when all of them end at the same time.
fn restore(last: &dyn LastValue, measurement: &Measurement) -> Option<Total> {
    if matches!(measurement.value, Value::Exponential(_) | Value::Summary(_)) {
        return None;
    }
    let mut owned = Owned::default();
    series::make(measurement, NOBODYS, &mut owned);
    let mut values: Vec<f64> = Vec::with_capacity(owned.samples.len());
    let mut at: Option<Time> = None;
    for sample in &owned.samples {
        let sample: &Sample = sample;
        let (time, value) = last.last(&sample.labels)?;
        if at.is_some_and(|at| at != time) {
            return None;
        }
        at = Some(time);
        values.push(value);
    }
    Some(Total { at_ms: at?.0, value: value_of(&measurement.value, &values)? })
}

/// The inverse of [`series::make`].
fn value_of(like: &Value, values: &[f64]) -> Option<Value> {
    match like {
        Value::Number(_) => values.first().copied().map(Value::Number),
        Value::Histogram(like) => histogram_of(like, values).map(Value::Histogram),
        Value::Exponential(_) | Value::Summary(_) => None,
    }
}

fn histogram_of(like: &Histogram, values: &[f64]) -> Option<Histogram> {
    let (count, rest) = values.split_last()?;
    let sum: Option<f64> = like.sum.and_then(|_| rest.last().copied());
    let mut histogram = Histogram { bounds: like.bounds.clone(), counts: Vec::new(), count: *count as u64, sum };
    let mut below: u64 = 0;
    // As many as there are buckets, the one without bound included.
    for value in values.iter().take(like.counts.len()) {
        let up_to: u64 = *value as u64;
        histogram.counts.push(up_to.saturating_sub(below));
        below = below.max(up_to);
    }
    Some(histogram)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::head::{Head, HeadSample};
    use proptest::prelude::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Samples that are on disk, and how often they were asked for.
    struct Stored(Vec<Sample>, AtomicUsize);

    impl Stored {
        fn of(samples: Vec<Sample>) -> Self {
            Self(samples, AtomicUsize::new(0))
        }
    }

    impl LastValue for Stored {
        fn last(&self, labels: &Labels) -> Option<(Time, f64)> {
            self.1.fetch_add(1, Ordering::Relaxed);
            let found = self.0.iter().filter(|sample| sample.labels == *labels).max_by_key(|sample| sample.at);
            found.map(|sample| (sample.at, sample.value))
        }
    }

    fn number(since: Since, at_ms: i64, value: f64) -> Measurement {
        let labels: Labels = Labels::new([("job", "a")]);
        Measurement {
            name: "n".to_owned(),
            labels,
            at_ms,
            value: Value::Number(value),
            since,
            is_stale: false,
            exemplars: Vec::new(),
        }
    }

    fn histogram(since: Since, at_ms: i64, counts: [u64; 3]) -> Measurement {
        let count: u64 = counts.iter().sum();
        let value = Histogram { bounds: vec![1.0, 2.0], counts: counts.to_vec(), count, sum: Some(count as f64) };
        Measurement { value: Value::Histogram(value), ..number(since, at_ms, 0.0) }
    }

    fn add(totals: &Totals, stored: &Stored, measurement: Measurement) -> Option<Value> {
        let mut measurements: Vec<Measurement> = vec![measurement];
        totals.add_all(stored, &mut measurements, &mut Refusals::default());
        measurements.pop().map(|measurement| measurement.value)
    }

    #[test]
    fn differences_that_follow_each_other_are_added() {
        let (totals, nothing) = (Totals::default(), Stored::of(Vec::new()));
        assert_eq!(add(&totals, &nothing, number(Since::Time(0), 10, 5.0)), Some(Value::Number(5.0)));
        assert_eq!(add(&totals, &nothing, number(Since::Time(10), 20, 2.0)), Some(Value::Number(7.0)));
        // Sent twice.
        assert_eq!(add(&totals, &nothing, number(Since::Time(10), 20, 2.0)), Some(Value::Number(7.0)));
        // Older, and overlapping.
        assert_eq!(add(&totals, &nothing, number(Since::Time(0), 10, 5.0)), None);
        assert_eq!(add(&totals, &nothing, number(Since::Time(15), 30, 5.0)), None);
        // A gap, then without a start.
        assert_eq!(add(&totals, &nothing, number(Since::Time(25), 30, 1.0)), Some(Value::Number(1.0)));
        assert_eq!(add(&totals, &nothing, number(Since::Last, 40, 1.0)), Some(Value::Number(2.0)));
        assert_eq!(add(&totals, &nothing, number(Since::Always, 50, 9.0)), Some(Value::Number(9.0)));
    }

    #[test]
    fn a_total_that_is_not_in_memory_is_read_back() {
        let mut owned = Owned::default();
        series::make(&number(Since::Always, 10, 5.0), NOBODYS, &mut owned);
        let (totals, stored) = (Totals::default(), Stored::of(owned.samples));
        assert_eq!(add(&totals, &stored, number(Since::Time(10), 20, 2.0)), Some(Value::Number(7.0)));
        let moved = Added { owner: 0, key: key_of(&number(Since::Always, 0, 0.0)) };
        totals.forget([moved].iter());
        assert_eq!(add(&totals, &stored, number(Since::Time(10), 20, 2.0)), Some(Value::Number(7.0)));
    }

    #[test]
    fn what_another_replica_added_is_seen() {
        let mut owned = Owned::default();
        series::make(&number(Since::Always, 20, 50.0), NOBODYS, &mut owned);
        let (totals, stored) = (Totals::default(), Stored::of(owned.samples));
        let nothing = Stored::of(Vec::new());
        assert_eq!(add(&totals, &nothing, number(Since::Time(0), 10, 5.0)), Some(Value::Number(5.0)));
        assert_eq!(add(&totals, &stored, number(Since::Time(20), 30, 1.0)), Some(Value::Number(51.0)));
    }

    #[test]
    fn histograms_are_added_and_read_back() {
        let (totals, nothing) = (Totals::default(), Stored::of(Vec::new()));
        add(&totals, &nothing, histogram(Since::Time(0), 10, [1, 2, 3])).unwrap();
        let expected: Value = histogram(Since::Always, 0, [2, 2, 5]).value;
        assert_eq!(add(&totals, &nothing, histogram(Since::Time(10), 20, [1, 0, 2])), Some(expected.clone()));
        let mut owned = Owned::default();
        series::make(&histogram(Since::Always, 10, [1, 2, 3]), NOBODYS, &mut owned);
        let stored = Stored::of(owned.samples);
        let again: Option<Value> = add(&Totals::default(), &stored, histogram(Since::Time(10), 20, [1, 0, 2]));
        assert_eq!(again, Some(expected));
    }

    #[test]
    fn what_is_stored_is_read_once_a_request() {
        let mut owned = Owned::default();
        series::make(&number(Since::Always, 10, 5.0), NOBODYS, &mut owned);
        let (totals, stored) = (Totals::default(), Stored::of(owned.samples));
        // None of them says where it begins, so each could be another replica's successor.
        let mut measurements: Vec<Measurement> = (2..50).map(|number_of| number(Since::Last, number_of * 10, 1.0)).collect();
        let added: Vec<Added> = totals.add_all(&stored, &mut measurements, &mut Refusals::default());
        assert_eq!((added.len(), stored.1.load(Ordering::Relaxed)), (48, 1));
        assert_eq!(measurements.pop().map(|measurement| measurement.value), Some(Value::Number(53.0)));
        // The next request looks again.
        assert_eq!(add(&totals, &stored, number(Since::Last, 500, 1.0)), Some(Value::Number(54.0)));
        assert_eq!(stored.1.load(Ordering::Relaxed), 2);
    }

    proptest! {
        #[test]
        fn the_newest_sample_is_that_of_all_samples(
            arrivals in proptest::collection::vec((0_i64..600, 0_u64..4), 1..700),
            from in 0_i64..600,
            width in 0_i64..300,
        ) {
            let mut head = Head::new(0);
            for (at, bits) in arrivals {
                head.insert(HeadSample { slot: 0, at, bits });
            }
            let to: i64 = from + width;
            let (floor, snapshots) = head.snapshot(&[0], from, to);
            let all: Option<Raw> = snapshots.first().and_then(|snapshot| snapshot.samples(from.max(floor), to).last().copied());
            let found: Option<Raw> = snapshots.first().and_then(|snapshot| newest(snapshot, from.max(floor), to));
            prop_assert_eq!(found, all);
        }
    }

    #[test]
    fn only_the_newest_piece_is_decoded() {
        let mut head = Head::new(0);
        for at in 0..400 {
            head.insert(HeadSample { slot: 0, at, bits: 7 });
        }
        let (_, mut snapshots) = head.snapshot(&[0], 0, 1_000);
        let snapshot: &mut Snapshot = &mut snapshots[0];
        assert!(snapshot.pieces.len() > 1);
        // What was decoded of these would show.
        for piece in snapshot.pieces.iter_mut().rev().skip(1) {
            let mut encoder = xor::Encoder::new();
            encoder.push(900, 9);
            (piece.n, piece.bytes) = (1, Arc::from(encoder.bytes()));
        }
        assert_eq!(newest(snapshot, 0, 1_000), Some((399, 7)));
    }

    #[test]
    fn memory_is_bounded_and_what_is_used_stays() {
        let mut known = Generations::default();
        let total = Total { at_ms: 0, value: Value::Number(1.0) };
        for number in 0..400_000_u64 {
            known.put(number.to_le_bytes().to_vec(), total.clone());
            known.put(b"used".to_vec(), total.clone());
        }
        let weights = known.young.iter().chain(&known.old).map(|(key, total)| weight(key, total));
        assert!(weights.sum::<usize>() <= MOST_BYTES + 2 * TOTAL_BYTES);
        assert!(known.get(b"used").is_some() && known.get(&0_u64.to_le_bytes()).is_none());
    }
}
