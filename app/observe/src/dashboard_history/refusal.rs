//! Why something about how dashboards are kept was not done, as sentences where it is put right.

use crate::words::dashboard_keeping::keeping_words;
use api::ApiError;
use api::absence::note_absence;
use api::dashboards::keeping::trouble::KeepingTrouble;
use api::error::Denial;
use api::kept::{refusal_of, typed_into};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::links;
use model::links::dashboards as ways;
use ui::attempt::{Attempt, Named, Wrong};
use ui::button::ButtonLink;
use ui::context::use_here;
use ui::empty::ErrorState;

/// What happened, what it means, what to do.
pub fn failed(error: &ApiError) -> AnyView {
    let words = keeping_words();
    if *error == ApiError::SignedOut {
        // The server renders the sign-in, so the router must leave it alone.
        let href: String = links::sign_in_again(&use_here());
        return view! {
            <ErrorState what=words.failed means=refusal_text(error) action=words.sign_in_hint>
                <ButtonLink href=href rel="external">{words.sign_in}</ButtonLink>
            </ErrorState>
        }
        .into_any();
    }
    let (what, action): (&'static str, &'static str) = match error {
        ApiError::NotFound { .. } => {
            note_absence();
            (words.not_found, words.not_found_hint)
        }
        _ => (words.failed, words.failed_hint),
    };
    view! {
        <ErrorState what=what means=refusal_text(error) action=action>
            <ButtonLink href=ways::LIST.to_owned()>{words.dashboards}</ButtonLink>
        </ErrorState>
    }
    .into_any()
}

/// What the form of `action` knows of its last try; these are its fields.
pub fn attempt<S>(action: ServerAction<S>, fields: Vec<Named>) -> Attempt
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let place = move |error: &ApiError| placed(error, &fields);
    Attempt::new(typed_into(action), refusal_of(action), Box::new(place))
}

/// Why the last act of a kind was refused; nothing where it was not. Only for what has no field.
pub fn refusal_before<S>(action: ServerAction<S>) -> AnyView
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    attempt(action, Vec::new()).refused()
}

/// Everything that is wrong, each where it is put right.
fn placed(error: &ApiError, fields: &[Named]) -> Vec<Wrong> {
    let known = |field: &str| -> Option<Wrong> {
        let (trouble, place) = KeepingTrouble::of(field)?;
        let at: Option<Named> = fields.iter().find(|named| named.field == place).cloned();
        Some(Wrong { at, said: trouble_text(trouble).to_owned() })
    };
    let found: Vec<Wrong> = error.mistakes().iter().filter_map(|mistake| known(&mistake.field)).collect();
    if found.is_empty() { vec![Wrong { at: None, said: refusal_text(error) }] } else { found }
}

fn trouble_text(trouble: KeepingTrouble) -> &'static str {
    keeping_words().troubles[trouble.place()]
}

/// Why, as one sentence.
#[must_use]
pub fn refusal_text(error: &ApiError) -> String {
    let words = keeping_words();
    match error {
        ApiError::SignedOut => words.signed_out.to_owned(),
        ApiError::Denied { reason: Denial::Other { said } } => said.clone(),
        ApiError::Denied { .. } => words.not_allowed.to_owned(),
        ApiError::NotFound { .. } => words.gone.to_owned(),
        ApiError::Invalid { field, .. } => {
            KeepingTrouble::of(field).map_or(words.to_mend, |(trouble, _)| trouble_text(trouble)).to_owned()
        }
        ApiError::Mistakes { .. } => words.to_mend.to_owned(),
        ApiError::Unavailable => words.unavailable.to_owned(),
        ApiError::TryLater { seconds } => (words.later)(*seconds),
        ApiError::Transport { .. } => words.unreached.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_is_a_sentence_of_its_own_at_its_field() {
        let owner = Owner::new();
        owner.set();
        let fields = [Named::new("title_ja", "new-title-ja", "題名")];
        let mut said: Vec<String> = Vec::new();
        for (trouble, _) in KeepingTrouble::ALL {
            let wrong: Vec<Wrong> = placed(&trouble.refused("title_ja", "x"), &fields);
            assert_eq!(wrong[0].at.as_ref().map(|at| at.id.as_str()), Some("new-title-ja"));
            assert!(wrong[0].said.ends_with('。'), "{}", wrong[0].said);
            said.push(wrong[0].said.clone());
        }
        said.sort();
        said.dedup();
        assert_eq!(said.len(), KeepingTrouble::ALL.len());
    }

    #[test]
    fn what_nobody_has_a_sentence_for_is_not_said_in_the_words_of_programs() {
        let owner = Owner::new();
        owner.set();
        let odd = ApiError::Invalid { field: "version".to_owned(), expected: api::error::Expected::other("a number") };
        assert_eq!(placed(&odd, &[]).len(), 1);
        assert!(!refusal_text(&odd).contains("a number"));
    }
}
