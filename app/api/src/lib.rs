#![doc = include_str!("../README.md")]

pub mod absence;
pub mod alerting;
pub mod cardinality;
pub mod channels;
pub mod deliveries;
pub mod error;
pub mod explore;
pub mod find;
pub mod identity;
pub mod integrations;
pub mod kept;
pub mod live;
pub mod metrics;
pub mod pager;
pub mod pulse;
pub mod push;
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
