//! What the server draws for each screen. The browser's module never comes here.

use crate::screens::{self, Screen};
use crate::told::told;
use leptos::prelude::*;
use manage::{
    AccountScreen, ChannelScreen, ChannelsScreen, DeliveriesScreen, DeliveryScreen, HolidaysScreen, IntegrationScreen,
    IntegrationsScreen, NewChannelScreen, NotFound, PagerScreen, PayPersonScreen, PayRulesScreen, PayScreen, PeopleScreen,
};
use observe::{
    DashboardEditScreen, DashboardHistoryScreen, DashboardScreen, DashboardTrashScreen, DashboardsScreen, ExploreScreen,
    HostScreen, HostsScreen, ImportDashboardScreen, MetricsScreen, NewDashboardScreen, TargetsScreen,
};
use respond::{
    AlertScreen, AlertsScreen, DeclareScreen, EscalationsScreen, IncidentMomentScreen, IncidentScreen, IncidentsScreen,
    NowScreen, OncallScreen, PolicyFormScreen, PolicyScreen, ReviewsScreen, RouteEditScreen, RoutesScreen, RuleFormScreen,
    RuleScreen, RulesScreen, RunsScreen, ScheduleFormScreen, ScheduleScreen, SilenceNewScreen, SilencesScreen,
};
use write::{
    ActionsScreen, DocumentScreen, DocumentsScreen, HistoryScreen, ImportScreen, NewDocumentScreen, PostmortemScreen,
    PostmortemsScreen, RunScreen, SettingsScreen, SpacesScreen, TrashScreen, WritingScreen,
};

/// The screen at a path, and before it what happened on the way to it.
pub fn paint(path: &str) -> AnyView {
    let (which, parts) = screens::at(path);
    // Where `use_params_map` looks.
    provide_context(ArcMemo::new(move |_| parts.clone()));
    view! { {told()} {screen(which)} }.into_any()
}

fn screen(which: Screen) -> AnyView {
    match which {
        Screen::Account => view! { <AccountScreen /> }.into_any(),
        Screen::Actions => view! { <ActionsScreen /> }.into_any(),
        Screen::Alert => view! { <AlertScreen /> }.into_any(),
        Screen::Alerts => view! { <AlertsScreen /> }.into_any(),
        Screen::Channel => view! { <ChannelScreen /> }.into_any(),
        Screen::Channels => view! { <ChannelsScreen /> }.into_any(),
        Screen::Dashboard => view! { <DashboardScreen /> }.into_any(),
        Screen::DashboardEdit => view! { <DashboardEditScreen /> }.into_any(),
        Screen::DashboardHistory => view! { <DashboardHistoryScreen /> }.into_any(),
        Screen::DashboardImport => view! { <ImportDashboardScreen /> }.into_any(),
        Screen::DashboardNew => view! { <NewDashboardScreen /> }.into_any(),
        Screen::DashboardTrash => view! { <DashboardTrashScreen /> }.into_any(),
        Screen::Dashboards => view! { <DashboardsScreen /> }.into_any(),
        Screen::Deliveries => view! { <DeliveriesScreen /> }.into_any(),
        Screen::Delivery => view! { <DeliveryScreen /> }.into_any(),
        Screen::Document => view! { <DocumentScreen /> }.into_any(),
        Screen::DocumentEdit => view! { <WritingScreen /> }.into_any(),
        Screen::DocumentHistory => view! { <HistoryScreen /> }.into_any(),
        Screen::DocumentImport => view! { <ImportScreen /> }.into_any(),
        Screen::DocumentNew => view! { <NewDocumentScreen /> }.into_any(),
        Screen::DocumentRun => view! { <RunScreen /> }.into_any(),
        Screen::DocumentSettings => view! { <SettingsScreen /> }.into_any(),
        Screen::DocumentSpaces => view! { <SpacesScreen /> }.into_any(),
        Screen::DocumentTrash => view! { <TrashScreen /> }.into_any(),
        Screen::Documents => view! { <DocumentsScreen /> }.into_any(),
        Screen::Escalations => view! { <EscalationsScreen /> }.into_any(),
        Screen::Explore => view! { <ExploreScreen /> }.into_any(),
        Screen::Holidays => view! { <HolidaysScreen /> }.into_any(),
        Screen::Host => view! { <HostScreen /> }.into_any(),
        Screen::Hosts => view! { <HostsScreen /> }.into_any(),
        Screen::Incident => view! { <IncidentScreen /> }.into_any(),
        Screen::IncidentMoment => view! { <IncidentMomentScreen /> }.into_any(),
        Screen::IncidentNew => view! { <DeclareScreen /> }.into_any(),
        Screen::Incidents => view! { <IncidentsScreen /> }.into_any(),
        Screen::Integration => view! { <IntegrationScreen /> }.into_any(),
        Screen::Integrations => view! { <IntegrationsScreen /> }.into_any(),
        Screen::Lost => view! { <NotFound /> }.into_any(),
        Screen::Metrics => view! { <MetricsScreen /> }.into_any(),
        Screen::NewChannel => view! { <NewChannelScreen /> }.into_any(),
        Screen::Now => view! { <NowScreen /> }.into_any(),
        Screen::Oncall => view! { <OncallScreen /> }.into_any(),
        Screen::Pager => view! { <PagerScreen /> }.into_any(),
        Screen::Pay => view! { <PayScreen /> }.into_any(),
        Screen::PayPerson => view! { <PayPersonScreen /> }.into_any(),
        Screen::PayRules => view! { <PayRulesScreen /> }.into_any(),
        Screen::People => view! { <PeopleScreen /> }.into_any(),
        Screen::Policy => view! { <PolicyScreen /> }.into_any(),
        Screen::PolicyForm => view! { <PolicyFormScreen /> }.into_any(),
        Screen::Postmortem => view! { <PostmortemScreen /> }.into_any(),
        Screen::Postmortems => view! { <PostmortemsScreen /> }.into_any(),
        Screen::Reviews => view! { <ReviewsScreen /> }.into_any(),
        Screen::RouteEdit => view! { <RouteEditScreen /> }.into_any(),
        Screen::Routes => view! { <RoutesScreen /> }.into_any(),
        Screen::Rule => view! { <RuleScreen /> }.into_any(),
        Screen::RuleForm => view! { <RuleFormScreen /> }.into_any(),
        Screen::Rules => view! { <RulesScreen /> }.into_any(),
        Screen::Runs => view! { <RunsScreen /> }.into_any(),
        Screen::Schedule => view! { <ScheduleScreen /> }.into_any(),
        Screen::ScheduleForm => view! { <ScheduleFormScreen /> }.into_any(),
        Screen::SilenceForm => view! { <SilenceNewScreen /> }.into_any(),
        Screen::Silences => view! { <SilencesScreen /> }.into_any(),
        Screen::Targets => view! { <TargetsScreen /> }.into_any(),
    }
}
