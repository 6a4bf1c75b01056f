//! Blocks: items of a few dozen series one behind the other, compressed together, and a table of them that is kept elsewhere.
//!
//! Expanded, a block is the sizes of its items (LEB128) and the items. The table says of each block how many items it has, its size, its
//! size when expanded, twice, and one more when it is compressed (LEB128 each), and its checksum (eight bytes), so that only blocks that
//! are wanted are read at all, and a table fits no other body than its own.

use std::ops::Range;

use crate::chunk::Damage;
use crate::chunk::sealed::{checksum, expand, squeeze};
use crate::chunk::weight::weigh;
use crate::wire::{Reader, put_uvarint};

/// A block is closed at this size. On procfs twice as much gained 13 %, a quarter cost 4 %; it is what must be expanded for a single series.
const FULL: usize = 64 << 10;
/// Bytes of an item's size at most.
const SIZE_BYTES: usize = 10;

/// Gathers items and closes blocks.
pub(crate) struct BlockWriter {
    sizes: Vec<u8>,
    items: Vec<u8>,
    n_items: u64,
    weight: usize,
    n_blocks: u64,
    table: Vec<u8>,
    body: Vec<u8>,
}

impl BlockWriter {
    pub(crate) fn new() -> Self {
        Self { sizes: Vec::new(), items: Vec::new(), n_items: 0, weight: 0, n_blocks: 0, table: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn push(&mut self, item: &[u8]) {
        put_uvarint(&mut self.sizes, item.len() as u64);
        self.items.extend_from_slice(item);
        self.n_items += 1;
        self.weight += weigh(item);
        if self.items.len() >= FULL {
            self.close();
        }
    }

    /// Bytes of the body so far; of the open block an estimate.
    pub(crate) fn bytes(&self) -> usize {
        self.body.len() + self.weight
    }

    fn close(&mut self) {
        if self.n_items == 0 {
            return;
        }
        self.sizes.append(&mut self.items);
        let squeezed: Option<Vec<u8>> = squeeze(&self.sizes);
        let block: &[u8] = squeezed.as_deref().unwrap_or(&self.sizes);
        put_uvarint(&mut self.table, self.n_items);
        put_uvarint(&mut self.table, block.len() as u64);
        put_uvarint(&mut self.table, ((self.sizes.len() as u64) << 1) | u64::from(squeezed.is_some()));
        self.table.extend_from_slice(&checksum(block).to_le_bytes());
        self.body.extend_from_slice(block);
        self.n_blocks += 1;
        self.sizes.clear();
        self.n_items = 0;
        self.weight = 0;
    }

    /// The table and the body.
    pub(crate) fn finish(mut self) -> (Vec<u8>, Vec<u8>) {
        self.close();
        let mut table: Vec<u8> = Vec::with_capacity(self.table.len() + SIZE_BYTES);
        put_uvarint(&mut table, self.n_blocks);
        table.extend_from_slice(&self.table);
        (table, self.body)
    }
}

/// The table of a body.
#[derive(Clone, Debug)]
pub(crate) struct Blocks {
    blocks: Vec<Block>,
    size: usize,
}

/// Where a block is and what it becomes.
#[derive(Clone, Debug)]
struct Block {
    n_items: usize,
    place: Range<usize>,
    expanded: usize,
    squeezed: bool,
    checksum: u64,
}

impl Blocks {
    /// Reads a table.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let n: usize = usize::try_from(reader.uvarint()?).ok()?;
        // A block's line takes at least eleven bytes: what claims more is not worth an allocation.
        if n > reader.left() / 11 {
            return None;
        }
        let mut blocks: Vec<Block> = Vec::with_capacity(n);
        let mut size: usize = 0;
        for _ in 0..n {
            let block: Block = Block::read(reader, size)?;
            size = block.place.end;
            blocks.push(block);
        }
        Some(Self { blocks, size })
    }

    /// Block and slot of each item in turn, when there are `n` of them.
    pub(crate) fn slots(&self, n: usize) -> Option<Vec<Slot>> {
        let mut total: usize = 0;
        for block in &self.blocks {
            total = total.checked_add(block.n_items)?;
        }
        if total != n {
            return None;
        }
        let of_block = |(block, line): (usize, &Block)| (0..line.n_items).map(move |item| Slot { block, item });
        Some(self.blocks.iter().enumerate().flat_map(of_block).collect())
    }

    /// Expands a block that may have `most` bytes then, not counting the sizes of items.
    pub(crate) fn open(&self, body: &[u8], block: usize, most: usize) -> Result<Opened, Damage> {
        let block: &Block = self.blocks.get(block).ok_or(Damage::Columns)?;
        if body.len() != self.size {
            return Err(Damage::Columns);
        }
        let bytes: &[u8] = body.get(block.place.clone()).ok_or(Damage::Columns)?;
        if checksum(bytes) != block.checksum {
            return Err(Damage::Checksum);
        }
        if block.expanded > most.saturating_add(block.n_items.saturating_mul(SIZE_BYTES)) {
            return Err(Damage::Compression);
        }
        let bytes: Vec<u8> = if block.squeezed { expand(bytes, block.expanded)? } else { bytes.to_vec() };
        Opened::new(bytes, block.n_items).ok_or(Damage::Columns)
    }
}

impl Block {
    fn read(reader: &mut Reader<'_>, start: usize) -> Option<Self> {
        let n_items: usize = usize::try_from(reader.uvarint()?).ok()?;
        let size: usize = usize::try_from(reader.uvarint()?).ok()?;
        let expanded: u64 = reader.uvarint()?;
        let checksum: u64 = reader.u64_le()?;
        Some(Self {
            n_items,
            place: start..start.checked_add(size)?,
            expanded: usize::try_from(expanded >> 1).ok()?,
            squeezed: expanded & 1 == 1,
            checksum,
        })
    }
}

/// Where an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot {
    pub(crate) block: usize,
    pub(crate) item: usize,
}

/// An expanded block.
#[derive(Debug)]
pub(crate) struct Opened {
    bytes: Vec<u8>,
    items: Vec<Range<usize>>,
}

impl Opened {
    fn new(bytes: Vec<u8>, n_items: usize) -> Option<Self> {
        if n_items > bytes.len() {
            return None;
        }
        let mut reader: Reader<'_> = Reader::new(&bytes);
        let mut sizes: Vec<usize> = Vec::with_capacity(n_items);
        for _ in 0..n_items {
            sizes.push(usize::try_from(reader.uvarint()?).ok()?);
        }
        let mut start: usize = bytes.len() - reader.left();
        let mut items: Vec<Range<usize>> = Vec::with_capacity(n_items);
        for size in sizes {
            let end: usize = start.checked_add(size)?;
            items.push(start..end);
            start = end;
        }
        (start == bytes.len()).then_some(Self { bytes, items })
    }

    /// The bytes of an item.
    pub(crate) fn item(&self, item: usize) -> Option<&[u8]> {
        self.bytes.get(self.items.get(item)?.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn write(items: &[Vec<u8>]) -> (Blocks, Vec<u8>) {
        let mut writer = BlockWriter::new();
        items.iter().for_each(|item| writer.push(item));
        let (table, body): (Vec<u8>, Vec<u8>) = writer.finish();
        (Blocks::read(&mut Reader::new(&table)).unwrap(), body)
    }

    fn read(blocks: &Blocks, body: &[u8], n: usize, most: usize) -> Result<Vec<Vec<u8>>, Damage> {
        let slots: Vec<Slot> = blocks.slots(n).ok_or(Damage::Columns)?;
        let item = |slot: &Slot| {
            let opened: Opened = blocks.open(body, slot.block, most)?;
            opened.item(slot.item).map(<[u8]>::to_vec).ok_or(Damage::Columns)
        };
        slots.iter().map(item).collect()
    }

    proptest! {
        #[test]
        fn items_come_back_over_several_blocks(items in proptest::collection::vec((any::<u8>(), 0_usize..40_000), 0..12)) {
            let items: Vec<Vec<u8>> = items.into_iter().map(|(byte, n)| vec![byte; n]).collect();
            let (blocks, body) = write(&items);
            prop_assert_eq!(read(&blocks, &body, items.len(), 1 << 20), Ok(items));
        }

        #[test]
        fn damaged_tables_never_panic(table: Vec<u8>, body: Vec<u8>) {
            if let Some(blocks) = Blocks::read(&mut Reader::new(&table)) {
                let _: Result<Opened, Damage> = blocks.open(&body, 0, 10_000);
            }
            let _: Option<Opened> = Opened::new(body, table.len());
        }
    }

    #[test]
    fn a_block_fits_only_its_own_table() {
        let (blocks, mut body) = write(&[vec![1, 2, 3], vec![4]]);
        assert_eq!(blocks.slots(3), None);
        assert_eq!(read(&blocks, &body, 2, 4), Ok(vec![vec![1, 2, 3], vec![4]]));
        body[1] ^= 1;
        assert_eq!(read(&blocks, &body, 2, 4), Err(Damage::Checksum));
        body.pop();
        assert_eq!(read(&blocks, &body, 2, 4), Err(Damage::Columns));
    }

    #[test]
    fn a_block_larger_than_its_items_can_be_is_refused() {
        let (blocks, body) = write(&[vec![0; 50_000]]);
        assert!(body.len() < 200);
        assert_eq!(read(&blocks, &body, 1, 100), Err(Damage::Compression));
    }
}
