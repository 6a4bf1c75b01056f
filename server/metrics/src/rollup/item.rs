//! The buckets of one series as bytes: an item of a block, as the values of a series are one in a chunk.
//!
//! Five columns of integers ([`ints`]): start; first and last time less the start; count; whether the bucket ends stale. Then six columns of
//! values: last, first, least, greatest, sum, increase. Before each stands a byte. 0 to 4: the column is that earlier one over again, as a
//! counter's greatest value is its last. 254: the increases are the steps between the last values, and only the first one follows (eight
//! bytes, little-endian). 255: the column follows ([`column`]).

use crate::chunk::{byte, column, ints};
use crate::rollup::{Rolled, step};
use crate::wire::Reader;

/// Numbers before a column of values; all below are places of earlier columns.
const STEPS: u8 = 254;
const OWN: u8 = 255;
/// Places of columns of values.
const LAST: usize = 0;
const INCREASE: usize = 5;
const VALUES: usize = 6;

/// Bytes of an item of `n` buckets at most.
pub(super) fn most_bytes(n: usize) -> usize {
    column::most_bytes(n).saturating_mul(11)
}

/// The buckets, in the order given.
pub(super) fn encode(rolled: &[Rolled]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    put_integers(&mut out, rolled, |one| one.bucket_start);
    put_integers(&mut out, rolled, |one| one.first_at.wrapping_sub(one.bucket_start));
    put_integers(&mut out, rolled, |one| one.last_at.wrapping_sub(one.bucket_start));
    put_integers(&mut out, rolled, |one| one.count as i64);
    put_integers(&mut out, rolled, |one| i64::from(one.ends_stale));
    let columns: [Vec<u64>; VALUES] = [
        values(rolled, |one| one.last),
        values(rolled, |one| one.first),
        values(rolled, |one| one.min),
        values(rolled, |one| one.max),
        values(rolled, |one| one.sum),
        values(rolled, |one| one.increase),
    ];
    for place in 0..VALUES {
        put_values(&mut out, &columns, place);
    }
    out
}

fn put_integers(out: &mut Vec<u8>, rolled: &[Rolled], integer: impl Fn(&Rolled) -> i64) {
    let integers: Vec<i64> = rolled.iter().map(integer).collect();
    out.extend_from_slice(&ints::encode(&integers));
}

fn values(rolled: &[Rolled], value: impl Fn(&Rolled) -> f64) -> Vec<u64> {
    rolled.iter().map(|one| value(one).to_bits()).collect()
}

fn put_values(out: &mut Vec<u8>, columns: &[Vec<u64>; VALUES], place: usize) {
    let values: &[u64] = &columns[place];
    if let Some(same) = columns[..place].iter().position(|earlier| earlier.as_slice() == values) {
        return out.push(same as u8);
    }
    if place == INCREASE
        && let Some(first) = values.first().copied().filter(|first| steps(&columns[LAST], *first).as_deref() == Some(values))
    {
        out.push(STEPS);
        return out.extend_from_slice(&first.to_le_bytes());
    }
    out.push(OWN);
    out.extend_from_slice(&column::encode(values));
}

/// The first increase and the steps between the last values. `None` with a NaN among them, whose bits would be up to the processor.
fn steps(last: &[u64], first: u64) -> Option<Vec<u64>> {
    let mut increases: Vec<u64> = Vec::with_capacity(last.len());
    increases.push(first);
    for pair in last.windows(2) {
        // The sum with nothing dropped is part of how an increase is computed: it turns −0 into 0.
        let increase: f64 = step(f64::from_bits(pair[0]), f64::from_bits(pair[1])) + 0.0;
        if increase.is_nan() {
            return None;
        }
        increases.push(increase.to_bits());
    }
    Some(increases)
}

/// The `n` buckets of a whole item. `n` must be bounded by the caller.
pub(super) fn decode(bytes: &[u8], n: usize) -> Option<Vec<Rolled>> {
    let mut reader: Reader<'_> = Reader::new(bytes);
    let starts: Vec<i64> = ints::decode(&mut reader, n)?;
    let first_after: Vec<i64> = ints::decode(&mut reader, n)?;
    let last_after: Vec<i64> = ints::decode(&mut reader, n)?;
    let counts: Vec<i64> = ints::decode(&mut reader, n)?;
    let stale: Vec<i64> = ints::decode(&mut reader, n)?;
    let columns: Vec<Vec<u64>> = get_columns(&mut reader, n)?;
    let [last, first, min, max, sum, increase]: &[Vec<u64>; VALUES] = columns.first_chunk()?;
    let mut rolled: Vec<Rolled> = Vec::with_capacity(n);
    for (at, bucket_start) in starts.iter().copied().enumerate() {
        rolled.push(Rolled {
            bucket_start,
            first_at: bucket_start.wrapping_add(*first_after.get(at)?),
            last_at: bucket_start.wrapping_add(*last_after.get(at)?),
            min: value(min, at)?,
            max: value(max, at)?,
            sum: value(sum, at)?,
            count: *counts.get(at)? as u64,
            first: value(first, at)?,
            last: value(last, at)?,
            increase: value(increase, at)?,
            ends_stale: *stale.get(at)? != 0,
        });
    }
    reader.is_empty().then_some(rolled)
}

fn value(column: &[u64], at: usize) -> Option<f64> {
    column.get(at).copied().map(f64::from_bits)
}

fn get_columns(reader: &mut Reader<'_>, n: usize) -> Option<Vec<Vec<u64>>> {
    let mut columns: Vec<Vec<u64>> = Vec::with_capacity(VALUES);
    for place in 0..VALUES {
        let values: Vec<u64> = match byte(reader)? {
            OWN => column::decode(reader, n)?,
            STEPS if place == INCREASE && n > 0 => steps(columns.get(LAST)?, reader.u64_le()?)?,
            earlier => columns.get(usize::from(earlier))?.clone(),
        };
        columns.push(values);
    }
    Some(columns)
}
