//! What stands of a text for reading and searching: `doc_page` and `doc_search`.

use crate::error::Error;
use crate::pages::reading::Read;
use kernel::Tx;
use model::Time;
use model::ids::DocumentId;
use uuid::Uuid;

/// Writes what was read of a text, unless something newer stands there. `false`: something does.
pub(crate) async fn set(tx: &mut Tx, id: DocumentId, seq: i64, body: &str, read: &Read, edited_at: Time) -> Result<bool, Error> {
    let done = sqlx::query!(
        "update doc_page
         set body_md = $2,
             body_seq = $3,
             title = $4,
             edited_at = $5
         where id = $1
           and body_seq <= $3",
        id.0,
        body,
        seq,
        read.title,
        edited_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    index(tx, id, read, edited_at).await?;
    Ok(true)
}

/// Writes what a page is found by.
pub(crate) async fn index(tx: &mut Tx, id: DocumentId, read: &Read, edited_at: Time) -> Result<(), Error> {
    sqlx::query!(
        "insert into doc_search (page, edited_at, tokens, heading_tokens, title_tokens, normal)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (page) do update
         set edited_at = excluded.edited_at,
             tokens = excluded.tokens,
             heading_tokens = excluded.heading_tokens,
             title_tokens = excluded.title_tokens,
             normal = excluded.normal",
        id.0,
        edited_at.to_utc(),
        &read.tokens,
        &read.heading_tokens,
        &read.title_tokens,
        read.normal,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Pages behind `after`, by number: for reading all of them anew.
pub(crate) async fn ids_after(tx: &mut Tx, after: Uuid, most: i64) -> Result<Vec<Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        "select id
         from doc_page
         where id > $1
         order by id
         limit $2",
        after,
        most,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}
