//! What the reader asked before.

use super::address::Address;
use crate::dashboard_history::refusal::refusal_before;
use crate::words::explore::explore_words;
use api::explore::ExploreForget;
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::button::{Button, Rank};

pub(super) fn history(kept: &[String], address: &Address, forget: ServerAction<ExploreForget>) -> AnyView {
    let words = explore_words();
    let body: AnyView = if kept.is_empty() {
        view! { <p class="mute">{words.no_history}</p> }.into_any()
    } else {
        let one = |text: &String| {
            let href: String = address.with_only(text).href();
            view! { <li class="explore__name"><a class="link code" href=href>{text.clone()}</a></li> }.into_any()
        };
        let rows: Vec<AnyView> = kept.iter().map(one).collect();
        view! {
            <ul class="explore__list" tabindex="0" aria-label=words.history>{rows}</ul>
            <ActionForm action=forget><Button kind="submit" rank=Rank::Row>{words.forget}</Button></ActionForm>
        }
        .into_any()
    };
    view! {
        {refusal_before(forget)}
        <details class="explore__fold">
            <summary class="link">{words.history}</summary>
            {body}
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::Zone;

    #[test]
    fn each_is_a_link_that_keeps_the_span_and_all_can_be_forgotten() {
        let owner = Owner::new();
        owner.set();
        let address = Address::read("q=a&range=6h", &Zone::utc());
        let html: String = history(&["up > 1".to_owned()], &address, ServerAction::new()).to_html();
        assert!(html.contains("/explore?q=up%20%3E%201&amp;range=6h") && html.contains("/call/explore_forget"), "{html}");
        assert!(!history(&[], &address, ServerAction::new()).to_html().contains("/call/explore_forget"));
    }
}
