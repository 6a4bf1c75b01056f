#![doc = include_str!("../README.md")]

pub mod access;
pub mod actor;
pub mod alert;
pub mod business_time;
pub mod clock;
pub mod holidays;
pub mod ical;
pub mod ids;
pub mod incident;
pub mod labels;
pub mod links;
pub mod pay;
pub mod postmortem;
pub mod review;
pub mod role;
pub mod rota;
pub mod scheme;
pub mod severity;
pub mod theme;
pub mod time;

pub use actor::Actor;
pub use role::Role;
pub use severity::Severity;
pub use time::Time;
