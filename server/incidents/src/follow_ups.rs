//! Follow-ups: what is to be done so that it does not happen again. They outlive their incident, and have a clock of their own.

use crate::clocks::{ClockRow, Hours};
use crate::error::Error;
use crate::history;
use crate::incident::{By, Incident};
use crate::list::MOST;
use crate::store;
use crate::timeline::{EntryKind, Line, at_most, bounded, write};
use crate::visibility;
use crate::{Incidents, Seen};
use chrono::NaiveDate;
use kernel::{Grant, Tx};
use model::access::WorkOnIncident;
use model::clock::{Clock, ClockKind};
use model::ids::{IncidentId, PersonId};
use model::incident::MAX_TITLE;
use model::postmortem::ActionKind;
use model::{Actor, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Of one incident.
pub const MAX_FOLLOW_UPS: usize = 200;
/// Characters of an address.
const MAX_URL: usize = 2_000;

/// A follow-up's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FollowUpId(pub i64);

/// A follow-up as somebody writes it. To close the incident it needs an owner and a date.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewFollowUp {
    pub title: String,
    pub owner: Option<PersonId>,
    pub due_on: Option<NaiveDate>,
    /// Where it is worked on: an address of the web.
    pub url: Option<String>,
    /// What it is for. None: as it was, or to prevent.
    pub kind: Option<ActionKind>,
}

/// A follow-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp {
    pub id: FollowUpId,
    /// To which it belongs now.
    pub incident: IncidentId,
    pub version: i64,
    pub title: String,
    pub owner: Option<PersonId>,
    pub due_on: Option<NaiveDate>,
    pub url: Option<String>,
    pub kind: ActionKind,
    /// Where whoever doubts it can see that it is done.
    pub evidence: Option<String>,
    pub made_by: String,
    pub made_at: Time,
    pub done_by: Option<String>,
    pub done_at: Option<Time>,
}

impl FollowUp {
    fn as_written(&self) -> NewFollowUp {
        NewFollowUp {
            title: self.title.clone(),
            owner: self.owner,
            due_on: self.due_on,
            url: self.url.clone(),
            kind: Some(self.kind),
        }
    }
}

impl Incidents {
    /// Adds a follow-up, in whatever state the incident is.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Empty`], [`Error::Large`], [`Error::NoSuchPerson`]. The database's, and the world's.
    pub async fn add_follow_up(
        &self,
        grant: &Grant<WorkOnIncident>,
        id: IncidentId,
        new: &NewFollowUp,
    ) -> Result<FollowUpId, Error> {
        let new: NewFollowUp = self.checked_follow_up(new).await?;
        let now: Time = self.clock.now();
        let looked: Incident = self.incident(grant.actor(), id).await?.ok_or(Error::NotFound(id))?;
        let hours: Hours = self.hours(looked.team).await?;
        let mut tx: Tx = self.db.begin().await?;
        let incident: Incident = visibility::locked(&mut tx, grant.actor(), Seen::any(id)).await?;
        let n: usize = store::follow_ups::of(&mut tx, id).await?.len();
        if n >= MAX_FOLLOW_UPS {
            return Err(Error::Large { what: "the list of follow-ups", n: n + 1, max: MAX_FOLLOW_UPS });
        }
        let follow_up: FollowUpId = store::follow_ups::add(&mut tx, id, &new, grant.actor().name(), now).await?;
        wind(&mut tx, id, follow_up, new.due_on, &hours, now).await?;
        say(&mut tx, &incident, "added", follow_up, &new, grant.actor(), now).await?;
        tx.commit().await?;
        Ok(follow_up)
    }

    /// Writes a follow-up anew; `version` is that of the one that was looked at. Another date has another clock.
    ///
    /// # Errors
    /// [`Error::NoPart`], [`Error::Stale`], and as [`Incidents::add_follow_up`].
    pub async fn change_follow_up(
        &self,
        grant: &Grant<WorkOnIncident>,
        id: IncidentId,
        follow_up: FollowUpId,
        version: i64,
        new: &NewFollowUp,
    ) -> Result<(), Error> {
        let new: NewFollowUp = self.checked_follow_up(new).await?;
        let now: Time = self.clock.now();
        let looked: Incident = self.incident(grant.actor(), id).await?.ok_or(Error::NotFound(id))?;
        let hours: Hours = self.hours(looked.team).await?;
        let mut tx: Tx = self.db.begin().await?;
        let incident: Incident = visibility::locked(&mut tx, grant.actor(), Seen::any(id)).await?;
        let found: FollowUp = one(&mut tx, id, follow_up).await?;
        if found.version != version {
            let what: String = format!("follow-up {}", follow_up.0);
            return Err(Error::Stale { what, expected: version, found: found.version });
        }
        store::follow_ups::change(&mut tx, follow_up, &new).await?;
        if found.due_on != new.due_on && found.done_at.is_none() {
            stop(&mut tx, id, follow_up, None, now).await?;
            wind(&mut tx, id, follow_up, new.due_on, &hours, now).await?;
        }
        say(&mut tx, &incident, "changed", follow_up, &new, grant.actor(), now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Says that a follow-up is done, for which the address where it is worked on is the evidence; or that it isn't. `false` when that is so
    /// already.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NoPart`], and [`Error::Empty`] when there is no such address. The database's, and the world's.
    pub async fn finish_follow_up(
        &self,
        grant: &Grant<WorkOnIncident>,
        id: IncidentId,
        follow_up: FollowUpId,
        is_done: bool,
    ) -> Result<bool, Error> {
        self.turn_follow_up(grant, id, follow_up, is_done, None).await
    }

    /// Says that a follow-up is done, and where that can be seen.
    ///
    /// # Errors
    /// [`Error::BadUrl`], and as [`Incidents::finish_follow_up`].
    pub async fn finish_follow_up_by(
        &self,
        grant: &Grant<WorkOnIncident>,
        id: IncidentId,
        follow_up: FollowUpId,
        evidence: &str,
    ) -> Result<bool, Error> {
        let evidence: Option<String> = checked_address(evidence)?;
        self.turn_follow_up(grant, id, follow_up, true, evidence).await
    }

    async fn turn_follow_up(
        &self,
        grant: &Grant<WorkOnIncident>,
        id: IncidentId,
        follow_up: FollowUpId,
        is_done: bool,
        evidence: Option<String>,
    ) -> Result<bool, Error> {
        let now: Time = self.clock.now();
        let looked: Incident = self.incident(grant.actor(), id).await?.ok_or(Error::NotFound(id))?;
        let hours: Hours = self.hours(looked.team).await?;
        let mut tx: Tx = self.db.begin().await?;
        let incident: Incident = visibility::locked(&mut tx, grant.actor(), Seen::any(id)).await?;
        let found: FollowUp = one(&mut tx, id, follow_up).await?;
        if found.done_at.is_some() == is_done {
            return Ok(false);
        }
        let evidence: Option<String> = evidence.or_else(|| found.url.clone()).filter(|_| is_done);
        if is_done && evidence.is_none() {
            // What nobody can look at is not done.
            return Err(Error::Empty { what: "the evidence" });
        }
        let done: Option<(&str, Time)> = is_done.then(|| (grant.actor().name(), now));
        store::follow_ups::finish(&mut tx, follow_up, done, evidence.as_deref()).await?;
        if is_done {
            stop(&mut tx, id, follow_up, Some(now), now).await?;
        } else {
            wind(&mut tx, id, follow_up, found.due_on, &hours, now).await?;
        }
        let what: &str = if is_done { "done" } else { "reopened" };
        say(&mut tx, &incident, what, follow_up, &found.as_written(), grant.actor(), now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Follow-ups that are not done, of incidents the actor may see: those due first come first. `owner` takes only theirs.
    ///
    /// # Errors
    /// The database's.
    pub async fn open_follow_ups(&self, actor: &Actor, owner: Option<PersonId>, limit: i64) -> Result<Vec<FollowUp>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        store::follow_ups::open(&mut tx, visibility::eyes(actor), owner, limit.clamp(1, MOST)).await
    }

    async fn checked_follow_up(&self, new: &NewFollowUp) -> Result<NewFollowUp, Error> {
        self.check_owner(new.owner).await?;
        let url: Option<String> = checked_address(new.url.as_deref().unwrap_or_default())?;
        let title: String = bounded("the follow-up", &new.title, MAX_TITLE)?;
        Ok(NewFollowUp { title, url, ..new.clone() })
    }
}

/// An address of the web, or none. Anything else would be run, not opened, by who clicks it.
fn checked_address(address: &str) -> Result<Option<String>, Error> {
    let url: String = at_most("the address", address, MAX_URL)?;
    if !url.is_empty() && !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(Error::BadUrl);
    }
    Ok(Some(url).filter(|url| !url.is_empty()))
}

async fn one(tx: &mut Tx, incident: IncidentId, follow_up: FollowUpId) -> Result<FollowUp, Error> {
    let found: Option<FollowUp> = store::follow_ups::one(tx, incident, follow_up).await?;
    found.ok_or(Error::NoPart { what: "follow-up", id: follow_up.0, incident })
}

/// Begins the clock of a date.
async fn wind(
    tx: &mut Tx,
    incident: IncidentId,
    follow_up: FollowUpId,
    due_on: Option<NaiveDate>,
    hours: &Hours,
    now: Time,
) -> Result<(), Error> {
    let Some(due_on) = due_on else {
        return Ok(());
    };
    let clock: Clock = Clock::follow_up(now, due_on, &hours.calendar);
    store::clocks::add(tx, incident, Some(follow_up), &clock, &hours.mark).await
}

/// Stops the clock that runs: met at that moment, or ended.
async fn stop(tx: &mut Tx, incident: IncidentId, follow_up: FollowUpId, met_at: Option<Time>, now: Time) -> Result<(), Error> {
    let rows: Vec<ClockRow> = store::clocks::of(tx, incident).await?;
    let is_its_own = |row: &ClockRow| row.clock.kind == ClockKind::FollowUp && row.follow_up == Some(follow_up);
    for mut row in rows.into_iter().filter(|row| row.is_open() && is_its_own(row)) {
        match met_at {
            Some(at) => row.clock = row.clock.met(at),
            None => row.ended_at = Some(now),
        }
        store::clocks::save(tx, &row).await?;
    }
    Ok(())
}

async fn say(
    tx: &mut Tx,
    incident: &Incident,
    what: &str,
    follow_up: FollowUpId,
    as_it_is: &NewFollowUp,
    actor: &Actor,
    now: Time,
) -> Result<(), Error> {
    let body: Value = json!({
        "follow_up": follow_up,
        "what": what,
        "title": as_it_is.title,
        "owner": as_it_is.owner,
        "due_on": as_it_is.due_on,
        "kind": as_it_is.kind.map(ActionKind::as_str),
    });
    write(tx, incident, &Line::of(EntryKind::FollowUp, now, By::of(actor), body.clone()), now).await?;
    history::append(tx, incident, history::FOLLOW_UP_CHANGED, actor, now, body).await?;
    Ok(())
}
