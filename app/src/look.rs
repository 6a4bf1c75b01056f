//! Who is looking.

use api::Viewer;
use leptos::prelude::*;
use ui::context::Look;

/// The viewer. Also provides what `ui` needs to know of it.
pub fn provide_viewer() -> Viewer {
    let viewer = expect_context::<Viewer>();
    provide_context(Look {
        locale: viewer.locale,
        zone: viewer.zone.clone(),
        now_ms: viewer.now.0,
        theme: viewer.theme.as_str(),
        single_keys: viewer.shortcuts,
    });
    viewer
}
