//! A channel of its own for an incident, where people talk: opened in Slack, told what happens, and read for messages that somebody marks.
//!
//! What is to be done there is written down in the transaction of what it is about, and done afterwards, one thing after the other, by
//! whoever has a moment. Slack knows no idempotency key, so a process that dies while it speaks may say a line twice.

mod words;

use crate::Incidents;
use crate::Seen;
use crate::error::Error;
use crate::history;
use crate::incident::{By, Incident};
use crate::needs::{Known, MarkedMessage, OpenedRoom, RoomError};
use crate::store;
use crate::store::sayings::Claimed;
use crate::timeline::{EntryKind, Line, MAX_NOTE, write};
use crate::visibility;
use figures::Locale;
use kernel::{Grant, Tx};
use model::access::WorkOnIncident;
use model::ids::{IncidentId, PersonId};
use model::{Actor, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Whoever is at it must have done it by then.
const LEASE_MS: i64 = 60_000;
/// A try that failed waits so long, twice as long each time, up to the second.
const FIRST_WAIT_MS: i64 = 5_000;
const LONGEST_WAIT_MS: i64 = 600_000;
/// Tries of one thing: about an hour and a half.
const MOST_TRIES: i32 = 15;
/// Things done in one look; then it is looked for other work.
const MOST_IN_A_ROW: usize = 50;
/// What lies longer back is not news to who talks.
const NEWS_MS: i64 = 600_000;
/// Between two looks for marks in one channel.
const MARKS_EVERY_MS: i64 = 60_000;
/// How old a message may be to be marked.
const MARKS_BACK_MS: i64 = 86_400_000;
/// Channels that are looked at for marks in one look.
const CHANNELS_AT_ONCE: i64 = 20;
/// How long what was said is kept.
const KEEP_MS: i64 = 30 * 86_400_000;

/// Where people talk about an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// As Slack calls it.
    pub channel: String,
    /// Without `#`.
    pub name: String,
    pub url: Option<String>,
    pub opened_at: Time,
}

/// Something to be done in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Open,
    Invite,
    Topic,
    Say,
}

impl Deed {
    const ALL: [Self; 4] = [Self::Open, Self::Invite, Self::Topic, Self::Say];

    /// The word in the database.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invite => "invite",
            Self::Topic => "topic",
            Self::Say => "say",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.as_str() == word)
    }
}

/// Has a channel opened after the commit.
pub(crate) async fn want(tx: &mut Tx, incident: &Incident, now: Time) -> Result<(), Error> {
    if incident.room.is_none() && !store::sayings::is_wanted(tx, incident.id).await? {
        store::sayings::add(tx, incident.id, Deed::Open, &json!({}), now).await?;
    }
    Ok(())
}

/// Whether there is a channel, or will be.
async fn has_one(tx: &mut Tx, incident: &Incident) -> Result<bool, Error> {
    Ok(incident.room.is_some() || store::sayings::is_wanted(tx, incident.id).await?)
}

/// Says a line in the channel, if it is news that people talk about.
pub(crate) async fn mirror(tx: &mut Tx, incident: &Incident, line: &Line, now: Time) -> Result<(), Error> {
    let is_news: bool = now.since(line.at) <= NEWS_MS;
    if !is_news || !words::is_said(line) || !has_one(tx, incident).await? {
        return Ok(());
    }
    let locale: Locale = store::setup::read(tx).await?.definition.room_locale;
    if let Some(text) = words::said(line, locale) {
        store::sayings::add(tx, incident.id, Deed::Say, &json!({ "text": text }), now).await?;
    }
    Ok(())
}

/// Lets a person into the channel.
pub(crate) async fn invite(tx: &mut Tx, incident: &Incident, person: PersonId, now: Time) -> Result<(), Error> {
    // Who has a part when it is opened is let in then.
    if incident.room.is_some() {
        store::sayings::add(tx, incident.id, Deed::Invite, &json!({ "person": person }), now).await?;
    }
    Ok(())
}

/// The head of the channel is to say what the incident is now.
pub(crate) async fn retitle(tx: &mut Tx, incident: &Incident, now: Time) -> Result<(), Error> {
    if incident.room.is_some() {
        store::sayings::add(tx, incident.id, Deed::Topic, &json!({}), now).await?;
    }
    Ok(())
}

/// Does what is to be done, looks for marks, and forgets what was said long ago.
pub(crate) async fn tick(incidents: &Incidents) -> Result<(), Error> {
    let now: Time = incidents.clock.now();
    for _ in 0..MOST_IN_A_ROW {
        if !incidents.do_next(now).await? {
            break;
        }
    }
    incidents.look_for_marks(now).await?;
    store::sayings::purge(&incidents.db, now.plus_ms(-KEEP_MS)).await
}

impl Incidents {
    /// Has a channel opened for an incident.
    ///
    /// # Errors
    /// [`Error::NoRooms`] where Slack is not set up, [`Error::HasRoom`], [`Error::NotFound`], [`Error::Stale`]. The database's, and the
    /// world's.
    pub async fn open_room(&self, grant: &Grant<WorkOnIncident>, seen: Seen) -> Result<(), Error> {
        if !self.needs.rooms.is_there().await? {
            return Err(Error::NoRooms);
        }
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let incident: Incident = visibility::locked(&mut tx, grant.actor(), seen).await?;
        if has_one(&mut tx, &incident).await? {
            return Err(Error::HasRoom);
        }
        want(&mut tx, &incident, now).await?;
        history::append(&mut tx, &incident, history::ROOM_WANTED, grant.actor(), now, json!({})).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A message of an incident's channel was marked: it stands in the timeline from now on. `false` when it does already, or no incident
    /// has that channel. For a door that Slack knocks at; what nobody tells is found by looking.
    ///
    /// # Errors
    /// The database's.
    pub async fn take_marked(
        &self,
        grant: &Grant<WorkOnIncident>,
        channel: &str,
        message: &MarkedMessage,
    ) -> Result<bool, Error> {
        match store::sayings::incident_of(&self.db, channel).await? {
            Some(id) => self.write_marked(id, channel, message, grant.actor()).await,
            None => Ok(false),
        }
    }

    async fn write_marked(&self, id: IncidentId, channel: &str, message: &MarkedMessage, actor: &Actor) -> Result<bool, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let Some(incident) = store::incidents::lock(&mut tx, id).await? else {
            return Ok(false);
        };
        let body: Value = json!({ "channel": channel, "ts": message.ts, "url": message.url });
        let line = Line {
            text: message.text.chars().take(MAX_NOTE / 2).collect(),
            source: Some(format!("slack/{channel}/{}", message.ts)),
            ..Line::of(EntryKind::Chat, message.at.min(now), By { name: message.author.clone(), person: None }, body)
        };
        if write(&mut tx, &incident, &line, now).await?.is_none() {
            return Ok(false);
        }
        history::append(&mut tx, &incident, history::CHAT_MARKED, actor, now, json!({ "ts": message.ts })).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn look_for_marks(&self, now: Time) -> Result<(), Error> {
        let due: Time = now.plus_ms(-MARKS_EVERY_MS);
        let channels: Vec<(IncidentId, String)> = store::sayings::claim_channels(&self.db, now, due, CHANNELS_AT_ONCE).await?;
        if channels.is_empty() {
            return Ok(());
        }
        let mark: String = self.setup().await?.definition.mark;
        for (id, channel) in channels {
            match self.needs.rooms.marked(&channel, now.plus_ms(-MARKS_BACK_MS), &mark).await {
                Ok(messages) => {
                    for message in messages {
                        self.write_marked(id, &channel, &message, &history::worker()).await?;
                    }
                }
                Err(error) => tracing::warn!(%error, incident = %id, "the channel of an incident can't be looked at for marks"),
            }
        }
        Ok(())
    }

    /// Does what has waited longest. `false` when nothing waits.
    async fn do_next(&self, now: Time) -> Result<bool, Error> {
        let Some(claimed) = store::sayings::claim(&self.db, now, now.plus_ms(LEASE_MS)).await? else {
            return Ok(false);
        };
        let mut tx: Tx = self.db.begin().await?;
        let incident: Option<Incident> = store::incidents::one(&mut tx, claimed.incident).await?;
        tx.rollback().await?;
        let Some(incident) = incident else {
            return Ok(false);
        };
        match self.try_deed(&incident, &claimed).await {
            Ok(()) => store::sayings::done(&self.db, claimed.id, now, None).await?,
            Err(RoomError::Later { reason, after_ms }) if claimed.tries < MOST_TRIES => {
                let wait_ms: i64 = after_ms.unwrap_or_else(|| wait_ms(claimed.tries));
                store::sayings::later(&self.db, claimed.id, now.plus_ms(wait_ms), &reason).await?;
            }
            Err(RoomError::Later { reason, .. } | RoomError::Never { reason }) => {
                store::sayings::done(&self.db, claimed.id, now, Some(&reason)).await?;
                tracing::warn!(reason, incident = %incident.id, deed = claimed.deed.as_str(), "not done in the channel of an incident");
                if claimed.deed == Deed::Open {
                    self.note_failure(incident.id, &reason, now).await?;
                }
            }
        }
        Ok(true)
    }

    async fn try_deed(&self, incident: &Incident, claimed: &Claimed) -> Result<(), RoomError> {
        if claimed.deed == Deed::Open {
            return self.try_open(incident).await;
        }
        let Some(room) = &incident.room else {
            return Err(RoomError::Never { reason: "there is no channel".to_owned() });
        };
        match claimed.deed {
            Deed::Open => Ok(()),
            Deed::Invite => self.try_invite(room, &claimed.body).await,
            Deed::Topic => self.needs.rooms.set_topic(&room.channel, &words::topic(incident)).await,
            Deed::Say => {
                let text: &str = claimed.body["text"].as_str().unwrap_or_default();
                self.needs.rooms.say(&room.channel, text, &format!("incident-saying-{}", claimed.id)).await
            }
        }
    }

    async fn try_open(&self, incident: &Incident) -> Result<(), RoomError> {
        if incident.room.is_some() {
            return Ok(());
        }
        let opened: OpenedRoom = self.needs.rooms.open(&words::room_name(incident), incident.is_private).await?;
        self.note_opened(incident.id, opened).await.map_err(|error| later(&error))
    }

    /// The channel is there: who has a part comes in, and it says what it is about.
    async fn note_opened(&self, id: IncidentId, opened: OpenedRoom) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let Some(mut incident) = store::incidents::lock(&mut tx, id).await? else {
            return Ok(());
        };
        let body: Value = json!({ "what": "opened", "name": opened.name, "url": opened.url });
        incident.room = Some(Room { channel: opened.channel, name: opened.name, url: opened.url, opened_at: now });
        store::incidents::save(&mut tx, &incident).await?;
        retitle(&mut tx, &incident, now).await?;
        let declared_by: Option<PersonId> = incident.declared_by.person;
        let mut people: Vec<PersonId> = incident.roles.people().into_iter().chain(declared_by).collect();
        people.sort_unstable();
        people.dedup();
        for person in people {
            invite(&mut tx, &incident, person, now).await?;
        }
        let line: Line = Line::of(EntryKind::Room, now, By::of(&history::worker()), body.clone());
        write(&mut tx, &incident, &line, now).await?;
        history::append(&mut tx, &incident, history::ROOM_OPENED, &history::worker(), now, body).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn note_failure(&self, id: IncidentId, reason: &str, now: Time) -> Result<(), Error> {
        let mut tx: Tx = self.db.begin().await?;
        let Some(incident) = store::incidents::lock(&mut tx, id).await? else {
            return Ok(());
        };
        let body: Value = json!({ "what": "failed", "reason": reason });
        let line: Line = Line::of(EntryKind::Room, now, By::of(&history::worker()), body.clone());
        write(&mut tx, &incident, &line, now).await?;
        history::append(&mut tx, &incident, history::ROOM_FAILED, &history::worker(), now, body).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn try_invite(&self, room: &Room, body: &Value) -> Result<(), RoomError> {
        let person: Option<PersonId> = serde_json::from_value(body["person"].clone()).ok();
        let Some(person) = person else {
            return Err(RoomError::Never { reason: "nobody is named".to_owned() });
        };
        let known: Result<Vec<Known>, _> = self.needs.people.known(&[person]).await;
        let known: Vec<Known> = known.map_err(|error| RoomError::Later { reason: error.reason, after_ms: None })?;
        match known.first() {
            Some(known) => self.needs.rooms.invite(&room.channel, &known.email).await,
            None => Err(RoomError::Never { reason: "nobody has that account".to_owned() }),
        }
    }
}

fn later(error: &Error) -> RoomError {
    RoomError::Later { reason: error.to_string(), after_ms: None }
}

/// After that many tries.
fn wait_ms(tries: i32) -> i64 {
    let doublings: u32 = u32::try_from(tries.saturating_sub(1)).unwrap_or(0).min(20);
    (FIRST_WAIT_MS << doublings).min(LONGEST_WAIT_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_ten_minutes() {
        let waits: Vec<i64> = [0, 1, 2, 3, 7, 8, 100].into_iter().map(|tries| wait_ms(tries) / 1_000).collect();
        assert_eq!(waits, [5, 5, 10, 20, 320, 600, 600]);
    }
}
