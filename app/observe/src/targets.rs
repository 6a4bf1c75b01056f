//! Targets: where data comes from, and where it does not. What is scraped, by job; who pushes; and how one begins to send.
//!
//! Which targets are shown and whose labels are open stand in the address.

mod address;
mod jobs;
mod senders;
mod snippets;

use crate::host::failed;
use crate::words::targets::targets_words;
use address::Asked;
use api::ask;
use api::pulse::use_pulse;
use api::targets::{TargetState, TargetsQuery, target_list};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use model::links;
use ui::button::Button;
use ui::choice::{Choice, ChoiceLink};
use ui::field::Field;
use ui::loaded::loaded;

/// The screen at `/targets`.
#[component]
pub fn TargetsScreen() -> impl IntoView {
    let asked = address::asked();
    // Opening a target's labels asks for nothing new.
    let query = Memo::new(move |_| asked.with(|asked| asked.query.clone()));
    let pulse = use_pulse();
    let data = ask(move || (query.get(), pulse.reconnected.get(), pulse.slow.get()), |(query, ..)| target_list(query));
    let words = targets_words();
    view! {
        <Title text=words.title />
        <div class="board">
            <header class="board__head">
                <h1>{words.title}</h1>
                <p class="board__about">{words.about}</p>
                <a class="link usage__way" href=links::METRICS>{words.to_metrics}</a>
            </header>
            {filters(asked)}
            {loaded(data, move |view| view! {
                {jobs::sheet(&view, asked)}
                {senders::sheet(&view)}
                {snippets::sheet(&view)}
            }.into_any(), failed)}
        </div>
    }
    .into_any()
}

fn filters(asked: Memo<Asked>) -> AnyView {
    let words = targets_words();
    let by_state = Signal::derive(move || asked.with(|asked| states(&asked.query)));
    let hidden = move || asked.with(|asked| hidden(&asked.query));
    view! {
        <div class="board__bar targets__filters">
            <Choice label=words.filter options=by_state />
            <Form method="GET" action=links::TARGETS attr:class="board__bar usage__search" attr:role="search">
                {hidden}
                <Field id="q" label=words.search.to_owned()>
                    <input class="input" id="q" type="search" name="q" value=move || asked.with(|asked| asked.query.q.clone()) />
                </Field>
                <Button kind="submit">{words.find}</Button>
            </Form>
        </div>
    }
    .into_any()
}

/// The states to choose from, each an address.
fn states(query: &TargetsQuery) -> Vec<ChoiceLink> {
    let words = targets_words();
    let link = |state: Option<TargetState>, label: &str| {
        let word: Option<String> = state.map(|state| state.word().to_owned());
        let is_current: bool = query.state == word;
        let href: String = address::href(&TargetsQuery { state: word, ..query.clone() }, None);
        ChoiceLink { label: label.to_owned(), href, is_current }
    };
    let each = TargetState::ALL.into_iter().map(|state| link(Some(state), (words.state)(state)));
    std::iter::once(link(None, words.all)).chain(each).collect()
}

/// What the form sends besides the text.
fn hidden(query: &TargetsQuery) -> Vec<AnyView> {
    let pairs = [("state", query.state.clone()), ("job", query.job.clone())];
    let given = pairs.into_iter().filter_map(|(name, value)| Some((name, value?)));
    given.map(|(name, value)| view! { <input type="hidden" name=name value=value /> }.into_any()).collect()
}
