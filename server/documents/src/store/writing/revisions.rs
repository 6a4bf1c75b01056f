//! `doc_revision`.

use crate::error::Error;
use crate::writing::revisions::{Revision, Version};
use crate::writing::{Reason, RevisionId};
use chrono::{DateTime, Utc};
use kernel::{Db, Tx};
use model::Time;
use model::ids::{DocumentId, PersonId};
use uuid::Uuid;

/// A version to be kept.
pub(crate) struct New<'a> {
    pub(crate) doc: DocumentId,
    pub(crate) seq: i64,
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
    pub(crate) sha256: &'a [u8],
    pub(crate) authors: &'a [PersonId],
    pub(crate) reason: Reason,
    pub(crate) source: Option<RevisionId>,
    pub(crate) at: Time,
}

/// The newest version, as far as another one is compared with it.
pub(crate) struct Newest {
    pub(crate) seq: i64,
    pub(crate) sha256: Vec<u8>,
}

struct Row {
    id: i64,
    doc: Uuid,
    seq: i64,
    title: String,
    authors: Vec<Uuid>,
    reason: String,
    source: Option<i64>,
    at: DateTime<Utc>,
    n_bytes: i32,
}

impl Row {
    fn into_revision(self) -> Result<Revision, Error> {
        let reason: Reason = Reason::from_word(&self.reason).ok_or_else(|| Error::Corrupt {
            table: "doc_revision",
            column: "reason",
            row: self.id.to_string(),
            expected: "a reason that is known",
        })?;
        Ok(Revision {
            id: RevisionId(self.id),
            doc: DocumentId(self.doc),
            seq: self.seq,
            title: self.title,
            authors: self.authors.into_iter().map(PersonId).collect(),
            reason,
            source: self.source.map(RevisionId),
            at: Time::from_utc(self.at),
            n_bytes: usize::try_from(self.n_bytes).unwrap_or_default(),
        })
    }
}

/// The newest version of a text.
pub(crate) async fn newest(tx: &mut Tx, doc: DocumentId) -> Result<Option<Newest>, Error> {
    let found = sqlx::query_as!(
        Newest,
        "select
           seq,
           sha256
         from doc_revision
         where doc = $1
         order by id desc
         limit 1",
        doc.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(found)
}

/// Keeps a version. `None` when one of that state and reason is kept already.
pub(crate) async fn keep(tx: &mut Tx, new: &New<'_>) -> Result<Option<RevisionId>, Error> {
    let authors: Vec<Uuid> = new.authors.iter().map(|person| person.0).collect();
    let id = sqlx::query_scalar!(
        "insert into doc_revision (doc, seq, title, body_md, sha256, authors, reason, source, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (doc, seq, reason) do nothing
         returning id",
        new.doc.0,
        new.seq,
        new.title,
        new.text,
        new.sha256,
        &authors[..],
        new.reason.as_str(),
        new.source.map(|source| source.0),
        new.at.to_utc(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(RevisionId))
}

/// Versions of a text before one of them, the newest first, without their texts.
pub(crate) async fn of(db: &Db, doc: DocumentId, before: RevisionId, limit: i64) -> Result<Vec<Revision>, Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select
             id,
             doc,
             seq,
             title,
             authors,
             reason,
             source,
             at,
             octet_length(body_md) as "n_bytes!"
           from doc_revision
           where doc = $1
             and id < $2
           order by id desc
           limit $3"#,
        doc.0,
        before.0,
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    rows.into_iter().map(Row::into_revision).collect()
}

/// One of them with its text.
pub(crate) async fn one(db: &Db, id: RevisionId) -> Result<Option<Version>, Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select
             id,
             doc,
             seq,
             title,
             authors,
             reason,
             source,
             at,
             octet_length(body_md) as "n_bytes!"
           from doc_revision
           where id = $1"#,
        id.0,
    )
    .fetch_optional(db.pool())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let text = sqlx::query_scalar!("select body_md from doc_revision where id = $1", id.0).fetch_optional(db.pool()).await?;
    let revision: Revision = row.into_revision()?;
    Ok(text.map(|text| Version { revision, text }))
}

/// Takes away versions of a text of reason auto that were made before `until` and have a younger one beside them in the same span of `span_s`
/// seconds.
pub(crate) async fn thin(tx: &mut Tx, doc: DocumentId, until: Time, span_s: i64) -> Result<(), Error> {
    sqlx::query!(
        "delete from doc_revision as old
         where old.doc = $1
           and old.reason = 'auto'
           and old.at < $2
           and exists (
             select 1
             from doc_revision as younger
             where younger.doc = old.doc
               and younger.id > old.id
               and younger.reason = 'auto'
               and floor(extract(epoch from younger.at) / $3::bigint) = floor(extract(epoch from old.at) / $3::bigint)
           )",
        doc.0,
        until.to_utc(),
        span_s,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
