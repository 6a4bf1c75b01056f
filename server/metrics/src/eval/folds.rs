//! Windows made of steps instead of samples: what a selector and the simpler range functions need to know of a window, steps know.
//!
//! The source gives steps only when windows are made of whole ones ([`Folding`]), so the answers are those of the samples: counts, least,
//! greatest, first and last values to the bit; sums, means and growths up to the rounding of floating-point sums, which are added up step by
//! step here.
//!
//! [`Folding`]: crate::source::Folding

use std::sync::Arc;

use super::failure::EvalError;
use super::rates::{Ends, extended};
use super::select::Take;
use super::series::{ABSENT, Series};
use super::sums::{Greatest, Least, Sum, accumulate};
use super::window::{Layout, RangeFn};
use crate::source::{Fold, FoldedSeries};

/// The steps that one window reaches into, and its borders.
struct Seen<'a> {
    folds: &'a [Fold],
    from_ms: i64,
    to_ms: i64,
}

/// An instant vector: see [`super::select::instant`].
///
/// # Errors
/// Those of the deadline.
pub(super) fn instant(found: Vec<FoldedSeries>, take: Take, layout: &Layout) -> Result<Vec<Series>, EvalError> {
    columns(found, take == Take::Time, layout, |seen| {
        let newest: &Fold = seen.folds.last().filter(|fold| fold.last.at > seen.from_ms && !fold.ends_stale)?;
        Some(match take {
            Take::Value => newest.last.value,
            Take::Time => seconds(newest.last.at),
        })
    })
}

/// A function of the windows: see [`super::window::slide`].
///
/// # Errors
/// Those of the deadline.
pub(super) fn slide(function: RangeFn, found: Vec<FoldedSeries>, layout: &Layout) -> Result<Vec<Series>, EvalError> {
    columns(found, !function.keeps_name(), layout, |seen| value(function, seen, layout.range_ms))
}

fn columns(
    found: Vec<FoldedSeries>,
    drop_name: bool,
    layout: &Layout,
    value: impl Fn(&Seen<'_>) -> Option<f64>,
) -> Result<Vec<Series>, EvalError> {
    let mut out: Vec<Series> = Vec::with_capacity(found.len());
    for one in found {
        layout.deadline.check()?;
        let series: Series = Series { values: column(&one.folds, layout, &value), drop_name, labels: Arc::new(one.labels) };
        if series.is_present() {
            out.push(series);
        }
    }
    Ok(out)
}

fn column(folds: &[Fold], layout: &Layout, value: impl Fn(&Seen<'_>) -> Option<f64>) -> Vec<f64> {
    let len: usize = layout.grid.len;
    let mut values: Vec<f64> = Vec::with_capacity(len);
    let (mut first, mut end): (usize, usize) = (0, 0);
    for index in 0..len {
        let to_ms: i64 = layout.shift.apply(layout.grid.time(index));
        let from_ms: i64 = to_ms.saturating_sub(layout.range_ms);
        while end < folds.len() && folds[end].until <= to_ms {
            end += 1;
        }
        while first < end && folds[first].until <= from_ms {
            first += 1;
        }
        let cell: f64 = value(&Seen { folds: &folds[first..end], from_ms, to_ms }).unwrap_or(ABSENT);
        values.push(cell);
        // A pinned window is the same at every step.
        if layout.shift.pinned_ms.is_some() {
            values.resize(len, cell);
            break;
        }
    }
    values
}

fn seconds(at: i64) -> f64 {
    at as f64 / 1000.0
}

/// Steps that say only that the series went stale do not count.
fn valued<'a>(seen: &Seen<'a>) -> impl DoubleEndedIterator<Item = &'a Fold> {
    seen.folds.iter().filter(|fold| fold.count > 0)
}

fn value(function: RangeFn, seen: &Seen<'_>, range_ms: i64) -> Option<f64> {
    let oldest: &Fold = valued(seen).next()?;
    let newest: &Fold = valued(seen).next_back().filter(|fold| fold.last.at > seen.from_ms)?;
    match function {
        RangeFn::Last => Some(newest.last.value),
        RangeFn::TimeOfLast => Some(seconds(newest.last.at)),
        RangeFn::Present | RangeFn::Absent => Some(1.0),
        RangeFn::First => Some(oldest.first.value),
        RangeFn::TimeOfFirst => Some(seconds(oldest.first.at)),
        RangeFn::Min => Some(accumulate::<Least>(valued(seen).map(|fold| fold.min))),
        RangeFn::Max => Some(accumulate::<Greatest>(valued(seen).map(|fold| fold.max))),
        RangeFn::Sum => Some(accumulate::<Sum>(valued(seen).map(|fold| fold.sum))),
        RangeFn::Avg => Some(accumulate::<Sum>(valued(seen).map(|fold| fold.sum)) / count(seen) as f64),
        RangeFn::Count => Some(count(seen) as f64),
        RangeFn::Increase => extrapolated(seen, true),
        RangeFn::Rate => extrapolated(seen, true).map(|total| total / (range_ms as f64 / 1000.0)),
        RangeFn::Delta => extrapolated(seen, false),
        _ => None,
    }
}

fn count(seen: &Seen<'_>) -> u64 {
    valued(seen).map(|fold| fold.count).sum()
}

/// See [`super::rates::extrapolated`].
fn extrapolated(seen: &Seen<'_>, counter: bool) -> Option<f64> {
    let (oldest, newest): (&Fold, &Fold) = (valued(seen).next()?, valued(seen).next_back()?);
    let ends: Ends = Ends { first: oldest.first, last: newest.last, count: count(seen) };
    if ends.count < 2 {
        return None;
    }
    let straight: f64 = newest.last.value - oldest.first.value;
    let growth: f64 = if counter { straight + dropped(seen) } else { straight };
    Some(extended(&ends, growth, counter, (seen.from_ms, seen.to_ms)))
}

/// What the counter had reached at every drop: inside steps, and from one to the next.
fn dropped(seen: &Seen<'_>) -> f64 {
    let mut dropped: f64 = 0.0;
    let mut before: Option<f64> = None;
    for fold in valued(seen) {
        dropped += fold.growth - (fold.last.value - fold.first.value);
        dropped += before.filter(|before| fold.first.value < *before).unwrap_or(0.0);
        before = Some(fold.last.value);
    }
    dropped
}

#[cfg(test)]
mod tests {
    use model::labels::Labels;
    use proptest::prelude::*;

    use super::*;
    use crate::duplicates::{Raw, STALE_NAN};
    use crate::eval::grid::{Grid, Shift};
    use crate::eval::select::{self, Track};
    use crate::eval::series::{Deadline, present};
    use crate::eval::window;
    use crate::rollup::fold;
    use crate::select::joining::Joining;
    use crate::source::{Point, SeriesData};

    const NARROW_MS: i64 = 300_000;
    const NOON_MS: i64 = 1_795_348_800_000;
    const WHOLE: [RangeFn; 10] = [
        RangeFn::Rate,
        RangeFn::Increase,
        RangeFn::Delta,
        RangeFn::First,
        RangeFn::TimeOfFirst,
        RangeFn::Sum,
        RangeFn::Avg,
        RangeFn::Min,
        RangeFn::Max,
        RangeFn::Count,
    ];
    const NEWEST: [RangeFn; 4] = [RangeFn::Last, RangeFn::TimeOfLast, RangeFn::Present, RangeFn::Absent];

    /// A series with gaps, resets, and stale markers; some lie on the borders of steps.
    fn samples() -> impl Strategy<Value = Vec<Raw>> {
        let step = (prop_oneof![1_i64..400_000, Just(NARROW_MS), Just(15_000_i64)], -3_i32..1_000, 0_u8..20);
        proptest::collection::vec(step, 0..150).prop_map(|steps| {
            let (mut at, mut value): (i64, f64) = (NOON_MS, 1e4);
            let mut samples: Vec<Raw> = Vec::new();
            for (ms, added, what) in steps {
                at += ms;
                value = if what == 0 { f64::from(added.max(0)) } else { (value + f64::from(added)).max(0.0) };
                samples.push((at, if what == 1 { STALE_NAN } else { value.to_bits() }));
            }
            samples
        })
    }

    fn folded(samples: &[Raw], joined_ms: i64) -> FoldedSeries {
        let (times, bits): (Vec<i64>, Vec<u64>) = samples.iter().copied().unzip();
        let mut joining = Joining::new(joined_ms);
        for rolled in fold(&times, &bits, NARROW_MS, None) {
            joining.push(&rolled, NOON_MS);
        }
        FoldedSeries { labels: Labels::default(), folds: joining.finish(i64::MIN, i64::MAX) }
    }

    fn series(samples: &[Raw]) -> SeriesData {
        let points = samples.iter().map(|(at, bits)| Point { at: *at, value: f64::from_bits(*bits) });
        SeriesData { labels: Labels::default(), points: points.collect() }
    }

    fn layout(step: i64, range_ms: i64) -> Layout {
        let grid = Grid { first_ms: NOON_MS, step_ms: step * NARROW_MS, len: 40 };
        Layout { grid, shift: Shift::default(), range_ms, deadline: Deadline::default() }
    }

    /// Cell by cell the same, but for what rounding leaves.
    fn same(left: &[Series], right: &[Series]) -> bool {
        let close = |(left, right): (&f64, &f64)| {
            let same_kind: bool = present(*left) == present(*right) && left.is_nan() == right.is_nan();
            same_kind && (left.is_nan() || (left - right).abs() <= 1e-12 * left.abs().max(1.0))
        };
        left.len() == right.len()
            && left
                .iter()
                .zip(right)
                .all(|(left, right)| left.drop_name == right.drop_name && left.values.iter().zip(&right.values).all(close))
    }

    proptest! {
        #[test]
        fn windows_of_whole_steps_are_those_of_samples(samples in samples(), step in 1_i64..5, range in 1_i64..9, wide in 1_i64..4) {
            // All borders are multiples of the steps, which are as wide as `wide` says.
            let layout: Layout = layout(step * wide, range * wide * NARROW_MS);
            for function in WHOLE {
                let tracks: Vec<Track> = select::tracks(vec![series(&samples)]);
                let wanted: Vec<Series> = window::slide(function, tracks, &[], &layout).unwrap();
                let found: Vec<Series> = slide(function, vec![folded(&samples, wide * NARROW_MS)], &layout).unwrap();
                prop_assert!(same(&found, &wanted), "{function:?}: {found:?} instead of {wanted:?}");
            }
        }

        #[test]
        fn the_newest_sample_is_found_whatever_the_range(samples in samples(), step in 1_i64..5, range_ms in 1_i64..3_000_000) {
            let layout: Layout = layout(step, range_ms);
            for function in NEWEST {
                let tracks: Vec<Track> = select::tracks(vec![series(&samples)]);
                let wanted: Vec<Series> = window::slide(function, tracks, &[], &layout).unwrap();
                let found: Vec<Series> = slide(function, vec![folded(&samples, step * NARROW_MS)], &layout).unwrap();
                prop_assert!(same(&found, &wanted), "{function:?}: {found:?} instead of {wanted:?}");
            }
            for take in [Take::Value, Take::Time] {
                let wanted: Vec<Series> =
                    select::instant(vec![series(&samples)], layout.shift, range_ms, &layout.grid, take);
                let found: Vec<Series> = instant(vec![folded(&samples, step * NARROW_MS)], take, &layout).unwrap();
                prop_assert!(same(&found, &wanted), "{take:?}: {found:?} instead of {wanted:?}");
            }
        }
    }
}
