//! `oncall_call`.

use crate::contacts::ContactId;
use crate::outcomes::Outcome;
use crate::runs::RunId;
use kernel::{Db, Tx};
use model::Time;
use model::ids::PersonId;
use uuid::Uuid;

/// One message as it is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) key: String,
    pub(crate) person: PersonId,
    pub(crate) contact: ContactId,
    pub(crate) runs: Vec<RunId>,
}

/// What was told of one, and nobody has acted on.
#[derive(Clone, Debug)]
pub(crate) struct News {
    pub(crate) person: PersonId,
    pub(crate) contact: ContactId,
    /// `accepted`, `failed` or `unsure`.
    pub(crate) state: String,
    pub(crate) reason: Option<String>,
    pub(crate) told_at: Option<Time>,
}

/// Writes a call.
pub(crate) async fn insert(tx: &mut Tx, call: &Call, now: Time) -> Result<(), sqlx::Error> {
    let runs: Vec<Uuid> = call.runs.iter().map(|run| run.0).collect();
    sqlx::query!(
        "insert into oncall_call (key, person, contact, runs, state, is_news, asked_at)
         values ($1, $2, $3, $4, 'asked', false, $5)
         on conflict (key) do nothing",
        call.key,
        call.person.0,
        call.contact.0,
        &runs,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes what became of a call. Nothing else is locked: whoever tells it holds the message's row. What was accepted stays so.
pub(crate) async fn tell(tx: &mut Tx, key: &str, outcome: &Outcome, now: Time) -> Result<bool, sqlx::Error> {
    let reason: Option<String> = outcome.reason();
    let done = sqlx::query!(
        "update oncall_call
         set state = $2,
             reason = $3,
             told_at = $4,
             is_news = true
         where key = $1
           and state <> $2
           and state not in ('accepted', 'failed', 'withdrawn')",
        key,
        outcome.as_str(),
        reason.as_deref(),
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The keys of calls of which something was told, the oldest first.
pub(crate) async fn keys_of_news(db: &Db, limit: i64) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select key
         from oncall_call
         where is_news
         order by told_at
         limit $1",
        limit,
    )
    .fetch_all(db.pool())
    .await
}

/// Takes what was told of a call, so that it is acted on once; `None` when somebody else has.
pub(crate) async fn take_news(tx: &mut Tx, key: &str) -> Result<Option<News>, sqlx::Error> {
    let row = sqlx::query!(
        "update oncall_call
         set is_news = false
         where key = $1
           and is_news
         returning
           person,
           contact,
           state,
           reason,
           told_at",
        key,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| News {
        person: PersonId(row.person),
        contact: ContactId(row.contact),
        state: row.state,
        reason: row.reason,
        told_at: super::time(row.told_at),
    }))
}

/// The keys of messages about a run that may not have gone out yet: of one person, or of all but these.
pub(crate) async fn open(
    tx: &mut Tx,
    run: RunId,
    person: Option<PersonId>,
    but: &[PersonId],
) -> Result<Vec<String>, sqlx::Error> {
    let but: Vec<Uuid> = but.iter().map(|person| person.0).collect();
    sqlx::query_scalar!(
        "select key
         from oncall_call
         where runs @> array[$1::uuid]
           and state in ('asked', 'unsure')
           and ($2::uuid is null or person = $2)
           and person <> all($3)
         order by key",
        run.0,
        person.map(|person| person.0),
        &but,
    )
    .fetch_all(&mut **tx)
    .await
}

/// Whom messages about the runs of a story reached, or may have reached, and by which contact.
pub(crate) async fn reached(tx: &mut Tx, story: &str) -> Result<Vec<(PersonId, ContactId)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select distinct
           person,
           contact
         from oncall_call
         where runs && array(select id from oncall_run where story = $1)
           and state in ('accepted', 'unsure')
         order by person, contact",
        story,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (PersonId(row.person), ContactId(row.contact))).collect())
}

/// Removes calls that were asked before `before`, at most a thousand.
pub(crate) async fn purge(tx: &mut Tx, before: Time) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from oncall_call
         where key in (
           select key
           from oncall_call
           where asked_at < $1
           order by asked_at
           limit 1000
           for update skip locked
         )",
        before.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}
