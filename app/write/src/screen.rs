//! What every screen of this wing shares: failing honestly, small parts of forms, moments.

use crate::words::{refused, words};
use api::{ApiError, Viewer};
use leptos::prelude::*;
use model::{Time, links};
use ui::button::ButtonLink;
use ui::context::{use_here, use_look};
use ui::empty::ErrorState;

/// What lies nearer to now is written without its day.
const TODAY_MS: i64 = 16 * 3_600_000;

/// What happened, what it means, what to do.
pub fn failed(error: &ApiError) -> AnyView {
    let words = words();
    if *error == ApiError::SignedOut {
        // The server renders the sign-in, so the router must leave it alone.
        let href: String = links::sign_in_again(&use_here());
        return view! {
            <ErrorState what=words.failed means=refused(error) action=words.sign_in_hint>
                <ButtonLink href=href rel="external">{words.sign_in}</ButtonLink>
            </ErrorState>
        }
        .into_any();
    }
    view! {
        <ErrorState what=words.failed means=refused(error) action=words.failed_hint>
            <ButtonLink href=links::NOW.to_owned()>{words.now}</ButtonLink>
        </ErrorState>
    }
    .into_any()
}

/// Whether the window is narrow, as far as the server was told: then what stands before a text is folded.
#[must_use]
pub fn is_narrow() -> bool {
    use_context::<Viewer>().is_some_and(|viewer| viewer.narrow)
}

/// What a form sends and nobody sees.
pub fn hidden(name: &'static str, value: &str) -> AnyView {
    view! { <input type="hidden" name=name value=value.to_owned() /> }.into_any()
}

/// The version that was looked at. Its key changes with it: a screen that is drawn anew keeps what fields hold, and this must not be kept.
pub fn seen(name: &'static str, version: i64) -> AnyView {
    view! { <input type="hidden" data-key=format!("{name}-{version}") name=name value=version.to_string() /> }.into_any()
}

/// A choice in a form: what it sends, and what is read.
#[must_use]
pub fn option(value: &str, word: &str, chosen: &str) -> AnyView {
    let is_chosen: bool = value == chosen;
    view! { <option value=value.to_owned() selected=is_chosen>{word.to_owned()}</option> }.into_any()
}

/// A moment in the reader's zone: with its day where it is not of these hours.
#[must_use]
pub fn moment_text(at: Time) -> String {
    let look = use_look();
    let is_near: bool = (at.0 - look.now_ms).abs() < TODAY_MS;
    if is_near { figures::short_time(at.0, &look.zone) } else { figures::day_time(at.0, &look.zone, look.locale) }
}

/// A day in the reader's zone: `11月22日(日)`.
#[must_use]
pub fn day_text(at: Time) -> String {
    let look = use_look();
    figures::date_line(at.0, &look.zone, look.locale)
}
