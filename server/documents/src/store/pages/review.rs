//! Reviews: `doc_page` and `doc_notice`.

use crate::error::Error;
use crate::pages::Verified;
use kernel::Tx;
use model::Time;
use model::ids::DocumentId;
use serde_json::Value;
use uuid::Uuid;

/// Somebody says that a page is right: what was due or wanted is done.
pub(crate) async fn verify(tx: &mut Tx, id: DocumentId, verified: &Verified, due_at: Option<Time>) -> Result<(), Error> {
    sqlx::query!(
        "update doc_page
         set verified_at = $2,
             verified_by = $3,
             verified_person = $4,
             review_due_at = $5,
             must_review_at = null,
             must_review_why = null
         where id = $1",
        id.0,
        verified.at.to_utc(),
        verified.by,
        verified.person.map(|person| person.0),
        super::utc(due_at),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Something happened after which a page may be wrong. The first reason stays until somebody has looked. `false`: there was one.
pub(crate) async fn must(tx: &mut Tx, id: DocumentId, why: &Value, now: Time) -> Result<bool, Error> {
    let done = sqlx::query!(
        "update doc_page
         set must_review_at = $3,
             must_review_why = $2
         where id = $1
           and must_review_at is null",
        id.0,
        why,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Pages that are due before a moment and of which a step was not decided yet. Whoever asks has them until the transaction ends.
pub(crate) async fn due(tx: &mut Tx, before: Time, now: Time, most: i64) -> Result<Vec<Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        "select page.id
         from doc_page page
         where page.review_due_at <= $1
           and page.trashed_at is null
           and not page.is_template
           and exists (
             select 1
             from unnest(array[-14, -3, 0, 7]) as told (step)
             where page.review_due_at + make_interval(hours => told.step * 24) <= $2
               and not exists (
                 select 1
                 from doc_notice notice
                 where notice.page = page.id
                   and notice.due_at = page.review_due_at
                   and notice.step = told.step
               )
           )
         order by page.review_due_at
         limit $3
         for no key update of page skip locked",
        before.to_utc(),
        now.to_utc(),
        most,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}

/// A step is decided. `false`: it was before.
pub(crate) async fn decide(tx: &mut Tx, id: DocumentId, due_at: Time, step: i32, now: Time) -> Result<bool, Error> {
    let done = sqlx::query!(
        "insert into doc_notice (page, due_at, step, at)
         values ($1, $2, $3, $4)
         on conflict do nothing",
        id.0,
        due_at.to_utc(),
        step,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Pages that somebody has to look at now, those that wait longest first: due within a time, or after something that happened.
pub(crate) async fn waiting(tx: &mut Tx, before: Time, most: i64) -> Result<Vec<Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        "select id
         from doc_page
         where trashed_at is null
           and not is_template
           and (must_review_at is not null or review_due_at <= $1)
         order by coalesce(must_review_at, review_due_at), id
         limit $2",
        before.to_utc(),
        most,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}

/// Pages that watch paths, with their patterns.
pub(crate) async fn watching(tx: &mut Tx) -> Result<Vec<(Uuid, Vec<String>)>, Error> {
    let rows = sqlx::query!(
        "select
           id,
           watch_paths
         from doc_page
         where watch_paths <> '{}'
           and trashed_at is null
         order by id",
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.watch_paths)).collect())
}

/// Pages of all spaces of a branch.
pub(crate) async fn of_branch(tx: &mut Tx, branch: &str) -> Result<Vec<Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        "select page.id
         from doc_page page
         join doc_space space on space.id = page.space
         where space.branch = $1
           and page.trashed_at is null
           and not page.is_template
         order by page.id",
        branch,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}
