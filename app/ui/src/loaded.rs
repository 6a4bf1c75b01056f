//! Waiting for data, drawing it, and saying honestly when it does not come.

use leptos::prelude::*;
use std::future::Future;
use std::pin::Pin;

use crate::empty::Skeleton;

/// A picture that comes when its data is there.
type Picture = Pin<Box<dyn Future<Output = AnyView> + Send>>;

/// Draws `data` when it is there and keeps the old picture while new data comes. `failed` says what happened when it does not.
pub fn loaded<T, E, C>(
    data: Resource<Result<T, E>, C>,
    draw: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
    failed: impl Fn(&E) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + 'static,
    E: Clone + Send + Sync + 'static,
    C: Send + Sync + 'static,
{
    let picture = move || -> Picture {
        Box::pin(async move {
            match data.await {
                Ok(found) => draw(found),
                Err(error) => failed(&error),
            }
        })
    };
    waiting(Box::new(picture))
}

/// Once for all kinds of data: what Leptos makes of a transition is large, and would stand in the browser's module for each kind again.
fn waiting(picture: Box<dyn Fn() -> Picture + Send + Sync>) -> AnyView {
    view! { <Transition fallback=|| view! { <Skeleton /> }>{move || Suspend::new(picture())}</Transition> }.into_any()
}
