//! Rules as a file of this house: what `apply` reads back as the same rules.

use crate::rules::absence::{Absence, NoData};
use crate::rules::levels::Warning;
use crate::rules::renotify::Renotify;
use crate::rules::{Group, Mode, Rule, Text};
use crate::state::Level;
use figures::Unit;
use serde_yaml_ng::{Mapping, Value};

/// Every group with its rules. Keys that say what holds anyway are left out.
pub(super) fn yaml(groups: &[Group]) -> String {
    let mut root = Mapping::new();
    put(&mut root, "groups", Value::Sequence(groups.iter().map(group).collect()));
    // Texts, numbers and mappings of texts can always be written.
    serde_yaml_ng::to_string(&Value::Mapping(root)).unwrap_or_default()
}

fn put(mapping: &mut Mapping, key: &str, value: impl Into<Value>) {
    mapping.insert(Value::String(key.to_owned()), value.into());
}

fn group(group: &Group) -> Value {
    let mut written = Mapping::new();
    put(&mut written, "name", group.name.as_str());
    put(&mut written, "interval", duration(group.interval_ms));
    put(&mut written, "rules", Value::Sequence(group.rules.iter().map(rule).collect()));
    Value::Mapping(written)
}

fn duration(ms: i64) -> String {
    promql::numbers::format_duration(u64::try_from(ms).unwrap_or(0))
}

fn text(text: &Text) -> Value {
    if text.ja == text.en {
        return Value::String(text.en.clone());
    }
    let mut both = Mapping::new();
    put(&mut both, "ja", text.ja.as_str());
    put(&mut both, "en", text.en.as_str());
    Value::Mapping(both)
}

fn rule(rule: &Rule) -> Value {
    let mut written = Mapping::new();
    put(&mut written, "id", rule.id.0.as_str());
    put(&mut written, "name", text(&rule.name));
    put(&mut written, "summary", text(&rule.summary));
    put(&mut written, "expr", rule.expr.as_str());
    judged(&mut written, rule);
    if rule.unit != Unit::None {
        put(&mut written, "unit", rule.unit.as_str());
    }
    for (key, ms) in [
        ("for", rule.for_ms),
        ("keep_firing_for", rule.keep_firing_for_ms),
        ("new_group_delay", rule.new_group_delay_ms),
        ("evaluation_delay", rule.evaluation_delay_ms),
    ] {
        if ms > 0 {
            put(&mut written, key, duration(ms));
        }
    }
    put(&mut written, "severity", rule.severity.code());
    if rule.mode == Mode::Value && rule.absence != Absence::default() {
        put(&mut written, "no_data", absence(&rule.absence));
    }
    for_people(&mut written, rule);
    Value::Mapping(written)
}

fn judged(written: &mut Mapping, rule: &Rule) {
    if rule.mode == Mode::Match {
        put(written, "mode", "match");
        return;
    }
    put(written, "condition", rule.condition.to_string());
    if let Some(recovery) = rule.recovery {
        put(written, "recovery", recovery);
    }
    if let Some(found) = &rule.warning {
        put(written, "warning", warning(found));
    }
}

fn warning(warning: &Warning) -> Value {
    let mut written = Mapping::new();
    put(&mut written, "condition", warning.condition.to_string());
    put(&mut written, "severity", warning.severity.code());
    put(&mut written, "for", duration(warning.for_ms));
    if let Some(recovery) = warning.recovery {
        put(&mut written, "recovery", recovery);
    }
    Value::Mapping(written)
}

fn absence(absence: &Absence) -> Value {
    let mut written = Mapping::new();
    put(&mut written, "policy", NoData::as_str(absence.policy));
    put(&mut written, "timeframe", duration(absence.timeframe_ms));
    put(&mut written, "resolve_after", duration(absence.resolve_after_ms));
    if let Some(severity) = absence.severity {
        put(&mut written, "severity", severity.code());
    }
    Value::Mapping(written)
}

/// What people read, and what only routing asks.
fn for_people(written: &mut Mapping, rule: &Rule) {
    if let Some(limit) = rule.limit {
        put(written, "limit", u64::from(limit));
    }
    if let Some(found) = &rule.renotify {
        put(written, "renotify", renotify(found));
    }
    if !rule.runbook.en.is_empty() {
        put(written, "runbook", text(&rule.runbook));
    }
    if let Some(url) = &rule.runbook_url {
        put(written, "runbook_url", url.as_str());
    }
    if !rule.labels.is_empty() {
        let labels: Mapping = rule.labels.iter().map(|(name, value)| (Value::from(name), Value::from(value))).collect();
        put(written, "labels", Value::Mapping(labels));
    }
    if !rule.annotations.is_empty() {
        let annotations: Mapping =
            rule.annotations.iter().map(|(name, found)| (Value::from(name.as_str()), text(found))).collect();
        put(written, "annotations", Value::Mapping(annotations));
    }
    if !rule.tags.is_empty() {
        put(written, "tags", Value::Sequence(rule.tags.iter().map(|tag| Value::from(tag.as_str())).collect()));
    }
    if let Some(priority) = rule.priority {
        put(written, "priority", u64::from(priority));
    }
    if let Some(owner) = &rule.owner {
        put(written, "owner", owner.as_str());
    }
}

fn renotify(renotify: &Renotify) -> Value {
    let level = |level: &Level| Value::from(level.as_str().replace(' ', "_"));
    let mut written = Mapping::new();
    put(&mut written, "interval", duration(renotify.interval_ms));
    put(&mut written, "on", Value::Sequence(renotify.on.iter().map(level).collect()));
    if let Some(most) = renotify.most {
        put(&mut written, "most", u64::from(most));
    }
    if renotify.message != Text::default() {
        put(&mut written, "message", text(&renotify.message));
    }
    Value::Mapping(written)
}
