//! What every screen of this wing shares: waiting, failing, and drawing what came.

use crate::words::{Words, words};
use api::ApiError;
use leptos::prelude::*;
use model::links;
use ui::button::ButtonLink;
use ui::empty::ErrorState;

/// Draws `data` when it is there, or says why it is not.
pub fn loaded<T>(data: Resource<Result<T, ApiError>>, draw: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static) -> AnyView
where
    T: Clone + Send + Sync + 'static,
{
    ui::loaded::loaded(data, draw, failed)
}

/// What happened, what it means, what to do.
pub fn failed(error: &ApiError) -> AnyView {
    let words = words();
    let (what, means, action) = said(error, words);
    view! {
        <ErrorState what=what means=means action=action>
            <ButtonLink href=links::ALERTS.to_owned()>{words.alerts}</ButtonLink>
        </ErrorState>
    }
    .into_any()
}

fn said(error: &ApiError, words: &Words) -> (&'static str, String, &'static str) {
    match error {
        ApiError::SignedOut => (words.signed_out, String::new(), words.signed_out_hint),
        ApiError::NotFound { .. } => (words.not_found, words.not_found_means.to_owned(), words.not_found_hint),
        ApiError::Unavailable => (words.failed, words.unavailable.to_owned(), words.failed_hint),
        other => (words.failed, other.to_string(), words.failed_hint),
    }
}
