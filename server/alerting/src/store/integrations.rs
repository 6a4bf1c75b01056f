//! `integration` and `integration_receipt`.

use super::{corrupt, time, utc};
use crate::error::Error;
use crate::inbound::mapped::Mapping;
use crate::inbound::receipts::{KEPT, Receipt};
use crate::inbound::settings::Settings;
use crate::inbound::{Integration, Kind, Taken};
use chrono::{DateTime, Utc};
use kernel::{Db, Tx};
use model::ids::IntegrationId;
use model::{Severity, Time};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

struct Row {
    id: Uuid,
    name: String,
    slug: String,
    kind: String,
    key_hash: Vec<u8>,
    key_prefix: String,
    is_enabled: bool,
    default_severity: String,
    severities: Value,
    labels: Value,
    mapping: Value,
    timeout_ms: Option<i64>,
    received: i64,
    refused: i64,
    last_received_at: Option<DateTime<Utc>>,
    last_refused_at: Option<DateTime<Utc>>,
    made_at: DateTime<Utc>,
    made_by: String,
}

impl Row {
    fn read(self) -> Result<Integration, Error> {
        let id: String = self.id.to_string();
        let wrong = |column: &'static str, value: &str| corrupt("integration", column, &id, value);
        let words: BTreeMap<String, String> = decoded(&id, "severities", &self.severities)?;
        let mut severities: BTreeMap<String, Severity> = BTreeMap::new();
        for (word, code) in words {
            severities.insert(word, Severity::from_word(&code).ok_or_else(|| wrong("severities", &code))?);
        }
        Ok(Integration {
            kind: Kind::from_word(&self.kind).ok_or_else(|| wrong("kind", &self.kind))?,
            default_severity: Severity::from_word(&self.default_severity)
                .ok_or_else(|| wrong("default_severity", &self.default_severity))?,
            labels: decoded(&id, "labels", &self.labels)?,
            mapping: decoded(&id, "mapping", &self.mapping)?,
            id: IntegrationId(self.id),
            name: self.name,
            slug: self.slug,
            key_prefix: self.key_prefix,
            is_enabled: self.is_enabled,
            severities,
            timeout_ms: self.timeout_ms,
            received: self.received,
            refused: self.refused,
            last_received_at: time(self.last_received_at),
            last_refused_at: time(self.last_refused_at),
            made_at: Time::from_utc(self.made_at),
            made_by: self.made_by,
        })
    }
}

fn decoded<T: DeserializeOwned>(id: &str, column: &'static str, value: &Value) -> Result<T, Error> {
    serde_json::from_value(value.clone()).map_err(|_| corrupt("integration", column, id, &value.to_string()))
}

/// Which integrations are asked for.
#[derive(Clone, Copy, Default)]
struct Selection<'a> {
    id: Option<IntegrationId>,
    key_hash: Option<&'a [u8]>,
    /// Also those that were removed.
    ever: bool,
}

/// There are few: a plan that looks at all of them is as good as any.
async fn read(db: &Db, selection: Selection<'_>) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        "select
           id,
           name,
           slug,
           kind,
           key_hash,
           key_prefix,
           is_enabled,
           default_severity,
           severities,
           labels,
           mapping,
           timeout_ms,
           received,
           refused,
           last_received_at,
           last_refused_at,
           made_at,
           made_by
         from integration
         where ($1::uuid is null or id = $1)
           and ($2::bytea is null or key_hash = $2)
           and ($3::boolean or removed_at is null)
         order by lower(name), id",
        selection.id.map(|id| id.0),
        selection.key_hash,
        selection.ever,
    )
    .fetch_all(db.pool())
    .await
}

/// Every integration.
pub(crate) async fn list(db: &Db) -> Result<Vec<Integration>, Error> {
    read(db, Selection::default()).await?.into_iter().map(Row::read).collect()
}

/// One.
pub(crate) async fn one(db: &Db, id: IntegrationId) -> Result<Option<Integration>, Error> {
    let rows: Vec<Row> = read(db, Selection { id: Some(id), ..Selection::default() }).await?;
    rows.into_iter().next().map(Row::read).transpose()
}

/// One, also if it was removed.
pub(crate) async fn one_ever(db: &Db, id: IntegrationId) -> Result<Option<Integration>, Error> {
    let rows: Vec<Row> = read(db, Selection { id: Some(id), ever: true, ..Selection::default() }).await?;
    rows.into_iter().next().map(Row::read).transpose()
}

/// The one with that digest of a key, and the digest as it is stored.
pub(crate) async fn by_key(db: &Db, key_hash: &[u8]) -> Result<Option<(Integration, Vec<u8>)>, Error> {
    let rows: Vec<Row> = read(db, Selection { key_hash: Some(key_hash), ..Selection::default() }).await?;
    let Some(row) = rows.into_iter().next() else {
        return Ok(None);
    };
    let stored: Vec<u8> = row.key_hash.clone();
    Ok(Some((row.read()?, stored)))
}

/// Locks one until the transaction ends. `false` when it was removed or switched off: then nothing of it is taken.
pub(crate) async fn lock(tx: &mut Tx, id: IntegrationId) -> Result<bool, sqlx::Error> {
    let is_enabled: Option<bool> =
        sqlx::query_scalar!("select is_enabled from integration where id = $1 and removed_at is null for no key update", id.0,)
            .fetch_optional(&mut **tx)
            .await?;
    Ok(is_enabled == Some(true))
}

/// Locks one until the transaction ends, whatever became of it. `None` when it was removed, else its slug.
pub(crate) async fn hold(tx: &mut Tx, id: IntegrationId) -> Result<Option<String>, sqlx::Error> {
    let row = sqlx::query!("select slug, removed_at from integration where id = $1 for no key update", id.0)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(row.filter(|row| row.removed_at.is_none()).map(|row| row.slug))
}

/// Slugs in use that begin with `base`.
pub(crate) async fn slugs(tx: &mut Tx, base: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!("select slug from integration where removed_at is null and starts_with(slug, $1)", base)
        .fetch_all(&mut **tx)
        .await
}

/// One that is made.
#[derive(Clone, Copy)]
pub(crate) struct New<'a> {
    pub(crate) id: IntegrationId,
    pub(crate) slug: &'a str,
    pub(crate) kind: Kind,
    pub(crate) key_hash: &'a [u8],
    pub(crate) key_prefix: &'a str,
    pub(crate) settings: &'a Settings,
    pub(crate) made_by: &'a str,
}

/// Adds one.
pub(crate) async fn add(tx: &mut Tx, new: New<'_>, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into integration (
           id, name, slug, kind, key_hash, key_prefix, default_severity, severities, labels, timeout_ms, made_at, made_by
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        new.id.0,
        new.settings.name,
        new.slug,
        new.kind.as_str(),
        new.key_hash,
        new.key_prefix,
        new.settings.default_severity.code(),
        codes(new.settings),
        json!(new.settings.labels),
        new.settings.timeout_ms,
        now.to_utc(),
        new.made_by,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn codes(settings: &Settings) -> Value {
    let codes: BTreeMap<&str, &str> =
        settings.severities.iter().map(|(word, severity)| (word.as_str(), severity.code())).collect();
    json!(codes)
}

/// Changes what people may change. Slug and kind stay: routes and senders rely on them.
pub(crate) async fn change(tx: &mut Tx, id: IntegrationId, settings: &Settings, is_enabled: bool) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update integration
         set
           name = $2,
           default_severity = $3,
           severities = $4,
           labels = $5,
           timeout_ms = $6,
           is_enabled = $7
         where id = $1",
        id.0,
        settings.name,
        settings.default_severity.code(),
        codes(settings),
        json!(settings.labels),
        settings.timeout_ms,
        is_enabled,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives one another key; the one before is worth nothing from now on.
pub(crate) async fn set_key(tx: &mut Tx, id: IntegrationId, key_hash: &[u8], key_prefix: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("update integration set key_hash = $2, key_prefix = $3 where id = $1", id.0, key_hash, key_prefix)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Removes one. Its row stays: alerts keep its name.
pub(crate) async fn remove(tx: &mut Tx, id: IntegrationId, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!("update integration set removed_at = $2, is_enabled = false where id = $1", id.0, now.to_utc())
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from integration_receipt where integration_id = $1", id.0).execute(&mut **tx).await?;
    Ok(())
}

/// The mapping that is tried, and the example that it is tried on.
pub(crate) async fn draft(db: &Db, id: IntegrationId) -> Result<Option<(Mapping, String)>, Error> {
    let row = sqlx::query!("select draft, example from integration where id = $1 and removed_at is null", id.0)
        .fetch_optional(db.pool())
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    Ok(Some((decoded(&id.to_string(), "draft", &row.draft)?, row.example)))
}

/// Keeps what is tried.
pub(crate) async fn set_draft(tx: &mut Tx, id: IntegrationId, draft: &Mapping, example: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("update integration set draft = $2, example = $3 where id = $1", id.0, json!(draft), example)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Puts a mapping in force.
pub(crate) async fn set_mapping(tx: &mut Tx, id: IntegrationId, mapping: &Mapping) -> Result<(), sqlx::Error> {
    sqlx::query!("update integration set mapping = $2 where id = $1", id.0, json!(mapping)).execute(&mut **tx).await?;
    Ok(())
}

/// What is noted of a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Note {
    pub(crate) said: String,
    pub(crate) taken: Taken,
    pub(crate) n_bytes: usize,
    pub(crate) digest: Option<Vec<u8>>,
    pub(crate) payload: Option<String>,
}

/// Counts a request that was taken; of a heartbeat the next one is expected from now on. Whoever calls holds the row of the integration.
pub(crate) async fn received(tx: &mut Tx, id: IntegrationId, noted: &Note, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update integration
         set
           received = received + 1,
           last_received_at = $2::timestamptz,
           silent_at = case when kind = 'heartbeat' then $2::timestamptz + timeout_ms * interval '1 millisecond' end
         where id = $1",
        id.0,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    note(tx, id, noted, true, now).await
}

/// Heartbeats that are silent for too long, for somebody who has listened for `listened_ms`.
pub(crate) async fn silent(db: &Db, now: Time, listened_ms: i64) -> Result<Vec<IntegrationId>, sqlx::Error> {
    let ids: Vec<Uuid> = sqlx::query_scalar!(
        "select id
         from integration
         where kind = 'heartbeat'
           and is_enabled
           and removed_at is null
           and silent_at <= $1
           and timeout_ms <= $2
         order by silent_at",
        now.to_utc(),
        listened_ms,
    )
    .fetch_all(db.pool())
    .await?;
    Ok(ids.into_iter().map(IntegrationId).collect())
}

/// Locks a heartbeat that is silent for too long, and expects it no more until it is heard. Says when the silence was too long; `None` when
/// it was heard meanwhile, or missed already.
pub(crate) async fn take_silence(tx: &mut Tx, id: IntegrationId, now: Time) -> Result<Option<Time>, sqlx::Error> {
    let silent_at: Option<Option<DateTime<Utc>>> = sqlx::query_scalar!(
        "select silent_at
         from integration
         where id = $1
           and is_enabled
           and removed_at is null
           and silent_at <= $2
         for no key update",
        id.0,
        now.to_utc(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(silent_at) = silent_at.flatten() else {
        return Ok(None);
    };
    sqlx::query!("update integration set silent_at = null where id = $1", id.0).execute(&mut **tx).await?;
    Ok(Some(Time::from_utc(silent_at)))
}

/// Expects a heartbeat until then, if it is expected; with `None` no more.
pub(crate) async fn expect(tx: &mut Tx, id: IntegrationId, silent_at: Option<Time>) -> Result<(), sqlx::Error> {
    sqlx::query!("update integration set silent_at = $2 where id = $1 and silent_at is not null", id.0, utc(silent_at))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Counts a request that was refused.
pub(crate) async fn refused(tx: &mut Tx, id: IntegrationId, noted: &Note, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!("update integration set refused = refused + 1, last_refused_at = $2 where id = $1", id.0, now.to_utc())
        .execute(&mut **tx)
        .await?;
    note(tx, id, noted, false, now).await
}

async fn note(tx: &mut Tx, id: IntegrationId, note: &Note, is_taken: bool, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into integration_receipt (
           integration_id, at, is_taken, said, n_fired, n_updated, n_resolved, n_left, n_bytes, digest, payload
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        id.0,
        now.to_utc(),
        is_taken,
        note.said,
        int(note.taken.fired),
        int(note.taken.updated + note.taken.acknowledged),
        int(note.taken.resolved),
        int(note.taken.left),
        int(note.n_bytes),
        note.digest.as_deref(),
        note.payload.as_deref(),
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "delete from integration_receipt
         where integration_id = $1
           and id <= (select id from integration_receipt where integration_id = $1 order by id desc offset $2 limit 1)",
        id.0,
        KEPT,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn int(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn size(n: i32) -> usize {
    usize::try_from(n).unwrap_or(0)
}

/// Whether a change with that digest is among the newest requests.
pub(crate) async fn is_known_change(tx: &mut Tx, id: IntegrationId, digest: &[u8]) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select 1 from integration_receipt where integration_id = $1 and digest = $2) as "known!""#,
        id.0,
        digest,
    )
    .fetch_one(&mut **tx)
    .await
}

/// The newest requests of one, the newest first.
pub(crate) async fn receipts(db: &Db, id: IntegrationId, limit: i64) -> Result<Vec<Receipt>, sqlx::Error> {
    let rows = sqlx::query!(
        "select
           at,
           is_taken,
           said,
           n_fired,
           n_updated,
           n_resolved,
           n_left,
           n_bytes,
           payload
         from integration_receipt
         where integration_id = $1
         order by id desc
         limit $2",
        id.0,
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    let receipts = rows.into_iter().map(|row| Receipt {
        at: Time::from_utc(row.at),
        is_taken: row.is_taken,
        said: row.said,
        taken: Taken {
            fired: size(row.n_fired),
            updated: size(row.n_updated),
            acknowledged: 0,
            resolved: size(row.n_resolved),
            left: size(row.n_left),
        },
        bytes: i64::from(row.n_bytes),
        payload: row.payload,
    });
    Ok(receipts.collect())
}
