//! Who is who, and which team is which, asked once for an answer.

use crate::apis::Door;
use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::oncall::PersonName;
use identity::PersonRow;
use identity::teams::TeamRow;
use model::Role;
use model::ids::{PersonId, TeamId};
use std::collections::BTreeMap;

/// Everybody and every team of this house, for one reader.
pub struct Names {
    people: BTreeMap<PersonId, PersonRow>,
    teams: BTreeMap<TeamId, String>,
    me: Option<PersonId>,
}

impl Names {
    /// Asks for them.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn of(door: &Door) -> Result<Self, ApiError> {
        let people: Vec<PersonRow> = door.house.identity.people_list().await.map_err(|error| unavailable(&error))?;
        let teams: Vec<TeamRow> = door.house.identity.teams_list().await.map_err(|error| unavailable(&error))?;
        Ok(Self {
            people: people.into_iter().map(|person| (person.id, person)).collect(),
            teams: teams.into_iter().map(|team| (team.id, team.name)).collect(),
            me: door.visitor.actor.as_ref().and_then(model::Actor::person_id),
        })
    }

    /// Somebody by name; without one, who is not known any more.
    pub fn person(&self, id: PersonId) -> PersonName {
        let name: String = self.people.get(&id).map(|person| person.name.clone()).unwrap_or_default();
        PersonName { id, name, is_me: self.me == Some(id) }
    }

    /// A team's name.
    pub fn team(&self, id: Option<TeamId>) -> Option<String> {
        id.and_then(|id| self.teams.get(&id).cloned())
    }

    /// Every team, by name.
    pub fn teams(&self) -> Vec<(TeamId, String)> {
        let mut all: Vec<(TeamId, String)> = self.teams.iter().map(|(id, name)| (*id, name.clone())).collect();
        all.sort_by(|one, other| one.1.cmp(&other.1));
        all
    }

    /// Whoever may take a part: the reader first, then by name.
    pub fn responders(&self) -> Vec<PersonName> {
        let may = |person: &&PersonRow| !person.disabled && !person.invited && person.role >= Role::Responder;
        let mut all: Vec<PersonName> = self.people.values().filter(may).map(|person| self.person(person.id)).collect();
        all.sort_by(|one, other| (!one.is_me, &one.name).cmp(&(!other.is_me, &other.name)));
        all
    }
}
