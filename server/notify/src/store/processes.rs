//! `process_beat`: who lives.

use super::{time, utc};
use crate::processes::{Beat, ProcessRow};
use chrono::{DateTime, Utc};
use kernel::{Db, Tx};
use model::Time;

struct Row {
    name: String,
    host: String,
    started_at: DateTime<Utc>,
    beat_at: DateTime<Utc>,
    evaluated_at: Option<DateTime<Utc>>,
    passed_at: Option<DateTime<Utc>>,
    looked_at: Option<DateTime<Utc>>,
    left_at: Option<DateTime<Utc>>,
}

impl From<Row> for ProcessRow {
    fn from(row: Row) -> Self {
        Self {
            name: row.name,
            host: row.host,
            started_at: Time::from_utc(row.started_at),
            beat_at: Time::from_utc(row.beat_at),
            evaluated_at: time(row.evaluated_at),
            passed_at: time(row.passed_at),
            looked_at: time(row.looked_at),
            left_at: time(row.left_at),
        }
    }
}

/// Writes that a process lives, strikes off whoever was not heard of since `forget_before`, and names all others.
pub(crate) async fn beat(db: &Db, name: &str, beat: &Beat, forget_before: Time) -> Result<Vec<ProcessRow>, sqlx::Error> {
    let mut tx: Tx = db.begin().await?;
    sqlx::query!(
        "insert into process_beat (name, host, started_at, beat_at, evaluated_at, passed_at, looked_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (name) do update
         set beat_at = excluded.beat_at,
             evaluated_at = excluded.evaluated_at,
             passed_at = excluded.passed_at,
             looked_at = excluded.looked_at,
             left_at = null",
        name,
        beat.host,
        beat.started_at.to_utc(),
        beat.at.to_utc(),
        utc(beat.evaluated_at),
        utc(beat.passed_at),
        utc(beat.looked_at),
    )
    .execute(&mut *tx)
    .await?;
    // Two processes that do this at once don't wait for each other.
    sqlx::query!(
        "delete from process_beat
         where name in (
           select name
           from process_beat
           where beat_at < $1
           for update skip locked
         )",
        forget_before.to_utc(),
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    list(db).await
}

/// Every process, by name.
pub(crate) async fn list(db: &Db) -> Result<Vec<ProcessRow>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           name,
           host,
           started_at,
           beat_at,
           evaluated_at,
           passed_at,
           looked_at,
           left_at
         from process_beat
         order by name",
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(ProcessRow::from).collect())
}

/// Writes that a process said goodbye.
pub(crate) async fn leave(db: &Db, name: &str, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!("update process_beat set left_at = $2 where name = $1", name, now.to_utc()).execute(db.pool()).await?;
    Ok(())
}
