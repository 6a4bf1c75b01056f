//! `oncall_source`.

use super::{corrupt, decoded};
use crate::error::Error;
use crate::schedules::definition::{ScheduleId, role_of, role_word};
use crate::schedules::incoming::{Report, SourceId, SourceMode, SourceRow};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use serde_json::Value;
use uuid::Uuid;

struct Row {
    id: Uuid,
    schedule: Uuid,
    role: String,
    name: String,
    mode: String,
    shown: String,
    next_at: Option<DateTime<Utc>>,
    read_at: Option<DateTime<Utc>>,
    last_error: Option<String>,
    report: Option<Value>,
    made_by: String,
    made_at: DateTime<Utc>,
}

/// Calendars that are attached, the oldest first.
pub(crate) async fn list(tx: &mut Tx, id: Option<SourceId>, schedule: Option<ScheduleId>) -> Result<Vec<SourceRow>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           schedule,
           role,
           name,
           mode,
           shown,
           next_at,
           read_at,
           last_error,
           report,
           made_by,
           made_at
         from oncall_source
         where removed_at is null
           and ($1::uuid is null or id = $1)
           and ($2::uuid is null or schedule = $2)
         order by made_at, id",
        id.map(|id| id.0),
        schedule.map(|id| id.0),
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

fn read(row: Row) -> Result<SourceRow, Error> {
    let id: String = row.id.to_string();
    let mode: Option<SourceMode> = SourceMode::from_word(&row.mode);
    let report: Option<Report> = match &row.report {
        Some(report) => Some(decoded("oncall_source", "report", &id, report)?),
        None => None,
    };
    Ok(SourceRow {
        id: SourceId(row.id),
        schedule: ScheduleId(row.schedule),
        role: role_of(&row.role),
        name: row.name,
        mode: mode.ok_or_else(|| corrupt("oncall_source", "mode", &id, &row.mode))?,
        shown: row.shown,
        next_at: row.next_at.map(Time::from_utc),
        read_at: row.read_at.map(Time::from_utc),
        last_error: row.last_error,
        report,
        made_by: row.made_by,
        made_at: Time::from_utc(row.made_at),
    })
}

/// Attaches a calendar.
pub(crate) async fn insert(tx: &mut Tx, row: &SourceRow, sealed: Option<&[u8]>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into oncall_source (id, schedule, role, name, mode, sealed, shown, next_at, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        row.id.0,
        row.schedule.0,
        role_word(&row.role),
        row.name,
        row.mode.as_str(),
        sealed,
        row.shown,
        row.next_at.map(Time::to_utc),
        row.made_by,
        row.made_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The sealed address of one.
pub(crate) async fn sealed(tx: &mut Tx, id: SourceId) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let found: Option<Option<Vec<u8>>> = sqlx::query_scalar!(
        "select sealed
         from oncall_source
         where id = $1
           and removed_at is null",
        id.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(found.flatten())
}

/// Takes those that are due, and says when they are due again: nobody else fetches them meanwhile.
pub(crate) async fn claim(tx: &mut Tx, now: Time, next: Time, limit: i64) -> Result<Vec<(SourceId, Vec<u8>)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"update oncall_source
         set next_at = $2
         where id in (
           select due.id
           from oncall_source as due
           where due.removed_at is null
             and due.next_at <= $1
             and due.sealed is not null
           order by due.next_at
           limit $3
           for update skip locked
         )
         returning
           id,
           sealed as "sealed!""#,
        now.to_utc(),
        next.to_utc(),
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (SourceId(row.id), row.sealed)).collect())
}

/// Notes what a reading came to.
pub(crate) async fn note_read(tx: &mut Tx, id: SourceId, report: &Report, now: Time) -> Result<(), Error> {
    let report: Value = serde_json::to_value(report).map_err(Error::Encode)?;
    sqlx::query!(
        "update oncall_source
         set read_at = $2,
             last_error = null,
             report = $3
         where id = $1",
        id.0,
        now.to_utc(),
        report,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes why it could not be read.
pub(crate) async fn note_error(tx: &mut Tx, id: SourceId, error: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("update oncall_source set last_error = $2 where id = $1", id.0, error).execute(&mut **tx).await?;
    Ok(())
}

/// Detaches it.
pub(crate) async fn remove(tx: &mut Tx, id: SourceId, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update oncall_source
         set removed_at = $2,
             next_at = null,
             sealed = null
         where id = $1",
        id.0,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
