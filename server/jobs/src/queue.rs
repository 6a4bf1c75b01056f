//! Enqueueing, claiming, and recording how it ended. All writes happen in the caller's transaction.

use crate::error::Error;
use crate::job::{Claimed, Job, JobId};
use crate::retry::next_try;
use crate::store;
use kernel::{Db, Tx};
use model::Time;

/// How many jobs are claimed at once: 21,000 rows/s were claimed by twenties, 1,800 singly.
pub const CLAIM_LIMIT: usize = 20;

/// How long a claimed job is out of everybody else's reach, unless it is extended.
pub const JOB_LEASE_MS: i64 = 30_000;

const DAY_MS: i64 = 86_400_000;

/// For how long a job's row outlives it: done ones as long as somebody might enqueue them again, failed ones until people have looked.
const KEEP_DONE_MS: i64 = 7 * DAY_MS;
const KEEP_FAILED_MS: i64 = 90 * DAY_MS;

/// Writes the job into the caller's transaction. `None` when one of this kind and key exists already, whatever became of it; the new one
/// is dropped then.
///
/// # Errors
/// The database's.
pub async fn enqueue(tx: &mut Tx, job: Job) -> Result<Option<JobId>, Error> {
    let id = JobId(kernel::ids::new_uuid());
    let inserted = store::insert(tx, id, &job).await?;
    Ok(inserted.then_some(id))
}

/// Claims jobs of `kinds` that are due at `now`, those that waited longest first: waiting ones, and those whose worker's lease has ended.
/// At most `limit` and never more than [`CLAIM_LIMIT`]. Commit before working on them: until then nobody else sees the claim.
///
/// # Errors
/// The database's.
pub async fn claim(tx: &mut Tx, kinds: &[String], limit: usize, now: Time) -> Result<Vec<Claimed>, Error> {
    let limit = i64::try_from(limit.min(CLAIM_LIMIT)).unwrap_or(0);
    let token = kernel::ids::new_uuid();
    let mut claimed = store::claim(tx, kinds, limit, token, now, now.plus_ms(JOB_LEASE_MS)).await?;
    claimed.sort_by_key(|job| (job.run_at, job.id));
    Ok(claimed)
}

/// Records that the job was done.
///
/// # Errors
/// [`Error::LostJob`] when it is no longer ours: roll back what was done with it. The database's.
pub async fn finish(tx: &mut Tx, job: &Claimed, now: Time) -> Result<(), Error> {
    must_be_ours(store::finish(tx, job, now).await?, job)
}

/// Records that the job could not be done this time, and when it is tried again, which is returned.
///
/// # Errors
/// As [`finish`].
pub async fn retry_later(tx: &mut Tx, job: &Claimed, reason: &str, now: Time) -> Result<Time, Error> {
    let due_at = next_try(now, job.attempt, job.id);
    must_be_ours(store::retry(tx, job, due_at, reason).await?, job)?;
    Ok(due_at)
}

/// Records that the job can never be done.
///
/// # Errors
/// As [`finish`].
pub async fn fail(tx: &mut Tx, job: &Claimed, reason: &str, now: Time) -> Result<(), Error> {
    must_be_ours(store::fail(tx, job, reason, now).await?, job)
}

/// Keeps the job for another [`JOB_LEASE_MS`] from `now` on.
///
/// # Errors
/// As [`finish`].
pub async fn extend(tx: &mut Tx, job: &Claimed, now: Time) -> Result<(), Error> {
    must_be_ours(store::extend(tx, job, now.plus_ms(JOB_LEASE_MS)).await?, job)
}

/// Since when the job has been due that waits longest; `None` when nothing is due. What is due for long shows that nobody works.
///
/// # Errors
/// The database's.
pub async fn oldest_due(db: &Db, now: Time) -> Result<Option<Time>, Error> {
    Ok(store::oldest_due(db.pool(), now).await?)
}

/// Removes jobs that ended long ago, at most a thousand, and says how many.
///
/// # Errors
/// The database's.
pub async fn purge(tx: &mut Tx, now: Time) -> Result<u64, Error> {
    Ok(store::purge(tx, now.plus_ms(-KEEP_DONE_MS), now.plus_ms(-KEEP_FAILED_MS)).await?)
}

/// A fenced write changes one row, or none when the token is not the row's any more.
fn must_be_ours(changed_rows: u64, job: &Claimed) -> Result<(), Error> {
    if changed_rows == 1 { Ok(()) } else { Err(Error::LostJob { id: job.id }) }
}
