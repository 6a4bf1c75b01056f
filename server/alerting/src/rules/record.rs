//! Recording rules in files: what is evaluated, and the metric that it is written as.
//!
//! ```yaml
//! - record: job:http_requests:rate5m
//!   expr: sum by (job) (rate(http_requests_total[5m]))
//!   labels: {team: web}
//! ```
//! A rule's id is made of its metric's name, unless the file gives one: two rules may write one metric, with other labels. Labels are
//! taken as they stand; nothing is filled in.

use super::absence::Absence;
use super::condition::Condition;
use super::group::Defaults;
use super::reader::{Reader, Spot, scalar_text};
use super::template::is_label_name;
use super::{Mode, Rule, Text, form};
use figures::Unit;
use model::Severity;
use model::ids::RuleId;
use model::labels::{Labels, METRIC_NAME};
use std::collections::BTreeMap;
use yaml::{At, Node, Step};

const RECORD_KEYS: &[&str] = &["record", "id", "expr", "labels", "evaluation_delay", "limit", "tags", "owner"];
/// A longer name fits no line of a list.
const MAX_METRIC: usize = 200;
/// Leaves room for a number behind it, where the id is taken.
const MAX_MADE_ID: usize = 60;

/// A recording rule, in parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    pub id: RuleId,
    /// The metric that it writes.
    pub metric: String,
    pub expr: String,
    pub labels: Labels,
    pub evaluation_delay_ms: i64,
    pub limit: Option<u32>,
    pub tags: Vec<String>,
    pub owner: Option<String>,
}

impl Recording {
    /// As a rule among others. It judges nothing: what only alerts have says nothing.
    #[must_use]
    pub fn rule(self) -> Rule {
        Rule {
            id: self.id,
            name: Text { ja: self.metric.clone(), en: self.metric },
            summary: Text::default(),
            expr: self.expr,
            mode: Mode::Record,
            condition: Condition::ANY,
            recovery: None,
            warning: None,
            unit: Unit::None,
            for_ms: 0,
            keep_firing_for_ms: 0,
            severity: Severity::P3,
            runbook: Text::default(),
            labels: self.labels,
            absence: Absence::default(),
            new_group_delay_ms: 0,
            evaluation_delay_ms: self.evaluation_delay_ms,
            limit: self.limit,
            renotify: None,
            annotations: BTreeMap::new(),
            tags: self.tags,
            priority: None,
            runbook_url: None,
            owner: self.owner,
        }
    }
}

/// The id that a rule has unless its file says another: `job:up:sum` is `job-up-sum`.
#[must_use]
pub fn id_of(metric: &str) -> String {
    let id: String = form::id_of(metric).chars().take(MAX_MADE_ID).collect();
    let id: &str = id.trim_end_matches('-');
    if id.is_empty() { "recording".to_owned() } else { id.to_owned() }
}

/// Why a metric can't be called so: any text will do, but braces would make a selector of it.
#[must_use]
pub fn is_metric(name: &str) -> bool {
    let is_short: bool = name.chars().count() <= MAX_METRIC;
    let is_plain = |character: char| !character.is_control() && character != '{' && character != '}';
    !name.trim().is_empty() && is_short && name.chars().all(is_plain)
}

impl Reader<'_> {
    pub(super) fn recording(&mut self, at: &At<'_>, defaults: &Defaults) -> Option<Rule> {
        if !self.mapping(at, RECORD_KEYS) {
            return None;
        }
        let metric: Option<String> = self.metric(at);
        let id: Option<RuleId> = metric.as_deref().and_then(|metric| self.recording_id(at, metric));
        let expr: Option<String> = self.expr(at, Mode::Record);
        let labels: Option<Labels> = self.plain_labels(at, &defaults.labels);
        let evaluation_delay_ms: Option<i64> = self.evaluation_delay(at, defaults);
        let limit: Option<Option<u32>> = self.limit(at);
        let tags: Option<Vec<String>> = self.tags(at);
        let owner: Option<Option<String>> = self.owner(at);
        let recording = Recording {
            id: id?,
            metric: metric?,
            expr: expr?,
            labels: labels?,
            evaluation_delay_ms: evaluation_delay_ms?,
            limit: limit?.or(defaults.limit),
            tags: tags?,
            owner: owner?,
        };
        Some(recording.rule())
    }

    fn metric(&mut self, at: &At<'_>) -> Option<String> {
        const EXPECTED: &str = "the name of the metric that is written, at most 200 characters and without braces";
        let record: At<'_> = self.required(at, "record")?;
        let metric: String = self.plain(&record, EXPECTED)?;
        if is_metric(&metric) {
            return Some(metric);
        }
        self.wrong(&record, EXPECTED);
        None
    }

    fn recording_id(&mut self, at: &At<'_>, metric: &str) -> Option<RuleId> {
        if at.child("id").is_some() {
            return self.rule_id(at);
        }
        let record: At<'_> = self.required(at, "record")?;
        let (id, spot): (String, Spot) = (id_of(metric), self.spot(&record));
        if let Some(first) = self.rule_ids.insert(id.clone(), spot) {
            let first: String = self.line_of(&first);
            self.say(&record, format!("expected the key \"id\": {id}, which is made of the name, stands at {first}"));
            return None;
        }
        Some(RuleId(id))
    }

    /// Labels that are taken as they stand, over `outer`.
    pub(super) fn plain_labels(&mut self, at: &At<'_>, outer: &Labels) -> Option<Labels> {
        let Some(found) = at.child("labels") else {
            return Some(outer.clone());
        };
        let Node::Mapping(entries) = found.node else {
            self.wrong(&found, "a mapping of label names to values");
            return None;
        };
        let mut labels: Labels = outer.clone();
        for (name, node) in entries {
            let one = At { node, path: found.with(Step::Key(name.clone())) };
            let value: String = self.plain_label(&one, name)?;
            labels.set(name.clone(), value);
        }
        Some(labels)
    }

    fn plain_label(&mut self, at: &At<'_>, name: &str) -> Option<String> {
        if !is_label_name(name) || name == METRIC_NAME {
            self.say_at_key(at, format!("expected a label's name, found \"{name}\""));
            return None;
        }
        let value: Option<String> = scalar_text(at.node).filter(|text| !text.is_empty() && !text.contains("{{"));
        if value.is_none() {
            self.wrong(at, "a text without placeholders: nothing is filled in here");
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Empty, Group, RuleErrors, RuleFile, printer, read};

    const RULES: &str = "\
groups:
  - name: rates
    interval: 30s
    query_offset: 10s
    limit: 50
    labels: {team: web, tier: \"1\"}
    rules:
      - record: job:http_requests:rate5m
        expr: sum by (job) (rate(http_requests_total[5m]))
        labels: {tier: \"2\"}
        owner: web
        tags: [rates]
      - record: job:http_requests:rate5m
        id: slow-rates
        expr: sum by (job) (rate(slow_requests_total[5m])) > 0
        evaluation_delay: 1m
        limit: 7
      - id: busy
        name: Busy
        summary: busy
        expr: job:http_requests:rate5m
        condition: \">= 80\"
        severity: P2
        labels: {team: ops}
";

    fn groups(text: &str) -> Result<Vec<Group>, RuleErrors> {
        let file = RuleFile { name: "r.yaml".to_owned(), text: text.to_owned() };
        read(&[file], Empty::Refused).map(|checked| checked.groups)
    }

    #[test]
    fn recording_rules_stand_among_the_others_and_have_what_their_group_says() {
        let group = groups(RULES).unwrap().remove(0);
        let [first, second, alert] = group.rules.as_slice() else { panic!("{} rules", group.rules.len()) };
        assert_eq!((first.id.0.as_str(), first.records()), ("job-http-requests-rate5m", Some("job:http_requests:rate5m")));
        assert_eq!(first.labels, Labels::new([("team", "web"), ("tier", "2")]));
        assert_eq!((first.evaluation_delay_ms, first.limit, first.owner.as_deref()), (10_000, Some(50), Some("web")));
        assert_eq!((second.id.0.as_str(), second.evaluation_delay_ms, second.limit), ("slow-rates", 60_000, Some(7)));
        assert_eq!((alert.records(), alert.evaluation_delay_ms), (None, 10_000));
        assert_eq!(alert.labels, Labels::new([("team", "ops"), ("tier", "1")]));
    }

    #[test]
    fn what_is_read_is_written_and_read_back() {
        let first: Vec<Group> = groups(RULES).unwrap();
        let text: String = printer::yaml(&first);
        assert_eq!(groups(&text).unwrap(), first, "{text}");
        assert_eq!(text.matches("id: job-http-requests-rate5m").count(), 0, "the name says it: {text}");
    }

    #[test]
    fn mistakes_are_told_where_they_stand() {
        for (line, instead, expected) in [
            ("        id: slow-rates\n", "", "r.yaml:13:17: expected the key \"id\": job-http-requests-rate5m"),
            ("owner: web", "for: 5m", "r.yaml:11:9: expected one of the keys record, id, expr"),
            (
                "record: job:http_requests:rate5m\n        expr",
                "record: \"up{a}\"\n        expr",
                "r.yaml:8:17: expected the name",
            ),
            ("[5m]))\n        labels", "[5m])\n        labels", "in the PromQL expression"),
            ("{tier: \"2\"}", "{tier: \"{{ job }}\"}", "r.yaml:10:24: expected a text without placeholders"),
            ("{tier: \"2\"}", "{tier: \"\"}", "expected a text without placeholders"),
            ("{tier: \"2\"}", "{__name__: x}", "expected a label's name"),
            ("{team: web, tier: \"1\"}", "{team: \"{{x}}\"}", "r.yaml:6:20: expected a text without placeholders"),
            ("expr: sum by (job) (rate(http_requests_total[5m]))", "expr: up[5m]", "gives an instant vector or a scalar"),
        ] {
            let text: String = RULES.replacen(line, instead, 1);
            assert_ne!(text, RULES, "{line}");
            let said: String = groups(&text).unwrap_err().to_string();
            assert!(said.contains(expected), "{line}: {said}");
        }
    }

    #[test]
    fn ids_are_made_of_the_metrics_name() {
        for (metric, id) in [("job:up:sum", "job-up-sum"), ("A_b", "a-b"), ("稼働", "recording")] {
            assert_eq!(id_of(metric), id);
        }
        assert_eq!(id_of(&"a".repeat(200)).len(), MAX_MADE_ID);
        assert!(is_metric("http.status 5xx") && !is_metric(" ") && !is_metric("a{b}") && !is_metric(&"a".repeat(201)));
    }
}
