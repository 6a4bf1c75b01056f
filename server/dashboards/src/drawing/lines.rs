//! Lines over time, with the past behind them.

use super::Paper;
use super::data::Data;
use super::judging::{bands, limits};
use super::series::{Named, in_order, style};
use crate::needs::Happened;
use chart::{Figure, Marks, Plot, Scale, Series, not_on_axis};
use dashboard::{Body, Lines, Note};

/// A plot has a gap where so many samples are missing.
const GAP_STEPS: i64 = 3;
/// So many series are each compared with the past; of more only the first, or the picture would be a thicket.
const MOST_COMPARED: usize = 4;

pub(super) fn body(paper: &Paper<'_>, lines: Lines, data: &Data<'_>, happened: &Happened, notes: &mut Vec<Note>) -> Body {
    let present: Vec<&Named<'_>> = in_order(&data.series, notes);
    let past: Vec<&Named<'_>> = compared(&present, data);
    if present.is_empty() && past.is_empty() {
        return Body::Empty;
    }
    let is_filled: bool = matches!(lines, Lines::Area | Lines::Stacked);
    let of_now = present.iter().enumerate().map(|(place, series)| drawn(series, style(place), is_filled));
    let series: Vec<Series> = of_now.chain(past.iter().map(|series| drawn(series, 0, false))).collect();
    let panel = paper.panel;
    let plot = Plot {
        series,
        gap_ms: GAP_STEPS * paper.grid.step_ms,
        y: Scale { min: panel.min, max: panel.max, unit: panel.unit, axis: panel.axis },
        marks: marks(lines),
        bands: bands(&panel.judges),
        limits: limits(&panel.judges, paper.locale),
        markers: happened.flags.clone(),
        stretches: happened.stretches.clone(),
        stacked: matches!(lines, Lines::Stacked | Lines::StackedBars),
        ..Plot::new(paper.window.from.0, paper.window.to.0, paper.zone.clone(), paper.locale)
    };
    let n_left_out: usize = not_on_axis(&plot);
    notes.extend((n_left_out > 0).then_some(Note::NotOnAxis { count: n_left_out }));
    Body::Figure { figure: Figure::Plot(plot), legend: panel.legend.clone() }
}

fn marks(lines: Lines) -> Marks {
    match lines {
        Lines::Line | Lines::Area | Lines::Stacked => Marks::Line,
        Lines::Bars | Lines::StackedBars => Marks::Bars,
        Lines::Points => Marks::Points,
    }
}

fn drawn(series: &Named<'_>, style: u8, fill: bool) -> Series {
    Series { name: series.name.clone(), style, points: series.points().collect(), fill }
}

/// The past of what is drawn, and where nothing is there any more, of what was.
fn compared<'s, 'a>(present: &[&Named<'a>], data: &'s Data<'a>) -> Vec<&'s Named<'a>> {
    if present.is_empty() {
        let mut past: Vec<&Named<'a>> = in_order(&data.past, &mut Vec::new());
        past.truncate(MOST_COMPARED);
        return past;
    }
    let n_compared: usize = if present.len() <= MOST_COMPARED { present.len() } else { 1 };
    let is_same = |past: &Named<'a>, now: &Named<'a>| past.query == now.query && past.labels == now.labels;
    let of = |now: &&Named<'a>| data.past.iter().find(|past| is_same(past, now));
    present.iter().take(n_compared).filter_map(of).collect()
}
