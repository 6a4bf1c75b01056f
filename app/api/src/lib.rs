#![doc = include_str!("../README.md")]

pub mod absence;
pub mod alerting;
pub mod cardinality;
pub mod channels;
pub mod contacts;
pub mod deliveries;
pub mod documents;
pub mod error;
pub mod escalations;
pub mod explore;
pub mod find;
pub mod identity;
pub mod incidents;
pub mod integrations;
pub mod kept;
pub mod live;
pub mod metrics;
pub mod oncall;
pub mod pager;
pub mod pay;
pub mod postmortems;
pub mod pulse;
pub mod push;
pub mod reviews;
pub mod routing;
pub mod rules;
pub mod silences;
pub mod targets;
pub mod text;
pub mod viewer;
pub mod wire;

pub use error::ApiError;
pub use text::Text;
pub use viewer::Viewer;
pub use wire::{Asked, ask};
