//! All SQL of this crate. Owns the tables `job`, `job_schedule` and `lease`.

use crate::job::{Claimed, Job, JobId};
use crate::leases::Lease;
use crate::schedules::Schedule;
use chrono::{DateTime, Utc};
use model::Time;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

struct ClaimedRow {
    id: Uuid,
    kind: String,
    key: String,
    payload: Value,
    run_at: DateTime<Utc>,
    attempts: i32,
}

impl ClaimedRow {
    fn into_claimed(self, token: Uuid) -> Claimed {
        Claimed {
            id: JobId(self.id),
            kind: self.kind,
            key: self.key,
            payload: self.payload,
            run_at: Time::from_utc(self.run_at),
            attempt: self.attempts,
            token,
        }
    }
}

struct ScheduleRow {
    name: String,
    kind: String,
    payload: Value,
    every_ms: i64,
    next_at: DateTime<Utc>,
}

impl From<ScheduleRow> for Schedule {
    fn from(row: ScheduleRow) -> Self {
        Self {
            name: row.name,
            kind: row.kind,
            payload: row.payload,
            every_ms: row.every_ms,
            next_at: Time::from_utc(row.next_at),
        }
    }
}

/// Whether a row was written; not when its kind and key are taken.
pub(crate) async fn insert(conn: &mut PgConnection, id: JobId, job: &Job) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into job (id, kind, key, payload, state, run_at, due_at, attempts)
         values ($1, $2, $3, $4, 'waiting', $5, $5, 0)
         on conflict (kind, key) do nothing",
        id.0,
        job.kind,
        job.key,
        job.payload,
        job.run_at.to_utc(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Claims due jobs. Rows that another worker is claiming at this moment are passed over. In no particular order.
pub(crate) async fn claim(
    conn: &mut PgConnection,
    kinds: &[String],
    limit: i64,
    token: Uuid,
    now: Time,
    lease_until: Time,
) -> Result<Vec<Claimed>, sqlx::Error> {
    let rows = sqlx::query_as!(
        ClaimedRow,
        "with due as (
           select id
           from job
           where state in ('waiting', 'running')
             and due_at <= $1
             and kind = any($2)
           order by due_at
           limit $3
           for update skip locked
         )
         update job
         set state = 'running',
             lease_token = $4,
             due_at = $5,
             attempts = attempts + 1
         from due
         where job.id = due.id
         returning
           job.id,
           job.kind,
           job.key,
           job.payload,
           job.run_at,
           job.attempts",
        now.to_utc(),
        kinds,
        limit,
        token,
        lease_until.to_utc(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.into_claimed(token)).collect())
}

/// How many rows were changed: 1, or 0 when the token is not the row's any more. So with every write of a claimed job.
pub(crate) async fn finish(conn: &mut PgConnection, job: &Claimed, now: Time) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "update job
         set state = 'done',
             lease_token = null,
             last_error = null,
             finished_at = $3
         where id = $1
           and lease_token = $2",
        job.id.0,
        job.token,
        now.to_utc(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn retry(conn: &mut PgConnection, job: &Claimed, due_at: Time, reason: &str) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "update job
         set state = 'waiting',
             lease_token = null,
             due_at = $3,
             last_error = $4
         where id = $1
           and lease_token = $2",
        job.id.0,
        job.token,
        due_at.to_utc(),
        reason,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn fail(conn: &mut PgConnection, job: &Claimed, reason: &str, now: Time) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "update job
         set state = 'failed',
             lease_token = null,
             last_error = $3,
             finished_at = $4
         where id = $1
           and lease_token = $2",
        job.id.0,
        job.token,
        reason,
        now.to_utc(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn extend(conn: &mut PgConnection, job: &Claimed, lease_until: Time) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "update job
         set due_at = $3
         where id = $1
           and lease_token = $2",
        job.id.0,
        job.token,
        lease_until.to_utc(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn oldest_due(pool: &PgPool, now: Time) -> Result<Option<Time>, sqlx::Error> {
    let oldest = sqlx::query_scalar!(
        r#"select min(due_at) as "oldest?"
           from job
           where state in ('waiting', 'running')
             and due_at <= $1"#,
        now.to_utc(),
    )
    .fetch_one(pool)
    .await?;
    Ok(oldest.map(Time::from_utc))
}

pub(crate) async fn purge(conn: &mut PgConnection, done_before: Time, failed_before: Time) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from job
         where id in (
           select id
           from job
           where finished_at < $1
             and (state = 'done' or finished_at < $2)
           order by finished_at
           limit 1000
           for update skip locked
         )",
        done_before.to_utc(),
        failed_before.to_utc(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn upsert_schedule(conn: &mut PgConnection, schedule: &Schedule) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into job_schedule (name, kind, payload, every_ms, next_at)
         values ($1, $2, $3, $4, $5)
         on conflict (name) do update
         set kind = excluded.kind,
             payload = excluded.payload,
             every_ms = excluded.every_ms,
             next_at = case
               when job_schedule.every_ms = excluded.every_ms then job_schedule.next_at
               else excluded.next_at
             end",
        schedule.name,
        schedule.kind,
        schedule.payload,
        schedule.every_ms,
        schedule.next_at.to_utc(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn delete_schedule(conn: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from job_schedule where name = $1", name).execute(conn).await?;
    Ok(())
}

pub(crate) async fn due_schedules(conn: &mut PgConnection, now: Time) -> Result<Vec<Schedule>, sqlx::Error> {
    let rows = sqlx::query_as!(
        ScheduleRow,
        "select
           name,
           kind,
           payload,
           every_ms,
           next_at
         from job_schedule
         where next_at <= $1
         order by next_at
         for update skip locked",
        now.to_utc(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Schedule::from).collect())
}

pub(crate) async fn move_schedule(conn: &mut PgConnection, name: &str, next_at: Time) -> Result<(), sqlx::Error> {
    sqlx::query!("update job_schedule set next_at = $2 where name = $1", name, next_at.to_utc()).execute(conn).await?;
    Ok(())
}

/// The row of a lease, made before its first leader so that there is something to lock.
pub(crate) async fn ensure_lease(conn: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into lease (name, owner, epoch, lease_until)
         values ($1, '', 0, to_timestamp(0))
         on conflict (name) do nothing",
        name,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes `owner` the leader and returns its epoch, when the lease has ended. FOR UPDATE is the one lock that [`hold_lease`] keeps off;
/// it doesn't wait for it, so that who wants to lead comes back later.
pub(crate) async fn take_lease(
    conn: &mut PgConnection,
    name: &str,
    owner: &str,
    now: Time,
    until: Time,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "with free as (
           select name
           from lease
           where name = $1
             and lease_until <= $2
           for update skip locked
         )
         update lease
         set owner = $3,
             epoch = epoch + 1,
             lease_until = $4
         from free
         where lease.name = free.name
         returning lease.epoch",
        name,
        now.to_utc(),
        owner,
        until.to_utc(),
    )
    .fetch_optional(conn)
    .await
}

/// Sets the end of a lease that is still the owner's; how many rows that changed. Takes FOR NO KEY UPDATE, beside which
/// [`hold_lease`]'s lock can stand.
pub(crate) async fn prolong_lease(pool: &PgPool, lease: &Lease, until: Time) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "update lease
         set lease_until = $4
         where name = $1
           and owner = $2
           and epoch = $3",
        lease.name,
        lease.owner,
        lease.epoch,
        until.to_utc(),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}

/// Whether the lease is still its owner's; if so it stays that until the transaction ends.
pub(crate) async fn hold_lease(conn: &mut PgConnection, lease: &Lease) -> Result<bool, sqlx::Error> {
    let held = sqlx::query_scalar!(
        "select epoch
         from lease
         where name = $1
           and owner = $2
           and epoch = $3
         for key share",
        lease.name,
        lease.owner,
        lease.epoch,
    )
    .fetch_optional(conn)
    .await?;
    Ok(held.is_some())
}
