//! What every screen says before itself: that the form which led to it was refused, or what it did. Acts that lead to a screen of their own
//! are told there. Only the server draws it; `public/toasts.js` makes toasts of it.

use crate::words::{self, Words};
use api::kept::{self, kept_form};
use api::told::Told;
use api::{ApiError, Viewer};
use leptos::prelude::*;
use leptos::server_fn::error::ServerFnUrlError;
use leptos_router::hooks::use_query_map;
use ui::callout::Banner;
use ui::icon::IconName;

/// Nothing, where nothing happened.
pub fn told() -> AnyView {
    let words: &'static Words = words::of(expect_context::<Viewer>().locale);
    view! { {trouble(words)} {done()} }.into_any()
}

/// What the form did that led here, if its own screen does not say so.
fn done() -> Option<AnyView> {
    let word: String = use_query_map().with_untracked(|query| query.get("done"))?;
    let told = Told::read(&word);
    let note: AnyView = respond::told(&told).or_else(|| manage::told(&told))?;
    Some(view! { <div class="told">{note}</div> }.into_any())
}

/// A form that was refused comes back with its error, kept or in the address: say so, and why where the form itself may be gone.
fn trouble(words: &Words) -> Option<AnyView> {
    let query = use_query_map();
    let (path, error): (String, String) = query.with_untracked(|query| match query.get("__err") {
        Some(error) => Some((query.get("__path").unwrap_or_default(), error)),
        None => kept_form().filter(|_| query.get(kept::NAME).is_some()).map(|form| (form.call.clone(), form.refusal.clone())),
    })?;
    let text: String = said(words, &path, &error);
    Some(view! { <Banner icon=IconName::Warn>{text}</Banner> }.into_any())
}

/// What failed; of an answer to an alert also the reason. Other forms say theirs in place.
fn said(words: &Words, path: &str, error: &str) -> String {
    if !path.rsplit('/').next().is_some_and(|call| call.starts_with("alert_")) {
        return words.failed_form.to_owned();
    }
    let error: ApiError = ServerFnUrlError::decode_err(error);
    format!("{}: {}", words.failed_form, respond::refused(&error))
}
