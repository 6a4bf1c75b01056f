//! `rule_replica`: which processes evaluate rules now.

use kernel::{Db, Tx};
use model::Time;

/// Says that `owner` is there, and names everybody who was since `alive_from`. Who was not for ten times as long is struck off.
pub(crate) async fn meet(db: &Db, owner: &str, now: Time, alive_from: Time) -> Result<Vec<String>, sqlx::Error> {
    let mut tx: Tx = db.begin().await?;
    sqlx::query!(
        "insert into rule_replica (owner, seen_at)
         values ($1, $2)
         on conflict (owner) do update set seen_at = excluded.seen_at",
        owner,
        now.to_utc(),
    )
    .execute(&mut *tx)
    .await?;
    let long_ago: Time = now.plus_ms(-10 * now.since(alive_from));
    sqlx::query!("delete from rule_replica where seen_at < $1", long_ago.to_utc()).execute(&mut *tx).await?;
    let owners: Vec<String> =
        sqlx::query_scalar!("select owner from rule_replica where seen_at >= $1 order by owner", alive_from.to_utc())
            .fetch_all(&mut *tx)
            .await?;
    tx.commit().await?;
    Ok(owners)
}

/// Says that `owner` goes.
pub(crate) async fn leave(db: &Db, owner: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from rule_replica where owner = $1", owner).execute(db.pool()).await?;
    Ok(())
}
