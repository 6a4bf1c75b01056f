//! What every screen of this wing shares: waiting, failing, and drawing what came.

use crate::words::{Words, words};
use api::ApiError;
use leptos::prelude::*;
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
    let what = title(error, words);
    view! {
        <ErrorState what=what means=error.to_string() action=words.failed_hint>
            <ButtonLink href=model::links::NOW.to_owned()>{words.now}</ButtonLink>
        </ErrorState>
    }
    .into_any()
}

fn title(error: &ApiError, words: &Words) -> &'static str {
    match error {
        ApiError::SignedOut => words.signed_out,
        ApiError::NotFound { .. } => words.not_found,
        _ => words.failed,
    }
}
