//! Files of others, and what becomes of them.

use super::*;
use crate::rules::Empty;
use crate::rules::absence::{Absence, NoData};
use crate::rules::check;
use crate::state::Level;
use crate::verdict::tests::rule;
use figures::Unit;
use model::Severity;
use model::labels::Labels;

fn file(text: &str) -> RuleFile {
    RuleFile { name: "their.yaml".to_owned(), text: text.to_owned() }
}

/// The monitor of the first requirement document.
const MONITOR: &str = r#"{
  "name": "API応答時間が遅い",
  "type": "metric alert",
  "query": "avg(last_5m):avg:api.response_time{env:production} > 500",
  "message": "\n@slack-alerts\nAPIの応答時間が500msを超えています。\n現在の応答時間: {{value}}ms\n調査してください。\n",
  "tags": ["env:production", "team:backend"],
  "priority": 2,
  "options": {"thresholds": {"critical": 500, "warning": 300}, "notify_no_data": true, "no_data_timeframe": 10}
}"#;

fn only(text: &str) -> (Rule, Vec<String>) {
    let mut imported: Imported = read(&file(text)).unwrap();
    (imported.groups.remove(0).rules.remove(0), imported.unmapped)
}

#[test]
fn the_documents_monitor_becomes_a_rule() {
    let (rule, unmapped) = only(MONITOR);
    assert_eq!(rule.id.0, "api-response-time");
    assert_eq!(rule.expr, "avg_over_time(avg (api_response_time{env=\"production\"})[5m:15s])");
    assert_eq!(rule.condition.to_string(), "> 500");
    let warning = rule.warning.clone().unwrap();
    assert_eq!((warning.condition.to_string().as_str(), warning.severity), ("> 300", Severity::P3));
    assert_eq!((rule.severity, rule.priority, rule.unit), (Severity::P2, Some(2), Unit::Milliseconds));
    assert_eq!((rule.absence.policy, rule.absence.timeframe_ms), (NoData::Notify, 600_000));
    assert_eq!(rule.labels, Labels::new([("env", "production"), ("team", "backend")]));
    assert_eq!(rule.owner.as_deref(), Some("backend"));
    assert_eq!(rule.summary.ja, "APIの応答時間が500msを超えています。");
    assert!(rule.annotations["message"].ja.contains("現在の応答時間: {{value}}\n"));
    assert_eq!(unmapped, ["API応答時間が遅い: @slack-alerts are channels: name them in routes"]);
}

#[test]
fn options_have_their_own_units() {
    let options = "\"options\": {\"new_group_delay\": 60, \"evaluation_delay\": 900, \"renotify_interval\": 30, \"timeout_h\": 4, \
                   \"renotify_statuses\": [\"warn\"], \"escalation_message\": \"still @pagerduty-x\", \"locked\": true, \"silenced\": {},";
    let (rule, unmapped) = only(&MONITOR.replace("\"options\": {", options));
    assert_eq!((rule.new_group_delay_ms, rule.evaluation_delay_ms), (60_000, 900_000));
    let renotify = rule.renotify.unwrap();
    assert_eq!((renotify.interval_ms, renotify.on, renotify.message.en.as_str()), (1_800_000, vec![Level::Warning], "still"));
    assert_eq!(rule.absence.resolve_after_ms, 14_400_000);
    assert!(unmapped.iter().any(|note| note.contains("options.locked = true was dropped")), "{unmapped:?}");
    assert!(!unmapped.iter().any(|note| note.contains("silenced")), "{unmapped:?}");
}

#[test]
fn queries_become_promql_or_are_refused_by_name() {
    let table = [
        ("max(last_2m):avg:cpu{*} by {host} >= 1", "max_over_time(avg by (host) (cpu)[2m:15s])"),
        ("min(last_1d):sum:a.b{!env:dev,host:db*} < 3", "min_over_time(sum (a_b{env!=\"dev\", host=~\"db.*\"})[1d:1m])"),
    ];
    for (query, expr) in table {
        let text = MONITOR.replace("avg(last_5m):avg:api.response_time{env:production} > 500", query);
        let text = text.replace("{\"critical\": 500, \"warning\": 300}", "{}");
        assert_eq!(only(&text).0.expr, expr, "{query}");
    }
    for (query, named) in [
        ("avg(last_5m):anomalies(avg:cpu{*}, 'basic', 2) >= 1", "anomalies"),
        ("pct_change(avg(last_5m),last_1h):avg:cpu{*} > 1", "pct_change"),
        ("avg(last_5m):p95:cpu{*} > 1", "p95"),
        ("avg(last_5m):avg:cpu{*}.rollup(max) > 1", "rollup"),
        ("avg(last_5m):avg:cpu{env:a AND host:b} > 1", "AND"),
        ("avg(last_5m):avg:api.response_time{env:production} > 400", "thresholds.critical is 500"),
    ] {
        let text = MONITOR.replace("avg(last_5m):avg:api.response_time{env:production} > 500", query);
        let imported = read(&file(&text)).unwrap();
        assert!(imported.groups.is_empty(), "{query}");
        assert!(imported.unmapped.iter().any(|note| note.contains(named)), "{query}: {:?}", imported.unmapped);
    }
}

const RULES: &str = "\
groups:
  - name: node
    interval: 30s
    query_offset: 1m
    limit: 7
    labels: {team: infra}
    rules:
      - alert: HostOutOfMemory
        expr: node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes * 100 < 10
        for: 2m
        keep_firing_for: 5m
        labels: {severity: critical}
        annotations:
          summary: \"Host out of memory ({{ $labels.instance }})\"
          description: \"{{ $value | humanize }} left\"
          runbook_url: https://runbooks.example/memory
      - record: job:up:sum
        expr: sum by (job) (up)
      - alert: AlwaysFiring
        expr: 1
";

#[test]
fn prometheus_rules_keep_their_meaning() {
    let imported = read(&file(RULES)).unwrap();
    let group = &imported.groups[0];
    assert_eq!((group.name.as_str(), group.interval_ms, group.rules.len()), ("node", 30_000, 3));
    let rule = &group.rules[0];
    assert_eq!((rule.id.0.as_str(), rule.mode, rule.severity), ("host-out-of-memory", Mode::Match, Severity::P0));
    assert_eq!((rule.for_ms, rule.keep_firing_for_ms, rule.evaluation_delay_ms, rule.limit), (120_000, 300_000, 60_000, Some(7)));
    assert_eq!(rule.labels, Labels::new([("severity", "critical"), ("team", "infra")]));
    assert_eq!(rule.summary.en, "Host out of memory ({{ $labels.instance }})");
    assert_eq!(rule.runbook_url.as_deref(), Some("https://runbooks.example/memory"));
    let recording = &group.rules[1];
    assert_eq!((recording.id.0.as_str(), recording.records()), ("job-up-sum", Some("job:up:sum")));
    assert_eq!((recording.evaluation_delay_ms, recording.limit), (60_000, Some(7)));
    assert_eq!(recording.labels, Labels::new([("team", "infra")]));
    assert_eq!(group.rules[2].expr, "1");
    assert_eq!(imported.unmapped, Vec::<String>::new());
    assert_eq!(imported.offers.len(), 1);
    assert!(imported.offers[0].contains("condition: \"< 10\""), "{}", imported.offers[0]);
}

#[test]
fn what_is_imported_can_be_applied_and_is_the_same() {
    for text in [RULES, MONITOR] {
        let imported = read(&file(text)).unwrap();
        let written = RuleFile { name: "their.yaml".to_owned(), text: imported.yaml() };
        let applied = crate::rules::read(&[written], Empty::Refused);
        assert_eq!(applied.map(|checked| checked.groups), Ok(imported.groups), "{text}");
    }
}

#[test]
fn every_setting_survives_being_written() {
    let text = include_str!("../../rules/infrastructure.yaml");
    let mut groups = check(&[file(text)]).unwrap();
    let absence =
        Absence { policy: NoData::Notify, timeframe_ms: 60_000, resolve_after_ms: 120_000, severity: Some(Severity::P3) };
    groups[0].rules[0].absence = absence;
    groups[0].rules[1].recovery = Some(80.5);
    let written = RuleFile { name: "their.yaml".to_owned(), text: crate::rules::printer::yaml(&groups) };
    assert_eq!(check(&[written]).unwrap(), groups);
}

#[test]
fn mistakes_are_told_with_their_line() {
    for (line, instead, expected) in [
        ("expr: 1", "expr: sum(", "their.yaml:19:1: rule AlwaysFiring: in the PromQL expression:"),
        ("for: 2m", "for: soon", "their.yaml:8:1: HostOutOfMemory: for: expected a duration"),
        (
            "{{ $value | humanize }}",
            "{{ query \\\"up\\\" }}",
            "description: the template function or keyword \"query\" is not known here",
        ),
        ("severity: critical", "severity: \"{{ $value }}\"", "the label severity carries the value"),
        ("for: 2m", "fro: 2m", "unknown field `fro`"),
        ("expr: sum by (job) (up)", "expr: sum by (job) (up", "their.yaml:17:1: rule job:up:sum: in the PromQL expression:"),
        ("expr: sum by (job) (up)", "expr: up\n        for: 5m", "rule job:up:sum: expected no for in a recording rule"),
        ("record: job:up:sum", "record: \"up{a}\"", "expected the name of a metric"),
        ("{team: infra}", "{team: \"\"}", "the label team is empty: to take it off, write `without (team)`"),
    ] {
        let text = RULES.replace(line, instead);
        assert_ne!(text, RULES);
        let said = read(&file(&text)).unwrap_err().to_string();
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn ids_are_made_of_names_and_differ() {
    let mut taken = std::collections::HashSet::new();
    for (name, id) in [
        ("HostOutOfMemory", "host-out-of-memory"),
        ("HTTP 5xx — too many", "http-5xx-too-many"),
        ("Http5xx", "http5xx"),
        ("障害", "rule"),
        ("障害2", "2"),
        ("hostOutOfMemory", "host-out-of-memory-2"),
    ] {
        assert_eq!(untaken(id_of(name), &mut taken), id, "{name}");
    }
}

#[test]
fn only_a_comparison_with_a_number_is_offered_as_a_condition() {
    let offered = |expr: &str| lifted(&Rule { expr: expr.to_owned(), mode: Mode::Match, ..rule(&[]) });
    assert_eq!(offered("(rate(a[5m]) > 0.5)"), Some(("rate(a[5m])".to_owned(), "> 0.5".to_owned())));
    for expr in ["up == 0", "a > b", "a > bool 1", "1 > 0", "absent(up)"] {
        assert_eq!(offered(expr), None, "{expr}");
    }
}
