//! What came, against what was expected.

use super::file::{AlertTest, ExpectedAlert, ExpectedSample};
use crate::needs::Measured;
use model::labels::Labels;
use std::collections::BTreeMap;

/// A firing alert.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Got {
    pub(super) labels: Labels,
    pub(super) annotations: BTreeMap<String, String>,
    /// Of a rule of this house, whose texts stand in two languages: there only what a test names is compared.
    pub(super) house: bool,
}

/// Why the alerts of a test are not the expected ones.
pub(super) fn alerts(test: &AlertTest, got: &[Got]) -> Option<String> {
    let mut left: Vec<&Got> = got.iter().collect();
    let mut missing: bool = test.expected.len() != got.len();
    for expected in &test.expected {
        match left.iter().position(|got| is_same(expected, got)) {
            Some(at) => {
                left.swap_remove(at);
            }
            None => missing = true,
        }
    }
    if !missing {
        return None;
    }
    let expected: Vec<String> = test.expected.iter().map(|alert| shown(&alert.labels, alert.annotations.as_ref())).collect();
    let got: Vec<String> = got.iter().map(|alert| shown(&alert.labels, Some(&alert.annotations))).collect();
    Some(format!("exp:[{}], got:[{}]", listed(expected), listed(got)))
}

fn is_same(expected: &ExpectedAlert, got: &Got) -> bool {
    if expected.labels != got.labels {
        return false;
    }
    let none: BTreeMap<String, String> = BTreeMap::new();
    match (&expected.annotations, got.house) {
        (None, true) => true,
        (Some(annotations), true) => annotations.iter().all(|(name, text)| got.annotations.get(name) == Some(text)),
        (annotations, false) => *annotations.as_ref().unwrap_or(&none) == got.annotations,
    }
}

fn shown(labels: &Labels, annotations: Option<&BTreeMap<String, String>>) -> String {
    match annotations {
        Some(annotations) if !annotations.is_empty() => format!("Labels:{labels} Annotations:{annotations:?}"),
        _ => format!("Labels:{labels}"),
    }
}

fn listed(mut lines: Vec<String>) -> String {
    lines.sort();
    lines.join("; ")
}

/// Why the result of an expression is not the expected one.
pub(super) fn samples(expected: &[ExpectedSample], got: &[Measured], fuzzy: bool) -> Option<String> {
    let mut left: Vec<&Measured> = got.iter().collect();
    let mut differs: bool = expected.len() != got.len();
    for sample in expected {
        let same = |one: &&Measured| one.labels == sample.labels && is_near(one.value, sample.value, fuzzy);
        match left.iter().position(same) {
            Some(at) => {
                left.swap_remove(at);
            }
            None => differs = true,
        }
    }
    if !differs {
        return None;
    }
    let expected = expected.iter().map(|sample| format!("{} {}", sample.labels, sample.value)).collect();
    let got = got.iter().map(|sample| format!("{} {}", sample.labels, sample.value)).collect();
    Some(format!("exp: {}, got: {}", listed(expected), listed(got)))
}

/// Equal, or beside each other when that counts as equal.
fn is_near(a: f64, b: f64, fuzzy: bool) -> bool {
    let same: bool = a == b || (a.is_nan() && b.is_nan());
    same || (fuzzy && (a.next_up() == b || a.next_down() == b))
}
