//! Explore: a question to the measurements, and the answer as a graph and in figures.
//!
//! The question stands in a plain form and the answer is painted by the server, so the screen works before any script. With one the
//! field completes and shows mistakes where they stand, and the answer goes on by itself.

mod address;
mod results;
mod span;
mod table;

use crate::host::failed;
use crate::words::explore::explore_words;
use api::ask;
use api::explore::{ExploreQuery, explore};
use expression::editor::{Called, Editor, EditorField};
use expression::mistake::Mistake;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::links;
use results::Results;
use span::SpanBar;
use ui::button::{Button, Rank};
use ui::chart::provide_crosshair;
use ui::keys::Keys;
use ui::loaded::loaded;

/// The field's name in the form, and its id.
const FIELD: &str = "q";
/// Where its mistakes are said.
const SAID: &str = "explore-mistakes";
/// Where its keys are told.
const HINT: &str = "explore-hint";

/// The screen at `/explore`.
#[component]
pub fn ExploreScreen() -> impl IntoView {
    let query = address::asked();
    let again = RwSignal::new(0_u32);
    let data = ask(move || (query.get(), again.get()), |(query, _)| explore(query));
    provide_crosshair();
    let editor = editor(query, again);
    let words = explore_words();
    view! {
        <Title text=words.title />
        <div class="board">
            <header class="board__head">
                <h1>{words.title}</h1>
                <p class="board__about">{words.about}</p>
            </header>
            <Question editor=editor query=query />
            {loaded(data, move |view| view! { <Results view=view query=query editor=editor /> }.into_any(), failed)}
        </div>
    }
}

/// The field. What is run becomes the address, and the address is what is shown; running what stands there already asks again.
fn editor(query: Memo<ExploreQuery>, again: RwSignal<u32>) -> Editor {
    let called = Called {
        id: FIELD,
        name: FIELD,
        described_by: "explore-hint explore-mistakes",
        placeholder: explore_words().placeholder,
    };
    let asked = Memo::new(move |_| query.with(|query| query.q.clone()));
    let navigate = use_navigate();
    let run = move |q: String| {
        let query: ExploreQuery = query.get_untracked();
        if query.q == q {
            again.update(|times| *times = times.wrapping_add(1));
        } else {
            let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
            navigate(&address::href(&ExploreQuery { q, ..query }), options);
        }
    };
    Editor::new(asked, called, Callback::new(run), Callback::new(|()| {}))
}

/// The form: expression, span, and what is wrong with them.
#[component]
fn Question(editor: Editor, query: Memo<ExploreQuery>) -> impl IntoView {
    let words = explore_words();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        editor.run();
    };
    let chord = use_chord();
    view! {
        <form class="explore__question" method="get" action=links::EXPLORE on:submit=submit>
            <label class="field__label" for=FIELD>{words.expression}</label>
            <EditorField editor=editor />
            <div class="explore__mistakes" id=SAID role="status">{move || editor.mistakes.get().into_iter().map(line).collect::<Vec<AnyView>>()}</div>
            {hidden(query)}
            <div class="board__bar">
                <Button kind="submit" rank=Rank::Main>{words.run} <kbd aria-hidden="true">{move || chord.get()}</kbd></Button>
                <SpanBar query=query />
                <p class="explore__keys" id=HINT>{words.keys}</p>
            </div>
        </form>
    }
    .into_any()
}

/// The keys that run the question, as they are called on the reader's keyboard.
fn use_chord() -> Signal<String> {
    match use_context::<Keys>() {
        Some(keys) => Signal::derive(move || keys.chord("Enter")),
        None => Signal::stored(String::new()),
    }
}

/// A mistake: where, and what.
fn line(mistake: Mistake) -> AnyView {
    let at: String = (explore_words().at)(mistake.line, mistake.column);
    view! { <p><b>{at}</b> " " {mistake.message}</p> }.into_any()
}

/// What the form sends besides the expression.
fn hidden(query: Memo<ExploreQuery>) -> impl Fn() -> Vec<AnyView> + Copy + Send + Sync {
    move || {
        let pairs: Vec<(&'static str, String)> = query.with(address::span_pairs);
        pairs.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }.into_any()).collect()
    }
}
