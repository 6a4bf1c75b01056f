//! `alert_change`: which alerts changed since the notifier looked, as the database notes it in the transaction that changes them.
//!
//! Rows are taken away in the transaction that decides on what they are about. So a note is neither lost with a pass that fails, nor
//! overlooked because its transaction took longer than another one that began later: there is no cursor that could pass it by.

use kernel::Tx;

/// Takes the oldest notes away, at most `limit`, and says which alerts they are about; an alert that changed twice is there twice.
pub(crate) async fn take(tx: &mut Tx, limit: i64) -> Result<Vec<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "delete from alert_change
         where id in (
           select id
           from alert_change
           order by id
           limit $1
         )
         returning alert_id",
        limit,
    )
    .fetch_all(&mut **tx)
    .await
}

/// Takes all notes away: whoever reads everything afterwards need not know what changed.
pub(crate) async fn take_all(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from alert_change").execute(&mut **tx).await?;
    Ok(())
}
