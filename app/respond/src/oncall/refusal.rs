//! What a form about duties knows of its last try: what is wrong, in the reader's words, each at its field.

use crate::screen;
use crate::words::oncall::{oncall_words, trouble_text};
use crate::words::refused;
use api::ApiError;
use api::absence::note_absence;
use api::error::Mistake;
use api::kept::{refusal_of, typed_into};
use api::oncall::form::DutyTrouble;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::links;
use ui::attempt::{Attempt, Named, Wrong};
use ui::button::ButtonLink;
use ui::empty::ErrorState;

/// Where a field of a form stands on the screen, and what it is called.
pub type Places = Vec<Named>;

/// What the form of `action` knows of its last try.
pub fn attempt<S>(action: ServerAction<S>, places: Places) -> Attempt
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let place = move |error: &ApiError| placed(error, &places);
    Attempt::new(typed_into(action), refusal_of(action), Box::new(place))
}

/// Everything that is wrong, each where it is put right.
pub fn placed(error: &ApiError, places: &[Named]) -> Vec<Wrong> {
    let mistakes: Vec<Mistake> = error.mistakes();
    let known = |mistake: &Mistake| -> Option<Wrong> {
        let (trouble, field) = DutyTrouble::of(&mistake.field)?;
        Some(wrong(trouble, field, places))
    };
    let found: Vec<Wrong> = mistakes.iter().filter_map(known).collect();
    if found.is_empty() { vec![Wrong { at: None, said: refused(error) }] } else { found }
}

/// One thing that is wrong.
pub fn wrong(trouble: DutyTrouble, field: &str, places: &[Named]) -> Wrong {
    let at: Option<Named> = places.iter().find(|named| named.field == field).cloned();
    Wrong { at, said: trouble_text(trouble).to_owned() }
}

/// What happened, and the way to what there is.
pub fn failed(error: &ApiError) -> AnyView {
    let ApiError::NotFound { what } = error else { return screen::failed(error) };
    if !what.starts_with("schedule ") {
        return screen::failed(error);
    }
    note_absence();
    let words = oncall_words();
    view! {
        <ErrorState what=words.gone means=words.gone_means action=words.gone_hint>
            <ButtonLink href=links::ONCALL.to_owned()>{words.title}</ButtonLink>
        </ErrorState>
    }
    .into_any()
}

/// Why the last act in a list was refused, as it stands when the list is drawn.
pub fn refusal_before<S>(action: ServerAction<S>) -> AnyView
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    attempt(action, Places::new()).refused()
}

#[cfg(test)]
mod tests {
    use super::placed;
    use api::ApiError;
    use api::error::{Expected, Mistake};
    use api::oncall::form::DutyTrouble;
    use leptos::prelude::Owner;
    use ui::attempt::Named;

    #[test]
    fn what_is_wrong_stands_at_its_field() {
        let owner = Owner::new();
        owner.set();
        let places = [Named::new("until", "override-until", "終わり")];
        let window = placed(&DutyTrouble::Window.refused("until", "a beginning before an end"), &places);
        assert_eq!(window[0].at.as_ref().map(|at| at.id.as_str()), Some("override-until"));
        assert_eq!(placed(&DutyTrouble::Past.refused("", "x"), &places)[0].at, None);
        let two = ApiError::Mistakes {
            wrong: vec![
                Mistake::new(&DutyTrouble::Person.field("person"), Expected::other("x")),
                Mistake::new(&DutyTrouble::Moment.field("until"), Expected::other("x")),
            ],
        };
        assert_eq!(placed(&two, &places).iter().filter(|wrong| wrong.at.is_some()).count(), 1);
        assert_eq!(placed(&ApiError::Unavailable, &places).len(), 1);
    }
}
