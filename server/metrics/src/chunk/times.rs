//! Time columns: each is written once for all series that share it, or a stretch of it.
//!
//! A part under its checksum is a version (one byte), the number of its columns and their sizes (LEB128 each), and the columns. A column is
//! the number of its times (LEB128); whether the rest deviates from a grid (0) or from a step (1, one byte); the first time and the
//! median step (zigzag LEB128 each); and what each time deviates by ([`pack`]). Scrapes wait for their next round moment, so that their
//! jitter does not add up: a grid suits them. What sleeps between pushes drifts: a step suits it.

use std::collections::HashMap;
use std::ops::Range;

use crate::chunk::{Damage, TimeRef, byte, ints, pack, sealed};
use crate::hash::{CHECKSUM_SEED, hash64};
use crate::wire::{Reader, put_uvarint, unzigzag, zigzag};

const VERSION: u8 = 1;
/// A part is closed at this size.
const FULL: usize = 64 << 10;
/// Columns that are remembered by one first or last time. More would be looked through in vain by series that share nothing.
const REMEMBERED: usize = 4;
const GRID: u8 = 0;
const STEPS: u8 = 1;

/// Gathers time columns.
pub(crate) struct TimesWriter {
    written: Vec<Written>,
    part_bytes: usize,
    by_hash: HashMap<u64, Vec<usize>>,
    by_first: HashMap<i64, Vec<usize>>,
    by_last: HashMap<i64, Vec<usize>>,
    /// The column looked at last, by its place in `written`: series of one target often come one behind the other.
    recent: Option<(usize, Vec<i64>)>,
}

/// A column that was written.
struct Written {
    part: u32,
    column: u32,
    first: i64,
    last: i64,
    n: usize,
    bytes: Vec<u8>,
}

impl TimesWriter {
    pub(crate) fn new() -> Self {
        Self {
            written: Vec::new(),
            part_bytes: 0,
            by_hash: HashMap::new(),
            by_first: HashMap::new(),
            by_last: HashMap::new(),
            recent: None,
        }
    }

    /// Where these times, ascending and at least one, are; writes them when no column has them yet.
    pub(crate) fn intern(&mut self, times: &[i64]) -> TimeRef {
        let (Some(first), Some(last)) = (times.first().copied(), times.last().copied()) else {
            return TimeRef::default();
        };
        if let Some(known) = self.recent.as_ref().map(|(place, _)| *place).and_then(|place| self.stretch(place, times)) {
            return known;
        }
        let hash: u64 = hash_of(times);
        for place in self.candidates(hash, first, last) {
            if let Some(known) = self.stretch(place, times) {
                return known;
            }
        }
        self.append(times, hash, first, last)
    }

    /// Columns that may have the times: the same ones, and ones that begin or end with them.
    fn candidates(&self, hash: u64, first: i64, last: i64) -> Vec<usize> {
        let lists = [self.by_hash.get(&hash), self.by_first.get(&first), self.by_last.get(&last)];
        lists.into_iter().flatten().flatten().copied().collect()
    }

    /// The stretch of a column that is these times.
    fn stretch(&mut self, place: usize, times: &[i64]) -> Option<TimeRef> {
        let first: i64 = *times.first()?;
        let last: i64 = *times.last()?;
        let written: &Written = self.written.get(place)?;
        if first < written.first || last > written.last || times.len() > written.n {
            return None;
        }
        let (part, column): (u32, u32) = (written.part, written.column);
        if self.recent.as_ref().is_none_or(|(recent, _)| *recent != place) {
            self.recent = Some((place, decode(&written.bytes)?));
        }
        let (_, known): &(usize, Vec<i64>) = self.recent.as_ref()?;
        let start: usize = known.binary_search(&first).ok()?;
        let same: bool = known.get(start..start + times.len())? == times;
        same.then_some(TimeRef { part, column, start: start as u32, len: times.len() as u32 })
    }

    fn append(&mut self, times: &[i64], hash: u64, first: i64, last: i64) -> TimeRef {
        let bytes: Vec<u8> = encode(times);
        let (part, column): (u32, u32) = self.next_place(bytes.len());
        let place: usize = self.written.len();
        self.written.push(Written { part, column, first, last, n: times.len(), bytes });
        remember(self.by_hash.entry(hash).or_default(), place);
        remember(self.by_first.entry(first).or_default(), place);
        remember(self.by_last.entry(last).or_default(), place);
        self.recent = Some((place, times.to_vec()));
        TimeRef { part, column, start: 0, len: times.len() as u32 }
    }

    /// Part and column of a new column of so many bytes.
    fn next_place(&mut self, n_bytes: usize) -> (u32, u32) {
        let Some(last) = self.written.last() else {
            self.part_bytes = n_bytes;
            return (0, 0);
        };
        if self.part_bytes + n_bytes > FULL {
            self.part_bytes = n_bytes;
            return (last.part + 1, 0);
        }
        self.part_bytes += n_bytes;
        (last.part, last.column + 1)
    }

    /// The parts by their number.
    pub(crate) fn finish(self) -> Vec<Vec<u8>> {
        self.written.chunk_by(|left, right| left.part == right.part).map(part_body).collect()
    }
}

fn remember(list: &mut Vec<usize>, place: usize) {
    if list.len() < REMEMBERED {
        list.push(place);
    }
}

fn hash_of(times: &[i64]) -> u64 {
    let mut bytes: Vec<u8> = Vec::with_capacity(8 * times.len());
    for time in times {
        bytes.extend_from_slice(&time.to_le_bytes());
    }
    hash64(CHECKSUM_SEED, &bytes)
}

fn part_body(columns: &[Written]) -> Vec<u8> {
    let mut out: Vec<u8> = vec![VERSION];
    put_uvarint(&mut out, columns.len() as u64);
    for column in columns {
        put_uvarint(&mut out, column.bytes.len() as u64);
    }
    for column in columns {
        out.extend_from_slice(&column.bytes);
    }
    sealed::signed(&out)
}

/// One column by the smaller of its two forms.
fn encode(times: &[i64]) -> Vec<u8> {
    let first: i64 = times.first().copied().unwrap_or(0);
    let step: i64 = ints::median(&ints::differences(times));
    let grid: Vec<u8> = encode_as(GRID, first, step, &from_grid(times, first, step));
    let steps: Vec<u8> = encode_as(STEPS, first, step, &from_step(times, first, step));
    if steps.len() < grid.len() { steps } else { grid }
}

fn encode_as(form: u8, first: i64, step: i64, deviations: &[i64]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    put_uvarint(&mut out, deviations.len() as u64);
    out.push(form);
    put_uvarint(&mut out, zigzag(first));
    put_uvarint(&mut out, zigzag(step));
    pack::put(&mut out, deviations);
    out
}

fn from_grid(times: &[i64], first: i64, step: i64) -> Vec<i64> {
    let mut round: i64 = first;
    let mut deviations: Vec<i64> = Vec::with_capacity(times.len());
    for time in times {
        deviations.push(time.wrapping_sub(round));
        round = round.wrapping_add(step);
    }
    deviations
}

fn from_step(times: &[i64], first: i64, step: i64) -> Vec<i64> {
    let mut before: i64 = first.wrapping_sub(step);
    let mut deviations: Vec<i64> = Vec::with_capacity(times.len());
    for time in times {
        deviations.push(time.wrapping_sub(before).wrapping_sub(step));
        before = *time;
    }
    deviations
}

fn decode(bytes: &[u8]) -> Option<Vec<i64>> {
    let mut reader: Reader<'_> = Reader::new(bytes);
    let n: usize = usize::try_from(reader.uvarint()?).ok()?;
    let form: u8 = byte(&mut reader)?;
    let first: i64 = unzigzag(reader.uvarint()?);
    let step: i64 = unzigzag(reader.uvarint()?);
    let mut times: Vec<i64> = pack::get(&mut reader, n)?;
    match form {
        GRID => onto_grid(&mut times, first, step),
        STEPS => onto_steps(&mut times, first, step),
        _ => return None,
    }
    reader.is_empty().then_some(times)
}

fn onto_grid(deviations: &mut [i64], first: i64, step: i64) {
    let mut round: i64 = first;
    for time in deviations {
        *time = time.wrapping_add(round);
        round = round.wrapping_add(step);
    }
}

fn onto_steps(deviations: &mut [i64], first: i64, step: i64) {
    let mut before: i64 = first.wrapping_sub(step);
    for time in deviations {
        before = before.wrapping_add(step).wrapping_add(*time);
        *time = before;
    }
}

/// A part that was read; its columns are decoded one by one.
#[derive(Clone, Debug)]
pub(crate) struct TimesPart {
    bytes: Vec<u8>,
    columns: Vec<Range<usize>>,
}

impl TimesPart {
    /// Verifies a part and finds its columns.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, Damage> {
        let bytes: Vec<u8> = sealed::verified(body)?.to_vec();
        let version: u8 = bytes.first().copied().ok_or(Damage::Columns)?;
        if version != VERSION {
            return Err(Damage::Format(i16::from(version)));
        }
        let columns: Vec<Range<usize>> = places(&bytes).ok_or(Damage::Columns)?;
        Ok(Self { bytes, columns })
    }

    /// The times of a column.
    pub(crate) fn column(&self, n: u32) -> Result<Vec<i64>, Damage> {
        let place: Range<usize> = self.columns.get(n as usize).cloned().ok_or(Damage::Columns)?;
        self.bytes.get(place).and_then(decode).ok_or(Damage::Columns)
    }
}

/// Where the columns are.
fn places(bytes: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut reader: Reader<'_> = Reader::new(bytes.get(1..)?);
    let n: usize = usize::try_from(reader.uvarint()?).ok()?;
    if n > reader.left() {
        return None;
    }
    let mut sizes: Vec<usize> = Vec::with_capacity(n);
    for _ in 0..n {
        sizes.push(usize::try_from(reader.uvarint()?).ok()?);
    }
    let mut start: usize = bytes.len() - reader.left();
    let mut places: Vec<Range<usize>> = Vec::with_capacity(n);
    for size in sizes {
        let end: usize = start.checked_add(size)?;
        places.push(start..end);
        start = end;
    }
    (start == bytes.len()).then_some(places)
}
