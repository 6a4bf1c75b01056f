//! Rules: what is measured, when it is too much, and how to say so. Written in YAML, applied as a whole.
//!
//! The threshold stands apart from the expression, so that graphs draw it, alerts show the measured value beside it, and a rule
//! that stops measuring is not mistaken for a rule that is content. Rules that came from Prometheus keep Prometheus' meaning: whatever
//! their expression gives is a breach ([`Mode::Match`]), and their texts are Go templates. Recording rules ([`Mode::Record`]) stand among
//! the others, because their order in a group counts.

pub mod absence;
mod carried;
pub mod condition;
pub mod form;
pub mod go;
mod group;
pub mod levels;
mod parse;
pub mod printer;
mod reader;
pub mod record;
pub mod renotify;
mod settings;
pub mod template;

use crate::plan::Placed;
use crate::state::Level;
use absence::Absence;
use condition::Condition;
use figures::{Locale, Unit};
use levels::Warning;
use model::Severity;
use model::ids::RuleId;
use model::labels::Labels;
use renotify::Renotify;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use template::{Figures, Moment};

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

/// What the result of an expression means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A measured value, which the condition judges. No value is missing data.
    #[default]
    Value,
    /// Prometheus' meaning: what is there is a breach, what is not there is fine.
    Match,
    /// No alert: what is there is written as a metric, which the rule's name names.
    Record,
}

impl Mode {
    /// As in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Match => "match",
            Self::Record => "record",
        }
    }
}

/// One rule, checked. What has a default is stored since rules can do more than measure, compare and wait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    pub id: RuleId,
    /// What people call it. No placeholders. Of a recording rule the metric it writes, the same in both languages.
    pub name: Text,
    /// The sentence on an alert; `{{host}}` is the label `host`, `{{value}}` and `{{threshold}}` are figures with their unit.
    pub summary: Text,
    /// PromQL that gives the measured value, not the comparison; with [`Mode::Match`] the comparison too; with [`Mode::Record`] any.
    pub expr: String,
    #[serde(default)]
    pub mode: Mode,
    /// When it is critical. Says nothing with [`Mode::Match`], where [`Condition::ANY`] stands.
    pub condition: Condition,
    /// What is critical is over when the value is no longer beyond this; `None` is the threshold itself.
    #[serde(default)]
    pub recovery: Option<f64>,
    #[serde(default)]
    pub warning: Option<Warning>,
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
    #[serde(default)]
    pub absence: Absence,
    /// How long a series that was not there before is left in peace.
    #[serde(default)]
    pub new_group_delay_ms: i64,
    /// How long before the tick is measured, for data that come late.
    #[serde(default)]
    pub evaluation_delay_ms: i64,
    /// More alerts than this at once are taken for a mistake in the rule; `None` is the house's own limit.
    #[serde(default)]
    pub limit: Option<u32>,
    #[serde(default)]
    pub renotify: Option<Renotify>,
    /// More texts for whoever is paged, by name; templates like the summary.
    #[serde(default)]
    pub annotations: BTreeMap<String, Text>,
    /// Words to find the rule by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// 1, what to look at first, to 5.
    #[serde(default)]
    pub priority: Option<u8>,
    /// Where the instructions stand that are not kept here. A template.
    #[serde(default)]
    pub runbook_url: Option<String>,
    /// The team that answers for it.
    #[serde(default)]
    pub owner: Option<String>,
}

/// One alert of a rule, as its texts see it.
#[derive(Clone, Copy, Debug)]
pub struct Instance<'a> {
    pub labels: &'a Labels,
    /// `None` while nothing was measured.
    pub value: Option<f64>,
    pub level: Level,
    pub moment: Moment,
}

impl Rule {
    /// The metric that a recording rule writes; `None` of a rule that raises alerts.
    #[must_use]
    pub fn records(&self) -> Option<&str> {
        (self.mode == Mode::Record).then_some(self.name.en.as_str())
    }

    /// Whether alerts raised under `other` would mean something else under this rule. Words, severity, recovery and
    /// `keep_firing_for` may change under a firing alert; what is measured and judged may not. Recording rules have no alerts.
    #[must_use]
    pub fn judges_like(&self, other: &Self) -> bool {
        if self.mode == Mode::Record && other.mode == Mode::Record {
            return true;
        }
        let warns = |rule: &Self| rule.warning.as_ref().map(|warning| (warning.condition, warning.for_ms));
        self.expr == other.expr
            && self.mode == other.mode
            && self.condition == other.condition
            && self.for_ms == other.for_ms
            && warns(self) == warns(other)
            && self.labels == other.labels
    }

    /// Whether the series it measured must be remembered while they are fine.
    #[must_use]
    pub fn remembers(&self) -> bool {
        self.mode == Mode::Value && (self.absence.policy == absence::NoData::Notify || self.new_group_delay_ms > 0)
    }

    /// How bad an alert at `level` is.
    #[must_use]
    pub fn severity_at(&self, level: Level) -> Severity {
        let warned = |warning: &Warning| warning.severity;
        match level {
            Level::Critical => self.severity,
            Level::Warning => self.warning.as_ref().map_or(self.severity, warned),
            Level::NoData => self.absence.severity.unwrap_or(self.severity),
        }
    }

    /// The threshold an alert at `level` has crossed.
    #[must_use]
    pub fn threshold_at(&self, level: Level) -> f64 {
        match &self.warning {
            Some(warning) if level == Level::Warning => warning.condition.threshold,
            _ => self.condition.threshold,
        }
    }

    /// The identity of the alert that a series of the result stands for: its labels without the metric's name, and the rule's.
    #[must_use]
    pub fn identity(&self, measured: &Labels) -> Labels {
        let base: Labels = measured.without_name();
        let mut identity: Labels = base.clone();
        for (name, value) in self.labels.iter() {
            let filled: String = match self.mode {
                Mode::Value => template::with_labels(value, &base),
                Mode::Match => go::fill(value, &go::Data { labels: base.clone(), ..go::Data::default() }),
                Mode::Record => value.to_owned(),
            };
            identity.set(name.to_owned(), filled);
        }
        identity
    }

    /// The sentence of an alert in both languages.
    #[must_use]
    pub fn sentence(&self, instance: &Instance<'_>) -> Text {
        self.filled(&self.summary, instance)
    }

    /// The further texts of an alert, by name.
    #[must_use]
    pub fn annotated(&self, instance: &Instance<'_>) -> BTreeMap<String, Text> {
        self.annotations.iter().map(|(name, text)| (name.clone(), self.filled(text, instance))).collect()
    }

    /// Where the instructions for an alert stand, if anywhere.
    #[must_use]
    pub fn runbook_at(&self, instance: &Instance<'_>) -> Option<String> {
        self.runbook_url.as_ref().map(|url| self.fill(url, instance, Locale::En))
    }

    /// A text of this rule, or one written for it, about one alert.
    #[must_use]
    pub fn filled(&self, text: &Text, instance: &Instance<'_>) -> Text {
        Text { ja: self.fill(&text.ja, instance, Locale::Ja), en: self.fill(&text.en, instance, Locale::En) }
    }

    fn fill(&self, text: &str, instance: &Instance<'_>, locale: Locale) -> String {
        if self.mode == Mode::Match {
            let value: f64 = instance.value.unwrap_or(f64::NAN);
            return go::fill(text, &go::Data { value, labels: instance.labels.clone(), ..go::Data::default() });
        }
        let figures = Figures {
            value: instance.value,
            threshold: self.threshold_at(instance.level),
            warning: self.warning.as_ref().map(|warning| warning.condition.threshold),
            unit: self.unit,
            level: instance.level,
            moment: instance.moment,
            priority: self.priority,
        };
        template::fill(text, instance.labels, &figures, locale)
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
        let (group, interval_ms) = (&self.name, self.interval_ms);
        let placed = |rule: &Rule| Placed { rule: rule.clone(), group: group.clone(), interval_ms, edited: None };
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
