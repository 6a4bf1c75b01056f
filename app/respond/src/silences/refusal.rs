//! Why a form was refused, at the form. Without a script the reason comes back in the address, and stands here as well.

use crate::words::refused;
use api::ApiError;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use ui::icon::{Icon, IconName};

/// Why the last try of `action` was refused, if it was.
pub fn refusal<S>(action: ServerAction<S>) -> AnyView
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let value = action.value();
    let reason = move || value.with(|value| value.as_ref().and_then(|answer| answer.as_ref().err()).map(refused));
    (move || reason().map(mistake)).into_any()
}

/// A sentence about what is wrong.
pub fn mistake(text: String) -> AnyView {
    view! {
        <p class="field__error" role="alert">
            <Icon name=IconName::Warn />
            {text}
        </p>
    }
    .into_any()
}
