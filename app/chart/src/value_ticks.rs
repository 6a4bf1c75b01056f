//! Steps of a value axis: 1, 2, 5 and their tens; powers of two for bytes.

use figures::Unit;

use crate::scale::Bounds;

/// More ticks than this are a mistake in the bounds, not an axis.
const MOST_TICKS: i64 = 64;

/// A labelled value of the vertical axis.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueTick {
    pub value: f64,
    pub label: String,
}

/// The multiples of the bounds' step that lie within them.
#[must_use]
pub fn value_ticks(bounds: Bounds, unit: Unit) -> Vec<ValueTick> {
    let step = bounds.step;
    // A hair of tolerance, so that 0.1 × 3 counts as 0.3.
    let first = (bounds.low / step - 1e-9).ceil() as i64;
    let last = (bounds.high / step + 1e-9).floor() as i64;
    let last = last.min(first.saturating_add(MOST_TICKS));
    (first..=last)
        .map(|multiple| multiple as f64 * step)
        .map(|value| ValueTick { value, label: figures::tick(value, step, unit) })
        .collect()
}

/// The smallest pleasant step that is not below `rough`. Percentages may also step by 25, since quarters are
/// read at a glance; things one counts step by whole numbers.
pub(crate) fn pleasant_step(rough: f64, unit: Unit) -> f64 {
    if !rough.is_finite() || rough <= 0.0 {
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
        let ticks = value_ticks(Bounds { low: 0.0, high: 800.0, step: 200.0 }, Unit::Milliseconds);
        let labels: Vec<&str> = ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(labels, ["0", "200", "400", "600", "800"]);
        let ticks = value_ticks(Bounds { low: 0.15, high: 0.5, step: 0.1 }, Unit::None);
        let labels: Vec<&str> = ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(labels, ["0.2", "0.3", "0.4", "0.5"]);
    }

    proptest! {
        #[test]
        fn a_step_is_near_what_was_asked_for(rough in 1e-6f64..1e12) {
            let step = pleasant_step(rough, Unit::None);
            prop_assert!(step >= rough * (1.0 - 1e-6) && step <= rough * 2.51, "{rough} {step}");
        }
    }
}
