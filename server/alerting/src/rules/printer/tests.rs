//! Whatever is written is read back as the same rules.

use super::*;
use crate::rules::condition::{Comparison, Condition};
use crate::rules::{Empty, read};
use model::Severity;
use model::ids::RuleId;
use model::labels::Labels;
use proptest::prelude::*;

const EXPRS: [&str; 4] = ["up", "sum by (host) (rate(a[30m]))\n/ 2", "max_over_time(b{c=~\"x.*\"}[2h])  # why", "1"];

/// Words as people write them, with everything that YAML could take for its own.
fn words() -> impl Strategy<Value = String> {
    "[ -z\u{3041}-\u{3093}\t]{1,30}(\n[!-z\u{3041}-\u{3093}]{1,20})?"
        .prop_filter("says something", |text| !text.trim().is_empty())
}

fn text() -> impl Strategy<Value = Text> {
    prop_oneof![
        words().prop_map(|both| Text { ja: both.clone(), en: both }),
        (words(), words()).prop_map(|(ja, en)| Text { ja, en })
    ]
}

fn word() -> impl Strategy<Value = String> {
    "[a-z0-9#:,&*!|>'\"%@-]{1,12}"
}

fn seconds(most: i64) -> impl Strategy<Value = i64> {
    (0..most).prop_map(|seconds| seconds * 1_000)
}

fn comparison() -> impl Strategy<Value = Comparison> {
    prop_oneof![Just(Comparison::Above), Just(Comparison::AtLeast)]
}

fn severity() -> impl Strategy<Value = Severity> {
    prop_oneof![Just(Severity::P0), Just(Severity::P1), Just(Severity::P2), Just(Severity::P3)]
}

fn absence() -> impl Strategy<Value = Absence> {
    let policy = prop_oneof![Just(NoData::Keep), Just(NoData::Ok), Just(NoData::Notify)];
    (policy, 1..5_000_i64, proptest::option::of(severity())).prop_map(|(policy, seconds, severity)| Absence {
        policy,
        timeframe_ms: seconds * 1_000,
        resolve_after_ms: seconds * 2_000,
        severity,
    })
}

fn renotify() -> impl Strategy<Value = Renotify> {
    (60..9_000_i64, proptest::option::of(1..1_000_u32), text()).prop_map(|(seconds, most, message)| Renotify {
        interval_ms: seconds * 1_000,
        on: vec![Level::Critical, Level::NoData],
        most,
        message,
    })
}

prop_compose! {
    /// What is measured and judged: the warning is always reached before the condition, and both are over behind themselves.
    fn judged()(
        expr in 0..EXPRS.len(),
        comparison in comparison(),
        threshold in -1e6..1e6_f64,
        steps in proptest::array::uniform3(0.001..1e3_f64),
        with in proptest::array::uniform3(any::<bool>()),
        severity in severity(),
        for_ms in seconds(9_000),
    ) -> Rule {
        let warned: f64 = threshold - steps[0] - steps[1];
        let warning = Warning {
            condition: Condition { comparison, threshold: warned },
            severity,
            for_ms,
            recovery: with[1].then_some(warned - steps[2]),
        };
        let base: Rule = crate::verdict::tests::rule(&[]);
        Rule {
            expr: EXPRS[expr].to_owned(),
            condition: Condition { comparison, threshold },
            recovery: with[2].then_some(threshold - steps[0]),
            warning: with[0].then_some(warning),
            for_ms,
            ..base
        }
    }
}

prop_compose! {
    fn rule()(
        judged in judged(),
        texts in proptest::array::uniform3(text()),
        labels in proptest::collection::btree_map("[a-z_]{1,8}", word(), 0..3),
        absence in absence(),
        renotify in proptest::option::of(renotify()),
        annotations in proptest::collection::btree_map("[a-z_]{1,8}", text(), 0..3),
        tags in proptest::collection::vec(word(), 0..3),
        numbers in (proptest::option::of(1..6_u8), proptest::option::of(1..9_999_u32), 0..3_000_i64),
        owner in proptest::option::of(word()),
        url in proptest::option::of("https://[a-z]{1,9}/[a-z#?=&%]{0,9}"),
    ) -> Rule {
        let [name, summary, runbook] = texts;
        Rule {
            name, summary, runbook, absence, renotify, annotations, tags, owner,
            labels: Labels::new(labels),
            priority: numbers.0,
            limit: numbers.1,
            keep_firing_for_ms: numbers.2 * 1_000,
            new_group_delay_ms: numbers.2 * 2_000,
            evaluation_delay_ms: numbers.2 * 3_000,
            runbook_url: url,
            ..judged
        }
    }
}

/// Rules of every kind, for whoever else writes and reads them.
pub(crate) fn any_rule() -> impl Strategy<Value = Rule> {
    rule()
}

fn group(rules: Vec<Rule>) -> Group {
    Group { name: "a: group #1".to_owned(), file: "their.yaml".to_owned(), interval_ms: 15_000, rules }
}

fn again(groups: &[Group]) -> Vec<Group> {
    let file = RuleFile { name: "their.yaml".to_owned(), text: yaml(groups) };
    match read(&[file], Empty::Refused) {
        Ok(checked) => checked.groups,
        Err(errors) => panic!("{errors}\n{}", yaml(groups)),
    }
}

proptest! {
    #[test]
    fn every_rule_is_read_back_as_it_was_written(first in rule(), second in rule()) {
        let groups = vec![group(vec![first, Rule { id: RuleId("other".to_owned()), ..second }])];
        prop_assert_eq!(again(&groups), groups);
    }
}

#[test]
fn what_is_shipped_is_read_back_as_it_was_written() {
    for shipped in &crate::catalogue::FILES {
        let groups = crate::rules::check(&[shipped.file()]).unwrap();
        let named = |group: Group| Group { file: shipped.name.to_owned(), ..group };
        let file = RuleFile { name: shipped.name.to_owned(), text: yaml(&groups) };
        let read: Vec<Group> = crate::rules::check(&[file]).unwrap();
        assert_eq!(read, groups.into_iter().map(named).collect::<Vec<Group>>(), "{}", shipped.name);
    }
}

#[test]
fn a_file_keeps_its_name_and_never_leaves_its_directory() {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let sources = ["rules/hosts.yaml", "other/hosts.yaml", "../../etc/passwd", "", "console", "ホスト.yml", "..", "a b/c d.yaml"];
    let mut names: Vec<String> = Vec::new();
    for source in sources {
        let name = free_name(source, &taken);
        taken.insert(name.clone());
        names.push(name);
    }
    let expected =
        ["hosts.yaml", "hosts-2.yaml", "passwd.yaml", "rules.yaml", "console.yaml", "ホスト.yaml", "rules-2.yaml", "c-d.yaml"];
    assert_eq!(names, expected);
}
