//! `doc_cursor`.

use crate::error::Error;
use kernel::Tx;
use kernel::facts::Cursor;

/// How far a reader is, for this transaction alone; `None`: another process reads, or nobody began.
pub(crate) async fn take(tx: &mut Tx, reader: &str) -> Result<Option<Cursor>, Error> {
    let row = sqlx::query!(
        "select
           xact,
           fact
         from doc_cursor
         where reader = $1
         for update skip locked",
        reader,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Cursor { xact: row.xact, id: row.fact }))
}

/// Whether a reader has begun.
pub(crate) async fn is_begun(tx: &mut Tx, reader: &str) -> Result<bool, Error> {
    let is_begun: bool =
        sqlx::query_scalar!(r#"select exists (select 1 from doc_cursor where reader = $1) as "is_begun!""#, reader)
            .fetch_one(&mut **tx)
            .await?;
    Ok(is_begun)
}

/// Begins there, unless it was begun already.
pub(crate) async fn begin(tx: &mut Tx, reader: &str, at: Cursor) -> Result<(), Error> {
    sqlx::query!(
        "insert into doc_cursor (reader, xact, fact)
         values ($1, $2, $3)
         on conflict (reader) do nothing",
        reader,
        at.xact,
        at.id,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Everything up to there was read.
pub(crate) async fn advance(tx: &mut Tx, reader: &str, to: Cursor) -> Result<(), Error> {
    sqlx::query!(
        "update doc_cursor
         set xact = $2,
             fact = $3
         where reader = $1",
        reader,
        to.xact,
        to.id,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
