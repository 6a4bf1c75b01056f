//! Routes: the tree that says who hears of what, where an alert would go, and what keeps alerts quiet.

mod asked;
mod edit;
pub mod node;
mod plan;
mod quiet;
mod way;

pub use edit::RouteEditScreen;

use crate::screen::loaded;
use crate::words::routes::route_words;
use crate::words::{viewer, words};
use api::ask;
use api::pulse::use_pulse;
use api::routing::{RevisionView, RoutesView, WayAsk, route_list};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_query_map};
use model::Role;
use node::tree;
use quiet::{calendars, inhibitions};
use ui::callout::{Callout, Tone};
use ui::copy::CopyButton;
use ui::part::Part;
use ui::time_text::{TimeForm, TimeText};
use way::{answer, question};

/// The screen at `/routes`.
#[component]
pub fn RoutesScreen() -> impl IntoView {
    let (words, pulse, map, search) = (route_words(), use_pulse(), use_query_map(), use_location().search);
    let asked: Memo<WayAsk> = Memo::new(move |_| search.with(|search| asked::way(search)));
    let moved = move || (pulse.house.get(), pulse.alerts.get(), pulse.reconnected.get(), pulse.slow.get());
    let data = ask(move || (asked.get(), moved()), |(ask, _)| route_list(ask));
    let applied = move || map.with(|map| map.get("applied").and_then(|text| text.parse::<i64>().ok()));
    let done = move || applied().map(|number| view! { <Callout tone=Tone::Back>{(words.applied)(number)}</Callout> });
    view! {
        <Title text=words.title />
        <div class="routes">
            <header class="screen-head screen-head--row">
                <h1>{words.title}</h1>
                <p class="screen-head__lead">{words.lead}</p>
                {done}
            </header>
            {loaded(data, move |view| sheet(view, asked))}
        </div>
    }
    .into_any()
}

fn sheet(view: RoutesView, asked: Memo<WayAsk>) -> AnyView {
    let words = route_words();
    let may_edit = viewer().may(Role::Editor);
    let hint = (!may_edit).then(|| view! { <p class="mute">{words.editor_hint}</p> });
    let in_force = in_force(view.revision, &view.history);
    let question = question(&view, asked.get_untracked());
    let answer = view.way.as_ref().map(answer);
    let tree = tree(&view.nodes, view.way.as_ref(), may_edit);
    let (inhibitions, calendars) = (inhibitions(&view.inhibitions), calendars(&view.calendars));
    let file = file(view.yaml);
    view! {
        <Part title=words.where_to.to_owned()>
            {question}
            {answer}
        </Part>
        <Part title=words.tree.to_owned() more=move || in_force.clone()>
            {hint}
            {tree}
        </Part>
        {inhibitions}
        {calendars}
        {file}
        {history(view.history)}
    }
    .into_any()
}

/// What is in force, in one line.
fn in_force(revision: i64, history: &[RevisionView]) -> String {
    let words = route_words();
    match history.first().filter(|_| revision > 0) {
        Some(newest) => format!("{} · {}", (words.revision)(newest.number), applied_by(&newest.by)),
        None => words.never_applied.to_owned(),
    }
}

/// Who put it in force: a person, or what the part of the house is called that did.
fn applied_by(by: &str) -> String {
    let name: &str = (words().worker)(by).unwrap_or(by);
    (route_words().applied_by)(name)
}

fn file(yaml: String) -> AnyView {
    let words = route_words();
    let text = Signal::stored(yaml.clone());
    view! {
        <Part title=words.yaml.to_owned() more=move || view! { <CopyButton text=text /> }>
            <p class="mute">{words.yaml_note}</p>
            <pre class="routes__file" tabindex="0"><code>{yaml}</code></pre>
        </Part>
    }
    .into_any()
}

/// Who applied what and when. Nothing where nothing was.
fn history(revisions: Vec<RevisionView>) -> Option<AnyView> {
    let words = route_words();
    if revisions.is_empty() {
        return None;
    }
    let lines = revisions.into_iter().enumerate().map(|(index, one)| revision(one, index == 0)).collect_view();
    Some(view! { <Part title=words.history.to_owned()><ol class="routes__history">{lines}</ol></Part> }.into_any())
}

fn revision(one: RevisionView, is_in_force: bool) -> AnyView {
    let words = route_words();
    let mark = is_in_force.then(|| view! { <b>{words.in_force}</b> });
    view! {
        <li class="routes__revision">
            <TimeText at_ms=one.at.0 form=TimeForm::Full />
            <span>{(words.revision)(one.number)} " · " {applied_by(&one.by)}</span>
            {mark}
        </li>
    }
    .into_any()
}
