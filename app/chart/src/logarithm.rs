//! Logarithmic axes: where they end, and where their ticks stand.
//!
//! A decade is a factor of ten; of bytes it is sixteen, because 256 Ki reads and 262.1 ki does not. The symlog axis is linear up to a
//! knee on both sides of zero and logarithmic beyond.

use figures::Unit;

use crate::plot::{Axis, Plot};
use crate::scale::{Bounds, top};

/// Powers beyond these leave what a number can hold.
const LEAST_POWER: f64 = -240.0;
const MOST_POWER: f64 = 240.0;
/// Decades between the knee of a symlog axis and its end.
const DECADES_BEYOND_KNEE: f64 = 4.0;
/// Decades with a hairline at each of their parts; more would be a grey wall.
const MOST_PARTED: f64 = 6.0;

/// The factor between two ticks.
pub(crate) fn base(unit: Unit) -> f64 {
    if unit.is_binary() { 16.0 } else { 10.0 }
}

/// The power of a value, a hair tolerant: 1,000 is the third.
fn power(value: f64, base: f64) -> f64 {
    (value.log10() / base.log10()).clamp(LEAST_POWER, MOST_POWER)
}

fn power_below(value: f64, base: f64) -> f64 {
    (power(value, base) + 1e-9).floor()
}

fn power_above(value: f64, base: f64) -> f64 {
    (power(value, base) - 1e-9).ceil()
}

fn raised(base: f64, power: f64) -> f64 {
    base.powi(power as i32)
}

/// The bounds of a logarithmic axis over positive values: whole decades, unless the plot says otherwise.
pub(crate) fn log_bounds(plot: &Plot, seen: Option<(f64, f64)>, n_steps: usize) -> Bounds {
    let base = base(plot.y.unit);
    let (seen_low, seen_high) = seen.filter(|(low, high)| *low > 0.0 && high >= low).unwrap_or((1.0, base));
    let given_low = plot.y.min.filter(|min| *min > 0.0 && min.is_finite());
    let first = power_below(given_low.unwrap_or(seen_low), base);
    let low = given_low.unwrap_or_else(|| raised(base, first));
    let last = power_above(seen_high, base).max(first + 1.0);
    let whole = plot.y.max.filter(|max| *max > low && max.is_finite() && seen_high >= max / 2.0);
    let high = whole.unwrap_or_else(|| raised(base, last));
    let high = if high > low { high } else { low * base };
    Bounds { low, high, step: decades(last - first, n_steps), axis: Axis::Log, knee: 0.0 }
}

/// The bounds of a symlog axis: whole decades on each side that has values.
pub(crate) fn symlog_bounds(plot: &Plot, seen: Option<(f64, f64)>, n_steps: usize) -> Bounds {
    let base = base(plot.y.unit);
    let (seen_low, seen_high) = seen.unwrap_or((0.0, 0.0));
    let (high, is_whole) = top(seen_high.max(0.0), seen.is_some(), &plot.y);
    let low = plot.y.min.filter(|min| min.is_finite()).unwrap_or(seen_low.min(0.0));
    let end = |value: f64| if value == 0.0 { 0.0 } else { value.signum() * raised(base, power_above(value.abs(), base)) };
    let low = if plot.y.min.is_some() { low } else { end(low) };
    let mut high = if is_whole { high } else { end(high) };
    if high <= low {
        high = if low < 0.0 { 0.0 } else { low + low.abs().max(1.0) };
    }
    let last = power_above(low.abs().max(high.abs()), base);
    let knee = raised(base, (last - DECADES_BEYOND_KNEE).max(LEAST_POWER));
    let n_sides = if low < 0.0 && high > 0.0 { 2 } else { 1 };
    let step = decades(DECADES_BEYOND_KNEE, n_steps.div_ceil(n_sides));
    Bounds { low, high, step, axis: Axis::Symlog, knee }
}

/// Decades from one label to the next, so that there are about `n_steps` of them.
fn decades(n_decades: f64, n_steps: usize) -> f64 {
    (n_decades / n_steps.max(1) as f64).ceil().max(1.0)
}

/// The same for an axis between two positive values.
pub(crate) fn decades_between(low: f64, high: f64, unit: Unit, n_steps: usize) -> f64 {
    let base = base(unit);
    decades(power(high, base) - power(low, base), n_steps)
}

/// Where labels stand, ascending. Fewer than two where the axis is too short for its kind.
pub(crate) fn labelled(bounds: &Bounds, unit: Unit) -> Vec<f64> {
    match bounds.axis {
        Axis::Symlog => symlog_values(bounds, unit),
        _ => log_values(bounds, unit),
    }
}

/// The powers within the axis; where it is shorter than a decade, the pleasant numbers between.
fn log_values(bounds: &Bounds, unit: Unit) -> Vec<f64> {
    let base = base(unit);
    let powers = powers_within(bounds, base, bounds.step);
    if powers.len() >= 2 {
        return powers;
    }
    let parts: &[f64] = if unit.is_binary() { &[1.0, 4.0] } else { &[1.0, 2.0, 5.0] };
    powers_around(bounds, base)
        .into_iter()
        .flat_map(|power| parts.iter().map(move |part| part * power))
        .filter(|value| is_within(bounds, *value))
        .collect()
}

/// Zero, and the powers on each side from the end inwards to the knee.
fn symlog_values(bounds: &Bounds, unit: Unit) -> Vec<f64> {
    let base = base(unit);
    let last = power_above(bounds.low.abs().max(bounds.high.abs()), base);
    let n_labels = (DECADES_BEYOND_KNEE / bounds.step).floor() as i32;
    let sizes = (0..=n_labels).map(|n| raised(base, last - f64::from(n) * bounds.step));
    let mut values: Vec<f64> =
        sizes.flat_map(|size| [-size, size]).chain([0.0]).filter(|value| is_within(bounds, *value)).collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// Where the hairlines between the labels of a logarithmic axis stand. None where there are many decades, and on other axes.
pub(crate) fn parts(bounds: &Bounds, unit: Unit) -> Vec<f64> {
    let base = base(unit);
    if bounds.axis != Axis::Log || power(bounds.high, base) - power(bounds.low, base) > MOST_PARTED {
        return Vec::new();
    }
    let parts: &[f64] = if unit.is_binary() { &[2.0, 4.0, 8.0] } else { &[2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0] };
    let labels = labelled(bounds, unit);
    powers_around(bounds, base)
        .into_iter()
        .flat_map(|power| parts.iter().map(move |part| part * power).chain([power]))
        .filter(|value| is_within(bounds, *value) && !labels.iter().any(|label| (label / value - 1.0).abs() < 1e-9))
        .collect()
}

/// The powers within the axis, `step` decades apart.
fn powers_within(bounds: &Bounds, base: f64, step: f64) -> Vec<f64> {
    let first = power_above(bounds.low, base);
    let last = power_below(bounds.high, base);
    let n_powers = if last < first { 0 } else { ((last - first) / step).floor() as i32 + 1 };
    (0..n_powers).map(|n| raised(base, first + f64::from(n) * step)).collect()
}

/// The same, with the one below the axis, and every decade.
fn powers_around(bounds: &Bounds, base: f64) -> Vec<f64> {
    let (first, last) = (power_below(bounds.low, base) as i32, power_below(bounds.high, base) as i32);
    (first..=last).map(|power| raised(base, f64::from(power))).collect()
}

/// A hair of tolerance: the ends belong to the axis.
fn is_within(bounds: &Bounds, value: f64) -> bool {
    let air = value.abs() * 1e-9;
    value >= bounds.low - air && value <= bounds.high + air
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::Scale;
    use figures::{Locale, Zone};

    fn plot(axis: Axis, unit: Unit) -> Plot {
        let mut plot = Plot::new(0, 100, Zone::utc(), Locale::En);
        plot.y = Scale { min: None, max: None, unit, axis };
        plot
    }

    fn is_near(found: &[f64], expected: &[f64]) -> bool {
        found.len() == expected.len() && found.iter().zip(expected).all(|(one, other)| (one - other).abs() <= other.abs() * 1e-9)
    }

    #[test]
    fn a_logarithmic_axis_ends_on_decades() {
        let bounds = log_bounds(&plot(Axis::Log, Unit::None), Some((3.0, 4_200.0)), 4);
        assert!(is_near(&[bounds.low, bounds.high, bounds.step], &[1.0, 10_000.0, 1.0]), "{bounds:?}");
        assert!(is_near(&labelled(&bounds, Unit::None), &[1.0, 10.0, 100.0, 1_000.0, 10_000.0]));
        let parts = parts(&bounds, Unit::None);
        assert_eq!(parts.len(), 4 * 8);
        assert!(parts.contains(&2.0) && parts.contains(&9_000.0) && !parts.contains(&10.0));
    }

    #[test]
    fn many_decades_are_labelled_in_steps_and_bytes_by_sixteens() {
        let wide = log_bounds(&plot(Axis::Log, Unit::None), Some((1e-6, 1e6)), 4);
        assert!(is_near(&labelled(&wide, Unit::None), &[1e-6, 1e-3, 1.0, 1e3, 1e6]), "{wide:?}");
        assert!(parts(&wide, Unit::None).is_empty());
        let bytes = log_bounds(&plot(Axis::Log, Unit::Bytes), Some((300.0, 60_000.0)), 4);
        assert!(is_near(&labelled(&bytes, Unit::Bytes), &[256.0, 4_096.0, 65_536.0]), "{bytes:?}");
    }

    #[test]
    fn an_axis_within_a_decade_is_labelled_by_its_parts() {
        let mut plot = plot(Axis::Log, Unit::None);
        (plot.y.min, plot.y.max) = (Some(150.0), Some(800.0));
        let bounds = log_bounds(&plot, Some((200.0, 700.0)), 4);
        assert!(is_near(&labelled(&bounds, Unit::None), &[200.0, 500.0]), "{bounds:?}");
    }

    #[test]
    fn without_positive_values_there_is_still_an_axis() {
        for seen in [None, Some((-5.0, -1.0)), Some((0.0, 0.0))] {
            let bounds = log_bounds(&plot(Axis::Log, Unit::None), seen, 4);
            assert!(is_near(&[bounds.low, bounds.high], &[1.0, 10.0]), "{bounds:?}");
        }
    }

    #[test]
    fn a_symlog_axis_reaches_to_both_sides() {
        let bounds = symlog_bounds(&plot(Axis::Symlog, Unit::None), Some((-30.0, 4_000.0)), 4);
        assert!(is_near(&[bounds.low, bounds.high, bounds.knee], &[-100.0, 10_000.0, 1.0]), "{bounds:?}");
        assert!(is_near(&labelled(&bounds, Unit::None), &[-100.0, -1.0, 0.0, 1.0, 100.0, 10_000.0]), "{bounds:?}");
        let one_side = symlog_bounds(&plot(Axis::Symlog, Unit::None), Some((0.0, 70.0)), 4);
        assert!(is_near(&labelled(&one_side, Unit::None), &[0.0, 0.01, 0.1, 1.0, 10.0, 100.0]), "{one_side:?}");
    }
}
