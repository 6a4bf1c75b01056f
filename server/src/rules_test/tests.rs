//! promtool's verdicts on rules of Prometheus and of this house, files and all.

use super::{Outcome, file, fits};
use std::path::Path;
use tempfile::TempDir;

/// The rules that promtool's own tests of this format are about, in short: one that waits, one that always fires, and recorded ones.
const RULES: &str = "\
groups:
  - name: example
    rules:
      - alert: InstanceDown
        expr: up == 0
        for: 5m
        labels: {severity: page}
        annotations:
          summary: \"Instance {{ $labels.instance }} down\"
          description: \"{{ $labels.instance }} of job {{ $labels.job }} has been down for more than 5 minutes.\"
      - alert: AlwaysFiring
        expr: 1
  - name: records
    rules:
      - record: job:test:count_over_time1m
        expr: sum without (instance) (count_over_time(test[1m]))
      - record: fixed_data
        expr: 1
";

const TESTS: &str = "\
rule_files: [rules*.yml]
evaluation_interval: 1m
tests:
  - name: down
    interval: 1m
    input_series:
      - series: 'up{job=\"prometheus\", instance=\"localhost:9090\"}'
        values: '0+0x1440'
    promql_expr_test:
      - expr: count(ALERTS) by (alertname, alertstate)
        eval_time: 4m
        exp_samples:
          - {labels: '{alertname=\"AlwaysFiring\", alertstate=\"firing\"}', value: 1}
          - {labels: '{alertname=\"InstanceDown\", alertstate=\"pending\"}', value: 1}
      - expr: ALERTS_FOR_STATE{alertname=\"InstanceDown\"}
        eval_time: 10m
        exp_samples:
          - {labels: 'ALERTS_FOR_STATE{alertname=\"InstanceDown\", instance=\"localhost:9090\", job=\"prometheus\", severity=\"page\"}', value: 0}
    alert_rule_test:
      - {eval_time: 4m59s, alertname: InstanceDown}
      - eval_time: 1d
        alertname: AlwaysFiring
        exp_alerts: [{}]
      - eval_time: 5m
        alertname: InstanceDown
        exp_alerts:
          - exp_labels: {severity: page, instance: 'localhost:9090', job: prometheus}
            exp_annotations:
              summary: Instance localhost:9090 down
              description: 'localhost:9090 of job prometheus has been down for more than 5 minutes.'
  - name: recorded
    interval: 20s
    start_timestamp: 1700000000
    input_series:
      - {series: 'test{job=\"test\", instance=\"x\"}', values: '1x9'}
      - {series: 'test{job=\"test\", instance=\"y\"}', values: '1x2 stale'}
    promql_expr_test:
      - expr: job:test:count_over_time1m
        eval_time: 1m
        exp_samples: [{labels: 'job:test:count_over_time1m{job=\"test\"}', value: 5}]
      - expr: timestamp(job:test:count_over_time1m)
        eval_time: 2m10s
        exp_samples: [{labels: '{job=\"test\"}', value: 1700000120}]
      - {expr: fixed_data, eval_time: 1m, exp_samples: [{labels: fixed_data, value: 1}]}
";

fn written(files: &[(&str, &str)]) -> TempDir {
    let dir = TempDir::new().unwrap();
    for (name, text) in files {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

async fn outcome(rules: &str, tests: &str) -> Outcome {
    let dir = written(&[("rules.yml", rules), ("tests.yml", tests)]);
    file(&dir.path().join("tests.yml")).await.unwrap()
}

#[tokio::test]
async fn what_promtool_passes_passes() {
    assert_eq!(outcome(RULES, TESTS).await, Outcome { passed: 2, failures: vec![] });
}

#[tokio::test]
async fn what_promtool_fails_fails() {
    for (line, instead, expected) in [
        ("exp_alerts: [{}]", "exp_alerts: []", "name: down, alertname: AlwaysFiring, time: 1d"),
        ("value: 5}", "value: 6}", "name: recorded, expr: \"job:test:count_over_time1m\", time: 1m"),
        ("{eval_time: 4m59s,", "{eval_time: 5m59s,", "name: down, alertname: InstanceDown, time: 5m59s"),
        ("values: '1x9'", "values: '1xx9'", "name: recorded, input_series: sample 1xx9"),
    ] {
        let tests = TESTS.replace(line, instead);
        assert_ne!(tests, TESTS, "{line}");
        let outcome = outcome(RULES, &tests).await;
        assert_eq!((outcome.passed, outcome.failures.len()), (1, 1), "{:?}", outcome.failures);
        assert!(outcome.failures[0].starts_with(expected), "{}", outcome.failures[0]);
    }
}

#[tokio::test]
async fn rules_of_this_house_are_tested_in_the_same_format() {
    let rules = include_str!("../../alerting/rules/infrastructure.yaml");
    let tests = "\
rule_files: [rules.yml]
evaluation_interval: 15s
tests:
  - interval: 15s
    input_series:
      - {series: 'node_memory_MemAvailable_bytes{host=\"a\"}', values: '16x20 15x30 16x9'}
      - {series: 'node_memory_MemTotal_bytes{host=\"a\"}', values: '100x60'}
    alert_rule_test:
      - {eval_time: 10m, alertname: memory-usage}
      - eval_time: 10m15s
        alertname: memory-usage
        exp_alerts:
          - exp_labels: {host: a, severity: P3}
            exp_annotations: {summary: Memory usage of a is at or above 85%}
      - {eval_time: 13m15s, alertname: memory-usage}
";
    assert_eq!(outcome(rules, tests).await, Outcome { passed: 1, failures: vec![] });
}

#[tokio::test]
async fn a_file_of_rules_that_is_not_there_is_an_error() {
    let dir = written(&[("tests.yml", "rule_files: [absent.yml]\ntests: []\n")]);
    let said = file(&dir.path().join("tests.yml")).await.unwrap_err().to_string();
    assert_eq!(said, "no file of rules is named absent.yml");
    assert!(file(Path::new("/absent/tests.yml")).await.is_err());
}

#[test]
fn a_star_stands_for_any_part_of_a_name() {
    for (pattern, name, expected) in [
        ("rules.yml", "rules.yml", true),
        ("*.yml", "rules.yml", true),
        ("r*s*.yml", "rules.yml", true),
        ("*.yml", "rules.yaml", false),
        ("rules*.yml", "rule.yml", false),
        ("*", "規則.yml", true),
    ] {
        assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
    }
}
