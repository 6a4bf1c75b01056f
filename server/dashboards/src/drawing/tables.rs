//! The newest values by their labels: a line for each set of labels, a column for each query.

use super::Paper;
use super::data::{Data, template};
use super::judging::judged;
use super::series::Named;
use crate::evaluating::cleaning::clean;
use crate::planning::reading::metrics_named;
use crate::planning::{PlannedPanel, PlannedQuery};
use dashboard::{Body, Note, Table, TableRow};
use model::labels::Labels;
use promql::ast::{AggregateOp, Expr, ExprKind};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Lines of a table: more nobody reads, and a browser takes its time for them.
const MOST_ROWS: usize = 500;
/// Columns of labels.
const MOST_LABELS: usize = 20;
/// Characters of an expression at the head of a column.
const MOST_HEAD: usize = 60;
/// Functions whose answer comes in an order that means something.
const SORTING: [&str; 4] = ["sort", "sort_desc", "sort_by_label", "sort_by_label_desc"];

/// A line in the making.
struct Line {
    labels: Labels,
    /// One a query.
    values: Vec<Option<f64>>,
}

pub(super) fn body(paper: &Paper<'_>, planned: &PlannedPanel, data: &Data<'_>, notes: &mut Vec<Note>) -> Body {
    let mut lines: Vec<Line> = lines(planned, data);
    if lines.is_empty() {
        return Body::Empty;
    }
    let has_order: bool = matches!(planned.queries.as_slice(), [only] if has_order(&only.expr));
    if !has_order {
        lines.sort_by(|one, other| one.labels.cmp(&other.labels));
    }
    if lines.len() > MOST_ROWS {
        notes.push(Note::RowsLeftOut { shown: MOST_ROWS, of: lines.len() });
        lines.truncate(MOST_ROWS);
    }
    let named: BTreeSet<&str> = lines.iter().flat_map(|line| line.labels.iter().map(|(name, _)| name)).collect();
    let labels: Vec<String> = named.into_iter().take(MOST_LABELS).map(str::to_owned).collect();
    let rows: Vec<TableRow> = lines.iter().map(|line| row(paper, &labels, line)).collect();
    let values: Vec<String> = planned.queries.iter().map(|query| head(planned, query)).collect();
    Body::Table(Table { labels, values, rows })
}

fn lines(planned: &PlannedPanel, data: &Data<'_>) -> Vec<Line> {
    // Two metrics of the same labels are told apart by their names.
    let mut seen: HashSet<(usize, Labels)> = HashSet::new();
    let are_alike: bool = data.series.iter().any(|series| !seen.insert((series.query, series.labels.without_name())));
    let mut places: HashMap<Labels, usize> = HashMap::new();
    let mut lines: Vec<Line> = Vec::new();
    for series in &data.series {
        let Some(column) = planned.queries.iter().position(|query| query.index == series.query) else { continue };
        let labels: Labels = if are_alike { series.labels.clone() } else { series.labels.without_name() };
        let place: usize = *places.entry(labels).or_insert_with_key(|labels| {
            lines.push(Line { labels: labels.clone(), values: vec![None; planned.queries.len()] });
            lines.len() - 1
        });
        if let Some(value) = lines.get_mut(place).and_then(|line| line.values.get_mut(column)) {
            *value = newest(series);
        }
    }
    lines
}

/// The newest value, also one that is no number.
fn newest(series: &Named<'_>) -> Option<f64> {
    series.points().next_back().map(|(_, value)| value)
}

fn row(paper: &Paper<'_>, labels: &[String], line: &Line) -> TableRow {
    TableRow {
        labels: labels.iter().map(|name| clean(line.labels.get(name))).collect(),
        values: line.values.clone(),
        severity: line.values.iter().flatten().filter_map(|value| judged(&paper.panel.judges, *value)).min(),
    }
}

/// What a query is called: as its author says, else the metric it asks for, else by its beginning. A name made of labels is one of a line.
fn head(planned: &PlannedPanel, query: &PlannedQuery) -> String {
    let said: String = template(planned, query);
    if !said.trim().is_empty() && !said.contains("{{") {
        return clean(&said);
    }
    let metrics: BTreeSet<String> = metrics_named(&query.expr);
    match metrics.first() {
        Some(only) if metrics.len() == 1 => clean(only),
        _ => clean(&query.filled.text).chars().take(MOST_HEAD).collect(),
    }
}

/// Whether an expression says itself in which order its answer comes.
fn has_order(expr: &Expr) -> bool {
    match &expr.unparen().kind {
        ExprKind::Call(call) => SORTING.contains(&call.func.name),
        ExprKind::Aggregate(aggregate) => matches!(aggregate.op, AggregateOp::Topk | AggregateOp::Bottomk),
        _ => false,
    }
}
