//! Integers packed by sixty-four: of each sixty-four the least (zigzag LEB128), the bits the largest distance from it takes (one byte), and
//! the distances in so many bits, lowest bits first. Something unusual costs its own sixty-four and no other.

use crate::chunk::byte;
use crate::wire::{Reader, put_uvarint, unzigzag, zigzag};

/// Integers packed together.
const TOGETHER: usize = 64;

/// Appends the integers.
pub(super) fn put(out: &mut Vec<u8>, values: &[i64]) {
    for values in values.chunks(TOGETHER) {
        let least: i64 = values.iter().copied().min().unwrap_or(0);
        let largest: i64 = values.iter().copied().max().unwrap_or(0);
        let width: u32 = u64::BITS - distance(largest, least).leading_zeros();
        put_uvarint(out, zigzag(least));
        out.push(width as u8);
        put_bits(out, values.iter().map(|value| distance(*value, least)), width);
    }
}

/// How far above `least` a value is; up to 2⁶⁴ − 1.
fn distance(value: i64, least: i64) -> u64 {
    value.wrapping_sub(least) as u64
}

fn put_bits(out: &mut Vec<u8>, values: impl Iterator<Item = u64>, width: u32) {
    let mut held: u128 = 0;
    let mut n_held: u32 = 0;
    for value in values {
        held |= u128::from(value) << n_held;
        n_held += width;
        while n_held >= 8 {
            out.push(held as u8);
            held >>= 8;
            n_held -= 8;
        }
    }
    if n_held > 0 {
        out.push(held as u8);
    }
}

/// The `n` integers.
pub(super) fn get(reader: &mut Reader<'_>, n: usize) -> Option<Vec<i64>> {
    // Sixty-four take at least two bytes: what claims more is not worth an allocation.
    if n.div_ceil(TOGETHER) > reader.left() / 2 {
        return None;
    }
    let mut values: Vec<i64> = Vec::with_capacity(n);
    while values.len() < n {
        let together: usize = TOGETHER.min(n - values.len());
        let least: i64 = unzigzag(reader.uvarint()?);
        let width: u32 = u32::from(byte(reader)?);
        if width > u64::BITS {
            return None;
        }
        let bytes: &[u8] = reader.take((together * width as usize).div_ceil(8))?;
        get_bits(&mut values, bytes, together, least, width);
    }
    Some(values)
}

fn get_bits(values: &mut Vec<i64>, bytes: &[u8], n: usize, least: i64, width: u32) {
    let mask: u128 = (1_u128 << width) - 1;
    let mut held: u128 = 0;
    let mut n_held: u32 = 0;
    let mut bytes = bytes.iter();
    for _ in 0..n {
        while n_held < width {
            // There are enough of them: the caller counted.
            held |= u128::from(bytes.next().copied().unwrap_or(0)) << n_held;
            n_held += 8;
        }
        values.push(least.wrapping_add((held & mask) as i64));
        held >>= width;
        n_held -= width;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn integers_of_any_width_come_back(values in proptest::collection::vec(any::<i64>(), 0..200), shift in 0_u32..64) {
            let values: Vec<i64> = values.into_iter().map(|value| value >> shift).collect();
            let mut bytes: Vec<u8> = Vec::new();
            put(&mut bytes, &values);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(get(&mut reader, values.len()), Some(values));
            prop_assert!(reader.is_empty());
        }

        #[test]
        fn damage_never_panics(bytes: Vec<u8>, n in 0_usize..2_000) {
            let _: Option<Vec<i64>> = get(&mut Reader::new(&bytes), n);
        }
    }

    #[test]
    fn a_claim_of_many_is_refused_before_memory_is_taken() {
        assert_eq!(get(&mut Reader::new(&[0; 16]), usize::MAX), None);
        assert_eq!(get(&mut Reader::new(&[0, 65, 0]), 1), None);
    }

    #[test]
    fn small_ones_take_few_bits() {
        let values: Vec<i64> = (0_i64..640).map(|n| 1_000_000 + n * n % 8).collect();
        let mut bytes: Vec<u8> = Vec::new();
        put(&mut bytes, &values);
        assert!(bytes.len() <= 10 * (24 + 4), "took {} bytes", bytes.len());
    }
}
