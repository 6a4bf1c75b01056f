//! Channels as they are set up, changed and removed.
//!
//! A secret goes in and never comes out: it is sealed before it is written, and whoever changes a channel leaves its field empty to keep
//! what is there. Every change names the version that was looked at, so that two people don't undo each other.

use crate::channels::{BadSettings, Field};
use crate::error::Error;
use crate::history;
use crate::needs::Make;
use crate::sealed::{Keys, SealError};
use crate::store;
use figures::Locale;
use kernel::{Db, Fact, Tx, facts};
use model::{Actor, Time};
use serde_json::{Map, Value, json};

/// Bytes of one channel's settings as JSON.
pub const MOST_BYTES: usize = 16_384;
/// Channels of one installation.
pub const MOST_CHANNELS: i64 = 200;
/// Versions that are listed.
const MOST_VERSIONS: i64 = 100;
const LONGEST_NAME: usize = 63;

/// A channel as it may be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelRow {
    /// What routes call it.
    pub name: String,
    pub kind: String,
    pub version: i64,
    /// Without secrets.
    pub settings: Map<String, Value>,
    /// The names of the secrets that are set.
    pub secrets: Vec<String>,
    pub enabled: bool,
    /// Whether it takes what no other channel could deliver. At most one does.
    pub last_resort: bool,
    /// Of whoever reads there.
    pub locale: Locale,
    /// An IANA name.
    pub zone: String,
    pub changed_by: String,
    pub changed_at: Time,
}

/// A channel as it was once. Has no secret.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelVersion {
    pub version: i64,
    pub settings: Map<String, Value>,
    pub secrets: Vec<String>,
    /// The secrets that were given anew.
    pub replaced: Vec<String>,
    pub enabled: bool,
    pub last_resort: bool,
    pub removed: bool,
    pub changed_by: String,
    pub changed_at: Time,
}

/// A channel as somebody wants it.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelDraft {
    pub name: String,
    pub kind: String,
    /// The version that was looked at; `None` adds a channel.
    pub version: Option<i64>,
    /// By name of [`Field`]. A secret that is missing or empty stays what it is.
    pub settings: Map<String, Value>,
    pub enabled: bool,
    pub last_resort: bool,
    pub locale: Locale,
    pub zone: String,
}

/// A channel as it lies in the database.
#[derive(Clone)]
pub(crate) struct Saved {
    pub(crate) row: ChannelRow,
    pub(crate) sealed: Vec<u8>,
}

impl Saved {
    /// The settings as its channel wants them: with secrets. Not to be kept, shown or logged.
    pub(crate) fn whole(&self, keys: &Keys) -> Result<Value, Error> {
        let mut whole: Map<String, Value> = self.row.settings.clone();
        whole.extend(self.secrets(keys)?);
        Ok(Value::Object(whole))
    }

    fn secrets(&self, keys: &Keys) -> Result<Map<String, Value>, Error> {
        let plain: Vec<u8> = keys.open(&place(&self.row.name), &self.sealed)?;
        serde_json::from_slice(&plain).map_err(|_| Error::Sealed(SealError::Damaged))
    }
}

/// What sealed secrets are bound to.
fn place(name: &str) -> String {
    history::channel_subject(name)
}

/// What the room needs to write channels.
#[derive(Clone, Copy)]
pub(crate) struct Desk<'a> {
    pub(crate) db: &'a Db,
    pub(crate) keys: &'a Keys,
    pub(crate) make: &'a dyn Make,
    pub(crate) now: Time,
}

/// Every channel, by name.
pub(crate) async fn list(db: &Db) -> Result<Vec<ChannelRow>, Error> {
    let saved: Vec<Saved> = store::settings::list(db, None).await?;
    Ok(saved.into_iter().map(|one| one.row).collect())
}

/// The channel of that name.
pub(crate) async fn one(db: &Db, name: &str) -> Result<Option<Saved>, Error> {
    Ok(store::settings::list(db, Some(name)).await?.pop())
}

/// What a name stood for, the newest first.
pub(crate) async fn versions(db: &Db, name: &str) -> Result<Vec<ChannelVersion>, Error> {
    store::settings::versions(db, name, MOST_VERSIONS).await
}

/// Adds a channel, or changes one.
pub(crate) async fn save(desk: &Desk<'_>, actor: &Actor, draft: ChannelDraft) -> Result<ChannelRow, Error> {
    if let Some(wrong) = Error::of_all(unfit(desk, &draft)?) {
        return Err(wrong);
    }
    let mut tx: Tx = desk.db.begin().await?;
    let before: Option<Saved> = store::settings::lock(&mut tx, &draft.name).await?;
    check_version(&draft, before.as_ref())?;
    if before.is_none() && store::settings::count(&mut tx).await? >= MOST_CHANNELS {
        return Err(Error::TooMany { max: MOST_CHANNELS });
    }
    let parts: Parts = Parts::of(desk, &draft, before.as_ref())?;
    desk.make.make(&draft.kind, &parts.whole())?;
    let version: i64 = store::settings::newest_version(&mut tx, &draft.name).await? + 1;
    let plain: Vec<u8> = serde_json::to_vec(&parts.secrets).map_err(Error::Encode)?;
    let saved = Saved { sealed: desk.keys.seal(&place(&draft.name), &plain)?, row: parts.row(draft, version, actor, desk.now) };
    if !store::settings::note_version(&mut tx, &saved.row, &parts.replaced, false).await? {
        return Err(Error::Taken { name: saved.row.name });
    }
    store::settings::write(&mut tx, &saved).await?;
    let body: Value =
        json!({ "version": version, "kind": saved.row.kind, "enabled": saved.row.enabled, "secrets": parts.replaced });
    tell(&mut tx, actor, history::CHANNEL_SAVED, &saved.row.name, body, desk.now).await?;
    tx.commit().await?;
    Ok(saved.row)
}

/// Removes a channel. What is still to be sent by it fails, and goes to the next one.
pub(crate) async fn remove(db: &Db, actor: &Actor, name: &str, version: i64, now: Time) -> Result<(), Error> {
    let mut tx: Tx = db.begin().await?;
    let before: Saved = store::settings::lock(&mut tx, name).await?.ok_or_else(|| Error::NoChannel { name: name.to_owned() })?;
    check_stale(name, version, before.row.version)?;
    let gone = ChannelRow {
        version: version + 1,
        enabled: false,
        last_resort: false,
        changed_by: actor.name().to_owned(),
        changed_at: now,
        ..before.row
    };
    store::settings::note_version(&mut tx, &gone, &[], true).await?;
    store::settings::delete(&mut tx, name).await?;
    tell(&mut tx, actor, history::CHANNEL_REMOVED, name, json!({ "version": gone.version }), now).await?;
    tx.commit().await?;
    Ok(())
}

async fn tell(tx: &mut Tx, actor: &Actor, kind: &'static str, name: &str, body: Value, at: Time) -> Result<(), sqlx::Error> {
    facts::append(tx, &Fact { kind, actor, subject: history::channel_subject(name), body, at }).await
}

/// What is wrong whatever stands in the database. Of a channel that is to be added that is everything, told at once: when its name can't
/// be used, nothing is asked about that name.
fn unfit(desk: &Desk<'_>, draft: &ChannelDraft) -> Result<Vec<Error>, Error> {
    let mut wrong: Vec<Error> = Vec::new();
    if !is_name(&draft.name) {
        wrong.push(Error::Name { name: draft.name.chars().take(LONGEST_NAME + 1).collect() });
    }
    if draft.zone.parse::<chrono_tz::Tz>().is_err() {
        wrong.push(Error::Zone { zone: draft.zone.chars().take(LONGEST_NAME).collect() });
    }
    let n: usize = serde_json::to_vec(&draft.settings).map_err(Error::Encode)?.len();
    if n > MOST_BYTES {
        wrong.push(Error::Large { n, max: MOST_BYTES });
    } else if draft.version.is_none() && !wrong.is_empty() {
        let made: Result<(), Error> = Parts::of(desk, draft, None)
            .and_then(|parts| desk.make.make(&draft.kind, &parts.whole()).map(|_| ()).map_err(Error::from));
        wrong.extend(made.err());
    }
    Ok(wrong)
}

fn is_name(name: &str) -> bool {
    let is_name_char = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.len() <= LONGEST_NAME && !name.starts_with('-') && name.chars().all(is_name_char)
}

fn check_version(draft: &ChannelDraft, before: Option<&Saved>) -> Result<(), Error> {
    match (draft.version, before) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(Error::Taken { name: draft.name.clone() }),
        (Some(_), None) => Err(Error::NoChannel { name: draft.name.clone() }),
        (Some(_), Some(before)) if before.row.kind != draft.kind => {
            Err(Error::KindFixed { name: draft.name.clone(), is: before.row.kind.clone(), wanted: draft.kind.clone() })
        }
        (Some(version), Some(before)) => check_stale(&draft.name, version, before.row.version),
    }
}

fn check_stale(name: &str, expected: i64, found: i64) -> Result<(), Error> {
    if expected == found { Ok(()) } else { Err(Error::Stale { name: name.to_owned(), expected, found }) }
}

/// Settings parted into what may be shown and what may not.
struct Parts {
    shown: Map<String, Value>,
    secrets: Map<String, Value>,
    /// The names of the secrets that were given anew.
    replaced: Vec<String>,
}

impl Parts {
    fn of(desk: &Desk<'_>, draft: &ChannelDraft, before: Option<&Saved>) -> Result<Self, Error> {
        let fields: &'static [Field] = desk.make.fields(&draft.kind);
        let kept: Map<String, Value> = kept_secrets(desk, draft, fields, before)?;
        let mut parts = Self { shown: Map::new(), secrets: kept, replaced: Vec::new() };
        for (name, value) in &draft.settings {
            let Some(field) = fields.iter().find(|field| field.name == name) else {
                return Err(Error::Settings(BadSettings::UnknownField { field: name.chars().take(LONGEST_NAME).collect() }));
            };
            if is_empty(value) {
                continue;
            }
            if field.secret {
                parts.secrets.insert(name.clone(), value.clone());
                parts.replaced.push(name.clone());
            } else {
                parts.shown.insert(name.clone(), value.clone());
            }
        }
        Ok(parts)
    }

    fn whole(&self) -> Value {
        let mut whole: Map<String, Value> = self.shown.clone();
        whole.extend(self.secrets.clone());
        Value::Object(whole)
    }

    fn row(&self, draft: ChannelDraft, version: i64, actor: &Actor, now: Time) -> ChannelRow {
        ChannelRow {
            name: draft.name,
            kind: draft.kind,
            version,
            settings: self.shown.clone(),
            secrets: self.secrets.keys().cloned().collect(),
            enabled: draft.enabled,
            last_resort: draft.last_resort,
            locale: draft.locale,
            zone: draft.zone,
            changed_by: actor.name().to_owned(),
            changed_at: now,
        }
    }
}

/// The secrets that stay. When every secret is given anew the old ones are not opened, so that a lost master key can be made good by
/// giving all of them again.
fn kept_secrets(
    desk: &Desk<'_>,
    draft: &ChannelDraft,
    fields: &'static [Field],
    before: Option<&Saved>,
) -> Result<Map<String, Value>, Error> {
    let Some(before) = before else {
        return Ok(Map::new());
    };
    let is_given = |name: &str| draft.settings.get(name).is_some_and(|value| !is_empty(value));
    if fields.iter().filter(|field| field.secret).all(|field| is_given(field.name)) {
        return Ok(Map::new());
    }
    before.secrets(desk.keys)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}
