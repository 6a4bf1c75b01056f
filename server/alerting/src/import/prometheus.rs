//! Prometheus' rule files: `groups`, each with alerting and recording rules (prometheus/prometheus `model/rulefmt/rulefmt.go`).

use super::scalar::{Scalar, or_empty};
use super::{Imported, id_of, untaken, wrong};
use crate::rules::absence::Absence;
use crate::rules::condition::Condition;
use crate::rules::go;
use crate::rules::record::{self, Recording};
use crate::rules::template::is_label_name;
use crate::rules::{Mode, Problem, Rule, RuleErrors, RuleFile, Text};
use figures::Unit;
use model::Severity;
use model::ids::RuleId;
use model::labels::{Labels, METRIC_NAME};
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};

/// What a group without an interval has in the house.
const DEFAULT_INTERVAL_MS: i64 = 60_000;
/// The name of a rule as an alert carries it.
const ALERT_NAME: &str = "alertname";

/// A group as Prometheus means it.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub name: String,
    /// `None` leaves it to the installation.
    pub interval_ms: Option<i64>,
    /// In the order of the file, in which they are evaluated.
    pub rules: Vec<Member>,
}

/// A rule of either kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Member {
    /// Writes what an expression gives as another metric.
    Record(Box<Rule>),
    Alert(Box<Rule>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default, deserialize_with = "or_empty")]
    groups: Vec<RawGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGroup {
    name: Scalar,
    interval: Option<Scalar>,
    query_offset: Option<Scalar>,
    limit: Option<u32>,
    #[serde(default, deserialize_with = "or_empty")]
    labels: BTreeMap<String, Scalar>,
    #[serde(default, deserialize_with = "or_empty")]
    rules: Vec<RawRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    record: Option<Scalar>,
    alert: Option<Scalar>,
    expr: Scalar,
    #[serde(rename = "for")]
    wait: Option<Scalar>,
    keep_firing_for: Option<Scalar>,
    #[serde(default, deserialize_with = "or_empty")]
    labels: BTreeMap<String, Scalar>,
    #[serde(default, deserialize_with = "or_empty")]
    annotations: BTreeMap<String, Scalar>,
}

/// Reads a file, for Prometheus' own tests of rules.
///
/// # Errors
/// Everything wrong in it.
pub fn read(file: &RuleFile) -> Result<Vec<Group>, RuleErrors> {
    let raw: RawFile = serde_yaml_ng::from_str(&file.text).map_err(|error| {
        let line: usize = error.location().map_or(1, |place| place.line());
        wrong(file, line, error.to_string())
    })?;
    let mut reading = Reading { file, problems: Vec::new(), ids: HashSet::new() };
    let groups: Vec<Group> = raw.groups.into_iter().map(|group| reading.group(group)).collect();
    if reading.problems.is_empty() { Ok(groups) } else { Err(RuleErrors(reading.problems)) }
}

/// Reads a file, and makes rules of this house of it.
///
/// # Errors
/// As [`read`].
pub fn import(file: &RuleFile) -> Result<Imported, RuleErrors> {
    let mut imported = Imported::default();
    for group in read(file)? {
        let mut rules: Vec<Rule> = Vec::new();
        for member in group.rules {
            match member {
                Member::Alert(rule) => {
                    imported.unmapped.extend(notes(&rule));
                    rules.push(*rule);
                }
                Member::Record(rule) => rules.push(*rule),
            }
        }
        if !rules.is_empty() {
            let interval_ms: i64 = group.interval_ms.unwrap_or(DEFAULT_INTERVAL_MS);
            imported.groups.push(crate::rules::Group { name: group.name, file: file.name.clone(), interval_ms, rules });
        }
    }
    Ok(imported)
}

fn notes(rule: &Rule) -> Option<String> {
    let word: &str = rule.labels.get("severity");
    (!word.is_empty() && severity_of(word).is_none())
        .then(|| format!("{}: the label severity=\"{word}\" is no severity that is known here; P2 was taken", rule.id))
}

/// The severity that a word of other houses, or of the requirement documents, means.
#[must_use]
pub fn severity_of(word: &str) -> Option<Severity> {
    Some(match word.to_lowercase().as_str() {
        "p0" | "critical" | "page" | "emergency" | "fatal" | "disaster" | "緊急" => Severity::P0,
        "p1" | "error" | "high" | "major" | "高" => Severity::P1,
        "p2" | "warning" | "warn" | "medium" | "minor" | "ticket" | "重要" | "中" => Severity::P2,
        "p3" | "info" | "information" | "notice" | "low" | "none" | "debug" | "情報" | "低" => Severity::P3,
        _ => return None,
    })
}

struct Reading<'f> {
    file: &'f RuleFile,
    problems: Vec<Problem>,
    ids: HashSet<String>,
}

/// What the rules of a group share.
struct Shared {
    group: String,
    labels: BTreeMap<String, Scalar>,
    offset_ms: i64,
    limit: Option<u32>,
}

impl Reading<'_> {
    fn group(&mut self, raw: RawGroup) -> Group {
        let name: String = raw.name.0;
        let interval_ms: Option<i64> = raw.interval.map(|text| self.duration(&name, "interval", &text.0));
        let offset_ms: i64 = raw.query_offset.map_or(0, |text| self.duration(&name, "query_offset", &text.0));
        let limit: Option<u32> = raw.limit.filter(|limit| *limit > 0);
        let shared = Shared { group: name.clone(), labels: raw.labels, offset_ms, limit };
        let rules: Vec<Member> = raw.rules.into_iter().filter_map(|rule| self.rule(rule, &shared)).collect();
        Group { name, interval_ms, rules }
    }

    fn rule(&mut self, raw: RawRule, shared: &Shared) -> Option<Member> {
        let mut labels: BTreeMap<String, Scalar> = shared.labels.clone();
        labels.extend(raw.labels.clone());
        match (raw.alert.clone(), raw.record.clone()) {
            (Some(alert), None) => Some(Member::Alert(Box::new(self.alert(alert.0, raw, &labels, shared)))),
            (None, Some(record)) => Some(Member::Record(Box::new(self.recording(record.0, &raw, &labels, shared)))),
            _ => {
                let group: &str = &shared.group;
                self.problem(group, format!("expected either alert or record in every rule of the group {group}"));
                None
            }
        }
    }

    fn alert(&mut self, name: String, raw: RawRule, labels: &BTreeMap<String, Scalar>, shared: &Shared) -> Rule {
        self.expression(&name, &raw.expr.0);
        let labels: Labels = self.labels(&name, labels);
        let annotations: BTreeMap<String, Text> = self.annotations(&name, &raw.annotations);
        let severity: Severity = severity_of(labels.get("severity")).unwrap_or(Severity::P2);
        let owner: Option<String> = Some(labels.get("team").to_owned()).filter(|team| !team.is_empty());
        let said = |key: &str| annotations.get(key).cloned().filter(|text| !text.en.trim().is_empty());
        let summary: Text = said("summary").or_else(|| said("description")).unwrap_or_else(|| both(&name));
        let runbook_url: Option<String> =
            said("runbook_url").map(|text| text.en).filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        Rule {
            id: RuleId(untaken(id_of(&name), &mut self.ids)),
            summary,
            expr: raw.expr.0,
            mode: Mode::Match,
            condition: Condition::ANY,
            recovery: None,
            warning: None,
            unit: Unit::None,
            for_ms: raw.wait.map_or(0, |text| self.duration(&name, "for", &text.0)),
            keep_firing_for_ms: raw.keep_firing_for.map_or(0, |text| self.duration(&name, "keep_firing_for", &text.0)),
            severity,
            runbook: Text::default(),
            labels,
            absence: Absence::default(),
            new_group_delay_ms: 0,
            evaluation_delay_ms: shared.offset_ms,
            limit: shared.limit,
            renotify: None,
            annotations,
            tags: Vec::new(),
            priority: None,
            runbook_url,
            owner,
            name: both(&name),
        }
    }

    /// Its labels are taken as they stand; an empty one would take a label off, which only the expression can do here.
    fn recording(&mut self, name: String, raw: &RawRule, labels: &BTreeMap<String, Scalar>, shared: &Shared) -> Rule {
        self.expression(&name, &raw.expr.0);
        if !record::is_metric(&name) {
            self.problem(&name, format!("rule {name}: expected the name of a metric, at most 200 characters and without braces"));
        }
        let only_alerts = [
            ("for", raw.wait.is_some()),
            ("keep_firing_for", raw.keep_firing_for.is_some()),
            ("annotations", !raw.annotations.is_empty()),
        ];
        for (key, _) in only_alerts.into_iter().filter(|(_, is_there)| *is_there) {
            self.problem(&name, format!("rule {name}: expected no {key} in a recording rule"));
        }
        for (label, value) in labels {
            if !is_label_name(label) || label == METRIC_NAME {
                self.problem(&name, format!("rule {name}: expected a label's name, found \"{label}\""));
            }
            if value.0.is_empty() {
                let instead: String = format!("write `without ({label})` into the expression");
                self.problem(&name, format!("rule {name}: the label {label} is empty: to take it off, {instead}"));
            }
        }
        let recording = Recording {
            id: RuleId(untaken(record::id_of(&name), &mut self.ids)),
            metric: name,
            expr: raw.expr.0.clone(),
            labels: Labels::new(labels.iter().map(|(name, value)| (name.clone(), value.0.clone()))),
            evaluation_delay_ms: shared.offset_ms,
            limit: shared.limit,
            tags: Vec::new(),
            owner: None,
        };
        recording.rule()
    }

    fn labels(&mut self, rule: &str, raw: &BTreeMap<String, Scalar>) -> Labels {
        let mut labels: Labels = Labels::default();
        for (name, value) in raw {
            if !is_label_name(name) || name == METRIC_NAME || name == ALERT_NAME {
                self.problem(rule, format!("rule {rule}: expected a label's name, found \"{name}\""));
            }
            if self.template(rule, name, &value.0).is_some_and(|template| template.uses_value()) {
                let why: &str = "with the value in it every change of the value would be another alert";
                self.problem(rule, format!("rule {rule}: the label {name} carries the value: {why}"));
            }
            labels.set(name.clone(), value.0.clone());
        }
        labels
    }

    fn annotations(&mut self, rule: &str, raw: &BTreeMap<String, Scalar>) -> BTreeMap<String, Text> {
        for (name, value) in raw {
            self.template(rule, name, &value.0);
        }
        raw.iter().map(|(name, value)| (name.clone(), both(&value.0))).collect()
    }

    fn template(&mut self, rule: &str, name: &str, text: &str) -> Option<go::Template> {
        match go::Template::read(text) {
            Ok(template) => Some(template),
            Err(error) => {
                self.problem(rule, format!("rule {rule}: {name}: {error}"));
                None
            }
        }
    }

    fn expression(&mut self, rule: &str, expr: &str) {
        let Err(errors) = promql::parse(expr) else {
            return;
        };
        for error in errors {
            self.problem(rule, format!("rule {rule}: in the PromQL expression: {}", error.describe(expr)));
        }
    }

    fn duration(&mut self, rule: &str, key: &str, text: &str) -> i64 {
        let ms: Option<i64> = match text.trim() {
            "" | "0" => Some(0),
            text => promql::numbers::parse_duration_ms(text).ok().and_then(|ms| i64::try_from(ms).ok()),
        };
        if ms.is_none() {
            self.problem(rule, format!("{rule}: {key}: expected a duration such as 15s, 5m or 1h30m, found \"{text}\""));
        }
        ms.unwrap_or(0)
    }

    /// Told at the line that names the rule or group first.
    fn problem(&mut self, name: &str, message: String) {
        let names = |line: &str| {
            let (_, value) = line.split_once(':').unwrap_or(("", ""));
            value.trim().trim_matches(['"', '\'']) == name
        };
        let line: usize = self.file.text.lines().position(names).map_or(1, |index| index + 1);
        self.problems.push(Problem { file: self.file.name.clone(), line, column: 1, message });
    }
}

/// Prometheus has one language.
fn both(text: &str) -> Text {
    Text { ja: text.to_owned(), en: text.to_owned() }
}
