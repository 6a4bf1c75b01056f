//! The native dialog: the browser keeps the focus inside, Escape closes it, the rest of the sheet is inert.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::context::use_look;
use crate::icon::{Icon, IconName};

/// A dialog that is open while `open` is true.
#[component]
pub fn Dialog(
    /// The matter.
    children: Children,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// Whether it is open; closing it by any means sets this to false.
    open: RwSignal<bool>,
) -> impl IntoView {
    let node: NodeRef<html::Dialog> = NodeRef::new();
    follow(node, open);
    view! {
        <dialog
            class="dialog"
            node_ref=node
            aria-label=move || title.get()
            on:close=move |_| open.set(false)
            on:click=move |event| close_on_veil(&event, open)
        >
            <header class="dialog__head">
                <h2 class="dialog__title">{move || title.get()}</h2>
                <button
                    type="button"
                    class="button button--quiet"
                    aria-label=use_look().words().close
                    on:click=move |_| open.set(false)
                >
                    <Icon name=IconName::Close />
                </button>
            </header>
            <div class="dialog__body">{children()}</div>
        </dialog>
    }
}

/// Keeps a `<dialog>` as open as its signal says.
pub(crate) fn follow(node: NodeRef<html::Dialog>, open: RwSignal<bool>) {
    Effect::new(move |_: Option<()>| {
        let is_open = open.get();
        let Some(dialog) = node.get() else { return };
        if is_open && !dialog.open() {
            // Fails only for an element that is not in the document, and then there is nothing to show.
            let _ = dialog.show_modal();
        } else if !is_open && dialog.open() {
            dialog.close();
        }
    });
}

/// A press on the veil has the dialog itself as its target; one inside has something in it.
pub(crate) fn close_on_veil(event: &leptos::ev::MouseEvent, open: RwSignal<bool>) {
    let is_veil = event.target().is_some_and(|target| target.dyn_ref::<web_sys::HtmlDialogElement>().is_some());
    if is_veil {
        open.set(false);
    }
}
