//! Every screen's URL, in one table.

use crate::frame::Frame;
use crate::live::provide_live;
use crate::look::provide_viewer;
use api::kept::provide_kept;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};
use manage::{
    AccountScreen, ChannelScreen, ChannelsScreen, DeliveriesScreen, DeliveryScreen, IntegrationScreen, IntegrationsScreen,
    NewChannelScreen, PagerScreen, PeopleScreen,
};
use observe::{ExploreScreen, HostScreen, HostsScreen, MetricsScreen, TargetsScreen};
use respond::{
    AlertScreen, AlertsScreen, NowScreen, RouteEditScreen, RoutesScreen, RuleFormScreen, RuleScreen, RulesScreen,
    SilenceNewScreen, SilencesScreen,
};

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
                <Routes fallback=manage::NotFound>
                    <Route path=path!("/") view=NowScreen ssr=SsrMode::Async />
                    <Route path=path!("/alerts") view=AlertsScreen ssr=SsrMode::Async />
                    <Route path=path!("/alerts/:id") view=AlertScreen ssr=SsrMode::Async />
                    <Route path=path!("/silences") view=SilencesScreen ssr=SsrMode::Async />
                    <Route path=path!("/silences/new") view=SilenceNewScreen ssr=SsrMode::Async />
                    <Route path=path!("/routes") view=RoutesScreen ssr=SsrMode::Async />
                    <Route path=path!("/routes/edit") view=RouteEditScreen ssr=SsrMode::Async />
                    <Route path=path!("/rules") view=RulesScreen ssr=SsrMode::Async />
                    <Route path=path!("/rules/new") view=RuleFormScreen ssr=SsrMode::Async />
                    <Route path=path!("/rules/:id") view=RuleScreen ssr=SsrMode::Async />
                    <Route path=path!("/rules/:id/edit") view=RuleFormScreen ssr=SsrMode::Async />
                    <Route path=path!("/hosts") view=HostsScreen ssr=SsrMode::Async />
                    <Route path=path!("/hosts/:host") view=HostScreen ssr=SsrMode::Async />
                    <Route path=path!("/explore") view=ExploreScreen ssr=SsrMode::Async />
                    <Route path=path!("/metrics") view=MetricsScreen ssr=SsrMode::Async />
                    <Route path=path!("/targets") view=TargetsScreen ssr=SsrMode::Async />
                    <Route path=path!("/people") view=PeopleScreen ssr=SsrMode::Async />
                    <Route path=path!("/channels") view=ChannelsScreen ssr=SsrMode::Async />
                    <Route path=path!("/channels/new") view=NewChannelScreen ssr=SsrMode::Async />
                    <Route path=path!("/channels/:name") view=ChannelScreen ssr=SsrMode::Async />
                    <Route path=path!("/deliveries") view=DeliveriesScreen ssr=SsrMode::Async />
                    <Route path=path!("/deliveries/:id") view=DeliveryScreen ssr=SsrMode::Async />
                    <Route path=path!("/integrations") view=IntegrationsScreen ssr=SsrMode::Async />
                    <Route path=path!("/integrations/:id") view=IntegrationScreen ssr=SsrMode::Async />
                    <Route path=path!("/pager") view=PagerScreen ssr=SsrMode::Async />
                    <Route path=path!("/account") view=AccountScreen ssr=SsrMode::Async />
                </Routes>
            </Frame>
        </Router>
    }
}
