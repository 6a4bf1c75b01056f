#![doc = include_str!("../README.md")]

pub mod asked;
pub mod boards;
mod choosing;
mod csv;
mod drawing;
pub mod error;
mod evaluating;
pub mod file;
pub mod grafana;
pub mod needs;
mod planning;
mod ticking;

pub use asked::{ALL, Ask, Asked};
pub use error::Error;

use needs::Needs;

/// The room of dashboards. Cheap to clone.
#[derive(Clone)]
pub struct Dashboards {
    pub(crate) needs: Needs,
}

impl Dashboards {
    /// Over whoever answers; nothing is asked before somebody looks.
    #[must_use]
    pub fn new(needs: Needs) -> Self {
        Self { needs }
    }
}
