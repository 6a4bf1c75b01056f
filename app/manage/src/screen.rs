//! What every screen of this wing shares: waiting, failing, and drawing what came.

use crate::words::words;
use api::absence::note_absence;
use api::{ApiError, Asked};
use leptos::prelude::*;
use model::links;
use ui::button::ButtonLink;
use ui::context::use_here;
use ui::empty::ErrorState;
use ui::state::{StateKind, StateMark};

/// Draws `data` when it is there, or says why it is not.
pub fn loaded<T>(data: Asked<Result<T, ApiError>>, draw: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static) -> AnyView
where
    T: Clone + Send + Sync + 'static,
{
    ui::loaded::loaded(data, draw, failed)
}

/// The same on a screen about one thing of several: of what does not exist the document is answered with 404, and the way leads to what
/// there is.
pub fn failed_or_lost(error: &ApiError, list: &'static str, to_list: &'static str) -> AnyView {
    if !matches!(error, ApiError::NotFound { .. }) {
        return failed(error);
    }
    note_absence();
    let words = words();
    view! {
        <ErrorState what=words.lost_title means=words.lost_means action=words.lost_do>
            <ButtonLink href=list.to_owned()>{to_list}</ButtonLink>
        </ErrorState>
    }
    .into_any()
}

/// Whether something is used: normal has a word and no sign.
pub fn used(is_used: bool, on: &'static str, off: &'static str) -> AnyView {
    if is_used {
        view! { <span class="mute">{on}</span> }.into_any()
    } else {
        view! { <StateMark kind=StateKind::Paused word=off /> }.into_any()
    }
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
