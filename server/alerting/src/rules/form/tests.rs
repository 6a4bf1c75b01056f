//! A form says what its rule says, and its mistakes stand at their fields.

use super::*;
use crate::rules::printer::tests::any_rule;
use proptest::prelude::*;

fn form(pairs: &[(&str, &str)]) -> Form {
    let least = [
        ("group", "hosts"),
        ("name.en", "CPU usage"),
        ("summary.en", "busy"),
        ("expr", "cpu"),
        ("condition.sign", ">="),
        ("condition.threshold", "80"),
        ("severity", "P2"),
    ];
    least.iter().chain(pairs).map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect()
}

/// The fields of what is wrong.
fn fields(pairs: &[(&str, &str)]) -> Vec<String> {
    read(&form(pairs)).map_or_else(|wrong| wrong.into_iter().map(|one| one.field).collect(), |_| Vec::new())
}

proptest! {
    #[test]
    fn a_form_filled_from_a_rule_says_that_rule(rule in any_rule()) {
        let draft = Draft { rule, group: "a \"group\"".to_owned(), interval_ms: 30_000 };
        prop_assert_eq!(read(&filled(&draft)), Ok(draft));
    }

    #[test]
    fn whatever_is_written_into_a_form_is_a_rule_or_mistakes_at_fields(
        field in "(group|name\\.ja|expr|recovery|warning\\.threshold|for|label\\.0\\.name|annotation\\.1\\.name|tags|owner)",
        text in any::<String>(),
    ) {
        match read(&form(&[(field.as_str(), text.as_str())])) {
            Ok(_) => {}
            Err(wrong) => prop_assert!(!wrong.is_empty() && wrong.iter().all(|one| !one.field.is_empty()), "{wrong:?}"),
        }
    }
}

#[test]
fn the_least_that_must_be_said_is_a_rule() {
    let draft = read(&form(&[])).unwrap();
    assert_eq!((draft.rule.id.0.as_str(), draft.group.as_str(), draft.interval_ms), ("cpu-usage", "hosts", 15_000));
    assert_eq!((draft.rule.name.ja.as_str(), draft.rule.name.en.as_str()), ("CPU usage", "CPU usage"));
    assert_eq!(draft.rule.condition.to_string(), ">= 80");
}

#[test]
fn a_mistake_stands_at_its_field() {
    for (field, text) in [
        ("group", " "),
        ("interval", "often"),
        ("id", "CPU!"),
        ("expr", "sum("),
        ("expr", "cpu > 80"),
        ("condition.threshold", "much"),
        ("recovery", "90"),
        ("warning.threshold", "85"),
        ("for", "soon"),
        ("no_data.policy", "shout"),
        ("severity", "P9"),
        ("unit", "apples"),
        ("priority", "7"),
        ("runbook_url", "wiki"),
        ("dashboard", "javascript:alert(1)"),
        ("summary.ja", "{{host"),
    ] {
        let found = fields(&[(field, text)]);
        assert!(found.iter().any(|wrong| wrong == field), "{field} = {text}: {found:?}");
    }
    assert_eq!(fields(&[("warning.threshold", "70"), ("warning.for", "soon")]), ["warning.for"]);
    assert_eq!(fields(&[("label.3.name", "a b"), ("label.3.value", "x")]), ["label.3.name"]);
    assert_eq!(fields(&[("renotify.interval", "1s")]), ["renotify.interval"]);
}

#[test]
fn a_text_cannot_leave_its_field() {
    let draft = read(&form(&[("owner", "web\"\n    severity: \"P0"), ("name.en", "a\r\nb\u{85}\u{2028}c")])).unwrap();
    assert_eq!(draft.rule.owner.as_deref(), Some("web\"\n    severity: \"P0"));
    assert_eq!((draft.rule.severity, draft.rule.name.en.as_str()), (model::Severity::P2, "a\nb\u{85}\u{2028}c"));
    let huge = "x".repeat(MAX_BYTES);
    assert_eq!(fields(&[("runbook.en", &huge)]), ["expr"]);
}

#[test]
fn a_label_that_no_alert_has_is_warned_of_at_its_field() {
    let odd = form(&[("expr", "sum(cpu)"), ("summary.en", "{{host}} is busy"), ("summary.ja", "{{host}}")]);
    let warned: Vec<String> = warnings(&odd).into_iter().map(|one| one.field).collect();
    assert_eq!(warned, ["summary.ja", "summary.en"]);
}

#[test]
fn an_id_is_made_of_a_name() {
    for (name, id) in [("CPU usage (host)", "cpu-usage-host"), ("  a  ", "a"), ("使用率", ""), ("P95 応答", "p95")] {
        assert_eq!(id_of(name), id);
    }
}
