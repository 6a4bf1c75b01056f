//! Aggregations that make one series of each group.

use std::collections::HashMap;
use std::sync::Arc;

use model::labels::Labels;
use promql::ast::AggregateOp;

use super::failure::EvalError;
use super::groups::{Groups, group_labels};
use super::plan::Grouping;
use super::series::{ABSENT, Budget, METADATA, Series, present};
use super::sums::{self, Accumulator, Any, Count, Deviation, Greatest, Least, Mean, Sum, Variance};

/// The aggregations without a parameter.
pub(super) fn fold(op: AggregateOp, series: &[Series], groups: &Groups, len: usize) -> Vec<Series> {
    match op {
        AggregateOp::Sum => folded::<Sum>(series, groups, len),
        AggregateOp::Avg => folded::<Mean>(series, groups, len),
        AggregateOp::Min => folded::<Least>(series, groups, len),
        AggregateOp::Max => folded::<Greatest>(series, groups, len),
        AggregateOp::Count => folded::<Count>(series, groups, len),
        AggregateOp::Stddev => folded::<Deviation>(series, groups, len),
        AggregateOp::Stdvar => folded::<Variance>(series, groups, len),
        _ => folded::<Any>(series, groups, len),
    }
}

/// One accumulator per step, for one group after the other: an accumulator is several times as big as the value that is
/// left of it, so only one row of them is ever held.
fn folded<A: Accumulator>(series: &[Series], groups: &Groups, len: usize) -> Vec<Series> {
    let mut states: Vec<A> = Vec::with_capacity(len);
    let mut columns: Vec<Vec<f64>> = Vec::with_capacity(groups.len());
    for members in groups.members() {
        states.clear();
        states.resize(len, A::default());
        for member in members {
            for (state, value) in states.iter_mut().zip(&series[member].values) {
                if present(*value) {
                    state.add(*value);
                }
            }
        }
        columns.push(states.iter().map(A::result).collect());
    }
    groups.series(columns)
}

/// `quantile(φ, v)`; `phi` is a column.
pub(super) fn quantiles(phi: &[f64], series: &[Series], groups: &Groups) -> Vec<Series> {
    let mut buffer: Vec<f64> = Vec::new();
    let mut columns: Vec<Vec<f64>> = Vec::with_capacity(groups.len());
    for members in groups.members() {
        let mut column: Vec<f64> = Vec::with_capacity(phi.len());
        for (step, phi) in phi.iter().enumerate() {
            buffer.clear();
            buffer.extend(members.iter().map(|member| series[*member].values[step]).filter(|value| present(*value)));
            column.push(if buffer.is_empty() { ABSENT } else { sums::quantile(*phi, &mut buffer) });
        }
        columns.push(column);
    }
    groups.series(columns)
}

/// `count_values("label", v)`: a series for each value met in a group, the value written into `label`.
///
/// # Errors
/// [`EvalError::TooManySamples`], for there may be as many values as samples.
pub(super) fn count_values(
    label: &str,
    grouping: &Grouping,
    series: &[Series],
    len: usize,
    budget: &mut Budget,
) -> Result<Vec<Series>, EvalError> {
    let mut grouping: Grouping = grouping.clone();
    if !grouping.without {
        grouping.names.push(label.to_owned());
    }
    let mut places: HashMap<Arc<Labels>, usize> = HashMap::new();
    let mut out: Vec<Series> = Vec::new();
    for one in series {
        // Within a series values repeat, and making labels is dear.
        let mut known: HashMap<u64, usize> = HashMap::new();
        for (step, value) in one.values.iter().enumerate().filter(|(_, value)| present(**value)) {
            let place: usize = match known.get(&value.to_bits()) {
                Some(place) => *place,
                None => {
                    let labels: Arc<Labels> = Arc::new(labels_with_value(one, label, *value, &grouping));
                    let place: usize = *places.entry(Arc::clone(&labels)).or_insert(out.len());
                    if place == out.len() {
                        budget.take(len)?;
                        let drop_name: bool = one.drop_name && METADATA.iter().any(|name| !labels.get(name).is_empty());
                        out.push(Series { labels, drop_name, values: vec![ABSENT; len] });
                    }
                    known.insert(value.to_bits(), place);
                    place
                }
            };
            let cell: &mut f64 = &mut out[place].values[step];
            *cell = if present(*cell) { *cell + 1.0 } else { 1.0 };
        }
    }
    Ok(out)
}

fn labels_with_value(series: &Series, label: &str, value: f64, grouping: &Grouping) -> Labels {
    let mut labels: Labels = series.labels.as_ref().clone();
    labels.set(label.to_owned(), plain_decimal(value));
    group_labels(&labels, grouping)
}

/// The shortest decimal that reads back the same, never with an exponent: Go's `'f', -1`.
fn plain_decimal(value: f64) -> String {
    if value.is_infinite() {
        return (if value > 0.0 { "+Inf" } else { "-Inf" }).to_owned();
    }
    format!("{value}")
}
