#![doc = include_str!("../README.md")]

pub mod applying;
pub mod asked;
pub mod boards;
mod choosing;
mod csv;
mod drafting;
mod drawing;
pub mod error;
mod evaluating;
mod explored;
pub mod file;
pub mod grafana;
mod keeping;
mod kept;
pub mod needs;
mod planning;
mod store;
#[cfg(test)]
mod tests;
mod ticking;
mod work;

pub use applying::Planned;
pub use asked::{ALL, Ask, Asked};
pub use drafting::{Change, MOST_UNDO};
pub use error::Error;
pub use explored::{LONGEST_KEPT, MOST_KEPT};
pub use keeping::MOST_COMMENT;
pub use kept::{Draft, Listed, Origin, Removed, Stored, Version, Versioned};
pub use work::{DRAFT_DAYS, TRASH_DAYS};

use dashboard::Dashboard;
use kernel::{Clock, Db};
use needs::Needs;
use std::sync::Arc;

/// The room of dashboards. Cheap to clone.
#[derive(Clone)]
pub struct Dashboards {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) needs: Needs,
    /// What the release ships.
    pub(crate) shipped: Arc<[Dashboard]>,
}

impl Dashboards {
    /// Over `db` and whoever answers; nothing is read or asked before somebody looks.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, needs: Needs) -> Self {
        // A test rules out that they can't be read.
        let shipped: Vec<Dashboard> = boards::shipped().unwrap_or_default().into_iter().map(|from| from.dashboard).collect();
        Self { db, clock, needs, shipped: shipped.into() }
    }
}
