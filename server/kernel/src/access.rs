//! Doors and locks: the one way to a [`Grant`].

use model::access::Action;
use model::actor::Who;
use model::ids::TeamId;
use model::{Actor, Role};
use std::marker::PhantomData;

/// Proof that `actor` may do `A`. Made only by [`authorize`]; a room method that changes something takes one, so a forgotten check
/// does not compile.
#[derive(Clone, Debug)]
pub struct Grant<A: Action> {
    actor: Actor,
    action: PhantomData<A>,
}

impl<A: Action> Grant<A> {
    /// Who was let in.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }
}

/// Why somebody was not let in. Safe to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    #[error("{action} needs the role {needs}, {who} has {has}", needs = needs.as_str(), has = has.as_str())]
    Role { action: &'static str, who: String, needs: Role, has: Role },
    #[error("{action} needs a token with the scope {scope}")]
    Scope { action: &'static str, scope: &'static str },
    #[error("{action} can't be done with a token, only by a signed-in person")]
    NoToken { action: &'static str },
}

/// Lets `actor` do `A` on something of `team` (`None`: of the whole organisation), or says why not.
///
/// # Errors
/// [`Denied`] when the role is too low or a token lacks the scope.
pub fn authorize<A: Action>(actor: &Actor, team: Option<TeamId>) -> Result<Grant<A>, Denied> {
    let has = actor.role_in(team);
    if has < A::NEEDS {
        return Err(Denied::Role { action: A::NAME, who: actor.name().to_owned(), needs: A::NEEDS, has });
    }
    check_scope::<A>(actor)?;
    Ok(Grant { actor: actor.clone(), action: PhantomData })
}

fn check_scope<A: Action>(actor: &Actor) -> Result<(), Denied> {
    if !matches!(actor.who, Who::Token { .. }) {
        return Ok(());
    }
    match A::SCOPE {
        None => Err(Denied::NoToken { action: A::NAME }),
        Some(scope) if actor.has_scope(scope) => Ok(()),
        Some(scope) => Err(Denied::Scope { action: A::NAME, scope }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::access::{AnswerAlert, ManagePeople};
    use model::ids::TokenId;
    use uuid::Uuid;

    fn token(role: Role, scopes: &[&str]) -> Actor {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        Actor { who: Who::Token { id: TokenId(Uuid::nil()), name: "ci".into(), scopes }, role, team_roles: vec![] }
    }

    #[test]
    fn a_role_below_the_needed_one_is_refused_and_a_team_role_can_lift_it() {
        let team = TeamId(Uuid::nil());
        let mut actor = Actor::worker("w");
        actor.role = Role::Viewer;
        assert!(matches!(authorize::<AnswerAlert>(&actor, Some(team)), Err(Denied::Role { .. })));
        actor.team_roles.push((team, Role::Responder));
        assert!(authorize::<AnswerAlert>(&actor, Some(team)).is_ok());
        assert!(authorize::<AnswerAlert>(&actor, None).is_err());
    }

    #[test]
    fn a_token_needs_the_scope_and_some_actions_take_no_token() {
        assert!(authorize::<AnswerAlert>(&token(Role::Admin, &["alerts:write"]), None).is_ok());
        assert!(matches!(authorize::<AnswerAlert>(&token(Role::Admin, &["read"]), None), Err(Denied::Scope { .. })));
        assert!(matches!(authorize::<ManagePeople>(&token(Role::Admin, &["read"]), None), Err(Denied::NoToken { .. })));
    }
}
