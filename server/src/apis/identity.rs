//! The identity room's door: people, teams and one's own account.

use crate::apis::Door;
use crate::house_error::unavailable;
use crate::zones;
use ::api::ApiError;
use ::api::error::{Denial, Expected, Mistake};
use ::api::identity::{AccountView, IdentityApi, MemberRow, PeopleView, PersonRow, SessionRow, ShownOnce, TeamRow, TokenRow};
use async_trait::async_trait;
use identity::passwords::rules;
use identity::{Error, NewToken, PasswordProblem, TokenKind};
use model::access::{ChangeOwnAccount, ManagePeople, ManageTeams, ReadConsole};
use model::ids::{PersonId, SessionId, TeamId, TokenId};
use model::{Role, links};

/// Answers the screens of `manage`.
pub struct Adapter(pub Door);

const DAY_MS: i64 = 86_400_000;

/// What a screen may see of this room's errors.
fn shown(error: Error) -> ApiError {
    let reason = match error {
        Error::Invalid { field, expected } => return invalid(field, wanted(expected)),
        Error::Mistakes(wrong) => return mistakes(wrong),
        Error::Password(problem) => return invalid("password", wanted_password(problem)),
        Error::NotFound { what } => return ApiError::NotFound { what: what.to_owned() },
        Error::TryLater { seconds } => return ApiError::TryLater { seconds },
        Error::Overloaded => return ApiError::TryLater { seconds: 1 },
        Error::WrongCredentials => Denial::WrongPassword,
        Error::PersonTaken => Denial::PersonTaken,
        Error::TeamTaken => Denial::TeamTaken,
        Error::LastAdmin => Denial::LastAdmin,
        Error::RoleTooHigh { wanted, has } => Denial::RoleTooHigh { wanted, has },
        Error::NotAPerson => Denial::NotAPerson,
        // Only the plain forms can meet these; they say them themselves.
        Error::SetUpDone | Error::WrongSetUpCode | Error::WrongInvitation => Denial::Other { said: error.to_string() },
        Error::Database(_) | Error::Corrupt { .. } | Error::Hashing(_) | Error::HashingThread(_) => return unavailable(&error),
    };
    ApiError::Denied { reason }
}

fn invalid(field: &str, expected: Expected) -> ApiError {
    ApiError::Invalid { field: field.to_owned(), expected }
}

fn mistakes(wrong: Vec<identity::Mistake>) -> ApiError {
    ApiError::Mistakes { wrong: wrong.into_iter().map(|one| Mistake::new(one.field, wanted(one.expected))).collect() }
}

fn wanted(expected: identity::Expected) -> Expected {
    match expected {
        identity::Expected::Characters { least, most } => Expected::Characters { least, most },
        identity::Expected::Email => Expected::Email,
        identity::Expected::Scopes => Expected::Scopes,
        identity::Expected::Expiry { days } => Expected::Expiry { days },
        identity::Expected::Zone => Expected::Zone,
    }
}

fn wanted_password(problem: PasswordProblem) -> Expected {
    match problem {
        PasswordProblem::TooShort => Expected::LongerPassword { least: rules::SHORTEST },
        PasswordProblem::TooLong => Expected::ShorterPassword { most: rules::LONGEST },
        PasswordProblem::TooCommon => Expected::RarerPassword,
        PasswordProblem::LikeYou => Expected::PasswordUnlikeName,
    }
}

impl Adapter {
    /// The session this visitor sits in.
    fn session(&self) -> Result<SessionId, ApiError> {
        self.0.visitor.session.ok_or(ApiError::SignedOut)
    }
}

#[async_trait]
impl IdentityApi for Adapter {
    async fn people(&self) -> Result<PeopleView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let room = &self.0.house.identity;
        let people = room.people_list().await.map_err(shown)?;
        let teams = room.teams_list().await.map_err(shown)?;
        Ok(PeopleView { people: people.into_iter().map(person).collect(), teams: teams.into_iter().map(team).collect() })
    }

    async fn invite(&self, name: String, email: String, role: Role) -> Result<ShownOnce, ApiError> {
        let grant = self.0.admit::<ManagePeople>()?;
        let invitation = self.0.house.identity.invite(&grant, &name, &email, role).await.map_err(shown)?;
        Ok(ShownOnce { secret: format!("{}{}/{}", self.0.house.config.public_url, links::JOIN, invitation.code) })
    }

    async fn set_role(&self, person: PersonId, role: Role) -> Result<(), ApiError> {
        let grant = self.0.admit::<ManagePeople>()?;
        self.0.house.identity.set_role(&grant, person, role).await.map_err(shown)
    }

    async fn set_disabled(&self, person: PersonId, disabled: bool) -> Result<(), ApiError> {
        let grant = self.0.admit::<ManagePeople>()?;
        let room = &self.0.house.identity;
        let done = if disabled { room.disable(&grant, person).await } else { room.enable(&grant, person).await };
        done.map_err(shown)
    }

    async fn team_make(&self, name: String) -> Result<(), ApiError> {
        let grant = self.0.admit::<ManageTeams>()?;
        self.0.house.identity.create_team(&grant, &name).await.map(|_| ()).map_err(shown)
    }

    async fn team_delete(&self, team: TeamId) -> Result<(), ApiError> {
        let grant = self.0.admit::<ManageTeams>()?;
        self.0.house.identity.delete_team(&grant, team).await.map_err(shown)
    }

    async fn member_add(&self, team: TeamId, person: PersonId, role: Role) -> Result<(), ApiError> {
        let grant = self.0.admit::<ManageTeams>()?;
        self.0.house.identity.add_member(&grant, team, person, role).await.map_err(shown)
    }

    async fn member_remove(&self, team: TeamId, person: PersonId) -> Result<(), ApiError> {
        let grant = self.0.admit::<ManageTeams>()?;
        self.0.house.identity.remove_member(&grant, team, person).await.map_err(shown)
    }

    async fn account(&self) -> Result<AccountView, ApiError> {
        let grant = self.0.admit::<ChangeOwnAccount>()?;
        let current = self.session()?;
        let room = &self.0.house.identity;
        let sessions = room.sessions(&grant).await.map_err(shown)?;
        let tokens = room.tokens(&grant).await.map_err(shown)?;
        Ok(AccountView {
            sessions: sessions.into_iter().map(|row| session(row, current)).collect(),
            tokens: tokens.into_iter().map(token).collect(),
            zones: zones::names(),
        })
    }

    async fn session_revoke(&self, session: SessionId) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeOwnAccount>()?;
        self.0.house.identity.revoke_session(&grant, session).await.map_err(shown)
    }

    async fn sessions_revoke_others(&self) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeOwnAccount>()?;
        self.0.house.identity.revoke_other_sessions(&grant, self.session()?).await.map(|_| ()).map_err(shown)
    }

    async fn token_make(&self, name: String, scopes: Vec<String>, days: u32) -> Result<ShownOnce, ApiError> {
        let grant = self.0.admit::<ChangeOwnAccount>()?;
        let wanted = NewToken {
            kind: if scopes == ["metrics:write"] { TokenKind::Agent } else { TokenKind::Api },
            name,
            scopes,
            role: grant.actor().role,
            expires_at: self.0.house.clock.now().plus_ms(i64::from(days).saturating_mul(DAY_MS)),
        };
        let made = self.0.house.identity.create_token(&grant, wanted).await.map_err(shown)?;
        Ok(ShownOnce { secret: made.text })
    }

    async fn token_revoke(&self, token: TokenId) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeOwnAccount>()?;
        self.0.house.identity.revoke_token(&grant, token).await.map_err(shown)
    }

    async fn password_change(&self, old: String, new: String) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeOwnAccount>()?;
        let session = self.session()?;
        self.0.house.identity.change_password(&grant, session, &old, &new).await.map_err(shown)
    }
}

fn person(row: identity::PersonRow) -> PersonRow {
    PersonRow {
        id: row.id,
        name: row.name,
        email: row.email,
        role: row.role,
        disabled: row.disabled,
        invited: row.invited,
        last_seen: row.last_seen,
        teams: row.teams.into_iter().map(|membership| membership.team_name).collect(),
    }
}

fn team(row: identity::TeamRow) -> TeamRow {
    let member = |member: identity::Member| MemberRow { person: member.person, name: member.name, role: member.role };
    TeamRow { id: row.id, name: row.name, members: row.members.into_iter().map(member).collect() }
}

fn session(row: identity::SessionRow, current: SessionId) -> SessionRow {
    SessionRow {
        id: row.id,
        current: row.id == current,
        address: row.address,
        agent: row.agent,
        made_at: row.made_at,
        seen_at: row.seen_at,
    }
}

fn token(row: identity::TokenRow) -> TokenRow {
    TokenRow {
        id: row.id,
        name: row.name,
        prefix: row.prefix,
        scopes: row.scopes,
        role: row.role,
        expires_at: row.expires_at,
        used_at: row.used_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_can_mend_crosses_the_door_as_data() {
        assert_eq!(shown(Error::LastAdmin), ApiError::Denied { reason: Denial::LastAdmin });
        assert_eq!(shown(Error::WrongCredentials), ApiError::Denied { reason: Denial::WrongPassword });
        let short = shown(Error::Password(PasswordProblem::TooShort));
        assert_eq!(short, invalid("password", Expected::LongerPassword { least: 8 }));
        let name = Error::Invalid { field: "name", expected: identity::Expected::Characters { least: 1, most: 100 } };
        assert_eq!(shown(name), invalid("name", Expected::Characters { least: 1, most: 100 }));
        let email = identity::Mistake { field: "email", expected: identity::Expected::Email };
        let scopes = identity::Mistake { field: "scopes", expected: identity::Expected::Scopes };
        let both = vec![Mistake::new("email", Expected::Email), Mistake::new("scopes", Expected::Scopes)];
        assert_eq!(shown(Error::Mistakes(vec![email, scopes])), ApiError::Mistakes { wrong: both });
    }

    #[test]
    fn what_lies_inside_does_not_cross_the_door() {
        assert_eq!(shown(Error::Database(sqlx::Error::PoolTimedOut)), ApiError::Unavailable);
    }
}
