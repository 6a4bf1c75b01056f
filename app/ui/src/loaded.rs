//! Waiting for data, drawing it, and saying honestly when it does not come.

use leptos::prelude::*;

use crate::empty::Skeleton;

/// Draws `data` when it is there and keeps the old picture while new data comes. `failed` says what happened when it does not.
pub fn loaded<T, E>(
    data: Resource<Result<T, E>>,
    draw: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
    failed: impl Fn(&E) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + 'static,
    E: Clone + Send + Sync + 'static,
{
    view! {
        <Transition fallback=|| view! { <Skeleton /> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(found) => draw(found),
                    Err(error) => failed(&error),
                }
            })}
        </Transition>
    }
    .into_any()
}
