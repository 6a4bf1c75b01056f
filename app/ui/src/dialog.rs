//! The native dialog: the browser keeps the focus inside, Escape closes it, the rest of the sheet is inert.

use leptos::prelude::*;

use crate::context::use_look;
use crate::icon::{Icon, IconName};

/// A dialog, closed. What names it in `data-opens` opens it; its button and a press on the veil close it (`public/frame.js`).
#[component]
pub fn Dialog(
    /// What opens it names it by.
    id: &'static str,
    /// The matter.
    children: Children,
    /// What it is about.
    title: &'static str,
) -> impl IntoView {
    view! {
        <dialog class="dialog" id=id aria-label=title>
            <header class="dialog__head">
                <h2 class="dialog__title">{title}</h2>
                <button type="button" class="button button--quiet" aria-label=use_look().words().close data-shuts="">
                    <Icon name=IconName::Close />
                </button>
            </header>
            <div class="dialog__body">{children()}</div>
        </dialog>
    }
}
