//! Roll-ups against their definition, and there and back.

use std::collections::HashSet;

use proptest::prelude::*;

use super::rows::{EncodedRolls, FORMAT, RollReader, RollWriter};
use super::*;
use crate::chunk::{Damage, sealed};

const FIVE_MINUTES: i64 = 300_000;
const HOUR: i64 = 3_600_000;

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// Buckets as numbers that can be compared: NaN equals itself.
fn exactly(rolled: &[Rolled]) -> Vec<([i64; 3], [u64; 7], bool)> {
    let exact = |one: &Rolled| {
        let values: [f64; 6] = [one.min, one.max, one.sum, one.first, one.last, one.increase];
        let [min, max, sum, first, last, increase]: [u64; 6] = values.map(f64::to_bits);
        ([one.bucket_start, one.first_at, one.last_at], [min, max, sum, first, last, increase, one.count], one.ends_stale)
    };
    rolled.iter().map(exact).collect()
}

/// Samples of a series at about 15 s: a counter with resets, with gaps and stale markers.
fn counter() -> impl Strategy<Value = (Vec<i64>, Vec<u64>)> {
    let step = (1_i64..200_000, 0_u32..1_000, 0_u8..40);
    proptest::collection::vec(step, 0..300).prop_map(|steps| {
        let (mut at, mut value): (i64, f64) = (1_700_000_000_000, 5e6);
        let mut samples: (Vec<i64>, Vec<u64>) = (Vec::new(), Vec::new());
        for (ms, added, what) in steps {
            at += ms;
            value = if what == 0 { 0.0 } else { value + f64::from(added) };
            samples.0.push(at);
            samples.1.push(if what == 1 { STALE_NAN } else { value.to_bits() });
        }
        samples
    })
}

/// Any buckets, as nothing but damage or strange series would make them.
fn any_bucket() -> impl Strategy<Value = Rolled> {
    let times = (any::<i64>(), any::<i64>(), any::<i64>());
    let value = || prop_oneof![any::<f64>(), any::<u64>().prop_map(f64::from_bits), (0_i32..90).prop_map(f64::from)];
    let values = (value(), value(), value(), value(), value(), value());
    (times, values, any::<u64>(), any::<bool>()).prop_map(|(times, values, count, ends_stale)| Rolled {
        bucket_start: times.0,
        first_at: times.1,
        last_at: times.2,
        min: values.0,
        max: values.1,
        sum: values.2,
        count,
        first: values.3,
        last: values.4,
        increase: values.5,
        ends_stale,
    })
}

fn write(series: &[(i64, Vec<Rolled>)]) -> EncodedRolls {
    let mut writer = RollWriter::new();
    for (series_id, rolled) in series {
        writer.push(*series_id, rolled);
    }
    writer.finish()
}

fn read(encoded: &EncodedRolls, wanted: &HashSet<i64>) -> Result<Vec<(i64, Vec<Rolled>)>, Damage> {
    RollReader::parse(encoded.format, &encoded.body)?.series(wanted)
}

proptest! {
    #[test]
    fn every_value_is_in_the_bucket_of_its_time((times, bits) in counter()) {
        let rolled: Vec<Rolled> = fold(&times, &bits, FIVE_MINUTES, None);
        let n: u64 = rolled.iter().map(|one| one.count).sum();
        prop_assert_eq!(n as usize, bits.iter().filter(|bits| **bits != STALE_NAN).count());
        for one in &rolled {
            prop_assert!(one.bucket_start < one.first_at && one.first_at <= one.last_at);
            prop_assert!(one.last_at <= one.bucket_start + FIVE_MINUTES);
            let inside = times.iter().zip(&bits).filter(|(at, bits)| {
                (one.bucket_start + 1..=one.bucket_start + FIVE_MINUTES).contains(*at) && **bits != STALE_NAN
            });
            prop_assert_eq!(inside.count() as u64, one.count);
        }
        prop_assert!(rolled.windows(2).all(|pair| pair[0].bucket_start < pair[1].bucket_start));
    }

    #[test]
    fn hours_of_five_minutes_are_hours_of_samples((times, bits) in counter()) {
        let narrow: Vec<Rolled> = fold(&times, &bits, FIVE_MINUTES, None);
        let wide: Vec<Rolled> = fold(&times, &bits, HOUR, None);
        prop_assert_eq!(exactly(&fold_rolled(&narrow, HOUR)), exactly(&wide));
    }

    #[test]
    fn folding_in_two_goes_is_folding_at_once((times, bits) in counter(), at: prop::sample::Index) {
        let whole: Vec<Rolled> = fold(&times, &bits, FIVE_MINUTES, None);
        let at: usize = if times.is_empty() { 0 } else { at.index(times.len()) };
        let mut parts: Vec<Rolled> = fold(&times[..at], &bits[..at], FIVE_MINUTES, None);
        let newest = times[..at].iter().zip(&bits).rev().find(|(_, bits)| **bits != STALE_NAN);
        let before: Option<(i64, f64)> = newest.map(|(at, bits)| (*at, f64::from_bits(*bits)));
        parts.extend(fold(&times[at..], &bits[at..], FIVE_MINUTES, before));
        prop_assert_eq!(exactly(&fold_rolled(&parts, FIVE_MINUTES)), exactly(&whole));
    }

    #[test]
    fn buckets_come_back((times, bits) in counter(), (other_times, other_bits) in counter()) {
        let rolled: Vec<Rolled> = fold(&times, &bits, FIVE_MINUTES, None);
        let other: Vec<Rolled> = fold(&other_times, &other_bits, HOUR, None);
        let encoded: EncodedRolls = write(&[(7, rolled.clone()), (3, other.clone())]);
        prop_assert_eq!((encoded.n, encoded.series), (rolled.len() + other.len(), 2));
        let found: Vec<(i64, Vec<Rolled>)> = read(&encoded, &HashSet::from([3, 7])).unwrap();
        prop_assert_eq!((found[0].0, exactly(&found[0].1)), (7, exactly(&rolled)));
        prop_assert_eq!((found[1].0, exactly(&found[1].1)), (3, exactly(&other)));
        prop_assert_eq!(read(&encoded, &HashSet::from([4])), Ok(Vec::new()));
    }

    #[test]
    fn any_buckets_come_back(rolled in proptest::collection::vec(any_bucket(), 0..40)) {
        let bytes: Vec<u8> = item::encode(&rolled);
        prop_assert!(bytes.len() <= item::most_bytes(rolled.len()));
        prop_assert_eq!(item::decode(&bytes, rolled.len()).map(|rolled| exactly(&rolled)), Some(exactly(&rolled)));
    }

    #[test]
    fn a_flipped_bit_is_noticed((times, bits) in counter(), at: prop::sample::Index, bit in 0_u32..8) {
        let mut encoded: EncodedRolls = write(&[(1, fold(&times, &bits, FIVE_MINUTES, None))]);
        let at: usize = at.index(encoded.body.len());
        encoded.body[at] ^= 1 << bit;
        prop_assert!(read(&encoded, &HashSet::from([1])).is_err());
    }

    #[test]
    fn damage_never_panics(bytes: Vec<u8>, blocks: Vec<u8>, n in 0_usize..100) {
        let _: Option<Vec<Rolled>> = item::decode(&bytes, n);
        let _: Option<RollReader<'_>> = RollReader::parse(FORMAT, &bytes).ok();
        let dir: Vec<u8> = sealed::seal(&bytes);
        let mut body: Vec<u8> = Vec::new();
        crate::wire::put_uvarint(&mut body, dir.len() as u64);
        let body: Vec<u8> = [body, dir, blocks].concat();
        if let Ok(reader) = RollReader::parse(FORMAT, &body) {
            let _: Option<Vec<(i64, Vec<Rolled>)>> = reader.series(&HashSet::from([0])).ok();
        }
    }
}

#[test]
fn a_bucket_ends_with_its_end_and_begins_behind_its_start() {
    let times: [i64; 4] = [0, 1, FIVE_MINUTES, FIVE_MINUTES + 1];
    let starts: Vec<i64> = times.iter().map(|at| bucket_start(*at, FIVE_MINUTES)).collect();
    assert_eq!(starts, [-FIVE_MINUTES, 0, 0, FIVE_MINUTES]);
    let rolled: Vec<Rolled> = fold(&times, &bits(&[1.0, 2.0, 3.0, 4.0]), FIVE_MINUTES, None);
    let counts: Vec<(i64, u64)> = rolled.iter().map(|one| (one.bucket_start, one.count)).collect();
    assert_eq!(counts, [(-FIVE_MINUTES, 1), (0, 2), (FIVE_MINUTES, 1)]);
}

#[test]
fn a_counter_is_corrected_where_it_drops() {
    let rolled: Vec<Rolled> = fold(&[1, 2, 3, 4], &bits(&[10.0, 14.0, 3.0, 5.0]), 100, Some((0, 8.0)));
    let expected = Rolled {
        bucket_start: 0,
        first_at: 1,
        last_at: 4,
        min: 3.0,
        max: 14.0,
        sum: 32.0,
        count: 4,
        first: 10.0,
        last: 5.0,
        increase: 11.0,
        ends_stale: false,
    };
    assert_eq!(rolled, [expected]);
    assert_eq!(fold(&[1, 2], &bits(&[2.0, 5.0]), 100, Some((0, 8.0)))[0].increase, 5.0);
    assert_eq!(fold(&[1, 2], &bits(&[2.0, 5.0]), 100, None)[0].increase, 3.0);
    assert_eq!(fold(&[1, 2], &bits(&[2.0, 5.0]), 100, Some((1, 8.0)))[0].increase, 3.0, "what is not before is not looked at");
}

#[test]
fn stale_markers_are_remembered_but_no_values() {
    let (at, ended): ([i64; 3], Vec<u64>) = ([1, 50, 120], vec![2.0_f64.to_bits(), STALE_NAN, STALE_NAN]);
    let rolled: Vec<Rolled> = fold(&at, &ended, 100, None);
    assert_eq!((rolled[0].count, rolled[0].last_at, rolled[0].last, rolled[0].ends_stale), (1, 1, 2.0, true));
    assert_eq!((rolled[1].count, rolled[1].first_at, rolled[1].increase, rolled[1].ends_stale), (0, 120, 0.0, true));
    assert!(rolled[1].min.is_nan() && rolled[1].last.is_nan());
    let back: Vec<Rolled> = fold(&[1, 50, 60], &[2.0_f64.to_bits(), STALE_NAN, 3.0_f64.to_bits()], 100, None);
    assert!(!back[0].ends_stale);
    let wide: Vec<Rolled> = fold_rolled(&rolled, 1_000);
    assert_eq!((wide.len(), wide[0].count, wide[0].last, wide[0].ends_stale), (1, 1, 2.0, true));
}

#[test]
fn nan_is_a_value_but_neither_least_nor_greatest_nor_a_reset() {
    let rolled: Vec<Rolled> = fold(&[1, 2, 3], &bits(&[4.0, f64::NAN, 9.0]), 100, None);
    assert_eq!((rolled[0].min, rolled[0].max, rolled[0].count, rolled[0].increase), (4.0, 9.0, 3, 5.0));
    assert!(rolled[0].sum.is_nan());
}

#[test]
fn sums_keep_what_is_small() {
    let rolled: Vec<Rolled> = fold(&[1, 2, 3], &bits(&[1e100, 1.0, -1e100]), 100, None);
    assert_eq!(rolled[0].sum, 1.0);
    let infinite: Vec<Rolled> = fold(&[1, 2], &bits(&[f64::INFINITY, 1.0]), 100, None);
    assert_eq!(infinite[0].sum, f64::INFINITY);
}

#[test]
fn a_month_of_constants_takes_next_to_nothing() {
    let times: Vec<i64> = (1..=20_000).map(|n| 15_000 * n).collect();
    let rolled: Vec<Rolled> = fold(&times, &vec![3.0_f64.to_bits(); times.len()], FIVE_MINUTES, None);
    let encoded: EncodedRolls = write(&[(1, rolled.clone())]);
    assert!(encoded.body.len() < 300, "took {} bytes", encoded.body.len());
    assert_eq!(read(&encoded, &HashSet::from([1])), Ok(vec![(1, rolled)]));
}

#[test]
fn a_counter_keeps_its_increases_in_its_last_values() {
    let times: Vec<i64> = (1..=9_600).map(|n| 15_000 * n).collect();
    let values: Vec<f64> = (1..=9_600_u32).map(|n| f64::from(n * 1_000 + n * n % 701)).collect();
    let rolled: Vec<Rolled> = fold(&times, &bits(&values), FIVE_MINUTES, None);
    let bytes: usize = item::encode(&rolled).len();
    assert!(bytes < 8 * rolled.len(), "{bytes} bytes for {} buckets", rolled.len());
}
