//! `incident_cursor`.

use crate::error::Error;
use kernel::facts::Cursor;
use kernel::{Db, Tx};

/// The only reader there is.
const READER: &str = "timeline";

/// How far Facts were read; `None` before the first time.
pub(crate) async fn read(db: &Db) -> Result<Option<Cursor>, Error> {
    let row = sqlx::query!(
        "select
           xact,
           fact
         from incident_cursor
         where reader = $1",
        READER,
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| Cursor { xact: row.xact, id: row.fact }))
}

/// Begins there, unless it was begun already.
pub(crate) async fn begin(tx: &mut Tx, at: Cursor) -> Result<(), Error> {
    sqlx::query!(
        "insert into incident_cursor (reader, xact, fact)
         values ($1, $2, $3)
         on conflict (reader) do nothing",
        READER,
        at.xact,
        at.id,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Everything up to there was read. It never goes back.
pub(crate) async fn advance(tx: &mut Tx, to: Cursor) -> Result<(), Error> {
    sqlx::query!(
        "update incident_cursor
         set xact = $2,
             fact = $3
         where reader = $1
           and (xact, fact) < ($2, $3)",
        READER,
        to.xact,
        to.id,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
