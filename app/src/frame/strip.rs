//! The strip under the bar: there only while the line to the server is lost.

use crate::words::Words;
use leptos::prelude::*;
use ui::icon::{Icon, IconName};

/// Stands in the sentence where the time goes. No word of any language holds it.
const TIME: &str = "{time}";

/// Says that what is shown is old, and how old, and that the line is being sought. `public/frame.js` puts the banner in and takes it out.
/// The region is always there, so that its words are read aloud when they come.
#[component]
pub fn LineStrip(words: &'static Words) -> impl IntoView {
    view! {
        <div class="strip" role="status" aria-live="polite" data-says=(words.no_line)(TIME)>
            <template>
                <p class="banner"><Icon name=IconName::Offline /><span></span></p>
            </template>
        </div>
    }
}
