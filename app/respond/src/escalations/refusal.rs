//! What a form about policies knows of its last try, and what stands where there is no such policy.

use crate::screen;
use crate::words::escalations::{escalation_words, trouble_text};
use crate::words::refused;
use api::ApiError;
use api::absence::note_absence;
use api::escalations::PolicyTrouble;
use leptos::prelude::*;
use model::links;
use ui::attempt::{Named, Wrong};
use ui::button::ButtonLink;
use ui::empty::ErrorState;

/// Everything that is wrong, each where it is put right; `place` says where a field of the form stands.
pub fn placed(error: &ApiError, place: fn(&str) -> Named) -> Vec<Wrong> {
    let mistakes = error.mistakes();
    let known = mistakes.iter().filter_map(|mistake| PolicyTrouble::of(&mistake.field));
    let found: Vec<Wrong> = known.map(|(trouble, field)| wrong(trouble, field, place)).collect();
    if found.is_empty() { vec![Wrong { at: None, said: refused(error) }] } else { found }
}

/// One thing that is wrong.
pub fn wrong(trouble: PolicyTrouble, field: &str, place: fn(&str) -> Named) -> Wrong {
    let at: Option<Named> = (!field.is_empty()).then(|| place(field));
    Wrong { at, said: trouble_text(trouble).to_owned() }
}

/// What happened, and the way to what there is.
pub fn failed(error: &ApiError) -> AnyView {
    let ApiError::NotFound { what } = error else { return screen::failed(error) };
    if !what.starts_with("policy ") {
        return screen::failed(error);
    }
    note_absence();
    let words = escalation_words();
    view! {
        <ErrorState what=words.gone means=words.gone_means action=words.gone_hint>
            <ButtonLink href=links::ESCALATIONS.to_owned()>{words.title}</ButtonLink>
        </ErrorState>
    }
    .into_any()
}
