//! The console around whatever an address leads to (`screens`). Only the server draws it.

use crate::frame::Frame;
use crate::look::provide_viewer;
use crate::served::served;
use api::kept::provide_kept;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

/// The console. A screen is rendered whole before it is sent (`SsrMode::Async`), so that it reads without any script.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let viewer = provide_viewer();
    provide_kept();
    view! {
        <Router>
            <Frame viewer=viewer>
                <FlatRoutes fallback=served>
                    <Route path=path!("/*address") view=served ssr=SsrMode::Async />
                </FlatRoutes>
            </Frame>
        </Router>
    }
}
