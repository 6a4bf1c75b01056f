//! Silences and maintenance: what is quiet now, what will be, what was, and how each came to be.

pub mod address;
mod editor;
pub mod look;
pub mod matchers;
pub mod recurrence;
pub mod refusal;
mod repeat;
mod row;

pub use editor::SilenceNewScreen;

use crate::screen::loaded;
use crate::words::silences::silence_words;
use crate::words::{viewer, words};
use api::ask;
use api::pulse::use_pulse;
use api::silences::{SilenceEnd, SilenceExtend, SilenceList, SilencePhase, SilenceRow, silence_list};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::{Role, links};
use row::SilenceTable;
use ui::button::{ButtonLink, Rank};
use ui::callout::{Callout, Tone};
use ui::empty::Empty;
use ui::icon::IconName;
use ui::part::Part;

/// What one can do to a silence that stands.
#[derive(Clone, Copy)]
pub struct Acts {
    pub end: ServerAction<SilenceEnd>,
    pub extend: ServerAction<SilenceExtend>,
}

impl Acts {
    fn new() -> Self {
        Self { end: ServerAction::new(), extend: ServerAction::new() }
    }

    fn version(&self) -> usize {
        self.end.version().get() + self.extend.version().get()
    }
}

/// The screen at `/silences`.
#[component]
pub fn SilencesScreen() -> impl IntoView {
    let (words, acts, pulse) = (silence_words(), Acts::new(), use_pulse());
    let map = use_query_map();
    let number = move |name: &str| map.with(|map| map.get(name).and_then(|text| text.parse::<i64>().ok()));
    let before = Memo::new(move |_| number("before"));
    let moved = move || (pulse.house.get(), pulse.alerts.get(), pulse.reconnected.get(), pulse.slow.get(), acts.version());
    let data = ask(move || (before.get(), moved()), |(before, _)| silence_list(before));
    let made = move || number("made").map(|id| view! { <Callout tone=Tone::Back>{(words.made)(id)}</Callout> });
    view! {
        <Title text=words.title />
        <div class="silences">
            <header class="screen-head screen-head--row">
                <h1>{words.title}</h1>
                {new_link()}
                <p class="screen-head__lead">{words.lead}</p>
                {made}
                {refusal::refusal(acts.end)}
                {refusal::refusal(acts.extend)}
            </header>
            {loaded(data, move |list| view! { <Lists list=list before=before acts=acts /> }.into_any())}
        </div>
    }
    .into_any()
}

/// The way to the form, for whoever may send it.
fn new_link() -> AnyView {
    if !viewer().may(Role::Responder) {
        return view! { <p class="mute">{words().viewer_hint}</p> }.into_any();
    }
    view! {
        <ButtonLink href=links::SILENCE_NEW.to_owned() rank=Rank::Main icon=IconName::Plus>{silence_words().new}</ButtonLink>
    }
    .into_any()
}

#[component]
fn Lists(list: SilenceList, before: Memo<Option<i64>>, acts: Acts) -> impl IntoView {
    let words = silence_words();
    let (ahead, active): (Vec<SilenceRow>, Vec<SilenceRow>) =
        list.alive.into_iter().partition(|row| row.phase == SilencePhase::Ahead);
    let upcoming = (!ahead.is_empty()).then(|| part(words.upcoming, ahead, acts));
    let cut = list.is_cut.then(|| view! { <p class="mute">{words.at_least}</p> });
    let active = if active.is_empty() {
        view! { <Part title=words.active.to_owned()><Empty title=words.none_active say=words.none_active_hint /></Part> }
            .into_any()
    } else {
        part(words.active, active, acts)
    };
    let past = if list.past.is_empty() {
        view! { <Part title=words.over.to_owned()><p class="mute">{words.none_over}</p></Part> }.into_any()
    } else {
        part(words.over, list.past, acts)
    };
    view! {
        {active}
        {cut}
        {upcoming}
        {past}
        {foot(list.older, before)}
    }
    .into_any()
}

fn part(title: &'static str, rows: Vec<SilenceRow>, acts: Acts) -> AnyView {
    let count = Some(rows.len().to_string());
    view! { <Part title=title.to_owned() count=count><SilenceTable caption=title rows=rows acts=acts /></Part> }.into_any()
}

/// The ways to what is older, and back.
fn foot(older: Option<i64>, before: Memo<Option<i64>>) -> AnyView {
    let words = silence_words();
    let older = older.map(|id| view! { <ButtonLink href=links::silences_before(id)>{words.older}</ButtonLink> });
    let newest =
        before.get_untracked().map(|_| view! { <ButtonLink href=links::SILENCES.to_owned()>{words.newest}</ButtonLink> });
    view! { <footer class="silences__foot">{newest}{older}</footer> }.into_any()
}
