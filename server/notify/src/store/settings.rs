//! `channel` and `channel_version`.

use super::corrupt;
use crate::error::Error;
use crate::saved::{ChannelRow, ChannelVersion, Saved};
use chrono::{DateTime, Utc};
use figures::Locale;
use kernel::{Db, Tx};
use model::Time;
use serde_json::{Map, Value};
use sqlx::PgConnection;

struct Row {
    name: String,
    kind: String,
    version: i64,
    settings: Value,
    sealed: Vec<u8>,
    secrets: Vec<String>,
    enabled: bool,
    last_resort: bool,
    locale: String,
    zone: String,
    changed_by: String,
    changed_at: DateTime<Utc>,
}

fn object(table: &'static str, name: &str, settings: Value) -> Result<Map<String, Value>, Error> {
    match settings {
        Value::Object(object) => Ok(object),
        other => Err(corrupt(table, "settings", name, &other.to_string())),
    }
}

fn saved(row: Row) -> Result<Saved, Error> {
    let locale: Locale = Locale::from_tag(&row.locale).ok_or_else(|| corrupt("channel", "locale", &row.name, &row.locale))?;
    let settings: Map<String, Value> = object("channel", &row.name, row.settings)?;
    let shown = ChannelRow {
        name: row.name,
        kind: row.kind,
        version: row.version,
        settings,
        secrets: row.secrets,
        enabled: row.enabled,
        last_resort: row.last_resort,
        locale,
        zone: row.zone,
        changed_by: row.changed_by,
        changed_at: Time::from_utc(row.changed_at),
    };
    Ok(Saved { row: shown, sealed: row.sealed })
}

/// Every channel by name, or the one of that name.
pub(crate) async fn list(db: &Db, name: Option<&str>) -> Result<Vec<Saved>, Error> {
    let mut connection = db.pool().acquire().await?;
    read(&mut connection, name).await
}

/// Locks the channel of that name, if there is one.
pub(crate) async fn lock(tx: &mut Tx, name: &str) -> Result<Option<Saved>, Error> {
    sqlx::query!("select name from channel where name = $1 for update", name).fetch_optional(&mut **tx).await?;
    // Whoever held it has committed: this statement sees what they left.
    Ok(read(tx, Some(name)).await?.pop())
}

async fn read(connection: &mut PgConnection, name: Option<&str>) -> Result<Vec<Saved>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           name,
           kind,
           version,
           settings,
           sealed,
           secrets,
           enabled,
           last_resort,
           locale,
           zone,
           changed_by,
           changed_at
         from channel
         where $1::text is null
            or name = $1
         order by name",
        name,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(saved).collect()
}

/// How many channels there are.
pub(crate) async fn count(tx: &mut Tx) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"select count(*) as "n!" from channel"#).fetch_one(&mut **tx).await
}

/// The newest version that ever went by this name, also by a channel that was removed; 0 when there is none.
pub(crate) async fn newest_version(tx: &mut Tx, name: &str) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"select coalesce(max(version), 0) as "version!" from channel_version where name = $1"#, name)
        .fetch_one(&mut **tx)
        .await
}

/// Writes a channel over the one of its name, or for the first time.
pub(crate) async fn write(tx: &mut Tx, saved: &Saved) -> Result<(), sqlx::Error> {
    let row: &ChannelRow = &saved.row;
    if row.last_resort {
        sqlx::query!("update channel set last_resort = false where last_resort and name <> $1", row.name)
            .execute(&mut **tx)
            .await?;
    }
    sqlx::query!(
        "insert into channel (
           name,
           kind,
           version,
           settings,
           sealed,
           secrets,
           enabled,
           last_resort,
           locale,
           zone,
           changed_by,
           changed_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict (name) do update
         set version = excluded.version,
             settings = excluded.settings,
             sealed = excluded.sealed,
             secrets = excluded.secrets,
             enabled = excluded.enabled,
             last_resort = excluded.last_resort,
             locale = excluded.locale,
             zone = excluded.zone,
             changed_by = excluded.changed_by,
             changed_at = excluded.changed_at",
        row.name,
        row.kind,
        row.version,
        Value::Object(row.settings.clone()),
        saved.sealed,
        &row.secrets,
        row.enabled,
        row.last_resort,
        row.locale.as_str(),
        row.zone,
        row.changed_by,
        row.changed_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes a version of a channel. Two that make the same one at once collide here, and the second is told that it came too late.
/// Returns whether it was written.
pub(crate) async fn note_version(tx: &mut Tx, row: &ChannelRow, replaced: &[String], removed: bool) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into channel_version (
           name,
           version,
           kind,
           settings,
           secrets,
           replaced,
           enabled,
           last_resort,
           removed,
           changed_by,
           changed_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (name, version) do nothing",
        row.name,
        row.version,
        row.kind,
        Value::Object(row.settings.clone()),
        &row.secrets,
        replaced,
        row.enabled,
        row.last_resort,
        removed,
        row.changed_by,
        row.changed_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes a channel.
pub(crate) async fn delete(tx: &mut Tx, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from channel where name = $1", name).execute(&mut **tx).await?;
    Ok(())
}

/// The versions of a name, the newest first, at most `limit`.
pub(crate) async fn versions(db: &Db, name: &str, limit: i64) -> Result<Vec<ChannelVersion>, Error> {
    let rows = sqlx::query!(
        "select
           version,
           settings,
           secrets,
           replaced,
           enabled,
           last_resort,
           removed,
           changed_by,
           changed_at
         from channel_version
         where name = $1
         order by version desc
         limit $2",
        name,
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    let mut versions: Vec<ChannelVersion> = Vec::with_capacity(rows.len());
    for row in rows {
        versions.push(ChannelVersion {
            version: row.version,
            settings: object("channel_version", name, row.settings)?,
            secrets: row.secrets,
            replaced: row.replaced,
            enabled: row.enabled,
            last_resort: row.last_resort,
            removed: row.removed,
            changed_by: row.changed_by,
            changed_at: Time::from_utc(row.changed_at),
        });
    }
    Ok(versions)
}

/// The channel for what no other could deliver.
pub(crate) async fn last_resort(tx: &mut Tx) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!("select name from channel where last_resort and enabled").fetch_optional(&mut **tx).await
}
