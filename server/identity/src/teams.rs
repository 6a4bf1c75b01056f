//! Teams and who is in them. A role in a team lifts somebody for what belongs to that team; it never lowers. So far nothing belongs to
//! one.

use crate::error::Error;
use crate::{Identity, store, text};
use kernel::access::Grant;
use kernel::{Fact, Tx, facts, ids};
use model::Role;
use model::access::ManageTeams;
use model::ids::{PersonId, TeamId};
use serde_json::{Value, json};

/// A team and its people, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamRow {
    pub id: TeamId,
    pub name: String,
    pub members: Vec<Member>,
}

/// Somebody in a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub person: PersonId,
    pub name: String,
    pub role: Role,
}

impl Identity {
    /// Every team, by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn teams_list(&self) -> Result<Vec<TeamRow>, Error> {
        store::teams::list(self.db()).await
    }

    /// Makes a team without members.
    ///
    /// # Errors
    /// `TeamTaken` when there is one of that name in any case, `Invalid` for an empty or overlong name.
    pub async fn create_team(&self, grant: &Grant<ManageTeams>, name: &str) -> Result<TeamId, Error> {
        let name = text::name("name", name)?;
        let team = TeamId(ids::new_uuid());
        let mut tx = self.db().begin().await?;
        if !store::teams::add(&mut tx, team, &name, &text::key(&name), self.now()).await? {
            return Err(Error::TeamTaken);
        }
        self.finish_team(tx, grant, "TeamMade", team, json!({ "name": name })).await?;
        Ok(team)
    }

    /// Renames a team.
    ///
    /// # Errors
    /// `NotFound`, `TeamTaken`, or `Invalid` for an empty or overlong name.
    pub async fn rename_team(&self, grant: &Grant<ManageTeams>, team: TeamId, name: &str) -> Result<(), Error> {
        let name = text::name("name", name)?;
        let key = text::key(&name);
        let mut tx = self.db().begin().await?;
        if store::teams::name_is_taken(&mut tx, team, &key).await? {
            return Err(Error::TeamTaken);
        }
        if !store::teams::rename(&mut tx, team, &name, &key).await? {
            return Err(Error::NotFound { what: "team" });
        }
        self.finish_team(tx, grant, "TeamRenamed", team, json!({ "to": name })).await
    }

    /// Deletes a team. What belonged to it belongs to the whole organisation again.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete_team(&self, grant: &Grant<ManageTeams>, team: TeamId) -> Result<(), Error> {
        let mut tx = self.db().begin().await?;
        let name = store::teams::delete(&mut tx, team).await?.ok_or(Error::NotFound { what: "team" })?;
        self.finish_team(tx, grant, "TeamDeleted", team, json!({ "name": name })).await
    }

    /// Puts somebody into a team, or changes their role in it.
    ///
    /// # Errors
    /// `NotFound` when there is no such team or person.
    pub async fn add_member(&self, grant: &Grant<ManageTeams>, team: TeamId, person: PersonId, role: Role) -> Result<(), Error> {
        let mut tx = self.db().begin().await?;
        if !store::teams::put_member(&mut tx, team, person, role).await? {
            return Err(Error::NotFound { what: "team or person" });
        }
        self.finish_team(tx, grant, "TeamMemberSet", team, json!({ "person": person, "role": role })).await
    }

    /// Takes somebody out of a team.
    ///
    /// # Errors
    /// `NotFound` when they are not in it.
    pub async fn remove_member(&self, grant: &Grant<ManageTeams>, team: TeamId, person: PersonId) -> Result<(), Error> {
        let mut tx = self.db().begin().await?;
        if !store::teams::remove_member(&mut tx, team, person).await? {
            return Err(Error::NotFound { what: "member" });
        }
        self.finish_team(tx, grant, "TeamMemberRemoved", team, json!({ "person": person })).await
    }

    async fn finish_team(
        &self,
        mut tx: Tx,
        grant: &Grant<ManageTeams>,
        kind: &'static str,
        team: TeamId,
        body: Value,
    ) -> Result<(), Error> {
        let fact = Fact { kind, actor: grant.actor(), subject: format!("team/{team}"), body, at: self.now() };
        facts::append(&mut tx, &fact).await?;
        tx.commit().await?;
        self.forget_look_ups();
        Ok(())
    }
}
