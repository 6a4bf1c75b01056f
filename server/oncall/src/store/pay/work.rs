//! `oncall_work`, `oncall_work_correction`, `oncall_work_noted` and `oncall_other_overtime`.

use crate::pay::month::{first_day, of_day};
use crate::pay::needs::Answered;
use crate::pay::reckoning::OtherOvertime;
use crate::pay::work::{WorkCorrection, WorkId, WorkRow};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Db, Tx};
use model::Time;
use model::ids::PersonId;
use model::rota::Span;
use std::collections::BTreeMap;
use uuid::Uuid;

struct Row {
    id: Uuid,
    person: Uuid,
    source: String,
    label: String,
    started_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    is_by_hand: bool,
    noted_at: DateTime<Utc>,
}

struct CorrectionRow {
    work: Uuid,
    started_at: DateTime<Utc>,
    ended_at: DateTime<Utc>,
    is_left_out: bool,
    reason: String,
    corrected_by: String,
    corrected_at: DateTime<Utc>,
}

struct OvertimeRow {
    month: NaiveDate,
    person: Uuid,
    minutes: i32,
}

fn read(row: Row) -> WorkRow {
    WorkRow {
        id: WorkId(row.id),
        person: PersonId(row.person),
        source: row.source,
        label: row.label,
        started_at: Time::from_utc(row.started_at),
        ended_at: row.ended_at.map(Time::from_utc),
        is_by_hand: row.is_by_hand,
        noted_at: Time::from_utc(row.noted_at),
        corrections: Vec::new(),
    }
}

/// Until when answers were looked through, if they ever were.
pub(crate) async fn noted_until(db: &Db) -> Result<Option<Time>, sqlx::Error> {
    let until: Option<DateTime<Utc>> =
        sqlx::query_scalar!("select until_at from oncall_work_noted").fetch_optional(db.pool()).await?;
    Ok(until.map(Time::from_utc))
}

/// What goes on, the newest first, each once.
pub(crate) async fn open(db: &Db, limit: i64) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select source
         from oncall_work
         where ended_at is null
         group by source
         order by max(started_at) desc
         limit $1",
        limit,
    )
    .fetch_all(db.pool())
    .await
}

/// Notes until when answers were looked through. Another process may have come further.
pub(crate) async fn noted(tx: &mut Tx, until: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into oncall_work_noted (until_at)
         values ($1)
         on conflict (one) do update
         set until_at = greatest(oncall_work_noted.until_at, excluded.until_at)",
        until.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes an answer, or the end of one that was noted before. An end that stands is not moved: corrections are for people.
pub(crate) async fn note(tx: &mut Tx, answer: &Answered, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into oncall_work (id, person, source, label, started_at, ended_at, is_by_hand, noted_at)
         values ($1, $2, $3, $4, $5, $6, false, $7)
         on conflict (person, source, started_at) do update
         set ended_at = excluded.ended_at
         where oncall_work.ended_at is null
           and excluded.ended_at is not null",
        kernel::ids::new_uuid(),
        answer.person.0,
        answer.source,
        answer.label,
        answer.from.to_utc(),
        answer.until.map(Time::to_utc),
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes what somebody adds by hand.
pub(crate) async fn insert(tx: &mut Tx, row: &WorkRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into oncall_work (id, person, source, label, started_at, ended_at, is_by_hand, noted_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        row.id.0,
        row.person.0,
        row.source,
        row.label,
        row.started_at.to_utc(),
        row.ended_at.map(Time::to_utc),
        row.is_by_hand,
        row.noted_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How much was added by hand for somebody since then.
pub(crate) async fn by_hand_since(tx: &mut Tx, person: PersonId, since: Time) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!"
           from oncall_work
           where person = $1
             and is_by_hand
             and noted_at >= $2"#,
        person.0,
        since.to_utc(),
    )
    .fetch_one(&mut **tx)
    .await
}

/// Writes a correction; it counts from now on.
pub(crate) async fn correct(tx: &mut Tx, work: WorkId, correction: &WorkCorrection) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into oncall_work_correction (work, started_at, ended_at, is_left_out, reason, corrected_by, corrected_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        work.0,
        correction.span.start.to_utc(),
        correction.span.end.to_utc(),
        correction.is_left_out,
        correction.reason,
        correction.by,
        correction.at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Locks a worked time, if it is there.
pub(crate) async fn lock(tx: &mut Tx, id: WorkId) -> Result<Option<WorkRow>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           person,
           source,
           label,
           started_at,
           ended_at,
           is_by_hand,
           noted_at
         from oncall_work
         where id = $1
         for update",
        id.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    let work: Vec<WorkRow> = row.into_iter().map(read).collect();
    Ok(with_corrections(tx, work).await?.pop())
}

/// Everything of which any account has to do with a stretch of time, the oldest first.
pub(crate) async fn within(tx: &mut Tx, within: Span) -> Result<Vec<WorkRow>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           person,
           source,
           label,
           started_at,
           ended_at,
           is_by_hand,
           noted_at
         from oncall_work
         where (started_at < $2 and (ended_at is null or ended_at > $1))
            or exists (
              select 1
              from oncall_work_correction as correction
              where correction.work = oncall_work.id
                and correction.started_at < $2
                and correction.ended_at > $1
            )
         order by started_at, id",
        within.start.to_utc(),
        within.end.to_utc(),
    )
    .fetch_all(&mut **tx)
    .await?;
    with_corrections(tx, rows.into_iter().map(read).collect()).await
}

async fn with_corrections(tx: &mut Tx, mut work: Vec<WorkRow>) -> Result<Vec<WorkRow>, sqlx::Error> {
    let ids: Vec<Uuid> = work.iter().map(|row| row.id.0).collect();
    let rows: Vec<CorrectionRow> = sqlx::query_as!(
        CorrectionRow,
        "select
           work,
           started_at,
           ended_at,
           is_left_out,
           reason,
           corrected_by,
           corrected_at
         from oncall_work_correction
         where work = any($1)
         order by id",
        &ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut by_work: BTreeMap<Uuid, Vec<WorkCorrection>> = BTreeMap::new();
    for row in rows {
        let correction = WorkCorrection {
            span: Span::new(Time::from_utc(row.started_at), Time::from_utc(row.ended_at)),
            is_left_out: row.is_left_out,
            reason: row.reason,
            by: row.corrected_by,
            at: Time::from_utc(row.corrected_at),
        };
        by_work.entry(row.work).or_default().push(correction);
    }
    for row in &mut work {
        row.corrections = by_work.remove(&row.id.0).unwrap_or_default();
    }
    Ok(work)
}

/// Says how much other overtime somebody had in a month.
pub(crate) async fn set_overtime(tx: &mut Tx, overtime: OtherOvertime, by: &str, at: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into oncall_other_overtime (month, person, minutes, changed_by, changed_at)
         values ($1, $2, $3, $4, $5)
         on conflict (month, person) do update
         set minutes = excluded.minutes,
             changed_by = excluded.changed_by,
             changed_at = excluded.changed_at",
        first_day(overtime.month),
        overtime.person.0,
        overtime.minutes,
        by,
        at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Everybody's other overtime of the months that begin on these days or between them.
pub(crate) async fn overtime(tx: &mut Tx, first: NaiveDate, last: NaiveDate) -> Result<Vec<OtherOvertime>, sqlx::Error> {
    let rows: Vec<OvertimeRow> = sqlx::query_as!(
        OvertimeRow,
        "select
           month,
           person,
           minutes
         from oncall_other_overtime
         where month between $1 and $2
         order by month, person",
        first,
        last,
    )
    .fetch_all(&mut **tx)
    .await?;
    let overtime =
        |row: OvertimeRow| OtherOvertime { month: of_day(row.month), person: PersonId(row.person), minutes: row.minutes };
    Ok(rows.into_iter().map(overtime).collect())
}
