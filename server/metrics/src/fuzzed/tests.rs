//! The corpus of the fuzzers, replayed and mutated without them: nothing panics, nothing takes long.
//!
//! A file whose name begins with `bad` must be refused, every other one must make sense. What our own writers make today is mutated too.

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::*;
use crate::chunk::blocks::{Blocks, Opened};
use crate::chunk::{ChunkWriter, EncodedChunk, TimeRef};
use crate::duplicates::STALE_NAN;
use crate::rollup;

/// Mutations of each target's files, all together.
const VARIANTS: usize = 2_000;
/// No input here is long. It takes microseconds as a rule; what takes this long on the busiest machine would not have ended.
const LONGEST: Duration = Duration::from_secs(20);
/// What reads numbers is tried with these most.
const TELLING: [u8; 8] = [0, 1, 0x3f, 0x7f, 0x80, 0xc0, 0xfe, 0xff];
/// The largest LEB128 number.
const LARGEST: [u8; 10] = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];

/// A file of the corpus.
struct Seed {
    name: String,
    bytes: Vec<u8>,
}

fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name)
}

/// Names in a directory, sorted, so that every run is the same.
fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn corpus(target: &str) -> Vec<Seed> {
    let directory: PathBuf = directory("corpus").join(target);
    let seed = |name: String| Seed { bytes: fs::read(directory.join(&name)).unwrap(), name };
    names(&directory).into_iter().map(seed).collect()
}

/// Runs a target and says what the bytes were if it panics or takes too long.
fn run(target: &str, function: Target, bytes: &[u8]) -> bool {
    let since = Instant::now();
    let Ok(makes_sense) = catch_unwind(|| function(bytes)) else { panic!("{target} panicked at {bytes:02x?}") };
    assert!(since.elapsed() < LONGEST, "{target} took {:?} for {bytes:02x?}", since.elapsed());
    makes_sense
}

#[test]
fn every_target_has_a_fuzzer_and_a_corpus() {
    let expected: Vec<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert!(expected.is_sorted());
    assert_eq!(names(&directory("corpus")), expected);
    let fuzzers: Vec<String> = expected.iter().map(|name| format!("{name}.rs")).collect();
    assert_eq!(names(&directory("fuzz_targets")), fuzzers);
    let manifest: String = fs::read_to_string(directory("Cargo.toml")).unwrap();
    for name in &expected {
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name} stands in the manifest");
        let fuzzer: String = fs::read_to_string(directory("fuzz_targets").join(format!("{name}.rs"))).unwrap();
        assert!(fuzzer.contains(&format!("metrics::fuzzed::{name}(bytes)")), "{name} calls its function");
    }
}

#[test]
fn the_corpus_makes_sense_where_it_should() {
    for (target, function) in TARGETS {
        let seeds: Vec<Seed> = corpus(target);
        assert!(seeds.iter().any(|seed| !seed.name.starts_with("bad")), "{target} has something to begin with");
        for seed in seeds {
            let is_bad: bool = seed.name.starts_with("bad");
            assert_eq!(run(target, *function, &seed.bytes), !is_bad, "{target}/{}", seed.name);
        }
    }
}

#[test]
fn what_we_write_makes_sense() {
    for (target, function) in TARGETS {
        for bytes in written(target) {
            assert!(run(target, *function, &bytes), "{target}");
        }
    }
}

#[test]
fn mutations_of_the_corpus_never_panic() {
    for (target, function) in TARGETS {
        let mut seeds: Vec<Vec<u8>> = corpus(target).into_iter().map(|seed| seed.bytes).collect();
        seeds.extend(written(target));
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        for n in 0..VARIANTS {
            let mut bytes: Vec<u8> = seeds[n % seeds.len()].clone();
            for _ in 0..=dice.below(3) {
                mutate(&mut bytes, &seeds, &mut dice);
            }
            run(target, *function, &bytes);
        }
    }
}

/// Marsaglia's xorshift: the same numbers in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From 0 to `n` − 1; 0 when there is nothing to choose.
    fn below(&mut self, n: usize) -> usize {
        (self.roll() % (n.max(1) as u64)) as usize
    }

    /// A stretch of `bytes`, up to all of it.
    fn stretch(&mut self, bytes: &[u8]) -> Vec<u8> {
        let start: usize = self.below(bytes.len());
        let n: usize = self.below(bytes.len() - start + 1);
        bytes[start..start + n].to_vec()
    }
}

/// One change of one of eight kinds.
fn mutate(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], dice: &mut Dice) {
    let at: usize = dice.below(bytes.len());
    match dice.below(8) {
        0 => change(bytes, at, |byte| byte ^ 1),
        1 => {
            let bit: usize = dice.below(8);
            change(bytes, at, |byte| byte ^ (1 << bit));
        }
        2 => {
            let telling: u8 = TELLING[dice.below(TELLING.len())];
            change(bytes, at, |_| telling);
        }
        3 => bytes.truncate(at),
        4 => {
            let end: usize = (at + dice.below(16) + 1).min(bytes.len());
            bytes.drain(at.min(end)..end);
        }
        5 => {
            let again: Vec<u8> = dice.stretch(bytes);
            drop(bytes.splice(at..at, again));
        }
        6 => drop(bytes.splice(at..at, LARGEST)),
        _ => {
            let other: &Vec<u8> = &seeds[dice.below(seeds.len())];
            let other: Vec<u8> = dice.stretch(other);
            bytes.truncate(at);
            bytes.extend(other);
        }
    }
}

fn change(bytes: &mut [u8], at: usize, new: impl Fn(u8) -> u8) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte = new(*byte);
    }
}

#[test]
fn mutations_are_the_same_in_every_run_and_change_something() {
    let seeds: [Vec<u8>; 2] = [(0..100).collect(), vec![7; 30]];
    let all = || {
        let mut dice = Dice(1);
        let mut mutated: Vec<Vec<u8>> = Vec::new();
        for n in 0..200 {
            let mut bytes: Vec<u8> = seeds[n % 2].clone();
            mutate(&mut bytes, &seeds, &mut dice);
            mutated.push(bytes);
        }
        mutated
    };
    let changed: usize = all().iter().enumerate().filter(|(n, bytes)| **bytes != seeds[n % 2]).count();
    assert!(changed > 150, "{changed} of 200");
    assert_eq!(all(), all());
}

#[test]
fn a_target_that_panics_is_named_with_its_bytes() {
    let panics: Target = |bytes| bytes.is_empty() || unreachable!("as planted");
    let caught = catch_unwind(|| run("planted", panics, &[0xab])).unwrap_err();
    assert_eq!(caught.downcast_ref::<String>().map(String::as_str), Some("planted panicked at [ab]"));
}

/// What our own writers make for a target; nothing for the formats of others.
fn written(target: &str) -> Vec<Vec<u8>> {
    match target {
        "batch_body" => vec![batch_columns()],
        "chunk_directory" => vec![chunk_directory_bytes()],
        "chunk_times" => vec![times_part()],
        "chunk_values" => series().iter().map(|bits| with_count(bits.len(), &column::encode(bits))).collect(),
        "roll_ups" => series().iter().map(|bits| roll_item(bits)).collect(),
        _ => Vec::new(),
    }
}

/// Series whose values take each of the codings: one value, decimals, floats that are none, and noise.
fn series() -> Vec<Vec<u64>> {
    let decimal = |n: u64| if n == 40 { STALE_NAN } else { (n as f64 / 4.0).to_bits() };
    vec![
        vec![1.0_f64.to_bits(); 300],
        (0..120).map(decimal).collect(),
        (1..90).map(|n: u64| (1.0 / n as f64).to_bits()).collect(),
        (0..50).map(|n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect(),
    ]
}

fn times(n: usize) -> Vec<i64> {
    (0..n as i64).map(|n| 1_700_000_000_000 + 15_000 * n + n % 3).collect()
}

fn with_count(n: usize, rest: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = u16::try_from(n - 1).unwrap().to_le_bytes().to_vec();
    out.extend_from_slice(rest);
    out
}

fn batch_columns() -> Vec<u8> {
    let mut builder = Builder::new();
    for (series_id, bits) in (7..).zip(series()) {
        for (at, bits) in times(bits.len()).into_iter().zip(bits) {
            builder.push(BatchSample { series_id, at, bits });
        }
    }
    let encoded: Encoded = builder.finish().unwrap();
    snap::raw::Decoder::new().decompress_vec(&encoded.body[8..]).unwrap()
}

fn chunk_directory_bytes() -> Vec<u8> {
    let mut writer = ChunkWriter::new();
    for (series_id, bits) in (7..).zip(series()) {
        let len: u32 = u32::try_from(bits.len()).unwrap();
        writer.push(series_id, TimeRef { part: 0, column: 0, start: 0, len }, &bits);
    }
    let encoded: EncodedChunk = writer.finish(0, 1);
    sealed::open(&encoded.dir, MOST_BYTES).unwrap()
}

fn times_part() -> Vec<u8> {
    let mut writer = TimesWriter::new();
    writer.intern(&times(200));
    let drifting: Vec<i64> = (0..100_i64).map(|n| 60_000 * n + n * n).collect();
    writer.intern(&drifting);
    writer.finish()[0][8..].to_vec()
}

/// The item of a series rolled up to minutes.
fn roll_item(bits: &[u64]) -> Vec<u8> {
    let buckets: Vec<Rolled> = rollup::fold(&times(bits.len()), bits, 60_000, None);
    let body: Vec<u8> = rolls(&buckets);
    let mut reader: Reader<'_> = Reader::new(&body);
    let directory: Vec<u8> = sealed::open(reader.delimited().unwrap(), MOST_BYTES).unwrap();
    let blocks: Blocks = Blocks::read(&mut Reader::new(&directory)).unwrap();
    let opened: Opened = blocks.open(reader.take(reader.left()).unwrap(), 0, MOST_BYTES).unwrap();
    with_count(buckets.len(), opened.item(0).unwrap())
}
