//! `session`.

use super::people::preferences;
use super::role_of;
use crate::error::Error;
use crate::people::Person;
use crate::sessions::{IDLE_MS, Live, NewSession, SessionRow, TOUCH_MS};
use kernel::{Db, Tx};
use model::actor::Who;
use model::ids::{PersonId, SessionId};
use model::{Actor, Time};

/// Adds a session.
pub async fn add(tx: &mut Tx, session: &NewSession, token_hash: &[u8], now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into session (id, person_id, token_hash, made_at, seen_at, expires_at, address, agent)
         values ($1, $2, $3, $4, $4, $5, $6, $7)",
        session.id.0,
        session.person.0,
        token_hash,
        now.to_utc(),
        session.expires_at.to_utc(),
        session.address,
        session.agent,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The session of a token, if it has not ended and its person is enabled.
pub async fn find_live(db: &Db, token_hash: &[u8], now: Time) -> Result<Option<Live>, Error> {
    let row = sqlx::query!(
        "select
           session.id as session_id,
           session.expires_at,
           person.id,
           person.name,
           person.email,
           person.role,
           person.locale,
           person.zone,
           person.theme
         from session
         join person on person.id = session.person_id
         where session.token_hash = $1
           and session.expires_at > $2
           and session.seen_at > $3
           and person.disabled_at is null",
        token_hash,
        now.to_utc(),
        now.plus_ms(-IDLE_MS).to_utc(),
    )
    .fetch_optional(db.pool())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let person = Person {
        id: PersonId(row.id),
        name: row.name,
        email: row.email,
        role: role_of("person", row.id, &row.role)?,
        preferences: preferences(&row.locale, row.zone, &row.theme),
    };
    Ok(Some(Live { id: SessionId(row.session_id), expires_at: Time::from_utc(row.expires_at), person }))
}

/// Notes that a session and its person were seen, at most once a minute. Two statements that never hold both rows: whoever ends the
/// sessions of a person locks the person first.
pub async fn touch(db: &Db, session: SessionId, now: Time) -> Result<(), sqlx::Error> {
    let person = sqlx::query_scalar!(
        "update session
         set seen_at = $2
         where id = $1
           and seen_at <= $3
         returning person_id",
        session.0,
        now.to_utc(),
        now.plus_ms(-TOUCH_MS).to_utc(),
    )
    .fetch_optional(db.pool())
    .await?;
    if let Some(person) = person {
        sqlx::query!("update person set seen_at = $2 where id = $1", person, now.to_utc()).execute(db.pool()).await?;
    }
    Ok(())
}

/// Notes that somebody signed in.
pub async fn seen(tx: &mut Tx, person: PersonId, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!("update person set seen_at = $2 where id = $1", person.0, now.to_utc()).execute(&mut **tx).await?;
    Ok(())
}

/// One person's sessions that have not ended, last used first.
pub async fn list(db: &Db, person: PersonId, now: Time) -> Result<Vec<SessionRow>, sqlx::Error> {
    let rows = sqlx::query!(
        "select
           id,
           address,
           agent,
           made_at,
           seen_at,
           expires_at
         from session
         where person_id = $1
           and expires_at > $2
           and seen_at > $3
         order by seen_at desc, id desc",
        person.0,
        now.to_utc(),
        now.plus_ms(-IDLE_MS).to_utc(),
    )
    .fetch_all(db.pool())
    .await?;
    let sessions = rows.into_iter().map(|row| SessionRow {
        id: SessionId(row.id),
        address: row.address,
        agent: row.agent,
        made_at: Time::from_utc(row.made_at),
        seen_at: Time::from_utc(row.seen_at),
        expires_at: Time::from_utc(row.expires_at),
    });
    Ok(sessions.collect())
}

/// Ends the session of a token; its id and whose it was, if there was one.
pub async fn end_by_token(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<(SessionId, Actor)>, Error> {
    let row = sqlx::query!(
        "delete from session
         using person
         where session.token_hash = $1
           and person.id = session.person_id
         returning
           session.id as session_id,
           person.id,
           person.name,
           person.role",
        token_hash,
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let role = role_of("person", row.id, &row.role)?;
    let who = Who::Person { id: PersonId(row.id), name: row.name };
    Ok(Some((SessionId(row.session_id), Actor { who, role, team_roles: Vec::new() })))
}

/// Ends one session of a person. False when they have no such session.
pub async fn end(tx: &mut Tx, person: PersonId, session: SessionId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "delete from session
         where id = $1
           and person_id = $2",
        session.0,
        person.0,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends every session of a person, except `keep`; how many that were.
pub async fn end_all_but(tx: &mut Tx, person: PersonId, keep: Option<SessionId>) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from session
         where person_id = $1
           and id is distinct from $2",
        person.0,
        keep.map(|session| session.0),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}

/// Deletes a person's sessions that ended by themselves.
pub async fn sweep(tx: &mut Tx, person: PersonId, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from session
         where person_id = $1
           and (expires_at <= $2 or seen_at <= $3)",
        person.0,
        now.to_utc(),
        now.plus_ms(-IDLE_MS).to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
