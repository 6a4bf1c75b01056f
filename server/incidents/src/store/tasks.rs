//! `incident_task`.

use crate::error::Error;
use crate::tasks::{NewTask, Task, TaskId};
use kernel::Tx;
use model::Time;
use model::ids::{IncidentId, PersonId};

/// Tasks of an incident, and those that moved on with a part of it.
pub(crate) async fn of(tx: &mut Tx, incident: IncidentId) -> Result<Vec<Task>, Error> {
    let rows = sqlx::query!(
        "select
           id,
           incident,
           version,
           title,
           owner,
           due_at,
           made_by,
           made_at,
           done_by,
           done_at
         from incident_task
         where incident = $1 or origin = $1
         order by id",
        incident.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    let tasks = rows.into_iter().map(|row| Task {
        id: TaskId(row.id),
        incident: IncidentId(row.incident),
        version: row.version,
        title: row.title,
        owner: row.owner.map(PersonId),
        due_at: super::time(row.due_at),
        made_by: row.made_by,
        made_at: Time::from_utc(row.made_at),
        done_by: row.done_by,
        done_at: super::time(row.done_at),
    });
    Ok(tasks.collect())
}

/// Writes a new one.
pub(crate) async fn add(tx: &mut Tx, incident: IncidentId, new: &NewTask, by: &str, now: Time) -> Result<TaskId, Error> {
    let id: i64 = sqlx::query_scalar!(
        "insert into incident_task (incident, origin, version, title, owner, due_at, made_by, made_at)
         values ($1, $1, 1, $2, $3, $4, $5, $6)
         returning id",
        incident.0,
        new.title,
        new.owner.map(|person| person.0),
        super::utc(new.due_at),
        by,
        now.to_utc(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(TaskId(id))
}

/// Writes one anew.
pub(crate) async fn change(tx: &mut Tx, task: TaskId, new: &NewTask) -> Result<(), Error> {
    sqlx::query!(
        "update incident_task
         set version = version + 1,
             title = $2,
             owner = $3,
             due_at = $4
         where id = $1",
        task.0,
        new.title,
        new.owner.map(|person| person.0),
        super::utc(new.due_at),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// It is done by somebody, or not any more.
pub(crate) async fn finish(tx: &mut Tx, task: TaskId, done: Option<(&str, Time)>) -> Result<(), Error> {
    sqlx::query!(
        "update incident_task
         set version = version + 1,
             done_by = $2,
             done_at = $3
         where id = $1",
        task.0,
        done.map(|(by, _)| by),
        done.map(|(_, at)| at.to_utc()),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
