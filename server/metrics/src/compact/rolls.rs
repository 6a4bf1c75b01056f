//! Roll-ups of one window in the making: steps of five minutes, and of an hour made of those.
//!
//! A step holds what came after its start up to its end, so the one that ends where a window begins lies in two windows, with the first
//! sample of the later one in its roll-ups. Who reads merges the two.

use crate::compact::bucket::bucket_of;
use crate::compact::build::Member;
use crate::duplicates::{Raw, STALE_NAN};
use crate::rollup::rows::{EncodedRolls, RollWriter};
use crate::rollup::{Rolled, fold, fold_rolled};
use crate::store::chunks::Names;

/// Steps of five minutes, as they are made of samples.
pub(crate) const NARROW_MS: i32 = 300_000;
/// Steps of an hour.
pub(crate) const WIDE_MS: i32 = 3_600_000;
/// A body of this size is closed …
const FULL_BYTES: usize = 96 << 10;
/// … and one of this size where the metric changes.
const FULL_AT_CHANGE_BYTES: usize = 16 << 10;

/// Roll-ups of several series, to be written.
#[derive(Debug)]
pub(crate) struct RollPiece {
    pub(crate) width_ms: i32,
    pub(crate) seq: i32,
    pub(crate) names: Names,
    pub(crate) rolls: EncodedRolls,
}

/// Gathers the roll-ups of one window.
pub(crate) struct Rolls {
    bucket: i64,
    narrow: RollRun,
    wide: RollRun,
}

impl Rolls {
    pub(crate) fn new(bucket: i64) -> Self {
        debug_assert_eq!(bucket_of(bucket), bucket);
        Self { bucket, narrow: RollRun::new(NARROW_MS), wide: RollRun::new(WIDE_MS) }
    }

    /// Takes one series: its samples of the window, and those known shortly before it. Series come by metric. Returns what is full.
    pub(crate) fn push(&mut self, member: &Member, times: &[i64], bits: &[u64], before: &[Raw]) -> Vec<RollPiece> {
        let value = before.iter().rev().find(|(_, bits)| *bits != STALE_NAN);
        let before: Option<(i64, f64)> = value.map(|(at, bits)| (*at, f64::from_bits(*bits)));
        let narrow: Vec<Rolled> = fold(times, bits, i64::from(NARROW_MS), before);
        let wide: Vec<Rolled> = fold_rolled(&narrow, i64::from(WIDE_MS));
        let name: &[u8] = member.name().as_bytes();
        let full = [self.narrow.push(name, member.id, &narrow), self.wide.push(name, member.id, &wide)];
        full.into_iter().flatten().collect()
    }

    /// As [`Rolls::push`], with the samples before the window and in it as one.
    pub(crate) fn push_samples(&mut self, member: &Member, samples: &[Raw]) -> Vec<RollPiece> {
        let first: usize = samples.partition_point(|(at, _)| *at < self.bucket);
        let (before, inside) = samples.split_at(first);
        if inside.is_empty() {
            return Vec::new();
        }
        let times: Vec<i64> = inside.iter().map(|(at, _)| *at).collect();
        let bits: Vec<u64> = inside.iter().map(|(_, bits)| *bits).collect();
        self.push(member, &times, &bits, before)
    }

    /// What is not full and has to be written all the same.
    pub(crate) fn close(&mut self) -> Vec<RollPiece> {
        [self.narrow.close(), self.wide.close()].into_iter().flatten().collect()
    }
}

/// The roll-ups of one width.
struct RollRun {
    width_ms: i32,
    seq: i32,
    open: Option<OpenRolls>,
}

struct OpenRolls {
    writer: RollWriter,
    names: Names,
}

impl RollRun {
    fn new(width_ms: i32) -> Self {
        Self { width_ms, seq: 0, open: None }
    }

    fn push(&mut self, name: &[u8], series_id: i64, rolled: &[Rolled]) -> Option<RollPiece> {
        let is_full: bool = self.open.as_ref().is_some_and(|open| open.is_full(name));
        let full: Option<RollPiece> = if is_full { self.close() } else { None };
        let open: &mut OpenRolls = self.open.get_or_insert_with(|| OpenRolls::new(name));
        open.writer.push(series_id, rolled);
        if open.names.last != name {
            open.names.last = name.to_vec();
        }
        full
    }

    fn close(&mut self) -> Option<RollPiece> {
        let open: OpenRolls = self.open.take()?;
        let seq: i32 = self.seq;
        self.seq += 1;
        Some(RollPiece { width_ms: self.width_ms, seq, names: open.names, rolls: open.writer.finish() })
    }
}

impl OpenRolls {
    fn new(name: &[u8]) -> Self {
        Self { writer: RollWriter::new(), names: Names { first: name.to_vec(), last: name.to_vec() } }
    }

    fn is_full(&self, name: &[u8]) -> bool {
        let bytes: usize = self.writer.bytes();
        bytes >= FULL_BYTES || (bytes >= FULL_AT_CHANGE_BYTES && self.names.last != name)
    }
}
