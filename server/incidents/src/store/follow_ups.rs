//! `incident_follow_up`.

use super::corrupt;
use super::incidents::Eyes;
use crate::error::Error;
use crate::follow_ups::{FollowUp, FollowUpId, NewFollowUp};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Tx;
use model::Time;
use model::ids::{IncidentId, PersonId};
use model::incident::steps::FollowUps;
use model::postmortem::ActionKind;
use uuid::Uuid;

struct Row {
    id: i64,
    incident: i64,
    version: i64,
    title: String,
    owner: Option<Uuid>,
    due_on: Option<NaiveDate>,
    url: Option<String>,
    kind: String,
    evidence: Option<String>,
    made_by: String,
    made_at: DateTime<Utc>,
    done_by: Option<String>,
    done_at: Option<DateTime<Utc>>,
}

fn read(row: Row) -> Result<FollowUp, Error> {
    let kind: ActionKind =
        ActionKind::from_word(&row.kind).ok_or_else(|| corrupt("incident_follow_up", "kind", &row.id.to_string(), &row.kind))?;
    Ok(FollowUp {
        id: FollowUpId(row.id),
        incident: IncidentId(row.incident),
        version: row.version,
        title: row.title,
        owner: row.owner.map(PersonId),
        due_on: row.due_on,
        url: row.url,
        kind,
        evidence: row.evidence,
        made_by: row.made_by,
        made_at: Time::from_utc(row.made_at),
        done_by: row.done_by,
        done_at: super::time(row.done_at),
    })
}

/// Follow-ups of an incident, and those that moved on with a part of it.
pub(crate) async fn of(tx: &mut Tx, incident: IncidentId) -> Result<Vec<FollowUp>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           incident,
           version,
           title,
           owner,
           due_on,
           url,
           kind,
           evidence,
           made_by,
           made_at,
           done_by,
           done_at
         from incident_follow_up
         where incident = $1 or origin = $1
         order by id",
        incident.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

/// One that belongs to this incident now.
pub(crate) async fn one(tx: &mut Tx, incident: IncidentId, id: FollowUpId) -> Result<Option<FollowUp>, Error> {
    let all: Vec<FollowUp> = of(tx, incident).await?;
    Ok(all.into_iter().find(|found| found.id == id && found.incident == incident))
}

/// Those of an incident, counted.
pub(crate) async fn counted(tx: &mut Tx, incident: IncidentId) -> Result<FollowUps, Error> {
    let all: Vec<FollowUp> = of(tx, incident).await?;
    let own: Vec<&FollowUp> = all.iter().filter(|found| found.incident == incident).collect();
    let n_of = |is_one: fn(&FollowUp) -> bool| own.iter().filter(|found| is_one(found)).count();
    Ok(FollowUps {
        n: own.len(),
        n_open: n_of(|found| found.done_at.is_none()),
        n_without_owner: n_of(|found| found.owner.is_none()),
        n_without_date: n_of(|found| found.due_on.is_none()),
        last_done_at: own.iter().filter_map(|found| found.done_at).max(),
        none_needed: false,
    })
}

/// Those that are not done, the first due first.
pub(crate) async fn open(tx: &mut Tx, eyes: Eyes, owner: Option<PersonId>, limit: i64) -> Result<Vec<FollowUp>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           incident_follow_up.id,
           incident_follow_up.incident,
           incident_follow_up.version,
           incident_follow_up.title,
           incident_follow_up.owner,
           incident_follow_up.due_on,
           incident_follow_up.url,
           incident_follow_up.kind,
           incident_follow_up.evidence,
           incident_follow_up.made_by,
           incident_follow_up.made_at,
           incident_follow_up.done_by,
           incident_follow_up.done_at
         from incident_follow_up
         join incident on incident.id = incident_follow_up.incident
         where incident_follow_up.done_at is null
           and ($1 or not incident.is_private
                or $2 = any(incident.responders || incident.insiders
                            || array[incident.commander, incident.communications, incident.scribe, incident.declared_person]))
           and ($3::uuid is null or incident_follow_up.owner = $3)
         order by incident_follow_up.due_on nulls last, incident_follow_up.id
         limit $4",
        eyes.see_all,
        eyes.person.map(|person| person.0),
        owner.map(|person| person.0),
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

/// Writes a new one.
pub(crate) async fn add(tx: &mut Tx, incident: IncidentId, new: &NewFollowUp, by: &str, now: Time) -> Result<FollowUpId, Error> {
    let id: i64 = sqlx::query_scalar!(
        "insert into incident_follow_up (incident, origin, version, title, owner, due_on, url, kind, made_by, made_at)
         values ($1, $1, 1, $2, $3, $4, $5, $6, $7, $8)
         returning id",
        incident.0,
        new.title,
        new.owner.map(|person| person.0),
        new.due_on,
        new.url.as_deref(),
        new.kind.unwrap_or(ActionKind::Prevent).as_str(),
        by,
        now.to_utc(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(FollowUpId(id))
}

/// Writes one anew.
pub(crate) async fn change(tx: &mut Tx, id: FollowUpId, new: &NewFollowUp) -> Result<(), Error> {
    sqlx::query!(
        "update incident_follow_up
         set version = version + 1,
             title = $2,
             owner = $3,
             due_on = $4,
             url = $5,
             kind = coalesce($6, kind)
         where id = $1",
        id.0,
        new.title,
        new.owner.map(|person| person.0),
        new.due_on,
        new.url.as_deref(),
        new.kind.map(ActionKind::as_str),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// It is done by somebody, where that can be seen, or not any more.
pub(crate) async fn finish(tx: &mut Tx, id: FollowUpId, done: Option<(&str, Time)>, evidence: Option<&str>) -> Result<(), Error> {
    sqlx::query!(
        "update incident_follow_up
         set version = version + 1,
             done_by = $2,
             done_at = $3,
             evidence = $4
         where id = $1",
        id.0,
        done.map(|(by, _)| by),
        done.map(|(_, at)| at.to_utc()),
        evidence,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
