//! `oncall_feed`.

use super::corrupt;
use crate::error::Error;
use crate::schedules::definition::ScheduleId;
use crate::schedules::feeds::{FeedId, FeedKind, FeedRow};
use chrono::{DateTime, Utc};
use figures::Locale;
use kernel::Tx;
use model::Time;
use model::ids::PersonId;
use uuid::Uuid;

struct Row {
    id: Uuid,
    kind: String,
    person: Option<Uuid>,
    schedule: Option<Uuid>,
    team: Option<String>,
    key_prefix: String,
    locale: String,
    made_by: Uuid,
    made_at: DateTime<Utc>,
    last_read_at: Option<DateTime<Utc>>,
}

/// Feeds, the oldest first: those of whoever made them, or the one with that key.
pub(crate) async fn list(tx: &mut Tx, made_by: Option<PersonId>, key_hash: Option<&[u8]>) -> Result<Vec<FeedRow>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           kind,
           person,
           schedule,
           team,
           key_prefix,
           locale,
           made_by,
           made_at,
           last_read_at
         from oncall_feed
         where ($1::uuid is null or made_by = $1)
           and ($2::bytea is null or key_hash = $2)
         order by made_at, id",
        made_by.map(|person| person.0),
        key_hash,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

fn read(row: Row) -> Result<FeedRow, Error> {
    let id: String = row.id.to_string();
    let kind: FeedKind = match (row.person, row.schedule, row.team) {
        (Some(person), None, None) => FeedKind::Person(PersonId(person)),
        (None, Some(schedule), None) => FeedKind::Schedule(ScheduleId(schedule)),
        (None, None, Some(team)) => FeedKind::Team(team),
        _ => return Err(corrupt("oncall_feed", "kind", &id, &row.kind)),
    };
    let locale: Option<Locale> = Locale::from_tag(&row.locale);
    Ok(FeedRow {
        id: FeedId(row.id),
        kind,
        key_prefix: row.key_prefix,
        locale: locale.ok_or_else(|| corrupt("oncall_feed", "locale", &id, &row.locale))?,
        made_by: PersonId(row.made_by),
        made_at: Time::from_utc(row.made_at),
        last_read_at: row.last_read_at.map(Time::from_utc),
    })
}

/// Writes a feed.
pub(crate) async fn insert(tx: &mut Tx, row: &FeedRow, key_hash: &[u8]) -> Result<(), sqlx::Error> {
    let (kind, person, schedule, team): (&str, Option<Uuid>, Option<Uuid>, Option<&str>) = match &row.kind {
        FeedKind::Person(person) => ("person", Some(person.0), None, None),
        FeedKind::Schedule(schedule) => ("schedule", None, Some(schedule.0), None),
        FeedKind::Team(team) => ("team", None, None, Some(team.as_str())),
    };
    sqlx::query!(
        "insert into oncall_feed (id, kind, person, schedule, team, key_hash, key_prefix, locale, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        row.id.0,
        kind,
        person,
        schedule,
        team,
        key_hash,
        row.key_prefix,
        row.locale.as_str(),
        row.made_by.0,
        row.made_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives it another key.
pub(crate) async fn set_key(tx: &mut Tx, id: FeedId, key_hash: &[u8], key_prefix: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update oncall_feed
         set key_hash = $2,
             key_prefix = $3
         where id = $1",
        id.0,
        key_hash,
        key_prefix,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes that a calendar fetched it.
pub(crate) async fn note_read(tx: &mut Tx, id: FeedId, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!("update oncall_feed set last_read_at = $2 where id = $1", id.0, now.to_utc()).execute(&mut **tx).await?;
    Ok(())
}

/// Removes it.
pub(crate) async fn remove(tx: &mut Tx, id: FeedId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from oncall_feed where id = $1", id.0).execute(&mut **tx).await?;
    Ok(())
}
