//! What every screen of this wing shares: waiting, failing, and drawing what came.

use crate::words::words;
use api::{ApiError, Asked};
use leptos::prelude::*;
use model::links;
use ui::button::ButtonLink;
use ui::context::use_here;
use ui::empty::ErrorState;

/// Draws `data` when it is there, or says why it is not.
pub fn loaded<T>(data: Asked<Result<T, ApiError>>, draw: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static) -> AnyView
where
    T: Clone + Send + Sync + 'static,
{
    ui::loaded::loaded(data, draw, failed)
}

/// What happened, what it means, what to do.
pub fn failed(error: &ApiError) -> AnyView {
    let words = words();
    if *error == ApiError::SignedOut {
        // The server renders the sign-in, so the router must leave it alone.
        let href = links::sign_in_again(&use_here());
        return view! {
            <ErrorState what=words.failed means=words.refused(error) action=words.sign_in_hint>
                <ButtonLink href=href rel="external">{words.sign_in}</ButtonLink>
            </ErrorState>
        }
        .into_any();
    }
    view! {
        <ErrorState what=words.failed means=words.refused(error) action=words.failed_hint>
            <ButtonLink href=links::NOW.to_owned()>{words.now}</ButtonLink>
        </ErrorState>
    }
    .into_any()
}
