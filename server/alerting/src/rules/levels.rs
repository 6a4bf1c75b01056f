//! The thresholds of a rule beside its condition: the warning, and where each is over.

use super::condition::Condition;
use super::{Mode, Rule};
use crate::state::{Level, Reading};
use model::Severity;
use serde::{Deserialize, Serialize};

/// A threshold that is crossed before the critical one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Warning {
    /// The same comparison as the rule's own condition, with a threshold that is reached earlier.
    pub condition: Condition,
    pub severity: Severity,
    /// How long it must hold before the alert fires as a warning.
    pub for_ms: i64,
    /// The warning is over when the value is no longer beyond this; `None` is the threshold itself.
    pub recovery: Option<f64>,
}

/// What a measured value means for a rule.
#[must_use]
pub fn reading(rule: &Rule, value: f64) -> Reading {
    if rule.mode == Mode::Match {
        return Reading { breach: Some(Level::Critical), holds: Some(Level::Critical) };
    }
    let (critical, critical_holds): (bool, bool) = beyond(rule.condition, rule.recovery, value);
    let (warning, warning_holds): (bool, bool) =
        rule.warning.as_ref().map_or((false, false), |warning| beyond(warning.condition, warning.recovery, value));
    Reading { breach: worst(critical, warning), holds: worst(critical_holds, warning_holds) }
}

/// Whether a value is beyond the threshold, and whether it is not yet back behind the recovery threshold.
fn beyond(condition: Condition, recovery: Option<f64>, value: f64) -> (bool, bool) {
    let breaches: bool = condition.holds(value);
    let holds: bool = recovery.is_some_and(|threshold| Condition { threshold, ..condition }.holds(value));
    (breaches, breaches || holds)
}

fn worst(critical: bool, warning: bool) -> Option<Level> {
    match (critical, warning) {
        (true, _) => Some(Level::Critical),
        (false, true) => Some(Level::Warning),
        (false, false) => None,
    }
}

/// Why thresholds contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutOfOrder {
    #[error("expected the same comparison as in condition ({0}), found another")]
    Comparison(&'static str),
    #[error("expected a warning that is reached before the condition is")]
    Warning,
    #[error("expected a recovery threshold behind the threshold it belongs to: there the alert is over")]
    Recovery,
    #[error("expected a recovery threshold of the condition that is not behind the warning's own")]
    Crossed,
}

/// Whether critical, warning and recovery lie in order: a value on its way back passes the critical recovery before the warning's.
///
/// # Errors
/// The first contradiction.
pub fn in_order(condition: Condition, recovery: Option<f64>, warning: Option<&Warning>) -> Result<(), OutOfOrder> {
    // On this scale larger is always worse.
    let scale = |threshold: f64| threshold * condition.sense();
    let critical: f64 = scale(condition.threshold);
    if recovery.is_some_and(|recovery| scale(recovery) > critical) {
        return Err(OutOfOrder::Recovery);
    }
    let Some(warning) = warning else {
        return Ok(());
    };
    if warning.condition.comparison != condition.comparison {
        return Err(OutOfOrder::Comparison(condition.comparison.sign()));
    }
    let warned: f64 = scale(warning.condition.threshold);
    if warned >= critical {
        return Err(OutOfOrder::Warning);
    }
    let warning_end: f64 = warning.recovery.map_or(warned, scale);
    if warning_end > warned {
        return Err(OutOfOrder::Recovery);
    }
    if recovery.is_some_and(|recovery| scale(recovery) < warning_end) { Err(OutOfOrder::Crossed) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warning(text: &str, recovery: Option<f64>) -> Warning {
        Warning { condition: text.parse().unwrap(), severity: Severity::P3, for_ms: 0, recovery }
    }

    #[test]
    fn thresholds_must_lie_in_order() {
        use OutOfOrder::{Comparison, Crossed, Recovery, Warning as Late};
        type Case = (&'static str, Option<f64>, Option<Warning>, Result<(), OutOfOrder>);
        let table: [Case; 12] = [
            (">= 80", None, None, Ok(())),
            (">= 80", Some(75.0), None, Ok(())),
            (">= 80", Some(81.0), None, Err(Recovery)),
            ("< 5", Some(6.0), None, Ok(())),
            ("< 5", Some(4.0), None, Err(Recovery)),
            (">= 80", None, Some(warning(">= 70", None)), Ok(())),
            (">= 80", None, Some(warning("> 70", None)), Err(Comparison(">="))),
            (">= 80", None, Some(warning(">= 80", None)), Err(Late)),
            ("< 5", None, Some(warning("< 3", None)), Err(Late)),
            (">= 80", Some(72.0), Some(warning(">= 70", Some(65.0))), Ok(())),
            (">= 80", Some(72.0), Some(warning(">= 70", Some(71.0))), Err(Recovery)),
            (">= 80", Some(60.0), Some(warning(">= 70", Some(65.0))), Err(Crossed)),
        ];
        for (condition, recovery, warning, expected) in table {
            let found = in_order(condition.parse().unwrap(), recovery, warning.as_ref());
            assert_eq!(found, expected, "{condition} {recovery:?} {warning:?}");
        }
    }

    #[test]
    fn at_80_it_fires_and_below_75_it_is_over() {
        let condition: Condition = ">= 80".parse().unwrap();
        for (value, expected) in [(80.0, (true, true)), (79.9, (false, true)), (75.0, (false, true)), (74.9, (false, false))] {
            assert_eq!(beyond(condition, Some(75.0), value), expected, "{value}");
        }
        assert_eq!(beyond(condition, None, 79.9), (false, false));
    }
}
