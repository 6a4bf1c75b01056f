//! Values counted in buckets: those that the data came in, or our own.

use super::rounding::pleasant;
use chart::HeatRow;
use model::labels::Labels;

/// The label of a histogram's buckets: what they hold is less than or equal to it.
const UPPER_EDGE: &str = "le";
/// Our own buckets, about.
const BUCKETS: f64 = 20.0;
/// Values nearer to each other than this share of their size are one value, and its neighbourhood is shown.
const ALIKE: f64 = 1e-9;
/// More decades than this are not parted.
const MOST_PARTED: i32 = 12;

/// The upper edge of a series that counts a bucket.
pub(super) fn upper_edge(labels: &Labels) -> Option<f64> {
    let edge: f64 = labels.get(UPPER_EDGE).parse::<f64>().ok()?;
    // Zero has one edge, whatever its sign.
    (edge > f64::NEG_INFINITY).then_some(edge + 0.0)
}

/// From counts up to each edge to counts between edges. Several of one edge are added.
pub(super) fn between_edges(mut found: Vec<(f64, Vec<f64>)>) -> Vec<HeatRow> {
    found.sort_by(|one, other| one.0.total_cmp(&other.0));
    found.dedup_by(|next, kept| {
        let is_same: bool = next.0.total_cmp(&kept.0).is_eq();
        if is_same {
            kept.1.iter_mut().zip(&next.1).for_each(|(sum, count)| *sum = added(*sum, *count));
        }
        is_same
    });
    (0..found.len()).map(|place| row(&found, place)).collect()
}

fn row(found: &[(f64, Vec<f64>)], place: usize) -> HeatRow {
    let (high, counts) = &found[place];
    match place.checked_sub(1).and_then(|before| found.get(before)) {
        Some((low, below)) => {
            let counts: Vec<f64> = counts.iter().zip(below).map(|(count, below)| not_less_than_none(count - below)).collect();
            HeatRow { low: *low, high: *high, counts }
        }
        None => {
            let low: f64 = if *high > 0.0 { 0.0 } else { f64::NEG_INFINITY };
            HeatRow { low, high: *high, counts: counts.iter().map(|count| not_less_than_none(*count)).collect() }
        }
    }
}

/// What is not known adds nothing.
fn added(sum: f64, count: f64) -> f64 {
    match (sum.is_nan(), count.is_nan()) {
        (true, _) => count,
        (_, true) => sum,
        _ => sum + count,
    }
}

/// Buckets are not all read at the same instant: one may seem to hold less than the one below. NaN stays.
fn not_less_than_none(count: f64) -> f64 {
    if count < 0.0 { 0.0 } else { count }
}

/// Counts finite values, each in its column, in buckets of ours. A column without any value is not known.
pub(super) fn of_values(values: &[(usize, f64)], n_columns: usize, is_log: bool) -> Vec<HeatRow> {
    let ends = |(least, most): (f64, f64), (_, value): &(usize, f64)| (least.min(*value), most.max(*value));
    let (least, most) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), ends);
    if least > most {
        return Vec::new();
    }
    let edges: Vec<f64> = if is_log { tens(least, most) } else { steps(least, most) };
    let mut empty: Vec<f64> = vec![f64::NAN; n_columns];
    for (column, _) in values {
        if let Some(count) = empty.get_mut(*column) {
            *count = 0.0;
        }
    }
    let row = |ends: &[f64]| HeatRow { low: ends[0], high: ends[1], counts: empty.clone() };
    let mut rows: Vec<HeatRow> = edges.windows(2).map(row).collect();
    let last: usize = rows.len().saturating_sub(1);
    for (column, value) in values {
        let place: usize = edges.partition_point(|edge| edge <= value).saturating_sub(1).min(last);
        if let Some(count) = rows.get_mut(place).and_then(|row| row.counts.get_mut(*column)) {
            *count += 1.0;
        }
    }
    rows
}

/// Edges a pleasant step apart.
fn steps(least: f64, most: f64) -> Vec<f64> {
    let size: f64 = least.abs().max(most.abs());
    // Parts, because the distance of the two largest numbers is none.
    let rough: f64 = most / BUCKETS - least / BUCKETS;
    let step: f64 = pleasant(if rough <= size * ALIKE { size / BUCKETS } else { rough });
    let first: f64 = (least / step).floor();
    let n_steps = ((most / step).floor() - first) as usize;
    (0..=n_steps + 1).map(|nth| (first + nth as f64) * step).collect()
}

/// Edges at the powers of ten and, where there are not too many, between them.
fn tens(least: f64, most: f64) -> Vec<f64> {
    let (first, last) = (least.log10().floor() as i32, most.log10().floor() as i32);
    let parts: &[f64] = if last - first > MOST_PARTED { &[1.0] } else { &[1.0, 2.0, 5.0] };
    let mut edges: Vec<f64> = (first..=last).flat_map(|power| parts.iter().map(move |part| part * 10_f64.powi(power))).collect();
    edges.push(10_f64.powi(last + 1));
    edges
}

/// Without the outermost buckets that hold nothing at any time.
pub(super) fn trimmed(rows: Vec<HeatRow>) -> Vec<HeatRow> {
    let is_full = |row: &HeatRow| row.counts.iter().any(|count| *count > 0.0);
    let (Some(first), Some(last)) = (rows.iter().position(is_full), rows.iter().rposition(is_full)) else {
        return rows;
    };
    rows.into_iter().skip(first).take(last - first + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(rows: &[HeatRow]) -> Vec<String> {
        rows.iter().map(|row| format!("{}..{} {:?}", row.low, row.high, row.counts)).collect()
    }

    #[test]
    fn edges_are_numbers() {
        let edge = |le: &str| upper_edge(&Labels::new([("le", le)]));
        assert_eq!([edge("+Inf"), edge("0.5"), edge("-0")], [Some(f64::INFINITY), Some(0.5), Some(0.0)]);
        assert_eq!([edge("NaN"), edge("-Inf"), edge("much"), edge("")], [None; 4]);
    }

    #[test]
    fn counts_up_to_an_edge_become_counts_between_edges() {
        let (nan, inf) = (f64::NAN, f64::INFINITY);
        let found = vec![(inf, vec![9.0, 8.0]), (0.5, vec![4.0, nan]), (0.5, vec![1.0, 2.0]), (1.0, vec![4.0, nan])];
        assert_eq!(said(&between_edges(found)), ["0..0.5 [5.0, 2.0]", "0.5..1 [0.0, NaN]", "1..inf [5.0, NaN]"]);
        assert_eq!(said(&between_edges(vec![(-1.0, vec![3.0])])), ["-inf..-1 [3.0]"]);
        assert!(between_edges(Vec::new()).is_empty());
    }

    #[test]
    fn values_are_counted_in_buckets_of_a_pleasant_step() {
        let rows = of_values(&[(0, 0.0), (0, 0.9), (2, 20.0)], 3, false);
        assert_eq!(rows.len(), 21);
        let counted = |row: &HeatRow| format!("{}..{} {:?}", row.low, row.high, row.counts);
        assert_eq!(
            (counted(&rows[0]), counted(&rows[20])),
            ("0..1 [2.0, NaN, 0.0]".to_owned(), "20..21 [0.0, NaN, 1.0]".to_owned())
        );
        assert_eq!(said(&of_values(&[(0, 5.0), (0, 5.0)], 1, false)), ["5..5.5 [2.0]"]);
        assert_eq!(said(&of_values(&[(0, 0.0)], 1, false)), ["0..1 [1.0]"]);
        assert!(of_values(&[], 3, false).is_empty());
    }

    #[test]
    fn the_largest_and_the_smallest_numbers_have_buckets() {
        for values in [[-f64::MAX, f64::MAX], [1e15, 1e15 + 0.25], [5e-324, 1e-300], [1.0, f64::MAX]] {
            let found: Vec<(usize, f64)> = values.iter().map(|value| (0, *value)).collect();
            let total = |rows: Vec<HeatRow>| rows.iter().flat_map(|row| &row.counts).sum::<f64>();
            let rows = of_values(&found, 1, false);
            assert!(rows.len() <= 50, "{values:?}: {}", rows.len());
            assert!((total(rows) - 2.0).abs() < 1e-9, "{values:?}");
            if values[0] > 0.0 {
                assert!((total(of_values(&found, 1, true)) - 2.0).abs() < 1e-9, "{values:?}");
            }
        }
    }

    #[test]
    fn by_tens_a_decade_has_three_buckets_unless_there_are_many() {
        assert_eq!(tens(0.3, 40.0), [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]);
        assert_eq!(tens(1e-20, 1e20).len(), 42);
    }

    #[test]
    fn empty_ends_are_left_out() {
        let row = |low: f64, count: f64| HeatRow { low, high: low + 1.0, counts: vec![count] };
        let rows = trimmed(vec![row(0.0, 0.0), row(1.0, 2.0), row(2.0, 0.0), row(3.0, 1.0), row(4.0, f64::NAN)]);
        assert_eq!(rows.iter().map(|row| row.low).collect::<Vec<f64>>(), [1.0, 2.0, 3.0]);
        assert_eq!(trimmed(vec![row(0.0, 0.0)]).len(), 1);
    }
}
