//! Rules and alerts as Prometheus' HTTP API tells them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use chrono::SecondsFormat;
use model::Time;
use model::labels::Labels;
use serde_json::{Value, json};

use crate::http::json::{self, Failure, Success};
use crate::http::params::Params;
use crate::http::query::MayRead;
use crate::needs::{ActiveAlert, AlertingRule, GroupRule, NoRules, RecordingRule, RuleGroup, Rules};

/// When something happened that never did: Go's zero time.
pub(crate) const NEVER: &str = "0001-01-01T00:00:00Z";

impl From<NoRules> for Failure {
    fn from(no_rules: NoRules) -> Self {
        Self::unavailable(no_rules.to_string())
    }
}

/// Which rules are wanted.
struct Wanted<'a> {
    alerting: bool,
    recording: bool,
    names: Vec<&'a str>,
    groups: Vec<&'a str>,
    files: Vec<&'a str>,
    with_alerts: bool,
}

impl<'a> Wanted<'a> {
    fn of(params: &'a Params) -> Result<Self, Failure> {
        let (alerting, recording): (bool, bool) = match params.get("type").map(str::to_ascii_lowercase).as_deref() {
            None => (true, true),
            Some("alert") => (true, false),
            Some("record") => (false, true),
            Some(other) => return Err(Failure::bad_parameter("type", &format!("not supported value \"{other}\""))),
        };
        Ok(Self {
            alerting,
            recording,
            names: params.all("rule_name[]"),
            groups: params.all("rule_group[]"),
            files: params.all("file[]"),
            with_alerts: !params.flag("exclude_alerts")?,
        })
    }

    fn takes_group(&self, group: &RuleGroup) -> bool {
        is_among(&self.groups, &group.name) && is_among(&self.files, &group.file)
    }

    fn takes_rule(&self, rule: &GroupRule) -> bool {
        match rule {
            GroupRule::Alerting(rule) => self.alerting && is_among(&self.names, &rule.name),
            GroupRule::Recording(rule) => self.recording && is_among(&self.names, &rule.name),
        }
    }
}

/// An empty list names everything.
fn is_among(names: &[&str], name: &str) -> bool {
    names.is_empty() || names.contains(&name)
}

/// `/api/v1/rules`: `type=alert|record`, `rule_name[]`, `rule_group[]`, `file[]`, `exclude_alerts`.
pub(crate) async fn rules(State(rules): State<Arc<dyn Rules>>, _: MayRead, params: Params) -> Result<Success, Failure> {
    let wanted: Wanted<'_> = Wanted::of(&params)?;
    let groups: Vec<RuleGroup> = rules.groups().await?;
    let groups = groups.iter().filter(|group| wanted.takes_group(group));
    let groups: Vec<Value> = groups.filter_map(|group| group_json(group, &wanted)).collect();
    Ok(json::data(&json!({ "groups": groups })))
}

/// `/api/v1/alerts`: what is pending or fires.
pub(crate) async fn alerts(State(rules): State<Arc<dyn Rules>>, _: MayRead) -> Result<Success, Failure> {
    let groups: Vec<RuleGroup> = rules.groups().await?;
    let rules = groups.iter().flat_map(|group| group.rules.iter());
    let alerts: Vec<Value> = rules.flat_map(GroupRule::alerts).map(alert_json).collect();
    Ok(json::data(&json!({ "alerts": alerts })))
}

/// `None` when none of its rules is wanted.
fn group_json(group: &RuleGroup, wanted: &Wanted<'_>) -> Option<Value> {
    let rules: Vec<&GroupRule> = group.rules.iter().filter(|rule| wanted.takes_rule(rule)).collect();
    if rules.is_empty() {
        return None;
    }
    let took_ms: i64 = group.rules.iter().filter_map(|rule| went(rule).took_ms).sum();
    let evaluated_at: Option<Time> = group.rules.iter().filter_map(|rule| went(rule).evaluated_at).max();
    let rules: Vec<Value> = rules.into_iter().map(|rule| rule_json(rule, wanted.with_alerts)).collect();
    Some(json!({
        "name": group.name,
        "file": group.file,
        "interval": seconds(group.interval_ms),
        "limit": 0,
        "rules": rules,
        "evaluationTime": seconds(took_ms),
        "lastEvaluation": moment(evaluated_at),
    }))
}

/// How the last evaluation of a rule went.
#[derive(Clone, Copy)]
struct Went<'a> {
    evaluated_at: Option<Time>,
    took_ms: Option<i64>,
    error: Option<&'a str>,
}

fn went(rule: &GroupRule) -> Went<'_> {
    let (evaluated_at, took_ms, error) = match rule {
        GroupRule::Alerting(rule) => (rule.evaluated_at, rule.took_ms, rule.last_error.as_deref()),
        GroupRule::Recording(rule) => (rule.evaluated_at, rule.took_ms, rule.last_error.as_deref()),
    };
    Went { evaluated_at, took_ms, error }
}

fn rule_json(rule: &GroupRule, with_alerts: bool) -> Value {
    let mut json: Value = match rule {
        GroupRule::Alerting(rule) => alerting_json(rule, with_alerts),
        GroupRule::Recording(rule) => recording_json(rule),
    };
    let went: Went<'_> = went(rule);
    json["health"] = json!(health(went));
    json["evaluationTime"] = json!(seconds(went.took_ms.unwrap_or(0)));
    json["lastEvaluation"] = json!(moment(went.evaluated_at));
    if let Some(error) = went.error {
        json["lastError"] = json!(error);
    }
    json
}

/// Labels are left out where there are none, as in Prometheus.
fn recording_json(rule: &RecordingRule) -> Value {
    let mut json: Value = json!({ "type": "recording", "name": rule.name, "query": rule.query });
    if !rule.labels.is_empty() {
        json["labels"] = json!(map(&rule.labels));
    }
    json
}

fn alerting_json(rule: &AlertingRule, with_alerts: bool) -> Value {
    let shown: &[ActiveAlert] = if with_alerts { &rule.alerts } else { &[] };
    json!({
        "type": "alerting",
        "state": state(&rule.alerts),
        "name": rule.name,
        "query": rule.query,
        "duration": seconds(rule.for_ms),
        "keepFiringFor": seconds(rule.keep_firing_for_ms),
        "labels": map(&rule.labels),
        "annotations": map(&rule.annotations),
        "alerts": shown.iter().map(alert_json).collect::<Vec<Value>>(),
    })
}

/// The worst of its alerts.
fn state(alerts: &[ActiveAlert]) -> &'static str {
    if alerts.iter().any(|alert| alert.is_firing) {
        "firing"
    } else if alerts.is_empty() {
        "inactive"
    } else {
        "pending"
    }
}

fn health(went: Went<'_>) -> &'static str {
    match (went.error, went.evaluated_at) {
        (Some(_), _) => "err",
        (None, Some(_)) => "ok",
        (None, None) => "unknown",
    }
}

fn alert_json(alert: &ActiveAlert) -> Value {
    json!({
        "labels": map(&alert.labels),
        "annotations": map(&alert.annotations),
        "state": if alert.is_firing { "firing" } else { "pending" },
        "activeAt": moment(Some(alert.active_at)),
        "value": exponential(alert.value.unwrap_or(f64::NAN)),
    })
}

fn map(labels: &Labels) -> BTreeMap<&str, &str> {
    labels.iter().collect()
}

fn seconds(ms: i64) -> f64 {
    ms as f64 / 1_000.0
}

/// RFC 3339, as Go writes it.
pub(crate) fn moment(at: Option<Time>) -> String {
    at.map_or_else(|| NEVER.to_owned(), |at| at.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// `1e+00`: always with a sign and two digits of exponent, as Go's `'e'` format.
fn exponential(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return (if value > 0.0 { "+Inf" } else { "-Inf" }).to_owned();
    }
    let text: String = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text.as_str(), "0"));
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    format!("{mantissa}e{sign}{digits:0>2}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_with_an_exponent() {
        let texts = [1.0, -0.025, 12_345.0, 0.0, f64::NAN, f64::NEG_INFINITY].map(exponential);
        assert_eq!(texts, ["1e+00", "-2.5e-02", "1.2345e+04", "0e+00", "NaN", "-Inf"]);
    }

    #[test]
    fn moments_are_written_as_go_writes_them() {
        assert_eq!(moment(Some(Time(1_500))), "1970-01-01T00:00:01.500Z");
        assert_eq!((moment(Some(Time(0))), moment(None)), ("1970-01-01T00:00:00Z".to_owned(), NEVER.to_owned()));
    }
}
