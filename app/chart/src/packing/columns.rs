//! Columns of points.
//!
//! Times are written by how much their distance changes: of a regular series that is the first instant, the step and a run of zeros.
//! Values are written as whole multiples of a power of ten, each as the distance from the one before, with as few digits as keep every value
//! within the promised precision: measured values have few digits, and neighbours are near each other. Where no power of ten does it,
//! they are written as they are.

use super::MOST_MS;
use super::bytes::{Reader, Writer, unzigzag, zigzag};
use crate::plot::Point;

/// The promise: how far a value may be off, of the largest magnitude in its column, or of its own ([`Near`]).
const PRECISION: f64 = 5e-7;
/// Digits that are always enough to keep it.
const MOST_DIGITS: i32 = 7;
/// Powers of ten beyond which numbers are written as they are.
const MOST_POWER: i32 = 290;

const EXACT: u8 = 0;
const DECIMAL: u8 = 1;

/// What a value must be near to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Near {
    /// What the column shows at its size: enough where values are laid out evenly.
    Column,
    /// Itself: on a logarithmic axis the smallest is as tall as the largest.
    Itself,
}

/// Writes the instants of points, beginning from `near_ms`.
pub(super) fn write_times(points: &[Point], near_ms: i64, writer: &mut Writer) {
    let (mut last_ms, mut step_ms) = (near_ms, 0_i64);
    let mut n_even: u64 = 0;
    for (ms, _) in points {
        let next_step_ms = ms.wrapping_sub(last_ms);
        let change = next_step_ms.wrapping_sub(step_ms);
        (last_ms, step_ms) = (*ms, next_step_ms);
        if change == 0 {
            n_even += 1;
            continue;
        }
        write_even(&mut n_even, writer);
        writer.signed(change);
    }
    write_even(&mut n_even, writer);
}

/// Zeros in a row, as a zero and how many more there are.
fn write_even(n_even: &mut u64, writer: &mut Writer) {
    if *n_even > 0 {
        writer.signed(0);
        writer.whole(*n_even - 1);
        *n_even = 0;
    }
}

/// Reads `length` instants.
pub(super) fn read_times(length: usize, near_ms: i64, reader: &mut Reader<'_>) -> Option<Vec<i64>> {
    let mut times: Vec<i64> = Vec::new();
    let (mut last_ms, mut step_ms) = (near_ms, 0_i64);
    while times.len() < length {
        let change = reader.signed()?;
        let n_times = if change == 0 { usize::try_from(reader.whole()?).ok()?.checked_add(1)? } else { 1 };
        if n_times > length - times.len() {
            return None;
        }
        step_ms = step_ms.checked_add(change)?;
        for _ in 0..n_times {
            last_ms = last_ms.checked_add(step_ms).filter(|ms| ms.unsigned_abs() <= MOST_MS.unsigned_abs())?;
            times.push(last_ms);
        }
    }
    Some(times)
}

/// Writes values; what is not finite is missing.
pub(super) fn write_values<I: Iterator<Item = f64> + Clone>(values: I, near: Near, writer: &mut Writer) {
    let Some(power) = power_of(values.clone(), near) else {
        writer.byte(EXACT);
        values.for_each(|value| writer.number(value));
        return;
    };
    writer.byte(DECIMAL);
    writer.signed(i64::from(power));
    let mut last: i64 = 0;
    for value in values {
        if value.is_finite() {
            let multiple = multiple_of(value, power);
            writer.whole(zigzag(multiple - last) + 1);
            last = multiple;
        } else {
            writer.whole(0);
        }
    }
}

/// Reads `length` values; each is at least a byte, so there are no more than bytes are left.
pub(super) fn read_values(length: usize, reader: &mut Reader<'_>) -> Option<Vec<f64>> {
    match reader.byte()? {
        EXACT => read_each(length, || reader.number()),
        DECIMAL => {
            let power = i32::try_from(reader.signed()?).ok().filter(|power| power.abs() <= MOST_POWER + MOST_DIGITS)?;
            let mut last: i64 = 0;
            read_each(length, || {
                let Some(distance) = reader.whole()?.checked_sub(1) else { return Some(f64::NAN) };
                last = last.checked_add(unzigzag(distance))?;
                Some(value_of(last, power))
            })
        }
        _ => None,
    }
}

fn read_each<F: FnMut() -> Option<f64>>(length: usize, mut read: F) -> Option<Vec<f64>> {
    let mut values: Vec<f64> = Vec::new();
    for _ in 0..length {
        values.push(read()?);
    }
    Some(values)
}

/// The power of ten whose whole multiples are near enough to all values, the largest there is; `None` where there is none.
fn power_of<I: Iterator<Item = f64> + Clone>(values: I, near: Near) -> Option<i32> {
    let finite = values.filter(|value| value.is_finite());
    let largest = finite.clone().map(f64::abs).fold(0.0, f64::max);
    if largest == 0.0 {
        return Some(0);
    }
    let top = largest.log10().floor() as i32;
    if top.abs() > MOST_POWER {
        return None;
    }
    let reach = |value: f64| PRECISION * if near == Near::Itself { value.abs() } else { largest };
    let is_near =
        |power: i32| finite.clone().all(|value| (value_of(multiple_of(value, power), power) - value).abs() <= reach(value));
    (0..=MOST_DIGITS).map(|n_digits| top - n_digits).find(|power| is_near(*power))
}

/// How often ten to a power fits into a value: seven digits at most, of which the largest value has one more by rounding.
fn multiple_of(value: f64, power: i32) -> i64 {
    let multiple = if power < 0 { value * ten_to(-power) } else { value / ten_to(power) };
    multiple.round() as i64
}

/// Dividing by a whole power of ten gives the number a person would have written: three tenths are 0.3.
fn value_of(multiple: i64, power: i32) -> f64 {
    if power < 0 { multiple as f64 / ten_to(-power) } else { multiple as f64 * ten_to(power) }
}

fn ten_to(power: i32) -> f64 {
    10f64.powi(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(values: &[f64]) -> (usize, Vec<f64>) {
        let mut writer = Writer::default();
        write_values(values.iter().copied(), Near::Column, &mut writer);
        let mut reader = Reader::new(writer.bytes());
        let back = read_values(values.len(), &mut reader).unwrap();
        assert!(reader.is_at_end());
        (writer.bytes().len(), back)
    }

    #[test]
    fn decimals_come_back_as_they_were_written() {
        let values = [0.1, 0.3, 58.3, 15.4, -4.4, 0.0];
        assert_eq!(packed(&values).1, values);
        assert_eq!(packed(&[5e9, 7e9, -1e9]).1, [5e9, 7e9, -1e9]);
        assert_eq!(packed(&[0.0, 0.0]), (4, vec![0.0, 0.0]));
        assert_eq!(packed(&[]).1, Vec::<f64>::new());
    }

    #[test]
    fn where_small_values_count_nothing_but_zero_becomes_zero() {
        let values = [1e9, 40.0, 0.003, 0.0, -7.0];
        let mut writer = Writer::default();
        write_values(values.iter().copied(), Near::Itself, &mut writer);
        let back = read_values(values.len(), &mut Reader::new(writer.bytes())).unwrap();
        assert!(values.iter().zip(&back).all(|(value, back)| (value - back).abs() <= value.abs() * PRECISION), "{back:?}");
        assert!(packed(&values).1[1] == 0.0, "evenly laid out it is too small to be seen");
    }

    #[test]
    fn what_is_missing_stays_missing() {
        let (_, back) = packed(&[1.5, f64::NAN, f64::INFINITY, 2.5]);
        assert!(back[0].to_bits() == 1.5f64.to_bits() && back[3].to_bits() == 2.5f64.to_bits());
        assert!(back[1].is_nan() && back[2].is_nan());
    }

    #[test]
    fn numbers_at_the_ends_of_what_there_is_survive_exactly() {
        for values in [[f64::MAX, -f64::MAX], [f64::MIN_POSITIVE, 5e-324]] {
            assert_eq!(packed(&values).1, values);
        }
    }

    #[test]
    fn a_regular_series_needs_no_bytes_for_its_times() {
        let points: Vec<Point> = (0..1_000).map(|at| (1_795_323_900_000 + at * 15_000, 0.0)).collect();
        let mut writer = Writer::default();
        write_times(&points, 1_795_323_900_000, &mut writer);
        assert!(writer.bytes().len() <= 9, "{}", writer.bytes().len());
        let times = read_times(1_000, 1_795_323_900_000, &mut Reader::new(writer.bytes())).unwrap();
        assert!(times.iter().zip(&points).all(|(ms, point)| *ms == point.0));
    }

    #[test]
    fn more_times_than_were_announced_are_refused() {
        let mut writer = Writer::default();
        writer.signed(0);
        writer.whole(u64::MAX - 1);
        assert_eq!(read_times(10, 0, &mut Reader::new(writer.bytes())), None);
        assert_eq!(read_times(10, 0, &mut Reader::new(&[])), None);
    }
}
