//! `push_key` and `push_subscription`.

use chrono::{DateTime, Utc};
use kernel::{Db, Tx};
use model::Time;
use uuid::Uuid;

/// The key of this installation.
pub(crate) struct Key {
    pub(crate) public: String,
    pub(crate) sealed: Vec<u8>,
}

/// A browser.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    pub(crate) person: Uuid,
    /// SHA-256 of the address.
    pub(crate) endpoint: Vec<u8>,
    pub(crate) sealed: Vec<u8>,
    pub(crate) agent: String,
    pub(crate) made_at: Time,
    pub(crate) used_at: Option<Time>,
}

/// The key, if there is one.
pub(crate) async fn key(db: &Db) -> Result<Option<Key>, sqlx::Error> {
    sqlx::query_as!(
        Key,
        "select
           public,
           sealed
         from push_key",
    )
    .fetch_optional(db.pool())
    .await
}

/// Writes the key, unless there is one.
pub(crate) async fn add_key(db: &Db, public: &str, sealed: &[u8], at: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into push_key (public, sealed, made_at)
         values ($1, $2, $3)
         on conflict (is_only) do nothing",
        public,
        sealed,
        at.to_utc(),
    )
    .execute(db.pool())
    .await?;
    Ok(())
}

/// The browsers of these people, the newest first, at most `limit`.
pub(crate) async fn of_people(db: &Db, people: &[Uuid], limit: i64) -> Result<Vec<Row>, sqlx::Error> {
    let rows = sqlx::query!(
        "select
           id,
           person,
           endpoint,
           sealed,
           agent,
           made_at,
           used_at
         from push_subscription
         where person = any($1)
         order by made_at desc, id desc
         limit $2",
        people,
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    let mut found: Vec<Row> = Vec::with_capacity(rows.len());
    for row in rows {
        found.push(Row {
            id: row.id,
            person: row.person,
            endpoint: row.endpoint,
            sealed: row.sealed,
            agent: row.agent,
            made_at: Time::from_utc(row.made_at),
            used_at: super::time(row.used_at),
        });
    }
    Ok(found)
}

/// How many browsers somebody has.
pub(crate) async fn count(tx: &mut Tx, person: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"select count(*) as "n!" from push_subscription where person = $1"#, person).fetch_one(&mut **tx).await
}

/// Writes a browser in the place of the one with its address.
pub(crate) async fn replace(tx: &mut Tx, row: &Row) -> Result<(), sqlx::Error> {
    let made_at: DateTime<Utc> = row.made_at.to_utc();
    sqlx::query!(
        "insert into push_subscription (id, person, endpoint, sealed, agent, made_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (endpoint) do update
         set id = excluded.id,
             person = excluded.person,
             sealed = excluded.sealed,
             agent = excluded.agent,
             made_at = excluded.made_at,
             used_at = null",
        row.id,
        row.person,
        row.endpoint,
        row.sealed,
        row.agent,
        made_at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes somebody's browser. `false` when there is none of that id.
pub(crate) async fn remove(tx: &mut Tx, id: Uuid, person: Uuid) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "delete from push_subscription
         where id = $1
           and person = $2",
        id,
        person,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that a page was taken for a browser.
pub(crate) async fn note_use(db: &Db, id: Uuid, at: Time) -> Result<(), sqlx::Error> {
    sqlx::query!("update push_subscription set used_at = $2 where id = $1", id, at.to_utc()).execute(db.pool()).await?;
    Ok(())
}
