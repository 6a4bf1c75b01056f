//! `metric_window` and `metric_window_writer`: which windows stand in chunks, and up to which batch of each writer.

use chrono::{DateTime, Utc};
use kernel::Db;
use model::Time;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::store::writers::WriterRow;

/// A window that stands in chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) bucket: i64,
    /// How often it was written.
    pub(crate) runs: i32,
    /// When the writers' numbers were read that the chunks stand for.
    pub(crate) read_at: Time,
}

struct Row {
    bucket: i64,
    runs: i32,
    read_at: DateTime<Utc>,
}

/// The compacted windows whose buckets lie in `from..=to`, in order.
pub(crate) async fn between(connection: &mut PgConnection, from: i64, to: i64) -> Result<Vec<Window>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           bucket,
           runs,
           read_at
         from metric_window
         where bucket between $1 and $2
         order by bucket",
        from,
        to,
    )
    .fetch_all(connection)
    .await?;
    let window = |row: Row| Window { bucket: row.bucket, runs: row.runs, read_at: Time::from_utc(row.read_at) };
    Ok(rows.into_iter().map(window).collect())
}

/// Flips the watermark: `window` stands in chunks as far as these batches of these writers go.
pub(crate) async fn put(
    connection: &mut PgConnection,
    window: Window,
    writers: &[WriterRow],
    now: Time,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into metric_window (bucket, runs, read_at, compacted_at)
         values ($1, $2, $3, $4)
         on conflict (bucket) do update
         set runs = excluded.runs, read_at = excluded.read_at, compacted_at = excluded.compacted_at",
        window.bucket,
        window.runs,
        window.read_at.to_utc(),
        now.to_utc(),
    )
    .execute(&mut *connection)
    .await?;
    let ids: Vec<Uuid> = writers.iter().map(|writer| writer.id).collect();
    let wseqs: Vec<i64> = writers.iter().map(|writer| writer.last_wseq).collect();
    sqlx::query!(
        "insert into metric_window_writer (bucket, writer_id, wseq)
         select
           $1::bigint,
           writer.id,
           writer.wseq
         from unnest($2::uuid[], $3::bigint[]) as writer (id, wseq)
         on conflict (bucket, writer_id) do update
         set wseq = greatest(metric_window_writer.wseq, excluded.wseq)",
        window.bucket,
        &ids[..],
        &wseqs[..],
    )
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// Forgets windows before `bucket`, of which nothing is left.
pub(crate) async fn forget(db: &Db, bucket: i64) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from metric_window where bucket < $1", bucket).execute(db.pool()).await?;
    Ok(())
}
