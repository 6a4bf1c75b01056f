//! People: who they are, what they may do, and that the last admin can't lock everybody out.

use crate::error::Error;
use crate::preferences::Preferences;
use crate::{Identity, store, text};
use kernel::access::Grant;
use kernel::{Fact, Tx, facts};
use model::access::ManagePeople;
use model::actor::Who;
use model::ids::{PersonId, TeamId};
use model::{Actor, Role, Time};
use serde_json::{Value, json};

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    /// Organisation-wide.
    pub role: Role,
    pub preferences: Preferences,
}

impl Person {
    /// The person as an actor, with no team roles: for Facts.
    pub(crate) fn actor(&self) -> Actor {
        let who = Who::Person { id: self.id, name: self.name.clone() };
        Actor { who, role: self.role, team_roles: Vec::new() }
    }

    /// What Facts about them are about.
    pub(crate) fn subject(&self) -> String {
        format!("person/{}", self.id)
    }
}

/// A person with what decides whether they come in. No `Debug`: the hash belongs in no log.
#[derive(Clone)]
pub(crate) struct Known {
    pub person: Person,
    /// `None`: invited, but not joined.
    pub password_hash: Option<String>,
    pub enabled: bool,
}

/// A person in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub disabled: bool,
    /// Invited, but has not joined yet.
    pub invited: bool,
    /// Last use of any session, to the minute.
    pub last_seen: Option<Time>,
    pub teams: Vec<Membership>,
}

/// Being in a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub team: TeamId,
    pub team_name: String,
    pub role: Role,
}

impl Identity {
    /// Everybody, disabled and invited people too, by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn people_list(&self) -> Result<Vec<PersonRow>, Error> {
        let mut people = store::people::list(self.db()).await?;
        let mut memberships = store::teams::memberships(self.db()).await?;
        for row in &mut people {
            row.teams = memberships.remove(&row.id).unwrap_or_default();
        }
        Ok(people)
    }

    /// One person, disabled and invited people too.
    ///
    /// # Errors
    /// The database's.
    pub async fn person(&self, person: PersonId) -> Result<Option<Person>, Error> {
        Ok(store::people::by_id(self.db(), person).await?.map(|known| known.person))
    }

    /// Renames somebody.
    ///
    /// # Errors
    /// `NotFound`, or `Invalid` for an empty or overlong name.
    pub async fn rename_person(&self, grant: &Grant<ManagePeople>, person: PersonId, name: &str) -> Result<(), Error> {
        let name = text::name("name", name)?;
        let mut tx = self.db().begin().await?;
        let before = locked(&mut tx, person).await?;
        store::people::set_name(&mut tx, person, &name).await?;
        let body = json!({ "from": before.person.name, "to": name });
        self.finish_change(tx, grant, "PersonRenamed", person, body).await
    }

    /// Changes somebody's organisation-wide role. The next request they make already has it.
    ///
    /// # Errors
    /// `NotFound`, or `LastAdmin` when nobody else could then manage people.
    pub async fn set_role(&self, grant: &Grant<ManagePeople>, person: PersonId, role: Role) -> Result<(), Error> {
        let mut tx = self.db().begin().await?;
        if role < Role::Admin {
            protect_last_admin(&mut tx, person).await?;
        }
        let before = locked(&mut tx, person).await?;
        if before.person.role == role {
            return Ok(());
        }
        store::people::set_role(&mut tx, person, role).await?;
        let body = json!({ "from": before.person.role, "to": role });
        self.finish_change(tx, grant, "RoleChanged", person, body).await
    }

    /// Keeps somebody out from now on: ends their sessions, forgets their devices, withdraws an open invitation. Their tokens rest
    /// while they are disabled.
    ///
    /// # Errors
    /// `NotFound`, or `LastAdmin` when nobody else could then manage people.
    pub async fn disable(&self, grant: &Grant<ManagePeople>, person: PersonId) -> Result<(), Error> {
        let mut tx = self.db().begin().await?;
        protect_last_admin(&mut tx, person).await?;
        if !locked(&mut tx, person).await?.enabled {
            return Ok(());
        }
        store::people::set_disabled(&mut tx, person, Some(self.now())).await?;
        let ended = store::sessions::end_all_but(&mut tx, person, None).await?;
        store::devices::forget(&mut tx, person).await?;
        store::invitations::withdraw(&mut tx, person).await?;
        self.finish_change(tx, grant, "PersonDisabled", person, json!({ "sessions_ended": ended })).await
    }

    /// Lets somebody in again. Their sessions stay ended.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn enable(&self, grant: &Grant<ManagePeople>, person: PersonId) -> Result<(), Error> {
        let mut tx = self.db().begin().await?;
        if locked(&mut tx, person).await?.enabled {
            return Ok(());
        }
        store::people::set_disabled(&mut tx, person, None).await?;
        self.finish_change(tx, grant, "PersonEnabled", person, json!({})).await
    }

    /// Ends all sessions of somebody else, say after a phone was lost.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn end_sessions_of(&self, grant: &Grant<ManagePeople>, person: PersonId) -> Result<(), Error> {
        let mut tx = self.db().begin().await?;
        locked(&mut tx, person).await?;
        let ended = store::sessions::end_all_but(&mut tx, person, None).await?;
        self.finish_change(tx, grant, "SessionsEnded", person, json!({ "sessions_ended": ended })).await
    }

    pub(crate) async fn finish_change(
        &self,
        mut tx: Tx,
        grant: &Grant<ManagePeople>,
        kind: &'static str,
        person: PersonId,
        body: Value,
    ) -> Result<(), Error> {
        let fact = Fact { kind, actor: grant.actor(), subject: format!("person/{person}"), body, at: self.now() };
        facts::append(&mut tx, &fact).await?;
        tx.commit().await?;
        self.forget_look_ups();
        Ok(())
    }
}

async fn locked(tx: &mut Tx, person: PersonId) -> Result<Known, Error> {
    store::people::lock(tx, person).await?.ok_or(Error::NotFound { what: "person" })
}

/// Locks all admins first: of two admins who demote each other at once, the second finds itself the last.
async fn protect_last_admin(tx: &mut Tx, person: PersonId) -> Result<(), Error> {
    let admins = store::people::lock_admins(tx).await?;
    if admins == [person] { Err(Error::LastAdmin) } else { Ok(()) }
}
