//! `incident_clock`.

use super::corrupt;
use crate::clocks::ClockRow;
use crate::error::Error;
use crate::follow_ups::FollowUpId;
use chrono::{DateTime, Utc};
use kernel::{Db, Tx};
use model::Time;
use model::clock::{Clock, ClockKind};
use model::ids::{IncidentId, TeamId};
use model::scheme::{Basis, Target};
use uuid::Uuid;

struct Row {
    id: i64,
    incident: i64,
    kind: String,
    follow_up: Option<i64>,
    started_at: DateTime<Utc>,
    length_ms: i64,
    basis: String,
    at_risk_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    met_at: Option<DateTime<Utc>>,
    warned_at: Option<DateTime<Utc>>,
    breached_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    calendar_mark: String,
}

fn read(row: Row) -> Result<ClockRow, Error> {
    let id: String = row.id.to_string();
    let wrong = |column: &'static str, value: &str| corrupt("incident_clock", column, &id, value);
    let basis: Basis = Basis::from_word(&row.basis).ok_or_else(|| wrong("basis", &row.basis))?;
    let clock = Clock {
        kind: ClockKind::from_word(&row.kind).ok_or_else(|| wrong("kind", &row.kind))?,
        started_at: Time::from_utc(row.started_at),
        target: Target { length_ms: row.length_ms, basis },
        at_risk_at: Time::from_utc(row.at_risk_at),
        due_at: Time::from_utc(row.due_at),
        met_at: super::time(row.met_at),
        warned_at: super::time(row.warned_at),
        breached_at: super::time(row.breached_at),
    };
    Ok(ClockRow {
        id: row.id,
        incident: IncidentId(row.incident),
        clock,
        follow_up: row.follow_up.map(FollowUpId),
        ended_at: super::time(row.ended_at),
        calendar_mark: row.calendar_mark,
    })
}

/// Every clock of an incident, in the order in which they began.
pub(crate) async fn of(tx: &mut Tx, incident: IncidentId) -> Result<Vec<ClockRow>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           incident,
           kind,
           follow_up,
           started_at,
           length_ms,
           basis,
           at_risk_at,
           due_at,
           met_at,
           warned_at,
           breached_at,
           ended_at,
           calendar_mark
         from incident_clock
         where incident = $1
         order by started_at, id",
        incident.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

/// Writes a new one.
pub(crate) async fn add(
    tx: &mut Tx,
    incident: IncidentId,
    follow_up: Option<FollowUpId>,
    clock: &Clock,
    mark: &str,
) -> Result<(), Error> {
    sqlx::query!(
        "insert into incident_clock
           (incident, kind, follow_up, started_at, length_ms, basis, at_risk_at, due_at, wakes_at, calendar_mark)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        incident.0,
        clock.kind.as_str(),
        follow_up.map(|id| id.0),
        clock.started_at.to_utc(),
        clock.target.length_ms,
        clock.target.basis.as_str(),
        clock.at_risk_at.to_utc(),
        clock.due_at.to_utc(),
        super::utc(clock.wakes_at()),
        mark,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes what became of one.
pub(crate) async fn save(tx: &mut Tx, row: &ClockRow) -> Result<(), Error> {
    let clock: &Clock = &row.clock;
    let wakes_at: Option<Time> = if row.ended_at.is_some() { None } else { clock.wakes_at() };
    sqlx::query!(
        "update incident_clock
         set incident = $2,
             length_ms = $3,
             basis = $4,
             at_risk_at = $5,
             due_at = $6,
             met_at = $7,
             warned_at = $8,
             breached_at = $9,
             ended_at = $10,
             wakes_at = $11,
             calendar_mark = $12
         where id = $1",
        row.id,
        row.incident.0,
        clock.target.length_ms,
        clock.target.basis.as_str(),
        clock.at_risk_at.to_utc(),
        clock.due_at.to_utc(),
        super::utc(clock.met_at),
        super::utc(clock.warned_at),
        super::utc(clock.breached_at),
        super::utc(row.ended_at),
        super::utc(wakes_at),
        row.calendar_mark,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Incidents with a clock that must be looked at, the longest due first.
pub(crate) async fn due(db: &Db, now: Time, limit: i64) -> Result<Vec<IncidentId>, Error> {
    let ids: Vec<i64> = sqlx::query_scalar!(
        "select incident
         from incident_clock
         where wakes_at <= $1
         group by incident
         order by min(wakes_at)
         limit $2",
        now.to_utc(),
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    Ok(ids.into_iter().map(IncidentId).collect())
}

/// Since when the longest-waiting clock is due; `None` when none waits.
pub(crate) async fn oldest_due(db: &Db) -> Result<Option<Time>, Error> {
    let at: Option<DateTime<Utc>> =
        sqlx::query_scalar!(r#"select min(wakes_at) as "at?" from incident_clock where wakes_at is not null"#)
            .fetch_one(db.pool())
            .await?;
    Ok(super::time(at))
}

/// By which calendars clocks in business time run, by team.
pub(crate) async fn calendars(db: &Db) -> Result<Vec<(Option<TeamId>, String)>, Error> {
    let rows = sqlx::query!(
        "select distinct
           incident.team,
           incident_clock.calendar_mark
         from incident_clock
         join incident on incident.id = incident_clock.incident
         where incident_clock.met_at is null
           and incident_clock.ended_at is null
           and incident_clock.basis = 'business'",
    )
    .fetch_all(db.pool())
    .await?;
    let pair = |team: Option<Uuid>, mark: String| (team.map(TeamId), mark);
    Ok(rows.into_iter().map(|row| pair(row.team, row.calendar_mark)).collect())
}

/// Incidents of a team with a clock in business time by another calendar than that of `mark`.
pub(crate) async fn by_other_calendars(db: &Db, team: Option<TeamId>, mark: &str) -> Result<Vec<IncidentId>, Error> {
    let ids: Vec<i64> = sqlx::query_scalar!(
        "select distinct incident_clock.incident
         from incident_clock
         join incident on incident.id = incident_clock.incident
         where incident_clock.met_at is null
           and incident_clock.ended_at is null
           and incident_clock.basis = 'business'
           and incident_clock.calendar_mark <> $2
           and incident.team is not distinct from $1
         order by incident_clock.incident",
        team.map(|team| team.0),
        mark,
    )
    .fetch_all(db.pool())
    .await?;
    Ok(ids.into_iter().map(IncidentId).collect())
}
