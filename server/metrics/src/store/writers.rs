//! `metric_writer`: who writes, and how far each has come.

use kernel::{Db, Tx};
use model::Time;
use sqlx::{PgConnection, PgPool, Postgres, pool::PoolConnection};
use uuid::Uuid;

/// A writer and its newest committed batch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WriterRow {
    pub(crate) id: Uuid,
    pub(crate) last_wseq: i64,
}

/// Enters a new writer, before its first batch.
pub(crate) async fn register(db: &Db, id: Uuid, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into metric_writer (id, last_wseq, opened_at, wrote_at)
         values ($1, 0, $2, $2)",
        id,
        now.to_utc(),
    )
    .execute(db.pool())
    .await?;
    Ok(())
}

/// A connection for a writer of its own. A commit on it is on disk when it returns, whatever the database's default.
pub(crate) async fn connection(db: &Db) -> Result<PoolConnection<Postgres>, sqlx::Error> {
    let pool: &PgPool = db.pool();
    let mut connection: PoolConnection<Postgres> = pool.acquire().await?;
    sqlx::query!("select set_config('synchronous_commit', 'on', false) as setting").fetch_one(&mut *connection).await?;
    Ok(connection)
}

/// The newest committed batch of a writer. Waits for a transaction of that writer that still runs, so that the answer is final.
pub(crate) async fn settled_wseq(db: &Db, id: Uuid) -> Result<i64, sqlx::Error> {
    let mut tx: Tx = db.begin().await?;
    let wseq: i64 =
        sqlx::query_scalar!("select last_wseq from metric_writer where id = $1 for update", id).fetch_one(&mut *tx).await?;
    tx.commit().await?;
    Ok(wseq)
}

/// Writers other than `me` that wrote since `since`.
pub(crate) async fn others(db: &Db, me: Uuid, since: Time) -> Result<Vec<WriterRow>, sqlx::Error> {
    sqlx::query_as!(
        WriterRow,
        "select
           id,
           last_wseq
         from metric_writer
         where id <> $1
           and wrote_at >= $2",
        me,
        since.to_utc(),
    )
    .fetch_all(db.pool())
    .await
}

/// Every writer, within the caller's snapshot.
pub(crate) async fn all(connection: &mut PgConnection) -> Result<Vec<WriterRow>, sqlx::Error> {
    sqlx::query_as!(
        WriterRow,
        "select
           id,
           last_wseq
         from metric_writer",
    )
    .fetch_all(connection)
    .await
}

/// Writers that wrote since `since`, with their newest batches.
pub(crate) async fn since(connection: &mut PgConnection, since: Time) -> Result<Vec<WriterRow>, sqlx::Error> {
    sqlx::query_as!(
        WriterRow,
        "select
           id,
           last_wseq
         from metric_writer
         where wrote_at >= $1",
        since.to_utc(),
    )
    .fetch_all(connection)
    .await
}

/// Begins a transaction in which every statement sees the same moment.
pub(crate) async fn moment(db: &Db) -> Result<Tx, sqlx::Error> {
    db.pool().begin_with("begin isolation level repeatable read, read only").await
}

/// As [`moment`], without a limit of time.
pub(crate) async fn snapshot(db: &Db) -> Result<Tx, sqlx::Error> {
    let mut tx: Tx = moment(db).await?;
    // What is read at the start takes as long as it takes.
    sqlx::query_scalar!("select set_config('statement_timeout', '0', true)").fetch_one(&mut *tx).await?;
    Ok(tx)
}
