#![doc = include_str!("../README.md")]
#![recursion_limit = "256"]

mod explore;
mod host;
mod hosts;
mod words;

pub use explore::ExploreScreen;
pub use host::HostScreen;
pub use hosts::HostsScreen;
