//! A living board: each tick of the stream appends its points and moves the span along.

use crate::words::words;
use api::live::{BoardTick, PanelTick, board_topic};
use api::metrics::{Board, PanelView};
use api::pulse::use_pulse;
use chart::{Plot, Series};
use leptos::prelude::*;

/// Lines of one panel; more are never sent.
const MOST_LINES: usize = 8;
/// A line that is still not there after so many tries will not come by asking again.
const MOST_RETRIES: u32 = 12;

/// The plots of a board, moving.
pub struct Following {
    plots: Vec<RwSignal<Plot>>,
}

impl Following {
    /// The board's plots; those of a live board follow the stream for as long as the screen is there. `incomplete` moves when the
    /// stream knows lines that the board does not have yet: the first rates of a new host come seconds after its first sample.
    pub fn new(board: &Board, incomplete: RwSignal<u32>) -> Self {
        let shown = |panel: &PanelView| RwSignal::new(named(panel.plot.clone(), translator(panel)));
        let plots: Vec<RwSignal<Plot>> = board.panels.iter().map(shown).collect();
        if board.live {
            follow(board, &plots, incomplete);
        }
        Self { plots }
    }

    /// The plot of one panel.
    #[must_use]
    pub fn plot(&self, index: usize) -> Signal<Plot> {
        self.plots[index].into()
    }
}

/// From a series' name to the reader's word for it, if there is one.
type Translator = fn(&str) -> Option<&'static str>;

/// Words of ours are translated; a device may be called like one and keeps its name.
fn translator(panel: &PanelView) -> Translator {
    if panel.named { words().series } else { |_| None }
}

/// Series names in the reader's language, where they are words of ours.
fn named(mut plot: Plot, translate: Translator) -> Plot {
    for series in &mut plot.series {
        if let Some(word) = translate(&series.name) {
            series.name = word.to_owned();
        }
    }
    plot
}

fn follow(board: &Board, plots: &[RwSignal<Plot>], incomplete: RwSignal<u32>) {
    let pulse = use_pulse();
    let topic = board_topic(&board.about.name);
    let names = board.panels.iter().map(|panel| (panel.id.clone(), translator(panel)));
    let panels: Vec<((String, Translator), RwSignal<Plot>)> = names.zip(plots.iter().copied()).collect();
    let host = board.about.name.clone();
    Effect::new(move |_: Option<()>| pulse.topics.set(topic.clone()));
    on_cleanup(move || {
        let _ = pulse.topics.try_set(String::new());
    });
    Effect::new(move |_: Option<()>| {
        let Some(tick) = pulse.board.get().filter(|tick| tick.host == host) else { return };
        let known = |id: &str| panels.iter().find(|((have, _), _)| have == id);
        let is_missing = |panel: &PanelTick| match known(&panel.id) {
            None => true,
            Some(((_, translate), plot)) => plot.with_untracked(|plot| lacks_a_line(plot, panel, *translate)),
        };
        if incomplete.get_untracked() < MOST_RETRIES && tick.panels.iter().any(is_missing) {
            incomplete.update(|count| *count += 1);
        }
        for ((id, translate), plot) in &panels {
            plot.update(|plot| append(plot, id, &tick, *translate));
        }
    });
}

/// Whether the stream knows a line that the plot could have and has not.
fn lacks_a_line(plot: &Plot, panel: &PanelTick, translate: Translator) -> bool {
    let has = |name: &str| plot.series.iter().any(|series| series.name == translate(name).unwrap_or(name));
    plot.series.len() < MOST_LINES && panel.values.iter().any(|(name, _)| !has(name))
}

/// Appends a tick's values to the series of those names, and slides the span so that its length stays.
fn append(plot: &mut Plot, id: &str, tick: &BoardTick, translate: Translator) {
    if tick.at.0 <= plot.to_ms {
        return;
    }
    let slide = tick.at.0 - plot.to_ms;
    plot.from_ms += slide;
    plot.to_ms += slide;
    let values = tick.panels.iter().find(|panel| panel.id == id).map_or(&[][..], |panel| &panel.values);
    for (name, value) in values {
        let shown = translate(name).unwrap_or(name);
        if let Some(series) = plot.series.iter_mut().find(|series| series.name == shown) {
            push(series, tick.at.0, *value, plot.from_ms);
        }
    }
}

fn push(series: &mut Series, at: i64, value: f64, from_ms: i64) {
    if series.points.last().is_none_or(|(last, _)| *last < at) {
        series.points.push((at, value));
    }
    // One point before the left edge stays, so that the line still enters from there.
    let n_past = series.points.iter().take_while(|(ms, _)| *ms < from_ms).count();
    series.points.drain(..n_past.saturating_sub(1));
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::{Locale, Zone};
    use model::Time;

    fn plot() -> Plot {
        let series =
            Series { name: "使用中".to_owned(), style: 1, points: vec![(0, 1.0), (50, 2.0), (100, 3.0)], fill: false };
        Plot { series: vec![series], ..Plot::new(0, 100, Zone::utc(), Locale::Ja) }
    }

    fn tick(at: i64) -> BoardTick {
        let panels = vec![PanelTick { id: "memory".to_owned(), values: vec![("used".to_owned(), 9.0)] }];
        BoardTick { host: "a".to_owned(), at: Time(at), panels }
    }

    #[test]
    fn a_tick_appends_and_the_span_keeps_its_length() {
        let mut plot = plot();
        append(&mut plot, "memory", &tick(160), |name| (name == "used").then_some("使用中"));
        assert_eq!((plot.from_ms, plot.to_ms), (60, 160));
        assert_eq!(plot.series[0].points, [(50, 2.0), (100, 3.0), (160, 9.0)]);
    }

    #[test]
    fn a_line_that_only_the_stream_knows_is_missed() {
        let known = PanelTick { id: "memory".to_owned(), values: vec![("使用中".to_owned(), 9.0)] };
        let unknown = PanelTick { id: "memory".to_owned(), values: vec![("swap".to_owned(), 1.0)] };
        assert!(!lacks_a_line(&plot(), &known, |_| None));
        assert!(lacks_a_line(&plot(), &unknown, |_| None));
    }

    #[test]
    fn an_old_tick_changes_nothing() {
        let mut plot = plot();
        append(&mut plot, "memory", &tick(100), |_| None);
        assert_eq!(plot, self::plot());
    }
}
