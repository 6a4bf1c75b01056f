//! What people write about an incident as a whole: its words, its level, the moments of its steps.

use crate::clocks::{self, Hours};
use crate::declaring::checked_systems;
use crate::error::Error;
use crate::history;
use crate::incident::{By, Incident, MAX_SUMMARY, Mark};
use crate::rooms;
use crate::scheme::Definition;
use crate::timeline::{EntryKind, Line, at_most, bounded, checked_time, write};
use crate::visibility;
use crate::{Incidents, Seen};
use kernel::{Grant, Tx};
use model::access::WorkOnIncident;
use model::ids::TeamId;
use model::incident::{MAX_REASON, MAX_TITLE};
use model::scheme::Level;
use model::{Actor, Severity, Time};
use serde_json::{Value, json};

/// The words of an incident, all of them as they are to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub title: String,
    pub summary: String,
    pub team: Option<TeamId>,
    pub systems: Vec<String>,
}

impl Incidents {
    /// Writes an incident's words anew. Nothing happens when they are so.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Stale`], [`Error::Empty`], [`Error::Large`]. The database's.
    pub async fn edit(&self, grant: &Grant<WorkOnIncident>, seen: Seen, edit: &Edit) -> Result<Incident, Error> {
        let title: String = bounded("the title", &edit.title, MAX_TITLE)?;
        let summary: String = at_most("the summary", &edit.summary, MAX_SUMMARY)?;
        let systems: Vec<String> = checked_systems(&edit.systems)?;
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let mut incident: Incident = visibility::locked(&mut tx, grant.actor(), seen).await?;
        let changed: Vec<&str> = [
            ("title", incident.title != title),
            ("summary", incident.summary != summary),
            ("team", incident.team != edit.team),
            ("systems", incident.systems != systems),
        ]
        .into_iter()
        .filter_map(|(field, is_changed)| is_changed.then_some(field))
        .collect();
        if changed.is_empty() {
            return Ok(incident);
        }
        incident.title = title;
        incident.summary = summary;
        incident.team = edit.team;
        incident.systems = systems;
        let body: Value = json!({ "fields": changed, "title": incident.title });
        note_edit(&mut tx, &incident, history::EDITED, body, grant.actor(), now).await?;
        rooms::retitle(&mut tx, &incident, now).await?;
        visibility::save(&mut tx, &mut incident).await?;
        tx.commit().await?;
        Ok(incident)
    }

    /// Notes a moment of a step, or takes it back; `at` is `None` to take it back.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Stale`], [`Error::BadTime`]. The database's.
    pub async fn mark(&self, grant: &Grant<WorkOnIncident>, seen: Seen, mark: Mark, at: Option<Time>) -> Result<Incident, Error> {
        let now: Time = self.clock.now();
        let at: Option<Time> = at.map(|at| checked_time(Some(at), now)).transpose()?;
        let mut tx: Tx = self.db.begin().await?;
        let mut incident: Incident = visibility::locked(&mut tx, grant.actor(), seen).await?;
        if incident.marked(mark) == at {
            return Ok(incident);
        }
        *incident.place_of(mark) = at;
        let body: Value = json!({ "fields": ["moment"], "mark": mark, "moment": at });
        note_edit(&mut tx, &incident, history::MARKED, body, grant.actor(), now).await?;
        visibility::save(&mut tx, &mut incident).await?;
        tx.commit().await?;
        Ok(incident)
    }

    /// The step is done now: [`Incidents::mark`] for a button.
    ///
    /// # Errors
    /// As [`Incidents::mark`].
    pub async fn mark_now(&self, grant: &Grant<WorkOnIncident>, seen: Seen, mark: Mark) -> Result<Incident, Error> {
        self.mark(grant, seen, mark, Some(self.clock.now())).await
    }

    /// Says how bad it is, by the code of a level. Clocks that run go by it: as bad or worse moves none of them later.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Stale`], [`Error::NoLevel`], [`Error::Over`], [`Error::Large`]. The database's, and the world's.
    pub async fn set_level(
        &self,
        grant: &Grant<WorkOnIncident>,
        seen: Seen,
        code: &str,
        reason: &str,
    ) -> Result<Incident, Error> {
        let reason: String = at_most("the reason", reason, MAX_REASON)?;
        let definition: Definition = self.setup().await?.definition;
        let named = || Error::NoLevel { code: code.chars().take(20).collect() };
        let level: Level = definition.scheme.level(code.trim()).cloned().ok_or_else(named)?;
        let now: Time = self.clock.now();
        let looked: Incident = self.incident(grant.actor(), seen.id).await?.ok_or(Error::NotFound(seen.id))?;
        let hours: Hours = self.hours(looked.team).await?;
        let has_rooms: bool = self.needs.rooms.is_there().await?;
        let mut tx: Tx = self.db.begin().await?;
        let mut incident: Incident = visibility::locked(&mut tx, grant.actor(), seen).await?;
        if incident.status.is_final() {
            return Err(Error::Over);
        }
        if incident.level == level && incident.moments.classified_at.is_some() {
            return Ok(incident);
        }
        incident.moments.classified_at = Some(now);
        relevel(&mut tx, &mut incident, level, &hours, &reason, grant.actor(), now).await?;
        if has_rooms && incident.room.is_none() && definition.opens_room(incident.severity()) {
            rooms::want(&mut tx, &incident, now).await?;
        }
        visibility::save(&mut tx, &mut incident).await?;
        tx.commit().await?;
        Ok(incident)
    }

    /// Says that no follow-up is needed, or that it isn't said any more.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Stale`]. The database's.
    pub async fn no_follow_ups(&self, grant: &Grant<WorkOnIncident>, seen: Seen, none_needed: bool) -> Result<Incident, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let mut incident: Incident = visibility::locked(&mut tx, grant.actor(), seen).await?;
        if incident.no_follow_ups == none_needed {
            return Ok(incident);
        }
        incident.no_follow_ups = none_needed;
        let body: Value = json!({ "fields": ["no_follow_ups"], "none_needed": none_needed });
        note_edit(&mut tx, &incident, history::FOLLOW_UP_CHANGED, body, grant.actor(), now).await?;
        visibility::save(&mut tx, &mut incident).await?;
        tx.commit().await?;
        Ok(incident)
    }
}

/// Another level, under the lock of the incident; the caller saves it.
pub(crate) async fn relevel(
    tx: &mut Tx,
    incident: &mut Incident,
    level: Level,
    hours: &Hours,
    reason: &str,
    actor: &Actor,
    now: Time,
) -> Result<(), Error> {
    let before: Level = std::mem::replace(&mut incident.level, level);
    clocks::relevel(tx, incident, &before, hours, now).await?;
    let (from, to): (Severity, Severity) = (before.severity, incident.severity());
    let body: Value = json!({
        "from": before.code,
        "to": incident.level.code,
        "from_severity": from.code(),
        "to_severity": to.code(),
        "reason": reason,
    });
    write(tx, incident, &Line::of(EntryKind::Severity, now, By::of(actor), body.clone()), now).await?;
    history::append(tx, incident, history::SEVERITY_CHANGED, actor, now, body).await?;
    rooms::retitle(tx, incident, now).await
}

async fn note_edit(
    tx: &mut Tx,
    incident: &Incident,
    kind: &'static str,
    body: Value,
    actor: &Actor,
    now: Time,
) -> Result<(), Error> {
    write(tx, incident, &Line::of(EntryKind::Edit, now, By::of(actor), body.clone()), now).await?;
    history::append(tx, incident, kind, actor, now, body).await?;
    Ok(())
}
