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
use respond::{AlertScreen, SilenceNewScreen};

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
                    <Route path=path!("/") view=|| served(Served::Now) ssr=SsrMode::Async />
                    <Route path=path!("/alerts") view=|| served(Served::Alerts) ssr=SsrMode::Async />
                    <Route path=path!("/alerts/:id") view=AlertScreen ssr=SsrMode::Async />
                    <Route path=path!("/silences") view=|| served(Served::Silences) ssr=SsrMode::Async />
                    <Route path=path!("/silences/new") view=SilenceNewScreen ssr=SsrMode::Async />
                    <Route path=path!("/routes") view=|| served(Served::Routes) ssr=SsrMode::Async />
                    <Route path=path!("/routes/edit") view=|| served(Served::RouteEdit) ssr=SsrMode::Async />
                    <Route path=path!("/rules") view=|| served(Served::Rules) ssr=SsrMode::Async />
                    <Route path=path!("/rules/new") view=|| served(Served::RuleForm) ssr=SsrMode::Async />
                    <Route path=path!("/rules/:id") view=|| served(Served::Rule) ssr=SsrMode::Async />
                    <Route path=path!("/rules/:id/edit") view=|| served(Served::RuleForm) ssr=SsrMode::Async />
                    <Route path=path!("/incidents") view=|| served(Served::Incidents) ssr=SsrMode::Async />
                    <Route path=path!("/incidents/new") view=|| served(Served::IncidentNew) ssr=SsrMode::Async />
                    <Route path=path!("/incidents/:id") view=|| served(Served::Incident) ssr=SsrMode::Async />
                    <Route path=path!("/incidents/:id/at") view=|| served(Served::IncidentMoment) ssr=SsrMode::Async />
                    <Route path=path!("/postmortems") view=|| served(Served::Postmortems) ssr=SsrMode::Async />
                    <Route path=path!("/postmortems/:incident") view=|| served(Served::Postmortem) ssr=SsrMode::Async />
                    <Route path=path!("/actions") view=|| served(Served::Actions) ssr=SsrMode::Async />
                    <Route path=path!("/documents") view=|| served(Served::Documents) ssr=SsrMode::Async />
                    <Route path=path!("/documents/new") view=|| served(Served::DocumentNew) ssr=SsrMode::Async />
                    <Route path=path!("/documents/spaces") view=|| served(Served::DocumentSpaces) ssr=SsrMode::Async />
                    <Route path=path!("/documents/trash") view=|| served(Served::DocumentTrash) ssr=SsrMode::Async />
                    <Route path=path!("/documents/import") view=|| served(Served::DocumentImport) ssr=SsrMode::Async />
                    <Route path=path!("/documents/:id") view=|| served(Served::Document) ssr=SsrMode::Async />
                    <Route path=path!("/documents/:id/edit") view=|| served(Served::DocumentEdit) ssr=SsrMode::Async />
                    <Route path=path!("/documents/:id/history") view=|| served(Served::DocumentHistory) ssr=SsrMode::Async />
                    <Route path=path!("/documents/:id/settings") view=|| served(Served::DocumentSettings) ssr=SsrMode::Async />
                    <Route path=path!("/documents/:id/run") view=|| served(Served::DocumentRun) ssr=SsrMode::Async />
                    <Route path=path!("/reviews") view=|| served(Served::Reviews) ssr=SsrMode::Async />
                    <Route path=path!("/dashboards") view=|| served(Served::Dashboards) ssr=SsrMode::Async />
                    <Route path=path!("/dashboards/new") view=|| served(Served::DashboardNew) ssr=SsrMode::Async />
                    <Route path=path!("/dashboards/import") view=|| served(Served::DashboardImport) ssr=SsrMode::Async />
                    <Route path=path!("/dashboards/trash") view=|| served(Served::DashboardTrash) ssr=SsrMode::Async />
                    <Route path=path!("/d/:slug") view=|| served(Served::Dashboard) ssr=SsrMode::Async />
                    <Route path=path!("/d/:slug/edit") view=|| served(Served::DashboardEdit) ssr=SsrMode::Async />
                    <Route path=path!("/d/:slug/history") view=|| served(Served::DashboardHistory) ssr=SsrMode::Async />
                    <Route path=path!("/hosts") view=|| served(Served::Hosts) ssr=SsrMode::Async />
                    <Route path=path!("/hosts/:host") view=|| served(Served::Host) ssr=SsrMode::Async />
                    <Route path=path!("/explore") view=|| served(Served::Explore) ssr=SsrMode::Async />
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
                    <Route path=path!("/oncall") view=|| served(Served::Oncall) ssr=SsrMode::Async />
                    <Route path=path!("/oncall/new") view=|| served(Served::ScheduleForm) ssr=SsrMode::Async />
                    <Route path=path!("/oncall/:name") view=|| served(Served::Schedule) ssr=SsrMode::Async />
                    <Route path=path!("/oncall/:name/edit") view=|| served(Served::ScheduleForm) ssr=SsrMode::Async />
                    <Route path=path!("/escalations") view=|| served(Served::Escalations) ssr=SsrMode::Async />
                    <Route path=path!("/escalations/new") view=|| served(Served::PolicyForm) ssr=SsrMode::Async />
                    <Route path=path!("/escalations/:name") view=|| served(Served::Policy) ssr=SsrMode::Async />
                    <Route path=path!("/escalations/:name/edit") view=|| served(Served::PolicyForm) ssr=SsrMode::Async />
                    <Route path=path!("/runs") view=|| served(Served::Runs) ssr=SsrMode::Async />
                    <Route path=path!("/pay") view=|| served(Served::Pay) ssr=SsrMode::Async />
                    <Route path=path!("/pay/rules") view=|| served(Served::PayRules) ssr=SsrMode::Async />
                    <Route path=path!("/pay/:month/:person") view=|| served(Served::PayPerson) ssr=SsrMode::Async />
                    <Route path=path!("/holidays") view=|| served(Served::Holidays) ssr=SsrMode::Async />
                    <Route path=path!("/account") view=|| served(Served::Account) ssr=SsrMode::Async />
                </Routes>
            </Frame>
        </Router>
    }
}
