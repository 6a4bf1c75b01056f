//! What can go wrong in this room.

use crate::batch::Damage;
use crate::engine::error::RemoteError;
use crate::eval::EvalError;
use crate::remote_write::Malformed;

/// Every failure of the metrics room. Refused samples are not failures: see [`crate::Written`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or can't be reached.
    #[error("metrics database")]
    Database(#[from] sqlx::Error),
    /// A stored value can't be read.
    #[error("{table}.{column} of {row} is damaged")]
    Damaged {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key, for people.
        row: String,
        /// What is wrong with it.
        #[source]
        source: Damage,
    },
    /// A batch could not be compressed.
    #[error("compress a batch")]
    Compress(#[from] snap::Error),
    /// A matcher's regular expression can't be compiled.
    #[error("compile the regular expression {pattern:?}")]
    Regex {
        /// As written.
        pattern: String,
        /// What is wrong with it.
        #[source]
        source: Box<regex::Error>,
    },
    /// More matchers than a selector may have: each regular expression takes memory.
    #[error("a selector may have {limit} matchers, this one has {found}")]
    TooManyMatchers {
        /// In one selector.
        found: usize,
        /// Allowed.
        limit: usize,
    },
    /// A selection would read too much.
    #[error("the query would read {found} samples, the limit is {limit}: shorten its range or narrow its selectors")]
    TooManySamples {
        /// How many it would read at least.
        found: u64,
        /// [`crate::Config::max_selected_samples`].
        limit: u64,
    },
    /// More samples wait for their commit than the limit, or more queries for their turn than can be computed soon.
    #[error("too much is waiting already, try again in a moment")]
    Overloaded,
    /// Requests that are being read take all the memory there is for them.
    #[error("too much is being read already, try again in a moment")]
    Busy,
    /// The sender is in debt, see [`crate::quota`].
    #[error("more samples a second than this sender may write")]
    TooFast {
        /// It may come again in so many seconds.
        wait_s: u64,
    },
    /// The database did not take the samples. Sending them again is safe.
    #[error("the samples could not be committed")]
    NotCommitted,
    /// The commit took too long; it may still happen. Sending the samples again is safe.
    #[error("the commit of the samples is not confirmed")]
    Unconfirmed,
    /// The room was closed.
    #[error("metrics are shutting down")]
    Closed,
    /// Compaction is led by another replica, or the lease can't be had.
    #[error("lead the compaction of metrics")]
    Lease(#[from] jobs::Error),
    /// The head was trimmed while a window was compacted from it. The window is compacted from its batches next time.
    #[error("the head no longer holds the window that begins at {bucket}")]
    HeadMovedOn {
        /// Milliseconds since the Unix epoch.
        bucket: i64,
    },
    /// A request's body can't be read.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The engine or a store elsewhere can't be used, or refused.
    #[error(transparent)]
    Remote(#[from] Box<RemoteError>),
    /// The evaluator refused or failed.
    #[error(transparent)]
    Eval(#[from] Box<EvalError>),
}

impl From<RemoteError> for Error {
    fn from(error: RemoteError) -> Self {
        Self::Remote(Box::new(error))
    }
}

impl From<EvalError> for Error {
    fn from(error: EvalError) -> Self {
        Self::Eval(Box::new(error))
    }
}
