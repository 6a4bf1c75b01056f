//! What became of an act: a toast where a script runs, a sentence in place where the answer came back in the address.

use crate::words::{Words, words};
use api::ApiError;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use ui::icon::{Icon, IconName};
use ui::toasts::Toasts;

/// Says in a toast that `action` was done, or why not.
pub fn report<S>(action: ServerAction<S>, done: fn(&Words, &S) -> String)
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    report_with(action, done, |_| None);
}

/// The same, with the way back: `undo` says what would take the act back.
pub fn report_with<S>(action: ServerAction<S>, done: fn(&Words, &S) -> String, undo: fn(&S) -> Option<S>)
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let Some(toasts) = use_context::<Toasts>() else { return };
    let words = words();
    let asked: StoredValue<Option<S>> = StoredValue::new(None);
    let (input, value, version) = (action.input(), action.value(), action.version());
    // An action forgets what it was asked as soon as it has its answer.
    Effect::new(move |_: Option<()>| {
        if let Some(input) = input.get() {
            asked.set_value(Some(input));
        }
    });
    Effect::new(move |_: Option<()>| {
        if version.get() == 0 {
            return;
        }
        match (value.get_untracked(), asked.get_value()) {
            (Some(Ok(_)), Some(asked)) => say(toasts, action, done(words, &asked), undo(&asked)),
            (Some(Err(error)), _) => toasts.push_failure(words.refused(&error)),
            _ => {}
        }
    });
}

fn say<S>(toasts: Toasts, action: ServerAction<S>, text: String, back: Option<S>)
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let Some(back) = back else { return toasts.push(text) };
    let undo = Callback::new(move |()| {
        action.dispatch(back.clone());
    });
    toasts.push_undoable(text, undo);
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

/// Why the last act in a list was refused, as it stands when the list is drawn: a toast goes by, and without a script there is none.
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
        <p class="field__error" role="alert">
            <Icon name=IconName::Warn />
            {reason}
        </p>
    }
    .into_any()
}
