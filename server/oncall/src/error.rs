//! What can go wrong in this room. Those before [`Error::Database`] are safe to show; the others belong in the log.

use crate::contacts::Refused;
use crate::needs::WorldError;
use crate::pay::refused::Refused as PayRefused;
use crate::policies::file::FileErrors;
use crate::schedules::refused::Refused as ScheduleRefused;
use model::ids::AlertId;

/// Why the room did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing was applied.
    #[error(transparent)]
    Files(#[from] FileErrors),
    #[error("there is no escalation policy named {name:?}")]
    NoPolicy { name: String },
    #[error("there is an escalation policy named {name:?} already")]
    PolicyTaken { name: String },
    #[error("the escalation policy {name:?} was changed meanwhile: version {found} was expected to be {expected}")]
    Stale { name: String, expected: i64, found: i64 },
    #[error("there may be {max} escalation policies")]
    TooManyPolicies { max: usize },
    #[error("only a person can be on call")]
    NotAPerson,
    #[error("nobody is being paged for alert {0}")]
    NotEscalating(AlertId),
    #[error("a reason may have {max} characters, this one has {n}")]
    LongReason { n: usize, max: usize },
    /// What is wrong with a contact, or with rules for it.
    #[error(transparent)]
    Contact(#[from] Refused),
    /// What is wrong with a schedule, or in the way of changing it.
    #[error(transparent)]
    Schedule(#[from] ScheduleRefused),
    /// What is wrong with pay or business time, or in the way of changing them.
    #[error(transparent)]
    Pay(#[from] PayRefused),
    #[error("ask the database about escalations")]
    Database(#[from] sqlx::Error),
    #[error("{table}.{column} of {row} holds {value:?}")]
    Corrupt { table: &'static str, column: &'static str, row: String, value: String },
    #[error("write what an escalation works by as JSON")]
    Encode(#[source] serde_json::Error),
    #[error("ask the house for what an escalation needs")]
    World(#[from] WorldError),
}
