//! What became of a form's last try: what had been typed stands in the fields again, what is wrong stands where it is put right.
//!
//! Documents and postmortems refuse in words of their own; which of them a refusal belongs to stands before its dot.

use crate::documents::refusal as of_document;
use crate::postmortems::refusal as of_postmortem;
use crate::words::refused;
use api::ApiError;
use api::documents::form::DocumentTrouble;
use api::kept::{refusal_of, typed_into};
use api::postmortems::form::PostmortemTrouble;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use ui::attempt::{Attempt, Named, Typed, Wrong};

/// What the form of `action` knows of its last try; these are its fields.
pub fn attempt<S>(action: ServerAction<S>, fields: Vec<Named>) -> Attempt
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let place = move |error: &ApiError| placed(error, &fields);
    Attempt::new(typed_into(action), refusal_of(action), Box::new(place))
}

/// The same of one form among several of its kind: only the one that sent `own` was tried, and nothing is wrong with the others.
pub fn own_attempt<S>(action: ServerAction<S>, fields: Vec<Named>, own: &[(&str, &str)]) -> Attempt
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let all: Attempt = attempt(action, fields);
    let typed: Typed = all.typed.clone().only(own);
    let wrong: Signal<Vec<Wrong>> = if typed.fields().is_some() { all.wrong } else { Signal::default() };
    Attempt { typed, wrong }
}

/// Whether a form was tried and refused: then what it is folded into stands open. Where the database is away, the refusal comes back alone.
#[must_use]
pub fn was_tried(attempt: &Attempt) -> bool {
    attempt.typed.fields().is_some() || attempt.wrong.with_untracked(|wrong| !wrong.is_empty())
}

/// Why the last act of a kind was refused; nothing where it was not. Only for what has no field: a form with fields says it itself, and once.
pub fn refusal_before<S>(action: ServerAction<S>) -> AnyView
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    attempt(action, Vec::new()).refused()
}

/// Everything that is wrong, each where it is put right.
pub fn placed(error: &ApiError, fields: &[Named]) -> Vec<Wrong> {
    let known = |field: &str| -> Option<Wrong> {
        let (said, place): (String, &str) = told(field)?;
        let at: Option<Named> = fields.iter().find(|named| named.field == place).cloned();
        Some(Wrong { at, said })
    };
    let found: Vec<Wrong> = error.mistakes().iter().filter_map(|mistake| known(&mistake.field)).collect();
    if found.is_empty() { vec![Wrong { at: None, said: refused(error) }] } else { found }
}

/// The sentence of a refusal that has one, and what it is about.
fn told(field: &str) -> Option<(String, &str)> {
    if let Some((trouble, place)) = DocumentTrouble::of(field) {
        return Some((of_document::trouble_text(trouble), place));
    }
    PostmortemTrouble::of(field).map(|(trouble, place)| (of_postmortem::trouble_text(trouble, place), place))
}

#[cfg(test)]
mod tests {
    use super::placed;
    use api::ApiError;
    use api::documents::form::DocumentTrouble;
    use api::postmortems::form::PostmortemTrouble;
    use leptos::prelude::Owner;
    use ui::attempt::Named;

    #[test]
    fn what_is_wrong_stands_at_its_field_whoever_refused_it() {
        let owner = Owner::new();
        owner.set();
        let fields = [Named::new("slug", "document-slug", "アドレス"), Named::new("evidence", "evidence-3", "証跡")];
        let wrong = placed(&DocumentTrouble::SlugTaken.refused("slug", "another"), &fields);
        assert_eq!(wrong[0].at.as_ref().map(|at| at.id.as_str()), Some("document-slug"));
        let wrong = placed(&PostmortemTrouble::Evidence.refused("evidence", "an address"), &fields);
        assert_eq!(wrong[0].at.as_ref().map(|at| at.id.as_str()), Some("evidence-3"));
        assert_eq!(placed(&DocumentTrouble::Stale.refused("", "x"), &fields)[0].at, None);
    }

    #[test]
    fn what_nobody_has_a_sentence_for_is_said_once_and_not_in_the_words_of_programs() {
        let owner = Owner::new();
        owner.set();
        let fields = [Named::new("run", "run", "実行")];
        let odd = ApiError::Invalid { field: "run".to_owned(), expected: api::error::Expected::other("a number") };
        for error in [ApiError::Unavailable, odd] {
            let wrong = placed(&error, &fields);
            assert_eq!((wrong.len(), wrong[0].at.is_none()), (1, true));
            assert!(!wrong[0].said.contains("a number"), "{}", wrong[0].said);
        }
    }
}
