//! Facts: the outbox. A past-tense record, appended in the transaction that made it true.
//!
//! Readers follow the pair (transaction, id). A bare sequence would not do: its order is not the order of commits, so a reader that
//! has seen id 6 could miss id 5 of a transaction that committed later. Only rows of transactions older than every running one are
//! handed out, hence nothing can appear behind a cursor.

use crate::db::{Db, Tx};
use chrono::{DateTime, Utc};
use model::actor::Actor;
use model::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The channel on which a commit wakes readers. It carries nothing: a poll is the truth.
pub const CHANNEL: &str = "mimamori_facts";

/// Something that became true.
#[derive(Clone, Debug)]
pub struct Fact<'a> {
    /// Past tense, as in the glossary: `AlertFired`.
    pub kind: &'static str,
    /// Who did it.
    pub actor: &'a Actor,
    /// What it is about: `alert/12`, `person/…`, `rule/cpu-usage`.
    pub subject: String,
    /// What else is worth knowing. Never a secret.
    pub body: Value,
    /// When it became true.
    pub at: Time,
}

/// A reader's place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cursor {
    pub xact: i64,
    pub id: i64,
}

/// A Fact as read back.
#[derive(Clone, Debug, Serialize)]
pub struct Recorded {
    pub cursor: Cursor,
    pub kind: String,
    pub actor: Value,
    pub subject: String,
    pub body: Value,
    pub at: Time,
}

struct Row {
    xact: i64,
    id: i64,
    kind: String,
    actor: Value,
    subject: String,
    body: Value,
    at: DateTime<Utc>,
}

impl From<Row> for Recorded {
    fn from(row: Row) -> Self {
        Self {
            cursor: Cursor { xact: row.xact, id: row.id },
            kind: row.kind,
            actor: row.actor,
            subject: row.subject,
            body: row.body,
            at: Time::from_utc(row.at),
        }
    }
}

/// Writes a Fact into the caller's transaction and wakes readers when it commits.
///
/// # Errors
/// The database's.
pub async fn append(tx: &mut Tx, fact: &Fact<'_>) -> Result<(), sqlx::Error> {
    let actor = serde_json::to_value(&fact.actor.who).unwrap_or(Value::Null);
    sqlx::query!(
        "insert into fact (kind, actor, subject, body, at)
         values ($1, $2, $3, $4, $5)",
        fact.kind,
        actor,
        fact.subject,
        fact.body,
        fact.at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!("select pg_notify($1, '')", CHANNEL).execute(&mut **tx).await?;
    Ok(())
}

/// Writes many Facts into the caller's transaction, in their order, with one statement: a sender may raise ten thousand alerts at once.
///
/// # Errors
/// The database's.
pub async fn append_all(tx: &mut Tx, facts: &[Fact<'_>]) -> Result<(), sqlx::Error> {
    if facts.is_empty() {
        return Ok(());
    }
    let kinds: Vec<String> = facts.iter().map(|fact| fact.kind.to_owned()).collect();
    let actors: Vec<Value> = facts.iter().map(|fact| serde_json::to_value(&fact.actor.who).unwrap_or(Value::Null)).collect();
    let subjects: Vec<String> = facts.iter().map(|fact| fact.subject.clone()).collect();
    let bodies: Vec<Value> = facts.iter().map(|fact| fact.body.clone()).collect();
    let times: Vec<DateTime<Utc>> = facts.iter().map(|fact| fact.at.to_utc()).collect();
    sqlx::query!(
        "insert into fact (kind, actor, subject, body, at)
         select
           went.kind,
           went.actor,
           went.subject,
           went.body,
           went.at
         from unnest($1::text[], $2::jsonb[], $3::text[], $4::jsonb[], $5::timestamptz[]) with ordinality
           as went (kind, actor, subject, body, at, position)
         order by went.position",
        &kinds[..],
        &actors[..],
        &subjects[..],
        &bodies[..],
        &times[..],
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!("select pg_notify($1, '')", CHANNEL).execute(&mut **tx).await?;
    Ok(())
}

/// The next Facts after `after`, at most `limit`, in an order in which nothing can appear behind the last one.
///
/// # Errors
/// The database's.
pub async fn read_after(db: &Db, after: Cursor, limit: i64) -> Result<Vec<Recorded>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select
             xact::text::bigint as "xact!",
             id,
             kind,
             actor,
             subject,
             body,
             at
           from fact
           where (xact, id) > ($1::text::xid8, $2)
             and xact < pg_snapshot_xmin(pg_current_snapshot())
           order by xact, id
           limit $3"#,
        after.xact.to_string(),
        after.id,
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(Recorded::from).collect())
}

/// The place behind the newest Fact that is safe to have read.
///
/// # Errors
/// The database's.
pub async fn newest(db: &Db) -> Result<Cursor, sqlx::Error> {
    let row = sqlx::query!(
        r#"select
             xact::text::bigint as "xact!",
             id
           from fact
           where xact < pg_snapshot_xmin(pg_current_snapshot())
           order by xact desc, id desc
           limit 1"#,
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map_or_else(Cursor::default, |row| Cursor { xact: row.xact, id: row.id }))
}

/// The newest Facts since `since`, newest first, without those of the `quiet` kinds.
///
/// # Errors
/// The database's.
pub async fn newest_since(db: &Db, since: Time, quiet: &[&str], limit: i64) -> Result<Vec<Recorded>, sqlx::Error> {
    let quiet: Vec<String> = quiet.iter().map(|kind| (*kind).to_owned()).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"select
             xact::text::bigint as "xact!",
             id,
             kind,
             actor,
             subject,
             body,
             at
           from fact
           where at >= $1 and kind <> all($2)
           order by id desc
           limit $3"#,
        since.to_utc(),
        &quiet,
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(Recorded::from).collect())
}

/// How many Facts of one kind there are since `since`, and when the newest of them was.
///
/// # Errors
/// The database's.
pub async fn count_of(db: &Db, kind: &str, since: Time) -> Result<(i64, Option<Time>), sqlx::Error> {
    let row = sqlx::query!(
        r#"select
             count(*) as "n!",
             max(at) as "newest?"
           from fact
           where kind = $1
             and at >= $2"#,
        kind,
        since.to_utc(),
    )
    .fetch_one(db.pool())
    .await?;
    Ok((row.n, row.newest.map(Time::from_utc)))
}

/// Facts of these kinds from `from` on and before `until`, the newest first.
///
/// # Errors
/// The database's.
pub async fn of_kinds(db: &Db, kinds: &[&str], from: Time, until: Time, limit: i64) -> Result<Vec<Recorded>, sqlx::Error> {
    let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"select
             xact::text::bigint as "xact!",
             id,
             kind,
             actor,
             subject,
             body,
             at
           from fact
           where kind = any($1)
             and at >= $2
             and at < $3
           order by at desc, id desc
           limit $4"#,
        &kinds,
        from.to_utc(),
        until.to_utc(),
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(Recorded::from).collect())
}

/// What Facts of these kinds since `since` are about, each once, at most `limit`, those of the newest Facts first.
///
/// # Errors
/// The database's.
pub async fn subjects_of(db: &Db, kinds: &[&str], since: Time, limit: i64) -> Result<Vec<String>, sqlx::Error> {
    let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    sqlx::query_scalar!(
        "select subject
         from fact
         where kind = any($1)
           and at >= $2
         group by subject
         order by max(id) desc
         limit $3",
        &kinds,
        since.to_utc(),
        limit,
    )
    .fetch_all(db.pool())
    .await
}

/// What happened to one subject, oldest first, at most `limit` of the newest.
///
/// # Errors
/// The database's.
pub async fn about(db: &Db, subject: &str, limit: i64) -> Result<Vec<Recorded>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select
             xact::text::bigint as "xact!",
             id,
             kind,
             actor,
             subject,
             body,
             at
           from fact
           where subject = $1
           order by id desc
           limit $2"#,
        subject,
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().rev().map(Recorded::from).collect())
}
