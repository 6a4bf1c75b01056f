//! Whose own contact a page went to: the link in it is theirs, because only they were sent it, where they had shown that it reaches them.

use crate::house_error::chain;
use crate::wiring::House;
use identity::PersonRow;
use model::Actor;
use model::access::AnswerAlert;
use model::actor::Who;
use model::ids::PersonId;
use notify::DeliveryId;

/// The person, if they may still come in and answer. When that can't be found out the link answers as a link.
pub(super) async fn of(house: &House, delivery: DeliveryId) -> Option<Actor> {
    let person: PersonId = match house.notify.person_of(delivery).await {
        Ok(person) => person?,
        Err(error) => {
            tracing::warn!(error = chain(&error), "whose page a link stood in can't be told");
            return None;
        }
    };
    let people: Vec<PersonRow> = match house.identity.people_list().await {
        Ok(people) => people,
        Err(error) => {
            tracing::warn!(error = chain(&error), "whose page a link stood in can't be told");
            return None;
        }
    };
    let found: PersonRow = people.into_iter().find(|row| row.id == person && !row.disabled && !row.invited)?;
    let actor: Actor = actor(found);
    kernel::authorize::<AnswerAlert>(&actor, None).is_ok().then_some(actor)
}

fn actor(person: PersonRow) -> Actor {
    let team_roles = person.teams.iter().map(|membership| (membership.team, membership.role)).collect();
    Actor { who: Who::Person { id: person.id, name: person.name }, role: person.role, team_roles }
}
