//! What a panel shows: a figure, numbers, gauges, a table, a text; and what failed or was left out of it.

use super::gauges::gauges;
use super::number::Manner;
use super::stats::stats;
use super::table::table;
use super::troubles::{notes, troubles};
use crate::words::dashboards::board_words;
use api::Viewer;
use api::explore::MOST_QUERIES;
use chart::{Figure, Size};
use dashboard::{Body, Legend, ShownPanel};
use leptos::prelude::*;
use model::links::dashboards as ways;
use ui::chart::LegendColumn;
use ui::figure::ServedFigure;

/// A column of 24 where the board is as wide as it was drawn for, and a grid row.
const COLUMN_PX: f64 = 1_160.0 / 24.0;
const ROW_PX: f64 = 40.0;
/// At both sides of a panel.
const EDGE_PX: f64 = 32.0;
/// Its head with the room around it. This and the legend stay as they are where a narrower sheet makes the rows lower, so there is some to spare.
const HEAD_PX: f64 = 52.0;
/// The head of a legend, and each of its lines; so many of them are seen without scrolling.
const LEGEND_PX: f64 = 28.0;
const LINE_PX: f64 = 28.0;
const MOST_LINES: usize = 4;
/// A legend beside its curves, with the room between them: below them it would leave a low panel none.
const ASIDE_PX: f64 = 236.0;
/// From so many columns on a panel has the room for one.
const ASIDE_COLUMNS: u8 = 10;
/// Left free below a picture that is only looked at, and for each line of notes.
const STILL_PX: f64 = 8.0;
const NOTE_PX: f64 = 22.0;
/// On a phone panels stand below each other, as wide as it is.
const PHONE_PX: f64 = 358.0;
const PHONE_MOST_PX: f64 = 320.0;
/// No figure is lower.
const LEAST_PX: f64 = 88.0;

/// A panel below its head. `prose` is the HTML of a panel of text, and `span` what the board shows.
pub fn body(panel: &ShownPanel, prose: &str, span: (i64, i64)) -> AnyView {
    view! {
        {troubles(panel)}
        {matter(panel, prose, span)}
        {notes(&panel.notes)}
    }
    .into_any()
}

fn matter(panel: &ShownPanel, prose: &str, span: (i64, i64)) -> AnyView {
    match &panel.body {
        // Why there is nothing stands above it already.
        Body::Empty if !panel.troubles.is_empty() => ().into_any(),
        Body::Empty => view! { <p class="tile__none">{board_words().no_data}</p> }.into_any(),
        Body::Figure { figure, legend } => drawn(panel, figure, legend),
        Body::Stats(all) => stats(all, Manner::of(panel), span),
        Body::Gauges(all) => gauges(&panel.key, all, under_name(size(panel, 0))),
        Body::Table(found) => table(found, Manner::of(panel), title(panel)),
        Body::Text(_) => {
            let (html, label): (String, String) = (prose.to_owned(), title(panel));
            // It may be long: then it is scrolled, which needs no mouse.
            view! { <div class="prose prose--small tile__text" tabindex="0" role="group" aria-label=label inner_html=html></div> }
                .into_any()
        }
    }
}

/// What a panel is called where it has to be called something.
#[must_use]
pub fn title(panel: &ShownPanel) -> String {
    if panel.title.trim().is_empty() { board_words().untitled.to_owned() } else { panel.title.clone() }
}

fn drawn(panel: &ShownPanel, figure: &Figure, legend: &[Legend]) -> AnyView {
    let n_lines: usize = match figure {
        Figure::Plot(plot) if !legend.is_empty() => plot.series.len(),
        _ => 0,
    };
    let columns: Vec<LegendColumn> = legend.iter().copied().map(column).collect();
    // What can be touched can also be scrolled to by key; a picture that is only looked at has to fit, and what is noted below it.
    let is_still: bool = !matches!(figure, Figure::Plot(_));
    let mut size: Size = size(panel, n_lines);
    if is_still {
        size.height = (size.height - STILL_PX - NOTE_PX * panel.notes.len() as f64).max(LEAST_PX);
    }
    let (figure, key): (Figure, String) = (figure.clone(), panel.key.clone());
    let label: String = chart::spoken_figure(&figure, &title(panel));
    let drawn = view! { <ServedFigure key=key figure=figure size=size label=label legend=columns around=around(panel) /> };
    if n_lines > 0 && is_aside(panel) { view! { <div class="tile__aside">{drawn}</div> }.into_any() } else { drawn.into_any() }
}

/// Where all it asks is asked anew around a moment; empty where it asks nothing.
fn around(panel: &ShownPanel) -> String {
    let exprs: Vec<&str> =
        panel.exprs.iter().map(|expr| expr.trim()).filter(|expr| !expr.is_empty()).take(MOST_QUERIES).collect();
    if exprs.is_empty() { String::new() } else { ways::explore_around(exprs) }
}

/// Whether a legend stands beside the curves, where the board is as wide as it was drawn for.
fn is_aside(panel: &ShownPanel) -> bool {
    panel.width >= ASIDE_COLUMNS
}

fn column(legend: Legend) -> LegendColumn {
    match legend {
        Legend::Last => LegendColumn::Last,
        Legend::Min => LegendColumn::Least,
        Legend::Max => LegendColumn::Most,
        Legend::Mean => LegendColumn::Mean,
        Legend::P95 => LegendColumn::P95,
    }
}

/// Below a gauge stands what it is called.
fn under_name(size: Size) -> Size {
    Size { height: (size.height - STILL_PX - NOTE_PX).max(LEAST_PX), ..size }
}

/// How large the figure of a panel is drawn. Its legend stands beside it or below it, in the same rows.
fn size(panel: &ShownPanel, n_lines: usize) -> Size {
    let legend_px: f64 = if n_lines == 0 { 0.0 } else { LEGEND_PX + LINE_PX * n_lines.min(MOST_LINES) as f64 };
    let room: f64 = f64::from(panel.height) * ROW_PX - HEAD_PX;
    if use_context::<Viewer>().is_some_and(|viewer| viewer.narrow) {
        return Size { width: PHONE_PX, height: (room - legend_px).clamp(LEAST_PX, PHONE_MOST_PX) };
    }
    let width: f64 = f64::from(panel.width.clamp(1, 24)) * COLUMN_PX - EDGE_PX;
    if n_lines > 0 && is_aside(panel) {
        return Size { width: width - ASIDE_PX, height: room.max(LEAST_PX) };
    }
    Size { width: width.max(LEAST_PX), height: (room - legend_px).max(LEAST_PX) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chart::{Plot, Series};
    use dashboard::{Note, Trouble};
    use figures::{Locale, Zone};

    fn panel(body: Body) -> ShownPanel {
        ShownPanel { key: "cpu~a".to_owned(), title: "CPU".to_owned(), width: 8, height: 7, body, ..ShownPanel::default() }
    }

    fn html(panel: &ShownPanel) -> String {
        body(panel, "<p>drawn</p>", (0, 60_000)).to_html()
    }

    #[test]
    fn a_figure_is_as_large_as_its_columns_and_rows_and_leaves_room_for_its_legend() {
        let owner = Owner::new();
        owner.set();
        let alone: Size = size(&panel(Body::Empty), 0);
        assert_eq!((alone.width.round(), alone.height), (355.0, 228.0));
        assert_eq!(size(&panel(Body::Empty), 90).height, 228.0 - 28.0 - 112.0);
        let broad = ShownPanel { width: 12, ..panel(Body::Empty) };
        let beside: Size = size(&broad, 90);
        assert_eq!((beside.width.round(), beside.height), (312.0, 228.0), "its legend stands beside it");
        assert_eq!(size(&ShownPanel { height: 2, ..panel(Body::Empty) }, 3).height, LEAST_PX);
    }

    #[test]
    fn a_plot_is_taken_over_by_its_key() {
        let owner = Owner::new();
        owner.set();
        let series = Series { name: "a<b".to_owned(), style: 1, points: vec![(0, 1.0), (60_000, 2.0)], fill: false };
        let plot = Plot { series: vec![series], ..Plot::new(0, 60_000, Zone::utc(), Locale::Ja) };
        let figure = Body::Figure { figure: Figure::Plot(plot), legend: vec![Legend::Last, Legend::P95] };
        let html: String = html(&panel(figure));
        assert!(html.contains("data-figure=\"cpu~a\"") && html.contains("data-columns=\"lp\""), "{html}");
        assert!(!html.contains("data-around"), "who asks nothing leads nowhere: {html}");
    }

    #[test]
    fn all_that_a_panel_asks_is_asked_anew_around_a_moment() {
        let exprs = ["a ", " ", "b{c=\"d\"}"].map(str::to_owned).to_vec();
        let way: String = around(&ShownPanel { exprs, ..panel(Body::Empty) });
        assert_eq!(way, "/explore?q=a&q=b%7Bc%3D%22d%22%7D&from={from}&to={to}");
        let many: Vec<String> = (0..20).map(|place| format!("a{place}")).collect();
        assert_eq!(around(&ShownPanel { exprs: many, ..panel(Body::Empty) }).matches("q=").count(), MOST_QUERIES);
        assert!(around(&panel(Body::Empty)).is_empty());
    }

    #[test]
    fn nothing_says_so_unless_what_failed_does() {
        let owner = Owner::new();
        owner.set();
        assert!(html(&panel(Body::Empty)).contains("データがありません"));
        let failed = ShownPanel { troubles: vec![Trouble::default()], ..panel(Body::Empty) };
        assert!(!html(&failed).contains("データがありません") && html(&failed).contains("式が正しくありません"));
        let noted = ShownPanel { notes: vec![Note::NotShares], ..panel(Body::Empty) };
        assert!(html(&noted).contains(board_words().not_shares));
    }

    #[test]
    fn a_text_is_the_html_the_server_made_and_never_what_was_written() {
        let owner = Owner::new();
        owner.set();
        let html: String = html(&panel(Body::Text("<script>".to_owned())));
        assert!(html.contains("<p>drawn</p>") && !html.contains("<script>"), "{html}");
    }
}
