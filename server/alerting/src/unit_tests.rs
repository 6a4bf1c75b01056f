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

use crate::import::prometheus::{self, Member, Record};
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
    Record(Record),
    Alert { name: String, rule: Box<Rule>, house: bool },
}

/// Reads a file of rules, of either kind.
///
/// # Errors
/// What is wrong in it, as the kind it is more likely to be says it.
pub fn rules_of(file: &RuleFile) -> Result<Vec<TestedGroup>, RuleErrors> {
    if is_prometheus(&file.text) {
        let groups: Vec<prometheus::Group> = prometheus::read(file)?;
        return Ok(groups.into_iter().map(of_prometheus).collect());
    }
    let checked: rules::Checked = rules::read(std::slice::from_ref(file), Empty::Allowed)?;
    Ok(checked.groups.into_iter().map(of_house).collect())
}

/// Every rule of Prometheus has one of two keys that no rule of this house has.
fn is_prometheus(text: &str) -> bool {
    text.lines().any(|line| {
        let line: &str = line.trim_start().trim_start_matches(['-', ' ', '{']);
        line.starts_with("alert:") || line.starts_with("record:")
    })
}

fn of_prometheus(group: prometheus::Group) -> TestedGroup {
    let member = |member: Member| match member {
        Member::Record(record) => Tested::Record(record),
        Member::Alert(rule) => Tested::Alert { name: rule.name.en.clone(), rule, house: false },
    };
    TestedGroup { name: group.name, members: group.rules.into_iter().map(member).collect() }
}

fn of_house(group: rules::Group) -> TestedGroup {
    let member = |rule: Rule| Tested::Alert { name: rule.id.0.clone(), rule: Box::new(rule), house: true };
    TestedGroup { name: group.name, members: group.rules.into_iter().map(member).collect() }
}
