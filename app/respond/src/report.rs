//! What a form knows of its last try, and what became of an act that the module itself sent, said in a toast.

use crate::words::{Words, words};
use api::ApiError;
use api::alerting::{AlertAcknowledge, AlertUndoTake, Taken};
use api::error::Mistake;
use api::kept::{refusal_of, typed_into};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use ui::attempt::{Attempt, Named, Place, Wrong};
use ui::toasts::Toasts;

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
    let mistakes: Vec<Mistake> = error.mistakes();
    if mistakes.is_empty() {
        return vec![Wrong { at: None, said: words.refused(error) }];
    }
    let place = |mistake: Mistake| {
        let at: Option<Named> = fields.iter().find(|named| named.field == mistake.field).cloned();
        let said: String = words.refused(&ApiError::Invalid { field: mistake.field, expected: mistake.expected });
        Wrong { at, said }
    };
    mistakes.into_iter().map(place).collect()
}

/// Says in a toast that `action` was done, or why not.
pub fn report<S>(action: ServerAction<S>, done: fn(&Words, &S::Output) -> String)
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let words = words();
    tell(action, move |toasts, answer| toasts.push(done(words, answer)));
}

/// Says who has the alert after taking it on. Only a taking on that was one can be taken back, and only while it is still one's own.
/// Answers with the act of taking back, for who fetches after it.
pub fn report_taking(take: ServerAction<AlertAcknowledge>) -> ServerAction<AlertUndoTake> {
    let undo = ServerAction::<AlertUndoTake>::new();
    report(undo, |words, was_mine| {
        let said = if *was_mine { words.said_given_back } else { words.said_not_yours };
        said.to_owned()
    });
    let words = words();
    tell(take, move |toasts, taken| say_taken(toasts, words, undo, taken));
    undo
}

fn say_taken(toasts: Toasts, words: &Words, undo: ServerAction<AlertUndoTake>, taken: &Taken) {
    if taken.already {
        return toasts.push((words.held_say)(&taken.by));
    }
    let id = taken.id;
    let back = Callback::new(move |()| {
        undo.dispatch(AlertUndoTake { id });
    });
    toasts.push_undoable((words.taken)(&id.to_string()), back);
}

/// Runs `done` on every good answer, and says every refusal.
fn tell<S>(action: ServerAction<S>, done: impl Fn(Toasts, &S::Output) + Send + Sync + 'static)
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let Some(toasts) = use_context::<Toasts>() else { return };
    let words = words();
    let (value, version) = (action.value(), action.version());
    Effect::new(move |_: Option<()>| {
        if version.get() == 0 {
            return;
        }
        match value.get_untracked() {
            Some(Ok(answer)) => done(toasts, &answer),
            Some(Err(error)) => toasts.push_failure(words.refused(&error)),
            None => {}
        }
    });
}
