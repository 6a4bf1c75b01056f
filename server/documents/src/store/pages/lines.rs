//! `doc_run_line`: what waits to stand in the timeline of an incident.

use super::corrupt;
use crate::error::Error;
use crate::pages::needs::RunLine;
use kernel::Tx;
use model::actor::Who;
use model::ids::{IncidentId, RunbookRunId};
use model::{Actor, Role, Time};

/// A line that is due.
pub(crate) struct Due {
    pub(crate) id: i64,
    pub(crate) attempts: i32,
    pub(crate) line: RunLine,
}

/// Writes one; the same key a second time does nothing.
pub(crate) async fn add(tx: &mut Tx, line: &RunLine) -> Result<(), Error> {
    let actor: serde_json::Value = serde_json::to_value(&line.actor.who)?;
    sqlx::query!(
        "insert into doc_run_line (run, incident, key, actor, body, at, next_at)
         values ($1, $2, $3, $4, $5, $6, $6)
         on conflict (key) do nothing",
        line.run.0,
        line.incident.0,
        line.key,
        actor,
        line.body,
        line.at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Those that are due, the oldest of each incident first; whoever asks has them to itself until the transaction ends.
pub(crate) async fn due(tx: &mut Tx, now: Time, most: i64) -> Result<Vec<Due>, Error> {
    let rows = sqlx::query!(
        "select
           id,
           run,
           incident,
           key,
           actor,
           body,
           at,
           attempts
         from doc_run_line
         where next_at <= $1
         order by id
         limit $2
         for update skip locked",
        now.to_utc(),
        most,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut due: Vec<Due> = Vec::with_capacity(rows.len());
    for row in rows {
        let who: Who =
            serde_json::from_value(row.actor).map_err(|_| corrupt("doc_run_line", "actor", row.id.to_string(), "somebody"))?;
        // What they may do was looked at when they did it.
        let actor = Actor { who, role: Role::Responder, team_roles: Vec::new() };
        let line = RunLine {
            key: row.key,
            incident: IncidentId(row.incident),
            run: RunbookRunId(row.run),
            actor,
            body: row.body,
            at: Time::from_utc(row.at),
        };
        due.push(Due { id: row.id, attempts: row.attempts, line });
    }
    Ok(due)
}

/// It stands there.
pub(crate) async fn told(tx: &mut Tx, id: i64, now: Time) -> Result<(), Error> {
    sqlx::query!(
        "update doc_run_line
         set told_at = $2,
             next_at = null
         where id = $1",
        id,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// It could not be written: again at `next_at`.
pub(crate) async fn failed(tx: &mut Tx, id: i64, next_at: Time) -> Result<(), Error> {
    sqlx::query!(
        "update doc_run_line
         set attempts = attempts + 1,
             next_at = $2
         where id = $1",
        id,
        next_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
