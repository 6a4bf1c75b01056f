//! Columns of integers: differences of an order from 0 to 2, less their median, divided by what all of them have in common, as planes.
//!
//! The median rather than the least: a counter's reset or a gap then costs its own place and no other. The common divisor because
//! memory is counted in blocks of 4,096, and because a reader has fewer planes to put together.
//!
//! Form: the order (one byte); as many first values as the order (zigzag LEB128 each); median (zigzag LEB128); divisor (LEB128); planes
//! of the zigzagged rest. All arithmetic wraps, so any integers come back.

use crate::chunk::{byte, planes, weight};
use crate::wire::{Reader, put_uvarint, unzigzag, zigzag};

/// Differences of differences; higher orders only amplify noise.
const HIGHEST_ORDER: usize = 2;

/// The lightest form.
pub(crate) fn encode(values: &[i64]) -> Vec<u8> {
    let orders = 0..=HIGHEST_ORDER.min(values.len());
    weight::lightest(orders.map(|order| encode_as(order, values)).collect())
}

fn encode_as(order: usize, values: &[i64]) -> Vec<u8> {
    let mut out: Vec<u8> = vec![order as u8];
    let mut rest: Vec<i64> = values.to_vec();
    for _ in 0..order {
        put_uvarint(&mut out, zigzag(rest.first().copied().unwrap_or(0)));
        rest = differences(&rest);
    }
    let median: i64 = median(&rest);
    let divisor: i64 = common_divisor(&rest, median);
    put_uvarint(&mut out, zigzag(median));
    put_uvarint(&mut out, divisor as u64);
    let words: Vec<u64> = rest.iter().map(|value| zigzag(value.wrapping_sub(median) / divisor)).collect();
    planes::put(&mut out, &words);
    out
}

/// Each value less the one before; one fewer than there are values.
pub(super) fn differences(values: &[i64]) -> Vec<i64> {
    values.windows(2).map(|pair| pair[1].wrapping_sub(pair[0])).collect()
}

/// The middle one by size; 0 when there is none.
pub(super) fn median(values: &[i64]) -> i64 {
    let mut values: Vec<i64> = values.to_vec();
    if values.is_empty() {
        return 0;
    }
    let middle: usize = values.len() / 2;
    *values.select_nth_unstable(middle).1
}

/// The greatest integer, at least 1, that divides every distance from `median`.
fn common_divisor(values: &[i64], median: i64) -> i64 {
    let mut divisor: u64 = 0;
    for value in values {
        divisor = greatest_common_divisor(divisor, value.wrapping_sub(median).unsigned_abs());
        if divisor == 1 {
            break;
        }
    }
    // 0 when all distances are 0; 2⁶³ is no positive i64.
    i64::try_from(divisor).map_or(1, |divisor| divisor.max(1))
}

fn greatest_common_divisor(mut left: u64, mut right: u64) -> u64 {
    while left != 0 {
        (left, right) = (right % left, left);
    }
    right
}

/// The `n` integers. `n` must be bounded by the caller, see [`planes::get`].
pub(crate) fn decode(reader: &mut Reader<'_>, n: usize) -> Option<Vec<i64>> {
    let order: usize = usize::from(byte(reader)?);
    if order > HIGHEST_ORDER || order > n {
        return None;
    }
    let mut firsts: [i64; HIGHEST_ORDER] = [0; HIGHEST_ORDER];
    for first in firsts.iter_mut().take(order) {
        *first = unzigzag(reader.uvarint()?);
    }
    let median: i64 = unzigzag(reader.uvarint()?);
    let divisor: i64 = reader.uvarint()? as i64;
    let words: Vec<u64> = planes::get(reader, n - order)?;
    let rest = words.into_iter().map(|word| unzigzag(word).wrapping_mul(divisor).wrapping_add(median));
    let values: Vec<i64> = match order {
        0 => rest.collect(),
        1 => from_differences(firsts[0], rest, n),
        _ => from_second_differences(firsts, rest, n),
    };
    Some(values)
}

fn from_differences(first: i64, rest: impl Iterator<Item = i64>, n: usize) -> Vec<i64> {
    let mut values: Vec<i64> = Vec::with_capacity(n);
    let mut value: i64 = first;
    values.push(value);
    for difference in rest {
        value = value.wrapping_add(difference);
        values.push(value);
    }
    values
}

fn from_second_differences(firsts: [i64; HIGHEST_ORDER], rest: impl Iterator<Item = i64>, n: usize) -> Vec<i64> {
    let [mut value, mut difference]: [i64; HIGHEST_ORDER] = firsts;
    let mut values: Vec<i64> = Vec::with_capacity(n);
    values.push(value);
    value = value.wrapping_add(difference);
    values.push(value);
    for change in rest {
        difference = difference.wrapping_add(change);
        value = value.wrapping_add(difference);
        values.push(value);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn round_trip(bytes: &[u8], n: usize) -> Option<Vec<i64>> {
        let mut reader = Reader::new(bytes);
        decode(&mut reader, n).filter(|_| reader.is_empty())
    }

    proptest! {
        #[test]
        fn any_integers_come_back_in_every_order(values in proptest::collection::vec(any::<i64>(), 0..60)) {
            prop_assert_eq!(round_trip(&encode(&values), values.len()), Some(values.clone()));
            for order in 0..=HIGHEST_ORDER.min(values.len()) {
                prop_assert_eq!(round_trip(&encode_as(order, &values), values.len()), Some(values.clone()));
            }
        }

        #[test]
        fn counters_with_resets_come_back(steps in proptest::collection::vec((0_i64..5_000, 0_u8..50), 0..300)) {
            let mut value: i64 = 1 << 40;
            let count = |(step, reset): &(i64, u8)| {
                value = if *reset == 0 { *step } else { value + step * 4_096 };
                value
            };
            let values: Vec<i64> = steps.iter().map(count).collect();
            prop_assert_eq!(round_trip(&encode(&values), values.len()), Some(values));
        }

        #[test]
        fn damage_never_panics(bytes: Vec<u8>, n in 0_usize..200) {
            let _: Option<Vec<i64>> = decode(&mut Reader::new(&bytes), n);
        }
    }

    #[test]
    fn a_straight_line_costs_nothing_but_its_head() {
        let line: Vec<i64> = (0..480).map(|n| 1_000_000 + n * 37).collect();
        assert!(encode(&line).len() <= 10);
    }

    #[test]
    fn multiples_of_a_block_are_counted_in_blocks() {
        let values: Vec<i64> = (0_i64..200).map(|n| (n * n % 97) * 4_096).collect();
        assert!(encode(&values).len() < 220);
        assert_eq!(greatest_common_divisor(0, 12), 12);
        assert_eq!(greatest_common_divisor(18, 12), 6);
    }

    #[test]
    fn more_first_values_than_values_are_refused() {
        assert_eq!(round_trip(&encode_as(2, &[1, 2]), 1), None);
    }
}
