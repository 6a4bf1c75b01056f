//! Counts by bucket, over time and altogether.

use super::buckets::{between_edges, of_values, trimmed, upper_edge};
use super::data::Data;
use super::series::Named;
use super::{Paper, figure};
use chart::{Axis, Bin, Figure, HeatMap, HeatRow, Histogram};
use dashboard::{Body, Note};

/// Counts over time. A column is the step that ends at its points.
pub(super) fn map(paper: &Paper<'_>, data: &Data<'_>, notes: &mut Vec<Note>) -> Body {
    let grid = paper.grid;
    let rows: Vec<HeatRow> = if is_bucketed(data) {
        let cells = |series: &Named<'_>| Some((upper_edge(series.labels)?, columns(paper, series)));
        between_edges(data.series.iter().filter_map(cells).collect())
    } else {
        let placed = data.series.iter().flat_map(|series| series.points());
        let values = placed.filter_map(|(ms, value)| grid.column(ms).map(|column| (column, value))).collect();
        counted(paper, values, grid.n_columns(), notes)
    };
    let rows: Vec<HeatRow> = trimmed(rows);
    if rows.is_empty() {
        return Body::Empty;
    }
    figure(Figure::Heat(HeatMap {
        from_ms: paper.window.from.0,
        to_ms: paper.window.to.0,
        column_ms: grid.step_ms,
        first_ms: grid.from.0 - grid.step_ms,
        rows,
        unit: paper.panel.unit,
        zone: paper.zone.clone(),
        locale: paper.locale,
    }))
}

/// Of buckets how they stand at the end of the span, of other values all within it.
pub(super) fn histogram(paper: &Paper<'_>, data: &Data<'_>, notes: &mut Vec<Note>) -> Body {
    let rows: Vec<HeatRow> = if is_bucketed(data) {
        let newest = |series: &Named<'_>| Some((upper_edge(series.labels)?, vec![series.last().unwrap_or(f64::NAN)]));
        between_edges(data.series.iter().filter_map(newest).collect())
    } else {
        let within = data.series.iter().flat_map(|series| series.points()).filter(|(ms, _)| paper.window.holds(*ms));
        counted(paper, within.map(|(_, value)| (0, value)).collect(), 1, notes)
    };
    let bin = |row: HeatRow| Bin { low: row.low, high: row.high, count: row.counts.first().copied().unwrap_or(f64::NAN) };
    let bins: Vec<Bin> = trimmed(rows).into_iter().map(bin).collect();
    if bins.is_empty() {
        return Body::Empty;
    }
    figure(Figure::Histogram(Histogram { bins, unit: paper.panel.unit, locale: paper.locale }))
}

/// Whether the data came in buckets.
fn is_bucketed(data: &Data<'_>) -> bool {
    data.series.iter().any(|series| upper_edge(series.labels).is_some())
}

fn columns(paper: &Paper<'_>, series: &Named<'_>) -> Vec<f64> {
    let mut columns: Vec<f64> = vec![f64::NAN; paper.grid.n_columns()];
    for (ms, value) in series.points().filter(|(_, value)| value.is_finite()) {
        if let Some(column) = paper.grid.column(ms).and_then(|column| columns.get_mut(column)) {
            *column = value;
        }
    }
    columns
}

/// Values in buckets of ours. On a logarithmic axis zero and less have no place.
fn counted(paper: &Paper<'_>, values: Vec<(usize, f64)>, n_columns: usize, notes: &mut Vec<Note>) -> Vec<HeatRow> {
    let is_log: bool = paper.panel.axis == Axis::Log;
    let finite = values.into_iter().filter(|(_, value)| value.is_finite());
    let mut placed: Vec<(usize, f64)> = finite.collect();
    let n_finite: usize = placed.len();
    placed.retain(|(_, value)| !is_log || *value > 0.0);
    let n_lost: usize = n_finite - placed.len();
    notes.extend((n_lost > 0).then_some(Note::NotOnAxis { count: n_lost }));
    of_values(&placed, n_columns, is_log)
}
