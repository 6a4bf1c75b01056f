//! Tests of rules, in the format of Prometheus' `promtool test rules` (prometheus/prometheus `cmd/promtool/unittest.go`), unchanged.
//!
//! Series are written as rows of values; rules are evaluated over them at their interval; at given times the firing alerts and the results
//! of expressions must be the expected ones. Rules of this house and rule files of Prometheus are tested alike, the former by their id.
//! Who evaluates PromQL, and keeps the series, is a [`World`]. Native histograms are refused by name.

mod compare;
mod course;
mod file;
#[cfg(test)]
mod tests;

pub use course::{Failure, run};
pub use file::{AlertTest, ExpectedAlert, ExpectedSample, ExprTest, InputSeries, Test, TestFile, read};

use crate::import::prometheus::{self, Member};
use crate::needs::{Measured, QueryError, Sample};
use crate::rules::{self, Empty, Rule, RuleErrors, RuleFile};
use async_trait::async_trait;
use model::Time;
use promql::ast::Expr;

/// Series in memory, and who evaluates expressions over them.
#[async_trait]
pub trait World: Send + Sync {
    /// The instant vector of an expression; a scalar is one element without labels.
    ///
    /// # Errors
    /// When it can't be evaluated.
    async fn ask(&self, expr: &Expr, at: Time) -> Result<Vec<Measured>, QueryError>;

    /// Adds samples to what is there.
    fn put(&mut self, samples: Vec<Sample>);
}

/// Rules that are evaluated together, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct TestedGroup {
    pub name: String,
    pub members: Vec<Tested>,
}

/// A rule under test.
#[derive(Clone, Debug, PartialEq)]
pub enum Tested {
    Record(Box<Rule>),
    Alert { name: String, rule: Box<Rule>, house: bool },
}

/// Reads a file of rules, of either kind.
///
/// # Errors
/// What is wrong in it, as the kind it is more likely to be says it.
pub fn rules_of(file: &RuleFile) -> Result<Vec<TestedGroup>, RuleErrors> {
    match likely(&file.text) {
        Kind::Prometheus => in_prometheus(file),
        Kind::House => in_house(file),
        // A file of recording rules alone may be either, and means the same in both.
        Kind::Either => in_prometheus(file).or_else(|errors| in_house(file).map_err(|_| errors)),
    }
}

fn in_prometheus(file: &RuleFile) -> Result<Vec<TestedGroup>, RuleErrors> {
    let groups: Vec<prometheus::Group> = prometheus::read(file)?;
    Ok(groups.into_iter().map(of_prometheus).collect())
}

fn in_house(file: &RuleFile) -> Result<Vec<TestedGroup>, RuleErrors> {
    let checked: rules::Checked = rules::read(std::slice::from_ref(file), Empty::Allowed)?;
    Ok(checked.groups.into_iter().map(of_house).collect())
}

/// Whose format a file is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Prometheus,
    House,
    Either,
}

/// Alerts have a key in Prometheus that they don't have here, and one here that they don't have there.
fn likely(text: &str) -> Kind {
    let has = |key: &str| text.lines().any(|line| line.trim_start().trim_start_matches(['-', ' ', '{']).starts_with(key));
    if has("alert:") {
        Kind::Prometheus
    } else if has("record:") && !has("summary:") {
        Kind::Either
    } else {
        Kind::House
    }
}

fn of_prometheus(group: prometheus::Group) -> TestedGroup {
    let member = |member: Member| match member {
        Member::Record(rule) => Tested::Record(rule),
        Member::Alert(rule) => Tested::Alert { name: rule.name.en.clone(), rule, house: false },
    };
    TestedGroup { name: group.name, members: group.rules.into_iter().map(member).collect() }
}

fn of_house(group: rules::Group) -> TestedGroup {
    let member = |rule: Rule| match rule.records() {
        Some(_) => Tested::Record(Box::new(rule)),
        None => Tested::Alert { name: rule.id.0.clone(), rule: Box::new(rule), house: true },
    };
    TestedGroup { name: group.name, members: group.rules.into_iter().map(member).collect() }
}
