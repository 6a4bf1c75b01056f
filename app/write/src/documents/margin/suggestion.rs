//! One suggestion: what stands there, what should, why, and who decides.

use super::thread::quote;
use super::{MarginActs, MarginPlace};
use crate::screen::{hidden, moment_text};
use crate::words::documents::document_words;
use api::documents::view::{DocumentHead, RightView, SuggestionState, SuggestionView};
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::button::{Button, Rank};
use ui::person::PersonMark;

pub fn suggestion(
    head: &DocumentHead,
    suggestion: &SuggestionView,
    may_say: bool,
    place: MarginPlace,
    acts: MarginActs,
) -> AnyView {
    let words = document_words();
    let is_open: bool = matches!(suggestion.state, SuggestionState::Open | SuggestionState::Outdated);
    let class: &'static str = if is_open { "margin__one" } else { "margin__one margin__one--done" };
    let (id, when): (String, String) = (format!("s{}", suggestion.id), moment_text(suggestion.at));
    let way: Option<AnyView> = if place.is_writing {
        quote(&suggestion.original, suggestion.state == SuggestionState::Outdated, place, &id)
    } else {
        None
    };
    let (old, new): (String, String) = (suggestion.original.clone(), suggestion.replacement.clone());
    let new: AnyView = if new.is_empty() {
        view! { <span class="mute">{words.removes}</span> }.into_any()
    } else {
        view! { <ins>{new}</ins> }.into_any()
    };
    let note = (!suggestion.note.is_empty()).then(|| view! { <p>{suggestion.note.clone()}</p> });
    let foot: Option<AnyView> = (is_open && may_say).then(|| foot(head, suggestion, place, acts));
    view! {
        <li class=class id=format!("thread-{id}")>
            {way}
            <p class="margin__by"><PersonMark name=suggestion.by.clone() /> <small class="mute">{words.suggests} " " {when}</small></p>
            <p class="margin__change"><del>{old}</del> " → " {new}</p>
            {note}
            {state(suggestion)}
            {foot}
        </li>
    }
    .into_any()
}

fn state(suggestion: &SuggestionView) -> Option<AnyView> {
    let words = document_words();
    let by: &str = suggestion.settled_by.as_deref().unwrap_or_default();
    let text: String = match suggestion.state {
        SuggestionState::Open => return None,
        SuggestionState::Outdated => words.outdated.to_owned(),
        SuggestionState::Accepted => (words.accepted_by)(by),
        SuggestionState::Rejected => (words.rejected_by)(by),
    };
    Some(view! { <p class="mute">{text}</p> }.into_any())
}

fn foot(head: &DocumentHead, suggestion: &SuggestionView, place: MarginPlace, acts: MarginActs) -> AnyView {
    let words = document_words();
    let is_writer: bool = head.right == RightView::Write;
    let is_whole: bool = suggestion.state == SuggestionState::Open;
    let form = |accepts: &'static str, word: &'static str, rank: Rank| -> AnyView {
        let fields = view! {
            {hidden("id", &head.id.to_string())}
            {hidden("suggestion", &suggestion.id.to_string())}
            {hidden("accepts", accepts)}
            {hidden("back", place.back())}
            <Button kind="submit" rank=rank>{word}</Button>
        };
        view! { <ActionForm action=acts.settle>{fields}</ActionForm> }.into_any()
    };
    let accept: Option<AnyView> = (is_writer && is_whole).then(|| form("true", words.accept, Rank::Normal));
    let reject: Option<AnyView> = (is_writer || suggestion.is_mine)
        .then(|| form("false", if suggestion.is_mine { words.take_back } else { words.reject }, Rank::Quiet));
    view! { <div class="margin__foot">{accept} {reject}</div> }.into_any()
}
