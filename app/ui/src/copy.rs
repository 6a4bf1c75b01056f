//! A button that copies.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

use crate::context::use_look;
use crate::icon::{Icon, IconName};

/// How long the button says that it worked.
const SAID_FOR: Duration = Duration::from_millis(2_000);

#[wasm_bindgen]
extern "C" {
    /// The clipboard of the Clipboard API. Without a secure origin there is none, and calling it fails.
    #[wasm_bindgen(js_namespace = ["navigator", "clipboard"], js_name = writeText, catch)]
    fn write_text(text: &str) -> Result<JsValue, JsValue>;
}

/// Copies a text to the clipboard and says so. Where there is no clipboard it says nothing: the text stands beside it to
/// be chosen by hand.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let words = use_look().words();
    let is_done: RwSignal<bool> = RwSignal::new(false);
    let press = move |_| {
        if write_text(&text.get_untracked()).is_ok() {
            say_for_a_while(is_done);
        }
    };
    let sign = move || if is_done.get() { IconName::Check } else { IconName::Copy };
    let word = move || if is_done.get() { words.copied } else { words.copy };
    view! {
        <button type="button" class="button button--quiet" class:button--done=move || is_done.get() on:click=press>
            {move || view! { <Icon name=sign() /> }}
            <span aria-live="polite">{word}</span>
        </button>
    }
}

fn say_for_a_while(is_done: RwSignal<bool>) {
    is_done.set(true);
    set_timeout(
        move || {
            // The button may be gone by then.
            let _ = is_done.try_set(false);
        },
        SAID_FOR,
    );
}
