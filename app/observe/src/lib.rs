#![doc = include_str!("../README.md")]
#![recursion_limit = "256"]

mod explore;
mod host;
mod hosts;
mod metrics_use;
mod targets;
mod words;

pub use explore::ExploreScreen;
pub use host::HostScreen;
pub use hosts::HostsScreen;
pub use metrics_use::MetricsScreen;
pub use targets::TargetsScreen;
