//! Rules: what is measured, when it is too much, and how to say so. Written in YAML, applied as a whole.
//!
//! The threshold stands apart from the expression, so that graphs draw it, alerts show the measured value beside it, and a rule
//! that stops measuring is not mistaken for a rule that is content.

mod carried;
pub mod condition;
mod parse;
pub mod template;
mod yaml;

use crate::plan::Placed;
use condition::Condition;
use figures::Unit;
use model::Severity;
use model::ids::RuleId;
use model::labels::Labels;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A file of rules as given to `apply`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFile {
    /// As shown in errors: usually its path.
    pub name: String,
    /// YAML.
    pub text: String,
}

/// A text in both languages of the product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub ja: String,
    pub en: String,
}

/// Rules that are evaluated together, at the same ticks.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Unique in the installation.
    pub name: String,
    /// The file it stands in.
    pub file: String,
    /// Milliseconds between ticks; ticks are the multiples of it since the Unix epoch.
    pub interval_ms: i64,
    /// In the order of the file.
    pub rules: Vec<Rule>,
}

/// One rule, checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    pub id: RuleId,
    /// What people call it. No placeholders.
    pub name: Text,
    /// The sentence on an alert; `{{host}}` is the label `host`, `{{value}}` and `{{threshold}}` are figures with their unit.
    pub summary: Text,
    /// PromQL that gives the measured value, not the comparison.
    pub expr: String,
    pub condition: Condition,
    /// What the value is measured in.
    pub unit: Unit,
    /// How long the condition must hold before the alert fires.
    pub for_ms: i64,
    /// How long an alert goes on firing after the condition has cleared.
    pub keep_firing_for_ms: i64,
    pub severity: Severity,
    /// What to do, in Markdown; empty when nobody has written it.
    pub runbook: Text,
    /// Added to the labels of every alert; the values may name labels (`{{host}}`), never the value.
    pub labels: Labels,
}

impl Rule {
    /// Whether alerts raised under `other` would mean something else under this rule. Words, severity and
    /// `keep_firing_for` may change under a firing alert; what is measured and judged may not.
    #[must_use]
    pub fn judges_like(&self, other: &Self) -> bool {
        self.expr == other.expr && self.condition == other.condition && self.for_ms == other.for_ms && self.labels == other.labels
    }

    /// The identity of the alert that a series of the result stands for: its labels without the metric's name, and the rule's.
    #[must_use]
    pub fn identity(&self, measured: &Labels) -> Labels {
        let base: Labels = measured.without_name();
        let mut identity: Labels = base.clone();
        for (name, value) in self.labels.iter() {
            identity.set(name.to_owned(), template::with_labels(value, &base));
        }
        identity
    }

    /// The sentence of an alert in both languages.
    #[must_use]
    pub fn sentence(&self, labels: &Labels, value: Option<f64>) -> Text {
        let figures = template::Figures { value, threshold: self.condition.threshold, unit: self.unit };
        Text {
            ja: template::fill(&self.summary.ja, labels, &figures, figures::Locale::Ja),
            en: template::fill(&self.summary.en, labels, &figures, figures::Locale::En),
        }
    }
}

/// Something wrong in a file of rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct Problem {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What was expected and what was found.
    pub message: String,
}

/// Everything wrong in a set of files, by file and position. One problem a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleErrors(pub Vec<Problem>);

impl fmt::Display for RuleErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for RuleErrors {}

/// Whether a file may say that there is nothing: an empty list of groups or of rules ends alerts and watches less, and is a slip more
/// often than it is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    Refused,
    Allowed,
}

/// Files that were read and in which nothing is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// In the order of the files.
    pub groups: Vec<Group>,
    /// What is most likely not meant, by file and position.
    pub warnings: Vec<Problem>,
}

impl Checked {
    /// Every rule with its place.
    pub(crate) fn placed(&self) -> Vec<Placed> {
        self.groups.iter().flat_map(Group::placed).collect()
    }
}

impl Group {
    /// Its rules with their place.
    pub(crate) fn placed(&self) -> Vec<Placed> {
        let placed = |rule: &Rule| Placed { rule: rule.clone(), group: self.name.clone(), interval_ms: self.interval_ms };
        self.rules.iter().map(placed).collect()
    }
}

/// Reads and checks files of rules.
///
/// # Errors
/// Every problem found, in all files. One problem is enough for nothing to be returned.
pub fn read(files: &[RuleFile], empty: Empty) -> Result<Checked, RuleErrors> {
    parse::parse(files, empty)
}

/// The groups alone, of files that may not be empty.
///
/// # Errors
/// As [`read`].
pub fn check(files: &[RuleFile]) -> Result<Vec<Group>, RuleErrors> {
    Ok(read(files, Empty::Refused)?.groups)
}
