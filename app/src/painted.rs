//! What the server draws for each served screen. The browser's module never comes here.

use crate::served::Served;
use leptos::prelude::*;
use manage::{
    AccountScreen, ChannelScreen, ChannelsScreen, DeliveriesScreen, DeliveryScreen, IntegrationScreen, IntegrationsScreen,
    NewChannelScreen, NotFound, PagerScreen, PeopleScreen,
};
use observe::{MetricsScreen, TargetsScreen};
use respond::{RouteEditScreen, RoutesScreen, RuleScreen, RulesScreen, SilencesScreen};

/// The screen itself.
pub fn paint(which: Served) -> AnyView {
    match which {
        Served::Account => view! { <AccountScreen /> }.into_any(),
        Served::Channel => view! { <ChannelScreen /> }.into_any(),
        Served::Channels => view! { <ChannelsScreen /> }.into_any(),
        Served::Deliveries => view! { <DeliveriesScreen /> }.into_any(),
        Served::Delivery => view! { <DeliveryScreen /> }.into_any(),
        Served::Integration => view! { <IntegrationScreen /> }.into_any(),
        Served::Integrations => view! { <IntegrationsScreen /> }.into_any(),
        Served::Lost => view! { <NotFound /> }.into_any(),
        Served::Metrics => view! { <MetricsScreen /> }.into_any(),
        Served::NewChannel => view! { <NewChannelScreen /> }.into_any(),
        Served::Pager => view! { <PagerScreen /> }.into_any(),
        Served::People => view! { <PeopleScreen /> }.into_any(),
        Served::RouteEdit => view! { <RouteEditScreen /> }.into_any(),
        Served::Routes => view! { <RoutesScreen /> }.into_any(),
        Served::Rule => view! { <RuleScreen /> }.into_any(),
        Served::Rules => view! { <RulesScreen /> }.into_any(),
        Served::Silences => view! { <SilencesScreen /> }.into_any(),
        Served::Targets => view! { <TargetsScreen /> }.into_any(),
    }
}
