//! The values of one series, in the lightest of the codings that `chunk` lists. Self-delimiting, given how many values there are.
//!
//! XOR is kept in planes too: what neighbours share, sign, exponent and the first digits of the mantissa, is planes of zeros. Bits that
//! are zero at the end of all of them are shifted away. The form: the first bits (eight bytes), the shift (one byte), the planes.

use crate::chunk::{byte, decimal, planes, weight};
use crate::wire::Reader;

const CONSTANT: u8 = 0;
const DECIMAL: u8 = 1;
const XOR: u8 = 2;
const PLAIN: u8 = 3;

/// Bytes of a column of `n` values at most: decimals with as many exceptions as are borne, and their head.
pub(crate) fn most_bytes(n: usize) -> usize {
    n.saturating_mul(10).saturating_add(96)
}

/// The bits of values, coded.
pub(crate) fn encode(bits: &[u64]) -> Vec<u8> {
    if let Some(value) = constant(bits) {
        return tagged(CONSTANT, &value.to_le_bytes());
    }
    if bits.is_empty() {
        return encode_plain(bits);
    }
    let mut candidates: Vec<Vec<u8>> = Vec::with_capacity(3);
    if let Some(decimals) = decimal::encode(bits) {
        candidates.push(tagged(DECIMAL, &decimals));
    }
    candidates.push(encode_xor(bits));
    candidates.push(encode_plain(bits));
    weight::lightest(candidates)
}

fn constant(bits: &[u64]) -> Option<u64> {
    let first: u64 = *bits.first()?;
    bits.iter().all(|bits| *bits == first).then_some(first)
}

fn tagged(tag: u8, rest: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(1 + rest.len());
    out.push(tag);
    out.extend_from_slice(rest);
    out
}

fn encode_xor(bits: &[u64]) -> Vec<u8> {
    let first: u64 = bits.first().copied().unwrap_or(0);
    let changes: Vec<u64> = bits.windows(2).map(|pair| pair[0] ^ pair[1]).collect();
    let all: u64 = changes.iter().fold(0, |all, change| all | *change);
    // 64 when nothing changes; any shift does then.
    let shift: u32 = all.trailing_zeros().min(63);
    let mut out: Vec<u8> = tagged(XOR, &first.to_le_bytes());
    out.push(shift as u8);
    let words: Vec<u64> = changes.into_iter().map(|change| change >> shift).collect();
    planes::put(&mut out, &words);
    out
}

fn encode_plain(bits: &[u64]) -> Vec<u8> {
    let mut out: Vec<u8> = vec![PLAIN];
    planes::put(&mut out, bits);
    out
}

/// The bits of the `n` values. Some codings take memory without taking input, so `n` must be bounded by the caller.
pub(crate) fn decode(reader: &mut Reader<'_>, n: usize) -> Option<Vec<u64>> {
    match byte(reader)? {
        CONSTANT => Some(vec![reader.u64_le()?; n]),
        DECIMAL => decimal::decode(reader, n),
        XOR => decode_xor(reader, n),
        PLAIN => planes::get(reader, n),
        _ => None,
    }
}

fn decode_xor(reader: &mut Reader<'_>, n: usize) -> Option<Vec<u64>> {
    let mut value: u64 = reader.u64_le()?;
    let shift: u32 = u32::from(byte(reader)?);
    if shift > 63 || n == 0 {
        return None;
    }
    let words: Vec<u64> = planes::get(reader, n - 1)?;
    let mut bits: Vec<u64> = Vec::with_capacity(n);
    bits.push(value);
    for word in words {
        value ^= word << shift;
        bits.push(value);
    }
    Some(bits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duplicates::STALE_NAN;
    use proptest::prelude::*;

    fn decode_whole(bytes: &[u8], n: usize) -> Option<Vec<u64>> {
        let mut reader = Reader::new(bytes);
        decode(&mut reader, n).filter(|_| reader.is_empty())
    }

    /// Values as they come, from noise to round numbers, with all that is no number.
    fn value() -> impl Strategy<Value = u64> {
        prop_oneof![
            4 => any::<u64>(),
            4 => any::<f64>().prop_map(f64::to_bits),
            8 => (-1_000_000_i64..1_000_000).prop_map(|value| (value as f64 / 1_000.0).to_bits()),
            1 => Just(STALE_NAN),
            1 => Just(0x7ff8_dead_beef_0001_u64),
            1 => Just((-0.0_f64).to_bits()),
            1 => Just(f64::INFINITY.to_bits()),
            1 => Just(f64::NEG_INFINITY.to_bits()),
        ]
    }

    proptest! {
        #[test]
        fn every_bit_comes_back(bits in proptest::collection::vec(value(), 0..120)) {
            let bytes: Vec<u8> = encode(&bits);
            prop_assert!(bytes.len() <= most_bytes(bits.len()));
            prop_assert_eq!(decode_whole(&bytes, bits.len()), Some(bits));
        }

        #[test]
        fn every_coding_keeps_every_bit(bits in proptest::collection::vec(value(), 1..60)) {
            prop_assert_eq!(decode_whole(&encode_xor(&bits), bits.len()), Some(bits.clone()));
            prop_assert_eq!(decode_whole(&encode_plain(&bits), bits.len()), Some(bits));
        }

        #[test]
        fn damage_never_panics(bytes: Vec<u8>, n in 0_usize..200) {
            let _: Option<Vec<u64>> = decode(&mut Reader::new(&bytes), n);
        }
    }

    #[test]
    fn the_coding_follows_the_values() {
        let coding = |values: &[f64]| encode(&values.iter().map(|value| value.to_bits()).collect::<Vec<u64>>())[0];
        assert_eq!(coding(&[f64::NAN; 5]), CONSTANT);
        let tenths: Vec<f64> = (0..100).map(|n| f64::from(n * n % 37) / 10.0).collect();
        assert_eq!(coding(&tenths), DECIMAL);
        let fractions: Vec<f64> = (0..400).map(|n| 1.0 + f64::from(n * n % 8_191) / f64::from(1 << 20)).collect();
        assert_eq!(coding(&fractions), XOR);
        assert_eq!(encode(&[]), [PLAIN, 0]);
    }

    #[test]
    fn a_constant_of_many_values_is_nine_bytes() {
        assert_eq!(encode(&[7; 100_000]).len(), 9);
    }
}
