//! Toasts: what just happened, said politely, with the way back where there is one.
//!
//! `public/toasts.js` shows them and takes them away again. It makes one of every note that a screen brings with it (`data-said`); without it
//! the notes stay where the server wrote them.

use leptos::prelude::*;

use crate::context::use_look;
use crate::icon::{Icon, IconName};

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
