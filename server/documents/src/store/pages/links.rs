//! `doc_link`.

use crate::error::Error;
use kernel::Tx;
use model::ids::DocumentId;
use uuid::Uuid;

/// The addresses that a page names, instead of those it named before.
pub(crate) async fn set(tx: &mut Tx, page: DocumentId, targets: &[String]) -> Result<(), Error> {
    sqlx::query!("delete from doc_link where page = $1 and target <> all($2)", page.0, targets).execute(&mut **tx).await?;
    sqlx::query!(
        "insert into doc_link (page, target)
         select $1, target
         from unnest($2::text[]) as target
         on conflict do nothing",
        page.0,
        targets,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Pages that name a page, by the address it has or one it had, the newest change first.
pub(crate) async fn naming(tx: &mut Tx, page: DocumentId, most: i64) -> Result<Vec<Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        "select link.page
         from doc_link link
         join doc_page naming on naming.id = link.page
         where link.target in (
             select slug from doc_page where id = $1
             union
             select slug from doc_slug where page = $1
           )
           and link.page <> $1
           and naming.trashed_at is null
         group by link.page, naming.edited_at
         order by naming.edited_at desc
         limit $2",
        page.0,
        most,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}
