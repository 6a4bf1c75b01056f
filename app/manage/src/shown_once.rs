//! Something shown exactly once: an invitation's address, a token.

use api::ApiError;
use api::identity::ShownOnce;
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use ui::copy::CopyButton;

/// What `action` answered, to be copied. It stands below the form, so it is brought into view: it does not come twice. The region is
/// there from the start, so that it is said aloud when the answer comes.
///
/// A form that is sent before or without a script is answered with a screen of its own instead: `plain/shown_once.rs`.
pub fn shown_once<S>(action: ServerAction<S>, say: &'static str) -> AnyView
where
    S: ServerFn<Output = ShownOnce, Error = ApiError> + Clone + Send + Sync + 'static,
{
    let value = action.value();
    let secret =
        move || value.with(|value| value.as_ref().and_then(|answer| answer.as_ref().ok()).map(|shown| shown.secret.clone()));
    let node: NodeRef<html::Div> = NodeRef::new();
    Effect::new(move |_: Option<()>| {
        let is_there: bool = action.value().with(|value| matches!(value, Some(Ok(_))));
        if let Some(element) = node.get_untracked().filter(|_| is_there) {
            // A frame later what it says has its height.
            request_animation_frame(move || element.scroll_into_view_with_bool(false));
        }
    });
    view! { <div role="status" node_ref=node>{move || secret().map(|secret| secret_box(secret, say))}</div> }.into_any()
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
