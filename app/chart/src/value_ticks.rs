//! Steps of a value axis: 1, 2, 5 and their tens; powers of two for bytes. Those of a logarithmic one stand in `logarithm`.

use figures::Unit;

use crate::logarithm;
use crate::plot::Axis;
use crate::scale::Bounds;

/// More ticks than this are a mistake in the bounds, not an axis.
const MOST_TICKS: i64 = 64;
/// Numbers larger than this, and steps finer than that, are written with an exponent: a label of three hundred digits is no label.
const MOST_WRITTEN: f64 = 1e18;
const LEAST_STEP: f64 = 1e-5;
/// Ticks of a logarithmic axis that is too short for decades and their parts.
const SHORT_STEPS: f64 = 4.0;

/// Below this, steps leave what a number can hold.
const LEAST_ROUGH: f64 = 1e-290;

/// A labelled value of the vertical axis.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueTick {
    pub value: f64,
    pub label: String,
}

/// The labelled values within the bounds, ascending: the multiples of their step, or the decades of a logarithmic axis that has any.
#[must_use]
pub fn value_ticks(bounds: Bounds, unit: Unit) -> Vec<ValueTick> {
    if bounds.axis == Axis::Linear {
        return evenly(&bounds, bounds.step, unit);
    }
    let values = logarithm::labelled(&bounds, unit);
    if values.len() < 2 {
        return evenly(&bounds, pleasant_step((bounds.high - bounds.low) / SHORT_STEPS, unit), unit);
    }
    values.into_iter().map(|value| ValueTick { value, label: label(value, value.abs(), unit) }).collect()
}

/// The multiples of a step.
fn evenly(bounds: &Bounds, step: f64, unit: Unit) -> Vec<ValueTick> {
    // A hair of tolerance, so that 0.1 × 3 counts as 0.3.
    let first = (bounds.low / step - 1e-9).ceil() as i64;
    let last = (bounds.high / step + 1e-9).floor() as i64;
    let last = last.min(first.saturating_add(MOST_TICKS));
    (first..=last)
        .map(|multiple| multiple as f64 * step)
        .map(|value| ValueTick { value, label: label(value, step, unit) })
        .collect()
}

fn label(value: f64, step: f64, unit: Unit) -> String {
    let is_written = value == 0.0 || (value.abs() < MOST_WRITTEN && step.abs() >= LEAST_STEP);
    if is_written || !value.is_finite() {
        return figures::tick(value, step, unit);
    }
    format!("{value:.1e}").replace(".0e", "e").replace('-', "\u{2212}")
}

/// The smallest pleasant step that is not below `rough`. Percentages may also step by 25, since quarters are
/// read at a glance; things one counts step by whole numbers.
pub(crate) fn pleasant_step(rough: f64, unit: Unit) -> f64 {
    if !rough.is_finite() || rough <= LEAST_ROUGH {
        return 1.0;
    }
    if unit.is_binary() && rough >= 1.0 {
        return 2f64.powi((rough.log2() - 1e-9).ceil() as i32);
    }
    let ten = 10f64.powi(rough.log10().floor() as i32);
    let choices: &[f64] = match unit {
        Unit::Percent => &[1.0, 2.0, 2.5, 5.0, 10.0],
        _ => &[1.0, 2.0, 5.0, 10.0],
    };
    let share = rough / ten * (1.0 - 1e-9);
    let step = choices.iter().copied().find(|choice| *choice >= share).unwrap_or(10.0) * ten;
    if unit == Unit::Count { step.max(1.0) } else { step }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn steps_are_one_two_five() {
        for (rough, unit, expected) in [
            (1.0, Unit::None, 1.0),
            (1.1, Unit::None, 2.0),
            (3.0, Unit::None, 5.0),
            (6.0, Unit::None, 10.0),
            (0.03, Unit::None, 0.05),
            (25.0, Unit::Percent, 25.0),
            (25.0, Unit::None, 50.0),
            (300.0, Unit::Bytes, 512.0),
            (1_048_576.0, Unit::BytesPerSecond, 1_048_576.0),
            (0.2, Unit::Count, 1.0),
            (0.0, Unit::None, 1.0),
            (f64::NAN, Unit::None, 1.0),
        ] {
            let step = pleasant_step(rough, unit);
            assert!((step - expected).abs() < expected * 1e-9, "{rough} {unit:?}: {step}");
        }
    }

    #[test]
    fn ticks_are_labelled_multiples_within_the_bounds() {
        let ticks = value_ticks(Bounds::linear(0.0, 800.0, 200.0), Unit::Milliseconds);
        let labels: Vec<&str> = ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(labels, ["0", "200", "400", "600", "800"]);
        let ticks = value_ticks(Bounds::linear(0.15, 0.5, 0.1), Unit::None);
        let labels: Vec<&str> = ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(labels, ["0.2", "0.3", "0.4", "0.5"]);
    }

    #[test]
    fn decades_are_labelled_with_prefixes_and_exponents() {
        let labels = |low: f64, high: f64, step: f64, axis: Axis, unit: Unit| {
            let ticks = value_ticks(Bounds { low, high, step, axis, knee: 1.0 }, unit);
            ticks.into_iter().map(|tick| tick.label).collect::<Vec<String>>()
        };
        assert_eq!(labels(1.0, 1e6, 2.0, Axis::Log, Unit::None), ["1", "100", "10k", "1M"]);
        assert_eq!(labels(0.001, 1.0, 1.0, Axis::Log, Unit::None), ["0.001", "0.01", "0.1", "1"]);
        assert_eq!(labels(256.0, 65_536.0, 1.0, Axis::Log, Unit::Bytes), ["256", "4Ki", "64Ki"]);
        assert_eq!(labels(1e-12, 1e-10, 1.0, Axis::Log, Unit::None), ["1e\u{2212}12", "1e\u{2212}11", "1e\u{2212}10"]);
        assert_eq!(labels(-10.0, 1e4, 2.0, Axis::Symlog, Unit::None), ["\u{2212}1", "0", "1", "100", "10k"]);
        assert_eq!(labels(210.0, 480.0, 1.0, Axis::Log, Unit::None), ["300", "400"]);
    }

    proptest! {
        #[test]
        fn a_step_is_near_what_was_asked_for(rough in 1e-6f64..1e12) {
            let step = pleasant_step(rough, Unit::None);
            prop_assert!(step >= rough * (1.0 - 1e-6) && step <= rough * 2.51, "{rough} {step}");
        }
    }
}
