#![doc = include_str!("../README.md")]

pub mod absence;
pub mod alerting;
pub mod error;
pub mod explore;
pub mod find;
pub mod identity;
pub mod live;
pub mod metrics;
pub mod pulse;
pub mod text;
pub mod viewer;
pub mod wire;

pub use error::ApiError;
pub use text::Text;
pub use viewer::Viewer;
pub use wire::{Asked, ask};
