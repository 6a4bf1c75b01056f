//! A host's board: one sheet, ruled into panels, a needle through all of them.

mod range;

use crate::words::{Words, locale, words};
use api::absence::note_absence;
use api::live::board_topic;
use api::metrics::{Board, BoardQuery, HostAbout, PanelView, host_board};
use api::viewer::Viewer;
use api::{ApiError, ask};
use chart::{Figure, Size};
use figures::Unit;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use model::links;
use range::Range;
use ui::button::ButtonLink;
use ui::chart::LegendColumn;
use ui::context::use_here;
use ui::empty::{Empty, ErrorState};
use ui::figure::ServedFigure;
use ui::loaded::loaded;
use ui::shape::Shape;

/// A panel's size where three stand in a row, and on a phone.
const PANEL: Size = Size { width: 366.0, height: 170.0 };
const PANEL_NARROW: Size = Size { width: 358.0, height: 180.0 };

/// The screen at `/hosts/:host`.
#[component]
pub fn HostScreen() -> impl IntoView {
    let query = asked();
    let data = ask(move || query.get(), host_board);
    view! {
        // Plain text, written anew for another host: the server asks for the title when the screen's signals may be gone.
        {move || view! { <Title text=query.with(|query| query.host.clone()) /> }}
        {loaded(data, move |board| view! { <Sheet board=board query=query /> }.into_any(), failed)}
    }
}

/// Which host and when, as the address has it.
fn asked() -> Memo<BoardQuery> {
    let (params, map) = (use_params_map(), use_query_map());
    Memo::new(move |_| {
        let map = map.get();
        let number = |name: &str| map.get(name).and_then(|text| text.parse().ok());
        BoardQuery {
            host: params.with(|params| params.get("host").unwrap_or_default()),
            range: map.get("range").filter(|word| !word.is_empty()),
            from: number("from"),
            to: number("to"),
        }
    })
}

/// What happened, what it means, what to do.
pub fn failed(error: &ApiError) -> AnyView {
    let words = words();
    if *error == ApiError::SignedOut {
        return signed_out(words);
    }
    let (what, action) = match error {
        ApiError::NotFound { .. } => {
            note_absence();
            (words.not_found, words.not_found_hint)
        }
        ApiError::Invalid { .. } => (words.failed, words.invalid_hint),
        _ => (words.failed, words.failed_hint),
    };
    view! {
        <ErrorState what=what means=(words.refusal)(error) action=action>
            <ButtonLink href=links::HOSTS.to_owned()>{words.hosts}</ButtonLink>
        </ErrorState>
    }
    .into_any()
}

/// The way to sign in, and back here. The server renders that screen, so the router must leave it alone.
fn signed_out(words: &'static Words) -> AnyView {
    let href = links::sign_in_again(&use_here());
    view! {
        <ErrorState what=words.signed_out means=(words.refusal)(&ApiError::SignedOut) action=words.signed_out_hint>
            <ButtonLink href=href rel="external">{words.sign_in}</ButtonLink>
        </ErrorState>
    }
    .into_any()
}

#[component]
fn Sheet(board: Board, query: Memo<BoardQuery>) -> impl IntoView {
    let topic = if board.live { board_topic(&board.about.name) } else { String::new() };
    let words = words();
    let nothing = board.panels.is_empty().then(|| view! { <Empty title=words.no_curves say=words.no_curves_hint /> }.into_any());
    let panels = board.panels.into_iter().map(|panel| view! { <Panel panel=panel /> }).collect_view();
    view! {
        <div class="board" data-figures="" data-topic=topic>
            <About about=board.about />
            <Range query=query from=board.from to=board.to chosen=board.range live=board.live />
            {nothing}
            <div class="panels">{panels}</div>
        </div>
    }
    .into_any()
}

#[component]
fn About(about: HostAbout) -> impl IntoView {
    let words = words();
    let memory = about.memory_bytes.map(|bytes| figures::value(bytes, Unit::Bytes, locale()).joined());
    let up = match (about.boot, about.last_seen) {
        (Some(boot), Some(seen)) => Some((words.up_for)(&figures::duration(seen.since(boot), locale()))),
        _ => None,
    };
    let system = (!about.system.is_empty()).then_some(about.system);
    let facts: Vec<String> = [system, about.cpus.map(words.cpus), memory, up].into_iter().flatten().collect();
    view! {
        <header class="board__head">
            <h1>{about.name}</h1>
            <p class="board__about">{facts.join(" · ")}</p>
        </header>
    }
}

#[component]
fn Panel(panel: PanelView) -> impl IntoView {
    let size = if expect_context::<Viewer>().narrow { PANEL_NARROW } else { PANEL };
    let title = panel.title.read(locale()).to_owned();
    let unit = unit_word(panel.unit);
    let mark = panel
        .severity
        .map(|severity| view! { <span class="panel__mark"><Shape level=severity.level() />{severity.code()}</span> });
    let (id, names) = (panel.id.clone(), names(&panel));
    let mut plot = panel.plot;
    for series in &mut plot.series {
        if let Some((_, word)) = names.iter().find(|(name, _)| *name == series.name) {
            series.name.clone_from(word);
        }
    }
    let label = chart::spoken(&plot, &title);
    view! {
        <section class="panel" id=panel.id>
            <header class="panel__head"><h2>{title}</h2><small>{unit}</small>{mark}</header>
            <ServedFigure
                key=id
                figure=Figure::Plot(plot)
                size=size
                label=label
                legend=LegendColumn::USUAL.to_vec()
                names=names
            />
        </section>
    }
    .into_any()
}

/// Names of series that are words of ours, with the reader's word for them. A device may be called like one and keeps its name.
fn names(panel: &PanelView) -> Vec<(String, String)> {
    if !panel.named {
        return Vec::new();
    }
    let word = |name: &str| (words().series)(name).map(|word| (name.to_owned(), word.to_owned()));
    panel.plot.series.iter().filter_map(|series| word(&series.name)).collect()
}

/// The unit beside a panel's title.
fn unit_word(unit: Unit) -> &'static str {
    match unit {
        Unit::Percent => "%",
        Unit::BytesPerSecond => "B/s",
        Unit::BitsPerSecond => "bit/s",
        Unit::Bytes => "B",
        _ => "",
    }
}
