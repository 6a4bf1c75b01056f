//! `postmortem_reviewer`.

use super::time;
use crate::error::Error;
use crate::postmortems::{Answer, Reviewer};
use chrono::NaiveDate;
use kernel::Tx;
use model::Time;
use model::ids::{IncidentId, PersonId};

/// Who is to read it.
pub(crate) async fn of(tx: &mut Tx, incident: IncidentId) -> Result<Vec<Reviewer>, Error> {
    let rows = sqlx::query!(
        "select
           person,
           due_on,
           answer,
           answered_at
         from postmortem_reviewer
         where incident = $1
         order by asked_at, person",
        incident.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    let read = rows.into_iter().map(|row| Reviewer {
        person: PersonId(row.person),
        due_on: row.due_on,
        answer: row.answer.as_deref().and_then(Answer::from_word),
        answered_at: time(row.answered_at),
    });
    Ok(read.collect())
}

/// Asks these, and nobody else any more.
pub(crate) async fn ask(
    tx: &mut Tx,
    incident: IncidentId,
    reviewers: &[(PersonId, Option<NaiveDate>)],
    now: Time,
) -> Result<(), Error> {
    sqlx::query!("delete from postmortem_reviewer where incident = $1", incident.0).execute(&mut **tx).await?;
    for (person, due_on) in reviewers {
        sqlx::query!(
            "insert into postmortem_reviewer (incident, person, due_on, asked_at)
             values ($1, $2, $3, $4)",
            incident.0,
            person.0,
            *due_on,
            now.to_utc(),
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// What one of them said. Nothing happens when they were not asked.
pub(crate) async fn answer(tx: &mut Tx, incident: IncidentId, person: PersonId, answer: Answer, now: Time) -> Result<(), Error> {
    sqlx::query!(
        "update postmortem_reviewer
         set answer = $3,
             answered_at = $4
         where incident = $1 and person = $2",
        incident.0,
        person.0,
        answer.as_str(),
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
