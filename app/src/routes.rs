//! Every screen's URL, in one table.

use crate::frame::Frame;
use crate::live::provide_live;
use crate::look::provide_viewer;
use crate::served::{Served, served};
use api::kept::provide_kept;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};
use observe::{ExploreScreen, HostScreen, HostsScreen};
use respond::{AlertScreen, AlertsScreen, NowScreen, RuleFormScreen, SilenceNewScreen};

/// The console. Every screen is rendered whole before it is sent (`SsrMode::Async`), so that it reads without any script.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let viewer = provide_viewer();
    provide_kept();
    provide_live(&viewer);
    view! {
        <Router>
            <Frame viewer=viewer>
                <Routes fallback=|| served(Served::Lost)>
                    <Route path=path!("/") view=NowScreen ssr=SsrMode::Async />
                    <Route path=path!("/alerts") view=AlertsScreen ssr=SsrMode::Async />
                    <Route path=path!("/alerts/:id") view=AlertScreen ssr=SsrMode::Async />
                    <Route path=path!("/silences") view=|| served(Served::Silences) ssr=SsrMode::Async />
                    <Route path=path!("/silences/new") view=SilenceNewScreen ssr=SsrMode::Async />
                    <Route path=path!("/routes") view=|| served(Served::Routes) ssr=SsrMode::Async />
                    <Route path=path!("/routes/edit") view=|| served(Served::RouteEdit) ssr=SsrMode::Async />
                    <Route path=path!("/rules") view=|| served(Served::Rules) ssr=SsrMode::Async />
                    <Route path=path!("/rules/new") view=RuleFormScreen ssr=SsrMode::Async />
                    <Route path=path!("/rules/:id") view=|| served(Served::Rule) ssr=SsrMode::Async />
                    <Route path=path!("/rules/:id/edit") view=RuleFormScreen ssr=SsrMode::Async />
                    <Route path=path!("/hosts") view=HostsScreen ssr=SsrMode::Async />
                    <Route path=path!("/hosts/:host") view=HostScreen ssr=SsrMode::Async />
                    <Route path=path!("/explore") view=ExploreScreen ssr=SsrMode::Async />
                    <Route path=path!("/metrics") view=|| served(Served::Metrics) ssr=SsrMode::Async />
                    <Route path=path!("/targets") view=|| served(Served::Targets) ssr=SsrMode::Async />
                    <Route path=path!("/people") view=|| served(Served::People) ssr=SsrMode::Async />
                    <Route path=path!("/channels") view=|| served(Served::Channels) ssr=SsrMode::Async />
                    <Route path=path!("/channels/new") view=|| served(Served::NewChannel) ssr=SsrMode::Async />
                    <Route path=path!("/channels/:name") view=|| served(Served::Channel) ssr=SsrMode::Async />
                    <Route path=path!("/deliveries") view=|| served(Served::Deliveries) ssr=SsrMode::Async />
                    <Route path=path!("/deliveries/:id") view=|| served(Served::Delivery) ssr=SsrMode::Async />
                    <Route path=path!("/integrations") view=|| served(Served::Integrations) ssr=SsrMode::Async />
                    <Route path=path!("/integrations/:id") view=|| served(Served::Integration) ssr=SsrMode::Async />
                    <Route path=path!("/pager") view=|| served(Served::Pager) ssr=SsrMode::Async />
                    <Route path=path!("/account") view=|| served(Served::Account) ssr=SsrMode::Async />
                </Routes>
            </Frame>
        </Router>
    }
}
