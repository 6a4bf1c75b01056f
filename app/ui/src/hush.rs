//! What is read aloud and not shown.

use leptos::prelude::*;

/// Words for screen readers only.
#[component]
pub fn VisuallyHidden(
    /// The words.
    children: Children,
) -> impl IntoView {
    view! { <span class="hush">{children()}</span> }
}
