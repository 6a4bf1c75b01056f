//! Who pressed: one of our people where Slack says who they are, else somebody with a name of Slack's.
//!
//! The role is asked here every time: whoever was disabled since can't answer from Slack either.

use crate::wiring::House;
use identity::PersonRow;
use kernel::Grant;
use model::access::AnswerAlert;
use model::actor::Who;
use model::{Actor, Role};
use notify::channels::slack::pressed::Pressed;
use notify::incoming::SlackApp;

/// What became of the question.
pub enum Found {
    May(Grant<AnswerAlert>),
    /// One of our people, with too low a role.
    MayNot,
    /// One of our people, whose account is switched off.
    Disabled,
}

/// Why nobody could be asked.
#[derive(Debug, thiserror::Error)]
pub enum Unknown {
    #[error("look up a person")]
    Identity(#[from] identity::Error),
    #[error("look up whom somebody in Slack was found to be")]
    Notify(#[from] notify::Error),
}

/// Who pressed in Slack. Somebody whom Slack names by an address of ours is remembered.
pub async fn of_slack(house: &House, app: &SlackApp, pressed: &Pressed) -> Result<Found, Unknown> {
    let people: Vec<PersonRow> = house.identity.people_list().await?;
    let linked = house.notify.slack_person(&pressed.team, &pressed.user).await?;
    if let Some(person) = people.iter().find(|person| Some(person.id) == linked) {
        return Ok(of_person(person));
    }
    let email: Option<String> = app.email_of(&pressed.user).await;
    let same = |person: &&PersonRow| email.as_deref().is_some_and(|email| person.email.eq_ignore_ascii_case(email));
    let Some(person) = people.iter().filter(same).find(|person| !person.invited) else {
        return Ok(admitted(&named("Slack @", &pressed.name, &pressed.user)));
    };
    let found: Found = of_person(person);
    if let Found::May(grant) = &found {
        house.notify.link_slack_person(grant, &pressed.team, &pressed.user).await?;
    }
    Ok(found)
}

fn of_person(person: &PersonRow) -> Found {
    if person.disabled {
        return Found::Disabled;
    }
    let who = Who::Person { id: person.id, name: person.name.clone() };
    let team_roles = person.teams.iter().map(|membership| (membership.team, membership.role)).collect();
    admitted(&Actor { who, role: person.role, team_roles })
}

fn admitted(actor: &Actor) -> Found {
    match kernel::authorize::<AnswerAlert>(actor, None) {
        Ok(grant) => Found::May(grant),
        Err(_) => Found::MayNot,
    }
}

/// Somebody whom only the provider knows. They may answer alerts and nothing else: the admin who gave the channel its secret let
/// whoever reads there do that.
pub fn named(provider: &str, name: &str, otherwise: &str) -> Actor {
    let name: &str = if name.is_empty() { otherwise } else { name };
    Actor { who: Who::Worker { name: format!("{provider}{name}") }, role: Role::Responder, team_roles: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use identity::Membership;
    use model::ids::{PersonId, TeamId};

    fn person(role: Role, disabled: bool) -> PersonRow {
        PersonRow {
            id: PersonId(kernel::ids::new_uuid()),
            name: "Hana".to_owned(),
            email: "hana@example.com".to_owned(),
            role,
            disabled,
            invited: false,
            last_seen: None,
            teams: vec![Membership { team: TeamId(kernel::ids::new_uuid()), team_name: "SRE".to_owned(), role: Role::Admin }],
        }
    }

    #[test]
    fn a_person_acts_with_their_own_role_and_not_when_disabled() {
        assert!(matches!(of_person(&person(Role::Responder, false)), Found::May(grant) if grant.actor().name() == "Hana"));
        assert!(matches!(of_person(&person(Role::Viewer, false)), Found::MayNot));
        assert!(matches!(of_person(&person(Role::Admin, true)), Found::Disabled));
    }

    #[test]
    fn a_stranger_answers_alerts_under_the_name_the_provider_gives() {
        assert_eq!(named("Slack @", "sato", "U1").name(), "Slack @sato");
        assert_eq!(named("Slack @", "", "U1").name(), "Slack @U1");
        let actor: Actor = named("PagerDuty ", "Hana", "");
        assert!(kernel::authorize::<AnswerAlert>(&actor, None).is_ok());
        assert!(kernel::authorize::<model::access::ApplyRules>(&actor, None).is_err());
    }
}
