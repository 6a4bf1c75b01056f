//! The states of a list without rows: nothing there, not yet there, could not be had.

use leptos::prelude::*;

use crate::context::use_look;
use crate::icon::{Icon, IconName};

/// Nothing here: why, and what fills it.
#[component]
pub fn Empty(
    /// That there is nothing, and whether that is good.
    #[prop(into)]
    title: String,
    /// What would fill it; empty for nothing more to say.
    #[prop(optional, into)]
    say: String,
    /// Links and buttons that fill it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty__title">{title}</p>
            {(!say.is_empty()).then(|| view! { <p class="empty__say">{say}</p> })}
            {children.map(|children| children())}
        </div>
    }
}

/// Rows that are on their way, at the height they will have.
#[component]
pub fn Skeleton(
    /// How many rows to hold room for.
    #[prop(default = 5)]
    rows: u32,
) -> impl IntoView {
    let lines = (0..rows).map(|_| view! { <span class="skeleton__row"></span> }).collect_view();
    view! {
        <div class="skeleton" role="status" aria-busy="true">
            <span class="hush">{use_look().words().loading}</span>
            {lines}
        </div>
    }
}

/// An honest failure, in place of what failed.
#[component]
pub fn ErrorState(
    /// What happened.
    #[prop(into)]
    what: String,
    /// What it means for the reader.
    #[prop(into)]
    means: String,
    /// What to do about it.
    #[prop(into)]
    action: String,
    /// Links and buttons that do it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let acts = children.map(|children| view! { <div class="error-state__acts">{children()}</div> });
    view! {
        <div class="error-state" role="alert">
            <Icon name=IconName::Warn />
            <p class="error-state__what">{what}</p>
            <p class="error-state__means">{means}</p>
            <p class="error-state__do">{action}</p>
            {acts}
        </div>
    }
}
