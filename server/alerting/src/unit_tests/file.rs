//! The file: which rules, which series, what must come of them.

use crate::import::scalar::{Scalar, or_empty};
use crate::rules::{Problem, RuleErrors, RuleFile};
use chrono::DateTime;
use model::Time;
use model::labels::{Labels, METRIC_NAME};
use promql::ast::{Expr, ExprKind, MatchOp};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Between evaluations, and between values, unless the file says otherwise.
const DEFAULT_INTERVAL_MS: i64 = 60_000;
/// Evaluations of one test: far more than a person waits for.
const MOST_EVALUATIONS: i64 = 1_000_000;

/// A file of tests.
#[derive(Clone, Debug, PartialEq)]
pub struct TestFile {
    /// Names of files, relative to this one; `*` stands for any part of a name.
    pub rule_files: Vec<String>,
    pub evaluation_interval_ms: i64,
    /// Whether values that differ in their last bit are equal.
    pub fuzzy: bool,
    /// Groups by name, in the order in which they are evaluated.
    pub order: Vec<String>,
    pub tests: Vec<Test>,
}

/// One test.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// Empty where it has none.
    pub name: String,
    /// Between the values of a series.
    pub interval_ms: i64,
    pub start: Time,
    pub input: Vec<InputSeries>,
    pub alerts: Vec<AlertTest>,
    pub exprs: Vec<ExprTest>,
    pub external_labels: Labels,
    pub external_url: String,
}

/// A series, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputSeries {
    /// `up{job="a"}`
    pub series: String,
    /// `0 1 _ 1x5 0+10x4 stale`
    pub values: String,
}

/// All firing alerts of a name at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertTest {
    /// Since the start of the test.
    pub eval_ms: i64,
    pub name: String,
    pub expected: Vec<ExpectedAlert>,
}

/// One of them; its name is among its labels.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectedAlert {
    pub labels: Labels,
    /// `None` where the file says nothing of them.
    pub annotations: Option<BTreeMap<String, String>>,
}

/// The result of an expression at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct ExprTest {
    pub expr: String,
    pub eval_ms: i64,
    pub expected: Vec<ExpectedSample>,
}

/// One element of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectedSample {
    pub labels: Labels,
    pub value: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default, deserialize_with = "or_empty")]
    rule_files: Vec<String>,
    evaluation_interval: Option<Scalar>,
    #[serde(default, deserialize_with = "or_empty")]
    fuzzy_compare: bool,
    #[serde(default, deserialize_with = "or_empty")]
    group_eval_order: Vec<String>,
    #[serde(default, deserialize_with = "or_empty")]
    tests: Vec<RawTest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTest {
    name: Option<Scalar>,
    interval: Option<Scalar>,
    start_timestamp: Option<Scalar>,
    #[serde(default, deserialize_with = "or_empty")]
    input_series: Vec<RawSeries>,
    #[serde(default, deserialize_with = "or_empty")]
    alert_rule_test: Vec<RawAlertTest>,
    #[serde(default, deserialize_with = "or_empty")]
    promql_expr_test: Vec<RawExprTest>,
    #[serde(default, deserialize_with = "or_empty")]
    external_labels: BTreeMap<String, Scalar>,
    external_url: Option<Scalar>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSeries {
    series: Scalar,
    values: Scalar,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAlertTest {
    eval_time: Option<Scalar>,
    alertname: Option<Scalar>,
    #[serde(default, deserialize_with = "or_empty")]
    exp_alerts: Vec<RawAlert>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAlert {
    #[serde(default, deserialize_with = "or_empty")]
    exp_labels: BTreeMap<String, Scalar>,
    exp_annotations: Option<BTreeMap<String, Scalar>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawExprTest {
    expr: Scalar,
    eval_time: Option<Scalar>,
    #[serde(default, deserialize_with = "or_empty")]
    exp_samples: Vec<RawSample>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSample {
    labels: Option<Scalar>,
    value: Option<Scalar>,
    histogram: Option<Scalar>,
}

/// Reads a file of tests.
///
/// # Errors
/// What is wrong in it.
pub fn read(file: &RuleFile) -> Result<TestFile, RuleErrors> {
    let raw: RawFile = serde_yaml_ng::from_str(&file.text).map_err(|error| {
        let line: usize = error.location().map_or(1, |place| place.line());
        problem(file, line, error.to_string())
    })?;
    tests(raw).map_err(|message| problem(file, 1, message))
}

fn problem(file: &RuleFile, line: usize, message: String) -> RuleErrors {
    RuleErrors(vec![Problem { file: file.name.clone(), line, column: 1, message }])
}

fn tests(raw: RawFile) -> Result<TestFile, String> {
    let evaluation_interval_ms: i64 = interval(raw.evaluation_interval, "evaluation_interval", DEFAULT_INTERVAL_MS)?;
    let mut tests: Vec<Test> = Vec::with_capacity(raw.tests.len());
    for (raw, number) in raw.tests.into_iter().zip(1_usize..) {
        let name: String = raw.name.as_ref().map_or_else(|| format!("number {number}"), |name| name.0.clone());
        let test: Test = test(raw, evaluation_interval_ms).map_err(|reason| format!("test {name}: {reason}"))?;
        if test.lasts_ms() / evaluation_interval_ms > MOST_EVALUATIONS {
            return Err(format!("test {name}: expected at most {MOST_EVALUATIONS} evaluations"));
        }
        tests.push(test);
    }
    Ok(TestFile {
        rule_files: raw.rule_files,
        evaluation_interval_ms,
        fuzzy: raw.fuzzy_compare,
        order: raw.group_eval_order,
        tests,
    })
}

impl Test {
    /// How long after its start the last thing is looked at.
    #[must_use]
    pub fn lasts_ms(&self) -> i64 {
        let alerts = self.alerts.iter().map(|test| test.eval_ms);
        alerts.chain(self.exprs.iter().map(|test| test.eval_ms)).max().unwrap_or(0)
    }
}

fn test(raw: RawTest, evaluation_interval_ms: i64) -> Result<Test, String> {
    let external = raw.external_labels.into_iter().map(|(name, value)| (name, value.0));
    Ok(Test {
        name: raw.name.unwrap_or_default().0,
        interval_ms: interval(raw.interval, "interval", evaluation_interval_ms)?,
        start: raw.start_timestamp.map_or(Ok(Time(0)), |text| moment(&text.0))?,
        input: raw.input_series.into_iter().map(|one| InputSeries { series: one.series.0, values: one.values.0 }).collect(),
        alerts: raw.alert_rule_test.into_iter().map(alert_test).collect::<Result<Vec<AlertTest>, String>>()?,
        exprs: raw.promql_expr_test.into_iter().map(expr_test).collect::<Result<Vec<ExprTest>, String>>()?,
        external_labels: Labels::new(external),
        external_url: raw.external_url.unwrap_or_default().0,
    })
}

fn alert_test(raw: RawAlertTest) -> Result<AlertTest, String> {
    let name: String = raw.alertname.unwrap_or_default().0;
    if name.is_empty() {
        return Err("an item under alert_rule_test misses required attribute alertname".to_owned());
    }
    let expected: Vec<ExpectedAlert> = raw.exp_alerts.into_iter().map(|alert| expected_alert(alert, &name)).collect();
    Ok(AlertTest { eval_ms: duration(raw.eval_time, "eval_time")?, name, expected })
}

fn expected_alert(raw: RawAlert, name: &str) -> ExpectedAlert {
    let mut labels = Labels::new(raw.exp_labels.into_iter().map(|(name, value)| (name, value.0)));
    labels.set("alertname".to_owned(), name.to_owned());
    let annotations = raw.exp_annotations.map(|all| all.into_iter().map(|(name, text)| (name, text.0)).collect());
    ExpectedAlert { labels, annotations }
}

fn expr_test(raw: RawExprTest) -> Result<ExprTest, String> {
    let mut expected: Vec<ExpectedSample> = Vec::with_capacity(raw.exp_samples.len());
    for sample in raw.exp_samples {
        if sample.histogram.is_some() {
            return Err("native histograms are not supported: the key \"histogram\" can't be tested".to_owned());
        }
        let labels: Labels = labels(&sample.labels.unwrap_or_default().0)?;
        expected.push(ExpectedSample { labels, value: number(&sample.value.unwrap_or(Scalar("0".to_owned())).0)? });
    }
    Ok(ExprTest { expr: raw.expr.0, eval_ms: duration(raw.eval_time, "eval_time")?, expected })
}

/// `up{job="a"}` as labels.
fn labels(text: &str) -> Result<Labels, String> {
    let text: &str = text.trim();
    if text.is_empty() || text == "{}" {
        return Ok(Labels::default());
    }
    let wrong = || format!("expected labels such as up{{job=\"a\"}}, found {text}");
    // What has no name is no selector of PromQL where its labels may be empty; a name that is taken away again makes it one.
    let named: String = if text.starts_with('{') { format!("nameless{text}") } else { text.to_owned() };
    let tree: Expr = promql::parse(&named).map_err(|_| wrong())?;
    let ExprKind::VectorSelector(selector) = &tree.kind else {
        return Err(wrong());
    };
    let mut labels: Labels = Labels::default();
    for matcher in selector.all_matchers() {
        if matcher.op != MatchOp::Eq {
            return Err(wrong());
        }
        labels.set(matcher.name, matcher.value);
    }
    if text.starts_with('{') {
        labels.remove(METRIC_NAME);
    }
    Ok(labels)
}

fn number(text: &str) -> Result<f64, String> {
    let (sign, digits): (f64, &str) = match text.trim().strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.trim().trim_start_matches('+')),
    };
    promql::numbers::parse_number(digits).map(|value| sign * value).ok_or_else(|| format!("expected a number, found {text}"))
}

fn interval(text: Option<Scalar>, key: &str, otherwise: i64) -> Result<i64, String> {
    match duration(text, key)? {
        0 => Ok(otherwise),
        ms => Ok(ms),
    }
}

/// 0 where nothing is written.
fn duration(text: Option<Scalar>, key: &str) -> Result<i64, String> {
    let text: String = text.unwrap_or_default().0;
    match text.trim() {
        "" | "0" => Ok(0),
        some => promql::numbers::parse_duration_ms(some)
            .ok()
            .and_then(|ms| i64::try_from(ms).ok())
            .ok_or_else(|| format!("{key}: expected a duration such as 15s, 5m or 1h30m, found \"{some}\"")),
    }
}

/// Seconds since the epoch, or RFC 3339.
fn moment(text: &str) -> Result<Time, String> {
    if let Ok(seconds) = text.trim().parse::<f64>() {
        return Ok(Time((seconds * 1_000.0).round() as i64));
    }
    let at = DateTime::parse_from_rfc3339(text.trim());
    at.map(|at| Time(at.timestamp_millis())).map_err(|_| format!("start_timestamp: expected a moment, found \"{text}\""))
}
