//! The answers: graphs, and a table for each query; or how to begin.

use super::address::{Address, letter};
use super::table::table;
use crate::words::explore::explore_words;
use crate::words::{locale, words};
use api::explore::{ExploreAnswer, ExploreColumn, ExploreFault, ExploreView};
use api::live::explore_figure;
use api::viewer::Viewer;
use chart::{Figure, Plot, Size};
use leptos::prelude::*;
use ui::chart::LegendColumn;
use ui::context::{Look, use_look};
use ui::empty::Empty;
use ui::figure::ServedFigure;
use ui::part::Part;

/// A graph's size on a wide screen, where two stand side by side, and on a phone.
const WIDE: Size = Size { width: 1176.0, height: 320.0 };
const HALF: Size = Size { width: 576.0, height: 260.0 };
const NARROW: Size = Size { width: 358.0, height: 260.0 };
/// More lines than this their table tells better than a legend between it and the graph.
const MOST_IN_LEGEND: usize = 12;

const DAY_MS: i64 = 86_400_000;

pub(super) fn results(view: &ExploreView, address: &Address) -> AnyView {
    if !address.is_asking() {
        return examples(address);
    }
    let size: Size = match (expect_context::<Viewer>().narrow, view.columns.len()) {
        (true, _) => NARROW,
        (false, 1) => WIDE,
        (false, _) => HALF,
    };
    let class: &'static str = if view.columns.len() > 1 { "explore__columns explore__columns--two" } else { "explore__columns" };
    let columns: Vec<AnyView> =
        view.columns.iter().enumerate().map(|(index, found)| column(index, found, size, address)).collect();
    view! { <div class=class>{columns}</div> }.into_any()
}

fn column(index: usize, found: &ExploreColumn, size: Size, address: &Address) -> AnyView {
    let several: bool = found.answers.iter().filter(|answer| !answer.is_hidden).count() > 1;
    let plots: Vec<AnyView> = found.plots.iter().map(|plot| picture(figure_key(index, plot), plot, size)).collect();
    let asked = found.answers.iter().enumerate().filter(|(_, answer)| !answer.is_hidden);
    let answers: Vec<AnyView> = asked.map(|(place, one)| answer(place, one, several, address)).collect();
    let when: String = when(found, address.query.instant, &use_look());
    view! {
        <section class="explore__answer" aria-label=when>
            {head(found, address.query.instant)}
            {plots}
            {answers}
        </section>
    }
    .into_any()
}

/// The stream moves those of the first column, whose span may end now.
fn figure_key(column: usize, plot: &Plot) -> String {
    let key: String = explore_figure(plot.y.unit);
    if column == 0 { key } else { format!("{key}-{column}") }
}

fn picture(key: String, plot: &Plot, size: Size) -> AnyView {
    let label: String = chart::spoken(plot, explore_words().chart);
    let legend: Vec<LegendColumn> = if plot.series.len() <= MOST_IN_LEGEND { LegendColumn::USUAL.to_vec() } else { Vec::new() };
    view! { <ServedFigure key=key figure=Figure::Plot(plot.clone()) size=size label=label legend=legend /> }.into_any()
}

/// When it is about, and in which steps.
fn head(found: &ExploreColumn, instant: bool) -> AnyView {
    let look: Look = use_look();
    let step: Option<String> = (!instant).then(|| (explore_words().step)(&figures::duration(found.step_ms, locale())));
    let past: Option<String> = (!found.live).then(|| format!("{} ", words().not_live));
    let (when, zone): (String, String) = (when(found, instant, &look), look.zone.abbreviation);
    view! {
        <p class="explore__head">
            <span>{step}</span>
            <span class="board__when">{past}<b>{when}</b> " " {zone}</span>
        </p>
    }
    .into_any()
}

/// The moment or the span that the answers are about. From a day on both ends name their day.
fn when(found: &ExploreColumn, instant: bool, look: &Look) -> String {
    let until: String = figures::day_time(found.to.0, &look.zone, look.locale);
    if instant {
        return until;
    }
    let from: String = figures::day_time(found.from.0, &look.zone, look.locale);
    let is_long: bool = found.to.since(found.from) >= DAY_MS;
    let until: String = if is_long { until } else { figures::short_time(found.to.0, &look.zone) };
    format!("{from} – {until}")
}

fn answer(place: usize, found: &ExploreAnswer, several: bool, address: &Address) -> AnyView {
    let said = explore_words();
    let title: String = if several { (said.query)(letter(place)) } else { said.series.to_owned() };
    let facts: Option<String> = (found.error.is_none() && found.text.is_none()).then(|| facts(found));
    let (notes, body): (Option<AnyView>, AnyView) = (notes(found, address), matter(place, found, title.clone(), address));
    view! { <Part title=title count=facts>{notes} {body}</Part> }.into_any()
}

/// How much there is, and how much of it is drawn.
fn facts(found: &ExploreAnswer) -> String {
    let said = explore_words();
    if found.n_drawn > 0 && found.n_drawn < found.series_total {
        return (said.drawn)(found.n_drawn, found.series_total);
    }
    (said.n_series)(found.series_total)
}

/// The series, or why there are none.
fn matter(place: usize, found: &ExploreAnswer, title: String, address: &Address) -> AnyView {
    let said = explore_words();
    match (&found.error, &found.text) {
        // The field says the rest, where it stands.
        (Some(error), _) if error.fault == ExploreFault::Syntax => view! { <p class="soft">{said.not_run}</p> }.into_any(),
        (Some(_), _) => view! { <p class="soft">{said.refused}</p> }.into_any(),
        (None, Some(text)) => view! { <p><code>{text.clone()}</code></p> }.into_any(),
        (None, None) if found.rows.is_empty() => view! { <Empty title=said.nothing say=said.nothing_hint /> }.into_any(),
        (None, None) => table(found, u32::try_from(place + 1).unwrap_or(u32::MAX), title, address),
    }
}

/// What the reader should know about an answer.
fn notes(found: &ExploreAnswer, address: &Address) -> Option<AnyView> {
    let said = explore_words();
    let is_forced: bool = found.instant && !address.query.instant && found.error.is_none();
    let forced: Option<String> = is_forced.then(|| said.only_instant.to_owned());
    let all: Vec<String> = forced.into_iter().chain(found.warnings.iter().cloned()).collect();
    if all.is_empty() {
        return None;
    }
    let lines: Vec<AnyView> = all.into_iter().map(|text| view! { <li>{text}</li> }.into_any()).collect();
    Some(view! { <ul class="explore__notes" aria-label=said.notes>{lines}</ul> }.into_any())
}

/// Questions to begin with.
fn examples(address: &Address) -> AnyView {
    let said = explore_words();
    let one = |(what, expression): (&'static str, &'static str)| {
        let href: String = address.with_only(expression).href();
        view! { <li><a class="link" href=href>{what}</a><code class="explore__example">{expression}</code></li> }.into_any()
    };
    let list: Vec<AnyView> = said.examples.into_iter().map(one).collect();
    view! {
        <Empty title=said.empty say=said.empty_hint>
            <ul class="explore__examples">{list}</ul>
        </Empty>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::explore::ExploreError;
    use figures::{Locale, Unit, Zone};
    use model::Time;

    fn found(to: i64) -> ExploreColumn {
        ExploreColumn {
            from: Time(0),
            to: Time(to),
            step_ms: 5_000,
            live: true,
            plots: Vec::new(),
            answers: vec![ExploreAnswer { series_total: 3, ..ExploreAnswer::default() }],
        }
    }

    #[test]
    fn a_span_names_its_days_when_it_is_long() {
        let look = Look { zone: Zone::utc(), locale: Locale::En, ..Look::default() };
        assert_eq!(when(&found(3_600_000), false, &look), "1 Jan, 00:00 – 01:00");
        assert_eq!(when(&found(2 * DAY_MS), false, &look), "1 Jan, 00:00 – 3 Jan, 00:00");
        assert_eq!(when(&found(3_600_000), true, &look), "1 Jan, 01:00");
    }

    #[test]
    fn the_stream_knows_the_graphs_of_the_span_that_ends_now() {
        let plot = Plot::new(0, 1, Zone::utc(), Locale::En);
        assert_eq!((figure_key(0, &plot), figure_key(1, &plot)), (explore_figure(Unit::None), "explore-none-1".to_owned()));
    }

    #[test]
    fn a_query_that_failed_leaves_the_others() {
        let owner = Owner::new();
        owner.set();
        let address = Address::read("q=rate(&q=up", &Zone::utc());
        let error = ExploreError { fault: ExploreFault::Syntax, message: String::new(), span: None, line: 1, column: 1 };
        let failed = ExploreAnswer { error: Some(error), ..ExploreAnswer::default() };
        let both = ExploreColumn { answers: vec![failed, found(0).answers[0].clone()], ..found(3_600_000) };
        let html: String = column(0, &both, WIDE, &address).to_html();
        assert!(html.contains("実行していません") && html.contains("式 B") && html.contains("3 系列"), "{html}");
    }

    #[test]
    fn who_asks_nothing_is_shown_how_to_begin() {
        let owner = Owner::new();
        owner.set();
        let html: String = examples(&Address::read("range=6h", &Zone::utc())).to_html();
        assert!(html.contains("/explore?q=node_memory_MemAvailable_bytes&amp;range=6h"), "{html}");
    }
}
