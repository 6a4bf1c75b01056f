//! What the world hands to the room as bytes, one function each: for the fuzzers in `fuzz/`, and for the test that replays their corpus.
//!
//! Each takes any bytes, never panics, ends soon, and says whether the bytes made sense. What can be written again is, and must come back
//! as it was. Formats of our own stand under a checksum, which no fuzzer guesses: those functions take what is under it.

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use promql::ast::Expr;

use crate::allowance::{Allowance, Memory};
use crate::batch::{self, BatchSample, Builder, Damage, Encoded};
use crate::chunk::blocks::BlockWriter;
use crate::chunk::{self, Directory, Entry, TimesPart, TimesWriter, column, ints, sealed};
use crate::datadog;
use crate::exposition::{self, Format, Parsed};
use crate::hash::{CHECKSUM_SEED, hash64};
use crate::otlp::mapping::Mapped;
use crate::otlp::measurement::{Histogram, Value};
use crate::otlp::{self, Form};
use crate::remote_write::{self, Malformed, Note, Sink};
use crate::remote_write2;
use crate::rollup::Rolled;
use crate::rollup::rows::{self, RollReader, RollWriter};
use crate::sample::Reason;
use crate::wire::{Reader, put_uvarint};

/// What a compressed body may become here: enough for any corpus, little enough to be tried often.
const MOST_BYTES: usize = 1 << 20;
/// Values or buckets of a series here; both codings are told how many there are.
const MOST_VALUES: usize = 4_096;
/// Columns of a part that are read.
const MOST_COLUMNS: u32 = 64;
/// The series of a body that is made around an item.
const SERIES_ID: i64 = 1;

/// Takes any bytes, says whether they made sense.
pub type Target = fn(&[u8]) -> bool;

/// All of them by name, which is also that of the directory in `fuzz/corpus` and of the file in `fuzz/fuzz_targets`.
pub const TARGETS: &[(&str, Target)] = &[
    ("batch_body", batch_body),
    ("chunk_directory", chunk_directory),
    ("chunk_times", chunk_times),
    ("chunk_values", chunk_values),
    ("datadog_series", datadog_series),
    ("exposition_text", exposition_text),
    ("otlp_json", otlp_json),
    ("otlp_protobuf", otlp_protobuf),
    ("promql_text", promql_text),
    ("remote_write_1", remote_write_1),
    ("remote_write_2", remote_write_2),
    ("roll_ups", roll_ups),
];

/// A remote write 1.0 body, as it comes or without its snappy block.
#[must_use]
pub fn remote_write_1(bytes: &[u8]) -> bool {
    remote_write(bytes, remote_write::decode)
}

/// A remote write 2.0 body, as it comes or without its snappy block.
#[must_use]
pub fn remote_write_2(bytes: &[u8]) -> bool {
    remote_write(bytes, remote_write2::decode)
}

fn remote_write(bytes: &[u8], walk: fn(&[u8], &mut Seen) -> Result<(), Malformed>) -> bool {
    let taken = |body: &[u8]| {
        let mut seen = Seen::default();
        let outcome: Result<(), Malformed> = walk(body, &mut seen);
        // Whatever is handed over took at least a byte.
        assert!(seen.n <= body.len() as u64, "{} samples from {} bytes", seen.n, body.len());
        outcome.is_ok()
    };
    let expanded: bool = remote_write::decompress(bytes, MOST_BYTES).is_ok_and(|body| taken(&body));
    taken(bytes) || expanded
}

/// Counts samples, taken and refused.
#[derive(Debug, Default)]
struct Seen {
    n: u64,
}

impl Sink for Seen {
    fn series(&mut self, _labels: &[(&[u8], &[u8])]) {}

    fn sample(&mut self, _at: i64, _bits: u64) {
        self.n += 1;
    }

    fn refuse(&mut self, _reason: Reason, n: u64) {
        self.n = self.n.saturating_add(n);
    }

    fn bad_series(&mut self, _reason: Reason) {}

    fn note(&mut self, _note: Note<'_>) {}
}

/// An OTLP request in protobuf.
#[must_use]
pub fn otlp_protobuf(bytes: &[u8]) -> bool {
    measured(|allowance| otlp::read(Form::Protobuf, bytes, allowance).ok())
}

/// An OTLP request in JSON.
#[must_use]
pub fn otlp_json(bytes: &[u8]) -> bool {
    measured(|allowance| otlp::read(Form::Json, bytes, allowance).ok())
}

/// A body of Datadog's `POST /api/v2/series`.
#[must_use]
pub fn datadog_series(bytes: &[u8]) -> bool {
    measured(|allowance| datadog::read(bytes, allowance).ok())
}

fn measured(read: impl FnOnce(&mut Allowance) -> Option<Mapped>) -> bool {
    let Some(mapped) = read(&mut Memory::new().allowance()) else { return false };
    let n: u64 = mapped.measurements.len() as u64 + mapped.refused.n();
    assert_eq!(mapped.n, n, "every data point is taken or refused");
    for measurement in &mapped.measurements {
        let _doubled: Option<Value> = measurement.value.plus(&measurement.value);
        check_exponential(&measurement.value);
    }
    true
}

fn check_exponential(value: &Value) {
    let Value::Exponential(exponential) = value else { return };
    let histogram: Histogram = exponential.to_explicit();
    assert!(histogram.bounds.is_sorted_by(|left, right| left < right), "bounds increase");
    assert_eq!(histogram.counts.len(), histogram.bounds.len() + 1, "a count for each bound, and one beyond");
    assert!(histogram.bounds.len() + 3 <= value.n_series(), "as many series as were paid for");
}

/// An exposition, in Prometheus' format and in that of OpenMetrics.
#[must_use]
pub fn exposition_text(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let read = |format: Format| {
        let parsed: Option<Parsed> = exposition::parse(text, format).ok();
        for sample in parsed.iter().flat_map(|parsed| &parsed.samples) {
            assert!(!sample.labels.metric().is_empty(), "every sample has a name");
        }
        parsed.is_some()
    };
    let by_text: bool = read(Format::Text);
    read(Format::OpenMetrics) || by_text
}

/// The columns of a batch; also a compressed block of them, as it may be damaged.
#[must_use]
pub fn batch_body(bytes: &[u8]) -> bool {
    let damaged: Result<Vec<BatchSample>, Damage> = batch::decode(batch::FORMAT, &signed(bytes));
    let Ok(block) = snap::raw::Encoder::new().compress_vec(bytes) else { return false };
    let Ok(samples) = batch::decode(batch::FORMAT, &signed(&block)) else { return damaged.is_ok() };
    let mut builder = Builder::new();
    samples.iter().for_each(|sample| builder.push(*sample));
    let again: Option<Encoded> = builder.finish().ok();
    let again = again.and_then(|encoded| batch::decode(batch::FORMAT, &encoded.body).ok());
    assert_eq!(again, Some(samples), "a batch that was read can be written");
    true
}

/// The expanded directory of a value chunk; also sealed bytes, as they may be damaged.
#[must_use]
pub fn chunk_directory(bytes: &[u8]) -> bool {
    let _expanded: Result<Vec<u8>, Damage> = sealed::open(&signed(bytes), MOST_BYTES);
    let Ok(directory) = Directory::parse(chunk::FORMAT, &sealed::seal(bytes)) else { return false };
    assert!(directory.entries().is_sorted_by_key(|entry| entry.series_id), "series by ascending id");
    let wanted: HashSet<i64> = directory.entries().iter().map(|entry| entry.series_id).collect();
    let _values: Result<Vec<(Entry, Vec<u64>)>, Damage> = directory.values(&[], &wanted);
    true
}

/// The values of one series in a chunk: how many there are (two bytes, little-endian, and one more), and their column.
#[must_use]
pub fn chunk_values(bytes: &[u8]) -> bool {
    let Some((n, rest)) = counted(bytes) else { return false };
    let Some(bits) = column::decode(&mut Reader::new(rest), n) else { return false };
    assert_eq!(bits.len(), n, "as many values as were asked for");
    let again: Option<Vec<u64>> = column::decode(&mut Reader::new(&column::encode(&bits)), n);
    assert_eq!(again, Some(bits), "a column that was read can be written");
    true
}

/// A part with time columns.
#[must_use]
pub fn chunk_times(bytes: &[u8]) -> bool {
    let Ok(part) = TimesPart::parse(&signed(bytes)) else { return false };
    let columns: Vec<Vec<i64>> = (0..MOST_COLUMNS).filter_map(|column| part.column(column).ok()).collect();
    for times in &columns {
        let is_ascending: bool = times.is_sorted_by(|left, right| left < right);
        if is_ascending && !times.is_empty() {
            assert_eq!(rewritten(times).as_ref(), Some(times), "times that were read can be written");
        }
    }
    !columns.is_empty()
}

fn rewritten(times: &[i64]) -> Option<Vec<i64>> {
    let mut writer = TimesWriter::new();
    writer.intern(times);
    let bodies: Vec<Vec<u8>> = writer.finish();
    TimesPart::parse(bodies.first()?).ok()?.column(0).ok()
}

/// The buckets of one series: how many there are (two bytes, little-endian, and one more), and their item. Also the expanded directory of a
/// body of them.
#[must_use]
pub fn roll_ups(bytes: &[u8]) -> bool {
    let _read: Option<Vec<Rolled>> = rolled(&framed(bytes, &[]));
    let Some((n, item)) = counted(bytes) else { return false };
    let Some(buckets) = rolled(&around(n, item)) else { return false };
    assert_eq!(buckets.len(), n, "as many buckets as were asked for");
    let once: Vec<u8> = rolls(&buckets);
    let again: Vec<Rolled> = rolled(&once).expect("what was written can be read");
    assert_eq!(rolls(&again), once, "buckets that were read can be written");
    true
}

/// A sound body of one series that is this item.
fn around(n: usize, item: &[u8]) -> Vec<u8> {
    let mut writer = BlockWriter::new();
    writer.push(item);
    let (mut directory, blocks): (Vec<u8>, Vec<u8>) = writer.finish();
    put_uvarint(&mut directory, 1);
    directory.extend_from_slice(&ints::encode(&[SERIES_ID]));
    directory.extend_from_slice(&ints::encode(&[n as i64]));
    framed(&directory, &blocks)
}

fn framed(directory: &[u8], blocks: &[u8]) -> Vec<u8> {
    let directory: Vec<u8> = sealed::seal(directory);
    let mut body: Vec<u8> = Vec::new();
    put_uvarint(&mut body, directory.len() as u64);
    body.extend_from_slice(&directory);
    body.extend_from_slice(blocks);
    body
}

fn rolls(buckets: &[Rolled]) -> Vec<u8> {
    let mut writer = RollWriter::new();
    writer.push(SERIES_ID, buckets);
    writer.finish().body
}

/// The buckets of the first series, when the body is sound and it is the one.
fn rolled(body: &[u8]) -> Option<Vec<Rolled>> {
    let reader: RollReader<'_> = RollReader::parse(rows::FORMAT, body).ok()?;
    let found: Vec<(i64, Vec<Rolled>)> = reader.series(&HashSet::from([SERIES_ID])).ok()?;
    found.into_iter().next().map(|(_, buckets)| buckets)
}

/// An expression.
#[must_use]
pub fn promql_text(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let Ok(expr) = promql::parse(text) else { return false };
    let printed: String = expr.to_string();
    let again: Expr = promql::parse(&printed).expect("an expression that was printed can be read");
    assert_eq!(again.to_string(), printed, "an expression that was read is printed as it was");
    true
}

/// Puts a fitting checksum before the bytes.
fn signed(bytes: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = hash64(CHECKSUM_SEED, bytes).to_le_bytes().to_vec();
    out.extend_from_slice(bytes);
    out
}

/// Takes a number from 1 to [`MOST_VALUES`] off the front.
fn counted(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (head, rest): (&[u8; 2], &[u8]) = bytes.split_first_chunk()?;
    Some((usize::from(u16::from_le_bytes(*head)) % MOST_VALUES + 1, rest))
}
