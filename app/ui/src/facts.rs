//! Facts about one thing: names and values on one grid.

use leptos::prelude::*;

/// A list of names and values; its children are [`Fact`]s.
#[component]
pub fn Facts(
    /// The facts.
    children: Children,
) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }
}

/// One name and its value.
#[component]
pub fn Fact(
    /// The value.
    children: Children,
    /// The name.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    view! {
        <div class="facts__one">
            <dt class="facts__name">{name}</dt>
            <dd class="facts__value">{children()}</dd>
        </div>
    }
}
