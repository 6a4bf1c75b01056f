//! `invitation`.

use super::role_of;
use crate::error::Error;
use crate::invitations::Invited;
use kernel::{Db, Tx};
use model::Time;
use model::ids::PersonId;

/// Puts an invitation in place of the one before.
pub async fn put(tx: &mut Tx, person: PersonId, code_hash: &[u8], now: Time, expires_at: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into invitation (person_id, code_hash, made_at, expires_at)
         values ($1, $2, $3, $4)
         on conflict (person_id) do update set
           code_hash = excluded.code_hash,
           made_at = excluded.made_at,
           expires_at = excluded.expires_at",
        person.0,
        code_hash,
        now.to_utc(),
        expires_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Who is invited by a code, if it is still good.
pub async fn find(db: &Db, code_hash: &[u8], now: Time) -> Result<Option<Invited>, Error> {
    let row = sqlx::query!(
        "select
           person.id,
           person.name,
           person.email,
           person.role,
           invitation.expires_at
         from invitation
         join person on person.id = invitation.person_id
         where invitation.code_hash = $1
           and invitation.expires_at > $2
           and person.password_hash is null
           and person.disabled_at is null",
        code_hash,
        now.to_utc(),
    )
    .fetch_optional(db.pool())
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Invited {
        role: role_of("person", row.id, &row.role)?,
        person: PersonId(row.id),
        name: row.name,
        email: row.email,
        expires_at: Time::from_utc(row.expires_at),
    }))
}

/// Uses a code up; of two at once only one gets it.
pub async fn take(tx: &mut Tx, code_hash: &[u8], now: Time) -> Result<Option<PersonId>, sqlx::Error> {
    let id = sqlx::query_scalar!(
        "delete from invitation
         where code_hash = $1
           and expires_at > $2
         returning person_id",
        code_hash,
        now.to_utc(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(PersonId))
}

/// Withdraws a person's invitation, if there is one.
pub async fn withdraw(tx: &mut Tx, person: PersonId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from invitation where person_id = $1", person.0).execute(&mut **tx).await?;
    Ok(())
}
