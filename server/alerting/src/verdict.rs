//! What one tick means for every series of a rule: pure, from the measured values and what is remembered.

use crate::needs::Measured;
use crate::rules::Rule;
use crate::state::{self, Seen, Timing, Tracked, Transition};
use model::Time;
use model::ids::AlertId;
use model::labels::Labels;
use std::collections::HashMap;

/// More series of one rule than anybody can read, let alone answer: the rule is wrong, not the world.
pub const MAX_BREACHING: usize = 1_000;

/// An alert as remembered before the tick.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    pub id: AlertId,
    pub labels: Labels,
    pub tracked: Tracked,
}

/// What became of one series.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The alert it belongs to, if there is one already.
    pub known: Option<AlertId>,
    pub labels: Labels,
    /// What was measured at this tick.
    pub value: Option<f64>,
    pub tracked: Tracked,
    pub transitions: Vec<Transition>,
}

/// Why a rule's state is left as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Frozen {
    #[error("the expression gives more than one value for the labels {labels}")]
    Duplicate { labels: Labels },
    #[error("{breaching} series breach at once, more than {max}", max = MAX_BREACHING)]
    TooMany { breaching: usize },
}

/// Judges everything measured and everything remembered. Series that are fine and were fine are left out.
///
/// # Errors
/// [`Frozen`] when the result can't be trusted; nothing may then be changed.
pub fn judge(rule: &Rule, known: &[Known], measured: &[Measured], outage_ms: i64, now: Time) -> Result<Vec<Verdict>, Frozen> {
    let timing = Timing { for_ms: rule.for_ms, keep_firing_for_ms: rule.keep_firing_for_ms };
    let mut values: HashMap<Labels, f64> = by_identity(rule, measured)?;
    check_limit(rule, &values)?;
    let mut verdicts: Vec<Verdict> = Vec::new();
    for alert in known {
        let value: Option<f64> = values.remove(&alert.labels).filter(|value| !value.is_nan());
        let before: Tracked = state::after_outage(alert.tracked, &timing, outage_ms, now);
        let (tracked, transitions) = state::step(&before, seen(rule, value), &timing, now);
        verdicts.push(Verdict { known: Some(alert.id), labels: alert.labels.clone(), value, tracked, transitions });
    }
    let mut fresh: Vec<(Labels, f64)> = values.into_iter().filter(|(_, value)| rule.condition.holds(*value)).collect();
    // Numbers are given in a stable order, whatever the hasher does.
    fresh.sort_by(|(a, _), (b, _)| a.cmp(b));
    for (labels, value) in fresh {
        let (tracked, transitions) = state::step(&Tracked::Inactive, Seen::Breach, &timing, now);
        verdicts.push(Verdict { known: None, labels, value: Some(value), tracked, transitions });
    }
    Ok(verdicts)
}

fn by_identity(rule: &Rule, measured: &[Measured]) -> Result<HashMap<Labels, f64>, Frozen> {
    let mut values: HashMap<Labels, f64> = HashMap::with_capacity(measured.len());
    for one in measured {
        let labels: Labels = rule.identity(&one.labels);
        if values.contains_key(&labels) {
            return Err(Frozen::Duplicate { labels });
        }
        values.insert(labels, one.value);
    }
    Ok(values)
}

fn check_limit(rule: &Rule, values: &HashMap<Labels, f64>) -> Result<(), Frozen> {
    let breaching: usize = values.values().filter(|value| rule.condition.holds(**value)).count();
    if breaching > MAX_BREACHING { Err(Frozen::TooMany { breaching }) } else { Ok(()) }
}

fn seen(rule: &Rule, value: Option<f64>) -> Seen {
    match value {
        None => Seen::Absent,
        Some(value) if rule.condition.holds(value) => Seen::Breach,
        Some(_) => Seen::Clear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Text;
    use figures::Unit;
    use model::Severity;
    use model::ids::RuleId;

    fn rule(labels: &[(&str, &str)]) -> Rule {
        let labels: Vec<(String, String)> =
            labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Rule {
            id: RuleId("r".to_owned()),
            name: Text::default(),
            summary: Text::default(),
            expr: "x".to_owned(),
            condition: ">= 80".parse().unwrap(),
            unit: Unit::Percent,
            for_ms: 0,
            keep_firing_for_ms: 0,
            severity: Severity::P3,
            runbook: Text::default(),
            labels: Labels::new(labels),
        }
    }

    fn measured(host: &str, value: f64) -> Measured {
        Measured { labels: Labels::new([("__name__", "cpu"), ("host", host)]), value }
    }

    #[test]
    fn identity_is_the_labels_without_the_name_and_with_the_rules_own() {
        let verdicts =
            judge(&rule(&[("team", "of-{{host}}")]), &[], &[measured("a", 81.0), measured("b", 3.0)], 0, Time(0)).unwrap();
        let labels: Vec<Labels> = verdicts.into_iter().map(|verdict| verdict.labels).collect();
        assert_eq!(labels, [Labels::new([("host", "a"), ("team", "of-a")])]);
    }

    #[test]
    fn two_values_for_one_identity_freeze_the_rule() {
        let same = [measured("a", 81.0), Measured { labels: Labels::new([("host", "a")]), value: 1.0 }];
        assert_eq!(judge(&rule(&[]), &[], &same, 0, Time(0)), Err(Frozen::Duplicate { labels: Labels::new([("host", "a")]) }));
    }

    #[test]
    fn nan_and_absence_resolve_nothing() {
        let tracked = Tracked::Firing { since: Time(0), fired_at: Time(0), clear_since: None, absent_since: Some(Time(5)) };
        let known = [Known { id: AlertId(1), labels: Labels::new([("host", "a")]), tracked }];
        for result in [vec![], vec![measured("a", f64::NAN)]] {
            let verdicts = judge(&rule(&[]), &known, &result, 0, Time(10)).unwrap();
            assert_eq!(verdicts.len(), 1);
            assert_eq!((verdicts[0].tracked, verdicts[0].value), (tracked, None));
            assert!(verdicts[0].transitions.is_empty());
        }
    }

    #[test]
    fn a_flood_is_a_mistake_in_the_rule() {
        let flood: Vec<Measured> = (0..=MAX_BREACHING).map(|n| measured(&n.to_string(), 99.0)).collect();
        assert!(matches!(judge(&rule(&[]), &[], &flood, 0, Time(0)), Err(Frozen::TooMany { .. })));
    }
}
