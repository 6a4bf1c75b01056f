//! What is said about files that are wrong: file, line, column, what was expected and what was found.

use super::file;
use crate::rules::{self, Empty, RuleFile};

const RULE: &str = "\
groups:
  - name: machines
    rules:
      - id: cpu
        name: CPU
        summary: \"{{host}}\"
        expr: cpu
        condition: \">= 80\"
        severity: P3
";

/// Everything said about `RULE` with one line replaced.
fn said(line: &str, instead: &str) -> String {
    let text = RULE.replace(line, instead);
    assert_ne!(text, RULE, "nothing was replaced");
    rules::check(&[file(&text)]).unwrap_err().to_string()
}

#[test]
fn the_file_itself_is_fine() {
    let groups = rules::check(&[file(RULE)]).unwrap();
    assert_eq!(groups[0].rules[0].summary.ja, "{{host}}");
    assert_eq!((groups[0].rules[0].for_ms, groups[0].interval_ms), (0, 15_000));
}

#[test]
fn every_mistake_is_told_with_its_place() {
    let table: [(&str, &str, &str); 12] = [
        ("severity: P3", "severity: high", "rules.yaml:9:19: expected P0, P1, P2 or P3, found \"high\""),
        (
            "condition: \">= 80\"",
            "condition: 80",
            "rules.yaml:8:20: expected one of >=, >, <=, < and a number, such as \">= 80\", found the number 80",
        ),
        (
            "expr: cpu",
            "expr: cpu > 80",
            "rules.yaml:7:21: expected the measured value, found a comparison: put > and the threshold into condition",
        ),
        (
            "expr: cpu",
            "expr: cpu[5m]",
            "rules.yaml:7:15: expected an expression that gives an instant vector or a scalar, found a range vector",
        ),
        ("        expr: cpu\n", "", "rules.yaml:4:9: expected the key \"expr\", found none"),
        (
            "severity: P3",
            "severity: P3\n        for: 5 minutes",
            "rules.yaml:10:14: expected a duration such as 15s, 5m or 1h30m, found \"5 minutes\"",
        ),
        (
            "severity: P3",
            "severity: P3\n        sevrity: P3",
            "rules.yaml:10:9: expected one of the keys id, name, summary, expr, mode, condition, recovery, warning, unit, for, \
             keep_firing_for, severity, no_data, new_group_delay, evaluation_delay, limit, renotify, runbook, runbook_url, labels, \
             annotations, tags, priority, owner, found \"sevrity\"",
        ),
        (
            "severity: P3",
            "severity: P3\n        unit: furlongs",
            "rules.yaml:10:15: expected one of none, percent, bytes, bytes_per_second, bits_per_second, seconds, milliseconds, \
             per_second, count, found \"furlongs\"",
        ),
        (
            "severity: P3",
            "severity: P3\n        labels: {team: ops, was: \"{{value}}\"}",
            "rules.yaml:10:34: expected a text that names labels only, found \"{{value}}\": with the value in it every change of the \
             value would be another alert",
        ),
        ("\"{{host}}\"", "{ja: a, en: \"{{host\"}", "rules.yaml:6:30: expected }} after {{, found the end of the text"),
        (
            "    rules:\n",
            "    interval: 100ms\n    rules:\n",
            "rules.yaml:3:15: expected a duration from 1s to 1h, found \"100ms\"",
        ),
        (
            "id: cpu",
            "id: CPU load",
            "rules.yaml:4:13: expected an id of lower-case letters, digits and hyphens, at most 64, found \"CPU load\"",
        ),
    ];
    for (line, instead, expected) in table {
        assert_eq!(said(line, instead), expected);
    }
}

#[test]
fn mistakes_in_promql_point_into_the_file() {
    let table: [(&str, usize, usize); 3] = [
        ("expr: cpu $", 7, 19),
        ("expr: \"cpu{host=\\\"a\\\"} $\"", 7, 32),
        ("expr: |\n          sum by (host) (\n            cpu $\n          )", 9, 17),
    ];
    for (instead, line, column) in table {
        let text = RULE.replace("expr: cpu", instead);
        let errors = rules::check(&[file(&text)]).unwrap_err();
        let found = errors.0.iter().find(|problem| problem.message.contains("unexpected character"));
        let place = found.map(|problem| (problem.line, problem.column));
        assert_eq!(place, Some((line, column)), "{errors}");
        assert!(errors.0[0].message.starts_with("in the PromQL expression: "));
    }
}

#[test]
fn a_name_is_taken_over_all_files() {
    let second = RuleFile { name: "more.yaml".to_owned(), text: RULE.to_owned() };
    let errors = rules::check(&[file(RULE), second]).unwrap_err();
    assert_eq!(
        errors.to_string(),
        "more.yaml:2:11: expected a group's name that is not taken, found \"machines\", which stands at rules.yaml:2\n\
         more.yaml:4:13: expected an id that is not taken, found \"cpu\", which stands at rules.yaml:4"
    );
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let text = RULE.replace("severity: P3", "severity: P9").replace("id: cpu", "id: \"\"");
    let errors = rules::check(&[file(&text)]).unwrap_err();
    let lines: Vec<usize> = errors.0.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [4, 9]);
}

#[test]
fn what_is_no_yaml_and_what_is_nothing_are_told_too() {
    let broken = rules::check(&[file("groups:\n  - name: a\n   rules: []\n")]).unwrap_err();
    assert_eq!((broken.0.len(), broken.0[0].file.as_str(), broken.0[0].line), (1, "rules.yaml", 3));
    let empty = rules::check(&[file("")]).unwrap_err();
    assert_eq!(empty.to_string(), "rules.yaml:1:1: expected a mapping with the keys groups, found nothing");
}

#[test]
fn an_empty_list_is_refused_unless_it_is_meant() {
    let expected = "with at least one in it, found none (--allow-empty applies it all the same)";
    for (text, place, list) in
        [("groups: []\n", "1:9", "a list of groups"), ("groups:\n  - name: a\n    rules: []\n", "3:12", "a list of rules")]
    {
        let refused = rules::check(&[file(text)]).unwrap_err().to_string();
        assert_eq!(refused, format!("rules.yaml:{place}: expected {list} {expected}"));
        assert!(rules::read(&[file(text)], Empty::Allowed).is_ok());
    }
}

/// Everything warned of in `RULE` with one line replaced.
fn warned(replacements: &[(&str, &str)]) -> Vec<String> {
    let text = replacements.iter().fold(RULE.to_owned(), |text, (line, instead)| text.replace(*line, instead));
    let checked = rules::read(&[file(&text)], Empty::Refused).unwrap();
    checked.warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_label_that_no_alert_can_have_is_warned_of_where_it_stands() {
    let by_host = ("expr: cpu", "expr: avg by (host) (cpu)");
    assert!(warned(&[by_host]).is_empty());
    assert!(warned(&[("\"{{host}}\"", "\"{{hots}}\"")]).is_empty(), "what stands on a series is known when it is measured");
    assert_eq!(
        warned(&[by_host, ("\"{{host}}\"", "\"{{hots}} {{value}}\"")]),
        ["rules.yaml:6:18: no alert of this rule has the label \"hots\": {{hots}} will be left empty"]
    );
    assert_eq!(
        warned(&[by_host, ("\"{{host}}\"", "{ja: \"{{host}}\", en: \"{{pool}}\"}")]),
        ["rules.yaml:6:39: no alert of this rule has the label \"pool\": {{pool}} will be left empty"]
    );
    let own = ("severity: P3", "severity: P3\n        labels: {pool: main}");
    assert!(warned(&[by_host, own, ("\"{{host}}\"", "\"{{pool}}\"")]).is_empty(), "the rule's own labels are there");
}
