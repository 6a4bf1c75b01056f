#![doc = include_str!("../README.md")]
#![recursion_limit = "256"]

mod account;
mod channels;
mod deliveries;
mod integrations;
mod not_found;
mod pager;
mod pay;
mod people;
pub mod plain;
mod report;
mod role_select;
mod screen;
mod shown_once;
mod told;
mod words;

pub use account::AccountScreen;
pub use channels::{ChannelScreen, ChannelsScreen, NewChannelScreen};
pub use deliveries::{DeliveriesScreen, DeliveryScreen};
pub use integrations::{IntegrationScreen, IntegrationsScreen};
pub use not_found::NotFound;
pub use pager::PagerScreen;
pub use pay::{HolidaysScreen, PayPersonScreen, PayRulesScreen, PayScreen};
pub use people::PeopleScreen;
pub use told::told;
