//! Who is on call, in people's own calendars.
//!
//! A calendar can sign in nowhere, so it fetches by an address that holds a key: 160 random bits, shown once, of which only the SHA-256 is
//! kept. A key opens one view for reading and nothing else, and it is dead when whoever made it may not come in any more.

use super::definition::{ScheduleId, ScheduleRow};
use super::looking::{Because, Loaded, because, segments};
use super::refused::Refused;
use super::telling::{self, FEED_MADE, FEED_REKEYED, FEED_REMOVED};
use super::{Schedules, check_people};
use crate::error::Error;
use crate::needs::Staffer;
use crate::store;
use crate::store::schedules::{Selection, feeds};
use figures::Locale;
use kernel::secrets::random_256;
use kernel::{Grant, Tx};
use model::access::ChangeOwnAccount;
use model::ical::feed::{Entry, Feed, uid, write};
use model::ids::PersonId;
use model::rota::{DutyRole, Segment, Span};
use model::{Actor, Time};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// Addresses of one person.
pub const MOST_FEEDS: usize = 20;
/// What a calendar gets: well before what people look at, so that shifts keep their names.
const BACK_MS: i64 = 60 * 86_400_000;
const AHEAD_MS: i64 = 180 * 86_400_000;
/// Base32 in lower case (RFC 4648, section 6): nothing that is mistaken for something else when it is read aloud.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const KEY_LENGTH: usize = 32;
const PREFIX: usize = 6;
/// That it was read is noted so often at most.
const NOTE_EVERY_MS: i64 = 3_600_000;
/// In the names of shifts, behind ids that are everybody's only.
const HOST: &str = "oncall.mimamori";

/// A feed's id: a UUID v7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeedId(pub Uuid);

impl fmt::Display for FeedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for FeedId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// What a feed has in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedKind {
    /// The shifts of one person, in all schedules.
    Person(PersonId),
    /// Everybody's in one schedule.
    Schedule(ScheduleId),
    /// Everybody's in the schedules that a team looks after.
    Team(String),
}

/// An address, as far as it is known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedRow {
    pub id: FeedId,
    pub kind: FeedKind,
    /// The beginning of its key, by which people tell them apart.
    pub key_prefix: String,
    pub locale: Locale,
    pub made_by: PersonId,
    pub made_at: Time,
    /// When a calendar last fetched it, to the hour.
    pub last_read_at: Option<Time>,
}

/// A feed that was made, or that was given another key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyed {
    pub id: FeedId,
    /// Shown this once; [`address`] makes the path of it.
    pub key: String,
}

/// The path from which a calendar fetches.
#[must_use]
pub fn address(key: &str) -> String {
    format!("/calendar/{key}.ics")
}

impl Schedules {
    /// One's own feeds, the oldest first.
    ///
    /// # Errors
    /// [`Error::NotAPerson`]. The database's.
    pub async fn feeds(&self, grant: &Grant<ChangeOwnAccount>) -> Result<Vec<FeedRow>, Error> {
        let person: PersonId = own(grant.actor())?;
        let mut tx: Tx = self.db.begin().await?;
        feeds::list(&mut tx, Some(person), None).await
    }

    /// Makes a feed.
    ///
    /// # Errors
    /// [`Refused::TooMany`], [`Refused::NoSchedule`], [`Refused::NoPerson`], [`Error::NotAPerson`]. The database's.
    pub async fn make_feed(&self, grant: &Grant<ChangeOwnAccount>, kind: &FeedKind, locale: Locale) -> Result<Keyed, Error> {
        let (now, actor): (Time, &Actor) = (self.clock.now(), grant.actor());
        let made_by: PersonId = own(actor)?;
        let staff: Vec<Staffer> = self.everybody().await?;
        let mut tx: Tx = self.db.begin().await?;
        match kind {
            FeedKind::Person(person) => check_people(&staff, &[*person])?,
            FeedKind::Schedule(id) => {
                self.load(&mut tx, *id).await?;
            }
            FeedKind::Team(team) => super::definition::check_title(team)?,
        }
        if feeds::list(&mut tx, Some(made_by), None).await?.len() >= MOST_FEEDS {
            return Err(Refused::TooMany(MOST_FEEDS).into());
        }
        let key: String = new_key();
        let row = FeedRow {
            id: FeedId(kernel::ids::new_uuid()),
            kind: kind.clone(),
            key_prefix: key.chars().take(PREFIX).collect(),
            locale,
            made_by,
            made_at: now,
            last_read_at: None,
        };
        feeds::insert(&mut tx, &row, &digest(&key)).await?;
        tell(&mut tx, FEED_MADE, &row, actor, now).await?;
        tx.commit().await?;
        Ok(Keyed { id: row.id, key })
    }

    /// Gives one's own feed another key. The address before it is dead from now on.
    ///
    /// # Errors
    /// [`Refused::NoFeed`]. The database's.
    pub async fn rekey_feed(&self, grant: &Grant<ChangeOwnAccount>, id: FeedId) -> Result<Keyed, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let row: FeedRow = self.own_feed(&mut tx, grant.actor(), id).await?;
        let key: String = new_key();
        let prefix: String = key.chars().take(PREFIX).collect();
        feeds::set_key(&mut tx, id, &digest(&key), &prefix).await?;
        tell(&mut tx, FEED_REKEYED, &row, grant.actor(), now).await?;
        tx.commit().await?;
        Ok(Keyed { id, key })
    }

    /// Removes one's own feed.
    ///
    /// # Errors
    /// [`Refused::NoFeed`]. The database's.
    pub async fn remove_feed(&self, grant: &Grant<ChangeOwnAccount>, id: FeedId) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let row: FeedRow = self.own_feed(&mut tx, grant.actor(), id).await?;
        feeds::remove(&mut tx, id).await?;
        tell(&mut tx, FEED_REMOVED, &row, grant.actor(), now).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn own_feed(&self, tx: &mut Tx, actor: &Actor, id: FeedId) -> Result<FeedRow, Error> {
        let person: PersonId = own(actor)?;
        let found: Option<FeedRow> = feeds::list(tx, Some(person), None).await?.into_iter().find(|row| row.id == id);
        Ok(found.ok_or(Refused::NoFeed)?)
    }

    /// The file for a key; `None` when it opens nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn feed_file(&self, key: &str) -> Result<Option<String>, Error> {
        if !looks_like_key(key) {
            return Ok(None);
        }
        let now: Time = self.clock.now();
        let staff: Vec<Staffer> = self.everybody().await?;
        let mut tx: Tx = self.db.begin().await?;
        let Some(row) = feeds::list(&mut tx, None, Some(&digest(key)[..])).await?.pop() else {
            return Ok(None);
        };
        if !staff.iter().any(|staffer| staffer.id == row.made_by && staffer.may_come_in) {
            return Ok(None);
        }
        if row.last_read_at.is_none_or(|at| now.since(at) >= NOTE_EVERY_MS) {
            feeds::note_read(&mut tx, row.id, now).await?;
        }
        let file: Feed = self.feed(&mut tx, &row, &staff, now).await?;
        tx.commit().await?;
        Ok(Some(write(&file)))
    }

    async fn feed(&self, tx: &mut Tx, row: &FeedRow, staff: &[Staffer], now: Time) -> Result<Feed, Error> {
        let window = Span::new(now.plus_ms(-BACK_MS), now.plus_ms(AHEAD_MS));
        let mut file = Feed { name: String::new(), stamp: row.made_at, entries: Vec::new() };
        file.name = match &row.kind {
            FeedKind::Person(person) => named(*person, staff),
            FeedKind::Schedule(_) => String::new(),
            FeedKind::Team(team) => team.clone(),
        };
        for schedule in store::schedules::list(tx, Selection::default()).await?.into_iter().filter(|one| is_in(one, &row.kind)) {
            let loaded: Loaded = self.loaded(tx, schedule).await?;
            if file.name.is_empty() {
                file.name = title(&loaded.row, row.locale).to_owned();
            }
            file.stamp = file.stamp.max(loaded.row.revised_at);
            for segment in segments(tx, &loaded, window).await? {
                file.entries.extend(entry(row, &loaded, &segment, staff, window));
            }
        }
        file.entries.sort_by(|one, other| (one.start, &one.uid).cmp(&(other.start, &other.uid)));
        Ok(file)
    }
}

fn is_in(schedule: &ScheduleRow, kind: &FeedKind) -> bool {
    match kind {
        FeedKind::Person(_) => true,
        FeedKind::Schedule(id) => schedule.id == *id,
        FeedKind::Team(team) => schedule.definition.owner.as_deref() == Some(team.as_str()),
    }
}

/// A shift of somebody; gaps stand in no calendar.
fn entry(row: &FeedRow, loaded: &Loaded, segment: &Segment, staff: &[Staffer], window: Span) -> Option<Entry> {
    let person: PersonId = segment.person()?;
    if matches!(row.kind, FeedKind::Person(own) if own != person) {
        return None;
    }
    let schedule: &str = title(&loaded.row, row.locale);
    let role: String = role(&segment.role, row.locale);
    let who: String = named(person, staff);
    let summary: String = match (&row.kind, row.locale) {
        (FeedKind::Person(_), Locale::Ja) => format!("当番（{role}）{schedule}"),
        (FeedKind::Person(_), Locale::En) => format!("On call ({role}): {schedule}"),
        (_, Locale::Ja) => format!("{who} 当番（{role}）{schedule}"),
        (_, Locale::En) => format!("{who} on call ({role}): {schedule}"),
    };
    Some(Entry {
        uid: uid(&loaded.row.id.to_string(), segment, window, HOST),
        sequence: u32::try_from(loaded.row.revision).unwrap_or(u32::MAX),
        start: segment.start,
        end: segment.end,
        summary,
        description: why(because(segment.source, &loaded.changes), row.locale).to_owned(),
        url: None,
    })
}

fn title(row: &ScheduleRow, locale: Locale) -> &str {
    row.title(locale == Locale::Ja)
}

fn named(person: PersonId, staff: &[Staffer]) -> String {
    staff.iter().find(|staffer| staffer.id == person).map(|staffer| staffer.name.clone()).unwrap_or_default()
}

fn role(role: &DutyRole, locale: Locale) -> String {
    let word: &str = match (role, locale) {
        (DutyRole::Primary, Locale::Ja) => "プライマリ",
        (DutyRole::Primary, Locale::En) => "primary",
        (DutyRole::Secondary, Locale::Ja) => "セカンダリ",
        (DutyRole::Secondary, Locale::En) => "secondary",
        (DutyRole::Shadow, Locale::Ja) => "見習い",
        (DutyRole::Shadow, Locale::En) => "shadow",
        (DutyRole::Custom(word), _) => word,
    };
    word.to_owned()
}

fn why(because: Because, locale: Locale) -> &'static str {
    match (because, locale) {
        (Because::Rotation, _) => "",
        (Because::Override, Locale::Ja) => "上書きによる当番です。",
        (Because::Override, Locale::En) => "By an override.",
        (Because::Swap, Locale::Ja) => "交代による当番です。",
        (Because::Swap, Locale::En) => "By a swap or a cover.",
        (Because::Calendar, Locale::Ja) => "外部カレンダーによる当番です。",
        (Because::Calendar, Locale::En) => "By a calendar kept elsewhere.",
    }
}

fn own(actor: &Actor) -> Result<PersonId, Error> {
    actor.person_id().ok_or(Error::NotAPerson)
}

/// Whose it is; never the key.
async fn tell(tx: &mut Tx, kind: &'static str, row: &FeedRow, actor: &Actor, at: Time) -> Result<(), Error> {
    let what: &str = match row.kind {
        FeedKind::Person(_) => "person",
        FeedKind::Schedule(_) => "schedule",
        FeedKind::Team(_) => "team",
    };
    let body = json!({ "feed": row.id.0, "kind": what });
    telling::about(tx, kind, format!("person/{}", row.made_by), actor, body, at).await
}

/// Every byte gives five bits, the three others are left out: 32 bytes, 32 characters, 160 bits.
fn new_key() -> String {
    random_256().iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect()
}

/// Whether `text` could be a key; spares the database a question.
fn looks_like_key(text: &str) -> bool {
    text.len() == KEY_LENGTH && text.bytes().all(|byte| ALPHABET.contains(&byte))
}

/// What is stored instead of a key.
fn digest(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_look_like_keys_and_differ() {
        let key: String = new_key();
        assert!(looks_like_key(&key), "{key}");
        assert_ne!(key, new_key());
        for wrong in [&key[1..], &format!("{}A", &key[1..]), &format!("{}1", &key[1..]), ""] {
            assert!(!looks_like_key(wrong), "{wrong}");
        }
        assert_eq!(address("abc"), "/calendar/abc.ics");
    }
}
