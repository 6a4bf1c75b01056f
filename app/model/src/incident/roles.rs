//! Who does what in an incident. One commander, one who tells others, one who writes; any number who respond.

use crate::ids::PersonId;
use serde::{Deserialize, Serialize};

/// Responders of one incident.
pub const MAX_RESPONDERS: usize = 100;

/// A part somebody has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IncidentRole {
    /// Decides, and has the whole in view.
    Commander,
    /// Tells those who wait.
    Communications,
    /// Writes down what happens.
    Scribe,
    /// Works on it.
    Responder,
}

impl IncidentRole {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Commander, Self::Communications, Self::Scribe, Self::Responder];

    /// The word in the database and in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Commander => "commander",
            Self::Communications => "communications",
            Self::Scribe => "scribe",
            Self::Responder => "responder",
        }
    }

    /// The role of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// Who has which part now. One person may have several.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles {
    pub commander: Option<PersonId>,
    pub communications: Option<PersonId>,
    pub scribe: Option<PersonId>,
    pub responders: Vec<PersonId>,
}

/// What an assignment changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assigned {
    /// The person had it already, or did not have what was to be given up; or there are [`MAX_RESPONDERS`].
    Unchanged,
    /// Nobody had it.
    Taken,
    /// From somebody else.
    Handed { from: PersonId },
    /// Nobody has it now.
    GivenUp,
}

impl Roles {
    /// Gives a part to a person. Whoever hands over the command, or another single part, stays a responder.
    pub fn assign(&mut self, role: IncidentRole, person: PersonId) -> Assigned {
        let before: Option<PersonId> = match self.single(role) {
            None => return self.join(person),
            Some(place) => place.replace(person),
        };
        match before {
            Some(from) if from == person => Assigned::Unchanged,
            Some(from) => {
                self.join(from);
                Assigned::Handed { from }
            }
            None => Assigned::Taken,
        }
    }

    /// Takes a part from a person who has it.
    pub fn give_up(&mut self, role: IncidentRole, person: PersonId) -> Assigned {
        let Some(place) = self.single(role) else {
            let n_before: usize = self.responders.len();
            self.responders.retain(|responder| *responder != person);
            return if self.responders.len() < n_before { Assigned::GivenUp } else { Assigned::Unchanged };
        };
        if *place != Some(person) {
            return Assigned::Unchanged;
        }
        *place = None;
        Assigned::GivenUp
    }

    /// The parts a person has.
    #[must_use]
    pub fn of(&self, person: PersonId) -> Vec<IncidentRole> {
        IncidentRole::ALL.into_iter().filter(|role| self.holders(*role).contains(&person)).collect()
    }

    /// Who has a part.
    #[must_use]
    pub fn holders(&self, role: IncidentRole) -> Vec<PersonId> {
        match role {
            IncidentRole::Commander => self.commander.into_iter().collect(),
            IncidentRole::Communications => self.communications.into_iter().collect(),
            IncidentRole::Scribe => self.scribe.into_iter().collect(),
            IncidentRole::Responder => self.responders.clone(),
        }
    }

    /// Everybody with a part, each once.
    #[must_use]
    pub fn people(&self) -> Vec<PersonId> {
        let mut people: Vec<PersonId> = IncidentRole::ALL.into_iter().flat_map(|role| self.holders(role)).collect();
        people.sort_unstable();
        people.dedup();
        people
    }

    fn single(&mut self, role: IncidentRole) -> Option<&mut Option<PersonId>> {
        match role {
            IncidentRole::Commander => Some(&mut self.commander),
            IncidentRole::Communications => Some(&mut self.communications),
            IncidentRole::Scribe => Some(&mut self.scribe),
            IncidentRole::Responder => None,
        }
    }

    fn join(&mut self, person: PersonId) -> Assigned {
        if self.responders.contains(&person) || self.responders.len() >= MAX_RESPONDERS {
            return Assigned::Unchanged;
        }
        self.responders.push(person);
        Assigned::Taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    #[test]
    fn a_part_is_taken_handed_over_and_given_up() {
        let mut roles = Roles::default();
        assert_eq!(roles.assign(IncidentRole::Commander, person(1)), Assigned::Taken);
        assert_eq!(roles.assign(IncidentRole::Commander, person(1)), Assigned::Unchanged);
        assert_eq!(roles.assign(IncidentRole::Commander, person(2)), Assigned::Handed { from: person(1) });
        assert_eq!(roles.responders, [person(1)]);
        assert_eq!(roles.give_up(IncidentRole::Commander, person(1)), Assigned::Unchanged);
        assert_eq!(roles.give_up(IncidentRole::Commander, person(2)), Assigned::GivenUp);
        assert_eq!(roles.commander, None);
        assert_eq!(roles.give_up(IncidentRole::Responder, person(1)), Assigned::GivenUp);
        assert_eq!(roles, Roles::default());
    }

    #[test]
    fn one_person_may_have_several_parts_and_is_counted_once() {
        let mut roles = Roles::default();
        for role in IncidentRole::ALL {
            assert_eq!(roles.assign(role, person(1)), Assigned::Taken, "{}", role.as_str());
        }
        assert_eq!(roles.of(person(1)), IncidentRole::ALL);
        assert_eq!(roles.people(), [person(1)]);
        assert!(roles.of(person(2)).is_empty());
    }

    #[test]
    fn responders_have_a_limit() {
        let mut roles = Roles::default();
        for n in 0..200 {
            roles.assign(IncidentRole::Responder, person(n));
        }
        assert_eq!(roles.responders.len(), MAX_RESPONDERS);
    }

    #[test]
    fn words_go_there_and_back() {
        for role in IncidentRole::ALL {
            assert_eq!(IncidentRole::from_word(role.as_str()), Some(role));
        }
    }
}
