//! What is to be done, wherever it stands: asked of the incidents' room, which has the one table of it.

use super::refusals::of_incidents;
use super::{Adapter, asked, shape};
use crate::apis::incidents::names::Names;
use ::api::ApiError;
use ::api::postmortems::action::{ActionQuery, ActionSheet, ActionView, ActionWish};
use chrono::NaiveDate;
use futures::future::join_all;
use incidents::{FollowUp, FollowUpId, Incident, NewFollowUp};
use kernel::Grant;
use model::access::WorkOnIncident;
use model::ids::{IncidentId, PersonId};
use model::{Actor, Role};
use std::collections::{BTreeSet, HashMap};

/// What is due within so many days is due soon.
const SOON_DAYS: i64 = 7;
/// Of one screenful.
const A_SCREENFUL: usize = 200;
/// On Now.
const MOST_DUE: usize = 5;

impl Adapter {
    /// Those of a selection, and how all of them stand.
    pub(super) async fn listed_actions(&self, query: &ActionQuery) -> Result<ActionSheet, ApiError> {
        let actor: &Actor = self.actor()?;
        let names: Names = Names::of(&self.0).await?;
        let open: Vec<FollowUp> =
            self.incidents().open_follow_ups(actor, None, incidents::list::MOST).await.map_err(of_incidents)?;
        let today: Option<NaiveDate> = asked::day_of(self.now(), &self.0.visitor.viewer.zone);
        let owner: Option<PersonId> = owner_of(&query.owner, actor);
        let mut all: Vec<ActionView> = open.iter().map(|found| shape::action(found, "", today, &names)).collect();
        all.retain(|one| owner.is_none_or(|owner| one.owner.as_ref().is_some_and(|person| person.id == owner)));
        let n_of = |is_one: fn(&ActionView) -> bool| shape::count(all.iter().filter(|one| is_one(one)).count());
        let (n_overdue, n_soon): (u32, u32) = (n_of(ActionView::is_overdue), n_of(is_soon));
        let (n_undated, n_unowned): (u32, u32) = (n_of(|one| one.due_on.is_none()), n_of(|one| one.owner.is_none()));
        all.retain(|one| is_shown(one, &query.show));
        let total: u32 = shape::count(all.len());
        all.sort_by(|one, other| {
            (one.due_on.is_none(), &one.due_on, one.number).cmp(&(other.due_on.is_none(), &other.due_on, other.number))
        });
        all.truncate(A_SCREENFUL);
        self.name_incidents(actor, &mut all).await?;
        let (people, can_work): (_, bool) = (names.responders(), self.may(Role::Responder));
        Ok(ActionSheet { actions: all, total, n_overdue, n_soon, n_undated, n_unowned, people, can_work })
    }

    /// The reader's own that are due within a week, or were.
    pub(super) async fn due_actions(&self) -> Result<Vec<ActionView>, ApiError> {
        let actor: &Actor = self.actor()?;
        let Some(me) = actor.person_id() else {
            return Ok(Vec::new());
        };
        let open: Vec<FollowUp> =
            self.incidents().open_follow_ups(actor, Some(me), incidents::list::MOST).await.map_err(of_incidents)?;
        let today: Option<NaiveDate> = asked::day_of(self.now(), &self.0.visitor.viewer.zone);
        let names: Names = Names::of(&self.0).await?;
        let mut due: Vec<ActionView> = open.iter().map(|found| shape::action(found, "", today, &names)).collect();
        due.retain(|one| one.is_overdue() || is_soon(one));
        due.sort_by_key(|one| one.left_days);
        due.truncate(MOST_DUE);
        self.name_incidents(actor, &mut due).await?;
        Ok(due)
    }

    /// Each incident is asked for once.
    async fn name_incidents(&self, actor: &Actor, all: &mut [ActionView]) -> Result<(), ApiError> {
        let ids: BTreeSet<IncidentId> = all.iter().map(|one| one.incident).collect();
        let asked = ids.into_iter().map(|id| self.incidents().incident(actor, id));
        let mut titles: HashMap<IncidentId, String> = HashMap::new();
        for found in join_all(asked).await {
            let found: Option<Incident> = found.map_err(of_incidents)?;
            titles.extend(found.map(|incident| (incident.id, incident.title)));
        }
        for one in all {
            one.incident_title = titles.get(&one.incident).cloned().unwrap_or_default();
        }
        Ok(())
    }

    /// A new one, or one that is there.
    pub(super) async fn saved_action(&self, grant: &Grant<WorkOnIncident>, wish: &ActionWish) -> Result<(), ApiError> {
        let incident = IncidentId(wish.incident);
        let new = NewFollowUp {
            title: wish.title.clone(),
            owner: asked::person(&wish.owner, "owner")?,
            due_on: asked::date(&wish.due_on, "due_on")?,
            url: Some(wish.url.clone()).filter(|url| !url.trim().is_empty()),
            kind: asked::kind(&wish.kind)?,
        };
        match (wish.number.parse::<i64>(), wish.version.parse::<i64>()) {
            (Ok(number), Ok(version)) => {
                let action = FollowUpId(number);
                self.incidents().change_follow_up(grant, incident, action, version, &new).await.map_err(of_incidents)?;
            }
            _ => {
                self.incidents().add_follow_up(grant, incident, &new).await.map_err(of_incidents)?;
            }
        }
        Ok(())
    }
}

/// Whose are asked for: `me`, an id, or everybody's.
fn owner_of(text: &str, actor: &Actor) -> Option<PersonId> {
    if text == "me" { actor.person_id() } else { text.parse::<PersonId>().ok() }
}

fn is_soon(one: &ActionView) -> bool {
    one.left_days.is_some_and(|days| (0..=SOON_DAYS).contains(&days))
}

fn is_shown(one: &ActionView, show: &str) -> bool {
    match show {
        "overdue" => one.is_overdue(),
        "soon" => is_soon(one),
        "undated" => one.due_on.is_none(),
        "unowned" => one.owner.is_none(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::is_shown;
    use ::api::postmortems::action::ActionView;
    use model::ids::IncidentId;
    use model::postmortem::ActionKind;

    fn one(left_days: Option<i64>) -> ActionView {
        ActionView {
            incident: IncidentId(1),
            incident_title: String::new(),
            number: 1,
            version: 1,
            title: String::new(),
            kind: ActionKind::Detect,
            owner: None,
            due_on: left_days.map(|_| "2026-11-30".to_owned()),
            left_days,
            url: None,
            evidence: None,
            done: None,
        }
    }

    #[test]
    fn what_is_due_is_told_apart_from_what_is_late_and_what_has_no_day() {
        let of = |days: Option<i64>| ["overdue", "soon", "undated", "unowned", ""].map(|show| is_shown(&one(days), show));
        assert_eq!(of(Some(-1)), [true, false, false, true, true]);
        assert_eq!(of(Some(7)), [false, true, false, true, true]);
        assert_eq!(of(Some(8)), [false, false, false, true, true]);
        assert_eq!(of(None), [false, false, true, true, true]);
    }
}
