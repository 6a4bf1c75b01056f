//! Roll-ups of many series as one body, with its directory at the front.
//!
//! **Format 1001.** The size of the directory (LEB128), the directory, the blocks. The directory is sealed and holds the table of blocks, the
//! number of series (LEB128), and two columns of integers, in the order of the items: ids and numbers of buckets. An item is one
//! series ([`item`]). Sealing, blocks and integers are those of chunks.

use std::collections::HashSet;

use crate::chunk::blocks::{BlockWriter, Blocks, Opened, Slot};
use crate::chunk::{Damage, MOST_ENTRIES, ints, sealed};
use crate::rollup::{Rolled, item};
use crate::wire::{Reader, put_uvarint};

/// The format that is written; chunks count from 1, so that neither can be taken for the other.
pub(crate) const FORMAT: i16 = 1_001;
/// So many buckets in one body are believed: twice what [`RollWriter::bytes`] lets a caller gather.
const MOST_BUCKETS: usize = 1 << 22;
/// An expanded directory is not believed to be larger.
const MOST_BYTES: usize = 32 * MOST_ENTRIES;
/// Bytes a series takes in a directory, about.
const ENTRY_BYTES: usize = 4;
/// So many buckets count as a byte even when they take none: who reads a body of constants must hold all of them.
const BUCKETS_A_BYTE: usize = 16;

/// A finished body and what stands beside it in the row.
#[derive(Clone, Debug)]
pub(crate) struct EncodedRolls {
    /// Buckets of all series.
    pub(crate) n: usize,
    pub(crate) series: u32,
    pub(crate) format: i16,
    pub(crate) body: Vec<u8>,
}

/// Gathers the buckets of series. The caller closes it when [`RollWriter::bytes`] reaches 64 to 128 KiB.
pub(crate) struct RollWriter {
    blocks: BlockWriter,
    ids: Vec<i64>,
    counts: Vec<i64>,
    n: usize,
}

impl RollWriter {
    pub(crate) fn new() -> Self {
        Self { blocks: BlockWriter::new(), ids: Vec::new(), counts: Vec::new(), n: 0 }
    }

    /// Takes one series. Its buckets come in order; so do the series when they are read.
    pub(crate) fn push(&mut self, series_id: i64, rolled: &[Rolled]) {
        self.blocks.push(&item::encode(rolled));
        self.ids.push(series_id);
        self.counts.push(rolled.len() as i64);
        self.n += rolled.len();
    }

    /// The size so far, estimated where it is not known yet.
    pub(crate) fn bytes(&self) -> usize {
        let encoded: usize = self.blocks.bytes() + self.ids.len() * ENTRY_BYTES;
        encoded.max(self.n / BUCKETS_A_BYTE)
    }

    /// Closes the body.
    pub(crate) fn finish(self) -> EncodedRolls {
        let (mut dir, blocks): (Vec<u8>, Vec<u8>) = self.blocks.finish();
        put_uvarint(&mut dir, self.ids.len() as u64);
        dir.extend_from_slice(&ints::encode(&self.ids));
        dir.extend_from_slice(&ints::encode(&self.counts));
        let dir: Vec<u8> = sealed::seal(&dir);
        let mut body: Vec<u8> = Vec::with_capacity(dir.len() + blocks.len() + 4);
        put_uvarint(&mut body, dir.len() as u64);
        body.extend_from_slice(&dir);
        body.extend_from_slice(&blocks);
        EncodedRolls { n: self.n, series: self.ids.len() as u32, format: FORMAT, body }
    }
}

/// A body whose directory was read.
#[derive(Clone, Debug)]
pub(crate) struct RollReader<'a> {
    blocks: Blocks,
    entries: Vec<Entry>,
    body: &'a [u8],
}

/// One series of a body.
#[derive(Clone, Copy, Debug)]
struct Entry {
    series_id: i64,
    n: usize,
    slot: Slot,
}

impl<'a> RollReader<'a> {
    /// Reads the directory of a body.
    pub(crate) fn parse(format: i16, body: &'a [u8]) -> Result<Self, Damage> {
        if format != FORMAT {
            return Err(Damage::Format(format));
        }
        let mut reader: Reader<'a> = Reader::new(body);
        let dir: &'a [u8] = reader.delimited().ok_or(Damage::Checksum)?;
        let body: &'a [u8] = reader.take(reader.left()).ok_or(Damage::Columns)?;
        let bytes: Vec<u8> = sealed::open(dir, MOST_BYTES)?;
        let (blocks, entries): (Blocks, Vec<Entry>) = read(&mut Reader::new(&bytes)).ok_or(Damage::Columns)?;
        Ok(Self { blocks, entries, body })
    }

    /// The buckets of the wanted series that are here, in the order they were written in. Blocks without one are not looked at.
    pub(crate) fn series(&self, wanted: &HashSet<i64>) -> Result<Vec<(i64, Vec<Rolled>)>, Damage> {
        let mut found: Vec<(i64, Vec<Rolled>)> = Vec::new();
        for of_block in self.entries.chunk_by(|left, right| left.slot.block == right.slot.block) {
            if !of_block.iter().any(|entry| wanted.contains(&entry.series_id)) {
                continue;
            }
            let most: usize = of_block.iter().map(|entry| item::most_bytes(entry.n)).sum();
            let opened: Opened = self.blocks.open(self.body, of_block[0].slot.block, most)?;
            for entry in of_block.iter().filter(|entry| wanted.contains(&entry.series_id)) {
                let bytes: &[u8] = opened.item(entry.slot.item).ok_or(Damage::Columns)?;
                found.push((entry.series_id, item::decode(bytes, entry.n).ok_or(Damage::Columns)?));
            }
        }
        Ok(found)
    }
}

fn read(reader: &mut Reader<'_>) -> Option<(Blocks, Vec<Entry>)> {
    let blocks: Blocks = Blocks::read(reader)?;
    let n: usize = usize::try_from(reader.uvarint()?).ok()?;
    if n > MOST_ENTRIES {
        return None;
    }
    let slots: Vec<Slot> = blocks.slots(n)?;
    let ids: Vec<i64> = ints::decode(reader, n)?;
    let counts: Vec<i64> = ints::decode(reader, n)?;
    let mut entries: Vec<Entry> = Vec::with_capacity(n);
    let mut n_buckets: usize = 0;
    for ((series_id, count), slot) in ids.into_iter().zip(counts).zip(slots) {
        let n: usize = usize::try_from(count).ok()?;
        n_buckets = n_buckets.checked_add(n)?;
        entries.push(Entry { series_id, n, slot });
    }
    (n_buckets <= MOST_BUCKETS && reader.is_empty()).then_some((blocks, entries))
}
