//! What can go wrong in this room. Those before [`Error::Database`] are safe to show; the others belong in the log.

use crate::needs::WorldError;
use model::ids::{AlertId, IncidentId};
use model::incident::Refusal;

/// Why the room did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is none of that number, or whoever asks may not know of it.
    #[error("incident {0} was not found")]
    NotFound(IncidentId),
    /// Somebody changed it since it was looked at.
    #[error("{what} was changed meanwhile: version {found} was expected to be {expected}")]
    Stale { what: String, expected: i64, found: i64 },
    /// The law of incidents says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("{what} is empty, expected some words")]
    Empty { what: &'static str },
    #[error("{what} has {n}, expected at most {max}")]
    Large { what: &'static str, n: usize, max: usize },
    #[error("there is no level {code:?}")]
    NoLevel { code: String },
    #[error("the levels can't be used: {reason}")]
    BadScheme { reason: String },
    #[error("there is no {what} {id} in incident {incident}")]
    NoPart { what: &'static str, id: i64, incident: IncidentId },
    #[error("{0} belongs to {1}")]
    AlertTaken(AlertId, IncidentId),
    /// It belongs to one that whoever asks may not know of, so this names none.
    #[error("{0} is being dealt with already")]
    AlertHeld(AlertId),
    #[error("there is nothing to declare an incident from")]
    NoAlerts,
    #[error("nobody with that number may take a part")]
    NoSuchPerson,
    #[error("the incident is over: expected one that goes on")]
    Over,
    #[error("{what} lies {way}, expected a moment that can be")]
    BadTime { what: &'static str, way: &'static str },
    #[error("the address can't be used: expected https:// or http://")]
    BadUrl,
    #[error("there is nowhere to open a channel")]
    NoRooms,
    #[error("the incident has a channel already")]
    HasRoom,
    #[error("the graph can't be drawn: {reason}")]
    NoGraph { reason: String },
    #[error("ask the database about incidents")]
    Database(#[from] sqlx::Error),
    #[error("{table}.{column} of {row} holds {value:?}")]
    Corrupt { table: &'static str, column: &'static str, row: String, value: String },
    #[error("write what an incident works by as JSON")]
    Encode(#[source] serde_json::Error),
    #[error("hold the lease of incidents")]
    Lease(#[from] jobs::Error),
    #[error("ask the house for what an incident needs")]
    World(#[from] WorldError),
}
