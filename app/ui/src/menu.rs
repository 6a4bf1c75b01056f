//! A menu that opens without a script.

use leptos::prelude::*;

use crate::icon::{Icon, IconName};

/// What opens on a button: links and buttons, one below the other. `public/screen.js` closes it on Escape and when it is left.
#[component]
pub fn Menu(
    /// The links and buttons.
    children: Children,
    /// What the button says; with `icon_only` it is read aloud instead.
    #[prop(into)]
    label: String,
    #[prop(default = IconName::Down)] icon: IconName,
    #[prop(default = false)] icon_only: bool,
    /// Whether it stands open at first: for a form in it that was refused.
    #[prop(default = false)]
    open: bool,
) -> impl IntoView {
    let words_class = icon_only.then_some("hush");
    view! {
        <details class="menu" data-closes="" open=open>
            <summary class="button">
                <span class=words_class>{label}</span>
                <Icon name=icon />
            </summary>
            <div class="menu__list">{children()}</div>
        </details>
    }
}
