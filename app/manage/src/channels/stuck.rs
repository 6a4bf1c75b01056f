//! The pages that a channel was asked to take and did not: how many, since when, of what, and when they are tried again.

use crate::deliveries::said::age;
use crate::words::channels::channel_words;
use api::channels::StuckPages;
use leptos::prelude::*;
use model::{Time, links};
use ui::time_text::{TimeForm, TimeText};

/// Nothing while all is well. The oldest of them is a link to what was tried.
pub fn not_taken(pages: Option<&StuckPages>) -> Option<AnyView> {
    let pages: &StuckPages = pages?;
    let words = channel_words();
    let class = if pages.is_failing { "channels__stuck channels__stuck--fails" } else { "channels__stuck" };
    let oldest = age(pages.asked_at);
    let others = (!pages.is_failing).then(|| view! { " · " {words.stuck_others} });
    let next = pages.next_at.map(next);
    Some(
        view! {
            <small class=class>
                <a class="link link--within" href=links::delivery(&pages.oldest)>{(words.stuck_of)(pages.waiting, pages.refused)}</a>
                " · " {words.stuck_oldest} " " {oldest} {others} " · " {(words.answered)(&pages.error)} {next}
            </small>
        }
        .into_any(),
    )
}

fn next(at: Time) -> AnyView {
    let words = channel_words();
    view! { " · " {words.next_try} " " <TimeText at_ms=at.0 form=TimeForm::Clock /> }.into_any()
}
