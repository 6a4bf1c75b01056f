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
