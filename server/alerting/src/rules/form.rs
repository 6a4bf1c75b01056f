//! A rule as a form has it: every key as a text, and what is wrong said at its field.
//!
//! A form is written down as a file of one rule, one key a line, and that is read and checked like any other file. So nothing can be
//! saved here that `apply` would refuse, and a mistake's line is its field.

mod fill;
#[cfg(test)]
mod tests;
mod written;

use super::{Checked, Empty, Problem, Rule, RuleFile, Text};
use crate::rules;
use std::collections::BTreeMap;

pub use fill::filled;

/// Field to text: `name.ja`, `condition.sign`, `label.0.name`. What is not there is empty.
pub type Form = BTreeMap<String, String>;

/// All texts of one form together: many times what a runbook needs.
pub const MAX_BYTES: usize = 256 * 1_024;
/// Rows of labels, and of annotations.
pub const MAX_ROWS: usize = 64;
/// The annotation that leads to a dashboard.
pub const DASHBOARD: &str = "dashboard_url";

/// A rule that was checked, and where it is to stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub rule: Rule,
    pub group: String,
    /// Of the group, where there is none of that name yet.
    pub interval_ms: i64,
}

/// Something wrong in a form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct Wrong {
    /// The field, as in [`Form`].
    pub field: String,
    /// What was expected and what was found.
    pub message: String,
}

impl Wrong {
    /// At a field.
    #[must_use]
    pub fn at(field: &str, message: impl Into<String>) -> Self {
        Self { field: field.to_owned(), message: message.into() }
    }
}

/// What a form says.
///
/// # Errors
/// Everything wrong in it, in the order of the fields. Never empty.
pub fn read(form: &Form) -> Result<Draft, Vec<Wrong>> {
    let n_bytes: usize = form.iter().map(|(field, text)| field.len() + text.len()).sum();
    if n_bytes > MAX_BYTES {
        return Err(vec![Wrong::at("expr", format!("a form may have {MAX_BYTES} bytes, this one has {n_bytes}"))]);
    }
    let written: written::Written = written::of(form);
    let file = RuleFile { name: "form".to_owned(), text: written.text.clone() };
    let mut wrong: Vec<Wrong> = beside(form);
    match rules::read(&[file], Empty::Refused) {
        Err(errors) => wrong.extend(errors.0.iter().map(|problem| written.said(problem))),
        Ok(checked) if wrong.is_empty() => return draft(checked).ok_or_else(|| vec![Wrong::at("id", "expected one rule")]),
        Ok(_) => {}
    }
    Err(wrong)
}

/// What is most likely not meant, of a form in which nothing is wrong.
#[must_use]
pub fn warnings(form: &Form) -> Vec<Wrong> {
    let written: written::Written = written::of(form);
    let file = RuleFile { name: "form".to_owned(), text: written.text.clone() };
    let warnings: Vec<Problem> = rules::read(&[file], Empty::Refused).map(|checked| checked.warnings).unwrap_or_default();
    warnings.iter().map(|problem| written.said(problem)).collect()
}

/// What only a form can have wrong.
fn beside(form: &Form) -> Vec<Wrong> {
    let dashboard: &str = form.get("dashboard").map_or("", |text| text.trim());
    let is_address = |text: &str| ["https://", "http://", "/"].into_iter().any(|begins| text.starts_with(begins));
    if dashboard.is_empty() || is_address(dashboard) {
        return Vec::new();
    }
    vec![Wrong::at("dashboard", "expected an address that begins with https://, http:// or /")]
}

fn draft(checked: Checked) -> Option<Draft> {
    let group = checked.groups.into_iter().next()?;
    let rule: Rule = group.rules.into_iter().next()?;
    Some(Draft { rule, group: group.name, interval_ms: group.interval_ms })
}

/// The dashboard of a rule, if it names one: the same address in both languages.
#[must_use]
pub fn dashboard(rule: &Rule) -> Option<&str> {
    let found: &Text = rule.annotations.get(DASHBOARD)?;
    (found.ja == found.en).then_some(found.en.as_str())
}

/// An id made of a name: lower-case letters, digits and hyphens; empty when the name has none.
#[must_use]
pub fn id_of(name: &str) -> String {
    let mut id: String = String::new();
    for character in name.chars().take(super::parse::MAX_ID) {
        if character.is_ascii_alphanumeric() {
            id.push(character.to_ascii_lowercase());
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    id.trim_end_matches('-').to_owned()
}
