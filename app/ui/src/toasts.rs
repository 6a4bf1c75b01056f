//! Toasts: what just happened, said politely, with the way back where there is one.
//!
//! `public/toasts.js` shows them and takes them away again. It makes one of every note that a served screen brings with it (`data-said`),
//! and of what the module says here, so that both look alike. Without it the notes stay where the server wrote them.

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::context::use_look;
use crate::icon::{Icon, IconName};

#[wasm_bindgen]
extern "C" {
    /// Shows a toast. `undo` is a function that takes back what was done, or undefined. Fails where `toasts.js` could not be had.
    #[wasm_bindgen(js_namespace = mimamoriToasts, js_name = say, catch)]
    fn say(text: &str, is_failure: bool, undo: &JsValue) -> Result<(), JsValue>;
}

/// The toasts of the tab; the shell provides it as a context. Push from event handlers and effects only. Where there is no script of ours
/// nothing is said: what was done shows on the screen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Toasts;

impl Toasts {
    /// Says that something was done. It goes away by itself.
    pub fn push(&self, text: impl Into<String>) {
        let _ = say(&text.into(), false, &JsValue::UNDEFINED);
    }

    /// Says that something was done and offers to take it back.
    pub fn push_undoable(&self, text: impl Into<String>, undo: Callback<()>) {
        let undo: JsValue = Closure::once_into_js(move || {
            // What it was bound to may be gone before the toast.
            let _ = undo.try_run(());
        });
        let _ = say(&text.into(), false, &undo);
    }

    /// Says that something failed. It stays until it is closed.
    pub fn push_failure(&self, text: impl Into<String>) {
        let _ = say(&text.into(), true, &JsValue::UNDEFINED);
    }
}

/// Where the toasts stand, with the one that all are made after. Render it once, in the shell.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let words = use_look().words();
    view! {
        <div class="toasts" role="region" aria-label=words.notices aria-live="polite">
            <div class="toast" data-toast="" hidden=true>
                <span data-good=""><Icon name=IconName::Check /></span>
                <span data-bad=""><Icon name=IconName::Warn /></span>
                <p class="toast__text"></p>
                <span class="toast__times"></span>
                <div class="toast__acts">
                    <button type="button" class="button button--row" data-undo="">{words.undo}</button>
                    <button type="button" class="button button--quiet" data-close="" aria-label=words.close>
                        <Icon name=IconName::Close />
                    </button>
                </div>
            </div>
        </div>
    }
}
