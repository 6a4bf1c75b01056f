//! From a rule to the form that says it.

use super::{DASHBOARD, Draft, Form, dashboard};
use crate::rules::absence::Absence;
use crate::rules::levels::Warning;
use crate::rules::renotify::Renotify;
use crate::rules::{Mode, Rule, Text, settings};
use figures::Unit;
use std::fmt::Display;

/// Every field that says something. What a rule has without saying so is left empty.
#[must_use]
pub fn filled(draft: &Draft) -> Form {
    let rule: &Rule = &draft.rule;
    let mut form = Form::new();
    put(&mut form, "group", &draft.group);
    put(&mut form, "interval", duration(draft.interval_ms));
    put(&mut form, "id", &rule.id);
    put_text(&mut form, "name", &rule.name);
    put_text(&mut form, "summary", &rule.summary);
    put(&mut form, "expr", &rule.expr);
    put(&mut form, "mode", rule.mode.as_str());
    judged(&mut form, rule);
    waits(&mut form, rule);
    put(&mut form, "severity", rule.severity.code());
    put_text(&mut form, "runbook", &rule.runbook);
    listed(&mut form, rule);
    named(&mut form, rule);
    form.retain(|_, text| !text.is_empty());
    form
}

fn put(form: &mut Form, field: &str, text: impl Display) {
    form.insert(field.to_owned(), text.to_string());
}

fn put_text(form: &mut Form, field: &str, text: &Text) {
    put(form, &format!("{field}.ja"), &text.ja);
    put(form, &format!("{field}.en"), &text.en);
}

fn put_some<T: Display>(form: &mut Form, field: &str, value: Option<T>) {
    if let Some(value) = value {
        put(form, field, value);
    }
}

fn duration(ms: i64) -> String {
    promql::numbers::format_duration(u64::try_from(ms).unwrap_or(0))
}

fn judged(form: &mut Form, rule: &Rule) {
    if rule.unit != Unit::None {
        put(form, "unit", rule.unit.as_str());
    }
    if rule.mode != Mode::Value {
        return;
    }
    put(form, "condition.sign", rule.condition.comparison.sign());
    put(form, "condition.threshold", rule.condition.threshold);
    put_some(form, "recovery", rule.recovery);
    if let Some(found) = &rule.warning {
        warning(form, found);
    }
    absence(form, &rule.absence, &settings::usual_absence(&rule.expr));
}

fn warning(form: &mut Form, warning: &Warning) {
    put(form, "warning.threshold", warning.condition.threshold);
    put(form, "warning.severity", warning.severity.code());
    put(form, "warning.for", duration(warning.for_ms));
    put_some(form, "warning.recovery", warning.recovery);
}

fn absence(form: &mut Form, absence: &Absence, usual: &Absence) {
    put(form, "no_data.policy", absence.policy.as_str());
    if absence.timeframe_ms != usual.timeframe_ms {
        put(form, "no_data.timeframe", duration(absence.timeframe_ms));
    }
    if absence.resolve_after_ms != usual.resolve_after_ms {
        put(form, "no_data.resolve_after", duration(absence.resolve_after_ms));
    }
    put_some(form, "no_data.severity", absence.severity.map(model::Severity::code));
}

fn waits(form: &mut Form, rule: &Rule) {
    for (field, ms) in [
        ("for", rule.for_ms),
        ("keep_firing_for", rule.keep_firing_for_ms),
        ("new_group_delay", rule.new_group_delay_ms),
        ("evaluation_delay", rule.evaluation_delay_ms),
    ] {
        if ms > 0 {
            put(form, field, duration(ms));
        }
    }
    put_some(form, "limit", rule.limit);
    if let Some(found) = &rule.renotify {
        renotify(form, found);
    }
}

fn renotify(form: &mut Form, renotify: &Renotify) {
    put(form, "renotify.interval", duration(renotify.interval_ms));
    for level in &renotify.on {
        put(form, &format!("renotify.on.{}", level.as_str().replace(' ', "_")), "true");
    }
    put_some(form, "renotify.most", renotify.most);
    put_text(form, "renotify.message", &renotify.message);
}

fn listed(form: &mut Form, rule: &Rule) {
    for (index, (name, value)) in rule.labels.iter().enumerate() {
        put(form, &format!("label.{index}.name"), name);
        put(form, &format!("label.{index}.value"), value);
    }
    let has_link: bool = dashboard(rule).is_some();
    let others = rule.annotations.iter().filter(|(name, _)| !(has_link && name.as_str() == DASHBOARD));
    for (index, (name, text)) in others.enumerate() {
        put(form, &format!("annotation.{index}.name"), name);
        put_text(form, &format!("annotation.{index}"), text);
    }
    put(form, "tags", rule.tags.join("\n"));
}

fn named(form: &mut Form, rule: &Rule) {
    put_some(form, "priority", rule.priority);
    put_some(form, "owner", rule.owner.as_ref());
    put_some(form, "runbook_url", rule.runbook_url.as_ref());
    put_some(form, "dashboard", dashboard(rule));
}
