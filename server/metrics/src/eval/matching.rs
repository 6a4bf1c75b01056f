//! Arithmetic and comparisons between two instant vectors: whose series meets whose.
//!
//! Each side's series are put into match groups by the labels that are compared. At every step the "one" side may have a
//! single series per group, and so may the other unless `group_left` or `group_right` says otherwise. Series that are
//! never there at the same step do not disturb each other.

use std::collections::HashMap;
use std::sync::Arc;

use model::labels::Labels;
use promql::ast::Span;
use promql::operators::{MatchCardinality, VectorMatching};

use super::binary::element;
use super::failure::EvalError;
use super::plan::BinaryNode;
use super::series::{ABSENT, Budget, Series, braces, keep, present, without_metadata};

/// The labels two series must agree in to meet: those of `on`, or all but those of `ignoring` and the name.
pub(super) fn signature(labels: &Labels, how: &VectorMatching) -> Labels {
    if how.on { keep(labels, &how.labels) } else { ignoring(&labels.without_name(), &how.labels) }
}

fn ignoring(labels: &Labels, names: &[String]) -> Labels {
    Labels::new(labels.iter().filter(|(name, _)| !names.iter().any(|ignored| ignored == name)))
}

/// The results of an operation between two instant vectors.
///
/// # Errors
/// When a match is ambiguous at some step, two results have the same labels, or there are more results than the budget
/// allows: with `group_left` there may be many more of them than series on either side.
pub(super) fn join(
    node: &BinaryNode,
    how: &VectorMatching,
    span: Span,
    lhs: &[Series],
    rhs: &[Series],
    len: usize,
    budget: &mut Budget,
) -> Result<Vec<Series>, EvalError> {
    let swapped: bool = how.card == MatchCardinality::OneToMany;
    let (many, one): (&[Series], &[Series]) = if swapped { (rhs, lhs) } else { (lhs, rhs) };
    let sides: Sides<'_> = Sides::of(many, one, how);
    sides.check_one_side(swapped, span)?;
    let mut join: Join<'_> = Join {
        node,
        how,
        span,
        swapped,
        len,
        budget,
        taken: vec![Vec::new(); sides.groups.len()],
        places: HashMap::new(),
        results: Vec::new(),
    };
    for (series, group) in many.iter().zip(&sides.of_many) {
        let Some(group) = *group else {
            continue;
        };
        for partner in &sides.groups[group].ones {
            join.pair(series, &one[*partner], group)?;
        }
    }
    Ok(join.results.into_iter().map(|result| result.series).filter(Series::is_present).collect())
}

/// The match groups that the "one" side has.
struct Sides<'a> {
    one: &'a [Series],
    groups: Vec<MatchGroup>,
    /// The group of each series of the "many" side; `None` when nothing stands opposite.
    of_many: Vec<Option<usize>>,
    /// The steps at which the "many" side has anything: elsewhere nothing is looked at, not even for mistakes.
    active: Vec<bool>,
}

struct MatchGroup {
    signature: Arc<Labels>,
    ones: Vec<usize>,
}

impl<'a> Sides<'a> {
    fn of(many: &[Series], one: &'a [Series], how: &VectorMatching) -> Self {
        let mut places: HashMap<Arc<Labels>, usize> = HashMap::with_capacity(one.len());
        let mut groups: Vec<MatchGroup> = Vec::new();
        for (index, series) in one.iter().enumerate() {
            let signature: Arc<Labels> = Arc::new(signature(&series.labels, how));
            let place: usize = *places.entry(Arc::clone(&signature)).or_insert(groups.len());
            if place == groups.len() {
                groups.push(MatchGroup { signature, ones: Vec::new() });
            }
            groups[place].ones.push(index);
        }
        let of_many: Vec<Option<usize>> =
            many.iter().map(|series| places.get(&signature(&series.labels, how)).copied()).collect();
        Self { one, groups, of_many, active: active_steps(many) }
    }

    /// Fails at the first step at which a group has two series on the "one" side, matched or not.
    fn check_one_side(&self, swapped: bool, span: Span) -> Result<(), EvalError> {
        let crowded = self.groups.iter().filter(|group| group.ones.len() > 1);
        let worst: Option<(usize, &MatchGroup)> =
            crowded.filter_map(|group| self.first_clash(group).map(|step| (step, group))).min_by_key(|(step, _)| *step);
        let Some((step, group)) = worst else {
            return Ok(());
        };
        let mut clashing: Vec<&Labels> = group
            .ones
            .iter()
            .map(|index| &self.one[*index])
            .filter(|series| present(series.values[step]))
            .map(|series| series.labels.as_ref())
            .take(2)
            .collect();
        clashing.sort();
        let pair: Vec<String> = clashing.into_iter().map(braces).collect();
        Err(EvalError::DuplicateSeries {
            group: braces(&group.signature),
            side: if swapped { "left" } else { "right" },
            pair: pair.join(", "),
            span,
        })
    }

    fn first_clash(&self, group: &MatchGroup) -> Option<usize> {
        (0..self.active.len())
            .filter(|step| self.active[*step])
            .find(|step| group.ones.iter().filter(|index| present(self.one[**index].values[*step])).count() > 1)
    }
}

fn active_steps(series: &[Series]) -> Vec<bool> {
    let len: usize = series.first().map_or(0, |one| one.values.len());
    let mut active: Vec<bool> = vec![false; len];
    for one in series {
        for (flag, value) in active.iter_mut().zip(&one.values) {
            *flag |= present(*value);
        }
    }
    active
}

/// The results so far.
struct Join<'a> {
    node: &'a BinaryNode,
    how: &'a VectorMatching,
    span: Span,
    swapped: bool,
    len: usize,
    budget: &'a mut Budget,
    /// By match group: the steps at which a one-to-one match was made. Empty until the first.
    taken: Vec<Vec<bool>>,
    places: HashMap<(Arc<Labels>, bool), usize>,
    results: Vec<JoinResult>,
}

struct JoinResult {
    series: Series,
    /// The match group that made it last, and the steps it did so, results that a comparison filtered out included.
    group: usize,
    made: Vec<bool>,
}

impl Join<'_> {
    /// Brings two series together at every step both are there.
    fn pair(&mut self, many: &Series, one: &Series, group: usize) -> Result<(), EvalError> {
        let both = |step: &usize| present(many.values[*step]) && present(one.values[*step]);
        let steps: Vec<usize> = (0..self.len).filter(both).collect();
        if steps.is_empty() {
            return Ok(());
        }
        if self.how.card == MatchCardinality::OneToOne {
            self.take(group, &steps)?;
        }
        let place: usize = self.place(many, one, group)?;
        let result: &mut JoinResult = &mut self.results[place];
        let same_group: bool = result.group == group;
        for step in steps {
            if same_group && result.made[step] && self.how.card != MatchCardinality::OneToOne {
                return Err(EvalError::GroupingNotUnique { span: self.span });
            }
            let (lhs, rhs): (f64, f64) =
                if self.swapped { (one.values[step], many.values[step]) } else { (many.values[step], one.values[step]) };
            let value: f64 = element(self.node.op, lhs, rhs, self.node.return_bool, lhs);
            let cell: &mut f64 = &mut result.series.values[step];
            if present(*cell) && present(value) {
                return Err(EvalError::SameLabelset);
            }
            result.made[step] = true;
            if present(value) {
                *cell = value;
            }
        }
        result.group = group;
        Ok(())
    }

    /// Notes a one-to-one match; a second one in a group at the same step fails.
    fn take(&mut self, group: usize, steps: &[usize]) -> Result<(), EvalError> {
        let taken: &mut Vec<bool> = &mut self.taken[group];
        if taken.is_empty() {
            taken.resize(self.len, false);
        }
        for step in steps {
            if taken[*step] {
                return Err(EvalError::ManyToOne { span: self.span });
            }
            taken[*step] = true;
        }
        Ok(())
    }

    /// The result series for two partners, made when it is not there yet.
    fn place(&mut self, many: &Series, one: &Series, group: usize) -> Result<usize, EvalError> {
        let comparison: bool = self.node.op.is_comparison();
        let drop_name: bool = comparison && (self.node.return_bool || many.drop_name);
        let labels: Arc<Labels> = Arc::new(result_labels(&many.labels, &one.labels, self.how, comparison));
        let next: usize = self.results.len();
        let place: usize = *self.places.entry((Arc::clone(&labels), drop_name)).or_insert(next);
        if place == next {
            self.budget.take(self.len)?;
            let series: Series = Series { labels, drop_name, values: vec![ABSENT; self.len] };
            self.results.push(JoinResult { series, group, made: vec![false; self.len] });
        }
        Ok(place)
    }
}

/// The labels of a result: those of the "many" side, reduced to the compared ones in a one-to-one match, with the labels of
/// `group_left (…)` from the "one" side. Arithmetic makes another metric, so the name goes.
fn result_labels(many: &Labels, one: &Labels, how: &VectorMatching, comparison: bool) -> Labels {
    let mut labels: Labels = if comparison { many.clone() } else { without_metadata(many) };
    if how.card == MatchCardinality::OneToOne {
        labels = if how.on { keep(&labels, &how.labels) } else { ignoring(&labels, &how.labels) };
    }
    for name in &how.include {
        labels.set(name.clone(), one.get(name).to_owned());
    }
    labels
}
