//! The head: the last hours of every series in memory, compressed.
//!
//! It is fed only with what is committed. Whatever order samples come in, the same samples come out, see
//! [`crate::duplicates`].

use std::sync::Arc;

use crate::duplicates::{Raw, sort_unique};
use crate::head::column::{Column, Inserted};
use crate::series::Slot;

mod column;

/// One sample on its way into the head.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeadSample {
    pub(crate) slot: Slot,
    pub(crate) at: i64,
    pub(crate) bits: u64,
}

/// All columns.
#[derive(Debug, Default)]
pub(crate) struct Head {
    columns: Vec<Option<Box<Column>>>,
    floor: i64,
    conflicts: u64,
}

/// How large the head is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct HeadSize {
    /// Series with a sample in the head.
    pub(crate) series: usize,
    /// Samples, as far as duplicates are folded.
    pub(crate) samples: u64,
    /// Bytes on the heap.
    pub(crate) bytes: usize,
}

/// A piece of a series' compressed samples, taken out under the lock and decoded outside.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) n: u32,
    pub(crate) bytes: Arc<[u8]>,
}

/// What a series had at one moment, still compressed.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) slot: Slot,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) late: Vec<Raw>,
}

impl Head {
    /// Empty; samples before `floor` are not taken.
    pub(crate) fn new(floor: i64) -> Self {
        Self { columns: Vec::new(), floor, conflicts: 0 }
    }

    /// From this time on (milliseconds) the head has every committed sample.
    pub(crate) fn floor(&self) -> i64 {
        self.floor
    }

    /// How many samples lost against another value of their time. Counted when they meet: at the newest sample at once, further back
    /// when late samples are folded in.
    pub(crate) fn conflicts(&self) -> u64 {
        self.conflicts
    }

    /// Takes one sample; older than the floor it is left to the batches.
    pub(crate) fn insert(&mut self, sample: HeadSample) {
        if sample.at < self.floor {
            return;
        }
        let at: usize = sample.slot as usize;
        if at >= self.columns.len() {
            self.columns.resize_with(at + 1, || None);
        }
        let column: &mut Column = self.columns[at].get_or_insert_with(|| Box::new(Column::new()));
        if let Inserted::Folded { conflicts } = column.insert(sample.at, sample.bits) {
            self.conflicts += conflicts;
        }
    }

    /// What may lie in `from..=to` of these series, and the floor that goes with it. Pieces reach beyond the borders.
    pub(crate) fn snapshot(&self, slots: &[Slot], from: i64, to: i64) -> (i64, Vec<Snapshot>) {
        let from: i64 = from.max(self.floor);
        let mut snapshots: Vec<Snapshot> = Vec::new();
        for &slot in slots {
            let Some(Some(column)) = self.columns.get(slot as usize) else { continue };
            let (pieces, late) = column.snapshot(from, to);
            if !pieces.is_empty() || !late.is_empty() {
                snapshots.push(Snapshot { slot, pieces, late });
            }
        }
        (self.floor, snapshots)
    }

    /// Raises the floor and frees what lies wholly below it.
    pub(crate) fn trim(&mut self, floor: i64) {
        self.floor = self.floor.max(floor);
        for slot in &mut self.columns {
            if slot.as_mut().is_some_and(|column| !column.trim(self.floor)) {
                *slot = None;
            }
        }
    }

    /// Whether a series has samples here.
    pub(crate) fn holds(&self, slot: Slot) -> bool {
        self.columns.get(slot as usize).is_some_and(Option::is_some)
    }

    /// The series that have samples here, in order.
    pub(crate) fn held(&self) -> Vec<Slot> {
        let slots = self.columns.iter().zip(0..).filter(|(column, _)| column.is_some());
        slots.map(|(_, slot)| slot).collect()
    }

    /// Walks over all columns: some milliseconds for half a million series.
    pub(crate) fn size(&self) -> HeadSize {
        let mut size = HeadSize { bytes: self.columns.capacity() * size_of::<Option<Box<Column>>>(), ..HeadSize::default() };
        for column in self.columns.iter().flatten() {
            size.series += 1;
            size.samples += column.n_samples();
            size.bytes += column.heap_bytes();
        }
        size
    }
}

impl Snapshot {
    /// How many samples it holds at most.
    pub(crate) fn n(&self) -> u64 {
        self.pieces.iter().map(|piece| u64::from(piece.n)).sum::<u64>() + self.late.len() as u64
    }

    /// The samples in `from..=to`, sorted, one per time.
    pub(crate) fn samples(&self, from: i64, to: i64) -> Vec<Raw> {
        let decoded = self.pieces.iter().flat_map(|piece| crate::xor::decode(&piece.bytes, piece.n));
        let mut samples: Vec<Raw> = decoded.filter(|(at, _)| (from..=to).contains(at)).collect();
        if !self.late.is_empty() {
            samples.extend(self.late.iter().filter(|(at, _)| (from..=to).contains(at)));
            sort_unique(&mut samples);
        }
        samples
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(head: &Head, slot: Slot) -> Vec<Raw> {
        let (_, snapshots) = head.snapshot(&[slot], i64::MIN, i64::MAX);
        snapshots.first().map_or_else(Vec::new, |snapshot| snapshot.samples(head.floor(), i64::MAX))
    }

    proptest! {
        #[test]
        fn the_head_gives_what_a_sorted_list_gives(arrivals in proptest::collection::vec((0_i64..400, 0_u64..4), 0..900)) {
            let mut head = Head::new(0);
            for &(at, bits) in &arrivals {
                head.insert(HeadSample { slot: 3, at, bits });
            }
            let mut expected: Vec<Raw> = arrivals;
            sort_unique(&mut expected);
            prop_assert_eq!(all(&head, 3), expected);
        }

        #[test]
        fn trimming_keeps_what_is_above_the_floor(arrivals in proptest::collection::vec((0_i64..400, 0_u64..4), 0..900), floor in 0_i64..500) {
            let mut head = Head::new(0);
            for &(at, bits) in &arrivals {
                head.insert(HeadSample { slot: 0, at, bits });
            }
            head.trim(floor);
            let mut expected: Vec<Raw> = arrivals.into_iter().filter(|(at, _)| *at >= floor).collect();
            sort_unique(&mut expected);
            prop_assert_eq!(head.holds(0), !expected.is_empty());
            prop_assert_eq!(all(&head, 0), expected);
        }
    }

    #[test]
    fn a_conflict_at_the_newest_sample_is_counted_and_an_equal_one_is_not() {
        let mut head = Head::new(0);
        for bits in [5, 5, 9, 7] {
            head.insert(HeadSample { slot: 0, at: 10, bits });
        }
        assert_eq!(all(&head, 0), [(10, 9)]);
        assert_eq!(head.conflicts(), 2);
    }

    #[test]
    fn size_counts_series_and_samples() {
        let mut head = Head::new(0);
        for at in 0..300 {
            head.insert(HeadSample { slot: 1, at, bits: 1 });
        }
        let size: HeadSize = head.size();
        assert_eq!((size.series, size.samples), (1, 300));
        assert!(size.bytes > 0);
    }
}
