//! Recurring work: rows that enqueue a job whenever their time has come.

use crate::error::Error;
use crate::job::Job;
use crate::queue::enqueue;
use crate::store;
use kernel::Tx;
use model::Time;
use serde_json::Value;

/// A job every so often.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// Names it; `<room>.<what>`.
    pub name: String,
    /// Of the jobs it enqueues.
    pub kind: String,
    /// Of each of them.
    pub payload: Value,
    /// The distance of two occurrences in milliseconds, 1 or more.
    pub every_ms: i64,
    /// The first occurrence; all others are whole multiples of `every_ms` later.
    pub next_at: Time,
}

/// Writes the schedule, at the start of whoever needs it. One that exists keeps its next occurrence unless `every_ms` differs.
///
/// # Errors
/// The database's, also for an `every_ms` below 1.
pub async fn ensure(tx: &mut Tx, schedule: &Schedule) -> Result<(), Error> {
    Ok(store::upsert_schedule(tx, schedule).await?)
}

/// Removes the schedule; jobs that are enqueued already stay.
///
/// # Errors
/// The database's.
pub async fn remove(tx: &mut Tx, name: &str) -> Result<(), Error> {
    Ok(store::delete_schedule(tx, name).await?)
}

/// Enqueues one job for every schedule whose time has come at `now`, and returns how many. After a standstill it is one job too, not one
/// for each occurrence that was missed. Replicas that do this at the same time don't meet: each row is moved by one of them.
///
/// # Errors
/// The database's.
pub async fn tick(tx: &mut Tx, now: Time) -> Result<usize, Error> {
    let due = store::due_schedules(tx, now).await?;
    for schedule in &due {
        let key = format!("{}@{}", schedule.name, schedule.next_at.0);
        let (kind, payload) = (schedule.kind.clone(), schedule.payload.clone());
        enqueue(tx, Job { kind, key, run_at: schedule.next_at, payload }).await?;
        store::move_schedule(tx, &schedule.name, next_after(schedule.next_at, schedule.every_ms, now)).await?;
    }
    Ok(due.len())
}

/// The first occurrence after `now`.
fn next_after(next_at: Time, every_ms: i64, now: Time) -> Time {
    let every_ms = every_ms.max(1);
    let missed = now.since(next_at).max(0) / every_ms;
    next_at.plus_ms(every_ms.saturating_mul(missed.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_occurrence_is_in_the_future_and_on_the_grid() {
        let cases =
            [(1_000, 1_000, 2_000), (1_000, 1_999, 2_000), (1_000, 2_000, 3_000), (1_000, 9_500, 10_000), (5_000, 0, 6_000)];
        for (next_at, now, expected) in cases {
            assert_eq!(next_after(Time(next_at), 1_000, Time(now)), Time(expected), "{next_at} at {now}");
        }
    }
}
