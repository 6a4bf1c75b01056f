//! What a form about incidents knows of its last try: what is wrong, in the reader's words, each at its field.

use super::said::{missing_text, move_text, status_text};
use crate::screen;
use crate::words::incidents::incident_words;
use crate::words::refused;
use api::ApiError;
use api::absence::note_absence;
use api::incidents::form::{IncidentTrouble, missing_of};
use api::kept::{refusal_of, typed_into};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::incident::steps::Missing;
use model::incident::{IncidentStatus, Move};
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

/// Why the last act of a kind was refused, as it stands when the screen is drawn; nothing where it was not.
pub fn refusal_before<S>(action: ServerAction<S>) -> AnyView
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    attempt(action, Places::new()).refused()
}

/// Everything that is wrong, each where it is put right.
pub fn placed(error: &ApiError, places: &[Named]) -> Vec<Wrong> {
    let known = |field: &str| -> Option<Wrong> {
        let (trouble, place) = IncidentTrouble::of(field)?;
        let at: Option<Named> = places.iter().find(|named| named.field == place).cloned();
        Some(Wrong { at, said: trouble_text(trouble, place) })
    };
    let found: Vec<Wrong> = error.mistakes().iter().filter_map(|mistake| known(&mistake.field)).collect();
    if found.is_empty() { vec![Wrong { at: None, said: said_of(error) }] } else { found }
}

fn said_of(error: &ApiError) -> String {
    let words = incident_words();
    match error {
        ApiError::NotFound { what } if what.starts_with("incident ") => words.gone_means.to_owned(),
        ApiError::Denied { .. } => words.only_responders.to_owned(),
        other => refused(other),
    }
}

/// Why, with what it names.
#[must_use]
pub fn trouble_text(trouble: IncidentTrouble, place: &str) -> String {
    let words = incident_words();
    match trouble {
        IncidentTrouble::Unfinished => {
            let missing: Vec<Missing> = missing_of(place);
            let said: Vec<String> = missing.into_iter().map(missing_text).collect();
            (words.unfinished)(&said.join(words.comma))
        }
        IncidentTrouble::NotFrom => not_from(place),
        IncidentTrouble::AlertTaken => {
            let of = |(alert, incident): (&str, &str)| (words.alert_taken)(alert, incident);
            place.split_once(' ').map_or_else(|| (words.alert_held)(place), of)
        }
        IncidentTrouble::TargetOver => {
            let status: &str = IncidentStatus::from_word(place).map_or("", status_text);
            (words.target_over)(status)
        }
        other => words.troubles[plain_place(other)].to_owned(),
    }
}

/// The place among the sentences that name nothing.
fn plain_place(trouble: IncidentTrouble) -> usize {
    match trouble {
        IncidentTrouble::Stale => 0,
        IncidentTrouble::NoReason => 1,
        IncidentTrouble::IntoItself => 2,
        IncidentTrouble::Empty => 3,
        IncidentTrouble::Long => 4,
        IncidentTrouble::NoLevel => 5,
        IncidentTrouble::NoAlerts => 6,
        IncidentTrouble::NoPerson => 7,
        IncidentTrouble::Over => 8,
        IncidentTrouble::Moment => 9,
        IncidentTrouble::Ahead => 10,
        IncidentTrouble::Address => 11,
        IncidentTrouble::NoRooms => 12,
        IncidentTrouble::HasRoom => 13,
        IncidentTrouble::Graph => 14,
        IncidentTrouble::TooMany => 15,
        IncidentTrouble::NoIncident => 16,
        IncidentTrouble::Gone => 17,
        IncidentTrouble::Unfinished
        | IncidentTrouble::NotFrom
        | IncidentTrouble::AlertTaken
        | IncidentTrouble::TargetOver
        | IncidentTrouble::Other => 18,
    }
}

/// `resolved acknowledge`: the status, and the move that does not lead on from it.
fn not_from(place: &str) -> String {
    let words = incident_words();
    let (status, by) = place.split_once(' ').unwrap_or((place, ""));
    let status: &str = IncidentStatus::from_word(status).map_or("", status_text);
    match Move::from_word(by) {
        Some(by) => (words.not_from)(status, move_text(by)),
        None => (words.already)(status),
    }
}

/// What happened, and the way to what there is.
pub fn failed(error: &ApiError) -> AnyView {
    let ApiError::NotFound { what } = error else { return screen::failed(error) };
    if !what.starts_with("incident ") {
        return screen::failed(error);
    }
    note_absence();
    let words = incident_words();
    view! {
        <ErrorState what=words.gone means=words.gone_means action=words.gone_hint>
            <ButtonLink href=links::INCIDENTS.to_owned()>{words.title}</ButtonLink>
        </ErrorState>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{placed, trouble_text};
    use api::ApiError;
    use api::incidents::form::IncidentTrouble;
    use leptos::prelude::Owner;
    use ui::attempt::Named;

    #[test]
    fn what_is_wrong_stands_at_its_field_and_says_what_it_names() {
        let owner = Owner::new();
        owner.set();
        let places = [Named::new("title", "declare-title", "件名")];
        let wrong = placed(&IncidentTrouble::Empty.refused("title", "some words"), &places);
        assert_eq!(wrong[0].at.as_ref().map(|at| at.id.as_str()), Some("declare-title"));
        assert_eq!(placed(&IncidentTrouble::Stale.refused("", "x"), &places)[0].at, None);
        assert_eq!(placed(&ApiError::Unavailable, &places).len(), 1);
        let unfinished = trouble_text(IncidentTrouble::Unfinished, "postmortem,owners:2");
        assert!(unfinished.contains("ポストモーテム") && unfinished.contains('2'), "{unfinished}");
        let not_from = trouble_text(IncidentTrouble::NotFrom, "closed resolve");
        assert!(not_from.contains("完了") && not_from.ends_with('。'), "{not_from}");
        assert!(trouble_text(IncidentTrouble::AlertTaken, "A-12 I-3").contains("I-3"));
        let held = trouble_text(IncidentTrouble::AlertTaken, "A-12");
        assert!(held.contains("A-12") && !held.contains("I-"), "{held}");
    }

    #[test]
    fn every_trouble_is_a_sentence() {
        let owner = Owner::new();
        owner.set();
        for (trouble, word) in IncidentTrouble::ALL {
            let said = trouble_text(trouble, "");
            assert!(said.ends_with('。'), "{word}: {said}");
        }
    }
}
