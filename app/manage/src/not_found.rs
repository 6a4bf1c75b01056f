//! The screen for an address that leads nowhere.

use crate::words::words;
use leptos::prelude::*;
use leptos_meta::Title;
use model::links;
use ui::button::{ButtonLink, Rank};

/// What happened, what it means, and the way back to Now. The status of the answer is the server's.
#[component]
pub fn NotFound() -> impl IntoView {
    let words = words();
    view! {
        <Title text=words.lost_title />
        <div class="error-screen">
            <p class="error-screen__code" aria-hidden="true">"404"</p>
            <h1 class="error-screen__title">{words.lost_title}</h1>
            <p class="error-screen__text">{words.lost_means} " " {words.lost_do}</p>
            <div class="error-screen__acts">
                <ButtonLink href=links::NOW.to_owned() rank=Rank::Main>{words.now}</ButtonLink>
            </div>
        </div>
    }
    .into_any()
}
