#![doc = include_str!("../README.md")]

pub mod access;
pub mod actor;
pub mod alert;
pub mod ids;
pub mod labels;
pub mod links;
pub mod role;
pub mod severity;
pub mod theme;
pub mod time;

pub use actor::Actor;
pub use role::Role;
pub use severity::Severity;
pub use time::Time;
