//! What happened, in order.

use leptos::prelude::*;

use crate::time_text::{TimeForm, TimeText};

/// A list of things that happened; its children are [`LogEntry`]s.
#[component]
pub fn Log(
    /// The entries.
    children: Children,
) -> impl IntoView {
    view! { <ol class="log">{children()}</ol> }
}

/// One thing that happened: when, its sign, the sentence, a smaller second one.
#[component]
pub fn LogEntry(
    /// The sentence.
    children: Children,
    /// When, epoch milliseconds.
    at_ms: i64,
    #[prop(optional)] form: TimeForm,
    /// An icon, or a shape.
    #[prop(optional, into)]
    sign: ViewFn,
    /// What else is known; empty for nothing.
    #[prop(optional, into)]
    sub: String,
) -> impl IntoView {
    view! {
        <li class="log__one">
            <span class="log__time">
                <TimeText at_ms=at_ms form=form />
            </span>
            <span class="log__sign">{sign.run()}</span>
            <span>
                {children()}
                {(!sub.is_empty()).then(|| view! { <small class="log__sub">{sub}</small> })}
            </span>
        </li>
    }
}
