//! The samples of one series in the head: closed chunks, an open one behind them, and a few late samples beside them.

use std::sync::Arc;

use crate::duplicates::{Raw, sort_unique, winner};
use crate::head::Piece;
use crate::xor::{Encoder, decode};

/// Samples of a closed chunk: half an hour at 15 s, as in Prometheus' head.
const CHUNK: u32 = 120;
/// So many late samples are kept beside the chunks before they are folded in. Folding decodes every chunk they touch, so
/// it has to be worth it; reading sorts them in, so it must not be put off for long.
const LATE: usize = 64;

/// Chunks are disjoint and sorted, the open one comes last. Late samples may lie anywhere and may repeat times of the chunks.
#[derive(Debug)]
pub(crate) struct Column {
    closed: Vec<Chunk>,
    open: Encoder,
    late: Vec<Raw>,
}

#[derive(Debug)]
struct Chunk {
    min: i64,
    max: i64,
    n: u32,
    bytes: Arc<[u8]>,
}

/// What an insertion did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inserted {
    /// Placed, without meeting another sample of its time so far.
    Placed,
    /// Met others; so many samples lost against a different value.
    Folded { conflicts: u64 },
}

impl Column {
    pub(crate) fn new() -> Self {
        Self { closed: Vec::new(), open: Encoder::new(), late: Vec::new() }
    }

    pub(crate) fn insert(&mut self, at: i64, bits: u64) -> Inserted {
        let newest: Option<Raw> = self.newest();
        if newest.is_none_or(|(last, _)| at > last) {
            self.push(at, bits);
            return Inserted::Placed;
        }
        if newest == Some((at, bits)) {
            return Inserted::Placed;
        }
        self.late.push((at, bits));
        if self.late.len() >= LATE || newest.is_some_and(|(last, _)| at == last) {
            return Inserted::Folded { conflicts: self.fold() };
        }
        Inserted::Placed
    }

    /// The newest sample of the chunks. The open chunk is never empty while a closed one exists: see [`Column::push`].
    fn newest(&self) -> Option<Raw> {
        (self.open.len() > 0).then(|| self.open.last())
    }

    /// Appends behind everything. A full chunk is closed only when the next sample comes.
    fn push(&mut self, at: i64, bits: u64) {
        if self.open.len() >= CHUNK {
            let full: Encoder = std::mem::replace(&mut self.open, Encoder::new());
            self.closed.push(Chunk { min: full.first_at(), max: full.last().0, n: full.len(), bytes: Arc::from(full.bytes()) });
        }
        self.open.push(at, bits);
    }

    /// Sorts the late samples into the chunks they touch and writes these anew.
    fn fold(&mut self) -> u64 {
        let mut samples: Vec<Raw> = std::mem::take(&mut self.late);
        let oldest: i64 = samples.iter().map(|(at, _)| *at).min().unwrap_or(i64::MAX);
        if let Some(conflicts) = self.replace_newest(&samples) {
            return conflicts;
        }
        let first: usize = self.closed.partition_point(|chunk| chunk.max < oldest);
        for chunk in self.closed.drain(first..) {
            samples.extend(decode(&chunk.bytes, chunk.n));
        }
        samples.extend(decode(self.open.bytes(), self.open.len()));
        let conflicts: u64 = sort_unique(&mut samples);
        self.open = Encoder::new();
        for (at, bits) in samples {
            self.push(at, bits);
        }
        conflicts
    }

    /// A lone late sample at the newest time that loses changes nothing, and nothing has to be written anew.
    fn replace_newest(&self, late: &[Raw]) -> Option<u64> {
        let &[(at, bits)] = late else { return None };
        let (last, kept) = self.newest()?;
        (at == last && winner(bits, kept) == kept).then_some(u64::from(bits != kept))
    }

    /// What may lie in `from..=to`.
    pub(crate) fn snapshot(&self, from: i64, to: i64) -> (Vec<Piece>, Vec<Raw>) {
        let touched = self.closed.iter().filter(|chunk| chunk.max >= from && chunk.min <= to);
        let mut pieces: Vec<Piece> = touched.map(|chunk| Piece { n: chunk.n, bytes: Arc::clone(&chunk.bytes) }).collect();
        let open: bool = self.open.len() > 0 && self.open.last().0 >= from && self.open.first_at() <= to;
        if open {
            pieces.push(Piece { n: self.open.len(), bytes: Arc::from(self.open.bytes()) });
        }
        let late: Vec<Raw> = self.late.iter().copied().filter(|(at, _)| (from..=to).contains(at)).collect();
        (pieces, late)
    }

    /// Frees chunks below `floor`; false when nothing above it is left.
    pub(crate) fn trim(&mut self, floor: i64) -> bool {
        self.closed.retain(|chunk| chunk.max >= floor);
        self.late.retain(|(at, _)| *at >= floor);
        // No late sample is newer than the newest of the chunks, so that one decides alone.
        self.newest().is_some_and(|(at, _)| at >= floor)
    }

    pub(crate) fn n_samples(&self) -> u64 {
        let closed: u64 = self.closed.iter().map(|chunk| u64::from(chunk.n)).sum();
        closed + u64::from(self.open.len()) + self.late.len() as u64
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let chunks: usize = self.closed.iter().map(|chunk| chunk.bytes.len() + 16).sum();
        let vectors: usize = self.closed.capacity() * size_of::<Chunk>() + self.late.capacity() * size_of::<Raw>();
        size_of::<Self>() + chunks + vectors + self.open.heap_bytes()
    }
}
