//! Several forms of one kind on a screen: each knows only of its own last try.

use crate::report::attempt;
use api::ApiError;
use api::kept::typed_into;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use ui::attempt::{Attempt, Named, Typed};

/// What the form of `action` that sends `own` knows of its last try.
pub fn own_attempt<S>(action: ServerAction<S>, fields: Vec<Named>, own: &[(&str, &str)]) -> Attempt
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let all: Attempt = attempt(action, fields);
    let typed: Typed = all.typed.clone().only(own);
    if typed.fields().is_some() {
        Attempt { typed, wrong: all.wrong }
    } else {
        Attempt { typed: Typed::default(), wrong: Signal::default() }
    }
}

/// Why the last try of `action` was refused, where no form has it: what was typed could not be kept, or the thing is gone.
pub fn lost_refusal<S>(action: ServerAction<S>) -> Option<AnyView>
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    if typed_into(action).is_some() { None } else { crate::report::refusal_before(action) }
}
