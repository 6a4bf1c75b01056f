//! `doc_thread`.

use super::{comments, time};
use crate::error::Error;
use crate::writing::anchors::Anchors;
use crate::writing::threads::{Settled, Thread};
use crate::writing::{By, MOST_THREADS, ThreadId};
use chrono::{DateTime, Utc};
use kernel::{Db, Tx};
use model::Time;
use model::ids::{DocumentId, PersonId};
use uuid::Uuid;

struct Row {
    id: i64,
    doc: Uuid,
    anchor_start: Option<Vec<u8>>,
    anchor_end: Option<Vec<u8>>,
    quoted: String,
    made_by: String,
    made_person: Option<Uuid>,
    made_at: DateTime<Utc>,
    resolved_at: Option<DateTime<Utc>>,
    resolved_by: Option<String>,
    resolved_person: Option<Uuid>,
}

impl Row {
    fn into_thread(self) -> Thread {
        let anchors: Option<Anchors> = self.anchor_start.zip(self.anchor_end).map(|(start, end)| Anchors { start, end });
        let person: Option<PersonId> = self.resolved_person.map(PersonId);
        let resolved: Option<Settled> =
            time(self.resolved_at).zip(self.resolved_by).map(|(at, name)| Settled { by: By { name, person }, at });
        Thread {
            id: ThreadId(self.id),
            doc: DocumentId(self.doc),
            anchors,
            quoted: self.quoted,
            span: None,
            by: By { name: self.made_by, person: self.made_person.map(PersonId) },
            at: Time::from_utc(self.made_at),
            resolved,
            comments: Vec::new(),
        }
    }
}

/// Threads of a text with what was said in them, in the order in which they began.
pub(crate) async fn of(db: &Db, doc: DocumentId, with_resolved: bool) -> Result<Vec<Thread>, Error> {
    let rows = sqlx::query_as!(
        Row,
        "select
           id,
           doc,
           anchor_start,
           anchor_end,
           quoted,
           made_by,
           made_person,
           made_at,
           resolved_at,
           resolved_by,
           resolved_person
         from doc_thread
         where doc = $1
           and ($2 or resolved_at is null)
         order by id
         limit $3",
        doc.0,
        with_resolved,
        i64::try_from(MOST_THREADS).unwrap_or(i64::MAX),
    )
    .fetch_all(db.pool())
    .await?;
    let mut threads: Vec<Thread> = rows.into_iter().map(Row::into_thread).collect();
    let ids: Vec<i64> = threads.iter().map(|thread| thread.id.0).collect();
    let mut said = comments::of(db, &ids).await?;
    for thread in &mut threads {
        thread.comments = said.remove(&thread.id).unwrap_or_default();
    }
    Ok(threads)
}

/// One of them without what was said in it; nobody else settles it before the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: ThreadId) -> Result<Option<Thread>, Error> {
    let row = sqlx::query_as!(
        Row,
        "select
           id,
           doc,
           anchor_start,
           anchor_end,
           quoted,
           made_by,
           made_person,
           made_at,
           resolved_at,
           resolved_by,
           resolved_person
         from doc_thread
         where id = $1
         for no key update",
        id.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(Row::into_thread))
}

/// The text that a thread is about.
pub(crate) async fn doc_of(db: &Db, id: ThreadId) -> Result<Option<DocumentId>, Error> {
    let doc = sqlx::query_scalar!("select doc from doc_thread where id = $1", id.0).fetch_optional(db.pool()).await?;
    Ok(doc.map(DocumentId))
}

/// How many threads of a text are open, and how many there are.
pub(crate) async fn count(tx: &mut Tx, doc: DocumentId) -> Result<(usize, usize), Error> {
    let row = sqlx::query!(
        r#"select
             count(*) filter (where resolved_at is null) as "n_open!",
             count(*) as "n!"
           from doc_thread
           where doc = $1"#,
        doc.0,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok((usize::try_from(row.n_open).unwrap_or_default(), usize::try_from(row.n).unwrap_or_default()))
}

/// Writes a new one.
pub(crate) async fn add(
    tx: &mut Tx,
    doc: DocumentId,
    anchors: Option<&Anchors>,
    quoted: &str,
    by: &By,
    now: Time,
) -> Result<ThreadId, Error> {
    let id: i64 = sqlx::query_scalar!(
        "insert into doc_thread (doc, anchor_start, anchor_end, quoted, made_by, made_person, made_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         returning id",
        doc.0,
        anchors.map(|anchors| &anchors.start[..]),
        anchors.map(|anchors| &anchors.end[..]),
        quoted,
        by.name,
        by.person.map(|person| person.0),
        now.to_utc(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(ThreadId(id))
}

/// Says that it is settled, or that it is open.
pub(crate) async fn settle(tx: &mut Tx, id: ThreadId, settled: Option<&Settled>) -> Result<(), Error> {
    sqlx::query!(
        "update doc_thread
         set
           resolved_at = $2,
           resolved_by = $3,
           resolved_person = $4
         where id = $1",
        id.0,
        settled.map(|settled| settled.at.to_utc()),
        settled.map(|settled| settled.by.name.as_str()),
        settled.and_then(|settled| settled.by.person).map(|person| person.0),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
