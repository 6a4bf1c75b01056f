//! Which people could be paged: what readiness asks of `oncall_contact`.

use kernel::Tx;
use model::ids::PersonId;
use uuid::Uuid;

/// Those of these people who have a contact that was verified.
pub(crate) async fn reachable(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<PersonId>, sqlx::Error> {
    let people: Vec<Uuid> = people.iter().map(|person| person.0).collect();
    let found: Vec<Uuid> = sqlx::query_scalar!(
        "select distinct person
         from oncall_contact
         where person = any($1)
           and verified_at is not null",
        &people,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(found.into_iter().map(PersonId).collect())
}
