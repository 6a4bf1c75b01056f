//! Pages by when their text changed: of all, by `doc_search`, which has that in its order; and those with a label.

use crate::error::Error;
use kernel::Tx;
use uuid::Uuid;

/// Those whose text changed last, the newest first.
pub(crate) async fn ids(tx: &mut Tx, limit: i64) -> Result<Vec<Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        "select page
         from doc_search
         order by edited_at desc, page
         limit $1",
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}

/// Those with a label that are not thrown away, the newest change first.
pub(crate) async fn labelled(tx: &mut Tx, label: &str, limit: i64) -> Result<Vec<Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        "select id
         from doc_page
         where labels @> array[$1::text]
           and trashed_at is null
         order by edited_at desc, id
         limit $2",
        label,
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}
