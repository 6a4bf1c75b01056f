//! Which state each series was in: stretches of equal values.

use super::data::Data;
use super::judging::judged;
use super::series::{Named, in_order, style};
use super::{Paper, figure};
use chart::{Figure, Lane, StateSpan, States};
use dashboard::{Body, Note, Said};

/// What is fine and quiet.
const FINE: u8 = 0;
/// The worst severity; the others follow.
const WORST: u8 = 101;
/// Values nearer to each other than this share of their size are one state.
const ALIKE: f64 = 1e-9;

pub(super) fn body(paper: &Paper<'_>, names: &[(f64, Said)], data: &Data<'_>, notes: &mut Vec<Note>) -> Body {
    let chosen: Vec<&Named<'_>> = in_order(&data.series, notes);
    if chosen.is_empty() {
        return Body::Empty;
    }
    let known = Known::of(paper, names, &chosen);
    let lanes = chosen.iter().map(|series| Lane { name: series.name.clone(), spans: spans(paper, &known, series) }).collect();
    figure(Figure::States(States {
        from_ms: paper.window.from.0,
        to_ms: paper.window.to.0,
        lanes,
        zone: paper.zone.clone(),
        locale: paper.locale,
    }))
}

/// What values are called and how they look, on all lanes alike.
struct Known<'a> {
    paper: &'a Paper<'a>,
    names: &'a [(f64, Said)],
    /// Values without a name, ascending.
    nameless: Vec<f64>,
}

impl<'a> Known<'a> {
    fn of(paper: &'a Paper<'a>, names: &'a [(f64, Said)], chosen: &[&Named<'_>]) -> Self {
        let mut known = Self { paper, names, nameless: Vec::new() };
        let finite = chosen.iter().flat_map(|series| series.points()).map(|(_, value)| value).filter(|value| value.is_finite());
        let mut nameless: Vec<f64> = finite.filter(|value| known.named(*value).is_none()).collect();
        nameless.sort_unstable_by(f64::total_cmp);
        nameless.dedup();
        known.nameless = nameless;
        known
    }

    /// The place of a value among the names.
    fn named(&self, value: f64) -> Option<usize> {
        self.names.iter().position(|(known, _)| (known - value).abs() <= ALIKE * value.abs().max(1.0))
    }

    /// What is said of a value, and its look. Where there are thresholds they alone judge; elsewhere every state has a colour.
    fn state(&self, value: f64) -> (String, u8) {
        let panel = self.paper.panel;
        let named: Option<usize> = self.named(value);
        let said: &str = named.and_then(|place| self.names.get(place)).map_or("", |(_, said)| said.read(self.paper.locale));
        let label: String =
            if said.is_empty() { figures::value(value, panel.unit, self.paper.locale).joined() } else { said.to_owned() };
        if !panel.judges.is_empty() {
            return (label, judged(&panel.judges, value).map_or(FINE, |severity| WORST + severity.level()));
        }
        let behind = || self.nameless.partition_point(|other| *other < value);
        (label, style(named.unwrap_or_else(|| self.names.len() + behind())))
    }
}

/// A value holds until the next step. Where that has none, nothing is known.
fn spans(paper: &Paper<'_>, known: &Known<'_>, series: &Named<'_>) -> Vec<StateSpan> {
    let mut spans: Vec<StateSpan> = Vec::new();
    for (ms, value) in series.points().filter(|(_, value)| value.is_finite()) {
        let from_ms: i64 = ms.max(paper.window.from.0);
        let to_ms: i64 = ms.saturating_add(paper.grid.step_ms).min(paper.window.to.0);
        if to_ms <= from_ms {
            continue;
        }
        let (label, style) = known.state(value);
        match spans.last_mut() {
            Some(last) if last.to_ms >= from_ms && last.style == style && last.label == label => last.to_ms = to_ms,
            _ => spans.push(StateSpan { from_ms, to_ms, label, style }),
        }
    }
    spans
}
