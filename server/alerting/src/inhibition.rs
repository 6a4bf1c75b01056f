//! Inhibition: an alert that explains others keeps them quiet. A host that is silent makes whatever else is missing on it no news.
//!
//! A rule names sources, targets, and labels that must be equal (an absent one is empty). A target stays quiet while a source fires.
//! What matches both sides can't be kept quiet by what also matches both: two such alerts would silence each other
//! (prometheus/alertmanager `inhibit/inhibit.go`). That something is inhibited is shown with its cause, and changes no state.

use crate::routes::matchers::{MAX_MATCHERS, Matcher, all_hold};
use crate::rules::template::is_label_name;
use model::ids::AlertId;
use model::labels::Labels;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Labels that must be equal, of one rule.
const MAX_EQUAL: usize = 32;

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inhibition {
    pub name: String,
    pub source: Vec<Matcher>,
    pub target: Vec<Matcher>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equal: Vec<String>,
}

/// What is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadInhibition {
    #[error("expected 1 to {max} matchers in {side}, found {n}", max = MAX_MATCHERS)]
    Matchers { side: &'static str, n: usize },
    #[error("expected at most {max} label names in equal, found \"{found}\"", max = MAX_EQUAL)]
    Equal { found: String },
}

impl Inhibition {
    /// Whether it can be meant.
    ///
    /// # Errors
    /// A side without matchers would keep everything quiet. Names that are none.
    pub fn check(&self) -> Result<(), BadInhibition> {
        for (side, matchers) in [("source", &self.source), ("target", &self.target)] {
            let n: usize = matchers.len();
            if n == 0 || n > MAX_MATCHERS {
                return Err(BadInhibition::Matchers { side, n });
            }
        }
        let odd: Option<&String> = self.equal.iter().find(|name| !is_label_name(name)).or_else(|| self.equal.get(MAX_EQUAL));
        odd.map_or(Ok(()), |name| Err(BadInhibition::Equal { found: name.clone() }))
    }

    fn equals(&self, labels: &Labels) -> Vec<String> {
        self.equal.iter().map(|name| labels.get(name).to_owned()).collect()
    }
}

/// Why an alert is kept quiet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inhibited {
    /// The name of the rule.
    pub rule: String,
    pub by: AlertId,
}

/// The sources that fire for one rule and one set of equal values.
#[derive(Clone, Copy, Debug, Default)]
struct Sources {
    /// The lowest number, whatever it is: so the cause that is shown does not jump.
    any: Option<AlertId>,
    /// The lowest number that is no target of the same rule.
    one_sided: Option<AlertId>,
}

/// All rules, with what fires.
#[derive(Clone, Debug, Default)]
pub struct Inhibitions {
    rules: Vec<Inhibition>,
    sources: HashMap<(usize, Vec<String>), Sources>,
}

impl Inhibitions {
    /// For the alerts that fire now, quiet ones included: a source that is silenced still explains.
    #[must_use]
    pub fn new<'a>(rules: &[Inhibition], firing: impl Iterator<Item = (AlertId, &'a Labels)>) -> Self {
        let mut all = Self { rules: rules.to_vec(), sources: HashMap::new() };
        for (id, labels) in firing {
            for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| all_hold(&rule.source, labels)) {
                let sources: &mut Sources = all.sources.entry((index, rule.equals(labels))).or_default();
                sources.any = lowest(sources.any, id);
                if !all_hold(&rule.target, labels) {
                    sources.one_sided = lowest(sources.one_sided, id);
                }
            }
        }
        all
    }

    /// What keeps an alert with these labels quiet: the first rule that does.
    #[must_use]
    pub fn of(&self, labels: &Labels) -> Option<Inhibited> {
        let targeted = self.rules.iter().enumerate().filter(|(_, rule)| all_hold(&rule.target, labels));
        for (index, rule) in targeted {
            let Some(sources) = self.sources.get(&(index, rule.equals(labels))) else {
                continue;
            };
            let is_source: bool = all_hold(&rule.source, labels);
            let by: Option<AlertId> = if is_source { sources.one_sided } else { sources.any };
            if let Some(by) = by {
                return Some(Inhibited { rule: rule.name.clone(), by });
            }
        }
        None
    }
}

fn lowest(known: Option<AlertId>, id: AlertId) -> Option<AlertId> {
    Some(known.map_or(id, |known| known.min(id)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule(source: &str, target: &str, equal: &[&str]) -> Inhibition {
        Inhibition {
            name: "rule".to_owned(),
            source: vec![source.parse().unwrap()],
            target: vec![target.parse().unwrap()],
            equal: equal.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        Labels::new(pairs.iter().copied())
    }

    fn cause(rule: &Inhibition, firing: &[Labels], target: &Labels) -> Option<i64> {
        let numbered = (1..).map(AlertId).zip(firing.iter());
        Inhibitions::new(std::slice::from_ref(rule), numbered).of(target).map(|inhibited| inhibited.by.0)
    }

    #[test]
    fn a_source_keeps_quiet_what_shares_the_equal_labels() {
        let by_host = rule("alertname=silent", "severity=~\"P2|P3\"", &["host"]);
        let firing = [labels(&[("alertname", "silent"), ("host", "a")]), labels(&[("alertname", "cpu"), ("host", "b")])];
        assert_eq!(cause(&by_host, &firing, &labels(&[("severity", "P3"), ("host", "a")])), Some(1));
        assert_eq!(cause(&by_host, &firing, &labels(&[("severity", "P1"), ("host", "a")])), None, "no target");
        assert_eq!(cause(&by_host, &firing, &labels(&[("severity", "P3"), ("host", "b")])), None, "another host");
        assert_eq!(cause(&by_host, &firing, &labels(&[("severity", "P3")])), None, "absent is empty, and not a");
        let without_host = [labels(&[("alertname", "silent")])];
        assert_eq!(cause(&by_host, &without_host, &labels(&[("severity", "P3")])), Some(1), "both are empty");
        assert_eq!(cause(&by_host, &[], &labels(&[("severity", "P3"), ("host", "a")])), None, "no source fires");
    }

    #[test]
    fn what_matches_both_sides_is_kept_quiet_only_by_what_does_not() {
        let both = rule("cluster=x", "cluster=x", &[]);
        let twin = labels(&[("cluster", "x")]);
        assert_eq!(cause(&both, &[twin.clone(), twin.clone()], &twin), None, "nobody silences a twin, or itself");
        let wide = rule("team=~\".+\"", "severity=P3", &[]);
        let two_sided = labels(&[("team", "web"), ("severity", "P3")]);
        let one_sided = labels(&[("team", "web"), ("severity", "P1")]);
        assert_eq!(cause(&wide, std::slice::from_ref(&two_sided), &two_sided), None);
        assert_eq!(cause(&wide, &[two_sided.clone(), one_sided], &two_sided), Some(2));
        assert_eq!(cause(&wide, &[two_sided], &labels(&[("severity", "P3")])), Some(1), "a mere target by any source");
    }

    #[test]
    fn sides_without_matchers_are_refused() {
        let mut odd = rule("a=b", "c=d", &["host"]);
        assert_eq!(odd.check(), Ok(()));
        odd.equal.push("1x".to_owned());
        assert_eq!(odd.check(), Err(BadInhibition::Equal { found: "1x".to_owned() }));
        odd.target.clear();
        assert_eq!(odd.check(), Err(BadInhibition::Matchers { side: "target", n: 0 }));
    }

    fn any_labels() -> impl Strategy<Value = Labels> {
        ("[ab]", "[xy]?", "[12]").prop_map(|(kind, host, team)| Labels::new([("kind", kind), ("host", host), ("team", team)]))
    }

    proptest! {
        #[test]
        fn the_index_says_what_comparing_with_every_alert_says(
            firing in prop::collection::vec(any_labels(), 0..8),
            target in any_labels(),
            source_kind in "[ab]|[ab]\\|[ab]",
            target_team in "[12]|1\\|2",
        ) {
            let rule = rule(&format!("kind=~{source_kind}"), &format!("team=~{target_team}"), &["host"]);
            let two_sided = all_hold(&rule.source, &target);
            let slow = firing.iter().any(|source| {
                all_hold(&rule.source, source)
                    && source.get("host") == target.get("host")
                    && !(two_sided && all_hold(&rule.target, source))
            });
            prop_assert_eq!(cause(&rule, &firing, &target).is_some(), slow && all_hold(&rule.target, &target));
        }
    }
}
