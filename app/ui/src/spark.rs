//! A spark and a ruler: small drawings that stay SVG, on the server and in the browser.

use leptos::prelude::*;

/// The shape of a series in the room of a word.
#[component]
pub fn Spark(
    /// What `chart::spark` wrote: the SVG with its colour, its role and its label.
    #[prop(into)]
    drawing: Signal<String>,
) -> impl IntoView {
    view! { <span class="drawing" inner_html=move || drawing.get()></span> }
}

/// A scale with a needle.
#[component]
pub fn Ruler(
    /// What `chart::ruler` wrote: the SVG with its role and its label.
    #[prop(into)]
    drawing: Signal<String>,
) -> impl IntoView {
    view! { <div class="drawing" inner_html=move || drawing.get()></div> }
}
