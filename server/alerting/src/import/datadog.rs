//! Datadog's metric monitors, as its API gives them: one object, or a list.
//!
//! Space is aggregated first and time second, as Datadog does: the other order gives other numbers. Functions, roll-ups, anomalies, and
//! monitors made of monitors are refused by name.

mod message;
mod query;
mod unmapped;

use super::{Imported, id_of, untaken, wrong};
use crate::rules::absence::{Absence, NoData};
use crate::rules::condition::Condition;
use crate::rules::levels::{self, Warning};
use crate::rules::renotify::Renotify;
use crate::rules::{Group, Mode, Rule, RuleErrors, RuleFile, Text};
use crate::state::{Level, RESOLVE_ABSENT_AFTER_MS};
use message::Message;
use model::Severity;
use model::ids::RuleId;
use model::labels::Labels;
use query::Query;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashSet};
use unmapped::Unmapped;

/// Datadog evaluates each minute.
const INTERVAL_MS: i64 = 60_000;
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 3_600_000;
/// Keys that describe a monitor in Datadog and mean nothing elsewhere.
const SILENTLY_DROPPED: &[&str] = &[
    "id",
    "org_id",
    "created",
    "created_at",
    "modified",
    "creator",
    "deleted",
    "overall_state",
    "overall_state_modified",
    "multi",
];

#[derive(Deserialize)]
struct Monitor {
    name: String,
    #[serde(rename = "type", default)]
    kind: String,
    query: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    tags: Vec<String>,
    priority: Option<u8>,
    #[serde(default)]
    options: Options,
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[derive(Default, Deserialize)]
struct Options {
    #[serde(default)]
    thresholds: Thresholds,
    notify_no_data: Option<bool>,
    no_data_timeframe: Option<i64>,
    on_missing_data: Option<String>,
    new_group_delay: Option<i64>,
    evaluation_delay: Option<i64>,
    renotify_interval: Option<i64>,
    renotify_statuses: Option<Vec<String>>,
    renotify_occurrences: Option<u32>,
    escalation_message: Option<String>,
    timeout_h: Option<i64>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[derive(Default, Deserialize)]
struct Thresholds {
    critical: Option<f64>,
    warning: Option<f64>,
    critical_recovery: Option<f64>,
    warning_recovery: Option<f64>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

/// Reads monitors, and makes a group of rules of them. A monitor that can't be mapped is listed, and left out.
///
/// # Errors
/// What is no JSON, or no monitor at all.
pub fn read(file: &RuleFile) -> Result<Imported, RuleErrors> {
    let monitors: Vec<Monitor> = monitors(&file.text).map_err(|error| wrong(file, error.line().max(1), error.to_string()))?;
    let mut imported = Imported::default();
    let mut ids: HashSet<String> = HashSet::new();
    let mut rules: Vec<Rule> = Vec::new();
    for monitor in monitors {
        let name: String = monitor.name.clone();
        let mut notes: Vec<String> = Vec::new();
        match mapped(monitor, &mut ids, &mut notes) {
            Ok(rule) => rules.push(rule),
            Err(reason) => notes.push(format!("was left out: {reason}")),
        }
        imported.unmapped.extend(notes.into_iter().map(|note| format!("{name}: {note}")));
    }
    if !rules.is_empty() {
        imported.groups.push(Group { name: "datadog".to_owned(), file: file.name.clone(), interval_ms: INTERVAL_MS, rules });
    }
    Ok(imported)
}

fn monitors(text: &str) -> Result<Vec<Monitor>, serde_json::Error> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text);
    }
    Ok(vec![serde_json::from_str(text)?])
}

/// One monitor as a rule; `notes` takes what was dropped.
fn mapped(monitor: Monitor, ids: &mut HashSet<String>, notes: &mut Vec<String>) -> Result<Rule, Unmapped> {
    if !matches!(monitor.kind.as_str(), "metric alert" | "query alert" | "") {
        return Err(Unmapped::Kind { kind: monitor.kind });
    }
    dropped(&monitor, notes);
    let query: Query = query::read(&monitor.query)?;
    let options: &Options = &monitor.options;
    check_threshold(&query, options)?;
    let severity: Severity = severity(monitor.priority);
    let warning: Option<Warning> = warning(&query.condition, options, severity);
    let recovery: Option<f64> = options.thresholds.critical_recovery;
    levels::in_order(query.condition, recovery, warning.as_ref())?;
    let message: Message = message::read(&monitor.message, notes);
    let (labels, tags): (Labels, Vec<String>) = tagged(&monitor.tags);
    let owner: Option<String> = Some(labels.get("team").to_owned()).filter(|team| !team.is_empty());
    Ok(Rule {
        id: RuleId(untaken(id_of_monitor(&monitor.name, &query), ids)),
        name: both(message::plain(&monitor.name)),
        summary: both(message.summary.unwrap_or_else(|| message::plain(&monitor.name))),
        expr: query.expr,
        mode: Mode::Value,
        condition: query.condition,
        recovery,
        warning,
        unit: message.unit,
        for_ms: 0,
        keep_firing_for_ms: 0,
        severity,
        runbook: Text::default(),
        labels,
        absence: absence(options, query.window_ms)?,
        new_group_delay_ms: options.new_group_delay.unwrap_or(0).clamp(0, 24 * HOUR_MS / 1_000) * 1_000,
        evaluation_delay_ms: options.evaluation_delay.unwrap_or(0).clamp(0, 24 * HOUR_MS / 1_000) * 1_000,
        limit: None,
        renotify: renotify(options, notes),
        annotations: message.body.map(|body| BTreeMap::from([("message".to_owned(), both(body))])).unwrap_or_default(),
        tags,
        priority: monitor.priority.filter(|priority| (1..=5).contains(priority)),
        runbook_url: None,
        owner,
    })
}

/// A name of another script leaves no id; then the metric's does.
fn id_of_monitor(name: &str, query: &Query) -> String {
    let id: String = id_of(name);
    let is_telling: bool = id.chars().filter(char::is_ascii_alphabetic).count() >= 4;
    if is_telling { id } else { id_of(&query.metric) }
}

/// What of a monitor is not read at all.
fn dropped(monitor: &Monitor, notes: &mut Vec<String>) {
    let top = monitor.others.iter().filter(|(key, _)| !SILENTLY_DROPPED.contains(&key.as_str()));
    let inner = monitor.options.others.iter().map(|(key, value)| (format!("options.{key}"), value));
    let thresholds = monitor.options.thresholds.others.iter().map(|(key, value)| (format!("options.thresholds.{key}"), value));
    let all = top.map(|(key, value)| (key.clone(), value)).chain(inner).chain(thresholds);
    for (key, value) in all {
        let says_nothing: bool =
            matches!(value, Value::Null | Value::Bool(false)) || value.as_object().is_some_and(Map::is_empty);
        match key.as_str() {
            _ if says_nothing => {}
            "options.silenced" => notes.push(format!("options.silenced is not part of a rule here: make silences of {value}")),
            // Both only say how Datadog shows a title, or counts points.
            "options.include_tags" | "options.require_full_window" => {}
            _ => notes.push(format!("{key} = {value} was dropped")),
        }
    }
}

fn check_threshold(query: &Query, options: &Options) -> Result<(), Unmapped> {
    match options.thresholds.critical {
        Some(critical) if critical.to_bits() != query.condition.threshold.to_bits() => {
            Err(Unmapped::Threshold { compared: query.condition.threshold, critical })
        }
        _ => Ok(()),
    }
}

fn warning(condition: &Condition, options: &Options, severity: Severity) -> Option<Warning> {
    let threshold: f64 = options.thresholds.warning?;
    Some(Warning {
        condition: Condition { threshold, ..*condition },
        severity: milder(severity),
        for_ms: 0,
        recovery: options.thresholds.warning_recovery,
    })
}

/// One step less, where there is one.
fn milder(severity: Severity) -> Severity {
    match severity {
        Severity::P0 => Severity::P1,
        Severity::P1 => Severity::P2,
        Severity::P2 | Severity::P3 => Severity::P3,
    }
}

/// Datadog's priorities are 1 to 5.
fn severity(priority: Option<u8>) -> Severity {
    match priority {
        Some(1) => Severity::P1,
        Some(3..) => Severity::P3,
        _ => Severity::P2,
    }
}

fn absence(options: &Options, window_ms: i64) -> Result<Absence, Unmapped> {
    let policy: NoData = match (options.on_missing_data.as_deref(), options.notify_no_data) {
        (Some("show_and_notify_no_data"), _) | (None, Some(true)) => NoData::Notify,
        (Some("resolve"), _) => NoData::Ok,
        (Some("show_no_data" | "default"), _) | (None, _) => NoData::Keep,
        (Some(other), _) => return Err(Unmapped::MissingData { policy: other.to_owned() }),
    };
    let timeframe_ms: i64 = options.no_data_timeframe.map_or(2 * window_ms, |minutes| minutes.saturating_mul(MINUTE_MS));
    let resolve_after_ms: i64 =
        options.timeout_h.filter(|hours| *hours > 0).map_or(RESOLVE_ABSENT_AFTER_MS, |hours| hours.saturating_mul(HOUR_MS));
    if timeframe_ms < 1_000 || timeframe_ms >= resolve_after_ms {
        return Err(Unmapped::Timeframe);
    }
    Ok(Absence { policy, timeframe_ms, resolve_after_ms, severity: None })
}

fn renotify(options: &Options, notes: &mut Vec<String>) -> Option<Renotify> {
    let minutes: i64 = options.renotify_interval.filter(|minutes| *minutes > 0)?;
    let mut on: Vec<Level> = Vec::new();
    for status in options.renotify_statuses.as_deref().unwrap_or_default() {
        match status.as_str() {
            "alert" => on.push(Level::Critical),
            "warn" => on.push(Level::Warning),
            "no data" => on.push(Level::NoData),
            other => notes.push(format!("renotify_statuses: \"{other}\" was dropped")),
        }
    }
    if on.is_empty() {
        on = vec![Level::Critical, Level::NoData];
    }
    let escalation: &str = options.escalation_message.as_deref().unwrap_or_default();
    let message: String = message::read(escalation, notes).body.unwrap_or_default();
    let most: Option<u32> = options.renotify_occurrences.filter(|most| *most > 0);
    Some(Renotify { interval_ms: minutes.saturating_mul(MINUTE_MS), on, most, message: both(message) })
}

/// `env:production` is a label and a tag; a word without a colon is a tag only.
fn tagged(tags: &[String]) -> (Labels, Vec<String>) {
    let mut labels: Labels = Labels::default();
    for tag in tags {
        if let Some((name, value)) = tag.split_once(':') {
            let name: String = query::label(name);
            // What stands for a placeholder would be filled in.
            if crate::rules::template::is_label_name(&name) && !value.contains("{{") {
                labels.set(name, value.to_owned());
            }
        }
    }
    (labels, tags.to_vec())
}

fn both(text: String) -> Text {
    Text { ja: text.clone(), en: text }
}
