//! What can go wrong in this room. What a part refuses is safe to show; the others belong in the log.

use crate::needs::WorldError;
use crate::{collab, pages, postmortems, writing};

/// Why the room did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text that people write together.
    #[error(transparent)]
    Collab(#[from] collab::Refused),
    /// Its versions, comments and suggestions.
    #[error(transparent)]
    Writing(#[from] writing::Refused),
    /// The tree, rights, reviews and runbooks.
    #[error(transparent)]
    Pages(#[from] pages::Refused),
    /// Postmortems and what they carry.
    #[error(transparent)]
    Postmortems(#[from] postmortems::Refused),
    #[error("ask the database about documents")]
    Db(#[from] sqlx::Error),
    #[error("{table}.{column} of {row} can't be read, expected {expected}")]
    Corrupt { table: &'static str, column: &'static str, row: String, expected: &'static str },
    #[error("write what a document works by as JSON")]
    Encode(#[from] serde_json::Error),
    #[error("hold the lease of documents")]
    Lease(#[from] jobs::Error),
    #[error("ask the house for what a document needs")]
    World(#[from] WorldError),
}
