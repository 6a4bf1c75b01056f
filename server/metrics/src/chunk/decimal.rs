//! Values that people and programs wrote as decimals, as integers over one power of ten.
//!
//! A column takes the least power that suits all its values. What suits none (stale markers and other NaN, infinities, −0, results of
//! divisions) is an exception kept with all its bits; with more than an eighth of them the column is no decimal one.
//! The idea is that of "ALP: Adaptive Lossless floating-Point Compression" (Afroozeh et al., SIGMOD 2024).
//!
//! Form: the exponent (one byte); the number of exceptions (LEB128); for each the distance of its place to the place after the one before
//! (LEB128) and its bits (eight bytes, little-endian); the integers ([`ints`]), which repeat at exceptions.

use crate::chunk::{byte, ints};
use crate::wire::{Reader, put_uvarint};

/// Powers of ten are exact up to 10²²; above 10¹⁵ no decimal that is worth it has room.
const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
/// Above 2⁵³ integers have gaps, and a quotient need not come back.
const LARGEST_QUOTIENT: f64 = 9_007_199_254_740_992.0;
/// Whole numbers come back however large; 2⁶² leaves room below the end of an i64.
const LARGEST_WHOLE: f64 = 4_611_686_018_427_387_904.0;
/// One exception in so many values, and one more, are borne.
const VALUES_AN_EXCEPTION: usize = 8;

/// The form above, when the values are decimals.
pub(super) fn encode(bits: &[u64]) -> Option<Vec<u8>> {
    let exponent: usize = common_exponent(bits)?;
    let (integers, exceptions): (Vec<i64>, Vec<(usize, u64)>) = split(bits, exponent);
    if exceptions.len() > most_exceptions(bits.len()) {
        return None;
    }
    let mut out: Vec<u8> = vec![exponent as u8];
    put_exceptions(&mut out, &exceptions);
    out.extend_from_slice(&ints::encode(&integers));
    Some(out)
}

fn most_exceptions(n: usize) -> usize {
    n / VALUES_AN_EXCEPTION + 1
}

/// The least exponent that suits all values but the exceptions.
fn common_exponent(bits: &[u64]) -> Option<usize> {
    let most: usize = most_exceptions(bits.len());
    let mut exponent: usize = 0;
    let mut n_exceptions: usize = 0;
    for value in bits {
        match (exponent..POWERS.len()).find(|exponent| integer(*value, *exponent).is_some()) {
            Some(least) => exponent = least,
            None => n_exceptions += 1,
        }
        if n_exceptions > most {
            return None;
        }
    }
    Some(exponent)
}

/// Integers and exceptions. A larger exponent than a value asks for may still not suit it, so there may be more of them than before.
fn split(bits: &[u64], exponent: usize) -> (Vec<i64>, Vec<(usize, u64)>) {
    let mut integers: Vec<i64> = Vec::with_capacity(bits.len());
    let mut exceptions: Vec<(usize, u64)> = Vec::new();
    let mut last: i64 = 0;
    for (place, value) in bits.iter().enumerate() {
        match integer(*value, exponent) {
            Some(suitable) => last = suitable,
            None => exceptions.push((place, *value)),
        }
        integers.push(last);
    }
    (integers, exceptions)
}

/// The integer that gives back every bit of the value when it is divided by 10^exponent.
fn integer(bits: u64, exponent: usize) -> Option<i64> {
    let power: f64 = *POWERS.get(exponent)?;
    let scaled: f64 = f64::from_bits(bits) * power;
    let largest: f64 = if exponent == 0 { LARGEST_WHOLE } else { LARGEST_QUOTIENT };
    if scaled.is_nan() || scaled.abs() >= largest {
        return None;
    }
    let integer: i64 = scaled.round() as i64;
    (quotient(integer, power) == bits).then_some(integer)
}

fn quotient(integer: i64, power: f64) -> u64 {
    (integer as f64 / power).to_bits()
}

fn put_exceptions(out: &mut Vec<u8>, exceptions: &[(usize, u64)]) {
    put_uvarint(out, exceptions.len() as u64);
    let mut next: usize = 0;
    for (place, bits) in exceptions {
        put_uvarint(out, (place - next) as u64);
        out.extend_from_slice(&bits.to_le_bytes());
        next = place + 1;
    }
}

/// The bits of the `n` values. `n` must be bounded by the caller.
pub(super) fn decode(reader: &mut Reader<'_>, n: usize) -> Option<Vec<u64>> {
    let power: f64 = *POWERS.get(usize::from(byte(reader)?))?;
    let exceptions: Vec<(usize, u64)> = get_exceptions(reader)?;
    let integers: Vec<i64> = ints::decode(reader, n)?;
    let mut bits: Vec<u64> = if power == 1.0 {
        integers.into_iter().map(|integer| (integer as f64).to_bits()).collect()
    } else {
        integers.into_iter().map(|integer| quotient(integer, power)).collect()
    };
    for (place, exception) in exceptions {
        *bits.get_mut(place)? = exception;
    }
    Some(bits)
}

fn get_exceptions(reader: &mut Reader<'_>) -> Option<Vec<(usize, u64)>> {
    let n: usize = usize::try_from(reader.uvarint()?).ok()?;
    // Each takes at least nine bytes: what claims more is not worth an allocation.
    if n > reader.left() / 9 {
        return None;
    }
    let mut exceptions: Vec<(usize, u64)> = Vec::with_capacity(n);
    let mut next: usize = 0;
    for _ in 0..n {
        let place: usize = next.checked_add(usize::try_from(reader.uvarint()?).ok()?)?;
        exceptions.push((place, reader.u64_le()?));
        next = place.checked_add(1)?;
    }
    Some(exceptions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duplicates::STALE_NAN;
    use proptest::prelude::*;

    fn bits(values: &[f64]) -> Vec<u64> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    fn round_trip(values: &[u64]) -> Option<Vec<u64>> {
        let bytes: Vec<u8> = encode(values)?;
        let mut reader = Reader::new(&bytes);
        decode(&mut reader, values.len()).filter(|_| reader.is_empty())
    }

    proptest! {
        #[test]
        fn decimals_of_any_length_are_found(values in proptest::collection::vec(-1_000_000_i64..1_000_000, 1..200), digits in 0_i32..10) {
            let values: Vec<u64> = values.iter().map(|value| (*value as f64 / 10_f64.powi(digits)).to_bits()).collect();
            prop_assert_eq!(round_trip(&values), Some(values));
        }

        #[test]
        fn what_is_taken_comes_back(values in proptest::collection::vec(any::<u64>(), 0..40)) {
            if let Some(returned) = round_trip(&values) {
                prop_assert_eq!(returned, values);
            }
        }

        #[test]
        fn damage_never_panics(bytes: Vec<u8>, n in 0_usize..200) {
            let _: Option<Vec<u64>> = decode(&mut Reader::new(&bytes), n);
        }
    }

    #[test]
    fn a_few_values_may_be_none() {
        let mut values: Vec<u64> = bits(&[0.5, 12.25, 7.0, 3.125, 9.0, 0.0, 1e12, 2.0, -4.5, 1.0]);
        values.push(STALE_NAN);
        values.push((-0.0_f64).to_bits());
        assert_eq!(round_trip(&values), Some(values));
        assert_eq!(encode(&bits(&[f64::NAN, f64::INFINITY, 1.0])), None);
    }

    #[test]
    fn whole_numbers_may_be_large() {
        let values: Vec<u64> = bits(&[4.0e18, 3.999_999_999e18, 9_007_199_254_740_994.0, -4.0e18]);
        assert_eq!(round_trip(&values), Some(values.clone()));
        assert_eq!(common_exponent(&values), Some(0));
    }

    #[test]
    fn seventeen_digits_are_no_decimals() {
        assert_eq!(encode(&bits(&[0.1 + 0.2, 1.0 / 3.0, 1.0 / 7.0, 2.0_f64.sqrt()])), None);
    }

    #[test]
    fn an_exception_behind_the_end_is_refused() {
        let bytes: Vec<u8> = encode(&bits(&[1.0, 2.0, f64::NAN])).unwrap();
        assert_eq!(decode(&mut Reader::new(&bytes), 2), None);
    }
}
