//! A screen about something that is not there: its document is answered with 404, like an address that leads nowhere.

use leptos::prelude::*;
use std::sync::Arc;

/// Tells the server, while it renders, that what the address names does not exist. In the browser there is none.
#[derive(Clone)]
pub struct Absence(pub Arc<dyn Fn() + Send + Sync>);

/// To be called by the screen that says "there is no such thing", as it is drawn.
pub fn note_absence() {
    if let Some(absence) = use_context::<Absence>() {
        (absence.0)();
    }
}
