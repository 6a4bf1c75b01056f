//! What stands in a text when.

use super::*;

fn figures(level: Level, moment: Moment) -> Figures {
    Figures { value: Some(83.0), threshold: 80.0, warning: Some(70.0), unit: Unit::Percent, level, moment, priority: Some(2) }
}

fn filled(text: &str, level: Level, moment: Moment) -> String {
    fill(text, &Labels::new([("host", "app-02")]), &figures(level, moment), Locale::Ja)
}

#[test]
fn labels_and_figures_are_filled_in() {
    let text = "{{host}} の CPU 使用率が {{ value }} ({{threshold}} 以上、警告 {{warn_threshold}}){{absent}}{{host.name}}";
    let expected = "app-02 の CPU 使用率が 83% (80% 以上、警告 70%)app-02";
    assert_eq!(filled(text, Level::Critical, Moment::Firing), expected);
}

#[test]
fn a_section_stands_when_what_it_asks_is_so() {
    use Level::{Critical, NoData, Warning};
    use Moment::{Firing, Lowered, Over, Repeated};
    let table: [(&str, Level, Moment, bool); 14] = [
        ("is_alert", Critical, Firing, true),
        ("is_alert", Warning, Firing, false),
        ("is_alert", Critical, Over, false),
        ("is_warning", Warning, Lowered, true),
        ("is_no_data", NoData, Firing, true),
        ("is_recovery", Warning, Over, true),
        ("is_alert_recovery", Warning, Over, false),
        ("is_warning_recovery", Warning, Over, true),
        ("is_no_data_recovery", NoData, Over, true),
        ("is_alert_to_warning", Warning, Lowered, true),
        ("is_alert_to_warning", Warning, Firing, false),
        ("is_renotify", Critical, Repeated, true),
        ("is_priority 'P2'", Critical, Firing, true),
        ("is_priority \"3\"", Critical, Firing, false),
    ];
    for (test, level, moment, stands) in table {
        let name: &str = test.split(' ').next().unwrap_or_default();
        let expected = if stands { "a yes b" } else { "a no b" };
        let text = format!("a {{{{#{test}}}}}yes{{{{/{name}}}}}{{{{^{test}}}}}no{{{{/{name}}}}} b");
        assert_eq!(filled(&text, level, moment), expected, "{test} {level:?} {moment:?}");
    }
}

#[test]
fn labels_are_compared_and_sections_nest() {
    let text = "{{#is_match \"host\" \"db\" \"app\"}}A{{#is_exact_match \"host\" \"app\"}}B{{/is_exact_match}}C{{/is_match}}";
    assert_eq!(filled(text, Level::Critical, Moment::Firing), "AC");
    assert_eq!(with_labels(text, &Labels::new([("host", "app")])), "ABC");
    assert!(Template::read(text).is_ok_and(|template| !template.uses_figures()));
}

#[test]
fn what_is_broken_is_refused() {
    for (text, expected) in [
        ("{{host", TemplateError::Unclosed),
        ("{{#if x}}", TemplateError::Section("if x".to_owned())),
        ("{{host-name}}", TemplateError::Name("host-name".to_owned())),
        ("{{#is_alert}}a", TemplateError::Open("is_alert".to_owned())),
        ("a{{/is_alert}}", TemplateError::End("is_alert".to_owned())),
        ("{{#is_alert}}a{{/is_warning}}", TemplateError::End("is_warning".to_owned())),
        ("{{#is_match \"host\"}}{{/is_match}}", TemplateError::Arguments("is_match \"host\"".to_owned())),
        ("{{#is_match host a}}{{/is_match}}", TemplateError::Arguments("is_match host a".to_owned())),
    ] {
        assert_eq!(Template::read(text), Err(expected), "{text}");
    }
    assert!(Template::read("a { b } c").is_ok_and(|template| template.is_plain()));
    for text in ["{{value}}", "{{#is_alert}}{{/is_alert}}", "{{#is_match \"a\" \"b\"}}{{warn_threshold}}{{/is_match}}"] {
        assert!(Template::read(text).is_ok_and(|template| template.uses_figures()), "{text}");
    }
}
