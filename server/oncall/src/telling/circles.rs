//! Whom a circle means at this moment.

use super::{MOST_PEOPLE, Whom};
use crate::error::Error;
use crate::firing::{Look, meant};
use crate::policies::Target;
use crate::policies::keeping::PolicyRow;
use crate::schedules::definition::ScheduleRow;
use crate::store;
use crate::store::schedules::Selection;
use kernel::Tx;
use model::ids::PersonId;

/// Who has it first, and who when nobody does.
const DUTIES: [&str; 2] = ["primary", "secondary"];

/// The people of a circle who may come in, each once.
pub(super) async fn people(tx: &mut Tx, look: &Look<'_>, whom: &Whom) -> Result<Vec<PersonId>, Error> {
    let found: Vec<PersonId> = match whom {
        Whom::People(people) => people.clone(),
        Whom::OnCall { team } => on_call(tx, look, team.as_deref()).await?,
        Whom::Administrators => look.staff.iter().filter(|staffer| staffer.is_admin).map(|staffer| staffer.id).collect(),
    };
    let may_come_in = |person: &PersonId| look.staff.iter().any(|staffer| staffer.id == *person && staffer.may_come_in);
    let mut people: Vec<PersonId> = found.into_iter().filter(may_come_in).collect();
    people.sort_unstable();
    people.dedup();
    people.truncate(MOST_PEOPLE);
    Ok(people)
}

async fn on_call(tx: &mut Tx, look: &Look<'_>, team: Option<&str>) -> Result<Vec<PersonId>, Error> {
    if let Some(team) = team {
        let of_schedules: Vec<PersonId> = of_schedules(tx, look, Some(team)).await?;
        if !of_schedules.is_empty() {
            return Ok(of_schedules);
        }
        let of_policies: Vec<PersonId> = of_policies(tx, look, team).await?;
        if !of_policies.is_empty() {
            return Ok(of_policies);
        }
    }
    of_schedules(tx, look, None).await
}

/// Whoever has the first duty in each schedule of an owner, else the second.
async fn of_schedules(tx: &mut Tx, look: &Look<'_>, owner: Option<&str>) -> Result<Vec<PersonId>, Error> {
    let mut rows: Vec<ScheduleRow> = store::schedules::list(tx, Selection::default()).await?;
    rows.retain(|row| row.definition.owner.as_deref() == owner);
    let mut people: Vec<PersonId> = Vec::new();
    for row in rows {
        for duty in DUTIES {
            let found: Vec<PersonId> = look.needs.who.people(tx, &row.definition.name, duty, look.now).await?;
            if !found.is_empty() {
                people.extend(found);
                break;
            }
        }
    }
    Ok(people)
}

/// Whom the first step that means anybody pages, in each policy of a team.
async fn of_policies(tx: &mut Tx, look: &Look<'_>, team: &str) -> Result<Vec<PersonId>, Error> {
    let mut rows: Vec<PolicyRow> = store::policies::list(tx, None).await?;
    rows.retain(|row| row.policy.owner.as_deref() == Some(team));
    let mut people: Vec<PersonId> = Vec::new();
    for row in rows {
        for step in &row.policy.steps {
            let found: Vec<PersonId> = of_targets(tx, look, &step.notify).await?;
            if !found.is_empty() {
                people.extend(found);
                break;
            }
        }
    }
    Ok(people)
}

async fn of_targets(tx: &mut Tx, look: &Look<'_>, targets: &[Target]) -> Result<Vec<PersonId>, Error> {
    let mut people: Vec<PersonId> = Vec::new();
    for target in targets {
        people.extend(meant(tx, look, target).await?);
    }
    Ok(people)
}
