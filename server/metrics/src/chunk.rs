//! Chunks: the samples of a closed window, series by series, column by column. Pure; what is stored where is decided elsewhere.
//!
//! Times and values are kept apart. All series of a target are scraped at the same moments and share one *time column*; time columns
//! lie in *time parts*. Values lie in *value chunks*, in the order the caller gives (by name, then labels), so that a query for one
//! metric reads that metric's values only.
//!
//! A **time part** is its checksum, a version, the lengths of its columns, and the columns ([`times`]). A column can be read alone. It
//! is a regular grid, or steps, and what deviates from that, bit-packed by sixty-four ([`pack`]).
//!
//! A **value chunk** is a directory and a body. The body is blocks of about 64 KiB, each compressed by zstd as a whole; the directory
//! ([`directory`]) names the series, their stretch of a time column, their block, and the blocks' checksums. A block holds
//! one item a series ([`column`]), coded by whichever of these is smallest:
//!
//! | tag | coding |
//! |---|---|
//! | 0 | constant: the eight bytes of the bits |
//! | 1 | decimal integers ([`decimal`]) as they are, as differences, or as differences of differences ([`ints`]) |
//! | 2 | XOR with the value before |
//! | 3 | the bits themselves |
//!
//! Within a coding the least significant bytes of all values come first, then the next ones ([`planes`]): bytes of a kind lie side
//! by side for the entropy coder, and reading has no branches. Measured on 480 samples of 1,420 series of procfs, 218 of them varying: 0.52
//! bytes a varying value, against 0.54 for varints of decimal differences in the same blocks and 1.01 for bit-packing.
//!
//! Everything comes back bit for bit. Damage is refused with [`Damage`], nothing panics, and no claim of a damaged input makes more
//! memory be taken than the constants here allow.

pub(crate) mod blocks;
pub(crate) mod column;
pub(crate) mod decimal;
pub(crate) mod directory;
pub(crate) mod ints;
mod pack;
mod planes;
pub(crate) mod sealed;
mod times;
mod weight;
mod writer;

#[cfg(test)]
mod tests;

use crate::wire::Reader;

pub(crate) use crate::batch::Damage;
pub(crate) use directory::{Directory, Entry};
pub(crate) use times::{TimesPart, TimesWriter};
pub(crate) use writer::ChunkWriter;

/// The format of value chunks that is written.
pub(crate) const FORMAT: i16 = 1;
/// So many series in one chunk are believed; a chunk of 128 KiB holds a few tens of thousands at most.
pub(crate) const MOST_ENTRIES: usize = 1 << 20;
/// So many samples in one chunk are believed: four times what [`ChunkWriter::bytes`] lets a caller gather, and twice what one series has
/// with a sample each millisecond of two hours.
pub(crate) const MOST_SAMPLES: usize = 1 << 24;

/// Where the times of a series are: `len` times from `start` on in a column of a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct TimeRef {
    pub(crate) part: u32,
    pub(crate) column: u32,
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// A finished chunk and what stands beside it in the row.
#[derive(Clone, Debug)]
pub(crate) struct EncodedChunk {
    pub(crate) tmin: i64,
    pub(crate) tmax: i64,
    /// Samples of all series.
    pub(crate) n: usize,
    pub(crate) series: u32,
    pub(crate) format: i16,
    pub(crate) dir: Vec<u8>,
    pub(crate) body: Vec<u8>,
}

/// The next byte.
pub(crate) fn byte(reader: &mut Reader<'_>) -> Option<u8> {
    reader.take(1)?.first().copied()
}
