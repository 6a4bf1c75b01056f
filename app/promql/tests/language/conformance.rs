//! Every expression of Prometheus' own conformance files reads, and reads back.

use std::fs;
use std::path::Path;

use crate::bare::{Parens, bare};

/// The files live where the evaluator's tests run them.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../server/metrics/promqltest");

#[test]
fn every_expression_that_should_succeed_parses_and_prints() {
    let cases: Vec<String> = all_expressions();
    let seen: usize = cases.len();
    let wrong: Vec<String> = cases.iter().filter_map(|case| complaint(case)).collect();
    assert!(seen > 700, "only {seen} expressions found");
    assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong.join("\n"));
}

/// The expressions of all files.
pub(crate) fn all_expressions() -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for entry in fs::read_dir(FOLDER).expect("the conformance files are part of the checkout") {
        let path = entry.expect("the folder can be listed").path();
        if path.extension().is_some_and(|extension| extension == "test") {
            found.extend(expressions(&path));
        }
    }
    found
}

fn complaint(input: &str) -> Option<String> {
    let expr = match promql::parse(input) {
        Ok(expr) => expr,
        Err(errors) => return Some(format!("{input}: {}", errors[0].describe(input))),
    };
    let printed: String = expr.to_string();
    let again = promql::parse(&printed).ok();
    let same: bool = again.is_some_and(|again| bare(&again, Parens::Kept) == bare(&expr, Parens::Kept));
    (!same).then(|| format!("{input}: printed as {printed}"))
}

/// The expressions of the cases that are not expected to fail.
fn expressions(path: &Path) -> Vec<String> {
    let text: String = fs::read_to_string(path).expect("the file is UTF-8");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut found: Vec<String> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if !line.starts_with("eval") || line.starts_with("eval_fail") {
            continue;
        }
        let fails: bool = lines[index + 1..]
            .iter()
            .take_while(|next| !next.is_empty() && !next.starts_with("eval"))
            .any(|next| next.starts_with("expect fail"));
        if !fails {
            found.push(expression(line).to_owned());
        }
    }
    found
}

/// What follows `eval instant at T` or `eval range from A to B step C`.
fn expression(line: &str) -> &str {
    let words: usize = if line.contains(" instant at ") { 4 } else { 8 };
    let mut rest: &str = line;
    for _ in 0..words {
        rest = rest.trim_start();
        let end: usize = rest.find(char::is_whitespace).unwrap_or(rest.len());
        rest = &rest[end..];
    }
    rest.trim_start()
}
