//! What forms of actions share.

use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Empties a form once its act is done, so that nothing is sent twice and no password stays behind.
pub fn empty_when_done<S>(action: ServerAction<S>, form: NodeRef<html::Form>)
where
    S: ServerFn + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
    S::Error: Clone + Send + Sync + 'static,
{
    let (value, version) = (action.value(), action.version());
    Effect::new(move |_: Option<()>| {
        let is_done = version.get() > 0 && value.with_untracked(|value| matches!(value, Some(Ok(_))));
        if let Some(form) = form.get_untracked().filter(|_| is_done) {
            form.reset();
        }
    });
}
