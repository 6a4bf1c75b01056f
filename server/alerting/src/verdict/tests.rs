//! One tick of a rule, and stories of many.

use super::*;
use crate::rules::absence::Absence;
use crate::rules::levels::Warning;
use crate::rules::{RuleFile, check};
use crate::state::{Firing, ResolveReason};
use model::Severity;

/// A rule that breaches at 80.
pub(crate) fn rule(labels: &[(&str, &str)]) -> Rule {
    let text = "\
groups:
  - name: g
    rules:
      - {id: r, name: R, summary: s, expr: x, condition: \">= 80\", unit: percent, severity: P1}
";
    let file = RuleFile { name: "r.yaml".to_owned(), text: text.to_owned() };
    let mut rule: Rule = check(&[file]).unwrap().remove(0).rules.remove(0);
    rule.labels = Labels::new(labels.iter().copied());
    rule
}

fn measured(host: &str, value: f64) -> Measured {
    Measured { labels: Labels::new([("__name__", "cpu"), ("host", host)]), value }
}

fn host(name: &str) -> Labels {
    Labels::new([("host", name)])
}

fn judged(rule: &Rule, known: Vec<Known>, measured: &[Measured], now: Time) -> Result<Judged, Frozen> {
    judge(rule, &Before { known, ..Before::default() }, measured, now)
}

#[test]
fn identity_is_the_labels_without_the_name_and_with_the_rules_own() {
    let rule = rule(&[("team", "of-{{host}}")]);
    let verdicts = judged(&rule, vec![], &[measured("a", 81.0), measured("b", 3.0)], Time(0)).unwrap().verdicts;
    let labels: Vec<Labels> = verdicts.into_iter().map(|verdict| verdict.labels).collect();
    assert_eq!(labels, [Labels::new([("host", "a"), ("team", "of-a")])]);
}

#[test]
fn two_values_for_one_identity_freeze_the_rule() {
    let same = [measured("a", 81.0), Measured { labels: host("a"), value: 1.0 }];
    assert_eq!(judged(&rule(&[]), vec![], &same, Time(0)), Err(Frozen::Duplicate { labels: host("a") }));
}

#[test]
fn nan_and_absence_resolve_nothing() {
    let tracked = Tracked::Firing(Firing {
        level: Level::Critical,
        since: Time(0),
        critical_since: Some(Time(0)),
        fired_at: Time(0),
        clear_since: None,
        absent_since: Some(Time(5)),
    });
    let known = Known { id: AlertId(1), labels: host("a"), tracked };
    for result in [vec![], vec![measured("a", f64::NAN)]] {
        let verdicts = judged(&rule(&[]), vec![known.clone()], &result, Time(10)).unwrap().verdicts;
        assert_eq!(verdicts.len(), 1);
        assert_eq!((verdicts[0].tracked, verdicts[0].value), (tracked, None));
        assert!(verdicts[0].transitions.is_empty());
    }
}

#[test]
fn a_flood_is_a_mistake_in_the_rule() {
    let flood: Vec<Measured> = (0..=MAX_BREACHING).map(|n| measured(&n.to_string(), 99.0)).collect();
    let too_many = Err(Frozen::TooMany { breaching: MAX_BREACHING + 1, max: MAX_BREACHING });
    assert_eq!(judged(&rule(&[]), vec![], &flood, Time(0)), too_many);
    let strict = Rule { limit: Some(2), ..rule(&[]) };
    assert_eq!(judged(&strict, vec![], &flood[..3], Time(0)), Err(Frozen::TooMany { breaching: 3, max: 2 }));
    assert!(judged(&strict, vec![], &flood[..2], Time(0)).is_ok());
}

/// One tick a minute; what happened at each, with the series it happened to.
fn story(rule: &Rule, ticks: &[&[Measured]]) -> Vec<String> {
    let mut before = Before::default();
    let mut told: Vec<String> = Vec::new();
    for (measured, minute) in ticks.iter().zip(0_i64..) {
        let Judged { verdicts, memory, .. } = judge(rule, &before, measured, Time(minute * 60_000)).unwrap();
        before.memory = memory;
        for verdict in verdicts {
            told.extend(verdict.transitions.iter().map(|one| format!("{minute} {} {one:?}", verdict.labels.get("host"))));
            before.known.retain(|known| known.labels != verdict.labels);
            if verdict.tracked != Tracked::Inactive {
                before.known.push(Known { id: AlertId(1), labels: verdict.labels, tracked: verdict.tracked });
            }
        }
    }
    told
}

#[test]
fn silence_of_one_series_is_told_once_and_ends_with_its_return() {
    let absence = Absence { policy: NoData::Notify, timeframe_ms: 120_000, ..Absence::default() };
    let rule = Rule { absence, ..rule(&[]) };
    let (both, one) = ([measured("a", 1.0), measured("b", 1.0)], [measured("b", 1.0)]);
    let told = story(&rule, &[&both, &one, &one, &one, &one, &both, &both]);
    assert_eq!(told, ["3 a Fired", "5 a Resolved(Recovered)"]);
    let worse = [measured("a", 99.0), measured("b", 1.0)];
    let told = story(&rule, &[&both, &one, &one, &one, &worse, &one, &one]);
    let expected = ["3 a Fired", "4 a Resolved(Recovered)", "4 a Crossed", "4 a Fired"];
    assert_eq!(told, expected, "a breach on return is an alert of its own, which missing data do not end");
    let keep = Rule { absence: Absence::default(), ..rule };
    assert!(story(&keep, &[&both, &one, &one, &one, &one]).is_empty());
}

#[test]
fn where_silence_is_fine_it_ends_what_fires_after_its_timeframe() {
    let absence = Absence { policy: NoData::Ok, timeframe_ms: 120_000, ..Absence::default() };
    let rule = Rule { absence, ..rule(&[]) };
    let high = [measured("a", 99.0)];
    assert_eq!(story(&rule, &[&high, &[], &[], &[]]), ["0 a Crossed", "0 a Fired", "3 a Resolved(NoData)"]);
}

#[test]
fn a_new_series_is_left_in_peace_for_its_delay_and_old_ones_are_not() {
    let rule = Rule { new_group_delay_ms: 120_000, ..rule(&[]) };
    let (old, both) = ([measured("a", 99.0)], [measured("a", 99.0), measured("b", 99.0)]);
    let told = story(&rule, &[&old, &both, &both, &both]);
    assert_eq!(told, ["0 a Crossed", "0 a Fired", "3 b Crossed", "3 b Fired"]);
}

#[test]
fn warning_critical_and_recovery_follow_the_requirement_documents_monitor() {
    let warning = Warning { condition: "> 300".parse().unwrap(), severity: Severity::P3, for_ms: 0, recovery: Some(250.0) };
    let rule = Rule { condition: "> 500".parse().unwrap(), recovery: Some(450.0), warning: Some(warning), ..rule(&[]) };
    let at = |value: f64| [measured("a", value)];
    let ticks = [at(300.0), at(300.1), at(500.0), at(500.1), at(460.0), at(450.0), at(260.0), at(250.0)];
    let ticks: Vec<&[Measured]> = ticks.iter().map(|tick| tick.as_slice()).collect();
    let expected = ["1 a Crossed", "1 a Fired", "3 a Raised", "5 a Lowered", "7 a Resolved(Recovered)"];
    assert_eq!(story(&rule, &ticks), expected);
    assert_eq!((rule.severity_at(Level::Warning), rule.threshold_at(Level::Warning)), (Severity::P3, 300.0));
}

#[test]
fn in_prometheus_meaning_a_result_is_a_breach_and_none_is_fine() {
    let rule = Rule { mode: Mode::Match, ..rule(&[]) };
    let down = [measured("a", 0.0)];
    let told = story(&rule, &[&[], &down, &down, &[], &[measured("a", f64::NAN)]]);
    let over = format!("3 a {:?}", Transition::Resolved(ResolveReason::Recovered));
    assert_eq!(told, ["1 a Crossed", "1 a Fired", over.as_str(), "4 a Crossed", "4 a Fired"]);
}
