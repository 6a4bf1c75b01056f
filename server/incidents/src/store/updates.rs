//! `incident_update` and `incident_follower`.

use super::corrupt;
use crate::error::Error;
use crate::incident::By;
use crate::updates::Update;
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::ids::{IncidentId, PersonId};
use model::incident::IncidentStatus;
use uuid::Uuid;

struct Row {
    id: i64,
    at: DateTime<Utc>,
    author: String,
    person: Option<Uuid>,
    ja: String,
    en: String,
    code: String,
    status: String,
    next_at: Option<DateTime<Utc>>,
}

fn read(row: Row) -> Result<Update, Error> {
    let status: IncidentStatus = IncidentStatus::from_word(&row.status)
        .ok_or_else(|| corrupt("incident_update", "status", &row.id.to_string(), &row.status))?;
    Ok(Update {
        id: row.id,
        at: Time::from_utc(row.at),
        by: By { name: row.author, person: row.person.map(PersonId) },
        ja: row.ja,
        en: row.en,
        code: row.code,
        status,
        next_at: super::time(row.next_at),
    })
}

/// Writes an update, and says its number.
pub(crate) async fn add(tx: &mut Tx, incident: IncidentId, update: &Update) -> Result<i64, Error> {
    let id: i64 = sqlx::query_scalar!(
        "insert into incident_update (incident, at, author, person, ja, en, code, status, next_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         returning id",
        incident.0,
        update.at.to_utc(),
        update.by.name,
        update.by.person.map(|person| person.0),
        update.ja,
        update.en,
        update.code,
        update.status.as_str(),
        super::utc(update.next_at),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(id)
}

/// Updates of an incident, the newest first.
pub(crate) async fn of(tx: &mut Tx, incident: IncidentId, limit: i64) -> Result<Vec<Update>, Error> {
    newest(tx, incident, None, limit).await
}

/// The last update that was out at `at`.
pub(crate) async fn last_at(tx: &mut Tx, incident: IncidentId, at: Time) -> Result<Option<Update>, Error> {
    Ok(newest(tx, incident, Some(at), 1).await?.pop())
}

async fn newest(tx: &mut Tx, incident: IncidentId, until: Option<Time>, limit: i64) -> Result<Vec<Update>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           at,
           author,
           person,
           ja,
           en,
           code,
           status,
           next_at
         from incident_update
         where incident = $1
           and ($2::timestamptz is null or at <= $2)
         order by at desc, id desc
         limit $3",
        incident.0,
        super::utc(until),
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

/// Who follows an incident.
pub(crate) async fn followers(tx: &mut Tx, incident: IncidentId) -> Result<Vec<PersonId>, Error> {
    let people: Vec<Uuid> =
        sqlx::query_scalar!("select person from incident_follower where incident = $1 order by person", incident.0)
            .fetch_all(&mut **tx)
            .await?;
    Ok(people.into_iter().map(PersonId).collect())
}

/// `false` when they follow it already.
pub(crate) async fn follow(tx: &mut Tx, incident: IncidentId, person: PersonId) -> Result<bool, Error> {
    let done = sqlx::query!(
        "insert into incident_follower (incident, person) values ($1, $2) on conflict do nothing",
        incident.0,
        person.0,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// `false` when they don't follow it.
pub(crate) async fn unfollow(tx: &mut Tx, incident: IncidentId, person: PersonId) -> Result<bool, Error> {
    let done = sqlx::query!("delete from incident_follower where incident = $1 and person = $2", incident.0, person.0)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}
