//! Numbers, large, with how they came there; and shares of a whole.

use super::data::Data;
use super::judging::judged;
use super::reducing::reduced;
use super::series::{Named, in_order, style};
use super::{Paper, figure};
use chart::{Figure, Pie, Point, Slice, m4};
use dashboard::{Body, Note, Reduce, Stat};

/// A spark is small: of more columns nobody sees anything.
const SPARK_COLUMNS: usize = 40;

pub(super) fn body(paper: &Paper<'_>, reduce: Reduce, data: &Data<'_>, notes: &mut Vec<Note>) -> Body {
    let chosen: Vec<&Named<'_>> = in_order(&data.series, notes);
    if chosen.is_empty() {
        return Body::Empty;
    }
    Body::Stats(chosen.into_iter().map(|series| stat(paper, reduce, series)).collect())
}

fn stat(paper: &Paper<'_>, reduce: Reduce, series: &Named<'_>) -> Stat {
    let value: f64 = reduced(series, reduce, paper.window);
    let points: Vec<Point> = series.points().collect();
    let spark: Vec<Point> = m4(&points, paper.window.from.0, paper.window.to.0, SPARK_COLUMNS);
    Stat {
        name: series.name.clone(),
        value,
        severity: judged(&paper.panel.judges, value),
        // One point is no way to anywhere.
        spark: if spark.len() > 1 { spark } else { Vec::new() },
        measure: series.measure,
    }
}

pub(super) fn pie(paper: &Paper<'_>, reduce: Reduce, data: &Data<'_>, notes: &mut Vec<Note>) -> Body {
    let chosen: Vec<&Named<'_>> = in_order(&data.series, notes);
    let slice = |(place, series): (usize, &&Named<'_>)| Slice {
        name: series.name.clone(),
        value: reduced(series, reduce, paper.window),
        style: style(place),
    };
    let slices: Vec<Slice> = chosen.iter().enumerate().map(slice).filter(|slice| !slice.value.is_nan()).collect();
    if slices.is_empty() {
        return Body::Empty;
    }
    notes.extend(slices.iter().any(|slice| slice.value < 0.0).then_some(Note::NotShares));
    figure(Figure::Pie(Pie { slices, unit: paper.panel.unit, locale: paper.locale }))
}
