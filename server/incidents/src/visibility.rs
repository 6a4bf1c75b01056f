//! Who may see an incident: everybody, or, while it is private, those with a part in it, those who were let in, whoever declared it, and
//! administrators. Whom it does not concern learns not even that it is there.

use crate::error::Error;
use crate::history;
use crate::incident::{By, Incident, MAX_INSIDERS};
use crate::store;
use crate::store::incidents::Eyes;
use crate::timeline::{EntryKind, Line, write};
use crate::{Incidents, Seen};
use kernel::{Grant, Tx};
use model::access::WorkOnIncident;
use model::ids::{IncidentId, PersonId};
use model::{Actor, Role, Time};
use serde_json::json;

/// With whose eyes an actor looks.
pub(crate) fn eyes(actor: &Actor) -> Eyes {
    Eyes { see_all: actor.role == Role::Admin, person: actor.person_id() }
}

/// Whether an actor may see it.
#[must_use]
pub fn may_see(incident: &Incident, actor: &Actor) -> bool {
    let eyes: Eyes = eyes(actor);
    if !incident.is_private || eyes.see_all {
        return true;
    }
    eyes.person.is_some_and(|person| concerns(incident, person))
}

/// Whether somebody is within an incident: let in, whoever declared it, or with a part in it.
#[must_use]
pub(crate) fn concerns(incident: &Incident, person: PersonId) -> bool {
    incident.insiders.contains(&person)
        || incident.declared_by.person == Some(person)
        || incident.roles.people().contains(&person)
}

/// The incident, if it is there for the actor.
pub(crate) async fn seen_by(tx: &mut Tx, actor: &Actor, id: IncidentId) -> Result<Option<Incident>, Error> {
    Ok(store::incidents::one(tx, id).await?.filter(|incident| may_see(incident, actor)))
}

/// Locks an incident for a change: it is there for the actor, and as they saw it.
pub(crate) async fn locked(tx: &mut Tx, actor: &Actor, seen: Seen) -> Result<Incident, Error> {
    let found: Option<Incident> = store::incidents::lock(tx, seen.id).await?;
    let incident: Incident = found.filter(|incident| may_see(incident, actor)).ok_or(Error::NotFound(seen.id))?;
    match seen.version {
        Some(expected) if expected != incident.version => {
            Err(Error::Stale { what: format!("incident {}", seen.id), expected, found: incident.version })
        }
        _ => Ok(incident),
    }
}

/// Writes a change of people's: the next version.
pub(crate) async fn save(tx: &mut Tx, incident: &mut Incident) -> Result<(), Error> {
    incident.version += 1;
    store::incidents::save(tx, incident).await
}

impl Incidents {
    /// Says who may see an incident. Only those within can make it public again.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Stale`], [`Error::Large`]. The database's.
    pub async fn set_visibility(
        &self,
        grant: &Grant<WorkOnIncident>,
        seen: Seen,
        is_private: bool,
        insiders: &[PersonId],
    ) -> Result<Incident, Error> {
        let insiders: Vec<PersonId> = checked_insiders(insiders)?;
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let mut incident: Incident = locked(&mut tx, grant.actor(), seen).await?;
        incident.is_private = is_private;
        incident.insiders = insiders;
        // Who makes something private must not lock themselves out.
        if let Some(person) = grant.actor().person_id().filter(|_| !may_see(&incident, grant.actor())) {
            incident.insiders.push(person);
        }
        save(&mut tx, &mut incident).await?;
        let by: By = By::of(grant.actor());
        let line: Line = Line::of(EntryKind::Edit, now, by, json!({ "fields": ["visibility"], "private": is_private }));
        write(&mut tx, &incident, &line, now).await?;
        let body = json!({ "private": is_private });
        history::append(&mut tx, &incident, history::VISIBILITY_CHANGED, grant.actor(), now, body).await?;
        tx.commit().await?;
        Ok(incident)
    }

    /// The caller wants to hear the updates of an incident. `false` when they did already, or are no person.
    ///
    /// # Errors
    /// [`Error::NotFound`]. The database's.
    pub async fn follow(&self, grant: &Grant<WorkOnIncident>, id: IncidentId) -> Result<bool, Error> {
        self.set_following(grant.actor(), id, true).await
    }

    /// The caller wants to hear no more of it. `false` when they didn't.
    ///
    /// # Errors
    /// [`Error::NotFound`]. The database's.
    pub async fn unfollow(&self, grant: &Grant<WorkOnIncident>, id: IncidentId) -> Result<bool, Error> {
        self.set_following(grant.actor(), id, false).await
    }

    async fn set_following(&self, actor: &Actor, id: IncidentId, wants: bool) -> Result<bool, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let incident: Incident = locked(&mut tx, actor, Seen::any(id)).await?;
        let Some(person) = actor.person_id() else {
            return Ok(false);
        };
        let (changed, kind): (bool, &'static str) = if wants {
            (store::updates::follow(&mut tx, id, person).await?, history::FOLLOWED)
        } else {
            (store::updates::unfollow(&mut tx, id, person).await?, history::UNFOLLOWED)
        };
        if changed {
            history::append(&mut tx, &incident, kind, actor, now, json!({})).await?;
        }
        tx.commit().await?;
        Ok(changed)
    }
}

/// Each once, and not too many.
pub(crate) fn checked_insiders(insiders: &[PersonId]) -> Result<Vec<PersonId>, Error> {
    let mut insiders: Vec<PersonId> = insiders.to_vec();
    insiders.sort_unstable();
    insiders.dedup();
    if insiders.len() > MAX_INSIDERS {
        return Err(Error::Large { what: "the list of insiders", n: insiders.len(), max: MAX_INSIDERS });
    }
    Ok(insiders)
}
