//! A host's board: one sheet, ruled into panels, a needle through all of them.

mod follow;
mod range;

use crate::words::{Words, locale, words};
use api::absence::note_absence;
use api::metrics::{Board, BoardQuery, HostAbout, PanelView, host_board};
use api::pulse::use_pulse;
use api::viewer::Viewer;
use api::{ApiError, ask};
use chart::{Plot, Size};
use figures::Unit;
use follow::Following;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use model::links;
use range::Range;
use ui::button::ButtonLink;
use ui::chart::provide_crosshair;
use ui::chart::{ChartFigure, Legend};
use ui::context::use_here;
use ui::empty::ErrorState;
use ui::loaded::loaded;
use ui::shape::Shape;

/// A panel's size where three stand in a row, and on a phone.
const PANEL: Size = Size { width: 366.0, height: 170.0 };
const PANEL_NARROW: Size = Size { width: 358.0, height: 180.0 };

/// The screen at `/hosts/:host`.
#[component]
pub fn HostScreen() -> impl IntoView {
    let query = asked();
    let pulse = use_pulse();
    // Points are not replayed: after a gap the whole board is fetched again.
    let incomplete = RwSignal::new(0_u32);
    let data = ask(move || (query.get(), pulse.reconnected.get(), incomplete.get()), |(query, ..)| host_board(query));
    provide_crosshair();
    view! {
        // Plain text, written anew for another host: the server asks for the title when the screen's signals may be gone.
        {move || view! { <Title text=query.with(|query| query.host.clone()) /> }}
        {loaded(data, move |board| view! { <Sheet board=board query=query incomplete=incomplete /> }.into_any(), failed)}
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
fn Sheet(board: Board, query: Memo<BoardQuery>, incomplete: RwSignal<u32>) -> impl IntoView {
    let following = Following::new(&board, incomplete);
    let panels = board.panels.into_iter().enumerate().map(|(index, panel)| {
        view! { <Panel panel=panel plot=following.plot(index) query=query /> }
    });
    let panels = panels.collect_view();
    view! {
        <div class="board">
            <About about=board.about />
            <Range query=query from=board.from to=board.to chosen=board.range live=board.live />
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
fn Panel(panel: PanelView, plot: Signal<Plot>, query: Memo<BoardQuery>) -> impl IntoView {
    let size = if expect_context::<Viewer>().narrow { PANEL_NARROW } else { PANEL };
    let title = panel.title.read(locale()).to_owned();
    let unit = plot.with_untracked(unit_word);
    let name = title.clone();
    let label = Signal::derive(move || plot.with(|plot| chart::spoken(plot, &name)));
    let zoom = range::zoom_to(query);
    let mark = panel
        .severity
        .map(|severity| view! { <span class="panel__mark"><Shape level=severity.level() />{severity.code()}</span> });
    view! {
        <section class="panel" id=panel.id>
            <header class="panel__head"><h2>{title}</h2><small>{unit}</small>{mark}</header>
            <ChartFigure plot=plot size=size label=label on_zoom=zoom on_back=range::go_back(query) />
            <Legend plot=plot />
        </section>
    }
    .into_any()
}

/// The unit beside a panel's title.
fn unit_word(plot: &Plot) -> &'static str {
    match plot.y.unit {
        Unit::Percent => "%",
        Unit::BytesPerSecond => "B/s",
        Unit::BitsPerSecond => "bit/s",
        Unit::Bytes => "B",
        _ => "",
    }
}
