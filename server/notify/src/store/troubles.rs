//! `house_trouble`, and the deliveries that tell of one.

use super::corrupt;
use crate::error::Error;
use crate::jobs::KEEP_MS;
use crate::troubles::{Held, OpenTrouble, Trouble, What};
use kernel::{Db, Tx};
use model::Time;
use serde_json::Value;
use uuid::Uuid;

/// Writes a trouble, and forgets what ended long ago. `false` when it is known already.
pub(crate) async fn open(
    tx: &mut Tx,
    id: Uuid,
    trouble: &Trouble,
    words: &Value,
    found_by: &str,
    now: Time,
) -> Result<bool, sqlx::Error> {
    sqlx::query!("delete from house_trouble where ended_at < $1", now.plus_ms(-KEEP_MS).to_utc()).execute(&mut **tx).await?;
    let done = sqlx::query!(
        "insert into house_trouble (id, what, subject, words, since, found_at, found_by)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (what, subject) where ended_at is null do nothing",
        id,
        trouble.what.as_str(),
        trouble.subject,
        *words,
        trouble.since.to_utc(),
        now.to_utc(),
        found_by,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Locks the open trouble of that name, if there is one.
pub(crate) async fn lock(tx: &mut Tx, what: What, subject: &str) -> Result<Option<Held>, sqlx::Error> {
    let row = sqlx::query!(
        "select
           id,
           words
         from house_trouble
         where what = $1
           and subject = $2
           and ended_at is null
         for update",
        what.as_str(),
        subject,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Held { id: row.id, words: row.words }))
}

/// Writes that it is over.
pub(crate) async fn end(tx: &mut Tx, id: Uuid, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!("update house_trouble set ended_at = $2 where id = $1", id, now.to_utc()).execute(&mut **tx).await?;
    Ok(())
}

/// Every trouble that goes on.
pub(crate) async fn list(db: &Db) -> Result<Vec<OpenTrouble>, Error> {
    let rows = sqlx::query!(
        "select
           id,
           what,
           subject,
           since,
           found_at
         from house_trouble
         where ended_at is null
         order by found_at, id",
    )
    .fetch_all(db.pool())
    .await?;
    let mut troubles: Vec<OpenTrouble> = Vec::with_capacity(rows.len());
    for row in rows {
        let what: What =
            What::from_word(&row.what).ok_or_else(|| corrupt("house_trouble", "what", &row.id.to_string(), &row.what))?;
        let (since, found_at): (Time, Time) = (Time::from_utc(row.since), Time::from_utc(row.found_at));
        troubles.push(OpenTrouble { what, subject: row.subject, since, found_at });
    }
    Ok(troubles)
}

/// Whether a page of this conversation is in the hands of a worker.
pub(crate) async fn is_being_sent(tx: &mut Tx, group: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
             select 1
             from delivery
             where group_key = $1
               and state = 'sending'
           ) as "is_being_sent!""#,
        group,
    )
    .fetch_one(&mut **tx)
    .await
}

/// Ends the pages of this conversation that wait, and asks no next channel any more.
pub(crate) async fn take_back(tx: &mut Tx, group: &str, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with open as (
           select id
           from delivery
           where group_key = $1
             and kind = 'fired'
             and (state = 'due' or pass_on_at is not null)
           order by seq
           for update
         )
         update delivery
         set pass_on_at = null,
             state = case when delivery.state = 'due' then 'superseded' else delivery.state end,
             withdrawn_why = case when delivery.state = 'due' then 'resolved' else delivery.withdrawn_why end,
             ended_at = case when delivery.state = 'due' then $2 else delivery.ended_at end
         from open
         where delivery.id = open.id",
        group,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The channels by which somebody may have heard of it.
pub(crate) async fn told(tx: &mut Tx, group: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select distinct channel
         from delivery
         where group_key = $1
           and kind = 'fired'
           and attempts > 0
           and (state <> 'failed'
                or exists (
                  select 1
                  from delivery_attempt
                  where delivery_attempt.delivery = delivery.id
                    and delivery_attempt.outcome in ('unknown', 'lost')
                ))
         order by channel",
        group,
    )
    .fetch_all(&mut **tx)
    .await
}
