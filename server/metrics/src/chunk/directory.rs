//! The directory of a value chunk: which series it holds and where their values and times are.
//!
//! Sealed ([`sealed`]) it holds the table of blocks ([`Blocks`]), the number of series (LEB128), and five columns of integers ([`ints`]), in the
//! order of the items: ids, and the four numbers of their [`TimeRef`]s.

use std::collections::HashSet;

use crate::chunk::blocks::{Blocks, Opened, Slot};
use crate::chunk::{Damage, FORMAT, MOST_ENTRIES, MOST_SAMPLES, TimeRef, column, ints, sealed};
use crate::wire::{Reader, put_uvarint};

/// An expanded directory is not believed to be larger; a series takes some fifty bytes at the very most.
const MOST_BYTES: usize = 64 * MOST_ENTRIES;

/// One series of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) series_id: i64,
    pub(crate) times: TimeRef,
    slot: Slot,
}

/// A directory that was read.
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    blocks: Blocks,
    entries: Vec<Entry>,
    /// Bytes of each block's items at most, going by how many values they have.
    most: Vec<usize>,
}

/// The directory of series in the order of their items.
pub(super) fn encode(table: &[u8], series: &[(i64, TimeRef)]) -> Vec<u8> {
    let mut out: Vec<u8> = table.to_vec();
    put_uvarint(&mut out, series.len() as u64);
    let ids: Vec<i64> = series.iter().map(|(series_id, _)| *series_id).collect();
    out.extend_from_slice(&ints::encode(&ids));
    put_numbers(&mut out, series.iter().map(|(_, times)| times.part));
    put_numbers(&mut out, series.iter().map(|(_, times)| times.column));
    put_numbers(&mut out, series.iter().map(|(_, times)| times.start));
    put_numbers(&mut out, series.iter().map(|(_, times)| times.len));
    sealed::seal(&out)
}

fn put_numbers(out: &mut Vec<u8>, numbers: impl Iterator<Item = u32>) {
    let numbers: Vec<i64> = numbers.map(i64::from).collect();
    out.extend_from_slice(&ints::encode(&numbers));
}

impl Directory {
    /// Reads a directory.
    pub(crate) fn parse(format: i16, dir: &[u8]) -> Result<Self, Damage> {
        if format != FORMAT {
            return Err(Damage::Format(format));
        }
        let bytes: Vec<u8> = sealed::open(dir, MOST_BYTES)?;
        Self::read(&mut Reader::new(&bytes)).ok_or(Damage::Columns)
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let blocks: Blocks = Blocks::read(reader)?;
        let n: usize = usize::try_from(reader.uvarint()?).ok()?;
        if n > MOST_ENTRIES {
            return None;
        }
        let slots: Vec<Slot> = blocks.slots(n)?;
        let ids: Vec<i64> = ints::decode(reader, n)?;
        let times: Vec<TimeRef> = read_times(reader, n)?;
        if !reader.is_empty() {
            return None;
        }
        let mut entries: Vec<Entry> = Vec::with_capacity(n);
        for ((series_id, times), slot) in ids.into_iter().zip(times).zip(slots) {
            entries.push(Entry { series_id, times, slot });
        }
        let most: Vec<usize> = most_bytes(&entries)?;
        // Stable, so that stretches of one series stay in the order they were given in.
        entries.sort_by_key(|entry| entry.series_id);
        Some(Self { blocks, entries, most })
    }

    /// The series, by ascending id.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The bits of the wanted series that are here, in the order they were written in. Blocks without one are not looked at.
    pub(crate) fn values(&self, body: &[u8], wanted: &HashSet<i64>) -> Result<Vec<(Entry, Vec<u64>)>, Damage> {
        let mut entries: Vec<Entry> = self.entries.iter().filter(|entry| wanted.contains(&entry.series_id)).copied().collect();
        entries.sort_unstable_by_key(|entry| entry.slot);
        let mut found: Vec<(Entry, Vec<u64>)> = Vec::with_capacity(entries.len());
        for of_block in entries.chunk_by(|left, right| left.slot.block == right.slot.block) {
            let block: usize = of_block[0].slot.block;
            let opened: Opened = self.blocks.open(body, block, self.most.get(block).copied().unwrap_or(0))?;
            for entry in of_block {
                found.push((*entry, values_of(&opened, entry).ok_or(Damage::Columns)?));
            }
        }
        Ok(found)
    }
}

fn values_of(opened: &Opened, entry: &Entry) -> Option<Vec<u64>> {
    let mut reader: Reader<'_> = Reader::new(opened.item(entry.slot.item)?);
    let bits: Vec<u64> = column::decode(&mut reader, entry.times.len as usize)?;
    reader.is_empty().then_some(bits)
}

fn read_times(reader: &mut Reader<'_>, n: usize) -> Option<Vec<TimeRef>> {
    let parts: Vec<u32> = get_numbers(reader, n)?;
    let columns: Vec<u32> = get_numbers(reader, n)?;
    let starts: Vec<u32> = get_numbers(reader, n)?;
    let lens: Vec<u32> = get_numbers(reader, n)?;
    let places = parts.into_iter().zip(columns).zip(starts.into_iter().zip(lens));
    Some(places.map(|((part, column), (start, len))| TimeRef { part, column, start, len }).collect())
}

fn get_numbers(reader: &mut Reader<'_>, n: usize) -> Option<Vec<u32>> {
    let numbers: Vec<i64> = ints::decode(reader, n)?;
    numbers.into_iter().map(|number| u32::try_from(number).ok()).collect()
}

/// By block; entries are in the order of the blocks. `None` when all together claim more samples than are believed.
fn most_bytes(entries: &[Entry]) -> Option<Vec<usize>> {
    let mut most: Vec<usize> = Vec::new();
    let mut n_samples: usize = 0;
    for entry in entries {
        let n: usize = entry.times.len as usize;
        n_samples = n_samples.checked_add(n)?;
        if most.len() <= entry.slot.block {
            most.resize(entry.slot.block + 1, 0);
        }
        if let Some(bytes) = most.last_mut() {
            *bytes += column::most_bytes(n);
        }
    }
    (n_samples <= MOST_SAMPLES).then_some(most)
}
