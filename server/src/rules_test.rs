//! `mimamori rules test`: Prometheus' unit tests of rules, over our own PromQL. Needs no database and no server.

use alerting::needs::{Measured, QueryError, Sample};
use alerting::unit_tests::{self, Test, TestFile, TestedGroup, World};
use alerting::{RuleErrors, RuleFile};
use async_trait::async_trait;
use metrics::eval::conformance::Sheet;
use metrics::eval::{Answer, Engine, Value};
use model::Time;
use model::labels::Labels;
use promql::ast::Expr;
use std::path::{Path, PathBuf};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What came of the tests of one file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub passed: usize,
    /// One line each; a test that failed may have several.
    pub failures: Vec<String>,
}

/// Runs the tests of each file and prints what came of them, as promtool does.
///
/// # Errors
/// When any test failed, or a file can't be read.
pub async fn run(files: &[PathBuf]) -> Result<(), Failure> {
    let mut n_failed: usize = 0;
    for path in files {
        println!("Unit Testing:  {}", path.display());
        let outcome: Outcome = file(path).await.unwrap_or_else(|error| Outcome { passed: 0, failures: vec![error.to_string()] });
        if outcome.failures.is_empty() {
            println!("  SUCCESS");
            continue;
        }
        n_failed += 1;
        println!("  FAILED:");
        for failure in &outcome.failures {
            println!("    {}", failure.replace('\n', "\n    "));
        }
    }
    if n_failed == 0 { Ok(()) } else { Err(format!("the tests of {n_failed} files failed").into()) }
}

/// Every test of a file.
///
/// # Errors
/// When it, or a file of rules it names, can't be read.
pub async fn file(path: &Path) -> Result<Outcome, Failure> {
    let tests: TestFile = unit_tests::read(&read(path)?)?;
    let groups: Vec<TestedGroup> = groups(path, &tests)?;
    let mut outcome = Outcome::default();
    for test in &tests.tests {
        let failures: Vec<String> = one(&tests, test, &groups).await;
        if failures.is_empty() {
            outcome.passed += 1;
        }
        outcome.failures.extend(failures.into_iter().map(|failure| named(test, &failure)));
    }
    Ok(outcome)
}

fn named(test: &Test, failure: &str) -> String {
    if test.name.is_empty() { failure.to_owned() } else { format!("name: {}, {failure}", test.name) }
}

async fn one(tests: &TestFile, test: &Test, groups: &[TestedGroup]) -> Vec<String> {
    let mut sheet = Sheet::default();
    for series in &test.input {
        if let Err(reason) = sheet.load(&series.series, &series.values, test.start, test.interval_ms) {
            return vec![format!("input_series: {reason}")];
        }
    }
    let mut world = Computed { sheet, engine: Engine::default() };
    unit_tests::run(tests, test, groups, &mut world).await
}

fn read(path: &Path) -> Result<RuleFile, Failure> {
    let text: String = std::fs::read_to_string(path).map_err(|error| format!("can't read {}: {error}", path.display()))?;
    Ok(RuleFile { name: path.display().to_string(), text })
}

/// The rules under test, in the order of the files.
fn groups(tests: &Path, file: &TestFile) -> Result<Vec<TestedGroup>, Failure> {
    let dir: &Path = tests.parent().unwrap_or_else(|| Path::new(""));
    let mut groups: Vec<TestedGroup> = Vec::new();
    for pattern in &file.rule_files {
        let found: Vec<PathBuf> = matching(&dir.join(pattern))?;
        if found.is_empty() {
            return Err(format!("no file of rules is named {pattern}").into());
        }
        for path in found {
            let read: Result<Vec<TestedGroup>, RuleErrors> = unit_tests::rules_of(&read(&path)?);
            groups.extend(read?);
        }
    }
    Ok(groups)
}

/// A file, or those whose name fits a pattern with `*` in it.
fn matching(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let name: String = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if !name.contains('*') {
        return Ok(if path.exists() { vec![path.to_path_buf()] } else { Vec::new() });
    }
    let dir: &Path = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let entries = std::fs::read_dir(dir).map_err(|error| format!("can't read {}: {error}", dir.display()))?;
    let mut found: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    found.retain(|path| path.file_name().is_some_and(|found| fits(&name, &found.to_string_lossy())));
    found.sort();
    Ok(found)
}

/// Whether a name fits a pattern in which `*` stands for any part.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, after)) => {
            let Some(rest) = name.strip_prefix(before) else {
                return false;
            };
            rest.char_indices().map(|(at, _)| at).chain([rest.len()]).any(|at| fits(after, &rest[at..]))
        }
    }
}

/// Our PromQL over series in memory.
struct Computed {
    sheet: Sheet,
    engine: Engine,
}

#[async_trait]
impl World for Computed {
    async fn ask(&self, expr: &Expr, at: Time) -> Result<Vec<Measured>, QueryError> {
        let answer: Answer =
            self.engine.instant(&self.sheet, expr, at).await.map_err(|error| QueryError { reason: error.to_string() })?;
        match answer.value {
            Value::Vector(samples) => {
                Ok(samples.into_iter().map(|sample| Measured { labels: sample.labels, value: sample.value }).collect())
            }
            Value::Scalar(value) => Ok(vec![Measured { labels: Labels::default(), value }]),
            Value::Matrix(_) | Value::String(_) => {
                Err(QueryError { reason: "an expression under test must give a vector or a number".to_owned() })
            }
        }
    }

    fn put(&mut self, samples: Vec<Sample>) {
        for sample in samples {
            self.sheet.put(sample.labels, sample.at, sample.value);
        }
    }
}

#[cfg(test)]
mod tests;
