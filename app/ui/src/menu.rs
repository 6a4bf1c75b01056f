//! A menu that opens without a script.

use leptos::html;
use leptos::prelude::*;

use crate::icon::{Icon, IconName};

/// What opens on a button: links and buttons, one below the other. Escape and leaving it close it.
#[component]
pub fn Menu(
    /// The links and buttons.
    children: Children,
    /// What the button says; with `icon_only` it is read aloud instead.
    #[prop(into)]
    label: String,
    #[prop(default = IconName::Down)] icon: IconName,
    #[prop(default = false)] icon_only: bool,
) -> impl IntoView {
    let details: NodeRef<html::Details> = NodeRef::new();
    let close = move || {
        if let Some(element) = details.get_untracked() {
            element.set_open(false);
        }
    };
    let words_class = icon_only.then_some("hush");
    view! {
        <details
            class="menu"
            node_ref=details
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    close();
                }
            }
            on:focusout=move |event| close_when_left(&event, close)
        >
            <summary class="button">
                <span class=words_class>{label}</span>
                <Icon name=icon />
            </summary>
            <div class="menu__list">{children()}</div>
        </details>
    }
}

/// Closes when the focus went somewhere outside. Without a next focus (a click on paper, another window) it stays, since a
/// click on its own rows has none either in some browsers.
pub fn close_when_left(event: &leptos::ev::FocusEvent, close: impl Fn()) {
    use wasm_bindgen::JsCast;
    let inside = event.current_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    let next = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    if let (Some(inside), Some(next)) = (inside, next)
        && !inside.contains(Some(&next))
    {
        close();
    }
}
