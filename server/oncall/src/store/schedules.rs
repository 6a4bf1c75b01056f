//! `oncall_schedule`. The lock of a row is taken before anything of that schedule is changed, and several in the order of their ids.

pub(crate) mod calendars;
pub(crate) mod facts;
pub(crate) mod feeds;
pub(crate) mod findings;
pub(crate) mod layers;
pub(crate) mod leave;
pub(crate) mod overrides;
pub(crate) mod people;
pub(crate) mod sources;
pub(crate) mod swaps;

use super::corrupt;
use crate::error::Error;
use crate::schedules::definition::{Definition, LayerRow, ScheduleId, ScheduleRow};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

/// Any number that no other advisory lock of the product uses: "schedule" in ASCII.
const LOCK: i64 = 0x73_63_68_65_64_75_6c_65;

struct Row {
    id: Uuid,
    name: String,
    title_ja: String,
    title_en: String,
    owner: Option<String>,
    zone: String,
    calendar: String,
    required: Value,
    most_hours: i32,
    version: i64,
    revision: i64,
    revised_at: DateTime<Utc>,
    is_from_file: bool,
    changed_by: String,
    changed_at: DateTime<Utc>,
    final_until: DateTime<Utc>,
}

impl Row {
    fn read(self, layers: Vec<LayerRow>) -> Result<ScheduleRow, Error> {
        let id: String = self.id.to_string();
        let definition = Definition {
            name: self.name,
            title_ja: self.title_ja,
            title_en: self.title_en,
            owner: self.owner,
            zone: self.zone,
            calendar: self.calendar,
            required: decoded("oncall_schedule", "required", &id, &self.required)?,
            most_hours: u32::try_from(self.most_hours).unwrap_or_default(),
            layers: layers.iter().filter(|row| !row.is_closed).map(LayerRow::draft).collect(),
        };
        Ok(ScheduleRow {
            id: ScheduleId(self.id),
            definition,
            layers,
            version: self.version,
            revision: self.revision,
            revised_at: Time::from_utc(self.revised_at),
            is_from_file: self.is_from_file,
            changed_by: self.changed_by,
            changed_at: Time::from_utc(self.changed_at),
            final_until: Time::from_utc(self.final_until),
        })
    }
}

/// What a column of JSON holds.
pub(super) fn decoded<T: DeserializeOwned>(
    table: &'static str,
    column: &'static str,
    row: &str,
    value: &Value,
) -> Result<T, Error> {
    serde_json::from_value(value.clone()).map_err(|error| corrupt(table, column, row, &error.to_string()))
}

/// Which schedules are asked for; those that were removed never are.
#[derive(Clone, Copy, Default)]
pub(crate) struct Selection<'a> {
    pub(crate) id: Option<ScheduleId>,
    pub(crate) name: Option<&'a str>,
    pub(crate) calendar: Option<&'a str>,
}

/// Lets one change of names at a time.
pub(crate) async fn lock_names(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock($1)", LOCK).execute(&mut **tx).await?;
    Ok(())
}

/// Schedules by name, each with its layers that are not over at what it has written down.
pub(crate) async fn list(tx: &mut Tx, selection: Selection<'_>) -> Result<Vec<ScheduleRow>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           name,
           title_ja,
           title_en,
           owner,
           zone,
           calendar,
           required,
           most_hours,
           version,
           revision,
           revised_at,
           is_from_file,
           changed_by,
           changed_at,
           final_until
         from oncall_schedule
         where removed_at is null
           and ($1::uuid is null or id = $1)
           and ($2::text is null or name = $2)
           and ($3::text is null or calendar = $3)
         order by name",
        selection.id.map(|id| id.0),
        selection.name,
        selection.calendar,
    )
    .fetch_all(&mut **tx)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut layers: Vec<(ScheduleId, LayerRow)> = layers::of(tx, &ids).await?;
    let mut read: Vec<ScheduleRow> = Vec::with_capacity(rows.len());
    for row in rows {
        type Owned = Vec<(ScheduleId, LayerRow)>;
        let (own, others): (Owned, Owned) = layers.into_iter().partition(|(schedule, _)| schedule.0 == row.id);
        layers = others;
        read.push(row.read(own.into_iter().map(|(_, layer)| layer).collect())?);
    }
    Ok(read)
}

/// Locks a schedule, if it is there.
pub(crate) async fn lock(tx: &mut Tx, id: ScheduleId) -> Result<bool, sqlx::Error> {
    let found: Option<Uuid> = sqlx::query_scalar!(
        "select id
         from oncall_schedule
         where id = $1
           and removed_at is null
         for update",
        id.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(found.is_some())
}

/// Locks one whose history has more to write down, unless somebody has it.
pub(crate) async fn claim_to_settle(tx: &mut Tx, now: Time) -> Result<Option<ScheduleId>, sqlx::Error> {
    let id: Option<Uuid> = sqlx::query_scalar!(
        "select id
         from oncall_schedule
         where removed_at is null
           and settle_at <= $1
         order by settle_at
         limit 1
         for update skip locked",
        now.to_utc(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(ScheduleId))
}

/// Locks one that is to be looked at for what is wrong, unless somebody has it.
pub(crate) async fn claim_to_check(tx: &mut Tx, now: Time) -> Result<Option<ScheduleId>, sqlx::Error> {
    let id: Option<Uuid> = sqlx::query_scalar!(
        "select id
         from oncall_schedule
         where removed_at is null
           and check_at <= $1
         order by check_at
         limit 1
         for update skip locked",
        now.to_utc(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(ScheduleId))
}

/// Writes a new schedule. `false` when its name is taken.
pub(crate) async fn insert(tx: &mut Tx, row: &ScheduleRow, now: Time) -> Result<bool, Error> {
    let definition: &Definition = &row.definition;
    let required: Value = serde_json::to_value(&definition.required).map_err(Error::Encode)?;
    let done = sqlx::query!(
        "insert into oncall_schedule (id, name, title_ja, title_en, owner, zone, calendar, required, most_hours, version, revision,
           revised_at, is_from_file, changed_by, changed_at, made_at, final_until, settle_at, check_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $12, $12, $15, $12, $12)
         on conflict (name) where removed_at is null do nothing",
        row.id.0,
        definition.name,
        definition.title_ja,
        definition.title_en,
        definition.owner,
        definition.zone,
        definition.calendar,
        required,
        i32::try_from(definition.most_hours).unwrap_or(i32::MAX),
        row.version,
        row.revision,
        now.to_utc(),
        row.is_from_file,
        row.changed_by,
        row.final_until.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes what people changed: everything but layers, and the name never.
pub(crate) async fn write(tx: &mut Tx, id: ScheduleId, row: &ScheduleRow) -> Result<(), Error> {
    let definition: &Definition = &row.definition;
    let required: Value = serde_json::to_value(&definition.required).map_err(Error::Encode)?;
    sqlx::query!(
        "update oncall_schedule
         set title_ja = $2,
             title_en = $3,
             owner = $4,
             zone = $5,
             calendar = $6,
             required = $7,
             most_hours = $8,
             version = $9,
             is_from_file = $10,
             changed_by = $11,
             changed_at = $12
         where id = $1",
        id.0,
        definition.title_ja,
        definition.title_en,
        definition.owner,
        definition.zone,
        definition.calendar,
        required,
        i32::try_from(definition.most_hours).unwrap_or(i32::MAX),
        row.version,
        row.is_from_file,
        row.changed_by,
        row.changed_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes that somebody else may be on call than before: there is more to write down soon.
pub(crate) async fn revise(tx: &mut Tx, id: ScheduleId, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update oncall_schedule
         set revision = revision + 1,
             revised_at = $2,
             settle_at = $2
         where id = $1",
        id.0,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes how far the past is written down, and when there will be more of it.
pub(crate) async fn note_settled(tx: &mut Tx, id: ScheduleId, until: Time, next: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update oncall_schedule
         set final_until = $2,
             settle_at = $3
         where id = $1",
        id.0,
        until.to_utc(),
        next.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes when it is looked at next.
pub(crate) async fn note_checked(tx: &mut Tx, id: ScheduleId, next: Time) -> Result<(), sqlx::Error> {
    sqlx::query!("update oncall_schedule set check_at = $2 where id = $1", id.0, next.to_utc()).execute(&mut **tx).await?;
    Ok(())
}

/// Leaves a schedule alone for a while.
pub(crate) async fn postpone(tx: &mut Tx, id: ScheduleId, until: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update oncall_schedule
         set settle_at = greatest(settle_at, $2),
             check_at = greatest(check_at, $2)
         where id = $1",
        id.0,
        until.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Every schedule is to be looked at: something about a person has changed.
pub(crate) async fn check_all(tx: &mut Tx, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update oncall_schedule
         set check_at = $1
         where removed_at is null
           and check_at > $1",
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes a schedule away. Its name is free again.
pub(crate) async fn remove(tx: &mut Tx, id: ScheduleId, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!("update oncall_schedule set removed_at = $2 where id = $1", id.0, now.to_utc()).execute(&mut **tx).await?;
    Ok(())
}
