//! One of a few, each of them an address.

use leptos::prelude::*;

/// One of the choices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceLink {
    /// What it is called.
    pub label: String,
    /// Where choosing it leads.
    pub href: String,
    /// Whether it is the one in force.
    pub is_current: bool,
}

/// A row of choices in one frame. Each is a link, so a choice is an address and works without a script.
#[component]
pub fn Choice(
    /// What is chosen, for screen readers.
    #[prop(into)]
    label: String,
    /// The choices, in order.
    #[prop(into)]
    options: Signal<Vec<ChoiceLink>>,
) -> impl IntoView {
    let links = move || options.get().into_iter().map(|link| view! { <ChoiceOne link=link /> }).collect_view();
    view! {
        <span class="choice" role="group" aria-label=label>
            {links}
        </span>
    }
}

#[component]
fn ChoiceOne(link: ChoiceLink) -> impl IntoView {
    let current = link.is_current.then_some("true");
    view! {
        <a class="choice__one" href=link.href aria-current=current>
            {link.label}
        </a>
    }
}
