//! The document around the app.

use crate::routes::App;
use api::Viewer;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};
use model::theme::Theme;

/// The whole HTML document of the console. Language and theme stand on `<html>`, as the server knows them: no flash.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let viewer = expect_context::<Viewer>();
    let nonce = leptos::nonce::use_nonce();
    let theme = (viewer.theme != Theme::Auto).then(|| viewer.theme.as_str());
    view! {
        <!DOCTYPE html>
        <html lang=viewer.locale.as_str() data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="manifest" href="/site.webmanifest" />
                <HashedStylesheet options=options.clone() id="style" />
                <script nonce=nonce.clone() src="/frame.js" defer=true></script>
                <script nonce=nonce.clone() src="/palette.js" defer=true></script>
                <script nonce=nonce.clone() src="/chart.js" defer=true></script>
                <script nonce=nonce.clone() src="/moment.js" defer=true></script>
                <script nonce=nonce.clone() src="/toasts.js" defer=true></script>
                <script nonce=nonce.clone() src="/screen.js" defer=true></script>
                <script nonce=nonce.clone() src="/alerts.js" defer=true></script>
                <script nonce=nonce.clone() src="/oncall.js" defer=true></script>
                <script nonce=nonce.clone() src="/scrubber.js" defer=true></script>
                <script nonce=nonce.clone() src="/dashboards.js" defer=true></script>
                <script nonce=nonce.clone() src="/expression.js" defer=true></script>
                <script nonce=nonce src="/write.js" defer=true></script>
                <HydrationScripts options=options />
                <MetaTags />
            </head>
            <body>
                // Nothing of it is drawn again in the browser, so it needs no marks to be found by.
                {Owner::with_no_hydration(|| view! { <App /> }.into_any())}
            </body>
        </html>
    }
}
