//! `oncall_leave`.

use super::corrupt;
use crate::error::Error;
use crate::schedules::leave::{LeaveId, LeaveRow};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::ids::PersonId;
use model::rota::{Availability, AwayKind, Span};
use uuid::Uuid;

struct Row {
    id: Uuid,
    person: Uuid,
    start_at: DateTime<Utc>,
    end_at: DateTime<Utc>,
    kind: String,
    note: String,
    made_by: String,
    made_at: DateTime<Utc>,
}

/// When people are away within a window, by its beginning; of one person, or of all.
pub(crate) async fn within(tx: &mut Tx, person: Option<PersonId>, window: Span) -> Result<Vec<LeaveRow>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           person,
           start_at,
           end_at,
           kind,
           note,
           made_by,
           made_at
         from oncall_leave
         where ($1::uuid is null or person = $1)
           and end_at > $2
           and start_at < $3
         order by start_at, id",
        person.map(|person| person.0),
        window.start.to_utc(),
        window.end.to_utc(),
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

fn read(row: Row) -> Result<LeaveRow, Error> {
    let kind: AwayKind = match row.kind.as_str() {
        "leave" => AwayKind::Leave,
        "ooo" => AwayKind::OutOfOffice,
        other => return Err(corrupt("oncall_leave", "kind", &row.id.to_string(), other)),
    };
    let away =
        Availability { person: PersonId(row.person), start: Time::from_utc(row.start_at), end: Time::from_utc(row.end_at), kind };
    let (note, made_by, made_at) = (row.note, row.made_by, Time::from_utc(row.made_at));
    Ok(LeaveRow { id: LeaveId(row.id), away, note, made_by, made_at })
}

/// Locks one, if it is there.
pub(crate) async fn lock(tx: &mut Tx, id: LeaveId) -> Result<Option<LeaveRow>, Error> {
    let row: Option<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           person,
           start_at,
           end_at,
           kind,
           note,
           made_by,
           made_at
         from oncall_leave
         where id = $1
         for update",
        id.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(read).transpose()
}

/// Writes one.
pub(crate) async fn insert(tx: &mut Tx, row: &LeaveRow) -> Result<(), sqlx::Error> {
    let kind: &str = match row.away.kind {
        AwayKind::Leave => "leave",
        AwayKind::OutOfOffice => "ooo",
    };
    sqlx::query!(
        "insert into oncall_leave (id, person, start_at, end_at, kind, note, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        row.id.0,
        row.away.person.0,
        row.away.start.to_utc(),
        row.away.end.to_utc(),
        kind,
        row.note,
        row.made_by,
        row.made_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes one.
pub(crate) async fn remove(tx: &mut Tx, id: LeaveId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from oncall_leave where id = $1", id.0).execute(&mut **tx).await?;
    Ok(())
}
