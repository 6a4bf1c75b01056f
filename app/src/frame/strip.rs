//! The strip under the bar: there only while the line to the server is lost.

use crate::words::Words;
use leptos::prelude::*;
use ui::context::use_look;
use ui::icon::{Icon, IconName};
use ui::live::LiveStream;
use ui::now::use_now;

/// Says that what is shown is old, and how old, and that the line is being sought. It goes by itself. The region is always there, so
/// that its words are read aloud when they come.
#[component]
pub fn LineStrip(words: &'static Words, stream: LiveStream) -> impl IntoView {
    let look = StoredValue::new(use_look());
    let now = use_now();
    // Every failed try says "lost" again; the words must be read aloud once.
    let is_lost = Memo::new(move |_| stream.lost.get());
    let said = move || {
        // What the server painted is data too, until the stream has said something newer.
        let last_ms = stream.last_event_ms.get().map(|ms| now.by_server(ms));
        look.with_value(|look| (words.no_line)(&figures::clock_time(last_ms.unwrap_or(look.now_ms), &look.zone)))
    };
    view! {
        <div class="strip" role="status" aria-live="polite">
            {move || is_lost.get().then(|| view! { <p class="banner"><Icon name=IconName::Offline />{said()}</p> })}
        </div>
    }
}
