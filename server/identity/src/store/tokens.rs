//! `api_token`.

use super::role_of;
use crate::error::Error;
use crate::tokens::{LiveToken, StoredToken, TOUCH_MS, TokenRow};
use kernel::{Db, Tx};
use model::Time;
use model::ids::{PersonId, TokenId};

/// Adds a token.
pub async fn add(tx: &mut Tx, token: &StoredToken, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into api_token (id, short_id, kind, person_id, name, secret_hash, scopes, role, made_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        token.id.0,
        token.short_id,
        token.kind.as_str(),
        token.person.0,
        token.name,
        &token.secret_hash[..],
        &token.scopes[..],
        token.role.as_str(),
        now.to_utc(),
        token.expires_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The token with those eight characters, if it is neither revoked nor expired and its maker is enabled.
pub async fn find_live(db: &Db, short_id: &str, now: Time) -> Result<Option<LiveToken>, Error> {
    let row = sqlx::query!(
        "select
           token.id,
           token.name,
           token.secret_hash,
           token.scopes,
           token.role,
           token.expires_at,
           person.id as person_id,
           person.role as person_role
         from api_token as token
         join person on person.id = token.person_id
         where token.short_id = $1
           and token.revoked_at is null
           and token.expires_at > $2
           and person.disabled_at is null",
        short_id,
        now.to_utc(),
    )
    .fetch_optional(db.pool())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let role = role_of("api_token", row.id, &row.role)?;
    let makers_role = role_of("person", row.person_id, &row.person_role)?;
    Ok(Some(LiveToken {
        id: TokenId(row.id),
        name: row.name,
        secret_hash: row.secret_hash,
        scopes: row.scopes,
        role: role.min(makers_role),
        expires_at: Time::from_utc(row.expires_at),
    }))
}

/// Notes the last use, at most once a minute.
pub async fn touch(db: &Db, token: TokenId, address: &str, agent: &str, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update api_token
         set
           used_at = $2,
           used_address = $3,
           used_agent = $4
         where id = $1
           and (used_at is null or used_at <= $5)",
        token.0,
        now.to_utc(),
        address,
        agent,
        now.plus_ms(-TOUCH_MS).to_utc(),
    )
    .execute(db.pool())
    .await?;
    Ok(())
}

/// One person's tokens that are not revoked, newest first; expired ones stay visible.
pub async fn list(db: &Db, person: PersonId) -> Result<Vec<TokenRow>, Error> {
    let rows = sqlx::query!(
        "select
           id,
           short_id,
           kind,
           name,
           scopes,
           role,
           made_at,
           expires_at,
           used_at,
           used_address,
           used_agent
         from api_token
         where person_id = $1
           and revoked_at is null
         order by made_at desc, id desc",
        person.0,
    )
    .fetch_all(db.pool())
    .await?;
    let mut tokens: Vec<TokenRow> = Vec::with_capacity(rows.len());
    for row in rows {
        tokens.push(TokenRow {
            id: TokenId(row.id),
            role: role_of("api_token", row.id, &row.role)?,
            prefix: format!("mmr_{}_{}", row.kind, row.short_id),
            name: row.name,
            scopes: row.scopes,
            made_at: Time::from_utc(row.made_at),
            expires_at: Time::from_utc(row.expires_at),
            used_at: row.used_at.map(Time::from_utc),
            used_address: row.used_address,
            used_agent: row.used_agent,
        });
    }
    Ok(tokens)
}

/// Revokes one token of a person. False when they have no such token or it is revoked.
pub async fn revoke(tx: &mut Tx, person: PersonId, token: TokenId, now: Time) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update api_token
         set revoked_at = $3
         where id = $1
           and person_id = $2
           and revoked_at is null",
        token.0,
        person.0,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
