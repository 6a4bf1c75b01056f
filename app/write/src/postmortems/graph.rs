//! Graphs that were kept with a postmortem, drawn again for any stretch of them: from what was kept, whether the samples still exist or not.

use super::one::Acts;
use super::said::moment_text;
use crate::report::{attempt, was_tried};
use crate::screen::{hidden, is_narrow, seen};
use crate::words::postmortems::postmortem_words;
use api::postmortems::view::{GraphName, GraphView, PostmortemView};
use chart::Size;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::ids::IncidentId;
use model::{Time, links};
use ui::attempt::{Attempt, Named};
use ui::button::Button;
use ui::chart::ServerPainter;
use ui::context::use_look;
use ui::field::Line;
use ui::icon::{Icon, IconName};
use ui::part::Part;

/// The size of a graph where the window is wide, and where it is narrow.
const WIDE: Size = Size { width: 720.0, height: 240.0 };
const NARROW: Size = Size { width: 330.0, height: 200.0 };
/// Into so many parts a stretch is cut that one can look at by themselves.
const PARTS: i64 = 6;
/// A stretch shows at least so many points.
const LEAST_STEPS: i64 = 4;

/// The graph that is looked at, if one is.
pub fn graph(view: &PostmortemView) -> Option<AnyView> {
    let words = postmortem_words();
    let graph: &GraphView = view.graph.as_ref()?;
    let incident: IncidentId = view.line.incident;
    let (title, name): (String, String) = (graph.title.clone(), graph.title.clone());
    let caption: String = (words.kept_by)(&graph.kept_by, &moment_text(graph.kept_at));
    let shown: String = (words.stretch)(&moment_text(Time(graph.plot.from_ms)), &moment_text(Time(graph.plot.to_ms)));
    Some(
        view! {
            <section class="zoom" id="graph" aria-label=name>
                <header class="zoom__head">
                    <h2>{title}</h2>
                    <p class="zoom__stretch" role="status">{shown}</p>
                </header>
                {painted(graph)}
                {parts(graph, incident)}
                <p class="zoom__ways">{ways(graph, incident)}</p>
                <p class="zoom__caption">
                    <Icon name=IconName::Lock />
                    <span>{caption}</span>
                    <a class="link" href=links::explore(&graph.query, "")>{words.measure_now}</a>
                    <a class="link" href=links::postmortem(incident)>{words.back_to_text}</a>
                </p>
            </section>
        }
        .into_any(),
    )
}

fn painted(graph: &GraphView) -> AnyView {
    let size: Size = if is_narrow() { NARROW } else { WIDE };
    let label: String = chart::spoken(&graph.plot, &graph.title);
    let drawing: Option<String> = use_context::<ServerPainter>().map(|painter| painter.0(&graph.plot, size, &label));
    view! { <div class="zoom__paper" inner_html=drawing.unwrap_or_default()></div> }.into_any()
}

/// A stretch of time, in milliseconds since 1970.
type Stretch = (i64, i64);

/// What of a stretch lies within all that was kept; at least a few points wide.
fn within(from: i64, until: i64, graph: &GraphView) -> Stretch {
    let least: i64 = (graph.step_ms * LEAST_STEPS).min(graph.until.0 - graph.from.0).max(1);
    let length: i64 = (until - from).clamp(least, (graph.until.0 - graph.from.0).max(least));
    let begin: i64 = from.clamp(graph.from.0, (graph.until.0 - length).max(graph.from.0));
    (begin, begin + length)
}

/// Where one can go from a stretch: nearer, wider, earlier, later; nothing that changes nothing.
fn stretches(graph: &GraphView) -> [Option<Stretch>; 4] {
    let (from, until): Stretch = (graph.plot.from_ms, graph.plot.to_ms);
    let (length, middle): (i64, i64) = (until - from, from + (until - from) / 2);
    let all: [Stretch; 4] = [
        within(middle - length / 4, middle + length / 4, graph),
        within(middle - length, middle + length, graph),
        within(from - length / 2, until - length / 2, graph),
        within(from + length / 2, until + length / 2, graph),
    ];
    let mut all: [Option<Stretch>; 4] = all.map(|stretch| Some(stretch).filter(|stretch| *stretch != (from, until)));
    // Where only a few points are left, nothing is nearer.
    all[0] = all[0].filter(|(from, until)| until - from < length);
    all
}

/// Each part of the stretch, below its place in the drawing: one click looks into it.
fn parts(graph: &GraphView, incident: IncidentId) -> Option<AnyView> {
    let words = postmortem_words();
    let (from, until): Stretch = (graph.plot.from_ms, graph.plot.to_ms);
    let length: i64 = (until - from) / PARTS;
    if length < graph.step_ms * LEAST_STEPS {
        return None;
    }
    let look = use_look();
    let part = |place: i64| {
        let begin: i64 = from + place * length;
        let end: i64 = if place + 1 == PARTS { until } else { begin + length };
        let clock = |ms: i64| figures::short_time(ms, &look.zone);
        let (href, label): (String, String) = (
            links::postmortem_graph(incident, &graph.id, Some((begin, end))),
            format!("{}: {}", words.zoom, (words.stretch)(&clock(begin), &clock(end))),
        );
        view! { <li><a class="zoom__part" href=href aria-label=label>{clock(begin)}</a></li> }.into_any()
    };
    let all: Vec<AnyView> = (0..PARTS).map(part).collect();
    Some(view! { <ol class="zoom__parts" aria-label=words.parts>{all}</ol> }.into_any())
}

fn ways(graph: &GraphView, incident: IncidentId) -> Vec<AnyView> {
    let words = postmortem_words();
    let names: [&'static str; 4] = [words.nearer, words.wider, words.earlier, words.later];
    let mut all: Vec<AnyView> = Vec::new();
    for (stretch, name) in stretches(graph).into_iter().zip(names) {
        if let Some(stretch) = stretch {
            let href: String = links::postmortem_graph(incident, &graph.id, Some(stretch));
            all.push(view! { <a class="button button--row" href=href>{name}</a> }.into_any());
        }
    }
    if (graph.plot.from_ms, graph.plot.to_ms) != (graph.from.0, graph.until.0) {
        let href: String = links::postmortem_graph(incident, &graph.id, None);
        all.push(view! { <a class="button button--row" href=href>{words.whole}</a> }.into_any());
    }
    all
}

/// All that were kept, and the form that keeps another.
pub fn graphs(view: &PostmortemView, acts: Acts) -> AnyView {
    let words = postmortem_words();
    let lines: Vec<AnyView> = view.graphs.iter().map(|one| name(one, view.line.incident)).collect();
    let form: Option<AnyView> = view.can_write.then(|| form(view, acts));
    let count = (!view.graphs.is_empty()).then(|| view.graphs.len().to_string());
    let inside = view! {
        <p class="postmortem__hint">{words.graphs_hint}</p>
        <ul class="postmortem__list">{lines}</ul>
        {form}
    };
    view! { <Part title=words.graphs.to_owned() count=count id="graphs">{inside}</Part> }.into_any()
}

fn name(one: &GraphName, incident: IncidentId) -> AnyView {
    let words = postmortem_words();
    let short: String = one.id.chars().take(12).collect();
    let (href, title): (String, String) = (links::postmortem_graph(incident, &one.id, None), one.title.clone());
    let hint: String = (words.graph_in_text)(&one.id);
    let moment: String = moment_text(one.kept_at);
    let (id, told, when): (String, String, String) = (one.id.clone(), title.clone(), moment.clone());
    // The editor offers what is listed here (`editor/src/graphs.js`).
    view! {
        <li data-graph=id data-title=told data-moment=when>
            <a class="link" href=href>{title}</a>
            " "
            <span class="mute">{moment}</span>
            " "
            <details class="postmortem__code">
                <summary class="mute">{short}</summary>
                <code>{hint}</code>
            </details>
        </li>
    }
    .into_any()
}

fn form(view: &PostmortemView, acts: Acts) -> AnyView {
    let words = postmortem_words();
    let places: Vec<Named> = vec![
        Named::new("title", "keep-title", words.graph_title),
        Named::new("query", "keep-query", words.query),
        Named::new("from", "keep-from", words.from),
        Named::new("until", "keep-until", words.until),
    ];
    let attempt: Attempt = attempt(acts.graph, places);
    let head: Vec<AnyView> =
        vec![hidden("wish[incident]", &view.line.incident.0.to_string()), seen("wish[version]", view.version)];
    let text = |id: &str, name: &str, label: &'static str, kind: &'static str, required: bool| {
        attempt.line(Line { kind, required, ..Line::new(id, name, label) })
    };
    let fields: Vec<AnyView> = vec![
        text("keep-title", "wish[title]", words.graph_title, "text", true),
        attempt.area(Named::new("wish[query]", "keep-query", words.query), String::new(), ""),
        text("keep-from", "wish[from]", words.from, "datetime-local", false),
        text("keep-until", "wish[until]", words.until, "datetime-local", false),
    ];
    let (refused, is_open): (AnyView, bool) = (attempt.refused(), was_tried(&attempt));
    view! {
        <details class="postmortem__more" open=is_open>
            <summary class="button button--quiet">{words.keep_graph}</summary>
            <ActionForm action=acts.graph attr:class="form">
                {refused}
                {head}
                {fields}
                <p class="field__hint">{words.keep_graph_hint}</p>
                <div class="form__foot"><Button kind="submit">{words.keep_graph_do}</Button></div>
            </ActionForm>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chart::Plot;
    use figures::{Locale, Zone};

    const MINUTE: i64 = 60_000;

    fn shown(from: i64, until: i64) -> GraphView {
        GraphView {
            id: "ab".to_owned(),
            title: "エラー率".to_owned(),
            query: "up".to_owned(),
            from: Time(0),
            until: Time(60 * MINUTE),
            step_ms: MINUTE,
            kept_by: "佐藤".to_owned(),
            kept_at: Time(0),
            plot: Plot::new(from, until, Zone::utc(), Locale::Ja),
        }
    }

    #[test]
    fn a_stretch_stays_within_what_was_kept() {
        let all: GraphView = shown(0, 60 * MINUTE);
        assert_eq!(stretches(&all), [Some((15 * MINUTE, 45 * MINUTE)), None, None, None]);
        let part: GraphView = shown(10 * MINUTE, 20 * MINUTE);
        assert_eq!(stretches(&part)[1], Some((5 * MINUTE, 25 * MINUTE)));
        assert_eq!(stretches(&part)[2], Some((5 * MINUTE, 15 * MINUTE)));
        let end: GraphView = shown(50 * MINUTE, 60 * MINUTE);
        assert_eq!(stretches(&end)[3], None, "nothing was kept after it");
        let least: GraphView = shown(0, 4 * MINUTE);
        assert_eq!(stretches(&least)[0], None, "a few points are the least");
    }

    #[test]
    fn a_kept_graph_says_what_the_editor_offers() {
        let owner = Owner::new();
        owner.set();
        let one = GraphName { id: "ab12".to_owned(), title: "エラー率".to_owned(), kept_at: Time(0) };
        let html: String = name(&one, IncidentId(42)).to_html();
        for said in ["data-graph=\"ab12\"", "data-title=\"エラー率\"", "data-moment=\""] {
            assert!(html.contains(said), "{said}: {html}");
        }
    }

    #[test]
    fn every_part_of_a_graph_has_its_address() {
        let owner = Owner::new();
        owner.set();
        let html: String = parts(&shown(0, 60 * MINUTE), IncidentId(42)).map(|all| all.to_html()).unwrap_or_default();
        assert_eq!(html.matches("zoom__part\"").count(), 6, "{html}");
        assert!(html.contains("from=600000&amp;until=1200000") || html.contains("from=600000&until=1200000"), "{html}");
        assert!(parts(&shown(0, 10 * MINUTE), IncidentId(42)).is_none(), "too little to be cut");
    }
}
