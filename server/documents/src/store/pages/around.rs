//! What stands around a text: `doc_page` beside its tree, and `doc_watch`.

use crate::error::Error;
use crate::pages::tree::Around;
use kernel::Tx;
use model::Time;
use model::ids::{DocumentId, PersonId};
use uuid::Uuid;

/// Writes what stands around a text anew.
pub(crate) async fn set(tx: &mut Tx, id: DocumentId, around: &Around, review_due_at: Option<Time>) -> Result<(), Error> {
    sqlx::query!(
        "update doc_page
         set labels = $2,
             watch_paths = $3,
             alertnames = $4,
             owner_team = $5,
             owner_person = $6,
             review_every_days = $7,
             review_due_at = $8,
             is_template = $9,
             locale = $10,
             version = version + 1
         where id = $1",
        id.0,
        &around.labels,
        &around.watch_paths,
        &around.alertnames,
        around.owner_team.map(|team| team.0),
        around.owner_person.map(|person| person.0),
        around.review_every_days,
        super::utc(review_due_at),
        around.is_template,
        around.language.as_str(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Every label of pages that are not thrown away and that everybody may read, with how many have it, the most used first.
pub(crate) async fn labels(tx: &mut Tx, most: i64) -> Result<Vec<(String, i64)>, Error> {
    let rows = sqlx::query!(
        r#"select
             label as "label!",
             count(*) as "n!"
           from doc_page
           join doc_space on doc_space.id = doc_page.space
           cross join unnest(doc_page.labels) as label
           where doc_page.trashed_at is null
             and doc_page.right_page is null
             and doc_page.incident is null
             and doc_space.everyone <> 'none'
           group by label
           order by count(*) desc, label
           limit $1"#,
        most,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.label, row.n)).collect())
}

/// Somebody wants to hear of a page. `false`: they do already.
pub(crate) async fn watch(tx: &mut Tx, id: DocumentId, person: PersonId) -> Result<bool, Error> {
    let done = sqlx::query!(
        "insert into doc_watch (page, person)
         values ($1, $2)
         on conflict do nothing",
        id.0,
        person.0,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Somebody does not want to hear of a page any more. `false`: they did not.
pub(crate) async fn unwatch(tx: &mut Tx, id: DocumentId, person: PersonId) -> Result<bool, Error> {
    let done = sqlx::query!("delete from doc_watch where page = $1 and person = $2", id.0, person.0).execute(&mut **tx).await?;
    Ok(done.rows_affected() == 1)
}

/// Who wants to hear of a page.
pub(crate) async fn watchers(tx: &mut Tx, id: DocumentId) -> Result<Vec<PersonId>, Error> {
    let people: Vec<Uuid> = sqlx::query_scalar!(
        "select person
         from doc_watch
         where page = $1
         order by person",
        id.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(people.into_iter().map(PersonId).collect())
}

/// Pages that were changed and have rested since `rested`, with nobody told yet. Whoever asks has them to itself until the transaction ends.
pub(crate) async fn untold(tx: &mut Tx, rested: Time, most: i64) -> Result<Vec<Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        "select id
         from doc_page
         where edited_at > edit_told_at
           and edited_at <= $1
         order by edited_at
         limit $2
         for no key update skip locked",
        rested.to_utc(),
        most,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}

/// Those who watch were told up to the newest change.
pub(crate) async fn told(tx: &mut Tx, id: DocumentId) -> Result<(), Error> {
    sqlx::query!("update doc_page set edit_told_at = edited_at where id = $1", id.0).execute(&mut **tx).await?;
    Ok(())
}
