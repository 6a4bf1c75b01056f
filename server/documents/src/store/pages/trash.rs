//! The trash: `doc_page` with a moment at which it was thrown away.

use crate::error::Error;
use kernel::Tx;
use model::Time;
use model::ids::DocumentId;
use uuid::Uuid;

/// A page and everything below it that is not thrown away.
pub(crate) async fn below(tx: &mut Tx, id: DocumentId) -> Result<Vec<Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        r#"with recursive below (id) as (
             select $1::uuid
             union all
             select page.id
             from doc_page page
             join below on page.parent = below.id
             where page.trashed_at is null
           )
           select id as "id!"
           from below"#,
        id.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}

/// Throws pages away together.
pub(crate) async fn throw(tx: &mut Tx, ids: &[Uuid], root: DocumentId, by: &str, now: Time) -> Result<(), Error> {
    sqlx::query!(
        "update doc_page
         set trashed_at = $3,
             trashed_by = $4,
             trash_root = $2,
             version = version + 1
         where id = any($1)",
        ids,
        root.0,
        now.to_utc(),
        by,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Brings back what was thrown away together.
pub(crate) async fn restore(tx: &mut Tx, root: DocumentId) -> Result<Vec<Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        "update doc_page
         set trashed_at = null,
             trashed_by = null,
             trash_root = null,
             version = version + 1
         where trash_root = $1
         returning id",
        root.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}

/// Whether a page is there and not thrown away.
pub(crate) async fn is_live(tx: &mut Tx, id: DocumentId) -> Result<bool, Error> {
    let is_live: bool = sqlx::query_scalar!(
        r#"select exists (select 1 from doc_page where id = $1 and trashed_at is null) as "is_live!""#,
        id.0,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(is_live)
}

/// The pages with which others were thrown away, those of last first.
pub(crate) async fn roots(tx: &mut Tx, most: i64) -> Result<Vec<Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        "select id
         from doc_page
         where trash_root = id
           and trashed_by <> ''
         order by trashed_at desc, id
         limit $1",
        most,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}

/// What was thrown away together.
pub(crate) async fn of_root(tx: &mut Tx, root: DocumentId) -> Result<Vec<Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        "select id
         from doc_page
         where trash_root = $1
         order by id",
        root.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}

/// Makes shells of pages whose runs and files must still name them: nothing can be read in them, and nobody finds them. The changes of the
/// text go too.
pub(crate) async fn empty(tx: &mut Tx, ids: &[Uuid]) -> Result<(), Error> {
    sqlx::query!(
        "update doc_page
         set body_md = '',
             title = '…',
             labels = '{}',
             watch_paths = '{}',
             alertnames = '{}',
             slug = id::text,
             trash_root = id,
             parent = null,
             everyone = 'none',
             right_page = id,
             review_due_at = null,
             edit_told_at = edited_at,
             trashed_by = ''
         where id = any($1)",
        ids,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!("delete from collab_doc where id = any($1)", ids).execute(&mut **tx).await?;
    sqlx::query!("delete from doc_search where page = any($1)", ids).execute(&mut **tx).await?;
    sqlx::query!("delete from doc_slug where page = any($1)", ids).execute(&mut **tx).await?;
    sqlx::query!("delete from doc_link where page = any($1)", ids).execute(&mut **tx).await?;
    sqlx::query!("delete from doc_watch where page = any($1)", ids).execute(&mut **tx).await?;
    sqlx::query!("delete from doc_page_right where page = any($1)", ids).execute(&mut **tx).await?;
    Ok(())
}
