#![doc = include_str!("../README.md")]

pub mod collab;
pub mod error;
pub mod markdown;
pub mod needs;
pub mod pages;
pub mod postmortems;
mod store;
mod work;
pub mod writing;

#[cfg(test)]
mod tests;

pub use collab::{Body, Code, Connection, Inlet, Out, Outlet, Seat};
pub use error::Error;

use collab::Collab;
use kernel::{Clock, Db};
use needs::Needs;
use pages::folder::turns::Folders;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// The room of documents and postmortems. Cheap to clone.
#[derive(Clone)]
pub struct Documents {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) needs: Needs,
    pub(crate) collab: Collab,
    pub(crate) folders: Folders,
    /// Held by whoever accepts a suggestion, in this process.
    pub(crate) accepting: Arc<Mutex<()>>,
}

impl Documents {
    /// Over `db`; nothing is read, and no work is done before somebody asks or [`Documents::run`].
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, needs: Needs) -> Self {
        Self { db, clock, needs, collab: Collab::new(), folders: Folders::default(), accepting: Arc::default() }
    }

    /// Hears other replicas and does what is due, until `shutdown`; then lets everybody go who sits at a document. Any number of processes
    /// may do this over one database.
    pub async fn run(self, shutdown: CancellationToken) {
        work::run(self, shutdown).await;
    }
}
