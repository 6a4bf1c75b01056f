//! `postmortem_share`.

use super::{locale, time};
use crate::error::Error;
use crate::postmortems::sharing::Share;
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::ids::IncidentId;
use uuid::Uuid;

struct Row {
    id: Uuid,
    incident: i64,
    title: String,
    body: String,
    locale: String,
    made_by: String,
    made_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
}

fn read(row: Row) -> Share {
    Share {
        id: row.id,
        incident: IncidentId(row.incident),
        title: row.title,
        body: row.body,
        locale: locale(&row.locale),
        made_by: row.made_by,
        made_at: Time::from_utc(row.made_at),
        expires_at: Time::from_utc(row.expires_at),
        revoked_at: time(row.revoked_at),
    }
}

/// Writes one.
pub(crate) async fn add(tx: &mut Tx, share: &Share) -> Result<(), Error> {
    sqlx::query!(
        "insert into postmortem_share (id, incident, title, body, locale, made_by, made_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        share.id,
        share.incident.0,
        share.title,
        share.body,
        share.locale.as_str(),
        share.made_by,
        share.made_at.to_utc(),
        share.expires_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// One of them.
pub(crate) async fn one(tx: &mut Tx, id: Uuid) -> Result<Option<Share>, Error> {
    let row: Option<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           incident,
           title,
           body,
           locale,
           made_by,
           made_at,
           expires_at,
           revoked_at
         from postmortem_share
         where id = $1",
        id,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(read))
}

/// Those of an incident, the newest first.
pub(crate) async fn of(tx: &mut Tx, incident: IncidentId, limit: i64) -> Result<Vec<Share>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           incident,
           title,
           body,
           locale,
           made_by,
           made_at,
           expires_at,
           revoked_at
         from postmortem_share
         where incident = $1
         order by made_at desc, id
         limit $2",
        incident.0,
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// Nobody reads by it any more; without an id: by none of the incident. Says how many there were.
pub(crate) async fn revoke(tx: &mut Tx, incident: IncidentId, id: Option<Uuid>, now: Time) -> Result<u64, Error> {
    let done = sqlx::query!(
        "update postmortem_share
         set revoked_at = $3
         where incident = $1
           and ($2::uuid is null or id = $2)
           and revoked_at is null",
        incident.0,
        id,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}
