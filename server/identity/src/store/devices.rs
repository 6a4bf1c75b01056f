//! `known_device`.

use kernel::{Db, Tx};
use model::Time;
use model::ids::PersonId;

/// Whether that person once signed in with this device token.
pub async fn is_known(db: &Db, person: PersonId, token_hash: &[u8], since: Time) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
             select 1
             from known_device
             where token_hash = $1
               and person_id = $2
               and seen_at > $3
           ) as "known!""#,
        token_hash,
        person.0,
        since.to_utc(),
    )
    .fetch_one(db.pool())
    .await
}

/// Writes down a new device.
pub async fn remember(tx: &mut Tx, person: PersonId, token_hash: &[u8], now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into known_device (token_hash, person_id, seen_at)
         values ($1, $2, $3)",
        token_hash,
        person.0,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A known device was used again. False when it is not known (any more).
pub async fn touch(tx: &mut Tx, person: PersonId, token_hash: &[u8], now: Time) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update known_device
         set seen_at = $3
         where token_hash = $1
           and person_id = $2",
        token_hash,
        person.0,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets every device of a person.
pub async fn forget(tx: &mut Tx, person: PersonId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from known_device where person_id = $1", person.0).execute(&mut **tx).await?;
    Ok(())
}

/// Forgets that person's devices unused since `before`.
pub async fn sweep(tx: &mut Tx, person: PersonId, before: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from known_device
         where person_id = $1
           and seen_at <= $2",
        person.0,
        before.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
