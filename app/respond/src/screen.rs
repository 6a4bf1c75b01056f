//! What every screen of this wing shares: waiting, failing, and drawing what came.

use crate::words::routes::route_words;
use crate::words::rules::rule_words;
use crate::words::silences::silence_words;
use crate::words::{Words, words};
use api::absence::note_absence;
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
        return signed_out(words);
    }
    if matches!(error, ApiError::NotFound { .. }) {
        note_absence();
    }
    let (what, means, action) = said(error, words);
    let (list, name) = list_of(error, words);
    view! {
        <ErrorState what=what means=means action=action>
            <ButtonLink href=list.to_owned()>{name}</ButtonLink>
        </ErrorState>
    }
    .into_any()
}

/// The list to which what is missing belongs, and what it is called.
fn list_of(error: &ApiError, words: &Words) -> (&'static str, &'static str) {
    let what: &str = if let ApiError::NotFound { what } = error { what } else { "" };
    match what.split_once(' ').map_or("", |(kind, _)| kind) {
        "rule" => (links::RULES, words.rules),
        "silence" => (links::SILENCES, silence_words().title),
        "route" => (links::ROUTES, route_words().title),
        _ => (links::ALERTS, words.alerts),
    }
}

/// The way to sign in, and back here. The server renders that screen, so the router must leave it alone.
fn signed_out(words: &'static Words) -> AnyView {
    let href = links::sign_in_again(&use_here());
    view! {
        <ErrorState what=words.signed_out means=words.signed_out_means action=words.signed_out_hint>
            <ButtonLink href=href rel="external">{words.sign_in}</ButtonLink>
        </ErrorState>
    }
    .into_any()
}

fn said(error: &ApiError, words: &Words) -> (&'static str, String, &'static str) {
    match error {
        ApiError::NotFound { what } if what.starts_with("silence ") || what.starts_with("route ") => {
            (words.failed, words.refused(error), words.invalid_hint)
        }
        ApiError::NotFound { what } if what.starts_with("rule ") => {
            let rules = rule_words();
            (rules.lost, rules.lost_means.to_owned(), rules.lost_hint)
        }
        ApiError::NotFound { .. } => (words.not_found, words.not_found_means.to_owned(), words.not_found_hint),
        ApiError::Invalid { .. } | ApiError::Mistakes { .. } => (words.failed, words.refused(error), words.invalid_hint),
        ApiError::Denied { .. } => (words.failed, words.refused(error), words.denied_hint),
        other => (words.failed, words.refused(other), words.failed_hint),
    }
}
