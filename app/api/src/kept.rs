//! A form that was sent without a script and refused, as it was filled in.
//!
//! The server keeps it for the browser that sent it and hands it over with the next screen, so that what was typed stands in the fields
//! again. What was typed is in no address: there stands only the number under which it is kept. Secrets are never kept.

use crate::error::ApiError;
use leptos::prelude::*;
use leptos::server::ServerActionError;
use leptos::server_fn::ServerFn;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the number is called in an address.
pub const NAME: &str = "kept";

/// A refused form. Put into context by the server, where there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptForm {
    /// The server function it was sent to.
    pub call: String,
    /// Why it was refused, as [`ServerActionError`] has it.
    pub refusal: String,
    /// Names and texts, in the order they were sent.
    pub fields: Vec<(String, String)>,
}

/// The refused form that this screen was opened with.
#[derive(Clone, Copy)]
struct Kept(StoredValue<Option<Arc<KeptForm>>>);

/// Hands the refused form to the screens: call it once, above the router.
pub fn provide_kept() {
    let form: Option<KeptForm> = use_context::<KeptForm>();
    if let Some(form) = &form {
        // Every action finds its refusal there, as if it had come in the address.
        provide_context(ServerActionError::new(&form.call, &form.refusal));
    }
    provide_context(Kept(StoredValue::new(form.map(Arc::new))));
}

/// The refused form, if there is one.
#[must_use]
pub fn kept_form() -> Option<Arc<KeptForm>> {
    use_context::<Kept>().and_then(|kept| kept.0.try_get_value().flatten())
}

/// What had been typed into the form of `action`, if it comes back with this screen. Taken as the form is drawn: once a script was
/// answered, the screen holds what is newer.
pub fn typed_into<S>(action: ServerAction<S>) -> Option<Vec<(String, String)>>
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let is_first: bool = action.version().get_untracked() == 0;
    kept_form().filter(|form| is_first && form.call == S::PATH).map(|form| form.fields.clone())
}

/// Why the last try of `action` was refused, if it was.
pub fn refusal_of<S>(action: ServerAction<S>) -> Signal<Option<ApiError>>
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let value = action.value();
    Signal::derive(move || value.with(|value| value.as_ref().and_then(|answer| answer.as_ref().err()).cloned()))
}
