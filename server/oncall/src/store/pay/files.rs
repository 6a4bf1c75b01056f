//! `oncall_holiday_file`.

use crate::pay::files::SentFile;
use kernel::Tx;
use model::Time;
use uuid::Uuid;

struct Row {
    calendar: String,
    bytes: Vec<u8>,
}

/// Keeps a file, and says how many there are then.
pub(crate) async fn insert(tx: &mut Tx, id: Uuid, file: &SentFile, by: &str, at: Time) -> Result<i64, sqlx::Error> {
    sqlx::query!(
        "insert into oncall_holiday_file (id, calendar, bytes, sent_by, sent_at)
         values ($1, $2, $3, $4, $5)",
        id,
        file.calendar,
        file.bytes,
        by,
        at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query_scalar!(r#"select count(*) as "n!" from oncall_holiday_file"#).fetch_one(&mut **tx).await
}

/// A file that is kept.
pub(crate) async fn one(tx: &mut Tx, id: Uuid) -> Result<Option<SentFile>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as!(
        Row,
        "select
           calendar,
           bytes
         from oncall_holiday_file
         where id = $1",
        id,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| SentFile { calendar: row.calendar, bytes: row.bytes }))
}

/// Forgets a file.
pub(crate) async fn remove(tx: &mut Tx, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from oncall_holiday_file where id = $1", id).execute(&mut **tx).await?;
    Ok(())
}

/// Forgets what was sent before `at`.
pub(crate) async fn purge(tx: &mut Tx, at: Time) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from oncall_holiday_file where sent_at < $1", at.to_utc()).execute(&mut **tx).await?;
    Ok(())
}
