//! A button that copies.

use leptos::prelude::*;

use crate::context::use_look;
use crate::icon::{Icon, IconName};

/// Copies a text to the clipboard and says so; `public/screen.js` does it. Where there is no clipboard it says nothing: the text stands
/// beside it to be chosen by hand.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let words = use_look().words();
    view! {
        <button type="button" class="button button--quiet copy" data-copy=move || text.get()>
            <Icon name=IconName::Copy />
            <Icon name=IconName::Check />
            <span aria-live="polite" data-copied=words.copied>{words.copy}</span>
        </button>
    }
}
