#![doc = include_str!("../README.md")]
#![recursion_limit = "256"]

mod dashboard;
mod dashboard_edit;
mod dashboard_history;
mod dashboard_import;
mod dashboard_new;
mod dashboard_trash;
mod dashboards;
mod explore;
mod host;
mod hosts;
mod metrics_use;
mod targets;
mod words;

// `dashboard` alone could also be the crate of the nouns.
pub use self::dashboard::DashboardScreen;
pub use dashboard_edit::DashboardEditScreen;
pub use dashboard_history::DashboardHistoryScreen;
pub use dashboard_import::ImportDashboardScreen;
pub use dashboard_new::NewDashboardScreen;
pub use dashboard_trash::DashboardTrashScreen;
pub use dashboards::DashboardsScreen;
pub use explore::ExploreScreen;
pub use host::HostScreen;
pub use hosts::HostsScreen;
pub use metrics_use::MetricsScreen;
pub use targets::TargetsScreen;
