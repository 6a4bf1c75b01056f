//! `doc_comment`.

use super::time;
use crate::error::Error;
use crate::writing::threads::Comment;
use crate::writing::{By, CommentId, ThreadId};
use chrono::{DateTime, Utc};
use kernel::{Db, Tx};
use model::Time;
use model::ids::{DocumentId, PersonId};
use std::collections::HashMap;
use uuid::Uuid;

struct Row {
    id: i64,
    thread: i64,
    by_name: String,
    by_person: Option<Uuid>,
    body_md: String,
    mentions: Vec<Uuid>,
    at: DateTime<Utc>,
    edited_at: Option<DateTime<Utc>>,
    removed_at: Option<DateTime<Utc>>,
}

impl Row {
    fn into_comment(self) -> Comment {
        Comment {
            id: CommentId(self.id),
            thread: ThreadId(self.thread),
            by: By { name: self.by_name, person: self.by_person.map(PersonId) },
            body: self.body_md,
            mentions: self.mentions.into_iter().map(PersonId).collect(),
            at: Time::from_utc(self.at),
            edited_at: time(self.edited_at),
            removed_at: time(self.removed_at),
        }
    }
}

/// What was said in these threads, in order.
pub(crate) async fn of(db: &Db, threads: &[i64]) -> Result<HashMap<ThreadId, Vec<Comment>>, Error> {
    let rows = sqlx::query_as!(
        Row,
        "select
           id,
           thread,
           by_name,
           by_person,
           body_md,
           mentions,
           at,
           edited_at,
           removed_at
         from doc_comment
         where thread = any($1)
         order by id",
        threads,
    )
    .fetch_all(db.pool())
    .await?;
    let mut said: HashMap<ThreadId, Vec<Comment>> = HashMap::new();
    for comment in rows.into_iter().map(Row::into_comment) {
        said.entry(comment.thread).or_default().push(comment);
    }
    Ok(said)
}

/// One of them; nobody else changes it before the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: CommentId) -> Result<Option<Comment>, Error> {
    let row = sqlx::query_as!(
        Row,
        "select
           id,
           thread,
           by_name,
           by_person,
           body_md,
           mentions,
           at,
           edited_at,
           removed_at
         from doc_comment
         where id = $1
         for no key update",
        id.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(Row::into_comment))
}

/// The text that a comment is about.
pub(crate) async fn doc_of(db: &Db, id: CommentId) -> Result<Option<DocumentId>, Error> {
    let doc = sqlx::query_scalar!(
        "select thread.doc
         from doc_comment as said
         join doc_thread as thread on thread.id = said.thread
         where said.id = $1",
        id.0,
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(doc.map(DocumentId))
}

/// How many a thread has.
pub(crate) async fn count(tx: &mut Tx, thread: ThreadId) -> Result<usize, Error> {
    let n: i64 = sqlx::query_scalar!(r#"select count(*) as "n!" from doc_comment where thread = $1"#, thread.0)
        .fetch_one(&mut **tx)
        .await?;
    Ok(usize::try_from(n).unwrap_or_default())
}

/// Writes a new one; the number of the one that is given is not looked at.
pub(crate) async fn add(tx: &mut Tx, new: &Comment) -> Result<CommentId, Error> {
    let mentions: Vec<Uuid> = new.mentions.iter().map(|person| person.0).collect();
    let id: i64 = sqlx::query_scalar!(
        "insert into doc_comment (thread, by_name, by_person, body_md, mentions, at)
         values ($1, $2, $3, $4, $5, $6)
         returning id",
        new.thread.0,
        new.by.name,
        new.by.person.map(|person| person.0),
        new.body,
        &mentions[..],
        new.at.to_utc(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(CommentId(id))
}

/// Writes what became of one.
pub(crate) async fn save(tx: &mut Tx, comment: &Comment) -> Result<(), Error> {
    let mentions: Vec<Uuid> = comment.mentions.iter().map(|person| person.0).collect();
    sqlx::query!(
        "update doc_comment
         set
           body_md = $2,
           mentions = $3,
           edited_at = $4,
           removed_at = $5
         where id = $1",
        comment.id.0,
        comment.body,
        &mentions[..],
        comment.edited_at.map(Time::to_utc),
        comment.removed_at.map(Time::to_utc),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
