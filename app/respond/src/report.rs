//! What became of a form that was refused: each mistake at its field.

use crate::words::{Words, words};
use api::ApiError;
use api::error::Mistake;
use api::kept::{refusal_of, typed_into};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use ui::attempt::{Attempt, Named, Place, Wrong};

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
