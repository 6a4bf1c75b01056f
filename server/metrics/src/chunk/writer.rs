//! Writes value chunks.

use crate::chunk::blocks::BlockWriter;
use crate::chunk::{EncodedChunk, FORMAT, TimeRef, column, directory};

/// Bytes a series takes in a directory, about.
const ENTRY_BYTES: usize = 4;
/// So many samples count as a byte even when they take none: who reads a chunk of constants must hold all of them.
const SAMPLES_A_BYTE: usize = 32;

/// Gathers the values of series. The caller closes it when [`ChunkWriter::bytes`] reaches 64 to 128 KiB.
pub(crate) struct ChunkWriter {
    blocks: BlockWriter,
    series: Vec<(i64, TimeRef)>,
    n: usize,
}

impl ChunkWriter {
    pub(crate) fn new() -> Self {
        Self { blocks: BlockWriter::new(), series: Vec::new(), n: 0 }
    }

    /// Takes one series: as many bits of values as `times` has times. The order of series is kept in the body.
    pub(crate) fn push(&mut self, series_id: i64, times: TimeRef, bits: &[u64]) {
        debug_assert_eq!(times.len as usize, bits.len(), "values and times of series {series_id}");
        self.blocks.push(&column::encode(bits));
        self.series.push((series_id, times));
        self.n += bits.len();
    }

    /// The size so far, estimated where it is not known yet.
    pub(crate) fn bytes(&self) -> usize {
        let encoded: usize = self.blocks.bytes() + self.series.len() * ENTRY_BYTES;
        encoded.max(self.n / SAMPLES_A_BYTE)
    }

    /// Closes the chunk. `tmin` and `tmax` are the times of its oldest and newest sample.
    pub(crate) fn finish(self, tmin: i64, tmax: i64) -> EncodedChunk {
        let (table, body): (Vec<u8>, Vec<u8>) = self.blocks.finish();
        let dir: Vec<u8> = directory::encode(&table, &self.series);
        EncodedChunk { tmin, tmax, n: self.n, series: self.series.len() as u32, format: FORMAT, dir, body }
    }
}
