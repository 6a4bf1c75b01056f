//! `oncall_override`.

use super::corrupt;
use crate::error::Error;
use crate::schedules::definition::{ScheduleId, role_of, role_word};
use crate::schedules::incoming::SourceId;
use crate::schedules::overrides::OverrideRow;
use crate::schedules::swaps::SwapId;
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::ids::{OverrideId, PersonId};
use model::rota::{Override, OverrideSource, Span};
use uuid::Uuid;

struct Row {
    id: Uuid,
    schedule: Uuid,
    role: String,
    start_at: DateTime<Utc>,
    end_at: DateTime<Utc>,
    from_person: Option<Uuid>,
    to_person: Option<Uuid>,
    reason: String,
    origin: String,
    swap: Option<Uuid>,
    source: Option<Uuid>,
    uid: Option<String>,
    sequence: Option<i64>,
    created_at: DateTime<Utc>,
    made_by: String,
    made_by_person: Option<Uuid>,
    ended_at: Option<DateTime<Utc>>,
    ended_by: Option<String>,
}

/// Which overrides are asked for. What was taken back before it began never is.
#[derive(Clone, Copy, Default)]
pub(crate) struct Selection {
    pub(crate) id: Option<OverrideId>,
    pub(crate) schedule: Option<ScheduleId>,
    pub(crate) swap: Option<SwapId>,
    pub(crate) source: Option<SourceId>,
    /// Those in force at some moment of it.
    pub(crate) within: Option<Span>,
    /// Only those that nobody has taken back.
    pub(crate) only_live: bool,
}

/// Overrides by their beginning.
pub(crate) async fn list(tx: &mut Tx, selection: Selection) -> Result<Vec<OverrideRow>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           schedule,
           role,
           start_at,
           end_at,
           from_person,
           to_person,
           reason,
           origin,
           swap,
           source,
           uid,
           sequence,
           created_at,
           made_by,
           made_by_person,
           ended_at,
           ended_by
         from oncall_override
         where ($1::uuid is null or id = $1)
           and ($2::uuid is null or schedule = $2)
           and ($3::uuid is null or swap = $3)
           and ($4::uuid is null or source = $4)
           and ($5::timestamptz is null or (end_at > $5 and (ended_at is null or ended_at > $5)))
           and ($6::timestamptz is null or start_at < $6)
           and (ended_at is null or (ended_at > start_at and not $7))
         order by start_at, id",
        selection.id.map(|id| id.0),
        selection.schedule.map(|id| id.0),
        selection.swap.map(|id| id.0),
        selection.source.map(|id| id.0),
        selection.within.map(|within| within.start.to_utc()),
        selection.within.map(|within| within.end.to_utc()),
        selection.only_live,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

fn read(row: Row) -> Result<OverrideRow, Error> {
    let id: String = row.id.to_string();
    let origin: OverrideSource = match row.origin.as_str() {
        "manual" => OverrideSource::Manual,
        "swap" => OverrideSource::Swap,
        "ical" => OverrideSource::Ical,
        other => return Err(corrupt("oncall_override", "origin", &id, other)),
    };
    let (planned_end, ended_at): (Time, Option<Time>) = (Time::from_utc(row.end_at), row.ended_at.map(Time::from_utc));
    Ok(OverrideRow {
        schedule: ScheduleId(row.schedule),
        change: Override {
            id: OverrideId(row.id),
            role: role_of(&row.role),
            start: Time::from_utc(row.start_at),
            end: ended_at.map_or(planned_end, |ended| ended.min(planned_end)),
            from: row.from_person.map(PersonId),
            to: row.to_person.map(PersonId),
            created_at: Time::from_utc(row.created_at),
            source: origin,
        },
        planned_end,
        reason: row.reason,
        swap: row.swap.map(SwapId),
        source: row.source.map(SourceId),
        uid: row.uid,
        sequence: row.sequence.and_then(|sequence| u32::try_from(sequence).ok()),
        made_by: row.made_by,
        made_by_person: row.made_by_person.map(PersonId),
        ended_at,
        ended_by: row.ended_by,
    })
}

/// Writes an override.
pub(crate) async fn insert(tx: &mut Tx, row: &OverrideRow) -> Result<(), sqlx::Error> {
    let change: &Override = &row.change;
    sqlx::query!(
        "insert into oncall_override (id, schedule, role, start_at, end_at, from_person, to_person, reason, origin, swap, source, uid,
           sequence, created_at, made_by, made_by_person)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        change.id.0,
        row.schedule.0,
        role_word(&change.role),
        change.start.to_utc(),
        change.end.to_utc(),
        change.from.map(|person| person.0),
        change.to.map(|person| person.0),
        row.reason,
        word(change.source),
        row.swap.map(|swap| swap.0),
        row.source.map(|source| source.0),
        row.uid,
        row.sequence.map(i64::from),
        change.created_at.to_utc(),
        row.made_by,
        row.made_by_person.map(|person| person.0),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn word(source: OverrideSource) -> &'static str {
    match source {
        OverrideSource::Manual => "manual",
        OverrideSource::Swap => "swap",
        OverrideSource::Ical => "ical",
    }
}

/// Takes overrides back that are still in force or to come. What of them has been stays. Says how many.
pub(crate) async fn end(tx: &mut Tx, ids: &[OverrideId], by: &str, now: Time) -> Result<u64, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let done = sqlx::query!(
        "update oncall_override
         set ended_at = $2,
             ended_by = $3
         where id = any($1)
           and ended_at is null
           and end_at > $2",
        &ids,
        now.to_utc(),
        by,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}

/// How many of a schedule are in force or to come.
pub(crate) async fn count(tx: &mut Tx, schedule: ScheduleId, now: Time) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!"
         from oncall_override
         where schedule = $1
           and end_at > $2
           and ended_at is null"#,
        schedule.0,
        now.to_utc(),
    )
    .fetch_one(&mut **tx)
    .await
}
