//! What the server draws for each served screen. The browser's module never comes here.

use crate::served::Served;
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

/// The screen, and before it what happened on the way to it.
pub fn paint(which: Served) -> AnyView {
    view! { {told()} {screen(which)} }.into_any()
}

fn screen(which: Served) -> AnyView {
    match which {
        Served::Account => view! { <AccountScreen /> }.into_any(),
        Served::Actions => view! { <ActionsScreen /> }.into_any(),
        Served::Alert => view! { <AlertScreen /> }.into_any(),
        Served::Alerts => view! { <AlertsScreen /> }.into_any(),
        Served::Channel => view! { <ChannelScreen /> }.into_any(),
        Served::Channels => view! { <ChannelsScreen /> }.into_any(),
        Served::Dashboard => view! { <DashboardScreen /> }.into_any(),
        Served::DashboardEdit => view! { <DashboardEditScreen /> }.into_any(),
        Served::DashboardHistory => view! { <DashboardHistoryScreen /> }.into_any(),
        Served::DashboardImport => view! { <ImportDashboardScreen /> }.into_any(),
        Served::DashboardNew => view! { <NewDashboardScreen /> }.into_any(),
        Served::DashboardTrash => view! { <DashboardTrashScreen /> }.into_any(),
        Served::Dashboards => view! { <DashboardsScreen /> }.into_any(),
        Served::Deliveries => view! { <DeliveriesScreen /> }.into_any(),
        Served::Delivery => view! { <DeliveryScreen /> }.into_any(),
        Served::Document => view! { <DocumentScreen /> }.into_any(),
        Served::DocumentEdit => view! { <WritingScreen /> }.into_any(),
        Served::DocumentHistory => view! { <HistoryScreen /> }.into_any(),
        Served::DocumentImport => view! { <ImportScreen /> }.into_any(),
        Served::DocumentNew => view! { <NewDocumentScreen /> }.into_any(),
        Served::DocumentRun => view! { <RunScreen /> }.into_any(),
        Served::DocumentSettings => view! { <SettingsScreen /> }.into_any(),
        Served::DocumentSpaces => view! { <SpacesScreen /> }.into_any(),
        Served::DocumentTrash => view! { <TrashScreen /> }.into_any(),
        Served::Documents => view! { <DocumentsScreen /> }.into_any(),
        Served::Escalations => view! { <EscalationsScreen /> }.into_any(),
        Served::Explore => view! { <ExploreScreen /> }.into_any(),
        Served::Holidays => view! { <HolidaysScreen /> }.into_any(),
        Served::Host => view! { <HostScreen /> }.into_any(),
        Served::Hosts => view! { <HostsScreen /> }.into_any(),
        Served::Incident => view! { <IncidentScreen /> }.into_any(),
        Served::IncidentMoment => view! { <IncidentMomentScreen /> }.into_any(),
        Served::IncidentNew => view! { <DeclareScreen /> }.into_any(),
        Served::Incidents => view! { <IncidentsScreen /> }.into_any(),
        Served::Integration => view! { <IntegrationScreen /> }.into_any(),
        Served::Integrations => view! { <IntegrationsScreen /> }.into_any(),
        Served::Lost => view! { <NotFound /> }.into_any(),
        Served::Metrics => view! { <MetricsScreen /> }.into_any(),
        Served::NewChannel => view! { <NewChannelScreen /> }.into_any(),
        Served::Now => view! { <NowScreen /> }.into_any(),
        Served::Oncall => view! { <OncallScreen /> }.into_any(),
        Served::Pager => view! { <PagerScreen /> }.into_any(),
        Served::Pay => view! { <PayScreen /> }.into_any(),
        Served::PayPerson => view! { <PayPersonScreen /> }.into_any(),
        Served::PayRules => view! { <PayRulesScreen /> }.into_any(),
        Served::People => view! { <PeopleScreen /> }.into_any(),
        Served::Policy => view! { <PolicyScreen /> }.into_any(),
        Served::PolicyForm => view! { <PolicyFormScreen /> }.into_any(),
        Served::Postmortem => view! { <PostmortemScreen /> }.into_any(),
        Served::Postmortems => view! { <PostmortemsScreen /> }.into_any(),
        Served::Reviews => view! { <ReviewsScreen /> }.into_any(),
        Served::RouteEdit => view! { <RouteEditScreen /> }.into_any(),
        Served::Routes => view! { <RoutesScreen /> }.into_any(),
        Served::Rule => view! { <RuleScreen /> }.into_any(),
        Served::RuleForm => view! { <RuleFormScreen /> }.into_any(),
        Served::Rules => view! { <RulesScreen /> }.into_any(),
        Served::Runs => view! { <RunsScreen /> }.into_any(),
        Served::Schedule => view! { <ScheduleScreen /> }.into_any(),
        Served::ScheduleForm => view! { <ScheduleFormScreen /> }.into_any(),
        Served::SilenceForm => view! { <SilenceNewScreen /> }.into_any(),
        Served::Silences => view! { <SilencesScreen /> }.into_any(),
        Served::Targets => view! { <TargetsScreen /> }.into_any(),
    }
}
