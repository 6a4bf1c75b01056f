//! Screens. The server alone draws them, and the browser carries none of their code. Each works by links and plain forms;
//! `public/screen.js` spares the reader the reload.

use crate::painted::paint;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The screen at the address that was asked for, in the element that `public/screen.js` fills from then on.
pub fn served() -> AnyView {
    let path: String = use_location().pathname.get_untracked();
    view! { <div data-served="">{paint(&path)}</div> }.into_any()
}
