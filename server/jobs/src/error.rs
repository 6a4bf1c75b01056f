//! What can go wrong.

use crate::job::JobId;

/// Why a job or a lease could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The lease of the job ended and it was claimed again, or its end is recorded already. Drop the work.
    #[error("job {id} is no longer ours")]
    LostJob { id: JobId },

    /// Somebody else leads, or nobody. Stop leading.
    #[error("the lease of {name} (epoch {epoch}) is lost")]
    LostLease { name: String, epoch: i64 },

    #[error("could not reach the database for jobs: {0}")]
    Database(#[from] sqlx::Error),
}
