//! `metric_forward`: how far each destination has come with the batches of each writer.

use chrono::{DateTime, Utc};
use kernel::{Db, Tx};
use model::Time;
use uuid::Uuid;

/// A writer whose batches a destination does not have all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Behind {
    pub(crate) writer_id: Uuid,
    /// The newest committed batch.
    pub(crate) last_wseq: i64,
    /// The newest that the destination has.
    pub(crate) wseq: i64,
    /// When the next one was received; `None` when nothing is left to be sent.
    pub(crate) waiting_since: Option<Time>,
}

struct Row {
    writer_id: Uuid,
    last_wseq: i64,
    wseq: i64,
    waiting_since: Option<DateTime<Utc>>,
}

impl From<Row> for Behind {
    fn from(row: Row) -> Self {
        Self {
            writer_id: row.writer_id,
            last_wseq: row.last_wseq,
            wseq: row.wseq,
            waiting_since: row.waiting_since.map(Time::from_utc),
        }
    }
}

/// Lets a destination that was never seen begin with the oldest batch of each writer that still stands.
pub(crate) async fn begin(tx: &mut Tx, destination: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into metric_forward (destination, writer_id, wseq)
         select
           $1::text,
           writer.id,
           coalesce((select min(batch.wseq) - 1 from metric_batch as batch where batch.writer_id = writer.id), writer.last_wseq)
         from metric_writer as writer
         where not exists (select 1 from metric_forward as known where known.destination = $1::text)",
        destination,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writers with batches that a destination does not have; first those whose batches are gone, then by how long the next one waits.
pub(crate) async fn behind(db: &Db, destination: &str, limit: i64) -> Result<Vec<Behind>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        r#"select
             writer.id as "writer_id!",
             writer.last_wseq as "last_wseq!",
             coalesce(forward.wseq, 0) as "wseq!",
             next.received_at as "waiting_since?"
           from metric_writer as writer
           left join metric_forward as forward
             on forward.writer_id = writer.id
            and forward.destination = $1
           left join lateral (
             select batch.received_at
             from metric_batch as batch
             where batch.writer_id = writer.id
               and batch.wseq > coalesce(forward.wseq, 0)
             order by batch.wseq
             limit 1
           ) as next on true
           where writer.last_wseq > coalesce(forward.wseq, 0)
           order by next.received_at nulls first, writer.id
           limit $2"#,
        destination,
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(Behind::from).collect())
}

/// Moves a destination's cursors, never back.
pub(crate) async fn save(tx: &mut Tx, destination: &str, cursors: &[(Uuid, i64)]) -> Result<(), sqlx::Error> {
    let writers: Vec<Uuid> = cursors.iter().map(|(writer_id, _)| *writer_id).collect();
    let numbers: Vec<i64> = cursors.iter().map(|(_, wseq)| *wseq).collect();
    sqlx::query!(
        "insert into metric_forward (destination, writer_id, wseq)
         select
           $1::text,
           moved.writer_id,
           moved.wseq
         from unnest($2::uuid[], $3::bigint[]) as moved (writer_id, wseq)
         on conflict (destination, writer_id) do update
         set wseq = greatest(metric_forward.wseq, excluded.wseq)",
        destination,
        &writers[..],
        &numbers[..],
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// When the oldest batch was received that one of these destinations does not have yet; `None` when they have all.
pub(crate) async fn oldest_needed(db: &Db, destinations: &[String]) -> Result<Option<Time>, sqlx::Error> {
    let oldest: Option<DateTime<Utc>> = sqlx::query_scalar!(
        r#"select min(next.received_at) as "oldest?"
           from unnest($1::text[]) as wanted (destination)
           cross join metric_writer as writer
           left join metric_forward as forward
             on forward.writer_id = writer.id
            and forward.destination = wanted.destination
           cross join lateral (
             select batch.received_at
             from metric_batch as batch
             where batch.writer_id = writer.id
               and batch.wseq > coalesce(forward.wseq, 0)
             order by batch.wseq
             limit 1
           ) as next
           where writer.last_wseq > coalesce(forward.wseq, 0)"#,
        destinations,
    )
    .fetch_one(db.pool())
    .await?;
    Ok(oldest.map(Time::from_utc))
}
