//! Every key of a rule: what it may say, and what is said when it may not.

use super::file;
use crate::rules::absence::NoData;
use crate::rules::{self, Mode, Rule};
use crate::state::Level;
use model::Severity;

const RULE: &str = "\
groups:
  - name: machines
    query_offset: 20s
    limit: 50
    rules:
      - id: cpu
        name: CPU
        summary: \"{{host}}\"
        expr: rate(cpu[5m])
        condition: \">= 80\"
        severity: P1
";

fn read(more: &str) -> Result<Rule, String> {
    let text: String = format!("{RULE}{more}");
    let groups = rules::check(&[file(&text)]).map_err(|errors| errors.to_string())?;
    Ok(groups[0].rules[0].clone())
}

/// With one line replaced.
fn said(line: &str, instead: &str) -> String {
    let text: String = RULE.replace(line, instead);
    assert_ne!(text, RULE);
    rules::check(&[file(&text)]).unwrap_err().to_string()
}

#[test]
fn what_a_rule_does_not_say_its_group_or_the_house_says() {
    let rule = read("").unwrap();
    assert_eq!((rule.mode, rule.recovery, rule.warning.clone()), (Mode::Value, None, None));
    assert_eq!((rule.evaluation_delay_ms, rule.limit, rule.new_group_delay_ms), (20_000, Some(50), 0));
    assert_eq!((rule.absence.policy, rule.absence.timeframe_ms), (NoData::Keep, 600_000));
    assert!(rule.renotify.is_none() && rule.annotations.is_empty() && rule.tags.is_empty() && !rule.remembers());
    let own = read("        evaluation_delay: 0s\n        limit: 3\n").unwrap();
    assert_eq!((own.evaluation_delay_ms, own.limit), (0, Some(3)));
}

#[test]
fn every_key_is_read() {
    let rule = read(
        "        recovery: 75
        warning: {condition: \">= 70\", severity: P3, for: 2m, recovery: 65}
        no_data: {policy: notify, timeframe: 15m, resolve_after: 12h, severity: P2}
        new_group_delay: 1m
        renotify: {interval: 30m, on: [critical, no_data], most: 3, message: {ja: まだ, en: still}}
        runbook_url: https://runbooks.example/{{host}}
        annotations: {dashboard: \"https://d.example/{{#is_warning}}w{{/is_warning}}\"}
        tags: [env:production, 7]
        priority: 2
        owner: backend
",
    )
    .unwrap();
    let warning = rule.warning.clone().unwrap();
    assert_eq!((warning.severity, warning.for_ms, warning.recovery), (Severity::P3, 120_000, Some(65.0)));
    assert_eq!((rule.severity_at(Level::NoData), rule.threshold_at(Level::Warning)), (Severity::P2, 70.0));
    assert_eq!((rule.absence.timeframe_ms, rule.absence.resolve_after_ms), (900_000, 43_200_000));
    let renotify = rule.renotify.clone().unwrap();
    assert_eq!(
        (renotify.on, renotify.most, renotify.message.ja.as_str()),
        (vec![Level::Critical, Level::NoData], Some(3), "まだ")
    );
    assert_eq!((rule.tags.len(), rule.priority, rule.owner.as_deref()), (2, Some(2), Some("backend")));
    assert!(rule.remembers());
    let stored: Rule = serde_json::from_value(serde_json::to_value(&rule).unwrap()).unwrap();
    assert_eq!(stored, rule);
}

#[test]
fn a_rule_stored_before_it_could_do_all_this_is_still_read() {
    let mut stored = serde_json::to_value(read("").unwrap()).unwrap();
    let keys = ["mode", "recovery", "warning", "absence", "new_group_delay_ms", "evaluation_delay_ms", "limit", "renotify"];
    for key in keys.into_iter().chain(["annotations", "tags", "priority", "runbook_url", "owner"]) {
        assert!(stored.as_object_mut().unwrap().remove(key).is_some(), "{key}");
    }
    let rule: Rule = serde_json::from_value(stored).unwrap();
    assert_eq!((rule.mode, rule.absence.policy, rule.limit), (Mode::Value, NoData::Keep, None));
}

#[test]
fn a_rule_in_prometheus_meaning_needs_no_condition_and_may_not_have_one() {
    let matching = |more: &str| format!("        mode: match\n{more}");
    let text = RULE.replace("        condition: \">= 80\"\n", &matching("")).replace("rate(cpu[5m])", "cpu > 80");
    let text = text.replace("\"{{host}}\"", "machines");
    let rule = rules::check(&[file(&text)]).unwrap().remove(0).rules.remove(0);
    assert_eq!((rule.mode, rule.expr.as_str()), (Mode::Match, "cpu > 80"));
    for (more, expected) in [
        ("        mode: match\n", "expected no condition with mode: match, where any result is a breach"),
        ("        mode: guess\n", "expected value or match, found \"guess\""),
    ] {
        assert!(read(more).unwrap_err().contains(expected), "{more}");
    }
    let go = text.replace("summary: machines", "summary: \"{{ $labels.host }} {{ $value | humanize }}\"");
    assert!(rules::check(&[file(&go)]).is_ok());
    let unknown = text.replace("summary: machines", "summary: \"{{ query }}\"");
    assert!(rules::check(&[file(&unknown)]).unwrap_err().to_string().contains("\"query\" is not known here"));
}

#[test]
fn every_mistake_is_told_with_its_place() {
    for (more, expected) in [
        ("recovery: 81", "rules.yaml:12:19: expected a recovery threshold behind the threshold it belongs to"),
        ("warning: \">= 90\"", "rules.yaml:12:18: expected a warning that is reached before the condition is"),
        ("warning: \"> 70\"", "expected the same comparison as in condition (>=), found another"),
        ("warning: 70", "rules.yaml:12:18: expected one of >=, >, <=, < and a number"),
        ("no_data: maybe", "rules.yaml:12:18: expected keep, ok or notify, found \"maybe\""),
        ("no_data: {policy: notify, timeframe: 2d}", "expected a timeframe shorter than resolve_after"),
        ("new_group_delay: 2d", "rules.yaml:12:26: expected a duration from 0s to 1d, found \"2d\""),
        ("limit: many", "rules.yaml:12:16: expected a whole number from 0 to 10000, found \"many\""),
        ("renotify: {on: [critical]}", "expected the key \"interval\", found none"),
        ("renotify: {interval: 5m, on: [bad]}", "expected critical, warning or no_data, found \"bad\""),
        ("runbook_url: ftp://a", "expected an address that begins with https:// or http://, found \"ftp://a\""),
        ("annotations: {a-b: c}", "expected an annotation's name, found \"a-b\""),
        ("annotations: {a: \"{{#is_alert}}\"}", "rules.yaml:12:26: expected {{/is_alert}} after {{#is_alert}}"),
        ("priority: 6", "expected a whole number from 1 to 5, found the number 6"),
        ("tags: production", "expected a list of tags, found \"production\""),
    ] {
        let found = read(&format!("        {more}\n")).unwrap_err();
        assert!(found.contains(expected), "{more}: {found}");
    }
    assert!(said("limit: 50", "limit: -1").contains("expected a whole number from 0 to 10000"));
    let labelled = read("        labels: {w: \"{{#is_warning}}a{{/is_warning}}\"}\n").unwrap_err();
    assert!(labelled.contains("expected a text that names labels only"), "{labelled}");
}
