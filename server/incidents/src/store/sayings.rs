//! `incident_saying`, and the channel of `incident`.

use super::corrupt;
use crate::error::Error;
use crate::rooms::Deed;
use kernel::{Db, Tx};
use model::Time;
use model::ids::IncidentId;
use serde_json::Value;

/// Something to be done, in the hands of whoever claimed it.
#[derive(Clone, Debug)]
pub(crate) struct Claimed {
    pub(crate) id: i64,
    pub(crate) incident: IncidentId,
    pub(crate) deed: Deed,
    pub(crate) body: Value,
    /// With this one.
    pub(crate) tries: i32,
}

/// Writes down what is to be done.
pub(crate) async fn add(tx: &mut Tx, incident: IncidentId, deed: Deed, body: &Value, now: Time) -> Result<(), Error> {
    sqlx::query!(
        "insert into incident_saying (incident, what, body, made_at, next_at)
         values ($1, $2, $3, $4, $4)",
        incident.0,
        deed.as_str(),
        body,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whether a channel is to be opened.
pub(crate) async fn is_wanted(tx: &mut Tx, incident: IncidentId) -> Result<bool, Error> {
    let found: Option<i64> = sqlx::query_scalar!(
        "select id from incident_saying where incident = $1 and what = 'open' and done_at is null limit 1",
        incident.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(found.is_some())
}

/// Takes what has waited longest, of an incident nobody is busy with.
pub(crate) async fn claim(db: &Db, now: Time, until: Time) -> Result<Option<Claimed>, Error> {
    let row = sqlx::query!(
        "update incident_saying
         set lease_until = $2,
             attempts = attempts + 1
         where id = (select waiting.id
                     from incident_saying waiting
                     where waiting.done_at is null
                       and waiting.next_at <= $1
                       and (waiting.lease_until is null or waiting.lease_until <= $1)
                       and not exists (select 1
                                       from incident_saying earlier
                                       where earlier.incident = waiting.incident
                                         and earlier.done_at is null
                                         and earlier.id < waiting.id)
                     order by waiting.next_at, waiting.id
                     limit 1
                     for update skip locked)
         returning
           id,
           incident,
           what,
           body,
           attempts",
        now.to_utc(),
        until.to_utc(),
    )
    .fetch_optional(db.pool())
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let deed: Deed =
        Deed::from_word(&row.what).ok_or_else(|| corrupt("incident_saying", "what", &row.id.to_string(), &row.what))?;
    Ok(Some(Claimed { id: row.id, incident: IncidentId(row.incident), deed, body: row.body, tries: row.attempts }))
}

/// It is done, or given up.
pub(crate) async fn done(db: &Db, id: i64, now: Time, error: Option<&str>) -> Result<(), Error> {
    sqlx::query!(
        "update incident_saying
         set done_at = $2,
             next_at = null,
             lease_until = null,
             error = $3
         where id = $1",
        id,
        now.to_utc(),
        error,
    )
    .execute(db.pool())
    .await?;
    Ok(())
}

/// It is tried again.
pub(crate) async fn later(db: &Db, id: i64, next_at: Time, error: &str) -> Result<(), Error> {
    sqlx::query!(
        "update incident_saying
         set next_at = $2,
             lease_until = null,
             error = $3
         where id = $1",
        id,
        next_at.to_utc(),
        error,
    )
    .execute(db.pool())
    .await?;
    Ok(())
}

/// Forgets what was done before a moment.
pub(crate) async fn purge(db: &Db, before: Time) -> Result<(), Error> {
    sqlx::query!("delete from incident_saying where done_at < $1", before.to_utc()).execute(db.pool()).await?;
    Ok(())
}

/// The incident that has this channel.
pub(crate) async fn incident_of(db: &Db, channel: &str) -> Result<Option<IncidentId>, Error> {
    let id: Option<i64> = sqlx::query_scalar!(
        "select id
         from incident
         where room ->> 'channel' = $1
         order by id desc
         limit 1",
        channel,
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(id.map(IncidentId))
}

/// Channels that were not looked at for marks since `due`, of incidents that go on or ended a day ago at most: they are looked at now.
pub(crate) async fn claim_channels(db: &Db, now: Time, due: Time, limit: i64) -> Result<Vec<(IncidentId, String)>, Error> {
    let rows = sqlx::query!(
        r#"update incident
         set room_looked_at = $1
         where id in (select id
                      from incident
                      where room is not null
                        and (room_looked_at is null or room_looked_at <= $2)
                        and (status in ('declared', 'acknowledged', 'identified', 'mitigated')
                             or resolved_at > $1::timestamptz - interval '1 day')
                      order by room_looked_at nulls first, id
                      limit $3
                      for update skip locked)
         returning
           id,
           room ->> 'channel' as "channel?""#,
        now.to_utc(),
        due.to_utc(),
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().filter_map(|row| row.channel.map(|channel| (IncidentId(row.id), channel))).collect())
}
