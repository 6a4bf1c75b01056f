//! The newest values by their labels: a line for each set of labels, a column for each query.

use super::Paper;
use super::arranging::{Standing, arranged, by_value, by_word, sorted_by};
use super::data::{Data, template};
use super::judging::judged;
use super::overriding::{Overridden, Overrides};
use super::series::Named;
use crate::evaluating::cleaning::clean;
use crate::planning::reading::metrics_named;
use crate::planning::{PlannedPanel, PlannedQuery};
use dashboard::{Body, Measure, Note, Sort, Table, TableRow, query_name};
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

/// The head of a query's column, and how its values are written.
struct Head {
    measure: Measure,
    is_hidden: bool,
    /// What it may be called by; the first of them stands above it.
    names: Vec<String>,
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
    let heads: Vec<Head> = heads(planned);
    let layout = &paper.panel.table;
    if let Some(sort) = &layout.sort {
        sort_lines(&mut lines, sort, planned, &heads);
    }
    lines.truncate(layout.limit.map_or(usize::MAX, usize::from));
    if lines.len() > MOST_ROWS {
        notes.push(Note::RowsLeftOut { shown: MOST_ROWS, of: lines.len() });
        lines.truncate(MOST_ROWS);
    }
    let labels: Vec<Vec<String>> = labels(&lines);
    let mut shown: Vec<Standing> = arranged(&layout.columns, &labels);
    shown.truncate(MOST_LABELS);
    let names: Vec<Vec<String>> = heads.iter().map(|head| head.names.clone()).collect();
    let values: Vec<Standing> = arranged(&layout.columns, &names).into_iter().filter(|one| !heads[one.place].is_hidden).collect();
    Body::Table(Table {
        rows: lines.iter().map(|line| row(paper, (&labels, &shown), &values, line)).collect(),
        measures: values.iter().map(|one| heads[one.place].measure).collect(),
        labels: shown.into_iter().map(|one| one.title).collect(),
        values: values.into_iter().map(|one| one.title).collect(),
    })
}

fn heads(planned: &PlannedPanel) -> Vec<Head> {
    let overrides = Overrides::of(planned);
    let head = |query: &PlannedQuery| {
        let title: String = head(planned, query);
        let Overridden { name, measure, is_hidden } = overrides.overridden(query.index, &title, &Labels::default());
        let name: String = clean(&name);
        let names: Vec<String> = vec![name, title, query_name(query.index)];
        Head { measure, is_hidden, names }
    };
    planned.queries.iter().map(head).collect()
}

/// The labels that lines have, each with the one name it may be called by.
fn labels(lines: &[Line]) -> Vec<Vec<String>> {
    let named: BTreeSet<&str> = lines.iter().flat_map(|line| line.labels.iter().map(|(name, _)| name)).collect();
    named.into_iter().map(|name| vec![name.to_owned()]).collect()
}

/// By what the panel says; lines that are alike in it keep their order.
fn sort_lines(lines: &mut [Line], sort: &Sort, planned: &PlannedPanel, heads: &[Head]) {
    let columns = &planned.panel.table.columns;
    let names: Vec<Vec<String>> = heads.iter().map(|head| head.names.clone()).collect();
    if let Some(place) = sorted_by(sort, columns, &names) {
        let value = |line: &Line| line.values.get(place).copied().flatten();
        lines.sort_by(|one, other| by_value(value(one), value(other), sort.is_falling));
        return;
    }
    let labels: Vec<Vec<String>> = labels(lines);
    if let Some(name) = sorted_by(sort, columns, &labels).and_then(|place| labels[place].first()) {
        lines.sort_by(|one, other| by_word(one.labels.get(name), other.labels.get(name), sort.is_falling));
    }
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

fn row(paper: &Paper<'_>, (labels, shown): (&[Vec<String>], &[Standing]), values: &[Standing], line: &Line) -> TableRow {
    let label = |one: &Standing| labels[one.place].first().map_or(String::new(), |name| clean(line.labels.get(name)));
    let values: Vec<Option<f64>> = values.iter().map(|one| line.values.get(one.place).copied().flatten()).collect();
    TableRow {
        labels: shown.iter().map(label).collect(),
        severity: values.iter().flatten().filter_map(|value| judged(&paper.panel.judges, *value)).min(),
        values,
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
