//! `doc_run` and `doc_run_step`.

use super::{corrupt, time};
use crate::error::Error;
use crate::markdown::Step;
use crate::pages::runs::{Check, Outcome, Run, RunStep};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::ids::{AlertId, DocumentId, IncidentId, PersonId, RunbookRunId};
use uuid::Uuid;

struct Row {
    id: i64,
    page: Uuid,
    title: String,
    body_seq: i64,
    incident: Option<i64>,
    alert: Option<i64>,
    began_by: String,
    began_person: Option<Uuid>,
    began_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    ended_by: Option<String>,
    outcome: Option<String>,
    outcome_note: String,
}

impl Row {
    fn into_run(self) -> Result<Run, Error> {
        let outcome: Option<Outcome> = match &self.outcome {
            None => None,
            Some(word) => Some(
                Outcome::from_word(word)
                    .ok_or_else(|| corrupt("doc_run", "outcome", self.id.to_string(), "worked, failed or stopped"))?,
            ),
        };
        Ok(Run {
            id: RunbookRunId(self.id),
            page: DocumentId(self.page),
            title: self.title,
            body_seq: self.body_seq,
            incident: self.incident.map(IncidentId),
            alert: self.alert.map(AlertId),
            began_by: self.began_by,
            began_person: self.began_person.map(PersonId),
            began_at: Time::from_utc(self.began_at),
            ended_at: time(self.ended_at),
            ended_by: self.ended_by,
            outcome,
            outcome_note: self.outcome_note,
            steps: Vec::new(),
        })
    }
}

/// Writes a new one with its steps; the number of the run that is given is not looked at.
pub(crate) async fn add(tx: &mut Tx, run: &Run, steps: &[Step]) -> Result<RunbookRunId, Error> {
    let id: i64 = sqlx::query_scalar!(
        "insert into doc_run (page, title, body_seq, incident, alert, began_by, began_person, began_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         returning id",
        run.page.0,
        run.title,
        run.body_seq,
        run.incident.map(|incident| incident.0),
        run.alert.map(|alert| alert.0),
        run.began_by,
        run.began_person.map(|person| person.0),
        run.began_at.to_utc(),
    )
    .fetch_one(&mut **tx)
    .await?;
    let depths: Vec<i32> = steps.iter().map(|step| i32::try_from(step.depth).unwrap_or(i32::MAX)).collect();
    let texts: Vec<String> = steps.iter().map(|step| step.text.clone()).collect();
    let sections: Vec<String> = steps.iter().map(|step| step.section.clone()).collect();
    sqlx::query!(
        "insert into doc_run_step (run, n, depth, text, section, state)
         select $1, step.n::int, step.depth, step.text, step.section, 'open'
         from unnest($2::int[], $3::text[], $4::text[]) with ordinality as step (depth, text, section, n)",
        id,
        &depths,
        &texts,
        &sections,
    )
    .execute(&mut **tx)
    .await?;
    Ok(RunbookRunId(id))
}

/// One with its steps.
pub(crate) async fn one(tx: &mut Tx, id: RunbookRunId) -> Result<Option<Run>, Error> {
    let row = sqlx::query_as!(
        Row,
        "select
           id,
           page,
           title,
           body_seq,
           incident,
           alert,
           began_by,
           began_person,
           began_at,
           ended_at,
           ended_by,
           outcome,
           outcome_note
         from doc_run
         where id = $1",
        id.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(mut run) = row.map(Row::into_run).transpose()? else {
        return Ok(None);
    };
    run.steps = steps(tx, id).await?;
    Ok(Some(run))
}

/// One with its steps; nobody else changes it before the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: RunbookRunId) -> Result<Option<Run>, Error> {
    let found: Option<i64> =
        sqlx::query_scalar!("select id from doc_run where id = $1 for no key update", id.0).fetch_optional(&mut **tx).await?;
    match found {
        Some(_) => one(tx, id).await,
        None => Ok(None),
    }
}

async fn steps(tx: &mut Tx, id: RunbookRunId) -> Result<Vec<RunStep>, Error> {
    let rows = sqlx::query!(
        "select
           n,
           depth,
           text,
           section,
           state,
           note,
           by_name,
           by_person,
           at,
           wrong,
           wrong_by
         from doc_run_step
         where run = $1
         order by n",
        id.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut steps: Vec<RunStep> = Vec::with_capacity(rows.len());
    for row in rows {
        let state: Check = Check::from_word(&row.state)
            .ok_or_else(|| corrupt("doc_run_step", "state", id.to_string(), "open, done or skipped"))?;
        steps.push(RunStep {
            n: row.n,
            depth: row.depth,
            text: row.text,
            section: row.section,
            state,
            note: row.note,
            by: row.by_name,
            person: row.by_person.map(PersonId),
            at: time(row.at),
            wrong: row.wrong,
            wrong_by: row.wrong_by,
        });
    }
    Ok(steps)
}

/// Runs of a page, of an incident or of an alert, the newest first, with their steps.
pub(crate) async fn list(
    tx: &mut Tx,
    page: Option<DocumentId>,
    incident: Option<IncidentId>,
    alert: Option<AlertId>,
    most: i64,
) -> Result<Vec<Run>, Error> {
    let ids: Vec<i64> = sqlx::query_scalar!(
        "select id
         from doc_run
         where ($1::uuid is null or page = $1)
           and ($2::bigint is null or incident = $2)
           and ($3::bigint is null or alert = $3)
         order by id desc
         limit $4",
        page.map(|page| page.0),
        incident.map(|incident| incident.0),
        alert.map(|alert| alert.0),
        most,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut runs: Vec<Run> = Vec::with_capacity(ids.len());
    for id in ids {
        runs.extend(one(tx, RunbookRunId(id)).await?);
    }
    Ok(runs)
}

/// Pages that were worked through in an incident, each once.
pub(crate) async fn pages_of_incident(tx: &mut Tx, incident: IncidentId) -> Result<Vec<Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        "select distinct page
         from doc_run
         where incident = $1
         order by page",
        incident.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}

/// Writes how a step stands.
pub(crate) async fn check(tx: &mut Tx, run: RunbookRunId, step: &RunStep) -> Result<(), Error> {
    sqlx::query!(
        "update doc_run_step
         set state = $3,
             note = $4,
             by_name = $5,
             by_person = $6,
             at = $7,
             wrong = $8,
             wrong_by = $9
         where run = $1
           and n = $2",
        run.0,
        step.n,
        step.state.as_str(),
        step.note,
        step.by,
        step.person.map(|person| person.0),
        super::utc(step.at),
        step.wrong,
        step.wrong_by,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// It is over, with what came of it and why.
pub(crate) async fn end(
    tx: &mut Tx,
    id: RunbookRunId,
    by: &str,
    (outcome, note): (Outcome, &str),
    now: Time,
) -> Result<(), Error> {
    sqlx::query!(
        "update doc_run
         set ended_at = $2,
             ended_by = $3,
             outcome = $4,
             outcome_note = $5
         where id = $1",
        id.0,
        now.to_utc(),
        by,
        outcome.as_str(),
        note,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// It belongs to an incident from now on: it was begun from an alert before there was one. `false`: it is none that belongs to no incident.
pub(crate) async fn tie(tx: &mut Tx, id: RunbookRunId, incident: IncidentId) -> Result<bool, Error> {
    let done = sqlx::query!("update doc_run set incident = $2 where id = $1 and incident is null", id.0, incident.0)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}
