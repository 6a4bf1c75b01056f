//! `organisation` and `set_up_code`.

use kernel::{Db, Tx};
use model::Time;

/// A stored set-up code.
pub struct Code {
    pub hash: Vec<u8>,
    pub expires_at: Time,
}

/// Whether any person exists.
pub async fn somebody_exists(db: &Db) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select exists (select 1 from person) as "exists!""#).fetch_one(db.pool()).await
}

/// The same, within a transaction.
pub async fn somebody_exists_by(tx: &mut Tx) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select exists (select 1 from person) as "exists!""#).fetch_one(&mut **tx).await
}

/// Puts a code in place of the one before.
pub async fn put_code(tx: &mut Tx, hash: &[u8], expires_at: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into set_up_code (code_hash, expires_at)
         values ($1, $2)
         on conflict (singleton) do update set
           code_hash = excluded.code_hash,
           expires_at = excluded.expires_at",
        hash,
        expires_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The code that is in place.
pub async fn code(db: &Db) -> Result<Option<Code>, sqlx::Error> {
    let row = sqlx::query!(
        "select
           code_hash,
           expires_at
         from set_up_code",
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| Code { hash: row.code_hash, expires_at: Time::from_utc(row.expires_at) }))
}

/// Takes the code away; of two at once only one gets it.
pub async fn take_code(tx: &mut Tx) -> Result<Option<Code>, sqlx::Error> {
    let row = sqlx::query!(
        "delete from set_up_code
         returning
           code_hash,
           expires_at",
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Code { hash: row.code_hash, expires_at: Time::from_utc(row.expires_at) }))
}

/// The organisation's name, once set up.
pub async fn organisation(db: &Db) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!("select name from organisation").fetch_optional(db.pool()).await
}

/// Makes the organisation.
pub async fn make_organisation(tx: &mut Tx, name: &str, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into organisation (name, made_at)
         values ($1, $2)",
        name,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
