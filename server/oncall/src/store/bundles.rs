//! `oncall_bundle`.

use kernel::Tx;
use model::Time;
use model::ids::PersonId;

/// Until when what is new for somebody waits. Nobody else decides that for them until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, person: PersonId, now: Time) -> Result<Time, sqlx::Error> {
    sqlx::query!(
        "insert into oncall_bundle (person, until_at)
         values ($1, $2)
         on conflict (person) do nothing",
        person.0,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    let until = sqlx::query_scalar!("select until_at from oncall_bundle where person = $1 for update", person.0)
        .fetch_one(&mut **tx)
        .await?;
    Ok(Time::from_utc(until))
}

/// What is new for somebody waits until then.
pub(crate) async fn set(tx: &mut Tx, person: PersonId, until: Time) -> Result<(), sqlx::Error> {
    sqlx::query!("update oncall_bundle set until_at = $2 where person = $1", person.0, until.to_utc()).execute(&mut **tx).await?;
    Ok(())
}
