//! `hook_seen` and `slack_person`, and what `delivery` says of a provider's own names.

use chrono::{DateTime, Utc};
use kernel::{Db, Tx};
use model::Time;
use uuid::Uuid;

/// Remembers a request until then. `false` when it is remembered already. Forgets what need not be remembered any more.
pub(crate) async fn remember(db: &Db, source: &str, id: &[u8], now: Time, until: Time) -> Result<bool, sqlx::Error> {
    let expires_at: DateTime<Utc> = until.to_utc();
    sqlx::query!(
        "delete from hook_seen
         where (source, id) in (
           select
             source,
             id
           from hook_seen
           where expires_at < $1
           limit 100
           for update skip locked
         )",
        now.to_utc(),
    )
    .execute(db.pool())
    .await?;
    let done = sqlx::query!(
        "insert into hook_seen (source, id, expires_at)
         values ($1, $2, $3)
         on conflict (source, id) do nothing",
        source,
        id,
        expires_at,
    )
    .execute(db.pool())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether a request is remembered.
pub(crate) async fn is_remembered(db: &Db, source: &str, id: &[u8]) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
             select 1
             from hook_seen
             where source = $1
               and id = $2
           ) as "known!""#,
        source,
        id,
    )
    .fetch_one(db.pool())
    .await
}

/// The numbers of the alerts that were told under this reference, by this channel. None when they were called for anew since, under another
/// one: what is done to the old one is done to nothing.
pub(crate) async fn alerts_of(db: &Db, channel: &str, reference: &str) -> Result<Vec<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select distinct unnest(alerts) as "alert!"
           from delivery
           where channel = $1
             and reference = $2
             and kind in ('fired', 'again')
             and not exists (
               select 1
               from delivery as newer
               where newer.group_key = delivery.group_key
                 and newer.channel = delivery.channel
                 and newer.seq > delivery.seq
                 and newer.kind in ('fired', 'again')
                 and newer.reference <> delivery.reference
             )
           order by 1
           limit 500"#,
        channel,
        reference,
    )
    .fetch_all(db.pool())
    .await
}

/// The person that somebody in a Slack workspace was found to be.
pub(crate) async fn slack_person(db: &Db, team: &str, slack_user: &str) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select person
         from slack_person
         where team = $1
           and slack_user = $2",
        team,
        slack_user,
    )
    .fetch_optional(db.pool())
    .await
}

/// Writes down who that is.
pub(crate) async fn link_slack_person(
    tx: &mut Tx,
    team: &str,
    slack_user: &str,
    person: Uuid,
    at: Time,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into slack_person (team, slack_user, person, linked_at)
         values ($1, $2, $3, $4)
         on conflict (team, slack_user) do update
         set person = excluded.person,
             linked_at = excluded.linked_at",
        team,
        slack_user,
        person,
        at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
