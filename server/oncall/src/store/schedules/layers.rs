//! `oncall_layer`.

use super::{corrupt, decoded};
use crate::error::Error;
use crate::schedules::definition::{LayerDraft, LayerRow, ScheduleId, role_of, role_word};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::ids::LayerId;
use model::rota::{Layer, Mode};
use serde_json::Value;
use uuid::Uuid;

struct Row {
    id: Uuid,
    schedule: Uuid,
    line: Uuid,
    label: String,
    role: String,
    rank: i32,
    mode: String,
    from_at: Option<DateTime<Utc>>,
    until_at: Option<DateTime<Utc>>,
    effective_from: DateTime<Utc>,
    effective_until: Option<DateTime<Utc>>,
    is_closed: bool,
    rotation: Value,
    restrictions: Value,
}

/// Layers of these schedules that are not over at what each has written down, in the order in which their lines were made: one that is changed keeps its place.
pub(crate) async fn of(tx: &mut Tx, schedules: &[Uuid]) -> Result<Vec<(ScheduleId, LayerRow)>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           layer.id,
           layer.schedule,
           layer.line,
           layer.label,
           layer.role,
           layer.rank,
           layer.mode,
           layer.from_at,
           layer.until_at,
           layer.effective_from,
           layer.effective_until,
           layer.is_closed,
           layer.rotation,
           layer.restrictions
         from oncall_layer as layer
         join oncall_schedule as schedule on schedule.id = layer.schedule
         where layer.schedule = any($1)
           and (layer.effective_until is null
             or (layer.effective_until > schedule.final_until and layer.effective_until > layer.effective_from))
         order by layer.schedule, layer.line, layer.made_at, layer.id",
        schedules,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

fn read(row: Row) -> Result<(ScheduleId, LayerRow), Error> {
    let id: String = row.id.to_string();
    let mode: Mode = match row.mode.as_str() {
        "cut" => Mode::Cut,
        "add" => Mode::Add,
        other => return Err(corrupt("oncall_layer", "mode", &id, other)),
    };
    let layer = Layer {
        id: LayerId(row.id),
        role: role_of(&row.role),
        rank: row.rank,
        mode,
        effective_from: Time::from_utc(row.effective_from),
        effective_until: row.effective_until.map(Time::from_utc),
        rotation: decoded("oncall_layer", "rotation", &id, &row.rotation)?,
        restrictions: decoded("oncall_layer", "restrictions", &id, &row.restrictions)?,
    };
    let kept = LayerRow {
        layer,
        name: row.label,
        line: row.line,
        from: row.from_at.map(Time::from_utc),
        until: row.until_at.map(Time::from_utc),
        is_closed: row.is_closed,
    };
    Ok((ScheduleId(row.schedule), kept))
}

/// Writes a layer, for ever.
pub(crate) async fn insert(tx: &mut Tx, schedule: ScheduleId, row: &LayerRow, made_by: &str, now: Time) -> Result<(), Error> {
    let draft: LayerDraft = row.draft();
    let rotation: Value = serde_json::to_value(&draft.rotation).map_err(Error::Encode)?;
    let restrictions: Value = serde_json::to_value(&draft.restrictions).map_err(Error::Encode)?;
    let mode: &str = match draft.mode {
        Mode::Cut => "cut",
        Mode::Add => "add",
    };
    sqlx::query!(
        "insert into oncall_layer (id, schedule, line, label, role, rank, mode, from_at, until_at, effective_from, effective_until,
           is_closed, rotation, restrictions, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        row.layer.id.0,
        schedule.0,
        row.line,
        row.name,
        role_word(&draft.role),
        draft.rank,
        mode,
        draft.from.map(Time::to_utc),
        draft.until.map(Time::to_utc),
        row.layer.effective_from.to_utc(),
        row.layer.effective_until.map(Time::to_utc),
        row.is_closed,
        rotation,
        restrictions,
        made_by,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends a layer. What it was until then stays.
pub(crate) async fn close(tx: &mut Tx, layer: LayerId, until: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update oncall_layer
         set effective_until = $2,
             is_closed = true
         where id = $1",
        layer.0,
        until.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends every layer of a schedule that would run on.
pub(crate) async fn close_all(tx: &mut Tx, schedule: ScheduleId, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update oncall_layer
         set effective_until = greatest($2, effective_from),
             is_closed = true
         where schedule = $1
           and (effective_until is null or effective_until > $2)",
        schedule.0,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
