//! The list of what could be written: a list box under the field. The focus stays in the field, which says which option is meant.

use crate::editor::Editor;
use crate::offer::Offer;
use crate::words::words;
use leptos::prelude::*;

/// The list's id.
pub const LIST: &str = "explore-offers";

/// The id of an option.
#[must_use]
pub fn option_id(index: usize) -> String {
    format!("explore-offer-{index}")
}

/// Brings an option into sight.
pub fn scroll_to(index: usize) {
    if let Some(element) = document().get_element_by_id(&option_id(index)) {
        element.scroll_into_view_with_bool(false);
    }
}

/// The list; hidden while there is nothing to offer.
#[component]
pub fn OfferList(editor: Editor) -> impl IntoView {
    let words = words();
    let options = move || -> Vec<AnyView> {
        editor.offers.get().into_iter().enumerate().map(move |(index, offer)| option(editor, index, offer)).collect()
    };
    let said = move || match editor.offers.with(Vec::len) {
        0 => String::new(),
        n_offers => (words.n_offers)(n_offers),
    };
    view! {
        <div
            class="explore__offers"
            id=LIST
            role="listbox"
            aria-label=words.offers
            hidden=move || !editor.is_open()
            // The focus would leave the field, and with it the list.
            on:mousedown=move |event| event.prevent_default()
        >
            {options}
        </div>
        <p class="hush" role="status">{said}</p>
    }
    .into_any()
}

fn option(editor: Editor, index: usize, offer: Offer) -> AnyView {
    let is_chosen = move || if editor.current() == Some(index) { "true" } else { "false" };
    view! {
        <div
            class="explore__offer"
            id=option_id(index)
            role="option"
            aria-selected=is_chosen
            on:click=move |_| {
                editor.take(Some(index));
            }
        >
            <span>{offer.label}</span>
            <span class="explore__hint">{offer.hint}</span>
        </div>
    }
    .into_any()
}
