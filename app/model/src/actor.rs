//! Who does it: a person, a token, or a named worker of our own.

use crate::ids::{PersonId, TeamId, TokenId};
use crate::role::Role;
use serde::{Deserialize, Serialize};

/// Established once per request, in the server's `context.rs`; never rebuilt from parts further in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub who: Who,
    /// The role held organisation-wide.
    pub role: Role,
    /// Roles held in single teams, besides the one above.
    pub team_roles: Vec<(TeamId, Role)>,
}

/// The kinds of actor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Who {
    Person { id: PersonId, name: String },
    Token { id: TokenId, name: String, scopes: Vec<String> },
    Worker { name: String },
}

/// Before the place of a link, in the name of whoever answers by it: a name that is stored must not be in one reader's language.
const LINK: &str = "link/";

/// Where the page went by whose link somebody answered (`Slack #ops`), if that is what a name says. Nothing more is known of them; how it
/// is said is a matter of the reader's language.
#[must_use]
pub fn place_of_link(name: &str) -> Option<&str> {
    name.strip_prefix(LINK).filter(|place| !place.is_empty())
}

impl Actor {
    /// Whoever holds the link in a page that went to `place`. They may answer alerts and nothing else.
    #[must_use]
    pub fn by_link(place: &str) -> Self {
        Self { who: Who::Worker { name: format!("{LINK}{place}") }, role: Role::Responder, team_roles: Vec::new() }
    }

    /// One of our own workers (`evaluator`, `collector`), which acts without a person behind it.
    #[must_use]
    pub fn worker(name: &str) -> Self {
        Self { who: Who::Worker { name: name.to_owned() }, role: Role::Admin, team_roles: Vec::new() }
    }

    /// The name as shown beside what was done.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.who {
            Who::Person { name, .. } | Who::Token { name, .. } | Who::Worker { name } => name,
        }
    }

    /// The person, if it is one.
    #[must_use]
    pub fn person_id(&self) -> Option<PersonId> {
        match &self.who {
            Who::Person { id, .. } => Some(*id),
            Who::Token { .. } | Who::Worker { .. } => None,
        }
    }

    /// The role that counts for something of `team`: the higher of the organisation's and the team's.
    #[must_use]
    pub fn role_in(&self, team: Option<TeamId>) -> Role {
        let in_team = self.team_roles.iter().filter(|(id, _)| Some(*id) == team).map(|(_, role)| *role);
        in_team.fold(self.role, Role::max)
    }

    /// Whether a token carries `scope`. People and workers are not limited by scopes.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        match &self.who {
            Who::Token { scopes, .. } => scopes.iter().any(|held| held == scope),
            Who::Person { .. } | Who::Worker { .. } => true,
        }
    }
}
