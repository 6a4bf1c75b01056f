//! `explore_history`.

use crate::error::Error;
use kernel::Tx;
use model::Time;
use model::ids::PersonId;

/// What a person asked, the newest first.
pub(crate) async fn all(tx: &mut Tx, person: PersonId) -> Result<Vec<String>, Error> {
    let found =
        sqlx::query_scalar!("select expression from explore_history where person = $1 order by at desc, expression", person.0)
            .fetch_all(&mut **tx)
            .await?;
    Ok(found)
}

/// Notes that something was asked, once however often.
pub(crate) async fn note(tx: &mut Tx, person: PersonId, expression: &str, at: Time) -> Result<(), Error> {
    sqlx::query!(
        "insert into explore_history (person, expression, at)
         values ($1, $2, $3)
         on conflict (person, expression) do update
         set at = excluded.at",
        person.0,
        expression,
        at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets all but the newest ones.
pub(crate) async fn trim(tx: &mut Tx, person: PersonId, most: i64) -> Result<(), Error> {
    sqlx::query!(
        "delete from explore_history
         where person = $1
           and expression not in (
             select expression
             from explore_history
             where person = $1
             order by at desc, expression
             limit $2
           )",
        person.0,
        most,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets all of them.
pub(crate) async fn forget(tx: &mut Tx, person: PersonId) -> Result<(), Error> {
    sqlx::query!("delete from explore_history where person = $1", person.0).execute(&mut **tx).await?;
    Ok(())
}
