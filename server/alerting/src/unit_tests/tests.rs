//! The format, the course of a test, and what is said of what differs: over a world that knows bare names only. PromQL itself is under
//! test where the evaluator is, and the two together in the binary.

use super::*;
use model::labels::Labels;
use promql::ast::ExprKind;
use std::collections::BTreeMap;

/// Evaluates a metric's name, and a number. A sample speaks until the next one.
#[derive(Default)]
struct Plain(BTreeMap<Labels, BTreeMap<i64, f64>>);

#[async_trait]
impl World for Plain {
    async fn ask(&self, expr: &Expr, at: Time) -> Result<Vec<Measured>, QueryError> {
        match &expr.kind {
            ExprKind::NumberLiteral(number) => Ok(vec![Measured { labels: Labels::default(), value: number.value }]),
            ExprKind::VectorSelector(selector) => {
                let name: &str = selector.name.as_deref().unwrap_or_default();
                let newest = |points: &BTreeMap<i64, f64>| points.range(..=at.0).next_back().map(|(_, value)| *value);
                let named = self.0.iter().filter(|(labels, _)| labels.metric() == name);
                let found = named.filter_map(|(labels, points)| Some((labels.clone(), newest(points)?)));
                let alive = found.filter(|(_, value)| !value.is_nan());
                Ok(alive.map(|(labels, value)| Measured { labels, value }).collect())
            }
            _ => Err(QueryError { reason: "too hard".to_owned() }),
        }
    }

    fn put(&mut self, samples: Vec<Sample>) {
        for sample in samples {
            self.0.entry(sample.labels).or_default().insert(sample.at.0, sample.value);
        }
    }
}

/// A series of one host, a value a minute; NaN ends it.
fn world(values: &[f64]) -> Plain {
    let mut plain = Plain::default();
    let labels = Labels::new([("__name__", "load"), ("host", "a")]);
    let samples = values.iter().zip(0_i64..).map(|(value, minute)| Sample {
        labels: labels.clone(),
        at: Time(minute * 60_000),
        value: *value,
    });
    plain.put(samples.collect());
    plain
}

fn file(text: &str) -> RuleFile {
    RuleFile { name: "test.yaml".to_owned(), text: text.to_owned() }
}

const PROMETHEUS: &str = "\
groups:
  - name: g
    rules:
      - record: copied
        expr: load
        labels: {by: rule}
      - alert: Loaded
        expr: copied
        for: 2m
        labels: {severity: page, where: \"{{ $externalLabels.region }}\"}
        annotations: {summary: \"{{ $labels.host }} has {{ $value }} at {{ externalURL }}\"}
";

const HOUSE: &str = "\
groups:
  - name: h
    rules:
      - id: loaded
        name: Loaded
        summary: {ja: \"{{host}} は {{value}}\", en: \"{{host}} has {{value}}\"}
        expr: load
        condition: \">= 80\"
        warning: \">= 50\"
        severity: P1
";

async fn failures(rules: &str, tests: &str, values: &[f64]) -> Vec<String> {
    let (groups, file) = (rules_of(&file(rules)).unwrap(), read(&file(tests)).unwrap());
    run(&file, &file.tests[0], &groups, &mut world(values)).await
}

const TESTS: &str = "\
rule_files: [rules.yaml]
evaluation_interval: 1m
tests:
  - name: t
    interval: 1m
    external_labels: {region: jp}
    external_url: https://m.example
    input_series:
      - {series: 'load{host=\"a\"}', values: '1x9'}
    alert_rule_test:
      - {eval_time: 1m, alertname: Loaded}
      - eval_time: 150s
        alertname: Loaded
        exp_alerts:
          - exp_labels: {host: a, by: rule, severity: page, where: jp}
            exp_annotations: {summary: \"a has 1 at https://m.example\"}
    promql_expr_test:
      - {expr: copied, eval_time: 2m, exp_samples: [{labels: 'copied{by=\"rule\", host=\"a\"}', value: 1}]}
      - {expr: ALERTS, eval_time: 1m, exp_samples: [{labels: 'ALERTS{alertname=\"Loaded\", alertstate=\"pending\", by=\"rule\", host=\"a\", severity=\"page\", where=\"jp\"}', value: 1}]}
      - {expr: 7, eval_time: 0m, exp_samples: [{labels: '{}', value: 7}]}
";

#[tokio::test]
async fn rules_of_prometheus_are_recorded_pend_and_fire() {
    assert_eq!(failures(PROMETHEUS, TESTS, &[1.0; 10]).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_differs_is_said_with_both_sides() {
    for (line, instead, expected) in [
        (
            "severity: page, where: jp}",
            "severity: page}",
            "alertname: Loaded, time: 2m30s, exp:[Labels:{alertname=\"Loaded\",by=\"rule\"",
        ),
        ("a has 1 at", "a has 2 at", "got:[Labels:"),
        (
            "{eval_time: 1m, alertname: Loaded}",
            "{eval_time: 2m, alertname: Loaded}",
            "alertname: Loaded, time: 2m, exp:[], got:[Labels:",
        ),
        ("value: 7", "value: 8", "expr: \"7\", time: 0s, exp: {} 8, got: {} 7"),
        ("{expr: 7,", "{expr: 7 + 7,", "expr: \"7 + 7\", time: 0s, err: too hard"),
    ] {
        let text = TESTS.replace(line, instead);
        assert_ne!(text, TESTS, "{line}");
        let said = failures(PROMETHEUS, &text, &[1.0; 10]).await;
        assert!(said.len() == 1 && said[0].contains(expected), "{line}: {said:?}");
    }
    let broken = failures(&PROMETHEUS.replace("expr: load", "expr: load + load"), TESTS, &[1.0]).await;
    assert_eq!(broken, ["rule: copied, time: 0s, err: too hard"]);
}

#[tokio::test]
async fn a_recorded_series_ends_with_what_it_was_made_of() {
    let text = TESTS.replace(
        "copied, eval_time: 2m, exp_samples: [{labels: 'copied{by=\"rule\", host=\"a\"}', value: 1}]",
        "copied, eval_time: 4m, exp_samples: []",
    );
    let text = text.replace("150s", "130s");
    assert_eq!(failures(PROMETHEUS, &text, &[1.0, 1.0, 1.0, f64::NAN]).await, Vec::<String>::new());
}

#[tokio::test]
async fn rules_of_this_house_are_tested_by_their_id_and_level() {
    let tests = "\
rule_files: [rules.yaml]
tests:
  - input_series: []
    alert_rule_test:
      - {eval_time: 0m, alertname: loaded}
      - eval_time: 1m
        alertname: loaded
        exp_alerts: [{exp_labels: {host: a, severity: P2}}]
      - eval_time: 2m
        alertname: loaded
        exp_alerts: [{exp_labels: {host: a, severity: P1}, exp_annotations: {summary_ja: a は 90}}]
      - eval_time: 3m
        alertname: loaded
        exp_alerts:
";
    assert_eq!(failures(HOUSE, tests, &[10.0, 60.0, 90.0, 10.0]).await, Vec::<String>::new());
    assert_eq!(failures(HOUSE, tests, &[10.0, 90.0, 90.0, 10.0]).await.len(), 1);
}

const HOUSE_RECORDS: &str = "\
groups:
  - name: h
    labels: {by: house}
    rules:
      - record: copied
        id: the-copy
        expr: load
        owner: web
      - {id: loaded, name: Loaded, summary: full, expr: copied, condition: \">= 80\", severity: P2}
";

#[tokio::test]
async fn recording_rules_of_this_house_are_seen_by_the_rules_behind_them() {
    let tests = "\
rule_files: [rules.yaml]
tests:
  - alert_rule_test:
      - {eval_time: 0m, alertname: loaded}
      - {eval_time: 1m, alertname: loaded, exp_alerts: [{exp_labels: {host: a, by: house, severity: P2}}]}
    promql_expr_test:
      - {expr: copied, eval_time: 1m, exp_samples: [{labels: 'copied{by=\"house\", host=\"a\"}', value: 90}]}
";
    assert_eq!(failures(HOUSE_RECORDS, tests, &[10.0, 90.0]).await, Vec::<String>::new());
}

#[test]
fn a_file_of_recording_rules_alone_is_taken_as_either_kind() {
    let recording = "      - record: a:b\n        expr: b\n";
    let house = format!("groups:\n  - name: g\n    rules:\n{recording}        owner: web\n");
    let prometheus = format!("groups:\n  - name: g\n    rules:\n{recording}");
    for text in [&house, &prometheus] {
        let groups: Vec<TestedGroup> = rules_of(&file(text)).unwrap();
        assert!(matches!(groups[0].members.as_slice(), [Tested::Record(rule)] if rule.records() == Some("a:b")), "{text}");
    }
    let broken = rules_of(&file(&prometheus.replace("expr: b", "expr: b["))).unwrap_err();
    assert!(broken.to_string().contains("rule a:b: in the PromQL expression"), "{broken}");
    assert_eq!(likely(HOUSE), Kind::House);
}

#[test]
fn a_file_that_is_wrong_says_where() {
    for (text, expected) in [
        (
            "tests:\n  - alert_rule_test:\n      - {eval_time: 1m}\n",
            "test number 1: an item under alert_rule_test misses required attribute alertname",
        ),
        ("tests:\n  - {interval: soon}\n", "interval: expected a duration"),
        ("tests:\n  - {start_timestamp: soon}\n", "start_timestamp: expected a moment"),
        ("tests:\n  - promql_expr_test:\n      - {expr: a, exp_samples: [{labels: 'a{b=~\"c\"}'}]}\n", "expected labels such as"),
        ("tests:\n  - promql_expr_test:\n      - {expr: a, exp_samples: [{histogram: '{{}}'}]}\n", "native histograms"),
        ("tests:\n  - promql_expr_test:\n      - {expr: a, eval_time: 10y}\n", "at most 1000000 evaluations"),
        ("test: []\n", "unknown field `test`"),
    ] {
        let said = read(&file(text)).unwrap_err().to_string();
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn a_start_is_seconds_or_a_moment() {
    for (text, start) in [("1700000000", 1_700_000_000_000), ("2023-11-14T22:13:20Z", 1_700_000_000_000), ("0.5", 500)] {
        let tests = read(&file(&format!("tests:\n  - start_timestamp: {text}\n"))).unwrap();
        assert_eq!(tests.tests[0].start, Time(start), "{text}");
    }
}
