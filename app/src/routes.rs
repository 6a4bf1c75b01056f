//! Every screen's URL, in one table.

use crate::frame::Frame;
use crate::live::provide_live;
use crate::look::provide_viewer;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};
use manage::{AccountScreen, PeopleScreen};
use observe::{ExploreScreen, HostScreen, HostsScreen};
use respond::{AlertScreen, AlertsScreen, NowScreen, RulesScreen};

/// The console. Every screen is rendered whole before it is sent (`SsrMode::Async`), so that it reads without any script.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let viewer = provide_viewer();
    provide_live(&viewer);
    view! {
        <Router>
            <Frame viewer=viewer>
                <Routes fallback=manage::NotFound>
                    <Route path=path!("/") view=NowScreen ssr=SsrMode::Async />
                    <Route path=path!("/alerts") view=AlertsScreen ssr=SsrMode::Async />
                    <Route path=path!("/alerts/:id") view=AlertScreen ssr=SsrMode::Async />
                    <Route path=path!("/rules") view=RulesScreen ssr=SsrMode::Async />
                    <Route path=path!("/hosts") view=HostsScreen ssr=SsrMode::Async />
                    <Route path=path!("/hosts/:host") view=HostScreen ssr=SsrMode::Async />
                    <Route path=path!("/explore") view=ExploreScreen ssr=SsrMode::Async />
                    <Route path=path!("/people") view=PeopleScreen ssr=SsrMode::Async />
                    <Route path=path!("/account") view=AccountScreen ssr=SsrMode::Async />
                </Routes>
            </Frame>
        </Router>
    }
}
