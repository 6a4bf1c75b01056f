//! That nobody would be paged, while no channel is in use.

use crate::words::words;
use api::ask;
use api::pager::pager_is_set_up;
use leptos::prelude::*;
use model::links;
use ui::button::ButtonLink;
use ui::callout::{Callout, Tone};

/// Nothing while somebody would be, and nothing while that is not known.
pub fn paging() -> AnyView {
    let data = ask(|| (), |()| pager_is_set_up());
    view! {
        <Transition>{move || Suspend::new(async move { matches!(data.await, Ok(false)).then(strip) })}</Transition>
    }
    .into_any()
}

fn strip() -> AnyView {
    let words = words();
    let act = move || view! { <ButtonLink href=links::CHANNELS.to_owned()>{words.set_up_channels}</ButtonLink> };
    view! {
        <div class="now__paging">
            <Callout tone=Tone::Warn acts=act>{words.nobody_paged}</Callout>
        </div>
    }
    .into_any()
}
