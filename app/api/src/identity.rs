//! People, teams and one's own account, as screens see them. Sign-in, set-up and sign-out are plain forms outside.

use crate::error::ApiError;
use crate::wire::Packed;
use async_trait::async_trait;
use leptos::prelude::*;
use model::ids::{PersonId, SessionId, TeamId, TokenId};
use model::{Role, Time};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A person in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub disabled: bool,
    /// Invited, but has not joined yet.
    pub invited: bool,
    pub last_seen: Option<Time>,
    pub teams: Vec<String>,
}

/// A team and its people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamRow {
    pub id: TeamId,
    pub name: String,
    pub members: Vec<MemberRow>,
}

/// Somebody in a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    pub person: PersonId,
    pub name: String,
    pub role: Role,
}

/// People and teams on one screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleView {
    pub people: Vec<PersonRow>,
    pub teams: Vec<TeamRow>,
}

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    pub id: SessionId,
    pub current: bool,
    pub address: String,
    pub agent: String,
    pub made_at: Time,
    pub seen_at: Time,
}

/// An API token; its secret is never shown again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRow {
    pub id: TokenId,
    pub name: String,
    pub prefix: String,
    pub scopes: Vec<String>,
    pub role: Role,
    pub expires_at: Time,
    pub used_at: Option<Time>,
}

/// One's own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    pub sessions: Vec<SessionRow>,
    pub tokens: Vec<TokenRow>,
    /// IANA names to choose from.
    pub zones: Vec<String>,
}

/// Something shown exactly once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownOnce {
    /// A token, or an invitation's address.
    pub secret: String,
}

/// Answers the screens of `manage`.
#[async_trait]
pub trait IdentityApi: Send + Sync {
    async fn people(&self) -> Result<PeopleView, ApiError>;
    async fn invite(&self, name: String, email: String, role: Role) -> Result<ShownOnce, ApiError>;
    async fn set_role(&self, person: PersonId, role: Role) -> Result<(), ApiError>;
    async fn set_disabled(&self, person: PersonId, disabled: bool) -> Result<(), ApiError>;
    async fn team_make(&self, name: String) -> Result<(), ApiError>;
    async fn team_delete(&self, team: TeamId) -> Result<(), ApiError>;
    async fn member_add(&self, team: TeamId, person: PersonId, role: Role) -> Result<(), ApiError>;
    async fn member_remove(&self, team: TeamId, person: PersonId) -> Result<(), ApiError>;
    async fn account(&self) -> Result<AccountView, ApiError>;
    async fn session_revoke(&self, session: SessionId) -> Result<(), ApiError>;
    async fn sessions_revoke_others(&self) -> Result<(), ApiError>;
    async fn token_make(&self, name: String, scopes: Vec<String>, days: u32) -> Result<ShownOnce, ApiError>;
    async fn token_revoke(&self, token: TokenId) -> Result<(), ApiError>;
    async fn password_change(&self, old: String, new: String) -> Result<(), ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn IdentityApi> {
    expect_context::<Arc<dyn IdentityApi>>()
}

/// People and teams.
#[server(prefix = "/call", endpoint = "people", output = Packed)]
pub async fn people() -> Result<PeopleView, ApiError> {
    room().people().await
}

/// Invites somebody; answers with the address to send them.
#[server(prefix = "/call", endpoint = "person_invite", output = Packed)]
pub async fn person_invite(name: String, email: String, role: Role) -> Result<ShownOnce, ApiError> {
    room().invite(name, email, role).await
}

/// Changes somebody's organisation-wide role.
#[server(prefix = "/call", endpoint = "person_role", output = Packed)]
pub async fn person_role(person: PersonId, role: Role) -> Result<(), ApiError> {
    room().set_role(person, role).await
}

/// Disables somebody (ends all their sessions) or enables them again.
#[server(prefix = "/call", endpoint = "person_disabled", output = Packed)]
pub async fn person_disabled(person: PersonId, disabled: bool) -> Result<(), ApiError> {
    room().set_disabled(person, disabled).await
}

/// Makes a team.
#[server(prefix = "/call", endpoint = "team_make", output = Packed)]
pub async fn team_make(name: String) -> Result<(), ApiError> {
    room().team_make(name).await
}

/// Deletes a team.
#[server(prefix = "/call", endpoint = "team_delete", output = Packed)]
pub async fn team_delete(team: TeamId) -> Result<(), ApiError> {
    room().team_delete(team).await
}

/// Puts somebody into a team, or changes their role in it.
#[server(prefix = "/call", endpoint = "member_add", output = Packed)]
pub async fn member_add(team: TeamId, person: PersonId, role: Role) -> Result<(), ApiError> {
    room().member_add(team, person, role).await
}

/// Takes somebody out of a team.
#[server(prefix = "/call", endpoint = "member_remove", output = Packed)]
pub async fn member_remove(team: TeamId, person: PersonId) -> Result<(), ApiError> {
    room().member_remove(team, person).await
}

/// One's own account.
#[server(prefix = "/call", endpoint = "account", output = Packed)]
pub async fn account() -> Result<AccountView, ApiError> {
    room().account().await
}

/// Ends one of one's own sessions.
#[server(prefix = "/call", endpoint = "session_revoke", output = Packed)]
pub async fn session_revoke(session: SessionId) -> Result<(), ApiError> {
    room().session_revoke(session).await
}

/// Ends all of one's other sessions.
#[server(prefix = "/call", endpoint = "sessions_revoke_others", output = Packed)]
pub async fn sessions_revoke_others() -> Result<(), ApiError> {
    room().sessions_revoke_others().await
}

/// Makes an API token; a form sends `scopes[]` once for each.
#[server(prefix = "/call", endpoint = "token_make", output = Packed)]
pub async fn token_make(name: String, #[server(default)] scopes: Vec<String>, days: u32) -> Result<ShownOnce, ApiError> {
    room().token_make(name, scopes, days).await
}

/// Revokes one of one's own tokens.
#[server(prefix = "/call", endpoint = "token_revoke", output = Packed)]
pub async fn token_revoke(token: TokenId) -> Result<(), ApiError> {
    room().token_revoke(token).await
}

/// Changes one's own password and ends all other sessions.
#[server(prefix = "/call", endpoint = "password_change", output = Packed)]
pub async fn password_change(old: String, new: String) -> Result<(), ApiError> {
    room().password_change(old, new).await
}
