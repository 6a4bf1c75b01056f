//! Rules as a file of this house: what `apply` reads back as the same rules. Imports, and the rules in force, are written by it.

#[cfg(test)]
pub(crate) mod tests;

use super::absence::{Absence, NoData};
use super::levels::Warning;
use super::renotify::Renotify;
use super::{Group, Mode, Rule, RuleFile, Text, record, settings};
use crate::rulebook::RuleRow;
use crate::state::Level;
use figures::Unit;
use serde_yaml_ng::{Mapping, Value};
use std::collections::BTreeSet;
use std::path::Path;

/// Rules in force as files: one for each they came from, groups and rules in their order. No two files have the same name, and no name
/// leads out of the directory it is written into.
#[must_use]
pub fn files(rows: &[RuleRow]) -> Vec<RuleFile> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut files: Vec<RuleFile> = Vec::new();
    for (source, groups) in by_file(rows) {
        let name: String = free_name(&source, &taken);
        taken.insert(name.clone());
        files.push(RuleFile { name, text: yaml(&groups) });
    }
    files
}

fn by_file(rows: &[RuleRow]) -> Vec<(String, Vec<Group>)> {
    let mut files: Vec<(String, Vec<Group>)> = Vec::new();
    for row in rows {
        if !files.iter().any(|(name, _)| *name == row.file) {
            files.push((row.file.clone(), Vec::new()));
        }
        let Some((_, groups)) = files.iter_mut().find(|(name, _)| *name == row.file) else {
            continue;
        };
        match groups.iter_mut().find(|group| group.name == row.group) {
            Some(group) => group.rules.push(row.rule.clone()),
            None => groups.push(Group {
                name: row.group.clone(),
                file: row.file.clone(),
                interval_ms: row.interval_ms,
                rules: vec![row.rule.clone()],
            }),
        }
    }
    files
}

/// `rules/web/hosts.yaml` is `hosts.yaml`; a second one is `hosts-2.yaml`.
fn free_name(source: &str, taken: &BTreeSet<String>) -> String {
    let stem: String = Path::new(source).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let plain = |character: char| if character.is_alphanumeric() || "-_".contains(character) { character } else { '-' };
    let stem: String = stem.chars().map(plain).collect();
    let stem: &str = if stem.trim_matches('-').is_empty() { "rules" } else { &stem };
    let first: String = format!("{stem}.yaml");
    if !taken.contains(&first) {
        return first;
    }
    let numbered = (2_usize..).map(|number| format!("{stem}-{number}.yaml")).find(|name| !taken.contains(name));
    numbered.unwrap_or(first)
}

/// Every group with its rules. Keys that say what holds anyway are left out.
#[must_use]
pub fn yaml(groups: &[Group]) -> String {
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
    if let Some(metric) = rule.records() {
        recording(&mut written, rule, metric);
        return Value::Mapping(written);
    }
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
    if rule.mode == Mode::Value && rule.absence != settings::usual_absence(&rule.expr) {
        put(&mut written, "no_data", absence(&rule.absence));
    }
    for_people(&mut written, rule);
    Value::Mapping(written)
}

/// The id is left out where the metric's name says it.
fn recording(written: &mut Mapping, rule: &Rule, metric: &str) {
    put(written, "record", metric);
    if rule.id.0 != record::id_of(metric) {
        put(written, "id", rule.id.0.as_str());
    }
    put(written, "expr", rule.expr.as_str());
    if rule.evaluation_delay_ms > 0 {
        put(written, "evaluation_delay", duration(rule.evaluation_delay_ms));
    }
    for_people(written, rule);
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
    if rule.runbook != Text::default() {
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
