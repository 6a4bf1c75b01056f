//! `doc_attachment` and `doc_attachment_chunk`.

use super::{corrupt, time};
use crate::error::Error;
use crate::pages::attachments::{Attachment, Place};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::ids::{AttachmentId, DocumentId};
use uuid::Uuid;

struct Row {
    id: Uuid,
    page: Uuid,
    name: String,
    path: Option<String>,
    media_type: String,
    size: i64,
    sha256: Vec<u8>,
    place: String,
    made_by: String,
    made_at: DateTime<Utc>,
    removed_at: Option<DateTime<Utc>>,
}

impl Row {
    fn into_attachment(self) -> Result<Attachment, Error> {
        let place: Place = match self.place.as_str() {
            "rows" => Place::Rows,
            "store" => Place::Store,
            _ => return Err(corrupt("doc_attachment", "place", self.id.to_string(), "rows or store")),
        };
        Ok(Attachment {
            id: AttachmentId(self.id),
            page: DocumentId(self.page),
            name: self.name,
            path: self.path,
            media_type: self.media_type,
            size: self.size,
            sha256: self.sha256,
            place,
            made_by: self.made_by,
            made_at: Time::from_utc(self.made_at),
            removed_at: time(self.removed_at),
        })
    }
}

/// Writes one.
pub(crate) async fn add(tx: &mut Tx, attachment: &Attachment) -> Result<(), Error> {
    sqlx::query!(
        "insert into doc_attachment (id, page, name, path, media_type, size, sha256, place, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        attachment.id.0,
        attachment.page.0,
        attachment.name,
        attachment.path,
        attachment.media_type,
        attachment.size,
        attachment.sha256,
        attachment.place.as_str(),
        attachment.made_by,
        attachment.made_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes a piece of its bytes.
pub(crate) async fn add_chunk(tx: &mut Tx, id: AttachmentId, n: i32, bytes: &[u8]) -> Result<(), Error> {
    sqlx::query!(
        "insert into doc_attachment_chunk (attachment, n, bytes)
         values ($1, $2, $3)",
        id.0,
        n,
        bytes,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A piece of its bytes; `None` behind the last.
pub(crate) async fn chunk(tx: &mut Tx, id: AttachmentId, n: i32) -> Result<Option<Vec<u8>>, Error> {
    let bytes: Option<Vec<u8>> = sqlx::query_scalar!(
        "select bytes
         from doc_attachment_chunk
         where attachment = $1
           and n = $2",
        id.0,
        n,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(bytes)
}

/// One that was not removed.
pub(crate) async fn one(tx: &mut Tx, id: AttachmentId) -> Result<Option<Attachment>, Error> {
    let row = sqlx::query_as!(
        Row,
        "select
           id,
           page,
           name,
           path,
           media_type,
           size,
           sha256,
           place,
           made_by,
           made_at,
           removed_at
         from doc_attachment
         where id = $1
           and removed_at is null",
        id.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(Row::into_attachment).transpose()
}

/// Those of a page that were not removed.
pub(crate) async fn of_page(tx: &mut Tx, page: DocumentId) -> Result<Vec<Attachment>, Error> {
    let rows = sqlx::query_as!(
        Row,
        "select
           id,
           page,
           name,
           path,
           media_type,
           size,
           sha256,
           place,
           made_by,
           made_at,
           removed_at
         from doc_attachment
         where page = $1
           and removed_at is null
         order by id",
        page.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(Row::into_attachment).collect()
}

/// Those of pages that lay in a folder, or of which the page's text knows only the name.
pub(crate) async fn of_pages(tx: &mut Tx, pages: &[Uuid]) -> Result<Vec<Attachment>, Error> {
    let rows = sqlx::query_as!(
        Row,
        "select
           id,
           page,
           name,
           path,
           media_type,
           size,
           sha256,
           place,
           made_by,
           made_at,
           removed_at
         from doc_attachment
         where page = any($1)
           and removed_at is null
         order by page, id",
        pages,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(Row::into_attachment).collect()
}

/// How many a page has, and how large they are together.
pub(crate) async fn weight(tx: &mut Tx, page: DocumentId) -> Result<(i64, i64), Error> {
    let row = sqlx::query!(
        r#"select
             count(*) as "n!",
             coalesce(sum(size), 0)::bigint as "size!"
           from doc_attachment
           where page = $1
             and removed_at is null"#,
        page.0,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok((row.n, row.size))
}

/// Takes one away from its page; its bytes stay for a while. `false`: somebody did before.
pub(crate) async fn remove(tx: &mut Tx, id: AttachmentId, now: Time) -> Result<bool, Error> {
    let done = sqlx::query!("update doc_attachment set removed_at = $2 where id = $1 and removed_at is null", id.0, now.to_utc())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes all of a page away.
pub(crate) async fn remove_of(tx: &mut Tx, pages: &[Uuid], now: Time) -> Result<(), Error> {
    sqlx::query!(
        "update doc_attachment
         set removed_at = $2
         where page = any($1)
           and removed_at is null",
        pages,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Those that were removed before a moment.
pub(crate) async fn removed_before(tx: &mut Tx, before: Time, most: i64) -> Result<Vec<Attachment>, Error> {
    let rows = sqlx::query_as!(
        Row,
        "select
           id,
           page,
           name,
           path,
           media_type,
           size,
           sha256,
           place,
           made_by,
           made_at,
           removed_at
         from doc_attachment
         where removed_at < $1
         order by removed_at
         limit $2
         for update skip locked",
        before.to_utc(),
        most,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(Row::into_attachment).collect()
}

/// Nothing of one stays.
pub(crate) async fn delete(tx: &mut Tx, id: AttachmentId) -> Result<(), Error> {
    sqlx::query!("delete from doc_attachment where id = $1", id.0).execute(&mut **tx).await?;
    Ok(())
}
