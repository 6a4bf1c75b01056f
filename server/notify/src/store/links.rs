//! `acknowledge_link`: links in pages that were answered by.

use crate::deliveries::DeliveryId;
use kernel::{Db, Tx};
use model::Time;

/// When, and by whom it was answered by this page's link.
pub(crate) async fn answered(db: &Db, delivery: DeliveryId) -> Result<Option<(Time, String)>, sqlx::Error> {
    let row = sqlx::query!(
        "select
           used_at,
           used_by
         from acknowledge_link
         where delivery = $1",
        delivery.0,
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| (Time::from_utc(row.used_at), row.used_by)))
}

/// Notes that it was answered by. `false` when it had been before.
pub(crate) async fn note(tx: &mut Tx, delivery: DeliveryId, by: &str, now: Time) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into acknowledge_link (delivery, used_at, used_by)
         values ($1, $2, $3)
         on conflict (delivery) do nothing",
        delivery.0,
        now.to_utc(),
        by,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets links that were answered by before `before`: they can't be opened any more.
pub(crate) async fn forget(tx: &mut Tx, before: Time) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from acknowledge_link where used_at < $1", before.to_utc()).execute(&mut **tx).await?;
    Ok(())
}
