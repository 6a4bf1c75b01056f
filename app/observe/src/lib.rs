#![doc = include_str!("../README.md")]
#![recursion_limit = "256"]

mod host;
mod hosts;
mod words;

pub use host::HostScreen;
pub use hosts::HostsScreen;
