//! Calendars: addresses from which one's own calendar fetches shifts.

use super::refusal::refusal_before;
use super::said::hidden;
use crate::words::oncall::oncall_words;
use api::oncall::schedule::{FeedLine, ScheduleView};
use api::oncall::{FeedMake, FeedRemove};
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::button::{Button, Rank};
use ui::part::Part;
use ui::time_text::{TimeForm, TimeText};

/// What an address can be of: the word of the form, and its place among the words.
const KINDS: [&str; 3] = ["mine", "schedule", "team"];

/// The part.
pub fn feeds(view: &ScheduleView, make: ServerAction<FeedMake>, remove: ServerAction<FeedRemove>) -> AnyView {
    let words = oncall_words();
    let lines: Vec<AnyView> = view.feeds.iter().map(|one| line(view, one, remove)).collect();
    let list = (!lines.is_empty()).then(|| view! { <ul class="duty-list">{lines}</ul> });
    // Without a team there is nothing of it.
    let n_kinds: usize = if view.card.owner.is_some() { KINDS.len() } else { KINDS.len() - 1 };
    let buttons: Vec<AnyView> =
        KINDS.into_iter().zip(words.feed_kinds).take(n_kinds).map(|(kind, word)| button(view, make, kind, word)).collect();
    view! {
        <Part title=words.feeds.to_owned() id="calendars">
            {refusal_before(make)}
            {refusal_before(remove)}
            <p class="mute">{words.feeds_lead}</p>
            {list}
            <div class="duty-acts">{buttons}</div>
        </Part>
    }
    .into_any()
}

fn button(view: &ScheduleView, make: ServerAction<FeedMake>, kind: &'static str, word: &'static str) -> AnyView {
    let fields: [AnyView; 2] = [hidden("wish[schedule]", &view.card.name), hidden("wish[kind]", kind)];
    view! {
        // Its answer is a screen of its own: the address is shown once.
        <ActionForm action=make attr:data-whole="">
            {fields.into_iter().collect_view()}
            <Button kind="submit">{word}</Button>
        </ActionForm>
    }
    .into_any()
}

fn line(view: &ScheduleView, one: &FeedLine, remove: ServerAction<FeedRemove>) -> AnyView {
    let words = oncall_words();
    let index: usize = KINDS.iter().position(|kind| *kind == one.kind).unwrap_or(0);
    let read: AnyView = match one.read_at {
        Some(at) => view! { {words.feed_read} " " <TimeText at_ms=at.0 form=TimeForm::Day /> }.into_any(),
        None => words.feed_unread.into_any(),
    };
    let (schedule, id): (AnyView, AnyView) = (hidden("schedule", &view.card.name), hidden("id", &one.id));
    view! {
        <li class="duty-list__one">
            <b>{words.feed_of[index]}</b> <code class="mute">{one.begins.clone()} "…"</code>
            <small class="mute"><TimeText at_ms=one.made_at.0 form=TimeForm::Day /> " · " {read}</small>
            <ActionForm action=remove>
                {schedule}
                {id}
                <Button kind="submit" rank=Rank::Row>{words.feed_remove}</Button>
            </ActionForm>
        </li>
    }
    .into_any()
}
