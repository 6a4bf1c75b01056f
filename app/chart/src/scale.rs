//! From values and times to places: the bounds of the value axis, and the two axes as plotters knows them.

use std::ops::Range;

use figures::Unit;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};

use crate::logarithm::{log_bounds, symlog_bounds};
use crate::plot::{Axis, Plot, Point, Scale};
use crate::pyramid::Pyramids;
use crate::stack::stack;
use crate::value_ticks::pleasant_step;

/// The ends of a value axis, how values lie between them, and the distance of its ticks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    pub low: f64,
    /// Greater than `low`.
    pub high: f64,
    /// From one labelled tick to the next. Positive; on a logarithmic axis in decades.
    pub step: f64,
    pub axis: Axis,
    /// Up to here, on both sides of zero, a symlog axis is linear. Without meaning for the others.
    pub knee: f64,
}

/// Limits further off than so many times the range of the data are not worth flattening the data for.
const FAR: f64 = 2.0;
const FAR_ON_LOG: f64 = 100.0;
/// No axis of percentages ends below this: what moves within one percent is noise, and noise that fills a chart alarms people.
const LEAST_PERCENT: f64 = 1.0;

impl Bounds {
    /// The bounds of a plot with about `n_steps` ticks. An axis of values that are not negative starts at zero
    /// unless the plot says otherwise: a chart that zooms into noise alarms people for nothing.
    pub(crate) fn of(plot: &Plot, n_steps: usize, pyramids: Option<&Pyramids>) -> Bounds {
        let data = extent(plot, pyramids);
        let seen = seen(plot, data);
        match plot.y.axis {
            Axis::Linear => linear_bounds(plot, data, seen, n_steps),
            Axis::Log => log_bounds(plot, seen, n_steps),
            Axis::Symlog => symlog_bounds(plot, seen, n_steps),
        }
    }

    /// A linear axis.
    #[must_use]
    pub fn linear(low: f64, high: f64, step: f64) -> Bounds {
        Bounds { low, high, step, axis: Axis::Linear, knee: 0.0 }
    }

    /// From zero up to a number of things.
    pub(crate) fn up_to(most: f64, n_steps: usize, unit: Unit) -> Bounds {
        let most = if most.is_finite() && most > 0.0 { most } else { 1.0 };
        let step = pleasant_step(most / n_steps.max(1) as f64, unit);
        Bounds::linear(0.0, (most / step - 1e-9).ceil() * step, step)
    }

    /// Which share of the way from the low end to the high one a value stands at; less than 0 or more than 1 beyond them.
    #[must_use]
    pub fn share(&self, value: f64) -> f64 {
        // Halves, because the distance of the two largest numbers is none.
        let at = |value: f64| self.bent(value) / 2.0;
        let low = at(self.low);
        (at(value) - low) / (at(self.high) - low)
    }

    /// The value that stands at a share of the way: the inverse of [`Bounds::share`].
    #[must_use]
    pub fn value_at(&self, share: f64) -> f64 {
        let (low, high) = (self.bent(self.low) / 2.0, self.bent(self.high) / 2.0);
        self.unbent((low + share * (high - low)) * 2.0)
    }

    /// The value as its axis lays it out.
    fn bent(&self, value: f64) -> f64 {
        match self.axis {
            Axis::Linear => value,
            Axis::Log if value > 0.0 => value.log10(),
            Axis::Log => f64::NEG_INFINITY,
            Axis::Symlog => value.signum() * (1.0 + (value / self.knee).abs()).log10(),
        }
    }

    fn unbent(&self, bent: f64) -> f64 {
        match self.axis {
            Axis::Linear => bent,
            Axis::Log => 10f64.powf(bent),
            Axis::Symlog => bent.signum() * self.knee * (10f64.powf(bent.abs()) - 1.0),
        }
    }
}

fn linear_bounds(plot: &Plot, data: Option<(f64, f64)>, seen: Option<(f64, f64)>, n_steps: usize) -> Bounds {
    let (seen_low, seen_high) = seen.unwrap_or((0.0, 0.0));
    let low = plot.y.min.unwrap_or(seen_low.min(0.0));
    let (mut high, mut is_whole) = top(seen_high.max(0.0), data.is_some(), &plot.y);
    if high <= low {
        high = low + low.abs().max(1.0);
        is_whole = false;
    }
    let n_steps = n_steps.max(1) as f64;
    let rough = (high - low) / n_steps;
    let step = pleasant_step(if rough.is_finite() { rough } else { high / n_steps - low / n_steps }, plot.y.unit);
    // The largest numbers have no round neighbour.
    let end = |rounded: f64, given: f64| if rounded.is_finite() { rounded } else { given };
    Bounds::linear(
        if plot.y.min.is_some() { low } else { end((low / step + 1e-9).floor() * step, low) },
        if is_whole { high } else { end((high / step - 1e-9).ceil() * step, high) },
        step,
    )
}

/// Where an axis ends, and whether that is the whole. Values that pass the half of what there can be are read against the
/// whole, and so is an empty chart; smaller ones would lie flat on the floor, and get an axis of their own.
pub(crate) fn top(high: f64, has_data: bool, y: &Scale) -> (f64, bool) {
    let is_percent = y.unit == Unit::Percent;
    let whole = y.max.or((is_percent && high <= 100.0).then_some(100.0));
    match whole {
        Some(whole) if !has_data || high >= whole / 2.0 => (whole, true),
        _ if is_percent => (high.max(LEAST_PERCENT), false),
        _ => (high, false),
    }
}

/// The smallest and largest of what must be seen: the data, and the limits near them. `None` if there is neither.
fn seen(plot: &Plot, data: Option<(f64, f64)>) -> Option<(f64, f64)> {
    let limits = plot.limits.iter().map(|limit| limit.value).filter(|value| value.is_finite());
    let near = limits.filter(|limit| data.is_none_or(|data| is_near(plot.y.axis, *limit, data)));
    near.fold(data, |seen, limit| {
        let (low, high) = seen.unwrap_or((limit, limit));
        Some((low.min(limit), high.max(limit)))
    })
}

/// Whether a limit lies within twice the range of the data, counted from zero. Data that are all zero have no range to spoil. On a
/// logarithmic axis two decades spoil nothing.
fn is_near(axis: Axis, limit: f64, (low, high): (f64, f64)) -> bool {
    if axis == Axis::Log {
        return limit >= low / FAR_ON_LOG && limit <= high * FAR_ON_LOG;
    }
    let (floor, ceiling) = (low.min(0.0), high.max(0.0));
    let reach = FAR * (ceiling - floor);
    reach <= 0.0 || (limit <= floor + reach && limit >= ceiling - reach)
}

/// The smallest and largest value within the span that have a place on the axis.
fn extent(plot: &Plot, pyramids: Option<&Pyramids>) -> Option<(f64, f64)> {
    let mut extent = (f64::INFINITY, f64::NEG_INFINITY);
    if plot.stacked {
        for layer in stack(&plot.series) {
            widen(&mut extent, plot, &layer.upper);
        }
    } else {
        for (index, series) in plot.series.iter().enumerate() {
            match pyramids.and_then(|pyramids| pyramids.of_series(index, &series.points)) {
                Some(pyramid) => {
                    let (low, high) = pyramid.extent(&series.points, plot.from_ms, plot.to_ms);
                    extent = (extent.0.min(low), extent.1.max(high));
                }
                None => widen(&mut extent, plot, &series.points),
            }
        }
    }
    (extent.0 <= extent.1).then_some(extent)
}

fn widen(extent: &mut (f64, f64), plot: &Plot, points: &[Point]) {
    let start = points.partition_point(|point| point.0 < plot.from_ms);
    let inside = points[start..].iter().take_while(|point| point.0 <= plot.to_ms);
    for (_, value) in inside.filter(|point| plot.has_place(point.1)) {
        *extent = (extent.0.min(*value), extent.1.max(*value));
    }
}

/// Where a share of an axis falls between two places. Far outside is cut off, so that no place overflows.
fn place(share: f64, limit: (i32, i32)) -> i32 {
    let share = if share.is_finite() { share.clamp(-2.0, 3.0) } else { 0.0 };
    limit.0 + (share * f64::from(limit.1 - limit.0)).round() as i32
}

/// The horizontal axis: epoch milliseconds as whole numbers, because 32-bit and even 53-bit fractions of them
/// are not what a sample's time is.
#[derive(Clone, Copy)]
pub(crate) struct TimeAxis {
    pub(crate) from_ms: i64,
    pub(crate) to_ms: i64,
}

impl Ranged for TimeAxis {
    type FormatOption = DefaultFormatting;
    type ValueType = i64;

    fn map(&self, value: &i64, limit: (i32, i32)) -> i32 {
        let span_ms = self.to_ms.saturating_sub(self.from_ms).max(1) as f64;
        place(value.saturating_sub(self.from_ms) as f64 / span_ms, limit)
    }

    /// None: ticks need a zone and a locale, see `time_ticks`.
    fn key_points<Hint: KeyPointHint>(&self, _hint: Hint) -> Vec<i64> {
        Vec::new()
    }

    fn range(&self) -> Range<i64> {
        self.from_ms..self.to_ms
    }
}

/// The vertical axis.
#[derive(Clone, Copy)]
pub(crate) struct ValueAxis {
    pub(crate) bounds: Bounds,
}

impl Ranged for ValueAxis {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        place(self.bounds.share(*value), limit)
    }

    /// None: ticks need a unit, see `value_ticks`.
    fn key_points<Hint: KeyPointHint>(&self, _hint: Hint) -> Vec<f64> {
        Vec::new()
    }

    fn range(&self) -> Range<f64> {
        self.bounds.low..self.bounds.high
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::{Limit, Series};
    use figures::{Locale, Zone};

    fn plot(unit: Unit, values: &[f64]) -> Plot {
        let points = values.iter().enumerate().map(|(index, value)| (index as i64, *value)).collect();
        let series = Series { name: String::new(), style: 1, points, fill: false };
        Plot { series: vec![series], y: Scale { unit, ..Scale::default() }, ..Plot::new(0, 100, Zone::utc(), Locale::En) }
    }

    fn bounds(plot: &Plot) -> (f64, f64, f64) {
        let bounds = Bounds::of(plot, 4, None);
        (bounds.low, bounds.high, bounds.step)
    }

    #[test]
    fn positive_values_start_at_zero_and_end_on_a_tick() {
        assert_eq!(bounds(&plot(Unit::Milliseconds, &[188.0, 642.0])), (0.0, 800.0, 200.0));
        assert_eq!(bounds(&plot(Unit::None, &[-3.0, 4.9])), (-4.0, 6.0, 2.0));
        assert_eq!(bounds(&plot(Unit::None, &[5.0, f64::NAN, f64::INFINITY])), (0.0, 6.0, 2.0));
    }

    #[test]
    fn percentages_past_the_half_are_read_against_the_whole() {
        assert_eq!(bounds(&plot(Unit::Percent, &[31.0, 83.0])), (0.0, 100.0, 25.0));
        assert_eq!(bounds(&plot(Unit::Percent, &[0.2, 1.9])), (0.0, 2.0, 0.5));
    }

    #[test]
    fn small_percentages_get_an_axis_of_their_own_but_none_of_noise() {
        let mut plot = plot(Unit::Percent, &[0.3, 8.4]);
        plot.y.max = Some(100.0);
        assert_eq!(bounds(&plot), (0.0, 10.0, 2.5));
        plot.series[0].points = vec![(0, 50.0)];
        assert_eq!(bounds(&plot), (0.0, 100.0, 25.0));
        plot.series[0].points = vec![(0, 0.01)];
        assert_eq!(bounds(&plot), (0.0, 1.0, 0.25));
        plot.series[0].points = Vec::new();
        assert_eq!(bounds(&plot), (0.0, 100.0, 25.0), "an empty chart shows the whole");
    }

    #[test]
    fn a_limit_is_in_view_up_to_twice_the_range_of_the_data() {
        for (values, limit, expected) in [
            (&[0.2, 1.9][..], 3.8, (0.0, 4.0, 1.0)),
            (&[0.2, 1.9][..], 3.9, (0.0, 2.0, 0.5)),
            (&[30.0, 41.0][..], 80.0, (0.0, 100.0, 25.0)),
            (&[30.0, 39.0][..], 80.0, (0.0, 40.0, 10.0)),
            (&[60.0, 90.0][..], 5.0, (0.0, 100.0, 25.0)),
            (&[0.0, 0.0][..], 80.0, (0.0, 100.0, 25.0)),
        ] {
            let mut plot = plot(Unit::Percent, values);
            plot.limits = vec![Limit { value: limit, severity: 1, label: String::new() }];
            assert_eq!(bounds(&plot), expected, "{values:?} {limit}");
        }
    }

    #[test]
    fn nothing_and_zero_still_make_an_axis() {
        assert_eq!(bounds(&plot(Unit::None, &[])), (0.0, 1.0, 0.5));
        assert_eq!(bounds(&plot(Unit::None, &[0.0, 0.0])), (0.0, 1.0, 0.5));
        assert_eq!(bounds(&plot(Unit::Count, &[0.0])), (0.0, 1.0, 1.0));
    }

    #[test]
    fn a_given_end_is_obeyed_once_the_data_pass_its_half() {
        let mut plot = plot(Unit::None, &[10.0, 20.0]);
        plot.y.min = Some(9.0);
        plot.y.max = Some(33.0);
        assert_eq!(bounds(&plot), (9.0, 33.0, 10.0));
        plot.y = Scale { max: Some(41.0), ..Scale::default() };
        assert_eq!(bounds(&plot), (0.0, 20.0, 5.0));
    }

    #[test]
    fn on_a_logarithmic_axis_a_decade_is_as_long_as_another() {
        let bounds = Bounds { low: 1.0, high: 1_000.0, step: 1.0, axis: Axis::Log, knee: 0.0 };
        for (value, expected) in [(1.0, 0.0), (10.0, 1.0 / 3.0), (100.0, 2.0 / 3.0), (1_000.0, 1.0)] {
            assert!((bounds.share(value) - expected).abs() < 1e-9, "{value}");
        }
        assert_eq!(ValueAxis { bounds }.map(&-3.0, (100, 0)), 100);
        assert_eq!(ValueAxis { bounds }.map(&0.0, (100, 0)), 100);
    }

    #[test]
    fn a_symlog_axis_goes_through_zero() {
        let bounds = Bounds { low: -100.0, high: 100.0, step: 1.0, axis: Axis::Symlog, knee: 1.0 };
        assert!((bounds.share(0.0) - 0.5).abs() < 1e-9);
        assert!((bounds.share(9.0) + bounds.share(-9.0) - 1.0).abs() < 1e-9);
        assert!(bounds.share(9.0) > 0.7 && bounds.share(9.0) < 0.8);
    }

    #[test]
    fn what_has_no_place_on_a_logarithmic_axis_does_not_widen_it() {
        let mut plot = plot(Unit::None, &[0.0, -7.0, 20.0, 900.0]);
        plot.y.axis = Axis::Log;
        assert_eq!(bounds(&plot), (10.0, 1_000.0, 1.0));
    }

    #[test]
    fn the_largest_numbers_still_have_places() {
        let plot = plot(Unit::None, &[-1.7e308, 1.7e308]);
        let bounds = Bounds::of(&plot, 4, None);
        assert!(bounds.share(0.0) > 0.3 && bounds.share(0.0) < 0.7, "{bounds:?}");
    }

    #[test]
    fn far_values_do_not_overflow_their_place() {
        let axis = ValueAxis { bounds: Bounds::linear(0.0, 1.0, 1.0) };
        assert_eq!(axis.map(&0.5, (100, 0)), 50);
        assert_eq!(axis.map(&1e300, (100, 0)), -200);
        assert_eq!(axis.map(&f64::NAN, (100, 0)), 100);
    }
}
