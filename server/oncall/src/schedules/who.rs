//! Whoever an escalation pages: asked when a step fires, in its transaction.

use super::Schedules;
use super::definition::{role_of, role_word};
use super::looking::{Loaded, segments};
use crate::error::Error;
use crate::needs::{WhoIsOnCall, WorldError};
use crate::store;
use crate::store::schedules::Selection;
use async_trait::async_trait;
use kernel::Tx;
use model::Time;
use model::ids::PersonId;
use model::rota::{DutyRole, Segment, Span, Who, who_now};

impl Schedules {
    /// Who has a role at a moment, sorted; nobody in a gap. The same as [`Schedules::render`] says of that moment.
    ///
    /// # Errors
    /// The database's.
    pub async fn who_at(&self, tx: &mut Tx, schedule: &str, role: &str, at: Time) -> Result<Vec<PersonId>, Error> {
        let selection = Selection { name: Some(schedule), ..Selection::default() };
        let Some(row) = store::schedules::list(tx, selection).await?.pop() else {
            return Ok(Vec::new());
        };
        let loaded: Loaded = self.loaded(tx, row).await?;
        let role: DutyRole = role_of(role);
        if at < loaded.row.final_until {
            let then: Vec<Segment> = segments(tx, &loaded, Span::new(at, at.plus_ms(1))).await?;
            let mut people: Vec<PersonId> =
                then.iter().filter(|segment| segment.role == role).filter_map(Segment::person).collect();
            people.sort_unstable();
            return Ok(people);
        }
        let holders = who_now(&loaded.model, &loaded.changes, &loaded.almanac, &role, at);
        let mut people: Vec<PersonId> = holders.into_iter().filter_map(|holder| person(holder.who)).collect();
        people.sort_unstable();
        Ok(people)
    }
}

fn person(who: Who) -> Option<PersonId> {
    match who {
        Who::Person(person) => Some(person),
        Who::Nobody | Who::Gap => None,
    }
}

#[async_trait]
impl WhoIsOnCall for Schedules {
    async fn people(&self, tx: &mut Tx, schedule: &str, role: &str, at: Time) -> Result<Vec<PersonId>, WorldError> {
        self.who_at(tx, schedule, role, at).await.map_err(|error| {
            let reason: String = format!("who is on call in {schedule} as {}: {error}", role_word(&role_of(role)));
            WorldError { reason }
        })
    }
}
