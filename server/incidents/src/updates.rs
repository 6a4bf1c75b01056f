//! Updates for those who wait, in Japanese and English, and the clock that promises the next one.

use crate::clocks::{self, Hours};
use crate::error::Error;
use crate::history;
use crate::incident::{By, Incident};
use crate::needs::Announcement;
use crate::scheme::Definition;
use crate::store;
use crate::timeline::{EntryKind, Line, at_most, write};
use crate::visibility;
use crate::{Incidents, Seen};
use kernel::{Grant, Tx};
use model::Time;
use model::access::WorkOnIncident;
use model::clock::ClockKind;
use model::ids::{IncidentId, PersonId};
use model::incident::IncidentStatus;
use serde_json::{Value, json};

/// UTF-16 code units of one language of an update.
pub const MAX_UPDATE: usize = 5_000;

/// An update as somebody writes it. One language must say something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewUpdate {
    pub ja: String,
    pub en: String,
}

/// An update as it went out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    pub id: i64,
    pub at: Time,
    pub by: By,
    pub ja: String,
    pub en: String,
    /// The level and the status as they were then.
    pub code: String,
    pub status: IncidentStatus,
    /// When the next one was promised.
    pub next_at: Option<Time>,
}

impl Incidents {
    /// Tells those who wait, and promises the next update by the level's cadence.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Empty`], [`Error::Large`], [`Error::Over`]. The database's, and the world's.
    pub async fn post_update(&self, grant: &Grant<WorkOnIncident>, id: IncidentId, new: &NewUpdate) -> Result<Update, Error> {
        let (ja, en): (String, String) =
            (at_most("the Japanese update", &new.ja, MAX_UPDATE)?, at_most("the English update", &new.en, MAX_UPDATE)?);
        if ja.is_empty() && en.is_empty() {
            return Err(Error::Empty { what: "the update" });
        }
        let definition: Definition = self.setup().await?.definition;
        let now: Time = self.clock.now();
        let looked: Incident = self.incident(grant.actor(), id).await?.ok_or(Error::NotFound(id))?;
        let hours: Hours = self.hours(looked.team).await?;
        let mut tx: Tx = self.db.begin().await?;
        let mut incident: Incident = visibility::locked(&mut tx, grant.actor(), Seen::any(id)).await?;
        if incident.status.is_final() {
            return Err(Error::Over);
        }
        let next_at: Option<Time> = promise(&mut tx, &incident, &hours, now).await?;
        incident.moments.informed_at.get_or_insert(now);
        store::incidents::save(&mut tx, &incident).await?;
        let by: By = By::of(grant.actor());
        let update = Update {
            id: 0,
            at: now,
            by: by.clone(),
            ja,
            en,
            code: incident.level.code.to_string(),
            status: incident.status,
            next_at,
        };
        let update = Update { id: store::updates::add(&mut tx, id, &update).await?, ..update };
        let body: Value = json!({ "update": update.id, "ja": update.ja, "en": update.en, "next_at": next_at });
        write(&mut tx, &incident, &Line::of(EntryKind::Update, now, by, body), now).await?;
        let body: Value = json!({ "update": update.id, "next_at": next_at });
        history::append(&mut tx, &incident, history::UPDATED, grant.actor(), now, body).await?;
        let announcement: Announcement = announcement(&mut tx, &incident, &update, &definition).await?;
        self.needs.announcer.announce(&mut tx, &announcement).await?;
        tx.commit().await?;
        Ok(update)
    }
}

/// The promise is kept, and the next one given, while it goes on. Says when that is due.
async fn promise(tx: &mut Tx, incident: &Incident, hours: &Hours, now: Time) -> Result<Option<Time>, Error> {
    clocks::meet(tx, incident.id, ClockKind::Update, now).await?;
    if incident.status.is_open() {
        return clocks::begin(tx, incident, ClockKind::Update, now, hours).await;
    }
    Ok(None)
}

async fn announcement(tx: &mut Tx, incident: &Incident, update: &Update, definition: &Definition) -> Result<Announcement, Error> {
    let mut followers: Vec<PersonId> = store::updates::followers(tx, incident.id).await?;
    // Who followed it before it became private hears no more of it.
    followers.retain(|person| !incident.is_private || visibility::concerns(incident, *person));
    Ok(Announcement {
        key: format!("incident-update-{}", update.id),
        incident: incident.id,
        title: incident.title.clone(),
        is_private: incident.is_private,
        severity: incident.severity(),
        code: update.code.clone(),
        status: incident.status,
        ja: update.ja.clone(),
        en: update.en.clone(),
        next_at: update.next_at,
        by: update.by.name.clone(),
        systems: incident.systems.clone(),
        followers,
        // What is private goes to those within who follow it, and to nobody else.
        channels: if incident.is_private { Vec::new() } else { definition.announce_channels.clone() },
        at: update.at,
    })
}
