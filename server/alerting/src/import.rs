//! Rules that were written for something else: Prometheus' rule files and Datadog's monitors, as rules of this house.
//!
//! What can't be mapped is listed, never guessed. The result is a file in the house's own format, to be read, kept and applied.

pub mod datadog;
pub mod prometheus;
pub(crate) mod scalar;
#[cfg(test)]
mod tests;

use crate::rules::printer;
use crate::rules::{Group, Mode, Problem, Rule, RuleErrors, RuleFile};
use promql::ast::{Expr, ExprKind};

/// A file larger than this is no file of rules.
pub const MAX_BYTES: usize = 4 * 1_024 * 1_024;

/// What became of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    pub groups: Vec<Group>,
    /// What was left out or has another meaning here, a sentence each, with where it stood.
    pub unmapped: Vec<String>,
    /// What could be said better in the house's own terms, a sentence each.
    pub offers: Vec<String>,
}

impl Imported {
    /// The rules as a file that can be applied.
    #[must_use]
    pub fn yaml(&self) -> String {
        printer::yaml(&self.groups)
    }
}

/// Reads a file: JSON is Datadog's, YAML is Prometheus'.
///
/// # Errors
/// What is wrong in it and where, as far as that is known.
pub fn read(file: &RuleFile) -> Result<Imported, RuleErrors> {
    if file.text.len() > MAX_BYTES {
        return Err(wrong(file, 1, format!("expected at most {MAX_BYTES} bytes, found {}", file.text.len())));
    }
    let imported: Imported =
        if file.text.trim_start().starts_with(['{', '[']) { datadog::read(file)? } else { prometheus::import(file)? };
    Ok(Imported { offers: offers(&imported.groups), ..imported })
}

fn wrong(file: &RuleFile, line: usize, message: String) -> RuleErrors {
    RuleErrors(vec![Problem { file: file.name.clone(), line, column: 1, message }])
}

/// An id of this house for a name of another: `HostOutOfMemory` is `host-out-of-memory`.
fn id_of(name: &str) -> String {
    let mut id: String = String::new();
    let mut before: char = '-';
    for character in name.chars() {
        let is_new_word: bool = character.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit());
        if !character.is_ascii_alphanumeric() || is_new_word {
            push_hyphen(&mut id);
        }
        if character.is_ascii_alphanumeric() {
            id.push(character.to_ascii_lowercase());
        }
        before = character;
    }
    let id: String = id.trim_end_matches('-').chars().take(48).collect();
    if id.is_empty() { "rule".to_owned() } else { id }
}

fn push_hyphen(id: &mut String) {
    if !id.is_empty() && !id.ends_with('-') {
        id.push('-');
    }
}

/// The first of `id`, `id-2`, `id-3` … that is not taken; takes it.
fn untaken(id: String, taken: &mut std::collections::HashSet<String>) -> String {
    let mut free: String = id.clone();
    let mut n: usize = 2;
    while !taken.insert(free.clone()) {
        free = format!("{id}-{n}");
        n += 1;
    }
    free
}

fn offers(groups: &[Group]) -> Vec<String> {
    groups.iter().flat_map(|group| &group.rules).filter_map(offer).collect()
}

/// A comparison with a number at the root could be a condition: then graphs draw the threshold, and missing data are not taken for an end.
fn offer(rule: &Rule) -> Option<String> {
    let (expr, condition): (String, String) = lifted(rule)?;
    Some(format!(
        "{}: `expr: {}` could be `expr: {expr}` with `condition: \"{condition}\"` and without `mode: match`; then a missing value is missing \
         data, and not the end of the alert",
        rule.id,
        rule.expr.trim()
    ))
}

fn lifted(rule: &Rule) -> Option<(String, String)> {
    if rule.mode != Mode::Match {
        return None;
    }
    let tree: Expr = promql::parse(&rule.expr).ok()?;
    let ExprKind::Binary(binary) = &tree.unparen().kind else {
        return None;
    };
    let is_plain: bool = matches!(binary.op.symbol(), ">" | ">=" | "<" | "<=") && !binary.return_bool;
    let ExprKind::NumberLiteral(number) = &binary.rhs.unparen().kind else {
        return None;
    };
    if !is_plain || !number.value.is_finite() || matches!(binary.lhs.unparen().kind, ExprKind::NumberLiteral(_)) {
        return None;
    }
    let measured: &str = rule.expr.get(binary.lhs.span.start..binary.lhs.span.end)?;
    Some((measured.trim().to_owned(), format!("{} {}", binary.op.symbol(), number.value)))
}
