//! The index: from labels to a series, and to the series that have a label. From matchers to series is [`crate::lookup`].
//!
//! `metric_series` is the truth; this is rebuilt from it at start and grows with every commit. A series has a *slot* here,
//! a small number that never changes and is never reused while the process lives, so that postings stay sorted by
//! appending; and an id in the database, by which batches name it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Bound;
use std::sync::Arc;

use crate::hash::{BuildMix, hash64};
use crate::labels;

/// A series' number in this process.
pub(crate) type Slot = u32;

/// Days since 1970-01-01, UTC.
pub(crate) type Day = i32;

/// The day of a moment in milliseconds since the Unix epoch.
pub(crate) fn day_of(at_ms: i64) -> Day {
    const DAY_MS: i64 = 86_400_000;
    i32::try_from(at_ms.div_euclid(DAY_MS)).unwrap_or(if at_ms < 0 { i32::MIN } else { i32::MAX })
}

/// One series.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// `metric_series.id`.
    pub(crate) id: i64,
    /// Canonical, see [`crate::labels`].
    pub(crate) labels: Arc<[u8]>,
    /// The newest `metric_series.last_day` that is known here; the table may be further.
    pub(crate) last_day: Day,
    /// The next series whose labels have the same hash.
    next: Option<Slot>,
}

type Postings = BTreeMap<Box<str>, Vec<Slot>>;

/// A value of a label, and how many series have it.
pub(crate) type ValueCount = (Box<str>, usize);

/// All series that are known.
#[derive(Debug)]
pub(crate) struct Index {
    seed: u64,
    entries: Vec<Option<Entry>>,
    by_hash: HashMap<u64, Slot, BuildMix>,
    by_id: HashMap<i64, Slot, BuildMix>,
    postings: HashMap<Box<str>, Postings>,
    n: usize,
}

impl Index {
    /// Empty. `seed` should differ from process to process, so that nobody can prepare labels that collide.
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, entries: Vec::new(), by_hash: HashMap::default(), by_id: HashMap::default(), postings: HashMap::new(), n: 0 }
    }

    /// How many series there are.
    pub(crate) fn len(&self) -> usize {
        self.n
    }

    /// The series in `slot`; `None` when it was forgotten.
    pub(crate) fn entry(&self, slot: Slot) -> Option<&Entry> {
        self.entries.get(slot as usize)?.as_ref()
    }

    /// The series with exactly these labels.
    pub(crate) fn find(&self, canonical: &[u8]) -> Option<Slot> {
        let mut slot: Slot = *self.by_hash.get(&hash64(self.seed, canonical))?;
        loop {
            let entry: &Entry = self.entry(slot)?;
            if *entry.labels == *canonical {
                return Some(slot);
            }
            slot = entry.next?;
        }
    }

    /// The series of a database id.
    pub(crate) fn find_id(&self, id: i64) -> Option<Slot> {
        self.by_id.get(&id).copied()
    }

    /// Takes in a series as it stands in the database. One that is known keeps its slot and learns its id and day.
    pub(crate) fn insert(&mut self, id: i64, canonical: &[u8], last_day: Day) -> Slot {
        if let Some(slot) = self.find(canonical) {
            self.renew(slot, id, last_day);
            return slot;
        }
        let slot: Slot = Slot::try_from(self.entries.len()).expect("four billion series do not fit into memory");
        let hash: u64 = hash64(self.seed, canonical);
        let next: Option<Slot> = self.by_hash.insert(hash, slot);
        self.entries.push(Some(Entry { id, labels: Arc::from(canonical), last_day, next }));
        self.by_id.insert(id, slot);
        for (name, value) in labels::pairs(canonical) {
            self.post(name, value, slot);
        }
        self.n += 1;
        slot
    }

    fn renew(&mut self, slot: Slot, id: i64, last_day: Day) {
        let Some(Some(entry)) = self.entries.get_mut(slot as usize) else { return };
        entry.last_day = entry.last_day.max(last_day);
        if entry.id != id {
            self.by_id.remove(&entry.id);
            entry.id = id;
            self.by_id.insert(id, slot);
        }
    }

    fn post(&mut self, name: &str, value: &str, slot: Slot) {
        if !self.postings.contains_key(name) {
            self.postings.insert(Box::from(name), Postings::new());
        }
        let Some(values) = self.postings.get_mut(name) else { return };
        match values.get_mut(value) {
            Some(slots) => slots.push(slot),
            None => {
                values.insert(Box::from(value), vec![slot]);
            }
        }
    }

    /// Remembers that the table knows `day` for these series.
    pub(crate) fn confirm(&mut self, slots: &[Slot], day: Day) {
        for &slot in slots {
            if let Some(Some(entry)) = self.entries.get_mut(slot as usize) {
                entry.last_day = entry.last_day.max(day);
            }
        }
    }

    /// Forgets series that the table has forgotten.
    pub(crate) fn remove(&mut self, slots: &[Slot]) {
        let gone: HashSet<Slot> = slots.iter().copied().collect();
        let mut touched: HashSet<(Box<str>, Box<str>)> = HashSet::new();
        for &slot in slots {
            let Some(entry) = self.unlink(slot) else { continue };
            touched.extend(labels::pairs(&entry.labels).map(|(name, value)| (Box::from(name), Box::from(value))));
            self.by_id.remove(&entry.id);
            self.n -= 1;
        }
        for (name, value) in touched {
            self.prune(&name, &value, &gone);
        }
    }

    /// Takes a series out of its slot and out of the chain of its hash.
    fn unlink(&mut self, slot: Slot) -> Option<Entry> {
        let entry: Entry = self.entries.get_mut(slot as usize)?.take()?;
        let hash: u64 = hash64(self.seed, &entry.labels);
        let head: Slot = *self.by_hash.get(&hash)?;
        if head == slot {
            match entry.next {
                Some(next) => self.by_hash.insert(hash, next),
                None => self.by_hash.remove(&hash),
            };
            return Some(entry);
        }
        let mut before: Slot = head;
        while let Some(Some(other)) = self.entries.get_mut(before as usize) {
            match other.next {
                Some(next) if next == slot => {
                    other.next = entry.next;
                    break;
                }
                Some(next) => before = next,
                None => break,
            }
        }
        Some(entry)
    }

    fn prune(&mut self, name: &str, value: &str, gone: &HashSet<Slot>) {
        let Some(values) = self.postings.get_mut(name) else { return };
        if let Some(slots) = values.get_mut(value) {
            slots.retain(|slot| !gone.contains(slot));
            if slots.is_empty() {
                values.remove(value);
            }
        }
        if values.is_empty() {
            self.postings.remove(name);
        }
    }

    /// The series that have this label with this value, in order of slot.
    pub(crate) fn posting(&self, name: &str, value: &str) -> &[Slot] {
        self.postings.get(name).and_then(|values| values.get(value)).map_or(&[][..], Vec::as_slice)
    }

    /// How many slots were given, those of forgotten series included.
    pub(crate) fn end(&self) -> usize {
        self.entries.len()
    }

    /// Every name of a label that a series has, sorted.
    pub(crate) fn label_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.postings.keys().map(|name| name.to_string()).collect();
        names.sort_unstable();
        names
    }

    /// The next `n` values of a label behind `after`, in order.
    pub(crate) fn values_after(&self, name: &str, after: Option<&str>, n: usize) -> Vec<ValueCount> {
        let Some(values) = self.postings.get(name) else { return Vec::new() };
        let from: Bound<&str> = after.map_or(Bound::Unbounded, Bound::Excluded);
        let behind = values.range::<str, (Bound<&str>, Bound<&str>)>((from, Bound::Unbounded));
        behind.take(n).map(|(value, slots)| (value.clone(), slots.len())).collect()
    }

    /// Series of which nothing newer than the days before `day` is known, with their database ids.
    pub(crate) fn last_seen_before(&self, day: Day) -> Vec<(Slot, i64)> {
        let entries = self.entries.iter().zip(0..).filter_map(|(entry, slot)| Some((slot, entry.as_ref()?)));
        entries.filter(|(_, entry)| entry.last_day < day).map(|(slot, entry)| (slot, entry.id)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(labels: &[(&str, &str)]) -> Vec<u8> {
        let mut out: Vec<u8> = Vec::new();
        for (name, value) in labels {
            labels::push(&mut out, name.as_bytes(), value.as_bytes());
        }
        out
    }

    fn index() -> Index {
        let mut index = Index::new(7);
        index.insert(10, &canonical(&[("__name__", "up"), ("job", "a")]), 5);
        index.insert(11, &canonical(&[("__name__", "up"), ("job", "b"), ("zone", "x")]), 6);
        index.insert(12, &canonical(&[("__name__", "down")]), 7);
        index
    }

    #[test]
    fn a_known_series_keeps_its_slot_and_a_forgotten_one_leaves_no_trace() {
        let mut index: Index = index();
        let labels: Vec<u8> = canonical(&[("__name__", "up"), ("job", "a")]);
        assert_eq!(index.insert(20, &labels, 9), 0);
        assert_eq!((index.find_id(10), index.find_id(20)), (None, Some(0)));
        assert_eq!(index.last_seen_before(8), [(1, 11), (2, 12)]);
        index.remove(&[0, 2]);
        assert_eq!(index.len(), 1);
        assert_eq!(index.find(&labels), None);
        assert_eq!(index.values_after("__name__", None, 10), [(Box::<str>::from("up"), 1)]);
        assert_eq!((index.posting("job", "b"), index.posting("job", "a")), (&[1][..], &[][..]));
        assert_eq!(index.label_names(), ["__name__", "job", "zone"]);
        assert_eq!(index.insert(21, &labels, 9), 3);
    }

    #[test]
    fn values_come_some_at_a_time() {
        let index: Index = index();
        assert_eq!(index.values_after("__name__", None, 1), [(Box::<str>::from("down"), 1)]);
        assert_eq!(index.values_after("__name__", Some("down"), 5), [(Box::<str>::from("up"), 2)]);
        assert!(index.values_after("__name__", Some("up"), 5).is_empty() && index.values_after("nothing", None, 5).is_empty());
    }

    #[test]
    fn series_of_one_hash_are_told_apart() {
        let mut index: Index = index();
        let (first, second) = (canonical(&[("__name__", "x")]), canonical(&[("__name__", "y")]));
        let slot: Slot = index.insert(30, &first, 1);
        // A collision made by hand: both hashes lead to the same chain.
        let hash: u64 = hash64(index.seed, &second);
        index.by_hash.insert(hash, slot);
        assert_eq!(index.find(&second), None);
        let other: Slot = index.insert(31, &second, 1);
        assert_ne!(slot, other);
        assert_eq!(index.find(&second), Some(other));
        assert_eq!(index.find(&first), Some(slot));
    }
}
