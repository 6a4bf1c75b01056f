//! Whole chunks: what was written comes back, and damage is refused.

mod sizes;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use proptest::prelude::*;

use super::*;
use crate::duplicates::STALE_NAN;

/// The samples of one series.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Column {
    series_id: i64,
    times: Vec<i64>,
    bits: Vec<u64>,
}

/// A value chunk and the time parts it refers to.
struct Whole {
    chunk: EncodedChunk,
    parts: Vec<Vec<u8>>,
}

fn write(columns: &[Column]) -> Whole {
    let mut times = TimesWriter::new();
    let mut chunk = ChunkWriter::new();
    for column in columns {
        chunk.push(column.series_id, times.intern(&column.times), &column.bits);
    }
    let all = || columns.iter().flat_map(|column| column.times.iter().copied());
    let (tmin, tmax): (i64, i64) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
    Whole { chunk: chunk.finish(tmin, tmax), parts: times.finish() }
}

/// The wanted columns, read back.
fn read(whole: &Whole, wanted: &HashSet<i64>) -> Result<Vec<Column>, Damage> {
    let directory: Directory = Directory::parse(whole.chunk.format, &whole.chunk.dir)?;
    let mut parts: BTreeMap<u32, TimesPart> = BTreeMap::new();
    let numbers: BTreeSet<u32> = directory.entries().iter().map(|entry| entry.times.part).collect();
    for number in numbers {
        let body: &Vec<u8> = whole.parts.get(number as usize).ok_or(Damage::Columns)?;
        parts.insert(number, TimesPart::parse(body)?);
    }
    let mut columns: Vec<Column> = Vec::new();
    for (entry, bits) in directory.values(&whole.chunk.body, wanted)? {
        columns.push(Column { series_id: entry.series_id, times: times_of(&parts, entry.times)?, bits });
    }
    Ok(columns)
}

fn times_of(parts: &BTreeMap<u32, TimesPart>, at: TimeRef) -> Result<Vec<i64>, Damage> {
    let column: Vec<i64> = parts.get(&at.part).ok_or(Damage::Columns)?.column(at.column)?;
    let (start, len): (usize, usize) = (at.start as usize, at.len as usize);
    column.get(start..start + len).map(<[i64]>::to_vec).ok_or(Damage::Columns)
}

fn ids(columns: &[Column]) -> HashSet<i64> {
    columns.iter().map(|column| column.series_id).collect()
}

/// A column with times of some target, perhaps only from somewhere on or up to somewhere, and values of some kind.
fn column() -> impl Strategy<Value = Column> {
    let value = prop_oneof![
        any::<u64>(),
        (-100_000_i64..100_000).prop_map(|value| (value as f64 / 100.0).to_bits()),
        Just(1.0_f64.to_bits()),
        Just(STALE_NAN),
        Just((-0.0_f64).to_bits()),
        Just(f64::NEG_INFINITY.to_bits()),
    ];
    let stretch = (0_i64..3, 0_usize..20, 1_usize..40);
    (any::<i64>(), stretch, proptest::collection::vec(value, 60)).prop_map(|(series_id, (target, start, len), bits)| {
        let time = |n: usize| 1_700_000_000_000 + target * 1_111 + 15_000 * n as i64 + (n as i64 * 7 + target) % 5;
        let times: Vec<i64> = (start..start + len).map(time).collect();
        Column { series_id, bits: bits[..times.len()].to_vec(), times }
    })
}

proptest! {
    #[test]
    fn columns_come_back_bit_for_bit(columns in proptest::collection::vec(column(), 0..40)) {
        let whole: Whole = write(&columns);
        prop_assert_eq!(whole.chunk.n, columns.iter().map(|column| column.bits.len()).sum::<usize>());
        prop_assert_eq!(read(&whole, &ids(&columns)), Ok(columns));
    }

    #[test]
    fn a_flipped_bit_in_a_directory_is_noticed(
        columns in proptest::collection::vec(column(), 1..10), at: prop::sample::Index, bit in 0_u32..8,
    ) {
        let mut whole: Whole = write(&columns);
        let at: usize = at.index(whole.chunk.dir.len());
        whole.chunk.dir[at] ^= 1 << bit;
        prop_assert_eq!(read(&whole, &ids(&columns)), Err(Damage::Checksum));
    }

    #[test]
    fn a_flipped_bit_in_a_body_is_noticed(
        columns in proptest::collection::vec(column(), 1..10), at: prop::sample::Index, bit in 0_u32..8,
    ) {
        let mut whole: Whole = write(&columns);
        let at: usize = at.index(whole.chunk.body.len());
        whole.chunk.body[at] ^= 1 << bit;
        prop_assert_eq!(read(&whole, &ids(&columns)), Err(Damage::Checksum));
    }

    #[test]
    fn a_flipped_bit_in_a_time_part_is_noticed(
        columns in proptest::collection::vec(column(), 1..10), at: prop::sample::Index, bit in 0_u32..8,
    ) {
        let mut whole: Whole = write(&columns);
        let at: usize = at.index(whole.parts[0].len());
        whole.parts[0][at] ^= 1 << bit;
        prop_assert_eq!(read(&whole, &ids(&columns)), Err(Damage::Checksum));
    }

    #[test]
    fn bytes_under_a_fitting_checksum_never_panic(bytes: Vec<u8>, body: Vec<u8>) {
        if let Ok(directory) = Directory::parse(FORMAT, &sealed::seal(&bytes)) {
            let wanted: HashSet<i64> = directory.entries().iter().map(|entry| entry.series_id).collect();
            let _: Result<Vec<(Entry, Vec<u64>)>, Damage> = directory.values(&body, &wanted);
        }
        if let Ok(part) = TimesPart::parse(&sealed::signed(&bytes)) {
            let _: Result<Vec<i64>, Damage> = part.column(0);
        }
    }

    #[test]
    fn any_times_come_back(times in proptest::collection::btree_set(any::<i64>(), 1..200)) {
        let times: Vec<i64> = times.into_iter().collect();
        let mut writer = TimesWriter::new();
        prop_assert_eq!(writer.intern(&times), TimeRef { part: 0, column: 0, start: 0, len: times.len() as u32 });
        let part: TimesPart = TimesPart::parse(&writer.finish()[0]).unwrap();
        prop_assert_eq!(part.column(0), Ok(times));
        prop_assert_eq!(part.column(1), Err(Damage::Columns));
    }
}

#[test]
fn stretches_of_a_column_are_not_written_again() {
    let times: Vec<i64> = (0..480).map(|n| 1_700_000_000_000 + 15_000 * n + n % 3).collect();
    let other: Vec<i64> = times.iter().map(|time| time + 5).collect();
    let mut writer = TimesWriter::new();
    let whole = TimeRef { part: 0, column: 0, start: 0, len: 480 };
    assert_eq!(writer.intern(&times), whole);
    assert_eq!(writer.intern(&other), TimeRef { column: 1, ..whole });
    assert_eq!(writer.intern(&times), whole);
    assert_eq!(writer.intern(&other[100..]), TimeRef { column: 1, start: 100, len: 380, ..whole });
    assert_eq!(writer.intern(&times[..20]), TimeRef { len: 20, ..whole });
    assert_eq!(writer.intern(&times[7..9]), TimeRef { start: 7, len: 2, ..whole });
    let gap: Vec<i64> = [&times[..5], &times[6..]].concat();
    assert_eq!(writer.intern(&gap), TimeRef { column: 2, len: 479, ..whole });
    assert_eq!(writer.finish().len(), 1);
}

#[test]
fn many_columns_make_several_parts() {
    let mut writer = TimesWriter::new();
    let column = |n: i64| -> Vec<i64> { (0..400).map(|at| n + at * at * (n % 89 + 1)).collect() };
    let places: Vec<TimeRef> = (0..400).map(|n| writer.intern(&column(n))).collect();
    let parts: Vec<TimesPart> = writer.finish().iter().map(|body| TimesPart::parse(body).unwrap()).collect();
    assert!(parts.len() > 1);
    for (n, at) in places.iter().enumerate() {
        assert_eq!(parts[at.part as usize].column(at.column), Ok(column(n as i64)));
    }
}

#[test]
fn blocks_without_a_wanted_series_are_not_looked_at() {
    let noise = |seed: u64| -> Vec<u64> { (0..5_000_u64).map(|n| (n + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect() };
    let times: Vec<i64> = (0..5_000).collect();
    let columns: Vec<Column> =
        (0..6).map(|id| Column { series_id: id, times: times.clone(), bits: noise(id as u64 * 5_000) }).collect();
    let mut whole: Whole = write(&columns);
    whole.chunk.body[0] ^= 1;
    assert_eq!(read(&whole, &HashSet::from([5])), Ok(vec![columns[5].clone()]));
    assert_eq!(read(&whole, &HashSet::from([0, 5])), Err(Damage::Checksum));
    assert_eq!(read(&whole, &HashSet::from([77])), Ok(Vec::new()));
}

#[test]
fn claims_beyond_belief_are_refused_before_memory_is_taken() {
    let mut chunk = ChunkWriter::new();
    let times = TimeRef { part: 0, column: 0, start: 0, len: 3 };
    chunk.push(1, times, &[7; 3]);
    let chunk: EncodedChunk = chunk.finish(0, 2);
    let table: Vec<u8> = sealed::open(&chunk.dir, 1 << 20).unwrap();
    let table: &[u8] = &table[..TABLE_OF_ONE_BLOCK];
    let claim = directory::encode(table, &[(1, TimeRef { len: u32::MAX, ..times })]);
    assert_eq!(Directory::parse(FORMAT, &claim).err(), Some(Damage::Columns));
    let sound = directory::encode(table, &[(1, times)]);
    assert!(Directory::parse(FORMAT, &sound).is_ok());
    assert_eq!(Directory::parse(FORMAT + 1, &sound).err(), Some(Damage::Format(FORMAT + 1)));
}

/// The number of blocks; items, size and expanded size of the one; its checksum.
const TABLE_OF_ONE_BLOCK: usize = 1 + 3 + 8;
