//! What became of an act that was refused: a sentence in place, at its field where there is one.

use crate::words::{Words, words};
use api::ApiError;
use api::error::{Denial, Mistake};
use api::kept::{refusal_of, typed_into};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use ui::attempt::{Attempt, Named, Place, Wrong};
use ui::icon::{Icon, IconName};

/// What the form of `action` knows of its last try, in the reader's words; these are its fields.
pub fn attempt<S>(action: ServerAction<S>, fields: Vec<Named>) -> Attempt
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    Attempt::new(typed_into(action), refusal_of(action), placing(fields))
}

fn placing(fields: Vec<Named>) -> Place<ApiError> {
    let words: &'static Words = words();
    Box::new(move |error: &ApiError| placed(error, &fields, words))
}

/// What is wrong, each at its field where the form has that.
fn placed(error: &ApiError, fields: &[Named], words: &Words) -> Vec<Wrong> {
    let find = |field: &str| fields.iter().find(|named| named.field == field).cloned();
    let whole = |error: &ApiError, at: Option<Named>| Wrong { at, said: words.refused(error) };
    if let ApiError::Denied { reason } = error {
        return vec![whole(error, field_of(reason).and_then(find))];
    }
    let mistakes = error.mistakes();
    if mistakes.is_empty() {
        return vec![whole(error, None)];
    }
    let place = |mistake: Mistake| match find(&mistake.field) {
        Some(at) => Wrong { at: Some(at), said: words.expected(&mistake.expected) },
        None => whole(&ApiError::Invalid { field: mistake.field, expected: mistake.expected }, None),
    };
    mistakes.into_iter().map(place).collect()
}

/// The field that a refusal is about which was understood.
fn field_of(reason: &Denial) -> Option<&'static str> {
    match reason {
        Denial::WrongPassword => Some("old"),
        Denial::PersonTaken => Some("email"),
        Denial::TeamTaken => Some("name"),
        _ => None,
    }
}

/// Why the last try was refused, at the form itself. Without a script the reason comes back in the address, and stands here as well.
pub fn refusal<S>(action: ServerAction<S>) -> AnyView
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let words = words();
    let value = action.value();
    let reason =
        move || value.with(|value| value.as_ref().and_then(|answer| answer.as_ref().err()).map(|error| words.refused(error)));
    (move || reason().map(reason_line)).into_any()
}

/// Why the last act in a list was refused, as it stands when the list is drawn.
pub fn refusal_before<S>(action: ServerAction<S>) -> Option<AnyView>
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let answer = action.value().get_untracked()?;
    answer.err().map(|error| reason_line(words().refused(&error)))
}

fn reason_line(reason: String) -> AnyView {
    view! {
        <p class="field__error" role="alert" tabindex="-1" autofocus=true>
            <Icon name=IconName::Warn />
            {reason}
        </p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::placed;
    use crate::words::of;
    use api::ApiError;
    use api::error::{Denial, Expected, Mistake};
    use figures::Locale;
    use ui::attempt::Named;

    fn fields() -> Vec<Named> {
        vec![Named::new("name", "invite-name", "Name"), Named::new("email", "invite-email", "E-mail")]
    }

    fn ids(error: &ApiError) -> Vec<Option<String>> {
        placed(error, &fields(), of(Locale::En)).into_iter().map(|wrong| wrong.at.map(|at| at.id)).collect()
    }

    #[test]
    fn every_wrong_field_is_named_where_it_stands() {
        let name = Mistake::new("name", Expected::Characters { least: 1, most: 100 });
        let (email, odd) = (Mistake::new("email", Expected::Email), Mistake::new("colour", Expected::other("blue")));
        let error = ApiError::Mistakes { wrong: vec![name, email, odd] };
        assert_eq!(ids(&error), [Some("invite-name".to_owned()), Some("invite-email".to_owned()), None]);
        let said: Vec<String> = placed(&error, &fields(), of(Locale::En)).into_iter().map(|wrong| wrong.said).collect();
        assert_eq!(said, ["Write 1 to 100 characters here.", "Write the e-mail like hana@example.com.", "colour: blue"]);
    }

    #[test]
    fn what_is_taken_stands_at_its_field_and_the_rest_is_about_the_whole() {
        assert_eq!(ids(&ApiError::Denied { reason: Denial::PersonTaken }), [Some("invite-email".to_owned())]);
        assert_eq!(ids(&ApiError::Denied { reason: Denial::LastAdmin }), [None]);
        assert_eq!(ids(&ApiError::Unavailable), [None]);
    }
}
