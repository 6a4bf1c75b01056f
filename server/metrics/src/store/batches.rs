//! `metric_batch`: written once, read by heads and by queries that reach behind the head.

use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use kernel::Db;
use model::Time;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::batch::{Encoded, FORMAT};

/// A batch as it stands in the table.
#[derive(Debug)]
pub(crate) struct StoredBatch {
    pub(crate) writer_id: Uuid,
    pub(crate) wseq: i64,
    pub(crate) received_at: Time,
    pub(crate) format: i16,
    pub(crate) body: Vec<u8>,
}

struct Row {
    writer_id: Uuid,
    wseq: i64,
    received_at: DateTime<Utc>,
    format: i16,
    body: Vec<u8>,
}

impl From<Row> for StoredBatch {
    fn from(row: Row) -> Self {
        Self {
            writer_id: row.writer_id,
            wseq: row.wseq,
            received_at: Time::from_utc(row.received_at),
            format: row.format,
            body: row.body,
        }
    }
}

/// Inserts a batch and moves the writer's number to `wseq`, in one statement. False when the writer's number is not the one before:
/// then nothing was written.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    writer_id: Uuid,
    wseq: i64,
    received_at: Time,
    batch: &Encoded,
) -> Result<bool, sqlx::Error> {
    let n: i32 = i32::try_from(batch.n).unwrap_or(i32::MAX);
    let done = sqlx::query!(
        "with advanced as (
           update metric_writer
           set last_wseq = $2::bigint, wrote_at = $3::timestamptz
           where id = $1 and last_wseq = $2::bigint - 1
           returning id
         )
         insert into metric_batch (writer_id, wseq, received_at, tmin, tmax, n, format, body)
         select id, $2::bigint, $3::timestamptz, $4::bigint, $5::bigint, $6::int, $7::smallint, $8::bytea
         from advanced",
        writer_id,
        wseq,
        received_at.to_utc(),
        batch.tmin,
        batch.tmax,
        n,
        FORMAT,
        &batch.body[..],
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The batches of one writer behind `wseq`, in order, at most `limit`.
pub(crate) async fn after(db: &Db, writer_id: Uuid, wseq: i64, limit: i64) -> Result<Vec<StoredBatch>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           writer_id,
           wseq,
           received_at,
           format,
           body
         from metric_batch
         where writer_id = $1
           and wseq > $2
         order by wseq
         limit $3",
        writer_id,
        wseq,
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(StoredBatch::from).collect())
}

/// Every batch received since `since` that has a sample at or after `tmax_from`, one by one.
pub(crate) async fn replay(
    connection: &mut PgConnection,
    since: Time,
    tmax_from: i64,
    mut each: impl FnMut(StoredBatch) + Send,
) -> Result<(), sqlx::Error> {
    let mut rows = sqlx::query_as!(
        Row,
        "select
           writer_id,
           wseq,
           received_at,
           format,
           body
         from metric_batch
         where received_at >= $1
           and tmax >= $2
         order by received_at",
        since.to_utc(),
        tmax_from,
    )
    .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        each(StoredBatch::from(row));
    }
    Ok(())
}

/// Which batches a query behind the head has to read: received within `since..=until`, with samples in
/// `from..=to` (milliseconds).
#[derive(Clone, Copy, Debug)]
pub(crate) struct History {
    pub(crate) since: Time,
    pub(crate) until: Time,
    pub(crate) from: i64,
    pub(crate) to: i64,
}

/// How many samples those batches hold.
pub(crate) async fn count(db: &Db, history: History) -> Result<u64, sqlx::Error> {
    let n: i64 = sqlx::query_scalar!(
        r#"select coalesce(sum(n), 0)::bigint as "n!"
           from metric_batch
           where received_at between $1 and $2
             and tmin <= $4
             and tmax >= $3"#,
        history.since.to_utc(),
        history.until.to_utc(),
        history.from,
        history.to,
    )
    .fetch_one(db.pool())
    .await?;
    Ok(u64::try_from(n).unwrap_or(0))
}

/// Reads those batches one by one.
pub(crate) async fn read(db: &Db, history: History, mut each: impl FnMut(StoredBatch) + Send) -> Result<(), sqlx::Error> {
    let mut rows = sqlx::query_as!(
        Row,
        "select
           writer_id,
           wseq,
           received_at,
           format,
           body
         from metric_batch
         where received_at between $1 and $2
           and tmin <= $4
           and tmax >= $3",
        history.since.to_utc(),
        history.until.to_utc(),
        history.from,
        history.to,
    )
    .fetch(db.pool());
    while let Some(row) = rows.try_next().await? {
        each(StoredBatch::from(row));
    }
    Ok(())
}
