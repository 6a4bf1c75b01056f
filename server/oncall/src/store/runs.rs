//! `oncall_run`.

use super::corrupt;
use crate::error::Error;
use crate::policies::Policy;
use crate::policies::course::Place;
use crate::runs::{Answer, Run, RunFilter, RunId, State};
use chrono::{DateTime, Utc};
use kernel::{Db, Tx};
use model::ids::PersonId;
use model::{Severity, Time};
use serde_json::Value;
use uuid::Uuid;

struct Row {
    id: Uuid,
    number: i64,
    story: String,
    policy: String,
    snapshot: Value,
    route: String,
    severity: String,
    alerts: Vec<i64>,
    settled: Vec<i64>,
    words: Value,
    state: String,
    step: i32,
    pass: i32,
    has_reached: bool,
    was_empty: bool,
    next_step_at: Option<DateTime<Utc>>,
    started_at: DateTime<Utc>,
    first_page_at: Option<DateTime<Utc>>,
    acknowledged_at: Option<DateTime<Utc>>,
    acknowledged_by: Option<String>,
    acknowledged_person: Option<Uuid>,
    nobody_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    ended_why: Option<String>,
}

fn read(row: Row) -> Result<Run, Error> {
    let id: String = row.id.to_string();
    let wrong = |column: &'static str, value: &str| corrupt("oncall_run", column, &id, value);
    let snapshot: Result<Policy, serde_json::Error> = serde_json::from_value(row.snapshot);
    let answer: Option<Answer> = match (row.acknowledged_at, row.acknowledged_by) {
        (Some(at), Some(by)) => Some(Answer { at: Time::from_utc(at), by, person: row.acknowledged_person.map(PersonId) }),
        _ => None,
    };
    Ok(Run {
        snapshot: snapshot.map_err(|error| wrong("snapshot", &error.to_string()))?,
        severity: Severity::from_word(&row.severity).ok_or_else(|| wrong("severity", &row.severity))?,
        state: State::from_word(&row.state).ok_or_else(|| wrong("state", &row.state))?,
        id: RunId(row.id),
        number: row.number,
        story: row.story,
        policy: row.policy,
        route: row.route,
        alerts: row.alerts,
        settled: row.settled,
        words: row.words,
        place: Place { pass: row.pass, step: row.step },
        has_reached: row.has_reached,
        was_empty: row.was_empty,
        next_step_at: super::time(row.next_step_at),
        started_at: Time::from_utc(row.started_at),
        first_page_at: super::time(row.first_page_at),
        answer,
        nobody_at: super::time(row.nobody_at),
        ended_at: super::time(row.ended_at),
        ended_why: row.ended_why,
    })
}

/// Runs of a selection, the newest first; only the one of this id, if one is named.
pub(crate) async fn list(db: &Db, filter: &RunFilter, only: Option<RunId>, limit: i64) -> Result<Vec<Run>, Error> {
    let alerts: Option<Vec<i64>> = filter.alert.map(|alert| vec![alert.0]);
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           number,
           story,
           policy,
           snapshot,
           route,
           severity,
           alerts,
           settled,
           words,
           state,
           step,
           pass,
           has_reached,
           was_empty,
           next_step_at,
           started_at,
           first_page_at,
           acknowledged_at,
           acknowledged_by,
           acknowledged_person,
           nobody_at,
           ended_at,
           ended_why
         from oncall_run
         where (not $1 or ended_at is null)
           and (not $2 or (ended_at is null and nobody_at is not null))
           and ($3::bigint[] is null or alerts && $3)
           and ($4::text is null or policy = $4)
           and ($5::uuid is null
                or exists (select 1 from oncall_page where oncall_page.run = oncall_run.id and oncall_page.person = $5))
           and ($6::bigint is null or number < $6)
           and ($7::uuid is null or id = $7)
         order by number desc
         limit $8",
        filter.is_live,
        filter.reached_nobody,
        alerts.as_deref(),
        filter.policy.as_deref(),
        filter.person.map(|person| person.0),
        filter.before,
        only.map(|run| run.0),
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    rows.into_iter().map(read).collect()
}

/// Locks a run and reads it. Who has locked several before takes them in the order of their ids.
pub(crate) async fn lock(tx: &mut Tx, id: RunId) -> Result<Option<Run>, Error> {
    let row: Option<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           number,
           story,
           policy,
           snapshot,
           route,
           severity,
           alerts,
           settled,
           words,
           state,
           step,
           pass,
           has_reached,
           was_empty,
           next_step_at,
           started_at,
           first_page_at,
           acknowledged_at,
           acknowledged_by,
           acknowledged_person,
           nobody_at,
           ended_at,
           ended_why
         from oncall_run
         where id = $1
         for update",
        id.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(read).transpose()
}

/// Locks the run that has waited longest, of those that are due and in nobody's hands.
pub(crate) async fn claim(tx: &mut Tx, now: Time, without: &[Uuid]) -> Result<Option<RunId>, sqlx::Error> {
    let id: Option<Uuid> = sqlx::query_scalar!(
        "select id
         from oncall_run
         where due_at <= $1
           and id <> all($2)
         order by due_at, number
         limit 1
         for update skip locked",
        now.to_utc(),
        without,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(RunId))
}

/// Locks other runs that page this person now, as far as nobody else has them.
pub(crate) async fn company(tx: &mut Tx, person: PersonId, run: RunId, now: Time, limit: i64) -> Result<Vec<RunId>, sqlx::Error> {
    let ids: Vec<Uuid> = sqlx::query_scalar!(
        "select id
         from oncall_run
         where id <> $2
           and due_at <= $3
           and exists (
             select 1
             from oncall_page
             where oncall_page.run = oncall_run.id
               and oncall_page.person = $1
               and oncall_page.due_at <= $3
           )
         order by number
         limit $4
         for update skip locked",
        person.0,
        run.0,
        now.to_utc(),
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids.into_iter().map(RunId).collect())
}

/// Locks the live runs about any of these alerts.
pub(crate) async fn lock_of_alerts(tx: &mut Tx, alerts: &[i64]) -> Result<Vec<RunId>, sqlx::Error> {
    let ids: Vec<Uuid> = sqlx::query_scalar!(
        "select id
         from oncall_run
         where ended_at is null
           and alerts && $1
         order by id
         for update",
        alerts,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids.into_iter().map(RunId).collect())
}

/// Locks the live runs of a story.
pub(crate) async fn lock_of_story(tx: &mut Tx, story: &str) -> Result<Vec<RunId>, sqlx::Error> {
    let ids: Vec<Uuid> = sqlx::query_scalar!(
        "select id
         from oncall_run
         where ended_at is null
           and story = $1
         order by id
         for update",
        story,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids.into_iter().map(RunId).collect())
}

/// Locks the runs that a call is about.
pub(crate) async fn lock_of_call(tx: &mut Tx, key: &str) -> Result<Vec<RunId>, sqlx::Error> {
    let ids: Vec<Uuid> = sqlx::query_scalar!(
        "select id
         from oncall_run
         where id in (select unnest(runs) from oncall_call where key = $1)
         order by id
         for update",
        key,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids.into_iter().map(RunId).collect())
}

/// Writes a new run. `false` when its story has a live one by that policy.
pub(crate) async fn insert(tx: &mut Tx, run: &Run) -> Result<bool, Error> {
    let snapshot: Value = serde_json::to_value(&run.snapshot).map_err(Error::Encode)?;
    let done = sqlx::query!(
        "insert into oncall_run (
           id,
           story,
           policy,
           snapshot,
           route,
           severity,
           alerts,
           settled,
           words,
           state,
           step,
           pass,
           has_reached,
           was_empty,
           next_step_at,
           due_at,
           started_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, false, false, $13, $13, $14)
         on conflict (story, policy) where ended_at is null do nothing",
        run.id.0,
        run.story,
        run.policy,
        snapshot,
        run.route,
        run.severity.code(),
        &run.alerts,
        &run.settled,
        run.words,
        run.state.as_str(),
        run.place.step,
        run.place.pass,
        super::utc(run.next_step_at),
        run.started_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes what may have changed of a locked run. It is due with its next step, or with its first page.
pub(crate) async fn save(tx: &mut Tx, run: &Run) -> Result<(), sqlx::Error> {
    let answer: Option<&Answer> = run.answer.as_ref();
    sqlx::query!(
        "update oncall_run
         set severity = $2,
             alerts = $3,
             settled = $4,
             words = $5,
             state = $6,
             step = $7,
             pass = $8,
             has_reached = $9,
             was_empty = $10,
             next_step_at = $11,
             first_page_at = $12,
             acknowledged_at = $13,
             acknowledged_by = $14,
             acknowledged_person = $15,
             nobody_at = $16,
             ended_at = $17,
             ended_why = $18,
             due_at = case
               when $17::timestamptz is null then least(
                 $11::timestamptz,
                 (select min(oncall_page.due_at) from oncall_page where oncall_page.run = $1)
               )
             end
         where id = $1",
        run.id.0,
        run.severity.code(),
        &run.alerts,
        &run.settled,
        run.words,
        run.state.as_str(),
        run.place.step,
        run.place.pass,
        run.has_reached,
        run.was_empty,
        super::utc(run.next_step_at),
        super::utc(run.first_page_at),
        answer.map(|answer| answer.at.to_utc()),
        answer.map(|answer| answer.by.as_str()),
        answer.and_then(|answer| answer.person).map(|person| person.0),
        super::utc(run.nobody_at),
        super::utc(run.ended_at),
        run.ended_why.as_deref(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// When the longest-waiting run was due; `None` while none is.
pub(crate) async fn oldest_due(db: &Db) -> Result<Option<Time>, sqlx::Error> {
    let at: Option<DateTime<Utc>> = sqlx::query_scalar!(
        "select due_at
         from oncall_run
         where due_at is not null
         order by due_at
         limit 1",
    )
    .fetch_optional(db.pool())
    .await?
    .flatten();
    Ok(super::time(at))
}

/// Removes runs that ended before `before`, with all that belongs to them, at most a thousand.
pub(crate) async fn purge(tx: &mut Tx, before: Time) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from oncall_run
         where id in (
           select id
           from oncall_run
           where ended_at < $1
           order by ended_at
           limit 1000
           for update skip locked
         )",
        before.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}
