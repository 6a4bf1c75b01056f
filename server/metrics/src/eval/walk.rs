//! The second phase: the plan is computed, every node for all moments of its grid at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::labels::Labels;
use promql::ast::{AggregateOp, Span};

use super::aggregate;
use super::binary;
use super::buckets;
use super::failure::EvalError;
use super::fetch::Fetched;
use super::grid::{Frame, Grid};
use super::groups::Groups;
use super::matching;
use super::notes::Notes;
use super::plan::{AggregateNode, BinaryNode, BucketCall, BucketFn, Node, NodeKind, RangeInput, RangeNode, SortBy, WindowCall};
use super::rank;
use super::select::{self, Track};
use super::series::{Budget, Deadline, Series, present, settled};
use super::sets;
use super::sorting;
use super::window::{self, Layout, RangeFn};
use super::{Answer, Value, VectorSample};
use crate::source::{Point, SeriesData};

/// The computation of one query.
pub(super) struct Walk {
    frame: Frame,
    /// By slot; each is taken out by the one node that reads it.
    fetched: Vec<Fetched>,
    budget: Budget,
    notes: Notes,
}

/// What a node comes to.
enum Data {
    /// A number at every moment.
    Scalar(Vec<f64>),
    /// An instant vector.
    Vector(Vec<Series>),
    /// A string.
    Text(String),
}

impl Walk {
    /// A computation over what was read.
    pub fn new(frame: Frame, fetched: Vec<Fetched>, budget: Budget) -> Self {
        Self { frame, fetched, budget, notes: Notes::default() }
    }

    /// Computes the plan; `text` is what positions refer to.
    ///
    /// # Errors
    /// Any [`EvalError`] but those of the first phase and of storage.
    pub fn answer(mut self, root: &Node, text: &str) -> Result<Answer, EvalError> {
        let grid: Grid = self.frame.grid;
        let value: Value = match &root.kind {
            NodeKind::Points(range) => Value::Matrix(self.points(range, &grid)?),
            _ => {
                let data: Data = self.eval(root, &grid)?;
                self.value(data)?
            }
        };
        let (warnings, infos): (Vec<String>, Vec<String>) = self.notes.written(text);
        Ok(Answer { value, warnings, infos })
    }

    fn value(&self, data: Data) -> Result<Value, EvalError> {
        let grid: Grid = self.frame.grid;
        match data {
            Data::Text(text) => Ok(Value::String(text)),
            Data::Scalar(values) if self.frame.range => {
                Ok(Value::Matrix(vec![SeriesData { labels: Labels::default(), points: select::points(&values, &grid) }]))
            }
            Data::Scalar(values) => Ok(Value::Scalar(first(&values))),
            Data::Vector(series) if self.frame.range => Ok(Value::Matrix(matrix(settled(series)?, &grid))),
            Data::Vector(series) => Ok(Value::Vector(
                settled(series)?
                    .into_iter()
                    .map(|one| VectorSample {
                        at: grid.first_ms,
                        value: first(&one.values),
                        labels: Arc::unwrap_or_clone(one.labels),
                    })
                    .collect(),
            )),
        }
    }

    /// A bare range vector.
    fn points(&mut self, range: &RangeNode, grid: &Grid) -> Result<Vec<SeriesData>, EvalError> {
        let to_ms: i64 = range.shift.apply(grid.first_ms);
        let from_ms: i64 = to_ms.saturating_sub(range.range_ms);
        let mut out: Vec<SeriesData> = match &range.input {
            RangeInput::Subquery { node, grid } => {
                let series: Vec<Series> = self.vector(node, grid)?;
                matrix(settled(series)?, grid)
            }
            RangeInput::Nothing => Vec::new(),
            RangeInput::Slot(slot) => select::tracks(self.fetched[*slot].take_samples())
                .into_iter()
                .map(|track| SeriesData { labels: Arc::unwrap_or_clone(track.labels), points: track.points })
                .collect(),
        };
        for one in &mut out {
            one.points.retain(|point: &Point| from_ms < point.at && point.at <= to_ms);
        }
        out.retain(|one| !one.points.is_empty());
        out.sort_by(|a, b| a.labels.cmp(&b.labels));
        Ok(out)
    }

    fn eval(&mut self, node: &Node, grid: &Grid) -> Result<Data, EvalError> {
        self.budget.take(grid.len)?;
        Ok(match &node.kind {
            NodeKind::Number(value) => Data::Scalar(vec![*value; grid.len]),
            NodeKind::Text(text) => Data::Text(text.clone()),
            NodeKind::Time => Data::Scalar(times(grid)),
            NodeKind::Choose { max, lhs, rhs } => {
                let choose: fn(f64, f64) -> f64 = if *max { super::sums::max_or_nan } else { super::sums::min_or_nan };
                let (lhs, rhs): (Vec<f64>, Vec<f64>) = (self.scalar(lhs, grid)?, self.scalar(rhs, grid)?);
                Data::Scalar(lhs.into_iter().zip(rhs).map(|(a, b)| choose(a, b)).collect())
            }
            NodeKind::ToScalar(arg) => Data::Scalar(only_values(&self.vector(arg, grid)?, grid)),
            NodeKind::Negate(arg) => match self.eval(arg, grid)? {
                Data::Scalar(values) => Data::Scalar(values.into_iter().map(|value| -value).collect()),
                Data::Vector(series) => Data::Vector(binary::negate(series)),
                Data::Text(_) => return Err(EvalError::Mistyped { expected: "scalar or instant vector", span: arg.span }),
            },
            NodeKind::Binary(operation) => self.binary(operation, node.span, grid)?,
            _ => Data::Vector(self.eval_vector(node, grid)?),
        })
    }

    /// The nodes that are instant vectors whatever their arguments.
    fn eval_vector(&mut self, node: &Node, grid: &Grid) -> Result<Vec<Series>, EvalError> {
        match &node.kind {
            NodeKind::Select(slot) => Ok(self.fetched[*slot].take_columns().unwrap_or_default()),
            NodeKind::Window(call) => self.window(call, grid),
            NodeKind::Absent { arg, labels } => {
                let series: Vec<Series> = self.vector(arg, grid)?;
                Ok(window::absence(&series, labels, grid))
            }
            NodeKind::Map { mapping, arg, params } => {
                let params: Vec<Vec<f64>> = self.scalars(params, grid)?;
                Ok(mapping.apply(self.vector(arg, grid)?, &params))
            }
            NodeKind::Date { part, arg } => {
                let series: Vec<Series> = match arg {
                    Some(arg) => self.vector(arg, grid)?,
                    None => vec![nameless(times(grid))],
                };
                Ok(part.apply(series))
            }
            NodeKind::EvalTimes(arg) => Ok(eval_times(self.vector(arg, grid)?, grid)),
            NodeKind::ToVector(arg) => Ok(vec![nameless(self.scalar(arg, grid)?)]),
            NodeKind::Sort { by, descending, arg } => {
                let series: Vec<Series> = self.vector(arg, grid)?;
                Ok(self.sort(by, *descending, series, node.span, grid))
            }
            NodeKind::Relabel { how, arg } => {
                let series: Vec<Series> = self.vector(arg, grid)?;
                how.apply(series, &mut self.budget)
            }
            NodeKind::NativeOnly(arg) => {
                // For its failures and notes alone.
                self.vector(arg, grid)?;
                Ok(Vec::new())
            }
            NodeKind::Buckets(call) => self.buckets(call, grid),
            NodeKind::Aggregate(aggregate) => self.aggregate(aggregate, grid),
            _ => Err(EvalError::Mistyped { expected: "instant vector", span: node.span }),
        }
    }

    fn vector(&mut self, node: &Node, grid: &Grid) -> Result<Vec<Series>, EvalError> {
        match self.eval(node, grid)? {
            Data::Vector(series) => Ok(series),
            _ => Err(EvalError::Mistyped { expected: "instant vector", span: node.span }),
        }
    }

    fn scalar(&mut self, node: &Node, grid: &Grid) -> Result<Vec<f64>, EvalError> {
        match self.eval(node, grid)? {
            Data::Scalar(values) => Ok(values),
            _ => Err(EvalError::Mistyped { expected: "scalar", span: node.span }),
        }
    }

    fn scalars(&mut self, nodes: &[Node], grid: &Grid) -> Result<Vec<Vec<f64>>, EvalError> {
        nodes.iter().map(|node| self.scalar(node, grid)).collect()
    }

    fn window(&mut self, call: &WindowCall, grid: &Grid) -> Result<Vec<Series>, EvalError> {
        let params: Vec<Vec<f64>> = self.scalars(&call.params, grid)?;
        let series: Vec<Series> = match self.reduced(&call.over) {
            Some(series) => series,
            None => self.slide(call, &params, grid)?,
        };
        if call.function.wants_counter() {
            self.note_non_counters(&series, call.over_span);
        }
        if call.function == RangeFn::Quantile
            && !series.is_empty()
            && let (Some(column), Some(param)) = (params.first(), call.params.first())
        {
            self.note_quantiles(column, param.span);
        }
        if call.function == RangeFn::Absent {
            return Ok(window::absence(&series, &call.absent, grid));
        }
        Ok(series)
    }

    /// What the windows of a range vector came to while it was read.
    fn reduced(&mut self, range: &RangeNode) -> Option<Vec<Series>> {
        match range.input {
            RangeInput::Slot(slot) => self.fetched[slot].take_columns(),
            _ => None,
        }
    }

    fn slide(&mut self, call: &WindowCall, params: &[Vec<f64>], grid: &Grid) -> Result<Vec<Series>, EvalError> {
        let tracks: Vec<Track> = self.tracks(&call.over)?;
        self.budget.take(tracks.len().saturating_mul(grid.len))?;
        if !tracks.is_empty() {
            let first_param: Span = call.params.first().map_or(call.over_span, |param| param.span);
            call.function.check_params(params, first_param)?;
        }
        let deadline: Deadline = self.budget.deadline.clone();
        let layout: Layout = Layout { grid: *grid, shift: call.over.shift, range_ms: call.over.range_ms, deadline };
        window::slide(call.function, tracks, params, &layout)
    }

    /// The points a range function slides over.
    fn tracks(&mut self, range: &RangeNode) -> Result<Vec<Track>, EvalError> {
        match &range.input {
            RangeInput::Slot(slot) => Ok(select::tracks(self.fetched[*slot].take_samples())),
            RangeInput::Subquery { node, grid } => {
                let series: Vec<Series> = self.vector(node, grid)?;
                // The points stand beside the columns they are made of.
                self.budget.take(series.len().saturating_mul(grid.len))?;
                Ok(select::tracks_of_columns(series, grid))
            }
            RangeInput::Nothing => Ok(Vec::new()),
        }
    }

    fn sort(&mut self, by: &SortBy, descending: bool, series: Vec<Series>, span: Span, grid: &Grid) -> Vec<Series> {
        if grid.len > 1 {
            self.notes.sort_in_range(span);
            return series;
        }
        match by {
            SortBy::Value => sorting::by_value(series, descending),
            SortBy::Labels(names) => sorting::by_labels(series, names, descending),
        }
    }

    fn buckets(&mut self, call: &BucketCall, grid: &Grid) -> Result<Vec<Series>, EvalError> {
        let params: Vec<Vec<f64>> = self.scalars(&call.params, grid)?;
        let series: Vec<Series> = self.vector(&call.arg, grid)?;
        self.budget.take(series.len().saturating_mul(grid.len))?;
        let histograms: Vec<buckets::Histogram<'_>> = buckets::histograms(&series, call.arg.span, &mut self.notes);
        match (call.function, params.as_slice()) {
            (BucketFn::Quantile, [phi]) => {
                if let Some(param) = call.params.first() {
                    self.note_quantiles(phi, param.span);
                }
                Ok(buckets::quantiles(&histograms, phi, grid, call.arg.span, &mut self.notes))
            }
            (BucketFn::Fraction, [lower, upper]) => Ok(buckets::fractions(&histograms, lower, upper, grid)),
            _ => Err(EvalError::Mistyped { expected: "scalar", span: call.arg.span }),
        }
    }

    fn aggregate(&mut self, node: &AggregateNode, grid: &Grid) -> Result<Vec<Series>, EvalError> {
        if node.op == AggregateOp::CountValues {
            return self.count_values(node, grid);
        }
        let param: Option<Vec<f64>> = match &node.param {
            Some(param) => Some(self.scalar(param, grid)?),
            None => None,
        };
        let series: Vec<Series> = self.vector(&node.arg, grid)?;
        let groups: Groups = Groups::of(&series, &node.grouping);
        let Some((column, span)) = param.as_ref().zip(node.param.as_ref().map(|param| param.span)) else {
            self.budget.take(groups.len().saturating_mul(grid.len))?;
            return Ok(aggregate::fold(node.op, &series, &groups, grid.len));
        };
        self.budget.take(series.len().saturating_mul(grid.len))?;
        match node.op {
            AggregateOp::Quantile => {
                self.note_quantiles(column, span);
                Ok(aggregate::quantiles(column, &series, &groups))
            }
            op => rank::rank(op == AggregateOp::Topk, column, series, &groups, span),
        }
    }

    fn count_values(&mut self, node: &AggregateNode, grid: &Grid) -> Result<Vec<Series>, EvalError> {
        let span: Span = node.param.as_ref().map_or(node.arg.span, |param| param.span);
        let Some(NodeKind::Text(label)) = node.param.as_ref().map(|param| &param.kind) else {
            return Err(EvalError::Mistyped { expected: "string", span });
        };
        if label.is_empty() {
            return Err(EvalError::BadValueLabel { name: label.clone(), span });
        }
        let series: Vec<Series> = self.vector(&node.arg, grid)?;
        aggregate::count_values(label, &node.grouping, &series, grid.len, &mut self.budget)
    }

    fn binary(&mut self, node: &BinaryNode, span: Span, grid: &Grid) -> Result<Data, EvalError> {
        let lhs: Data = self.eval(&node.lhs, grid)?;
        let rhs: Data = self.eval(&node.rhs, grid)?;
        match (lhs, rhs) {
            (Data::Scalar(lhs), Data::Scalar(rhs)) => Ok(Data::Scalar(binary::scalars(node.op, &lhs, &rhs))),
            (Data::Vector(lhs), Data::Scalar(rhs)) => {
                Ok(Data::Vector(binary::with_scalar(node.op, node.return_bool, lhs, &rhs, false)))
            }
            (Data::Scalar(lhs), Data::Vector(rhs)) => {
                Ok(Data::Vector(binary::with_scalar(node.op, node.return_bool, rhs, &lhs, true)))
            }
            (Data::Vector(lhs), Data::Vector(rhs)) => {
                let Some(how) = &node.matching else {
                    return Err(EvalError::Mistyped { expected: "vector matching", span });
                };
                if node.op.is_set() {
                    self.budget.take(lhs.len().max(rhs.len()).saturating_mul(grid.len))?;
                    sets::combine(node.op, how, lhs, rhs, grid.len).map(Data::Vector)
                } else {
                    matching::join(node, how, span, &lhs, &rhs, grid.len, &mut self.budget).map(Data::Vector)
                }
            }
            _ => Err(EvalError::Mistyped { expected: "scalar or instant vector", span }),
        }
    }

    fn note_non_counters(&mut self, series: &[Series], span: Span) {
        const SUFFIXES: [&str; 4] = ["_total", "_sum", "_count", "_bucket"];
        let suspicious: BTreeSet<&str> = series
            .iter()
            .map(|one| one.labels.metric())
            .filter(|name| !name.is_empty() && !SUFFIXES.iter().any(|suffix| name.ends_with(suffix)))
            .collect();
        for name in suspicious {
            self.notes.possible_non_counter(name, span);
        }
    }

    /// The worst of each kind is enough: a φ that changes with every step would fill pages.
    fn note_quantiles(&mut self, column: &[f64], span: Span) {
        let least: f64 = column.iter().copied().fold(0.0, f64::min);
        let greatest: f64 = column.iter().copied().fold(1.0, f64::max);
        let wrong: [(bool, f64); 3] =
            [(column.iter().any(|phi| phi.is_nan()), f64::NAN), (least < 0.0, least), (greatest > 1.0, greatest)];
        for (_, phi) in wrong.into_iter().filter(|(holds, _)| *holds) {
            self.notes.invalid_quantile(phi, span);
        }
    }
}

/// The value at the only moment of an instant query.
fn first(values: &[f64]) -> f64 {
    values.first().copied().unwrap_or(f64::NAN)
}

fn matrix(series: Vec<Series>, grid: &Grid) -> Vec<SeriesData> {
    let mut out: Vec<SeriesData> = series
        .into_iter()
        .map(|one| SeriesData { points: select::points(&one.values, grid), labels: Arc::unwrap_or_clone(one.labels) })
        .collect();
    out.sort_by(|a, b| a.labels.cmp(&b.labels));
    out
}

fn times(grid: &Grid) -> Vec<f64> {
    (0..grid.len).map(|index| grid.time(index) as f64 / 1000.0).collect()
}

fn nameless(values: Vec<f64>) -> Series {
    Series { labels: Arc::new(Labels::default()), drop_name: false, values }
}

/// The time of evaluation wherever there is a value.
fn eval_times(mut series: Vec<Series>, grid: &Grid) -> Vec<Series> {
    for one in &mut series {
        one.drop_name = true;
        for (index, value) in one.values.iter_mut().enumerate().filter(|(_, value)| present(**value)) {
            *value = grid.time(index) as f64 / 1000.0;
        }
    }
    series
}

/// `scalar()`: the value of the only element, NaN where there is none or more than one.
fn only_values(series: &[Series], grid: &Grid) -> Vec<f64> {
    let mut values: Vec<f64> = vec![f64::NAN; grid.len];
    let mut counts: Vec<usize> = vec![0; grid.len];
    for one in series {
        for (index, value) in one.values.iter().enumerate().filter(|(_, value)| present(**value)) {
            counts[index] += 1;
            values[index] = if counts[index] == 1 { *value } else { f64::NAN };
        }
    }
    values
}
