//! `sign_in_throttle`.

use crate::throttle::{GLOBAL_BUCKET, Level};
use kernel::Tx;
use model::Time;
use std::collections::HashMap;

/// Waits until no other decision is being made.
pub async fn lock(tx: &mut Tx, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into sign_in_throttle (bucket, failures, since, delays, changed_at)
         values ($1, 0, $2, 0, $2)
         on conflict (bucket) do nothing",
        GLOBAL_BUCKET,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query_scalar!(
        "select bucket
         from sign_in_throttle
         where bucket = $1
         for update",
        GLOBAL_BUCKET,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

/// The levels of those buckets that have one.
pub async fn levels(tx: &mut Tx, buckets: &[String]) -> Result<HashMap<String, Level>, sqlx::Error> {
    let rows = sqlx::query!(
        "select
           bucket,
           failures,
           since,
           delays,
           delayed_until
         from sign_in_throttle
         where bucket = any($1)",
        buckets,
    )
    .fetch_all(&mut **tx)
    .await?;
    let levels = rows.into_iter().map(|row| {
        let level = Level {
            failures: row.failures,
            since: Time::from_utc(row.since),
            delays: row.delays,
            until: row.delayed_until.map(Time::from_utc),
        };
        (row.bucket, level)
    });
    Ok(levels.collect())
}

/// Writes one level.
pub async fn save(tx: &mut Tx, bucket: &str, level: &Level, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into sign_in_throttle (bucket, failures, since, delays, delayed_until, changed_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (bucket) do update set
           failures = excluded.failures,
           since = excluded.since,
           delays = excluded.delays,
           delayed_until = excluded.delayed_until,
           changed_at = excluded.changed_at",
        bucket,
        level.failures,
        level.since.to_utc(),
        level.delays,
        level.until.map(Time::to_utc),
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Empties one bucket.
pub async fn empty(tx: &mut Tx, bucket: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from sign_in_throttle where bucket = $1", bucket).execute(&mut **tx).await?;
    Ok(())
}

/// Deletes rows untouched since `before`. The global row stays: it is locked by name.
pub async fn sweep(tx: &mut Tx, before: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from sign_in_throttle
         where changed_at < $1
           and bucket <> $2",
        before.to_utc(),
        GLOBAL_BUCKET,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
