//! `incident`.

use super::corrupt;
use crate::error::Error;
use crate::incident::{By, Incident, Moments, Source};
use crate::list::Filter;
use crate::rooms::Room;
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::ids::{IncidentId, PersonId, TeamId};
use model::incident::IncidentStatus;
use model::incident::roles::Roles;
use model::scheme::Level;
use model::{Severity, Time};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

struct Row {
    id: i64,
    version: i64,
    title: String,
    summary: String,
    team: Option<Uuid>,
    systems: Vec<String>,
    level: Value,
    status: String,
    source: String,
    source_ref: Option<String>,
    is_private: bool,
    insiders: Vec<Uuid>,
    declared_by: String,
    declared_person: Option<Uuid>,
    declared_at: DateTime<Utc>,
    detected_at: Option<DateTime<Utc>>,
    acknowledged_at: Option<DateTime<Utc>>,
    mitigated_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    moments: Value,
    commander: Option<Uuid>,
    communications: Option<Uuid>,
    scribe: Option<Uuid>,
    responders: Vec<Uuid>,
    no_follow_ups: bool,
    merged_into: Option<i64>,
    split_from: Option<i64>,
    room: Option<Value>,
}

fn read(row: Row) -> Result<Incident, Error> {
    let id: String = row.id.to_string();
    let wrong = |column: &'static str, value: &str| corrupt("incident", column, &id, value);
    let level: Level = json(&id, "level", row.level)?;
    let moments: Moments = json(&id, "moments", row.moments)?;
    let room: Option<Room> = row.room.map(|room| json(&id, "room", room)).transpose()?;
    let roles = Roles {
        commander: row.commander.map(PersonId),
        communications: row.communications.map(PersonId),
        scribe: row.scribe.map(PersonId),
        responders: people(row.responders),
    };
    Ok(Incident {
        status: IncidentStatus::from_word(&row.status).ok_or_else(|| wrong("status", &row.status))?,
        source: Source::from_word(&row.source).ok_or_else(|| wrong("source", &row.source))?,
        id: IncidentId(row.id),
        version: row.version,
        title: row.title,
        summary: row.summary,
        team: row.team.map(TeamId),
        systems: row.systems,
        level,
        source_ref: row.source_ref,
        is_private: row.is_private,
        insiders: people(row.insiders),
        declared_by: By { name: row.declared_by, person: row.declared_person.map(PersonId) },
        declared_at: Time::from_utc(row.declared_at),
        detected_at: super::time(row.detected_at),
        acknowledged_at: super::time(row.acknowledged_at),
        mitigated_at: super::time(row.mitigated_at),
        resolved_at: super::time(row.resolved_at),
        closed_at: super::time(row.closed_at),
        moments,
        roles,
        no_follow_ups: row.no_follow_ups,
        merged_into: row.merged_into.map(IncidentId),
        split_from: row.split_from.map(IncidentId),
        room,
    })
}

fn json<T: DeserializeOwned>(row: &str, column: &'static str, value: Value) -> Result<T, Error> {
    serde_json::from_value(value).map_err(|error| corrupt("incident", column, row, &error.to_string()))
}

fn people(ids: Vec<Uuid>) -> Vec<PersonId> {
    ids.into_iter().map(PersonId).collect()
}

fn uuids(people: &[PersonId]) -> Vec<Uuid> {
    people.iter().map(|person| person.0).collect()
}

/// Who looks: private incidents show themselves to those within.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Eyes {
    /// An administrator, or a worker of the house.
    pub(crate) see_all: bool,
    pub(crate) person: Option<PersonId>,
}

impl Eyes {
    /// The house itself.
    pub(crate) const HOUSE: Self = Self { see_all: true, person: None };
}

/// Incidents of a selection, the newest first; only those of these numbers, if any are named.
pub(crate) async fn list(
    tx: &mut Tx,
    eyes: Eyes,
    filter: &Filter,
    only: Option<&[IncidentId]>,
    limit: i64,
) -> Result<Vec<Incident>, Error> {
    let statuses: Vec<String> = filter.statuses();
    let pattern: Option<String> = filter.pattern();
    let only: Option<Vec<i64>> = only.map(|ids| ids.iter().map(|id| id.0).collect());
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           version,
           title,
           summary,
           team,
           systems,
           level,
           status,
           source,
           source_ref,
           is_private,
           insiders,
           declared_by,
           declared_person,
           declared_at,
           detected_at,
           acknowledged_at,
           mitigated_at,
           resolved_at,
           closed_at,
           moments,
           commander,
           communications,
           scribe,
           responders,
           no_follow_ups,
           merged_into,
           split_from,
           room
         from incident
         where ($1 or not is_private or $2 = any(responders || insiders || array[commander, communications, scribe, declared_person]))
           and ($3::bigint[] is null or id = any($3))
           and (cardinality($4::text[]) = 0 or status = any($4))
           and ($5::text is null or severity = $5)
           and ($6::uuid is null or team = $6)
           and ($7::text is null or $7 = any(systems))
           and ($8::uuid is null or $8 = any(responders || array[commander, communications, scribe]))
           and ($9::text is null or title ilike $9 or summary ilike $9 or 'I-' || id::text ilike $9)
           and ($10::timestamptz is null or declared_at >= $10)
           and ($11::timestamptz is null or declared_at < $11)
           and ($12::bigint is null or id < $12)
         order by id desc
         limit $13",
        eyes.see_all,
        eyes.person.map(|person| person.0),
        only.as_deref(),
        &statuses[..],
        filter.severity.map(Severity::code),
        filter.team.map(|team| team.0),
        filter.system.as_deref(),
        filter.person.map(|person| person.0),
        pattern.as_deref(),
        super::utc(filter.from),
        super::utc(filter.until),
        filter.before.map(|id| id.0),
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

/// How many there are of a selection, whatever is shown of it.
pub(crate) async fn count(tx: &mut Tx, eyes: Eyes, filter: &Filter) -> Result<i64, Error> {
    let statuses: Vec<String> = filter.statuses();
    let pattern: Option<String> = filter.pattern();
    let n = sqlx::query_scalar!(
        r#"select count(*) as "n!"
         from incident
         where ($1 or not is_private or $2 = any(responders || insiders || array[commander, communications, scribe, declared_person]))
           and (cardinality($3::text[]) = 0 or status = any($3))
           and ($4::text is null or severity = $4)
           and ($5::uuid is null or team = $5)
           and ($6::text is null or $6 = any(systems))
           and ($7::uuid is null or $7 = any(responders || array[commander, communications, scribe]))
           and ($8::text is null or title ilike $8 or summary ilike $8 or 'I-' || id::text ilike $8)
           and ($9::timestamptz is null or declared_at >= $9)
           and ($10::timestamptz is null or declared_at < $10)"#,
        eyes.see_all,
        eyes.person.map(|person| person.0),
        &statuses[..],
        filter.severity.map(Severity::code),
        filter.team.map(|team| team.0),
        filter.system.as_deref(),
        filter.person.map(|person| person.0),
        pattern.as_deref(),
        super::utc(filter.from),
        super::utc(filter.until),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(n)
}

/// The incident of that number, whoever asks.
pub(crate) async fn one(tx: &mut Tx, id: IncidentId) -> Result<Option<Incident>, Error> {
    Ok(list(tx, Eyes::HOUSE, &Filter::everything(), Some(&[id]), 1).await?.pop())
}

/// Locks an incident and reads it.
pub(crate) async fn lock(tx: &mut Tx, id: IncidentId) -> Result<Option<Incident>, Error> {
    let found: Option<i64> =
        sqlx::query_scalar!("select id from incident where id = $1 for no key update", id.0).fetch_optional(&mut **tx).await?;
    if found.is_none() {
        return Ok(None);
    }
    one(tx, id).await
}

/// The open incident of a source.
pub(crate) async fn open_of_source(tx: &mut Tx, source_ref: &str) -> Result<Option<IncidentId>, Error> {
    let id: Option<i64> = sqlx::query_scalar!(
        "select id
         from incident
         where source_ref = $1
           and status in ('declared', 'acknowledged', 'identified', 'mitigated')",
        source_ref,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(IncidentId))
}

/// Open incidents about one of these systems.
pub(crate) async fn open_about(tx: &mut Tx, systems: &[String]) -> Result<Vec<IncidentId>, Error> {
    let ids: Vec<i64> = sqlx::query_scalar!(
        "select id
         from incident
         where status in ('declared', 'acknowledged', 'identified', 'mitigated')
           and systems && $1
         order by id",
        systems,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids.into_iter().map(IncidentId).collect())
}

/// Writes a new one, whose number is not looked at. `None` when an open one of the same source is there already.
pub(crate) async fn add(tx: &mut Tx, incident: &Incident) -> Result<Option<IncidentId>, Error> {
    let level: Value = serde_json::to_value(&incident.level).map_err(Error::Encode)?;
    let moments: Value = serde_json::to_value(&incident.moments).map_err(Error::Encode)?;
    let insiders: Vec<Uuid> = uuids(&incident.insiders);
    let code: &str = &incident.level.code;
    let id: Option<i64> = sqlx::query_scalar!(
        "insert into incident
           (version, title, summary, team, systems, level, code, severity, status, source, source_ref, is_private, insiders,
            declared_by, declared_person, declared_at, detected_at, moments, responders, no_follow_ups, split_from)
         values (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, '{}', false, $18)
         on conflict (source_ref)
           where source_ref is not null and status in ('declared', 'acknowledged', 'identified', 'mitigated')
           do nothing
         returning id",
        incident.title,
        incident.summary,
        incident.team.map(|team| team.0),
        &incident.systems[..],
        level,
        code,
        incident.severity().code(),
        incident.status.as_str(),
        incident.source.as_str(),
        incident.source_ref.as_deref(),
        incident.is_private,
        &insiders[..],
        incident.declared_by.name,
        incident.declared_by.person.map(|person| person.0),
        incident.declared_at.to_utc(),
        super::utc(incident.detected_at),
        moments,
        incident.split_from.map(|id| id.0),
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(IncidentId))
}

/// Writes what may change, under the lock of its row.
pub(crate) async fn save(tx: &mut Tx, incident: &Incident) -> Result<(), Error> {
    let level: Value = serde_json::to_value(&incident.level).map_err(Error::Encode)?;
    let moments: Value = serde_json::to_value(&incident.moments).map_err(Error::Encode)?;
    let room: Option<Value> = incident.room.as_ref().map(serde_json::to_value).transpose().map_err(Error::Encode)?;
    let (insiders, responders): (Vec<Uuid>, Vec<Uuid>) = (uuids(&incident.insiders), uuids(&incident.roles.responders));
    let code: &str = &incident.level.code;
    sqlx::query!(
        "update incident
         set version = $2,
             title = $3,
             summary = $4,
             team = $5,
             systems = $6,
             level = $7,
             code = $8,
             severity = $9,
             status = $10,
             is_private = $11,
             insiders = $12,
             detected_at = $13,
             acknowledged_at = $14,
             mitigated_at = $15,
             resolved_at = $16,
             closed_at = $17,
             moments = $18,
             commander = $19,
             communications = $20,
             scribe = $21,
             responders = $22,
             no_follow_ups = $23,
             merged_into = $24,
             room = $25,
             source_ref = $26
         where id = $1",
        incident.id.0,
        incident.version,
        incident.title,
        incident.summary,
        incident.team.map(|team| team.0),
        &incident.systems[..],
        level,
        code,
        incident.severity().code(),
        incident.status.as_str(),
        incident.is_private,
        &insiders[..],
        super::utc(incident.detected_at),
        super::utc(incident.acknowledged_at),
        super::utc(incident.mitigated_at),
        super::utc(incident.resolved_at),
        super::utc(incident.closed_at),
        moments,
        incident.roles.commander.map(|person| person.0),
        incident.roles.communications.map(|person| person.0),
        incident.roles.scribe.map(|person| person.0),
        &responders[..],
        incident.no_follow_ups,
        incident.merged_into.map(|id| id.0),
        room,
        incident.source_ref.as_deref(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
