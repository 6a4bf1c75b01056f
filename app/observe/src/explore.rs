//! Explore: a question to the measurements, and the answer as a graph and in figures.
//!
//! The question stands in a plain form and the answer is painted by the server, so the screen works before any script. With one the
//! field completes and shows mistakes where they stand, and the answer goes on by itself.

mod address;
mod complete;
mod editor;
mod mistake;
mod offer;
mod paint;
mod results;
mod saying;
mod span;
mod suggest;
mod table;

use crate::host::failed;
use crate::words::explore::explore_words;
use api::ask;
use api::explore::{ExploreQuery, explore};
use editor::{Editor, EditorField, FIELD, HINT, SAID};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_meta::Title;
use mistake::Mistake;
use model::links;
use results::Results;
use span::SpanBar;
use ui::button::{Button, Rank};
use ui::chart::provide_crosshair;
use ui::keys::Keys;
use ui::loaded::loaded;

/// The screen at `/explore`.
#[component]
pub fn ExploreScreen() -> impl IntoView {
    let query = address::asked();
    let again = RwSignal::new(0_u32);
    let data = ask(move || (query.get(), again.get()), |(query, _)| explore(query));
    provide_crosshair();
    let editor = Editor::new(query, again);
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
