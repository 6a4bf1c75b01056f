//! Parts: who commands, tells others, writes, responds. Each is given in one act.

use crate::error::Error;
use crate::history;
use crate::incident::{By, Incident};
use crate::needs::Known;
use crate::rooms;
use crate::timeline::{EntryKind, Line, write};
use crate::visibility;
use crate::{Incidents, Seen};
use kernel::{Grant, Tx};
use model::access::WorkOnIncident;
use model::ids::PersonId;
use model::incident::roles::{Assigned, IncidentRole, MAX_RESPONDERS};
use model::{Actor, Time};
use serde_json::{Value, json};

/// Somebody by number and name.
struct Named {
    id: PersonId,
    name: Option<String>,
}

/// A part that somebody takes or gives up.
struct Change<'a> {
    role: IncidentRole,
    person: &'a Named,
    assigned: Assigned,
    /// Of whoever had it before.
    from_name: Option<String>,
}

impl Incidents {
    /// Gives a part to a person; whoever had it stays a responder. Nothing happens when they have it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Stale`], [`Error::NoSuchPerson`], [`Error::Large`], [`Error::Over`]. The database's, and the world's.
    pub async fn assign(
        &self,
        grant: &Grant<WorkOnIncident>,
        seen: Seen,
        role: IncidentRole,
        person: PersonId,
    ) -> Result<Incident, Error> {
        let now: Time = self.clock.now();
        let known: Vec<Known> = self.needs.people.known(&[person]).await?;
        let known: &Known = known.iter().find(|known| known.id == person && known.may_come_in).ok_or(Error::NoSuchPerson)?;
        let named = Named { id: person, name: Some(known.name.clone()) };
        let mut tx: Tx = self.db.begin().await?;
        let mut incident: Incident = visibility::locked(&mut tx, grant.actor(), seen).await?;
        if incident.status.is_final() {
            return Err(Error::Over);
        }
        let responders: &[PersonId] = &incident.roles.responders;
        if role == IncidentRole::Responder && responders.len() >= MAX_RESPONDERS && !responders.contains(&person) {
            return Err(Error::Large { what: "the list of responders", n: MAX_RESPONDERS + 1, max: MAX_RESPONDERS });
        }
        let from_name: Option<String> = self.holder_name(&incident, role).await?;
        let assigned: Assigned = incident.roles.assign(role, person);
        if assigned == Assigned::Unchanged {
            return Ok(incident);
        }
        let change = Change { role, person: &named, assigned, from_name };
        say(&mut tx, &incident, &change, grant.actor(), now).await?;
        rooms::invite(&mut tx, &incident, person, now).await?;
        visibility::save(&mut tx, &mut incident).await?;
        tx.commit().await?;
        Ok(incident)
    }

    /// Takes a part from a person. Nothing happens when they don't have it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Stale`]. The database's, and the world's.
    pub async fn give_up(
        &self,
        grant: &Grant<WorkOnIncident>,
        seen: Seen,
        role: IncidentRole,
        person: PersonId,
    ) -> Result<Incident, Error> {
        let now: Time = self.clock.now();
        let name: Option<String> = self.needs.people.known(&[person]).await?.pop().map(|known| known.name);
        let named = Named { id: person, name };
        let mut tx: Tx = self.db.begin().await?;
        let mut incident: Incident = visibility::locked(&mut tx, grant.actor(), seen).await?;
        let assigned: Assigned = incident.roles.give_up(role, person);
        if assigned == Assigned::Unchanged {
            return Ok(incident);
        }
        let change = Change { role, person: &named, assigned, from_name: None };
        say(&mut tx, &incident, &change, grant.actor(), now).await?;
        visibility::save(&mut tx, &mut incident).await?;
        tx.commit().await?;
        Ok(incident)
    }

    async fn holder_name(&self, incident: &Incident, role: IncidentRole) -> Result<Option<String>, Error> {
        let holders: Vec<PersonId> = incident.roles.holders(role);
        if role == IncidentRole::Responder || holders.is_empty() {
            return Ok(None);
        }
        Ok(self.needs.people.known(&holders).await?.pop().map(|known| known.name))
    }
}

/// Gives a part to whoever acts, under the lock of the incident; the caller saves it.
pub(crate) async fn give(
    tx: &mut Tx,
    incident: &mut Incident,
    role: IncidentRole,
    person: PersonId,
    actor: &Actor,
    now: Time,
) -> Result<(), Error> {
    let assigned: Assigned = incident.roles.assign(role, person);
    if assigned == Assigned::Unchanged {
        return Ok(());
    }
    let named = Named { id: person, name: Some(actor.name().to_owned()).filter(|_| actor.person_id() == Some(person)) };
    say(tx, incident, &Change { role, person: &named, assigned, from_name: None }, actor, now).await?;
    rooms::invite(tx, incident, person, now).await
}

async fn say(tx: &mut Tx, incident: &Incident, change: &Change<'_>, actor: &Actor, now: Time) -> Result<(), Error> {
    let from: Option<PersonId> = match change.assigned {
        Assigned::Handed { from } => Some(from),
        Assigned::Unchanged | Assigned::Taken | Assigned::GivenUp => None,
    };
    let body: Value = json!({
        "role": change.role.as_str(),
        "person": change.person.id,
        "name": change.person.name,
        "from": from,
        "from_name": change.from_name,
        "given_up": change.assigned == Assigned::GivenUp,
    });
    write(tx, incident, &Line::of(EntryKind::Role, now, By::of(actor), body.clone()), now).await?;
    history::append(tx, incident, history::ROLE_CHANGED, actor, now, body).await?;
    Ok(())
}
