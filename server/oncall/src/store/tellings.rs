//! `oncall_telling` and `oncall_telling_page`.

use super::corrupt;
use crate::contacts::ContactId;
use crate::error::Error;
use crate::needs::Tone;
use crate::personal::Urgency;
use crate::runs::PageState;
use crate::telling::Circle;
use chrono::{DateTime, Utc};
use kernel::{Db, Tx};
use model::Time;
use model::ids::PersonId;
use serde_json::Value;
use uuid::Uuid;

/// Pages of one telling that are sent in one transaction; more are due still, and follow.
const MOST_PAGES: i64 = 500;

/// A telling as it lies in the database.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stored {
    pub(crate) id: Uuid,
    pub(crate) key: String,
    pub(crate) subject: String,
    pub(crate) tone: Tone,
    pub(crate) urgency: Urgency,
    pub(crate) circles: Vec<Circle>,
    pub(crate) last_resort: Option<Value>,
    /// What is told next, from 0; one more than there are circles means that the last resort was told too.
    pub(crate) circle: i32,
    pub(crate) widen_after_ms: Option<i64>,
    pub(crate) widen_at: Option<Time>,
    pub(crate) answers: Vec<String>,
    pub(crate) is_private: bool,
    pub(crate) why: String,
    pub(crate) at: Time,
}

/// One that is due, as far as it must be known before it is locked.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    pub(crate) id: Uuid,
    pub(crate) key: String,
    pub(crate) subject: String,
    pub(crate) answers: Vec<String>,
    pub(crate) at: Time,
}

/// Somebody is to be told: by one of their own rules.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) id: Uuid,
    pub(crate) telling: Uuid,
    pub(crate) circle: i32,
    pub(crate) person: PersonId,
    pub(crate) rule: i32,
    pub(crate) contact: ContactId,
    pub(crate) tried: Vec<ContactId>,
    pub(crate) state: PageState,
    /// Of [`PageState::Waiting`]: when.
    pub(crate) due_at: Option<Time>,
    pub(crate) call: Option<String>,
}

struct Row {
    id: Uuid,
    key: String,
    subject: String,
    tone: String,
    urgency: String,
    circles: Value,
    last_resort: Option<Value>,
    circle: i32,
    widen_after_ms: Option<i64>,
    widen_at: Option<DateTime<Utc>>,
    answers: Vec<String>,
    is_private: bool,
    why: String,
    at: DateTime<Utc>,
}

struct PageRow {
    id: Uuid,
    telling: Uuid,
    circle: i32,
    person: Uuid,
    rule: i32,
    contact: Uuid,
    tried: Vec<Uuid>,
    state: String,
    due_at: Option<DateTime<Utc>>,
    call: Option<String>,
}

fn read(row: Row) -> Result<Stored, Error> {
    let wrong = |column: &'static str, value: &str| corrupt("oncall_telling", column, &row.key, value);
    let circles: Result<Vec<Circle>, serde_json::Error> = serde_json::from_value(row.circles);
    Ok(Stored {
        circles: circles.map_err(|error| wrong("circles", &error.to_string()))?,
        tone: Tone::from_word(&row.tone).ok_or_else(|| wrong("tone", &row.tone))?,
        urgency: Urgency::from_word(&row.urgency).ok_or_else(|| wrong("urgency", &row.urgency))?,
        id: row.id,
        subject: row.subject,
        last_resort: row.last_resort,
        circle: row.circle,
        widen_after_ms: row.widen_after_ms,
        widen_at: super::time(row.widen_at),
        answers: row.answers,
        is_private: row.is_private,
        why: row.why,
        at: Time::from_utc(row.at),
        key: row.key,
    })
}

fn read_page(row: PageRow) -> Result<Page, Error> {
    let state: Option<PageState> = PageState::from_word(&row.state);
    Ok(Page {
        state: state.ok_or_else(|| corrupt("oncall_telling_page", "state", &row.id.to_string(), &row.state))?,
        id: row.id,
        telling: row.telling,
        circle: row.circle,
        person: PersonId(row.person),
        rule: row.rule,
        contact: ContactId(row.contact),
        tried: row.tried.into_iter().map(ContactId).collect(),
        due_at: super::time(row.due_at),
        call: row.call,
    })
}

/// Whether this was asked for before.
pub(crate) async fn is_known(tx: &mut Tx, key: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select exists (select 1 from oncall_telling where key = $1) as "known!""#, key)
        .fetch_one(&mut **tx)
        .await
}

/// Writes a telling. `false` when its key is known.
pub(crate) async fn insert(tx: &mut Tx, told: &Stored, due_at: Option<Time>) -> Result<bool, Error> {
    let circles: Value = serde_json::to_value(&told.circles).map_err(Error::Encode)?;
    let done = sqlx::query!(
        "insert into oncall_telling (
           id,
           key,
           subject,
           tone,
           urgency,
           circles,
           last_resort,
           circle,
           widen_after_ms,
           widen_at,
           answers,
           is_private,
           why,
           at,
           due_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         on conflict (key) do nothing",
        told.id,
        told.key,
        told.subject,
        told.tone.as_str(),
        told.urgency.as_str(),
        circles,
        told.last_resort,
        told.circle,
        told.widen_after_ms,
        super::utc(told.widen_at),
        &told.answers,
        told.is_private,
        told.why,
        told.at.to_utc(),
        super::utc(due_at),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Tellings in which something is due, those that waited longest first.
pub(crate) async fn due(db: &Db, now: Time, limit: i64) -> Result<Vec<Due>, sqlx::Error> {
    let rows = sqlx::query!(
        "select
           id,
           key,
           subject,
           answers,
           at
         from oncall_telling
         where due_at <= $1
         order by due_at, id
         limit $2",
        now.to_utc(),
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    let due = rows.into_iter().map(|row| Due {
        id: row.id,
        key: row.key,
        subject: row.subject,
        answers: row.answers,
        at: Time::from_utc(row.at),
    });
    Ok(due.collect())
}

/// Locks a telling that is due, if it still is and is in nobody's hands.
pub(crate) async fn claim(tx: &mut Tx, id: Uuid, now: Time) -> Result<Option<Stored>, Error> {
    let row: Option<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           key,
           subject,
           tone,
           urgency,
           circles,
           last_resort,
           circle,
           widen_after_ms,
           widen_at,
           answers,
           is_private,
           why,
           at
         from oncall_telling
         where id = $1
           and due_at <= $2
         for update skip locked",
        id,
        now.to_utc(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(read).transpose()
}

/// Locks the telling that a call belongs to, if it belongs to one.
pub(crate) async fn lock_of_call(tx: &mut Tx, call: &str) -> Result<Option<Stored>, Error> {
    let row: Option<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           key,
           subject,
           tone,
           urgency,
           circles,
           last_resort,
           circle,
           widen_after_ms,
           widen_at,
           answers,
           is_private,
           why,
           at
         from oncall_telling
         where id = (select telling from oncall_telling_page where call = $1 limit 1)
         for update",
        call,
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(read).transpose()
}

/// Writes what may have changed of a locked telling. It is due with its first page, or with its next circle.
pub(crate) async fn save(tx: &mut Tx, told: &Stored) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update oncall_telling
         set circle = $2,
             widen_at = $3,
             due_at = least(
               $3::timestamptz,
               (select min(oncall_telling_page.due_at) from oncall_telling_page where oncall_telling_page.telling = $1)
             )
         where id = $1",
        told.id,
        told.circle,
        super::utc(told.widen_at),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes a page. `false` when they are told by this rule already.
pub(crate) async fn insert_page(tx: &mut Tx, page: &Page) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into oncall_telling_page (id, telling, circle, person, rule, contact, state, due_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (telling, person, rule) do nothing",
        page.id,
        page.telling,
        page.circle,
        page.person.0,
        page.rule,
        page.contact.0,
        page.state.as_str(),
        super::utc(page.due_at),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes what may have changed of a page.
pub(crate) async fn save_page(tx: &mut Tx, page: &Page) -> Result<(), sqlx::Error> {
    let tried: Vec<Uuid> = page.tried.iter().map(|contact| contact.0).collect();
    sqlx::query!(
        "update oncall_telling_page
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

/// The pages of a locked telling that are due, in the order of people.
pub(crate) async fn due_pages(tx: &mut Tx, telling: Uuid, now: Time) -> Result<Vec<Page>, Error> {
    let rows: Vec<PageRow> = sqlx::query_as!(
        PageRow,
        "select
           id,
           telling,
           circle,
           person,
           rule,
           contact,
           tried,
           state,
           due_at,
           call
         from oncall_telling_page
         where telling = $1
           and due_at <= $2
         order by person, rule
         limit $3",
        telling,
        now.to_utc(),
        MOST_PAGES,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read_page).collect()
}

/// The pages of a locked telling that went out with a call.
pub(crate) async fn pages_of_call(tx: &mut Tx, telling: Uuid, call: &str) -> Result<Vec<Page>, Error> {
    let rows: Vec<PageRow> = sqlx::query_as!(
        PageRow,
        "select
           id,
           telling,
           circle,
           person,
           rule,
           contact,
           tried,
           state,
           due_at,
           call
         from oncall_telling_page
         where telling = $1
           and call = $2
         order by person, rule",
        telling,
        call,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read_page).collect()
}

/// Whether somebody has it, or may still get it.
pub(crate) async fn has_hope(tx: &mut Tx, telling: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
             select 1
             from oncall_telling_page
             where telling = $1
               and state in ('waiting', 'asked', 'accepted')
           ) as "has_hope!""#,
        telling,
    )
    .fetch_one(&mut **tx)
    .await
}

/// Takes back the pages that wait: those of one person, or all.
pub(crate) async fn withdraw(tx: &mut Tx, telling: Uuid, person: Option<PersonId>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update oncall_telling_page
         set state = 'withdrawn',
             due_at = null
         where telling = $1
           and ($2::uuid is null or person = $2)
           and state = 'waiting'",
        telling,
        person.map(|person| person.0),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// When the longest-waiting telling was due; `None` while none is.
pub(crate) async fn oldest_due(db: &Db) -> Result<Option<Time>, sqlx::Error> {
    let at: Option<DateTime<Utc>> = sqlx::query_scalar!(
        "select due_at
         from oncall_telling
         where due_at is not null
         order by due_at
         limit 1",
    )
    .fetch_optional(db.pool())
    .await?
    .flatten();
    Ok(super::time(at))
}

/// Removes tellings that were asked for before `before`, with all that belongs to them, at most a thousand.
pub(crate) async fn purge(tx: &mut Tx, before: Time) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from oncall_telling
         where id in (
           select id
           from oncall_telling
           where at < $1
           order by at
           limit 1000
           for update skip locked
         )",
        before.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}
