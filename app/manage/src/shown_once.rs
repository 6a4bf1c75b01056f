//! Something shown exactly once: an invitation's address, a token.

use api::ApiError;
use api::identity::ShownOnce;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use ui::copy::CopyButton;

/// What `action` answered, to be copied. The region is there from the start, so that it is said aloud when the answer comes.
///
/// A form that is sent before or without a script is answered with a screen of its own instead: `plain/shown_once.rs`.
pub fn shown_once<S>(action: ServerAction<S>, say: &'static str) -> AnyView
where
    S: ServerFn<Output = ShownOnce, Error = ApiError> + Clone + Send + Sync + 'static,
{
    let value = action.value();
    let secret =
        move || value.with(|value| value.as_ref().and_then(|answer| answer.as_ref().ok()).map(|shown| shown.secret.clone()));
    view! { <div role="status">{move || secret().map(|secret| secret_box(secret, say))}</div> }.into_any()
}

fn secret_box(secret: String, say: &'static str) -> AnyView {
    view! {
        <div class="shown-once">
            <p class="shown-once__say">{say}</p>
            <code class="shown-once__secret">{secret.clone()}</code>
            <CopyButton text=secret />
        </div>
    }
    .into_any()
}
