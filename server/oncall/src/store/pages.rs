//! `oncall_page`.

use super::corrupt;
use crate::contacts::ContactId;
use crate::error::Error;
use crate::policies::course::Place;
use crate::runs::{Page, PageState, RunId};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::ids::PersonId;
use uuid::Uuid;

struct Row {
    id: Uuid,
    run: Uuid,
    person: Uuid,
    step: i32,
    pass: i32,
    rule: i32,
    ack_all: bool,
    contact: Uuid,
    tried: Vec<Uuid>,
    state: String,
    due_at: Option<DateTime<Utc>>,
    call: Option<String>,
    made_at: DateTime<Utc>,
}

fn read(row: Row) -> Result<Page, Error> {
    let state: Option<PageState> = PageState::from_word(&row.state);
    Ok(Page {
        state: state.ok_or_else(|| corrupt("oncall_page", "state", &row.id.to_string(), &row.state))?,
        id: row.id,
        run: RunId(row.run),
        person: PersonId(row.person),
        place: Place { pass: row.pass, step: row.step },
        rule: row.rule,
        ack_all: row.ack_all,
        contact: ContactId(row.contact),
        tried: row.tried.into_iter().map(ContactId).collect(),
        due_at: super::time(row.due_at),
        call: row.call,
        made_at: Time::from_utc(row.made_at),
    })
}

/// Writes a page that waits. `false` when this step has paged them by this rule before.
pub(crate) async fn insert(tx: &mut Tx, page: &Page) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into oncall_page (id, run, person, step, pass, rule, ack_all, contact, state, due_at, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (run, person, step, pass, rule) do nothing",
        page.id,
        page.run.0,
        page.person.0,
        page.place.step,
        page.place.pass,
        page.rule,
        page.ack_all,
        page.contact.0,
        page.state.as_str(),
        super::utc(page.due_at),
        page.made_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes what may have changed of a page.
pub(crate) async fn save(tx: &mut Tx, page: &Page) -> Result<(), sqlx::Error> {
    let tried: Vec<Uuid> = page.tried.iter().map(|contact| contact.0).collect();
    sqlx::query!(
        "update oncall_page
         set contact = $2,
             tried = $3,
             state = $4,
             due_at = $5,
             call = $6
         where id = $1",
        page.id,
        page.contact.0,
        &tried,
        page.state.as_str(),
        super::utc(page.due_at),
        page.call.as_deref(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The first page of a locked run that is due, in the order of people.
pub(crate) async fn due(tx: &mut Tx, run: RunId, now: Time) -> Result<Option<Page>, Error> {
    Ok(first_due(tx, &[run], None, now).await?.pop())
}

/// The pages of locked runs that are due and somebody's: the first of each run.
pub(crate) async fn due_of(tx: &mut Tx, runs: &[RunId], person: PersonId, now: Time) -> Result<Vec<Page>, Error> {
    first_due(tx, runs, Some(person), now).await
}

/// The first page of each run that is due, in the order of people; only this one's, if one is named.
async fn first_due(tx: &mut Tx, runs: &[RunId], person: Option<PersonId>, now: Time) -> Result<Vec<Page>, Error> {
    let runs: Vec<Uuid> = runs.iter().map(|run| run.0).collect();
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select distinct on (run)
           id,
           run,
           person,
           step,
           pass,
           rule,
           ack_all,
           contact,
           tried,
           state,
           due_at,
           call,
           made_at
         from oncall_page
         where run = any($1)
           and ($2::uuid is null or person = $2)
           and due_at <= $3
         order by run, person, due_at, id",
        &runs,
        person.map(|person| person.0),
        now.to_utc(),
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

/// The pages of a run, in the order in which they were made; only those that are part of a call, if one is named.
pub(crate) async fn of_run(tx: &mut Tx, run: RunId, call: Option<&str>) -> Result<Vec<Page>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           run,
           person,
           step,
           pass,
           rule,
           ack_all,
           contact,
           tried,
           state,
           due_at,
           call,
           made_at
         from oncall_page
         where run = $1
           and ($2::text is null or call = $2)
         order by made_at, id",
        run.0,
        call,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

/// Whether a message about this run went to this person.
pub(crate) async fn was_asked(tx: &mut Tx, run: RunId, person: PersonId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
             select 1
             from oncall_page
             where run = $1
               and person = $2
               and call is not null
           ) as "asked!""#,
        run.0,
        person.0,
    )
    .fetch_one(&mut **tx)
    .await
}

/// Whether somebody whom this step paged may still be reached.
pub(crate) async fn has_hope(tx: &mut Tx, run: RunId, place: Place) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
             select 1
             from oncall_page
             where run = $1
               and pass = $2
               and step = $3
               and state in ('waiting', 'held', 'asked', 'accepted')
           ) as "hope!""#,
        run.0,
        place.pass,
        place.step,
    )
    .fetch_one(&mut **tx)
    .await
}

/// People of a run whom a step wants an answer of, who have not answered, and who may still be paged.
pub(crate) async fn still_asked(tx: &mut Tx, run: RunId) -> Result<Vec<PersonId>, sqlx::Error> {
    let people: Vec<Uuid> = sqlx::query_scalar!(
        "select distinct person
         from oncall_page
         where run = $1
           and ack_all
           and state in ('waiting', 'held', 'asked', 'accepted')
         order by person",
        run.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(people.into_iter().map(PersonId).collect())
}

/// Ends what of a run has not gone out, but not the pages of these people.
pub(crate) async fn withdraw(tx: &mut Tx, run: RunId, but: &[PersonId]) -> Result<(), sqlx::Error> {
    let but: Vec<Uuid> = but.iter().map(|person| person.0).collect();
    sqlx::query!(
        "update oncall_page
         set state = 'withdrawn',
             due_at = null
         where run = $1
           and state in ('waiting', 'held', 'asked')
           and person <> all($2)",
        run.0,
        &but,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes that somebody has answered, also as far as a page of theirs had been taken.
pub(crate) async fn answer(tx: &mut Tx, run: RunId, person: PersonId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update oncall_page
         set state = 'answered',
             due_at = null
         where run = $1
           and person = $2
           and state in ('waiting', 'held', 'asked', 'accepted')",
        run.0,
        person.0,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What was held goes out now.
pub(crate) async fn release(tx: &mut Tx, run: RunId, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update oncall_page
         set due_at = $2
         where run = $1
           and state = 'held'
           and due_at > $2",
        run.0,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The newest step of a run that paged somebody, if one did.
pub(crate) async fn newest_place(tx: &mut Tx, run: RunId, person: PersonId) -> Result<Option<Place>, sqlx::Error> {
    let row = sqlx::query!(
        "select
           pass,
           step
         from oncall_page
         where run = $1
           and person = $2
         order by pass desc, step desc
         limit 1",
        run.0,
        person.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Place { pass: row.pass, step: row.step }))
}
