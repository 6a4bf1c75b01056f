//! A part: a section that hangs from a rule.

use leptos::prelude::*;

/// A section of a screen under its own rule.
#[component]
pub fn Part(
    /// The matter.
    children: Children,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// How many, or what else belongs beside the title.
    #[prop(optional, into)]
    count: Signal<Option<String>>,
    /// What stands at the end of the rule: a note, a link.
    #[prop(optional, into)]
    more: ViewFn,
    /// Where a link inside the screen leads to, and what it is known by when the screen is drawn anew.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let number = move || count.get().map(|text| view! { <span class="part__count">{text}</span> });
    view! {
        <section class="part" id=id>
            <header class="part__head">
                <h2 class="part__title">{move || title.get()}{number}</h2>
                <div class="part__more">{more.run()}</div>
            </header>
            {children()}
        </section>
    }
}
