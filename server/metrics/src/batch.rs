//! The body of one batch: what a commit writes and every head is fed from.
//!
//! **Format 1.** Eight bytes checksum ([`hash64`] of the rest, little-endian), then a snappy block that holds, one behind the other:
//!
//! | what | how |
//! |---|---|
//! | number of runs, number of samples | LEB128 each |
//! | series id of each run | zigzag LEB128 of the difference to the run before |
//! | samples in each run, at least 1 | LEB128 |
//! | time of each sample, ms | zigzag LEB128 of the difference to the sample before |
//! | value of each sample | LEB128 of `zigzag(m) << 3 \| e` for m / 10^e with e in 0..=6; or the byte 7 and the eight bytes of the bits |
//!
//! A run is a stretch of samples of one series; a series may have several. Order is the order of arrival. Values keep all
//! their bits: the decimal form is taken only when it gives them back. Decoding refuses damage with [`Damage`] and never panics.
//! A new format gets a new number; every number ever written stays readable until its partitions are dropped.

use crate::hash::{CHECKSUM_SEED, hash64};
use crate::wire::{Reader, put_uvarint, unzigzag, zigzag};

/// The format that is written.
pub(crate) const FORMAT: i16 = 1;

/// More is not believed, however sound the rest looks: a commit gathers far less.
const LARGEST_BYTES: usize = 256 << 20;
/// Powers of ten are exact, and so is a division of two exact numbers that has an exact or nearest result.
const POWERS: [f64; 7] = [1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0, 1_000_000.0];
/// Above 2⁵³ integers have gaps.
const LARGEST_MANTISSA: f64 = 9_007_199_254_740_992.0;
/// Stands where an exponent would and says that eight bytes follow.
const RAW: u64 = 7;

/// One sample with the database id of its series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BatchSample {
    pub(crate) series_id: i64,
    pub(crate) at: i64,
    pub(crate) bits: u64,
}

/// Why a body can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// Written by a newer release, or not by us.
    #[error("format {0} is unknown")]
    Format(i16),
    /// Bytes were changed or cut.
    #[error("the checksum does not fit")]
    Checksum,
    /// The snappy block can't be expanded, or would be too large.
    #[error("the compressed block is broken")]
    Compression,
    /// Columns end early, late or disagree.
    #[error("the columns do not add up")]
    Columns,
}

/// A finished body and what stands beside it in the row.
#[derive(Clone, Debug)]
pub(crate) struct Encoded {
    pub(crate) tmin: i64,
    pub(crate) tmax: i64,
    pub(crate) n: usize,
    pub(crate) body: Vec<u8>,
}

/// Gathers samples column by column.
#[derive(Debug)]
pub(crate) struct Builder {
    ids: Vec<u8>,
    counts: Vec<u8>,
    times: Vec<u8>,
    values: Vec<u8>,
    runs: u64,
    n: u64,
    run_id: i64,
    run_count: u64,
    last_at: i64,
    tmin: i64,
    tmax: i64,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            ids: Vec::new(),
            counts: Vec::new(),
            times: Vec::new(),
            values: Vec::new(),
            runs: 0,
            n: 0,
            run_id: 0,
            run_count: 0,
            last_at: 0,
            tmin: i64::MAX,
            tmax: i64::MIN,
        }
    }

    pub(crate) fn push(&mut self, sample: BatchSample) {
        if self.run_count == 0 || sample.series_id != self.run_id {
            self.begin_run(sample.series_id);
        }
        self.run_count += 1;
        self.n += 1;
        put_uvarint(&mut self.times, zigzag(sample.at.wrapping_sub(self.last_at)));
        put_value(&mut self.values, sample.bits);
        self.last_at = sample.at;
        self.tmin = self.tmin.min(sample.at);
        self.tmax = self.tmax.max(sample.at);
    }

    fn begin_run(&mut self, series_id: i64) {
        self.end_run();
        put_uvarint(&mut self.ids, zigzag(series_id.wrapping_sub(self.run_id)));
        self.run_id = series_id;
        self.runs += 1;
    }

    fn end_run(&mut self) {
        if self.run_count > 0 {
            put_uvarint(&mut self.counts, self.run_count);
        }
        self.run_count = 0;
    }

    /// Closes the columns and compresses them.
    pub(crate) fn finish(mut self) -> Result<Encoded, snap::Error> {
        self.end_run();
        let mut columns: Vec<u8> =
            Vec::with_capacity(self.ids.len() + self.counts.len() + self.times.len() + self.values.len() + 20);
        put_uvarint(&mut columns, self.runs);
        put_uvarint(&mut columns, self.n);
        for column in [&self.ids, &self.counts, &self.times, &self.values] {
            columns.extend_from_slice(column);
        }
        let block: Vec<u8> = snap::raw::Encoder::new().compress_vec(&columns)?;
        let mut body: Vec<u8> = Vec::with_capacity(8 + block.len());
        body.extend_from_slice(&hash64(CHECKSUM_SEED, &block).to_le_bytes());
        body.extend_from_slice(&block);
        Ok(Encoded { tmin: self.tmin, tmax: self.tmax, n: self.n as usize, body })
    }
}

/// The decimal form of a finite value, when it gives back every bit.
fn decimal(bits: u64) -> Option<(i64, usize)> {
    let value: f64 = f64::from_bits(bits);
    if !value.is_finite() {
        return None;
    }
    for (exponent, power) in POWERS.iter().enumerate() {
        let scaled: f64 = value * power;
        if scaled.abs() >= LARGEST_MANTISSA {
            return None;
        }
        let mantissa: i64 = scaled.round() as i64;
        if (mantissa as f64 / power).to_bits() == bits {
            return Some((mantissa, exponent));
        }
    }
    None
}

fn put_value(out: &mut Vec<u8>, bits: u64) {
    match decimal(bits) {
        Some((mantissa, exponent)) => put_uvarint(out, (zigzag(mantissa) << 3) | exponent as u64),
        None => {
            out.push(RAW as u8);
            out.extend_from_slice(&bits.to_le_bytes());
        }
    }
}

fn get_value(reader: &mut Reader<'_>) -> Option<u64> {
    let tagged: u64 = reader.uvarint()?;
    if tagged & 7 == RAW {
        return if tagged == RAW { reader.u64_le() } else { None };
    }
    let power: f64 = *POWERS.get((tagged & 7) as usize)?;
    Some((unzigzag(tagged >> 3) as f64 / power).to_bits())
}

/// The samples of a body in the order they were pushed.
pub(crate) fn decode(format: i16, body: &[u8]) -> Result<Vec<BatchSample>, Damage> {
    if format != FORMAT {
        return Err(Damage::Format(format));
    }
    let columns: Vec<u8> = expand(body)?;
    read_columns(&columns).ok_or(Damage::Columns)
}

fn expand(body: &[u8]) -> Result<Vec<u8>, Damage> {
    let mut reader: Reader<'_> = Reader::new(body);
    let expected: u64 = reader.u64_le().ok_or(Damage::Checksum)?;
    let block: &[u8] = reader.take(reader.left()).ok_or(Damage::Checksum)?;
    if hash64(CHECKSUM_SEED, block) != expected {
        return Err(Damage::Checksum);
    }
    let size: usize = snap::raw::decompress_len(block).map_err(|_| Damage::Compression)?;
    if size > LARGEST_BYTES {
        return Err(Damage::Compression);
    }
    snap::raw::Decoder::new().decompress_vec(block).map_err(|_| Damage::Compression)
}

fn read_columns(columns: &[u8]) -> Option<Vec<BatchSample>> {
    let mut reader: Reader<'_> = Reader::new(columns);
    let runs: usize = usize::try_from(reader.uvarint()?).ok()?;
    let n: usize = usize::try_from(reader.uvarint()?).ok()?;
    // A run and a sample take at least two bytes each: what claims more is not worth an allocation.
    if runs > n || n > reader.left() {
        return None;
    }
    let ids: Vec<i64> = read_ids(&mut reader, runs)?;
    let mut samples: Vec<BatchSample> = Vec::with_capacity(n);
    for series_id in ids {
        let count: usize = usize::try_from(reader.uvarint()?).ok()?;
        if count == 0 || count > n - samples.len() {
            return None;
        }
        samples.extend(std::iter::repeat_n(BatchSample { series_id, at: 0, bits: 0 }, count));
    }
    if samples.len() != n {
        return None;
    }
    let mut at: i64 = 0;
    for sample in &mut samples {
        at = at.wrapping_add(unzigzag(reader.uvarint()?));
        sample.at = at;
    }
    for sample in &mut samples {
        sample.bits = get_value(&mut reader)?;
    }
    reader.is_empty().then_some(samples)
}

fn read_ids(reader: &mut Reader<'_>, runs: usize) -> Option<Vec<i64>> {
    let mut ids: Vec<i64> = Vec::with_capacity(runs);
    let mut id: i64 = 0;
    for _ in 0..runs {
        id = id.wrapping_add(unzigzag(reader.uvarint()?));
        ids.push(id);
    }
    Some(ids)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duplicates::STALE_NAN;
    use proptest::prelude::*;

    fn encode(samples: &[BatchSample]) -> Encoded {
        let mut builder = Builder::new();
        for sample in samples {
            builder.push(*sample);
        }
        builder.finish().unwrap()
    }

    fn sample() -> impl Strategy<Value = BatchSample> {
        let value = prop_oneof![
            any::<u64>(),
            any::<f64>().prop_map(f64::to_bits),
            (-1_000_000_i64..1_000_000).prop_map(|value| (value as f64 / 1_000.0).to_bits()),
            Just(STALE_NAN),
            Just((-0.0_f64).to_bits()),
        ];
        let id = prop_oneof![1_i64..6, any::<i64>()];
        (id, any::<i64>(), value).prop_map(|(series_id, at, bits)| BatchSample { series_id, at, bits })
    }

    proptest! {
        #[test]
        fn samples_come_back_bit_for_bit(samples in proptest::collection::vec(sample(), 0..300)) {
            let encoded: Encoded = encode(&samples);
            prop_assert_eq!(encoded.n, samples.len());
            prop_assert_eq!(decode(FORMAT, &encoded.body), Ok(samples));
        }

        #[test]
        fn a_flipped_bit_is_noticed(samples in proptest::collection::vec(sample(), 1..40), at: prop::sample::Index, bit in 0_u32..8) {
            let mut body: Vec<u8> = encode(&samples).body;
            let at: usize = at.index(body.len());
            body[at] ^= 1 << bit;
            prop_assert_eq!(decode(FORMAT, &body), Err(Damage::Checksum));
        }

        #[test]
        fn random_columns_never_panic(columns: Vec<u8>) {
            let _: Option<Vec<BatchSample>> = read_columns(&columns);
            let _: Result<Vec<BatchSample>, Damage> = decode(FORMAT, &columns);
        }
    }

    #[test]
    fn a_claim_of_many_samples_is_refused_before_memory_is_taken() {
        let mut columns: Vec<u8> = Vec::new();
        put_uvarint(&mut columns, 1);
        put_uvarint(&mut columns, u64::MAX);
        assert_eq!(read_columns(&columns), None);
        assert_eq!(decode(2, &[]), Err(Damage::Format(2)));
    }

    #[test]
    fn a_scrape_of_integers_is_small() {
        let samples: Vec<BatchSample> =
            (0..1_000).map(|id| BatchSample { series_id: id, at: 1_700_000_000_000, bits: (id as f64).to_bits() }).collect();
        assert!(encode(&samples).body.len() < 4_000);
    }
}
