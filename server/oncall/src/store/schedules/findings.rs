//! `oncall_finding`.

use super::{corrupt, decoded};
use crate::error::Error;
use crate::schedules::definition::{ScheduleId, role_of, role_word};
use crate::schedules::readiness::{Finding, FindingId, FindingKind, FindingRow};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::ids::{LayerId, PersonId};
use model::rota::Span;
use serde_json::Value;
use uuid::Uuid;

struct Row {
    id: Uuid,
    schedule: Uuid,
    kind: String,
    role: Option<String>,
    person: Option<Uuid>,
    layer: Option<Uuid>,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
    n: i32,
    total_ms: i64,
    spans: Value,
    found_at: DateTime<Utc>,
}

/// What is wrong, the nearest first, of one schedule or of all.
pub(crate) async fn live(tx: &mut Tx, schedule: Option<ScheduleId>) -> Result<Vec<FindingRow>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           schedule,
           kind,
           role,
           person,
           layer,
           first_at,
           last_at,
           n,
           total_ms,
           spans,
           found_at
         from oncall_finding
         where gone_at is null
           and ($1::uuid is null or schedule = $1)
         order by first_at, key",
        schedule.map(|id| id.0),
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

fn read(row: Row) -> Result<FindingRow, Error> {
    let id: String = row.id.to_string();
    let kind: Option<FindingKind> = FindingKind::from_word(&row.kind);
    let spans: Vec<Span> = decoded("oncall_finding", "spans", &id, &row.spans)?;
    let finding = Finding {
        kind: kind.ok_or_else(|| corrupt("oncall_finding", "kind", &id, &row.kind))?,
        role: row.role.as_deref().map(role_of),
        person: row.person.map(PersonId),
        layer: row.layer.map(LayerId),
        spans,
        first: Time::from_utc(row.first_at),
        last: Time::from_utc(row.last_at),
        n: usize::try_from(row.n).unwrap_or_default(),
        total_ms: row.total_ms,
    };
    Ok(FindingRow { id: FindingId(row.id), schedule: ScheduleId(row.schedule), finding, found_at: Time::from_utc(row.found_at) })
}

/// Writes a finding, or how it stands now.
pub(crate) async fn write(tx: &mut Tx, schedule: ScheduleId, finding: &Finding, now: Time) -> Result<(), Error> {
    let spans: Value = serde_json::to_value(&finding.spans).map_err(Error::Encode)?;
    sqlx::query!(
        "insert into oncall_finding (id, schedule, key, kind, role, person, layer, first_at, last_at, n, total_ms, spans, found_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (schedule, key) where gone_at is null do update
         set first_at = excluded.first_at,
             last_at = excluded.last_at,
             n = excluded.n,
             total_ms = excluded.total_ms,
             spans = excluded.spans",
        kernel::ids::new_uuid(),
        schedule.0,
        finding.key(),
        finding.kind.as_str(),
        finding.role.as_ref().map(role_word),
        finding.person.map(|person| person.0),
        finding.layer.map(|layer| layer.0),
        finding.first.to_utc(),
        finding.last.to_utc(),
        i32::try_from(finding.n).unwrap_or(i32::MAX),
        finding.total_ms,
        spans,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes that it is gone.
pub(crate) async fn end(tx: &mut Tx, id: FindingId, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!("update oncall_finding set gone_at = $2 where id = $1", id.0, now.to_utc()).execute(&mut **tx).await?;
    Ok(())
}

/// Notes that nothing of a schedule is wrong any more: it is gone.
pub(crate) async fn end_all(tx: &mut Tx, schedule: ScheduleId, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update oncall_finding
         set gone_at = $2
         where schedule = $1
           and gone_at is null",
        schedule.0,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
