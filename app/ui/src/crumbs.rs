//! The way back.

use leptos::prelude::*;

use crate::context::use_look;

/// One step of the way: what it is called and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    pub label: String,
    pub href: String,
}

/// Where one is: the steps up, and the screen itself as the last word.
#[component]
pub fn Crumbs(
    /// The steps above this screen, outermost first.
    up: Vec<Crumb>,
    /// This screen.
    here: String,
) -> impl IntoView {
    let steps = up.into_iter().map(|crumb| view! { <CrumbUp crumb=crumb /> }).collect_view();
    view! {
        <nav class="crumbs" aria-label=use_look().words().here>
            {steps}
            <span class="crumbs__here" aria-current="page">
                {here}
            </span>
        </nav>
    }
}

#[component]
fn CrumbUp(crumb: Crumb) -> impl IntoView {
    view! {
        <a class="crumbs__up" href=crumb.href>
            {crumb.label}
        </a>
        <span class="crumbs__sep" aria-hidden="true">
            "/"
        </span>
    }
}
