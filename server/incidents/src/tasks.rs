//! Tasks: what somebody is to do while it goes on.

use crate::error::Error;
use crate::history;
use crate::incident::{By, Incident};
use crate::needs::Known;
use crate::store;
use crate::timeline::{EntryKind, Line, bounded, write};
use crate::visibility;
use crate::{Incidents, Seen};
use kernel::{Grant, Tx};
use model::access::WorkOnIncident;
use model::ids::{IncidentId, PersonId};
use model::incident::MAX_TITLE;
use model::{Actor, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Of one incident.
pub const MAX_TASKS: usize = 500;

/// A task's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskId(pub i64);

/// A task as somebody writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewTask {
    pub title: String,
    pub owner: Option<PersonId>,
    pub due_at: Option<Time>,
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub id: TaskId,
    /// To which it belongs now.
    pub incident: IncidentId,
    pub version: i64,
    pub title: String,
    pub owner: Option<PersonId>,
    pub due_at: Option<Time>,
    pub made_by: String,
    pub made_at: Time,
    pub done_by: Option<String>,
    pub done_at: Option<Time>,
}

impl Incidents {
    /// Adds a task.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Empty`], [`Error::Large`], [`Error::NoSuchPerson`]. The database's, and the world's.
    pub async fn add_task(&self, grant: &Grant<WorkOnIncident>, id: IncidentId, new: &NewTask) -> Result<TaskId, Error> {
        let new: NewTask = self.checked_task(new).await?;
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let incident: Incident = visibility::locked(&mut tx, grant.actor(), Seen::any(id)).await?;
        let n: usize = store::tasks::of(&mut tx, id).await?.len();
        if n >= MAX_TASKS {
            return Err(Error::Large { what: "the list of tasks", n: n + 1, max: MAX_TASKS });
        }
        let task: TaskId = store::tasks::add(&mut tx, id, &new, grant.actor().name(), now).await?;
        say(&mut tx, &incident, "added", task, &new, grant.actor(), now).await?;
        tx.commit().await?;
        Ok(task)
    }

    /// Writes a task anew; `version` is that of the task that was looked at.
    ///
    /// # Errors
    /// [`Error::NoPart`], [`Error::Stale`], and as [`Incidents::add_task`].
    pub async fn change_task(
        &self,
        grant: &Grant<WorkOnIncident>,
        id: IncidentId,
        task: TaskId,
        version: i64,
        new: &NewTask,
    ) -> Result<(), Error> {
        let new: NewTask = self.checked_task(new).await?;
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let incident: Incident = visibility::locked(&mut tx, grant.actor(), Seen::any(id)).await?;
        let found: Task = one(&mut tx, id, task).await?;
        if found.version != version {
            return Err(Error::Stale { what: format!("task {}", task.0), expected: version, found: found.version });
        }
        store::tasks::change(&mut tx, task, &new).await?;
        say(&mut tx, &incident, "changed", task, &new, grant.actor(), now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Says that a task is done, or that it isn't. `false` when that is so already.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NoPart`]. The database's.
    pub async fn finish_task(
        &self,
        grant: &Grant<WorkOnIncident>,
        id: IncidentId,
        task: TaskId,
        is_done: bool,
    ) -> Result<bool, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let incident: Incident = visibility::locked(&mut tx, grant.actor(), Seen::any(id)).await?;
        let found: Task = one(&mut tx, id, task).await?;
        if found.done_at.is_some() == is_done {
            return Ok(false);
        }
        let done: Option<(&str, Time)> = is_done.then(|| (grant.actor().name(), now));
        store::tasks::finish(&mut tx, task, done).await?;
        let as_it_is = NewTask { title: found.title, owner: found.owner, due_at: found.due_at };
        let what: &str = if is_done { "done" } else { "reopened" };
        say(&mut tx, &incident, what, task, &as_it_is, grant.actor(), now).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn checked_task(&self, new: &NewTask) -> Result<NewTask, Error> {
        self.check_owner(new.owner).await?;
        Ok(NewTask { title: bounded("the task", &new.title, MAX_TITLE)?, ..new.clone() })
    }

    /// Whoever is to do something has an account that is switched on.
    pub(crate) async fn check_owner(&self, owner: Option<PersonId>) -> Result<(), Error> {
        let Some(owner) = owner else {
            return Ok(());
        };
        let known: Vec<Known> = self.needs.people.known(&[owner]).await?;
        let is_there: bool = known.iter().any(|known| known.id == owner && known.may_come_in);
        if is_there { Ok(()) } else { Err(Error::NoSuchPerson) }
    }
}

async fn one(tx: &mut Tx, incident: IncidentId, task: TaskId) -> Result<Task, Error> {
    let all: Vec<Task> = store::tasks::of(tx, incident).await?;
    let found: Option<Task> = all.into_iter().find(|found| found.id == task && found.incident == incident);
    found.ok_or(Error::NoPart { what: "task", id: task.0, incident })
}

async fn say(
    tx: &mut Tx,
    incident: &Incident,
    what: &str,
    task: TaskId,
    as_it_is: &NewTask,
    actor: &Actor,
    now: Time,
) -> Result<(), Error> {
    let body: Value = json!({ "task": task, "what": what, "title": as_it_is.title, "owner": as_it_is.owner });
    write(tx, incident, &Line::of(EntryKind::Task, now, By::of(actor), body.clone()), now).await?;
    history::append(tx, incident, history::TASK_CHANGED, actor, now, body).await?;
    Ok(())
}
