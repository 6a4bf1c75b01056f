//! Who is looking, handed from the server's context to the browser's first render.

use api::Viewer;
use leptos::prelude::*;
use ui::context::Look;

/// The viewer: from context on the server, from the document in the browser. Also provides what `ui` needs to know of it.
pub fn provide_viewer() -> Viewer {
    let viewer = SharedValue::new(expect_context::<Viewer>).into_inner();
    provide_context(Look {
        locale: viewer.locale,
        zone: viewer.zone.clone(),
        now_ms: viewer.now.0,
        theme: viewer.theme.as_str(),
        single_keys: viewer.shortcuts,
    });
    provide_context(viewer.clone());
    viewer
}
