//! What can go wrong in this room. The first seven are safe to show; the others belong in the log.

use crate::answers::{LONGEST_MS, MOST_AT_ONCE, SHORTEST_MS};
use crate::rules::RuleErrors;
use model::alert::{AlertState, MAX_COMMENT};
use model::ids::{AlertId, IntegrationId};

/// Why the room did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing was applied.
    #[error(transparent)]
    Rules(#[from] RuleErrors),
    #[error("alert {0} was not found")]
    NotFound(AlertId),
    #[error("alert {id} is {word}, not firing", word = .state.as_str())]
    NotFiring { id: AlertId, state: AlertState },
    #[error("a comment must say something")]
    EmptyComment,
    #[error("a comment may have {max} characters, this one has {n}", max = MAX_COMMENT)]
    LongComment { n: usize },
    #[error("an acknowledgement may last {least} to {most} ms, this one {ms} ms", least = SHORTEST_MS, most = LONGEST_MS)]
    Lasting { ms: i64 },
    #[error("at most {max} alerts are answered at once, these are {n}", max = MOST_AT_ONCE)]
    Many { n: usize },
    #[error("ask the database about rules and alerts")]
    Database(#[from] sqlx::Error),
    #[error("{table}.{column} of {row} holds {value:?}")]
    Corrupt { table: &'static str, column: &'static str, row: String, value: String },
    #[error("write rule {rule} as JSON")]
    Encode {
        rule: String,
        #[source]
        source: serde_json::Error,
    },
    #[error("hold the lease of a group of rules")]
    Lease(#[from] jobs::Error),
    /// Safe to show.
    #[error(transparent)]
    Silence(#[from] crate::silences::Refused),
    /// Safe to show.
    #[error(transparent)]
    Rulebook(#[from] crate::rulebook::Refused),
    #[error("integration {0} was not found, or is switched off")]
    NoIntegration(IntegrationId),
    #[error("integration {0} has as many alerts that fire as it may")]
    Full(IntegrationId),
    /// Safe to show.
    #[error(transparent)]
    Inbound(#[from] crate::inbound::Wrong),
    #[error("hand over orders of pages")]
    Pager(#[from] crate::needs::PagerError),
}
