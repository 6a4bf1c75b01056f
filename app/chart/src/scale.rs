//! From values and times to places: the bounds of the value axis, and the two axes as plotters knows them.

use std::ops::Range;

use figures::Unit;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};

use crate::plot::{Plot, Point};
use crate::stack::stack;
use crate::value_ticks::pleasant_step;

/// The ends of a value axis and the distance of its ticks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    pub low: f64,
    /// Greater than `low`.
    pub high: f64,
    /// Positive.
    pub step: f64,
}

impl Bounds {
    /// The bounds of a plot with about `n_steps` ticks. An axis of values that are not negative starts at zero
    /// unless the plot says otherwise: a chart that zooms into noise alarms people for nothing.
    pub(crate) fn of(plot: &Plot, n_steps: usize) -> Bounds {
        let (data_low, data_high) = extent(plot);
        let low = plot.y.min.unwrap_or(data_low.min(0.0));
        let mut high = plot.y.max.unwrap_or_else(|| roomy(data_high.max(0.0), plot.y.unit));
        if high <= low {
            high = low + low.abs().max(1.0);
        }
        let step = pleasant_step((high - low) / n_steps.max(1) as f64, plot.y.unit);
        Bounds {
            low: if plot.y.min.is_some() { low } else { (low / step + 1e-9).floor() * step },
            high: if plot.y.max.is_some() { high } else { (high / step - 1e-9).ceil() * step },
            step,
        }
    }
}

/// Percentages that pass the half are read against the whole.
fn roomy(high: f64, unit: Unit) -> f64 {
    if unit == Unit::Percent && high > 50.0 && high <= 100.0 { 100.0 } else { high }
}

/// The smallest and largest of what must be seen: finite values within the span, and limits. Zeros if there is
/// nothing.
fn extent(plot: &Plot) -> (f64, f64) {
    let mut extent = (f64::INFINITY, f64::NEG_INFINITY);
    if plot.stacked {
        for layer in stack(&plot.series) {
            widen(&mut extent, plot, &layer.upper);
        }
    } else {
        for series in &plot.series {
            widen(&mut extent, plot, &series.points);
        }
    }
    for limit in plot.limits.iter().filter(|limit| limit.value.is_finite()) {
        extent = (extent.0.min(limit.value), extent.1.max(limit.value));
    }
    if extent.0 > extent.1 { (0.0, 0.0) } else { extent }
}

fn widen(extent: &mut (f64, f64), plot: &Plot, points: &[Point]) {
    let start = points.partition_point(|point| point.0 < plot.from_ms);
    let inside = points[start..].iter().take_while(|point| point.0 <= plot.to_ms);
    for (_, value) in inside.filter(|point| point.1.is_finite()) {
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
        let span_ms = (self.to_ms - self.from_ms).max(1) as f64;
        place((value - self.from_ms) as f64 / span_ms, limit)
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
        place((value - self.bounds.low) / (self.bounds.high - self.bounds.low), limit)
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
    use crate::plot::{Limit, Scale, Series};
    use figures::{Locale, Zone};

    fn plot(unit: Unit, values: &[f64]) -> Plot {
        let points = values.iter().enumerate().map(|(index, value)| (index as i64, *value)).collect();
        let series = Series { name: String::new(), style: 1, points, fill: false };
        Plot { series: vec![series], y: Scale { min: None, max: None, unit }, ..Plot::new(0, 100, Zone::utc(), Locale::En) }
    }

    fn bounds(plot: &Plot) -> (f64, f64, f64) {
        let Bounds { low, high, step } = Bounds::of(plot, 4);
        (low, high, step)
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
    fn limits_are_always_in_view() {
        let mut plot = plot(Unit::Percent, &[0.2, 1.9]);
        plot.limits = vec![Limit { value: 5.0, severity: 1, label: String::new() }];
        assert_eq!(bounds(&plot), (0.0, 6.0, 2.0));
    }

    #[test]
    fn nothing_and_zero_still_make_an_axis() {
        assert_eq!(bounds(&plot(Unit::None, &[])), (0.0, 1.0, 0.5));
        assert_eq!(bounds(&plot(Unit::None, &[0.0, 0.0])), (0.0, 1.0, 0.5));
        assert_eq!(bounds(&plot(Unit::Count, &[0.0])), (0.0, 1.0, 1.0));
    }

    #[test]
    fn a_given_end_is_obeyed() {
        let mut plot = plot(Unit::None, &[10.0, 20.0]);
        plot.y.min = Some(9.0);
        plot.y.max = Some(33.0);
        assert_eq!(bounds(&plot), (9.0, 33.0, 10.0));
    }

    #[test]
    fn far_values_do_not_overflow_their_place() {
        let axis = ValueAxis { bounds: Bounds { low: 0.0, high: 1.0, step: 1.0 } };
        assert_eq!(axis.map(&0.5, (100, 0)), 50);
        assert_eq!(axis.map(&1e300, (100, 0)), -200);
        assert_eq!(axis.map(&f64::NAN, (100, 0)), 100);
    }
}
